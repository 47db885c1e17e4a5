"""Training cases of the return model: pairs as they were known at landmarks, and which of them acted in the window after.

Each past landmark also has a level: how many returns the alive model expected in the window after it, and how many there were.
"""

from __future__ import annotations

from regard.engines.base import Step
from regard.engines.sql import billionths
from regard.measures.pairs.alive import same_state
from regard.measures.pairs.features import columns, joined
from regard.measures.pairs.snapshots import NOW, PAST, Landmark

MOST_CASES = 30_000
"""Pairs of one landmark that are training cases at most. Pairs are chosen by their numbers: the same ones each time."""

RETURNED_SQL = "SELECT DISTINCT actor, target FROM pair_bins WHERE age < {bins} AND age >= {bins} - $window_bins"

SAMPLED_SQL = """
    SELECT * FROM pairs{suffix} WHERE (CAST(actor AS BIGINT) * 7919 + CAST(target AS BIGINT) * 104729) % 1000003
        % (SELECT greatest(1, count(*) // {most}) FROM pairs{suffix}) = 0
"""

# Pairs that act for the first time within the window were not known at the landmark, so they don't count.
PAST_LEVEL_SQL = """
    SELECT {number} AS landmark, CAST(coalesce(sum({chance}), 0) AS DOUBLE) / 1e9 AS expected, CAST(count(f.actor) AS DOUBLE) AS actual
    FROM pairs{suffix} p JOIN pair_states a ON {state}
        LEFT JOIN returned{suffix} f ON f.actor = p.actor AND f.target = p.target
"""

# Active bins of all pairs in the last window, and in the mean window before it. Both are the same if there was no window before.
GROWTH_SQL = """
    SELECT latest, CASE WHEN before > 0 THEN earlier * $window_bins / before ELSE latest END AS earlier
    FROM (
        SELECT CAST(sum(recent) AS DOUBLE) AS latest, CAST(sum(bins - recent) AS DOUBLE) AS earlier,
            max(first_age) + 1 - $window_bins AS before
        FROM pairs)
"""


def _past_level(landmark: Landmark) -> str:
    return PAST_LEVEL_SQL.format(
        number=landmark.number,
        suffix=landmark.suffix,
        chance=billionths("a.p_return"),
        state=same_state("a", "p"),
    )


def _cases(landmark: Landmark) -> str:
    """SQL for the cases of one landmark. What comes after now is not known yet: those cases are only scored, so `returned` is 0."""
    relations = joined(landmark, f"sampled{landmark.suffix}")
    returned = "0.0"
    if landmark is not NOW:
        returned = "CASE WHEN f.actor IS NULL THEN 0.0 ELSE 1.0 END"
        relations += f" LEFT JOIN returned{landmark.suffix} f ON f.actor = p.actor AND f.target = p.target"
    return f"""
        SELECT {landmark.number} AS landmark, p.actor, p.target, a.p_return AS p_return_alive, {returned} AS returned, {columns(landmark)}
        FROM {relations}
    """


RETURNED = tuple(Step(f"returned{landmark.suffix}", RETURNED_SQL.format(bins=landmark.bins)) for landmark in PAST)
"""The pairs that acted in the window after each past landmark."""

SAMPLED = tuple(Step(f"sampled{landmark.suffix}", SAMPLED_SQL.format(most=MOST_CASES, suffix=landmark.suffix)) for landmark in (NOW, *PAST))
"""The pairs that are training cases. As relations of their own they tell the engine how few they are, so it looks up others by them."""

PAST_LEVELS = Step("past_levels", " UNION ALL ".join(map(_past_level, PAST)))

CASES_SQL = f"""
    SELECT c.*, p.expected, p.actual, g.latest, g.earlier
    FROM ({" UNION ALL ".join(map(_cases, (NOW, *PAST)))}) c LEFT JOIN past_levels p ON p.landmark = c.landmark
        CROSS JOIN ({GROWTH_SQL}) g
"""
"""One row for each case, with the level of its landmark and the growth of the record."""
