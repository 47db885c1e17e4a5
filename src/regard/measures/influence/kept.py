"""Kept: how many people will act toward someone again in the next window?

kept(v) = sum of p_return(u, v) over all u who ever acted toward v. The interval is meant to hold the truth for nine people of ten. If each
tie went its own way, the count would be Poisson-binomial. But people and whole communities also grow and decline. The squared relative
error of that comes from the errors of these very numbers in this record's own past windows, and from those of other communities (`spread`,
see pairs/spread.py). Both together give the variance. The interval is that of a negative binomial or a binomial distribution with this mean
and variance.

All interactions count, reactions and shares too: they foretell later conversation no worse than words alone do (docs/method.md). `by_words`
tells how much of it is conversation: the sum of p_words(u, v), the chance that u, who wrote to v before, does so again (see `ties`).
"""

from __future__ import annotations

from regard.engines.base import Step
from regard.measures.base import Column, Measure
from regard.measures.influence.intervals import intermediates, moments_by_person, with_prediction_interval


def _with_variance(moments: str) -> str:
    return f"SELECT k.*, k.chance + m.spread * k.mean * k.mean AS variance FROM ({moments}) k CROSS JOIN pair_model m"


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
        Column("by_words", "people", "expected number of people who wrote to them before and write to them again in the next window"),
        Column("by_words_low", "people", "90 % range of it, lower end"),
        Column("by_words_high", "people", "90 % range of it, upper end"),
        Column("variance", "people²", "of the count, growth and decline allowed for; for ranges of differences and sums"),
    ),
    parts=(
        *with_prediction_interval("kept_interval", _with_variance(moments_by_person("p_return"))),
        *with_prediction_interval("by_words_interval", _with_variance(moments_by_person("p_words", "ties WHERE words > 0"))),
        Step(
            "kept",
            """
            SELECT k.person, round(k.mean, 9) AS kept, least(k.ties, k.low) AS low, least(k.ties, k.high) AS high, k.ties,
                round(k.two_way, 9) AS two_way, coalesce(round(w.mean, 9), 0) AS by_words,
                coalesce(least(w.ties, w.low), 0) AS by_words_low, coalesce(least(w.ties, w.high), 0) AS by_words_high,
                round(k.variance, 9) AS variance
            FROM kept_interval k LEFT JOIN by_words_interval w ON w.person = k.person
            """,
        ),
    ),
    needs=("ties",),
    cannot="people who act toward them for the first time (see `new_contacts`)",
    source="Poisson-binomial: Hong 2013; recursion: Panjer 1981",
    dropped=(*intermediates("kept_interval"), *intermediates("by_words_interval")),
)
