"""Kept: how many people will act toward someone again in the next window?

kept(v) = sum of p_return(u, v) over all u who ever acted toward v. The interval is meant to hold the truth for nine people of ten. If each
tie went its own way, the count would be Poisson-binomial. But people and whole communities also grow and decline. The squared relative
error of that comes from the errors of these very numbers in this record's own past windows, and from those of other communities (`spread`,
see pairs/spread.py). Both together give the variance. The interval is that of a negative binomial or a binomial distribution with this mean
and variance.
"""

from __future__ import annotations

from regard.engines.base import Step
from regard.measures.base import Column, Measure
from regard.measures.influence.intervals import intermediates, moments_by_person, with_prediction_interval

KEPT = Measure(
    name="kept",
    question="How many people will act toward someone again in the next window?",
    row="one person whom anybody ever acted toward",
    key=("person",),
    columns=(
        Column("person", "person", "toward whom"),
        Column("kept", "people", "expected number of distinct people who act toward them again in the next window"),
        Column("low", "people", "90 % range, lower end"),
        Column("high", "people", "90 % range, upper end"),
        Column("ties", "people", "those who could come back: everybody who ever acted toward them"),
        Column("two_way", "people", "expected number among them with whom it goes both ways"),
        Column("variance", "people²", "of the count, growth and decline allowed for; for ranges of differences and sums"),
    ),
    parts=(
        *with_prediction_interval(
            "kept_interval",
            f"""
            SELECT k.*, k.chance + m.spread * k.mean * k.mean AS variance
            FROM ({moments_by_person("p_return")}) k CROSS JOIN pair_model m
            """,
        ),
        Step(
            "kept",
            """
            SELECT person, round(mean, 9) AS kept, least(ties, low) AS low, least(ties, high) AS high, ties, round(two_way, 9) AS two_way,
                round(variance, 9) AS variance
            FROM kept_interval
            """,
        ),
    ),
    needs=("ties",),
    cannot="people who act toward them for the first time (see `new_contacts`)",
    source="Poisson-binomial: Hong 2013; recursion: Panjer 1981",
    dropped=intermediates("kept_interval"),
)
