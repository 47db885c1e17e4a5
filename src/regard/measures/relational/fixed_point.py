"""Masses that walk along edges, as whole numbers: their sums are the same whatever the order of the rows."""

from __future__ import annotations

UNIT = 10**18
"""What a walk sets out with, all of it together. Sums of six such still have room in a BIGINT."""

WEIGHTS = "1e12"
"""Weights of edges are kept to twelve decimals."""


def moved(share: str, mass: str) -> str:
    """SQL for the part of a mass that goes along an edge.

    >>> moved("e.share", "w.mass")
    'CAST(round(e.share * w.mass) AS BIGINT)'
    """
    return f"CAST(round({share} * {mass}) AS BIGINT)"


def shares(ties: str, weight: str, kept: float = 1.0) -> str:
    """SQL for edges `actor`, `target` with `share`: which part of what an actor has goes along them; those of no weight are none.

    >>> from regard.engines.duckdb.engine import DuckDBEngine
    >>> engine = DuckDBEngine()
    >>> ties = "(VALUES (1, 2, 3), (1, 3, 1), (2, 1, 0)) ties(actor, target, acts)"
    >>> engine.rows(f"FROM ({shares(ties, 'acts', 0.5)}) ORDER BY ALL")
    [(1, 2, 0.375), (1, 3, 0.125)]
    """
    return f"""
        SELECT actor, target, {kept}e0 * weight / sum(weight) OVER (PARTITION BY actor) AS share
        FROM (SELECT actor, target, CAST(round(({weight}) * {WEIGHTS}) AS BIGINT) AS weight FROM {ties}) WHERE weight > 0
    """
