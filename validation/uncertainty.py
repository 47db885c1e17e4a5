"""Uncertainty: 95 % ranges of shares, and of ratios of sums over people, by a bootstrap over people."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from regard.evaluation.backtest.results import Range
from regard.evaluation.bootstrap import Resampling, batch_sizes, percentile_interval, resample

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Indices = NDArray[np.int64]

UNKNOWN = Range(None, None, None)
Z = 1.96
CELLS = 20_000_000
"""People times draws. Larger sets get fewer draws."""
MIN_DRAWS = 200


def draws_for(people: int, requested: int) -> int:
    """The number of draws: as many as requested, and fewer for large sets, where ranges are narrow and draws are slow.

    >>> draws_for(1_000, 2_000), draws_for(20_000, 2_000), draws_for(10**6, 2_000)
    (2000, 1000, 200)
    """
    return min(requested, max(MIN_DRAWS, CELLS // max(1, people)))


def range_of(estimate: float, drawn: Floats) -> Range:
    """An estimate with the 95 % range of its draws (draws,)."""
    low, high = percentile_interval(drawn)
    return UNKNOWN if not np.isfinite(estimate) else Range(float(estimate), *((low, high) if np.isfinite(low) else (None, None)))


def mean_of(ranges: Iterable[Range], drawn: Iterable[Floats], draws: int) -> Range:
    """The mean over sets, with equal weights. The draws of a set that has fewer than `draws` are repeated."""
    known = [value.estimate for value in ranges if value.estimate is not None]
    return range_of(float(np.mean(known)), np.nanmean([np.resize(values, draws) for values in drawn], axis=0)) if known else UNKNOWN


def share(held: Bools, people: Indices) -> Range:
    """The share of cases that held, with Wilson's range (1927). Several cases of one person count as one case for the range.

    >>> result = share(np.array([True, True, False, True]), np.arange(4))
    >>> result.estimate, round(result.low, 2), round(result.high, 2)
    (0.75, 0.3, 0.95)
    """
    if not held.size:
        return UNKNOWN
    p, n = float(held.mean()), np.unique(people).size
    middle, half = (p + Z**2 / (2 * n)) / (1 + Z**2 / n), Z / (1 + Z**2 / n) * float(np.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2)))
    return Range(p, min(p, middle - half), max(p, middle + half))


def sums(values: Floats, people: Indices, resampling: Resampling) -> tuple[Floats, Floats]:
    """Sums of columns (rows, columns) whose rows belong to people: the sums (columns,), and their draws (draws, columns)."""
    _, where = np.unique(people, return_inverse=True)
    size = int(where.max()) + 1 if where.size else 0
    by_person = np.stack([np.bincount(where, column, size) for column in values.T], axis=1)
    rng = np.random.default_rng(resampling.seed)
    drawn = [resample(rng, size, batch).T @ by_person for batch in batch_sizes(size, draws_for(size, resampling.draws))]
    return np.asarray(by_person.sum(axis=0), dtype=np.float64), np.concatenate(drawn)


def ratio(numerator: Floats, denominator: Floats, people: Indices, resampling: Resampling) -> Range:
    """The sum of one column over the sum of another.

    >>> ratio(np.array([2.0, 2]), np.array([1.0, 1]), np.arange(2), Resampling(100, 1))
    Range(estimate=2.0, low=2.0, high=2.0)
    """
    if not denominator.size or denominator.sum() <= 0:
        return UNKNOWN
    observed, drawn = sums(np.stack([numerator, denominator], axis=1), people, resampling)
    with np.errstate(divide="ignore", invalid="ignore"):
        return range_of(float(observed[0] / observed[1]), drawn[:, 0] / drawn[:, 1])
