"""How many returns will there be in all, and how far off is that number?

The features say who returns, not how many. The sum of all chances is that of the alive model times a factor. A quarter, in logarithms, of
the error of the last window is carried on. A quarter of the growth of the last window over the windows before is lost again, since a burst
passes. The past says hardly more than that of growth and decline (r = .15). So the two spreads say how far off the counts of single people
were in the windows before, and how far off the count of the whole community was.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from regard.engines.base import Arrays
from regard.measures.pairs.snapshots import PAST

ERROR_CARRIED, GROWTH_LOST = 0.25, 0.25
"""The share of the last window's log(actual / expected) that is carried on, and the share of its growth that is lost.

At 29 moments of ten communities the sum was off by a mean of .28 in logarithms, and by .35 with neither. Without the one burst the two
numbers are .20 and .21."""
SMOOTHING = 8.0
"""People who are added to both numbers of a ratio. Below a few dozen people a ratio says little."""
PRIOR_SPREAD, PRIOR_LEVEL_SPREAD, PRIOR_WINDOWS = 0.2, 0.12, 2.0
"""Squared relative errors, beyond chance, of one person's count and of the community's count. Both come from other communities, and weigh
as much as PRIOR_WINDOWS windows of this record."""
MOST_SPREAD = 4.0
"""The spread of one window counts at most this much. Above it the 95th percentile of a count falls to its mean."""
FULL_WEIGHT_PEOPLE = 30
"""A window counts in full for the spread if at least this many people had a return expected."""


class Window(NamedTuple):
    """One past window. The last three numbers are of the people of whom more than one return was expected."""

    expected: float
    """Returns that the alive model expected."""
    actual: float
    """Returns that there were."""
    excess: float
    """Squared errors of people's counts beyond chance, added up."""
    square: float
    """Squared expectations, added up."""
    people: float

    @property
    def log_error(self) -> float:
        """The logarithm of actual / expected."""
        return _log_ratio(self.actual, self.expected)


def past_windows(cases: Arrays) -> list[Window]:
    """The past windows that do not overlap, the latest first."""
    landmark = np.asarray(cases["landmark"], dtype=np.float64)
    rows = [np.flatnonzero(landmark == past.number)[:1] for past in PAST if past.suffix != "_half"]
    return [Window(*(float(np.asarray(cases[name], dtype=np.float64)[row[0]]) for name in Window._fields)) for row in rows if row.size]


def level(cases: Arrays) -> float:
    """The logarithm of the factor by which the alive model's sum is multiplied for the window to come."""
    errors = [window.log_error for window in past_windows(cases)[:1]]
    growth = [_log_ratio(float(cases["latest"][0]), float(cases["earlier"][0]))] if len(cases["latest"]) else []
    return round(ERROR_CARRIED * sum(errors) - GROWTH_LOST * max(0.0, sum(growth)), 6)


def spreads(cases: Arrays) -> tuple[float, float]:
    """Squared relative errors beyond chance: of one person's count, and of the community's count."""
    windows = past_windows(cases)
    weights = [min(1.0, window.people / FULL_WEIGHT_PEOPLE) for window in windows]
    excess = [min(MOST_SPREAD, max(0.0, window.excess / max(window.square, 1e-9))) for window in windows]
    own = sum(weight * each for weight, each in zip(weights, excess, strict=True))
    person = (PRIOR_WINDOWS * PRIOR_SPREAD + own) / (PRIOR_WINDOWS + sum(weights))
    community = PRIOR_WINDOWS * PRIOR_LEVEL_SPREAD + sum(window.log_error**2 for window in windows)
    return round(person, 6), round(community / (PRIOR_WINDOWS + len(windows)), 6)


def _log_ratio(more: float, less: float) -> float:
    return float(np.log((more + SMOOTHING) / (less + SMOOTHING)))
