"""Personalised PageRank as relations, and `vouched` by it; see kernels/personalized_pagerank.py."""

from __future__ import annotations

from math import ceil, log

from regard.engines.base import Loop, Step
from regard.measures.kernels.personalized_pagerank import CONTINUE, RESTART, TOLERANCE
from regard.measures.relational.fixed_point import UNIT, edge_shares, moved_mass

MAX_ROUNDS = ceil(log(TOLERANCE) / log(CONTINUE))
"""After so many rounds no more than TOLERANCE still moves."""


def tie_edges(relation: str) -> str:
    """SQL for the edges of a relation of ties with `bins` and `repeats`.

    A tie has the weight log(bins)², or log(1 + bins)² if hardly any pair of the community repeats.
    """
    return edge_shares(relation, "power(ln(bins + CASE WHEN repeats THEN 0 ELSE 1 END), 2)", CONTINUE)


def walk(name: str, edges: str) -> Loop:
    """A walk along the relation `edges`, as rounds on the relation `name` (`person`, `moving`, `visits`).

    Each round moves the mass `moving` along the edges and adds it to `visits`, until hardly any mass moves.
    """
    sql = f"""
        SELECT person, CAST(sum(moving) AS BIGINT) AS moving, CAST(sum(visits) AS BIGINT) + CAST(sum(moving) AS BIGINT) AS visits
        FROM (
            SELECT person, 0 AS moving, visits FROM {name}
            UNION ALL
            SELECT e.target, {moved_mass("e.share", "w.moving")}, 0 FROM {name} w JOIN {edges} e ON e.actor = w.person WHERE w.moving > 0)
        GROUP BY person
    """
    return Loop((Step(name, sql),), f"SELECT coalesce(sum(moving), 0) <= {TOLERANCE * UNIT} FROM {name}", MAX_ROUNDS)


START = f"""
    SELECT person, starts, CASE WHEN starts THEN CAST(round({RESTART * UNIT} / seeds) AS BIGINT) ELSE 0 END AS moving
    FROM personalized_pagerank_people CROSS JOIN (SELECT count(*) FILTER (starts) AS seeds FROM personalized_pagerank_people)
"""

SCORES = """
    SELECT p.person, p.starts, CAST(round(1e12 * v.visits / greatest(1, s.visits)) AS BIGINT) AS score
    FROM personalized_pagerank_people p JOIN personalized_pagerank_visits v ON v.person = p.person
        CROSS JOIN (SELECT sum(visits) AS visits FROM personalized_pagerank_visits) s
"""


def personalized_pagerank_sql(full: float) -> tuple[Step | Loop, ...]:
    """The steps that make the relation `personalized_pagerank` of the relation `personalized_pagerank_read`.

    They read `actor`, `target`, `bins`, `repeats`, `starts`. A person's attention counts in full from a score of `full` Σ score² on.
    A square of a score has 24 digits and a BIGINT 18, so each square is added up in two parts.
    """
    vouched = f"""
        SELECT s.person, round(least(1e0, s.score / 1e12 / greatest(e.enough, 1e-300)), 9) AS vouched, s.starts AS seed,
            s.score / 1e12 AS score, e.enough
        FROM personalized_pagerank_scores s
        CROSS JOIN (
            SELECT {full}e0 * (sum(score * (score // 1000000)) * 1e6 + sum(score * (score % 1000000))) / 1e24 AS enough
            FROM personalized_pagerank_scores) e
    """
    return (
        Step("personalized_pagerank_edges", tie_edges("personalized_pagerank_read")),
        Step(
            "personalized_pagerank_people",
            """
            SELECT person, bool_or(starts) AS starts
            FROM (
                SELECT actor AS person, starts FROM personalized_pagerank_read
                UNION ALL
                SELECT target, false FROM personalized_pagerank_read)
            GROUP BY person
            """,
        ),
        Step("personalized_pagerank_visits", f"SELECT person, moving, moving AS visits FROM ({START})"),
        walk("personalized_pagerank_visits", "personalized_pagerank_edges"),
        Step("personalized_pagerank_scores", SCORES),
        Step("personalized_pagerank", vouched),
    )
