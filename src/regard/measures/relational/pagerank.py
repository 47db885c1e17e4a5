"""PageRank as relations; see kernels/pagerank.py."""

from __future__ import annotations

from regard.engines.base import Loop, Step
from regard.measures.kernels.pagerank import DAMPING, MAX_ROUNDS, TOLERANCE
from regard.measures.relational.fixed_point import UNIT, edge_shares, moved_mass

FIRST_SCORES = f"""
    SELECT person, has_edges, CAST(round({UNIT}e0 / people) AS BIGINT) AS score, CAST(0 AS BIGINT) AS score_change
    FROM pagerank_people CROSS JOIN (SELECT count(*) AS people FROM pagerank_people)
"""

# The walk starts anew anywhere at people without edges, and at all others now and then.
ROUND = f"""
    SELECT person, has_edges, new_score AS score, abs(new_score - score) AS score_change
    FROM (
        SELECT w.person, w.has_edges, w.score,
            coalesce(r.mass, 0) + CAST(round(({DAMPING}e0 * a.dead_end + {(1 - DAMPING) * UNIT}) / a.people) AS BIGINT) AS new_score
        FROM pagerank_walk w
        LEFT JOIN (
            SELECT e.target AS person, CAST(sum({moved_mass("e.share", "w.score")}) AS BIGINT) AS mass
            FROM pagerank_edges e JOIN pagerank_walk w ON w.person = e.actor GROUP BY e.target) r ON r.person = w.person
        CROSS JOIN (SELECT count(*) AS people, sum(CASE WHEN has_edges THEN 0 ELSE score END) AS dead_end FROM pagerank_walk) a)
"""

PAGERANK_SQL = (
    Step("pagerank_edges", edge_shares("pagerank_read", "acts", DAMPING)),
    Step(
        "pagerank_people",
        """
        SELECT person, bool_or(has_edges) AS has_edges
        FROM (SELECT actor AS person, true AS has_edges FROM pagerank_read UNION ALL SELECT target, false FROM pagerank_read)
        GROUP BY person
        """,
    ),
    Step("pagerank_walk", FIRST_SCORES),
    Loop((Step("pagerank_walk", ROUND),), f"SELECT coalesce(sum(score_change), 0) < {TOLERANCE * UNIT} FROM pagerank_walk", MAX_ROUNDS),
    Step("pagerank", f"SELECT person, round(score / {UNIT}e0, 12) AS pagerank FROM pagerank_walk"),
)
"""Makes the relation `pagerank` (`person`, `pagerank`) of the relation `pagerank_read` (`actor`, `target`, `acts`)."""
