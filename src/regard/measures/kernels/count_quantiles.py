"""Ranges of a count of which the mean and the variance are known.

Above the mean a variance makes it a negative binomial (a Poisson whose rate is gamma), below it a binomial, as far as both moments say.
Where the mean is large the quantiles are those of the normal with the correction of Cornish and Fisher, which agree there to a twentieth of
a standard deviation, unless the variance is large beside the squared mean as well: then those of LARGE people on average, times as many.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LARGE = 60.0
WIDE = 0.2
"""A squared relative error from which on the corrected normal is no guide; at 4 it would leave out the mean itself."""
MOST = 400
"""Terms of a distribution that are added up: whatever its variance, its 95th percentile lies below six times the mean."""
Z = 1.6449
SKEW = 0.28428
"""(Z² - 1) / 6."""


def ranges(mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """The 5th and 95th percentile of each count, whole numbers.

    >>> low, high = ranges(np.array([3.0, 100.0]), np.array([3.0, 100.0]))      # Poisson
    >>> low.tolist(), high.tolist()
    ([1.0, 84.0], [6.0, 117.0])
    """
    low, high = _corrected(mean, variance)
    scale = np.maximum(1, mean / LARGE)
    small = np.flatnonzero((mean <= LARGE) | (variance > WIDE * mean**2))
    for start in range(0, small.size, 10_000):
        part = small[start : start + 10_000]
        ends = _added_up(mean[part] / scale[part], variance[part] / scale[part] ** 2)
        low[part], high[part] = (np.round(scale[part] * end) for end in ends)
    return low, high


def _corrected(mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    spread = np.sqrt(variance)
    # Third moment over variance: 2 V / mean - 1 for the negative binomial, the Poisson and the binomial alike.
    lean = (2 * variance / np.maximum(mean, 1e-9) - 1) * SKEW
    return np.maximum(0, np.floor(mean - Z * spread + lean + 0.5)), np.floor(mean + Z * spread + lean + 0.5)


def _added_up(mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """By the recursion of Panjer's class: p(k) = p(k - 1) (a + b / k)."""
    a, b, none = _panjer(np.maximum(mean, 1e-9), np.maximum(variance, 1e-12))
    chance, below = none.copy(), none.copy()
    low, high = np.zeros(mean.size), np.zeros(mean.size)
    for k in range(1, MOST):
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
    alike = np.abs(a) < 1e-6
    # A binomial has a whole number of trials: the nearest that is large enough, with the same mean.
    trials = np.maximum(np.ceil(mean), np.round(mean / np.maximum(1 - variance / mean, 1e-9)))
    hit = np.minimum(mean / trials, 0.9999)
    size = mean * (1 - a) / np.where(a > 0, a, 1)
    log_none = np.select([alike, a > 0], [-mean, size * np.log1p(-np.maximum(a, 0))], trials * np.log1p(-hit))
    odds = hit / (1 - hit)
    return (
        np.select([alike, a > 0], [np.zeros(a.size), a], -odds),
        np.select([alike, a > 0], [mean, mean * (1 - a) - a], (trials + 1) * odds),
        np.exp(log_none),
    )
