"""Distributions of counts: of independent chances, and of a mean and a variance."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

import numpy as np
from scipy import stats

from .world import Floats


def returns(chances: Iterable[float]) -> Floats:
    """The distribution of how many of independent chances come true, by convolution."""
    distribution = np.ones(1)
    for chance in chances:
        distribution = np.convolve(distribution, [1 - chance, chance])
    return distribution


def quantiles(distribution: Floats, low: float = 0.05, high: float = 0.95) -> tuple[int, int]:
    """The smallest numbers that are not passed with these chances."""
    total = np.cumsum(distribution)
    return int(np.argmax(total >= low - 1e-12)), int(np.argmax(total >= high - 1e-12))


def quantiles_of(mean: float, variance: float) -> tuple[int, int]:
    """The 5th and 95th percentile of a negative binomial or binomial of these moments, or of a Poisson if the two are equal."""
    if abs(variance / mean - 1) < 1e-6:
        distribution = stats.poisson(mean)
    elif variance > mean:
        distribution = stats.nbinom(mean**2 / (variance - mean), mean / variance)
    else:
        trials = max(ceil(mean), round(mean / (1 - variance / mean)))
        distribution = stats.binom(trials, mean / trials)
    return int(distribution.ppf(0.05)), int(distribution.ppf(0.95))
