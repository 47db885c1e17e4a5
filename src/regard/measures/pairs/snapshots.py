"""Snapshots: what was known of pairs and people at a landmark, which is a moment of the record's past.

The relation `pair_bins` says in which bins each pair was active. A bin has an age: 0 for the last bin before the moment of the study, 1
for the bin before it, and so on. From a landmark k bins ago, only rows of age k and more are visible. The k younger bins show what came
after the landmark. So the same steps make the features of today and the training cases of the record's own past.
"""

from __future__ import annotations

from dataclasses import dataclass

from regard.engines.base import Step
from regard.engines.sql import billionths
from regard.record.queries import BY_WORDS

PAIR_BINS = Step(
    "pair_bins",
    f"""
    SELECT actor, target, CAST(($until_us - 1 - epoch_us(time)) // $bin_us AS INTEGER) AS age, CAST(count(*) AS BIGINT) AS acts,
        CAST(count(*) FILTER ({BY_WORDS}) AS BIGINT) AS words, min(time) AS first, max(time) AS last
    FROM interactions GROUP BY actor, target, age
    """,
)
"""One row for each ordered pair and each bin in which it was active."""

ACTIVE_BINS = Step("active_bins", "SELECT DISTINCT actor, age FROM pair_bins")
"""One row for each person and each bin in which they acted toward anybody."""


@dataclass(frozen=True)
class Landmark:
    """A moment from which the record's past is viewed.

    It has a number, a suffix for the names of its relations, and its distance from now in bins, as SQL.
    """

    number: int
    suffix: str
    bins: str

    @property
    def pairs(self) -> Step:
        """The ordered pairs known then."""
        return Step(f"pairs{self.suffix}", PAIRS_SQL.format(bins=self.bins, decayed=DECAYED.format(bins=self.bins)))

    @property
    def people(self) -> tuple[Step, Step]:
        """The senders and the receivers known then."""
        return (
            Step(f"senders{self.suffix}", SENDERS_SQL.format(bins=self.bins, suffix=self.suffix)),
            Step(f"receivers{self.suffix}", RECEIVERS_SQL.format(suffix=self.suffix)),
        )


NOW = Landmark(0, "", "0")
WINDOW_AGO = Landmark(1, "_one", "$window_bins")
PAST = (
    WINDOW_AGO,
    Landmark(2, "_half", "($window_bins * 3 // 2)"),
    Landmark(3, "_two", "($window_bins * 2)"),
    Landmark(4, "_three", "($window_bins * 3)"),
)
"""Landmarks 1, 1.5, 2 and 3 windows ago. The window after each gives training cases. On nine communities more landmarks added nothing."""

APART = tuple(landmark for landmark in PAST if landmark.suffix != "_half")
"""Past landmarks whose windows do not overlap."""

# A bin counts one, whether it holds one message or a thousand. Weights halve with each window of age. They are added up as whole
# billionths, so that the sum does not depend on the order of the rows.
DECAYED = f"sum({billionths('power(2.0, CAST({bins} - age AS DOUBLE) / $window_bins)')}) / 1e9"

PAIRS_SQL = """
    SELECT actor, target, CAST(sum(acts) AS BIGINT) AS acts, CAST(sum(words) AS BIGINT) AS words, CAST(count(*) AS INTEGER) AS bins,
        CAST(max(age) - {bins} AS INTEGER) AS first_age, CAST(min(age) - {bins} AS INTEGER) AS last_age,
        CAST(min(age) FILTER (words > 0) - {bins} AS INTEGER) AS words_age,
        min(first) AS first, max(last) AS last,
        count(*) FILTER (age < {bins} + $window_bins) AS recent, count(*) FILTER (age < {bins} + greatest(1, $window_bins // 4)) AS latest,
        {decayed} AS decayed
    FROM pair_bins WHERE age >= {bins} GROUP BY actor, target
"""

# `recent` and `latest` of a person are the active bins of all their pairs, added up.
SENDERS_SQL = """
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

RECEIVERS_SQL = """
    SELECT target AS person, CAST(sum(recent) AS BIGINT) AS recent, CAST(sum(latest) AS BIGINT) AS latest, count(*) AS people,
        count(*) FILTER (last_age < $window_bins) AS recent_people
    FROM pairs{suffix} GROUP BY target
"""
