"""Kept: how many people will act toward someone again in the next window?

kept(v) = sum of p_again(u, v) over all u who ever acted toward v. The range holds 90 of 100 draws of that sum if each tie goes its own
way (a Poisson-binomial distribution, by its first three moments with the correction of Cornish and Fisher, widened to whole people).
It does not allow for a community that grows or dies as a whole: on held-out months such ranges hold the truth less often than they say.
"""

from __future__ import annotations

from regard.engines.base import Step
from regard.measures.base import Column, Measure

KEPT = Measure(
    name="kept",
    question="How many people will act toward someone again in the next window?",
    row="one person whom anybody ever acted toward",
    columns=(
        Column("person", "person", "toward whom"),
        Column("kept", "people", "expected number of distinct people who act toward them again in the next window"),
        Column("low", "people", "90 % range, lower end"),
        Column("high", "people", "90 % range, upper end"),
        Column("ties", "people", "those who could come back: everybody who ever acted toward them"),
        Column("two_way", "people", "expected number among them with whom it goes both ways"),
    ),
    parts=(
        Step(
            "kept_moments",
            # Whole numbers: a sum of floats would depend on the order of the rows.
            """
            SELECT target AS person, CAST(count(*) AS BIGINT) AS ties, sum(p) / 1e9 AS mean,
                sum(p // 1000 * (1000000 - p // 1000)) / 1e12 AS variance,
                sum(p // 1000 * (1000000 - p // 1000) // 1000 * (1000 - p // 500000)) / 1e12 AS third,
                coalesce(sum(p) FILTER (two_way), 0) / 1e9 AS two_way
            FROM (SELECT target, two_way, CAST(round(p_again * 1e9) AS BIGINT) AS p FROM ties) GROUP BY target
            """,
        ),
        Step(
            "kept",
            # Cornish-Fisher: z + skew (z² - 1) / 6 with z = 1.6449 for the ends of 90 %; half a person for whole numbers.
            """
            SELECT person, round(mean, 9) AS kept,
                greatest(0, ceil(mean - 1.6449 * sqrt(variance) + third / greatest(variance, 1e-9) * 0.28428 - 0.5)) AS low,
                least(ties, floor(mean + 1.6449 * sqrt(variance) + third / greatest(variance, 1e-9) * 0.28428 + 0.5)) AS high,
                ties, round(two_way, 9) AS two_way
            FROM kept_moments
            """,
        ),
    ),
    needs=("ties",),
    cannot="people who act toward them for the first time; growth or decline of the community as a whole",
    source="Poisson-binomial: Hong 2013; expansion: Cornish, Fisher 1938",
    dropped=("kept_moments",),
)
