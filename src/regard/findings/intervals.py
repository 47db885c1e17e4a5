"""Estimates with their 90 % range."""

from __future__ import annotations

from dataclasses import dataclass

Z = 1.6449
"""The 95 % quantile of the normal distribution: so many standard deviations to each side hold 90 %."""


@dataclass(frozen=True)
class Interval:
    """An estimate with its 90 % range and the number of cases behind it."""

    estimate: float
    low: float
    high: float
    n: int


def wilson(hits: int, n: int, z: float = Z) -> tuple[float, float]:
    """Wilson's range of a share, `hits` of `n` > 0 cases; 90 % with the default `z` (Wilson 1927).

    >>> [round(end, 3) for end in wilson(5, 10)]
    [0.269, 0.731]
    """
    share = hits / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * ((share * (1 - share) + z * z / (4 * n)) / n) ** 0.5 / (1 + z * z / n)
    return max(0.0, middle - half), min(1.0, middle + half)
