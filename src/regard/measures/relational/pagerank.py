"""PageRank as relations; see kernels/pagerank.py."""

from __future__ import annotations

from regard.engines.base import Loop, Step
from regard.measures.kernels.pagerank import CLOSE, DAMPING, MOST_ROUNDS
from regard.measures.relational.fixed_point import UNIT, moved, shares

BEGIN = f"""
    SELECT person, gives, CAST(round({UNIT}e0 / people) AS BIGINT) AS score, CAST(0 AS BIGINT) AS moved
    FROM pagerank_people CROSS JOIN (SELECT count(*) AS people FROM pagerank_people)
"""

# Who gives nothing starts anew anywhere, as do all now and then.
ROUND = f"""
    SELECT person, gives, fresh AS score, abs(fresh - score) AS moved
    FROM (
        SELECT w.person, w.gives, w.score,
            coalesce(g.mass, 0) + CAST(round(({DAMPING}e0 * a.dead + {(1 - DAMPING) * UNIT}) / a.people) AS BIGINT) AS fresh
        FROM pagerank_walk w
        LEFT JOIN (
            SELECT e.target AS person, CAST(sum({moved("e.share", "w.score")}) AS BIGINT) AS mass
            FROM pagerank_edges e JOIN pagerank_walk w ON w.person = e.actor GROUP BY e.target) g ON g.person = w.person
        CROSS JOIN (SELECT count(*) AS people, sum(CASE WHEN gives THEN 0 ELSE score END) AS dead FROM pagerank_walk) a)
"""

PAGERANK_SQL = (
    Step("pagerank_edges", shares("pagerank_read", "acts", DAMPING)),
    Step(
        "pagerank_people",
        """
        SELECT person, bool_or(gives) AS gives
        FROM (SELECT actor AS person, true AS gives FROM pagerank_read UNION ALL SELECT target, false FROM pagerank_read) GROUP BY person
        """,
    ),
    Step("pagerank_walk", BEGIN),
    Loop((Step("pagerank_walk", ROUND),), f"SELECT coalesce(sum(moved), 0) < {CLOSE * UNIT} FROM pagerank_walk", MOST_ROUNDS),
    Step("pagerank", f"SELECT person, round(score / {UNIT}e0, 12) AS pagerank FROM pagerank_walk"),
)
"""Reads `actor`, `target`, `acts`."""
