"""How many returns will there be in all, and how far off is that number?

The features say who returns, not how many. The sum of all chances is that of the alive model times a factor. A quarter, in logarithms, of
the error of the last window is carried on. A quarter of the growth of the last window over the windows before is lost again, since a burst
passes. The past says hardly more than that of growth and decline (r = .15). So the level spread says how far off the sum was in the windows
before.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from regard.engines.base import Arrays
from regard.measures.pairs.snapshots import APART

ERROR_CARRIED, GROWTH_LOST = 0.25, 0.25
"""The share of the last window's log(actual / expected) that is carried on, and the share of its growth that is lost.

At 29 moments of ten communities the sum was off by a mean of .28 in logarithms, and by .35 with neither. Without the one burst the two
numbers are .20 and .21."""
SMOOTHING = 8.0
"""People who are added to both numbers of a ratio. Below a few dozen people a ratio says little."""
PRIOR_LEVEL_SPREAD, PRIOR_WINDOWS = 0.12, 2.0
"""The squared relative error of the community's sum. It comes from other communities, and weighs as much as PRIOR_WINDOWS windows of this
record."""


class Window(NamedTuple):
    """One past window."""

    expected: float
    """Returns that the alive model expected."""
    actual: float
    """Returns that there were."""

    @property
    def ratio(self) -> float:
        """Actual / expected, as they are."""
        return self.actual / max(self.expected, 1e-9)

    @property
    def log_error(self) -> float:
        """The logarithm of actual / expected."""
        return _log_ratio(self.actual, self.expected)


def past_windows(cases: Arrays) -> list[Window]:
    """The past windows that do not overlap, the latest first. They are those of the first landmarks of APART, as far as the record goes."""
    landmark = np.asarray(cases["landmark"], dtype=np.float64)
    rows = [np.flatnonzero(landmark == past.number)[:1] for past in APART]
    return [Window(*(float(np.asarray(cases[name], dtype=np.float64)[row[0]]) for name in Window._fields)) for row in rows if row.size]


def level(cases: Arrays) -> float:
    """The logarithm of the factor by which the alive model's sum is multiplied for the window to come."""
    errors = [window.log_error for window in past_windows(cases)[:1]]
    growth = [_log_ratio(float(cases["latest"][0]), float(cases["earlier"][0]))] if len(cases["latest"]) else []
    return round(ERROR_CARRIED * sum(errors) - GROWTH_LOST * max(0.0, sum(growth)), 6)


def level_spread(cases: Arrays) -> float:
    """The squared relative error of the community's sum."""
    windows = past_windows(cases)
    squares = PRIOR_WINDOWS * PRIOR_LEVEL_SPREAD + sum(window.log_error**2 for window in windows)
    return round(squares / (PRIOR_WINDOWS + len(windows)), 6)


def _log_ratio(more: float, less: float) -> float:
    return float(np.log((more + SMOOTHING) / (less + SMOOTHING)))
