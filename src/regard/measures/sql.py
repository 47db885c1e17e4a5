"""Fragments of SQL that several measures share."""

from __future__ import annotations


def millionths(expression: str) -> str:
    """SQL for a float as a whole number of millionths, for sums that must not depend on the order of the rows.

    >>> millionths("d.n - 1")
    'CAST(round(1e6 * (d.n - 1)) AS BIGINT)'
    """
    return f"CAST(round(1e6 * ({expression})) AS BIGINT)"


def beta_interval(mean: str, weight: str) -> tuple[str, str]:
    """SQL for the ends of a 90 % interval of a share, to nine decimals.

    The share has a Beta distribution with this mean, and its two parameters add up to `weight`. The interval is the mean plus and minus
    1.6449 standard deviations, between 0 and 1.
    """
    half = f"1.6449 * sqrt({mean} * (1 - {mean}) / ({weight} + 1))"
    return f"round(greatest(0, {mean} - {half}), 9)", f"round(least(1, {mean} + {half}), 9)"
