"""A walk that starts anew, as relations, and `vouched` by it; see kernels/walk.py."""

from __future__ import annotations

from math import ceil, log

from regard.engines.base import Loop, Step
from regard.measures.kernels.personalized_pagerank import CLOSE, KEPT, RESTART
from regard.measures.relational.fixed_point import UNIT, moved, shares

MOST_ROUNDS = ceil(log(CLOSE) / log(KEPT))
"""After so many rounds no more than CLOSE is left."""


def ties_shared(relation: str) -> str:
    """SQL for the edges of ties with `bins` and `repeats`: a tie weighs log(bins)², or log(1 + bins)² where hardly any pair repeats."""
    return shares(relation, "power(ln(bins + CASE WHEN repeats THEN 0 ELSE 1 END), 2)", KEPT)


def walk(name: str, edges: str) -> Loop:
    """Rounds on relation `name` (`person`, `moving`, `seen`): what moves goes along the edges and is seen, until hardly any is left."""
    sql = f"""
        SELECT person, CAST(sum(moving) AS BIGINT) AS moving, CAST(sum(seen) AS BIGINT) + CAST(sum(moving) AS BIGINT) AS seen
        FROM (
            SELECT person, 0 AS moving, seen FROM {name}
            UNION ALL
            SELECT e.target, {moved("e.share", "w.moving")}, 0 FROM {name} w JOIN {edges} e ON e.actor = w.person WHERE w.moving > 0)
        GROUP BY person
    """
    return Loop((Step(name, sql),), f"SELECT coalesce(sum(moving), 0) <= {CLOSE * UNIT} FROM {name}", MOST_ROUNDS)


BEGIN = f"""
    SELECT person, starts, CASE WHEN starts THEN CAST(round({RESTART * UNIT} / seeds) AS BIGINT) ELSE 0 END AS moving
    FROM walked_people CROSS JOIN (SELECT count(*) FILTER (starts) AS seeds FROM walked_people)
"""


def walked_sql(full: float) -> tuple[Step | Loop, ...]:
    """The twin of `walked`, reading `actor`, `target`, `bins`, `repeats`, `starts`; attention counts in full from `full` Σ score² on.

    A square has 24 digits and a BIGINT 18: each is added up in two parts.
    """
    return (
        Step("walked_edges", ties_shared("walked_read")),
        Step(
            "walked_people",
            """
            SELECT person, bool_or(starts) AS starts
            FROM (SELECT actor AS person, starts FROM walked_read UNION ALL SELECT target, false FROM walked_read) GROUP BY person
            """,
        ),
        Step("walked_visits", f"SELECT person, moving, moving AS seen FROM ({BEGIN})"),
        walk("walked_visits", "walked_edges"),
        Step(
            "walked_scores",
            """
            SELECT p.person, p.starts, CAST(round(1e12 * v.seen / greatest(1, s.seen)) AS BIGINT) AS score
            FROM walked_people p JOIN walked_visits v ON v.person = p.person CROSS JOIN (SELECT sum(seen) AS seen FROM walked_visits) s
            """,
        ),
        Step(
            "walked",
            f"""
            SELECT s.person, round(least(1e0, s.score / 1e12 / greatest(e.enough, 1e-300)), 9) AS vouched, s.starts AS seed,
                s.score / 1e12 AS score, e.enough
            FROM walked_scores s
            CROSS JOIN (
                SELECT {full}e0 * (sum(score * (score // 1000000)) * 1e6 + sum(score * (score % 1000000))) / 1e24 AS enough
                FROM walked_scores) e
            """,
        ),
    )
