"""Histories: what was known of pairs and people at a moment of the past.

`pair_bins` tells in which bins a pair was active, by age: 0 is the last whole bin before the moment looked from. Whoever looks from k bins
earlier sees the rows of age k and more, and the k before them tell what came. So the same steps make the features of today, and the
lessons of the record's own past.
"""

from __future__ import annotations

from dataclasses import dataclass

from regard.engines.base import Step

PAIR_BINS = Step(
    "pair_bins",
    """
    SELECT actor, target, CAST(($until_us - 1 - epoch_us(time)) // $bin_us AS INTEGER) AS age, CAST(count(*) AS BIGINT) AS acts,
        min(time) AS first, max(time) AS last
    FROM interactions GROUP BY actor, target, age
    """,
)

ACTIVE_BINS = Step("active_bins", "SELECT DISTINCT actor, age FROM pair_bins")


@dataclass(frozen=True)
class Landmark:
    """A moment looked from: its number, what its relations' names end in, and how many bins back it lies."""

    number: int
    suffix: str
    bins: str

    @property
    def steps(self) -> tuple[Step, ...]:
        """Pairs, senders and receivers as they were known then."""
        return (
            Step(f"pairs{self.suffix}", PAIRS.format(bins=self.bins)),
            Step(f"senders{self.suffix}", SENDERS.format(bins=self.bins, suffix=self.suffix)),
            Step(f"receivers{self.suffix}", RECEIVERS.format(suffix=self.suffix)),
        )

    @property
    def relations(self) -> tuple[str, ...]:
        """The names of what the steps make."""
        return tuple(step.name for step in self.steps)


NOW = Landmark(0, "", "0")
WINDOW_AGO = Landmark(1, "_one", "$window_bins")
PAST = (
    WINDOW_AGO,
    Landmark(2, "_half", "($window_bins * 3 // 2)"),
    Landmark(3, "_two", "($window_bins * 2)"),
    Landmark(4, "_three", "($window_bins * 3)"),
)
"""Looked from 1, 1.5, 2 and 3 windows ago, the window after each is a lesson. On nine communities more origins taught no more."""

# What is recent is counted in bins too, those of all pairs of a person added: a thousand messages in one bin are one. Weights of bins by
# age halve with each window: a sum of whole billionths is the same whatever the order of its rows.
PAIRS = """
    SELECT actor, target, CAST(sum(acts) AS BIGINT) AS acts, CAST(count(*) AS INTEGER) AS bins,
        CAST(max(age) - {bins} AS INTEGER) AS first_age, CAST(min(age) - {bins} AS INTEGER) AS last_age,
        min(first) AS first, max(last) AS last,
        count(*) FILTER (age < {bins} + $window_bins) AS recent, count(*) FILTER (age < {bins} + greatest(1, $window_bins // 4)) AS latest,
        sum(CAST(round(1e9 * power(2.0, CAST({bins} - age AS DOUBLE) / $window_bins)) AS BIGINT)) / 1e9 AS decayed
    FROM pair_bins WHERE age >= {bins} GROUP BY actor, target
"""

SENDERS = """
    SELECT g.actor AS person, g.recent, g.latest, g.last, g.people, g.recent_people, g.repeated, b.bins, b.first_age, b.last_age
    FROM (
        SELECT actor, CAST(sum(recent) AS BIGINT) AS recent, CAST(sum(latest) AS BIGINT) AS latest, max(last) AS last,
            count(*) AS people, count(*) FILTER (last_age < $window_bins) AS recent_people, count(*) FILTER (bins > 1) AS repeated
        FROM pairs{suffix} GROUP BY actor) g
    JOIN (
        SELECT actor, CAST(count(*) AS INTEGER) AS bins, CAST(max(age) - {bins} AS INTEGER) AS first_age,
            CAST(min(age) - {bins} AS INTEGER) AS last_age
        FROM active_bins WHERE age >= {bins} GROUP BY actor) b ON b.actor = g.actor
"""

RECEIVERS = """
    SELECT target AS person, CAST(sum(recent) AS BIGINT) AS recent, CAST(sum(latest) AS BIGINT) AS latest, count(*) AS people,
        count(*) FILTER (last_age < $window_bins) AS recent_people
    FROM pairs{suffix} GROUP BY target
"""
