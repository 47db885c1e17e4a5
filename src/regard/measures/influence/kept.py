"""Kept: how many people will act toward someone again in the next window?

kept(v) = sum of p_return(u, v) over all u who ever acted toward v. The range is meant to hold the truth for nine people of ten: if each tie
went its own way the count would be Poisson-binomial; beyond that people and whole communities grow and fade, by a squared relative error
that this record's own past windows and those of other communities tell (`again`). Both together give the variance, and a negative
binomial or binomial of that mean and variance gives the range.
"""

from __future__ import annotations

from regard.engines.base import Step
from regard.measures.base import Column, Measure
from regard.measures.influence.intervals import intermediates, moments_by_person, with_prediction_interval

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
        Column("variance", "people²", "of the count, growth and decline allowed for; for ranges of differences and sums"),
    ),
    parts=(
        *with_prediction_interval(
            "kept_ranged",
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
            FROM kept_ranged
            """,
        ),
    ),
    needs=("ties",),
    cannot="people who act toward them for the first time (see `new_contacts`)",
    source="Poisson-binomial: Hong 2013; recursion: Panjer 1981",
    dropped=intermediates("kept_ranged"),
)
