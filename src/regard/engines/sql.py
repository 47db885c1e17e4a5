"""Fragments of SQL that several folders need and every engine understands alike."""

from __future__ import annotations


def billionths(expression: str) -> str:
    """SQL for a float as a whole number of billionths.

    Sums of floats depend on the order of the rows. Sums of whole numbers don't, so the same record gives the same bytes on every engine.

    >>> billionths("p_return")
    'CAST(round(p_return * 1e9) AS BIGINT)'
    """
    return f"CAST(round({expression} * 1e9) AS BIGINT)"


def exact_sum(expression: str) -> str:
    """SQL for a sum of floats that is the same whatever the order of the rows, to nine decimals.

    >>> exact_sum("kept")
    'sum(CAST(round(kept * 1e9) AS BIGINT)) / 1e9'
    """
    return f"sum({billionths(expression)}) / 1e9"
