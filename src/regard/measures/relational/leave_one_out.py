"""Scores of a walk kept away from a node, as relations: the pushing of kernels/apart.py, for all nodes at once.

A cell (`through`, `person`) is what came through one node and is at another: `done` was pushed on from there, `rest` was not. In each round
what rests above the node's `most` is pushed on.
"""

from __future__ import annotations

from regard.engines.base import Loop, Step
from regard.measures.kernels.leave_one_out import MOST_RETURNS, NEGLIGIBLE
from regard.measures.relational.fixed_point import UNIT, moved
from regard.measures.relational.personalized_pagerank import ties_shared, walk

NEVER = 1_000_000
"""Rounds that are never needed: pushing may not be broken off, since what is left undone would make scores too high."""

PEOPLE = """
    SELECT p.person, p.score, g.actor IS NOT NULL AS gives
    FROM (SELECT actor AS person, max(score) AS score FROM apart_read GROUP BY actor) p
        LEFT JOIN (SELECT DISTINCT actor FROM apart_all) g ON g.actor = p.person
"""

# Who is never seen is not in the graph.
EDGES = f"""
    SELECT e.actor, e.target, e.share, {moved(f"{NEGLIGIBLE * UNIT}", "p.score")} AS most
    FROM apart_all e JOIN apart_people p ON p.person = e.target
"""

# `part`: the most that can have come through the target. Where that changes nothing there is nothing to find out.
ASKED = f"""
    SELECT actor, target, score, enough, CASE WHEN unsure THEN part ELSE 0e0 END AS part, unsure AND part > allowed AS asked
    FROM (
        SELECT *, part > 0 AND score - part < enough AS unsure
        FROM (
            SELECT t.actor, t.target, t.score, t.enough, ALLOWED * t.enough AS allowed,
                CASE WHEN p.gives THEN least(t.score, {MOST_RETURNS}e0 * p.score) ELSE 0e0 END AS part
            FROM apart_read t LEFT JOIN apart_people p ON p.person = t.target))
"""

BEGIN = f"""
    SELECT e.actor AS through, e.target AS person, e.most, CAST(0 AS BIGINT) AS done, {moved("e.share", f"p.score * {UNIT}e0")} AS rest
    FROM (SELECT DISTINCT target FROM apart_asked WHERE asked) a JOIN apart_people p ON p.person = a.target
        JOIN apart_edges e ON e.actor = a.target
"""

# What comes back to where it came through does not count a second time.
ROUND = f"""
    SELECT through, person, most, CAST(sum(done) AS BIGINT) AS done, CAST(sum(rest) AS BIGINT) AS rest
    FROM (
        SELECT through, person, most, CASE WHEN rest > most THEN done + rest ELSE done END AS done,
            CASE WHEN rest > most THEN 0 ELSE rest END AS rest
        FROM apart_cells
        UNION ALL
        SELECT c.through, e.target, e.most, 0, {moved("e.share", "c.rest")}
        FROM apart_cells c JOIN apart_edges e ON e.actor = c.person WHERE c.rest > c.most AND e.target <> c.through)
    GROUP BY through, person, most
"""

VISITS = f"SELECT person, {moved(f'{UNIT}e0', 'score')} AS moving, {moved(f'{UNIT}e0', 'score')} AS seen FROM apart_people"

# All that may rest unpushed is taken off too: no more than NEGLIGIBLE of the visits of a walk from the scores.
FOUND = f"""
    SELECT actor, target, score, enough, asked, part, passed, least({NEGLIGIBLE}e0 * seen, score - passed) AS hidden
    FROM (
        SELECT a.*, coalesce(c.done, 0) / {UNIT}e0 AS passed, v.seen / {UNIT}e0 AS seen
        FROM apart_asked a JOIN apart_visits v ON v.person = a.actor
            LEFT JOIN apart_cells c ON c.through = a.target AND c.person = a.actor)
"""

APART = f"""
    SELECT actor, target, round(least(1e0, CASE WHEN asked THEN greatest(0e0, score - passed - hidden) ELSE score - part END / enough), 9)
        AS weight, round(least(1e0, CASE WHEN asked THEN hidden ELSE part END / enough), 9) AS too_low
    FROM ({FOUND})
"""


def apart_sql(allowed: float) -> tuple[Step | Loop, ...]:
    """The twin of `apart`, reading `actor`, `target`, `bins`, `repeats`, `score`, `enough`.

    A share `allowed` of `enough` need not be found out.
    """
    return (
        Step("apart_all", ties_shared("apart_read")),
        Step("apart_people", PEOPLE),
        Step("apart_edges", EDGES),
        Step("apart_asked", ASKED.replace("ALLOWED", f"{allowed}e0")),
        Step("apart_cells", BEGIN),
        Loop((Step("apart_cells", ROUND),), "SELECT count(*) = 0 FROM apart_cells WHERE rest > most", NEVER),
        Step("apart_visits", VISITS),
        walk("apart_visits", "apart_edges"),
        Step("apart", APART),
    )
