"""The 5th and 95th percentile of a count, from its mean and its variance alone.

A variance above the mean makes the count a negative binomial (a Poisson whose rate follows a gamma distribution). A variance below the
mean makes it a binomial, as nearly as both moments allow. Small means use these distributions themselves. Large means use a normal
distribution with the correction of Cornish and Fisher, which agrees with them to a twentieth of a standard deviation. If the variance is
large beside the squared mean too, a large mean uses the distribution at the mean LARGE_MEAN, scaled up.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LARGE_MEAN = 60.0
LARGE_RELATIVE_VARIANCE = 0.2
"""Variance over squared mean. Above it the corrected normal is no guide: at 4 its range would leave out the mean itself."""
MAX_TERMS = 400
"""Terms of a distribution that are added up. Whatever the variance, the 95th percentile lies below six times the mean."""
Z = 1.6449
"""The 95th percentile of the standard normal distribution."""
SKEW = 0.28428
"""(Z² - 1) / 6."""


def count_quantiles(mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """The 5th and 95th percentile of each count, as whole numbers.

    >>> low, high = count_quantiles(np.array([3.0, 100.0]), np.array([3.0, 100.0]))      # Poisson
    >>> low.tolist(), high.tolist()
    ([1.0, 84.0], [6.0, 117.0])
    """
    low, high = _by_cornish_fisher(mean, variance)
    scale = np.maximum(1, mean / LARGE_MEAN)
    exact = np.flatnonzero((mean <= LARGE_MEAN) | (variance > LARGE_RELATIVE_VARIANCE * mean**2))
    for start in range(0, exact.size, 10_000):
        rows = exact[start : start + 10_000]
        ends = _by_recursion(mean[rows] / scale[rows], variance[rows] / scale[rows] ** 2)
        low[rows], high[rows] = (np.round(scale[rows] * end) for end in ends)
    return low, high


def _by_cornish_fisher(mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    deviation = np.sqrt(variance)
    # The third moment over the variance is 2 V / mean - 1 for the negative binomial, the Poisson and the binomial.
    skew = (2 * variance / np.maximum(mean, 1e-9) - 1) * SKEW
    return np.maximum(0, np.floor(mean - Z * deviation + skew + 0.5)), np.floor(mean + Z * deviation + skew + 0.5)


def _by_recursion(mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """The percentiles by the recursion of Panjer's class: p(k) = p(k - 1) (a + b / k)."""
    a, b, p_zero = _panjer(np.maximum(mean, 1e-9), np.maximum(variance, 1e-12))
    chance, below = p_zero.copy(), p_zero.copy()
    low, high = np.zeros(mean.size), np.zeros(mean.size)
    for k in range(1, MAX_TERMS):
        low += below < 0.05
        high += below < 0.95
        if bool((below >= 0.95).all()):
            break
        chance = np.maximum(0, chance * (a + b / k))
        below = below + chance
    return low, high


def _panjer(mean: Floats, variance: Floats) -> tuple[Floats, Floats, Floats]:
    """a, b and p(0) of a Poisson (a = 0), a negative binomial (a > 0) or a binomial (a < 0) with these moments."""
    a = 1 - mean / variance
    poisson = np.abs(a) < 1e-6
    # A binomial has a whole number of trials. This takes the nearest that is large enough, and keeps the mean.
    trials = np.maximum(np.ceil(mean), np.round(mean / np.maximum(1 - variance / mean, 1e-9)))
    success = np.minimum(mean / trials, 0.9999)
    size = mean * (1 - a) / np.where(a > 0, a, 1)
    log_p_zero = np.select([poisson, a > 0], [-mean, size * np.log1p(-np.maximum(a, 0))], trials * np.log1p(-success))
    odds = success / (1 - success)
    return (
        np.select([poisson, a > 0], [np.zeros(a.size), a], -odds),
        np.select([poisson, a > 0], [mean, mean * (1 - a) - a], (trials + 1) * odds),
        np.exp(log_p_zero),
    )
