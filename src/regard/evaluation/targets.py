"""Targets: what happened in the window after the landmark. No score knows any of it.

For each person there are five numbers of people. `contacted`: distinct people who acted toward them within the window. `returned`: those of
them who had acted toward them before. `returned_late`: those of the returned who acted in the second half of the window. `reciprocated`:
people with whom it went both ways within the window. `wrote`: those of the returned who did so by words, which is later conversation. For
each ordered pair that acted before: whether it acted again.
"""

from __future__ import annotations

from regard.engines.base import Step
from regard.record.queries import ACTS_BETWEEN_PEOPLE, BY_WORDS, IS_INTERACTION

ACTS = f"""
    SELECT a.person AS actor, b.person AS target, e.time, e.kind FROM {ACTS_BETWEEN_PEOPLE}
    WHERE a.person <> b.person AND a.actor_type = 'person' AND b.actor_type = 'person' AND e.time IS NOT NULL
        AND e.{IS_INTERACTION}
"""
"""Acts between different people at a known time. The relation `interactions` has those of the past only; this has the future too."""

TARGETS = ("contacted", "returned", "returned_late", "reciprocated", "wrote")
"""Columns of the relation `outcomes`, and the order of targets in every array."""

PAIRS_AFTER = Step(
    "pairs_after",
    f"""
    SELECT actor, target, max(epoch_us(time)) >= $until_us + $window_us // 2 AS late, bool_or({BY_WORDS}) AS wrote FROM ({ACTS})
    WHERE time >= make_timestamp($until_us) AND time < make_timestamp($until_us + $window_us) GROUP BY actor, target
    """,
)
"""One row for each ordered pair that acts within the window after; `late` if it acts in the second half, `wrote` if any act is words."""

OUTCOMES = Step(
    "outcomes",
    """
    SELECT h.target AS person, count(*) AS contacted, count(p.actor) AS returned,
        count(*) FILTER (h.late AND p.actor IS NOT NULL) AS returned_late, count(r.actor) AS reciprocated,
        count(*) FILTER (h.wrote AND p.actor IS NOT NULL) AS wrote
    FROM pairs_after h LEFT JOIN pairs p ON p.actor = h.actor AND p.target = h.target
        LEFT JOIN pairs_after r ON r.actor = h.target AND r.target = h.actor
    GROUP BY h.target
    """,
)
"""One row for each person toward whom anybody acts within the window after, with the targets as counts of people."""
