"""Leave-one-out personalised PageRank as relations: the pushing of kernels/leave_one_out.py, for all nodes at once.

A cell (`through`, `person`) is the mass that came through one person and is at another. `pushed` is the part that was pushed on from
there, `residual` the part that was not. Each round pushes on every residual above the cell's `max_residual`.
"""

from __future__ import annotations

from regard.engines.base import Loop, Step
from regard.measures.kernels.leave_one_out import MAX_RETURNS, NEGLIGIBLE
from regard.measures.relational.fixed_point import UNIT, moved_mass
from regard.measures.relational.personalized_pagerank import tie_edges, walk

MAX_ROUNDS = 1_000_000
"""Never reached. Pushing must run to its end, because mass that is not pushed would make scores too high."""

PEOPLE = """
    SELECT p.person, p.score, e.actor IS NOT NULL AS has_edges
    FROM (SELECT actor AS person, max(score) AS score FROM leave_one_out_read GROUP BY actor) p
        LEFT JOIN (SELECT DISTINCT actor FROM leave_one_out_all_edges) e ON e.actor = p.person
"""

# People whom the walk never visits are not in the graph.
EDGES = f"""
    SELECT e.actor, e.target, e.share, {moved_mass(f"{NEGLIGIBLE * UNIT}", "p.score")} AS max_residual
    FROM leave_one_out_all_edges e JOIN leave_one_out_people p ON p.person = e.target
"""

# `max_through` is the most that can have come through the target. `pushes` says whether the exact part has to be found by pushing.
PAIRS = f"""
    SELECT actor, target, score, enough, CASE WHEN unsure THEN max_through ELSE 0e0 END AS max_through,
        unsure AND max_through > tolerance AS pushes
    FROM (
        SELECT *, max_through > 0 AND score - max_through < enough AS unsure
        FROM (
            SELECT r.actor, r.target, r.score, r.enough, TOLERANCE * r.enough AS tolerance,
                CASE WHEN p.has_edges THEN least(r.score, {MAX_RETURNS}e0 * p.score) ELSE 0e0 END AS max_through
            FROM leave_one_out_read r LEFT JOIN leave_one_out_people p ON p.person = r.target))
"""

FIRST_CELLS = f"""
    SELECT e.actor AS through, e.target AS person, e.max_residual, CAST(0 AS BIGINT) AS pushed,
        {moved_mass("e.share", f"p.score * {UNIT}e0")} AS residual
    FROM (SELECT DISTINCT target FROM leave_one_out_pairs WHERE pushes) t JOIN leave_one_out_people p ON p.person = t.target
        JOIN leave_one_out_edges e ON e.actor = t.target
"""

# Mass that comes back to the person it came through does not count a second time.
ROUND = f"""
    SELECT through, person, max_residual, CAST(sum(pushed) AS BIGINT) AS pushed, CAST(sum(residual) AS BIGINT) AS residual
    FROM (
        SELECT through, person, max_residual, CASE WHEN residual > max_residual THEN pushed + residual ELSE pushed END AS pushed,
            CASE WHEN residual > max_residual THEN 0 ELSE residual END AS residual
        FROM leave_one_out_cells
        UNION ALL
        SELECT c.through, e.target, e.max_residual, 0, {moved_mass("e.share", "c.residual")}
        FROM leave_one_out_cells c JOIN leave_one_out_edges e ON e.actor = c.person
        WHERE c.residual > c.max_residual AND e.target <> c.through)
    GROUP BY through, person, max_residual
"""

VISITS = f"""
    SELECT person, {moved_mass(f"{UNIT}e0", "score")} AS moving, {moved_mass(f"{UNIT}e0", "score")} AS visits FROM leave_one_out_people
"""

# All mass that may not have been pushed is taken off too: at most NEGLIGIBLE of the visits of a walk from the scores.
PARTS = f"""
    SELECT actor, target, score, enough, pushes, max_through, passed, least({NEGLIGIBLE}e0 * visits, score - passed) AS hidden
    FROM (
        SELECT a.*, coalesce(c.pushed, 0) / {UNIT}e0 AS passed, v.visits / {UNIT}e0 AS visits
        FROM leave_one_out_pairs a JOIN leave_one_out_visits v ON v.person = a.actor
            LEFT JOIN leave_one_out_cells c ON c.through = a.target AND c.person = a.actor)
"""

WEIGHTS = f"""
    SELECT actor, target,
        round(least(1e0, CASE WHEN pushes THEN greatest(0e0, score - passed - hidden) ELSE score - max_through END / enough), 9) AS weight,
        round(least(1e0, CASE WHEN pushes THEN hidden ELSE max_through END / enough), 9) AS too_low
    FROM ({PARTS})
"""


def leave_one_out_sql(tolerance: float) -> tuple[Step | Loop, ...]:
    """The steps that make the relation `leave_one_out` of the relation `leave_one_out_read`.

    They read `actor`, `target`, `bins`, `repeats`, `score`, `enough`, and give `actor`, `target`, `weight`, `too_low`. If at most the
    share `tolerance` of `enough` can have come through a target, all of it is taken off without pushing.
    """
    return (
        Step("leave_one_out_all_edges", tie_edges("leave_one_out_read")),
        Step("leave_one_out_people", PEOPLE),
        Step("leave_one_out_edges", EDGES),
        Step("leave_one_out_pairs", PAIRS.replace("TOLERANCE", f"{tolerance}e0")),
        Step("leave_one_out_cells", FIRST_CELLS),
        Loop(
            (Step("leave_one_out_cells", ROUND),), "SELECT count(*) = 0 FROM leave_one_out_cells WHERE residual > max_residual", MAX_ROUNDS
        ),
        Step("leave_one_out_visits", VISITS),
        walk("leave_one_out_visits", "leave_one_out_edges"),
        Step("leave_one_out", WEIGHTS),
    )
