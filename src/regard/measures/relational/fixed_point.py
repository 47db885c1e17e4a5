"""Fixed-point sums: mass that walks along edges is a whole number, so its sum is the same whatever the order of the rows."""

from __future__ import annotations

UNIT = 10**18
"""The whole number that stands for a mass of 1. The visits of a walk that starts with it add up to 6.7 of it; a BIGINT has room for 9."""

WEIGHT_SCALE = "1e12"
"""Weights of edges are kept to twelve decimals."""


def moved_mass(share: str, mass: str) -> str:
    """SQL for the part of a mass that moves along an edge, as a whole number.

    >>> moved_mass("e.share", "w.mass")
    'CAST(round(e.share * w.mass) AS BIGINT)'
    """
    return f"CAST(round({share} * {mass}) AS BIGINT)"


def edge_shares(ties: str, weight: str, factor: float = 1.0) -> str:
    """SQL for the edges (`actor`, `target`, `share`) of the relation `ties`.

    `share` is the edge's part of all weight that leaves its actor, times `factor`. Edges of weight 0 are left out.

    >>> from regard.engines.duckdb.engine import DuckDBEngine
    >>> engine = DuckDBEngine()
    >>> ties = "(VALUES (1, 2, 3), (1, 3, 1), (2, 1, 0)) ties(actor, target, acts)"
    >>> engine.rows(f"FROM ({edge_shares(ties, 'acts', 0.5)}) ORDER BY ALL")
    [(1, 2, 0.375), (1, 3, 0.125)]
    """
    return f"""
        SELECT actor, target, {factor}e0 * weight / sum(weight) OVER (PARTITION BY actor) AS share
        FROM (SELECT actor, target, CAST(round(({weight}) * {WEIGHT_SCALE}) AS BIGINT) AS weight FROM {ties}) WHERE weight > 0
    """
