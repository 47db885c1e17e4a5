"""Scales: from values to positions in a chart, linear or logarithmic, with their ticks.

A scale maps a value to a percentage of a chart's width or height, so that one drawing fits every screen. It draws values outside its ends
at the end.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from regard.base.text import number


class Tick(NamedTuple):
    """A value that an axis names."""

    at: float
    """Its position, as a percentage of the axis."""
    label: str
    major: bool = True
    """Whether it stays if there is little room."""


@dataclass(frozen=True)
class Scale:
    """The positions of values from `low` to `top`.

    A logarithmic scale is one of log(1 + value): 0 has a position, 0 to 1 is short, and from about 10 on it is like a plain logarithm.

    >>> people = Scale(0, 99, logarithmic=True)
    >>> people.at(0), people.at(9), people.at(99), people.at(1000)
    (0.0, 50.0, 100.0, 100.0)
    """

    low: float
    top: float
    logarithmic: bool = False

    def at(self, value: float) -> float:
        """The position of a value, as a percentage with one decimal: about a pixel on a wide screen."""
        first, last, middle = self._bent(self.low), self._bent(self.top), self._bent(min(max(value, self.low), self.top))
        return round(100 * (middle - first) / (last - first), 1)

    def ticks(self) -> tuple[Tick, ...]:
        """The values to name: 0, 1, 2, 5, 10 ... on a logarithmic scale, steps of 1, 2 or 5 on a linear one."""
        if self.logarithmic:
            return tuple(Tick(self.at(value), number(value), major) for value, major in _log_values(self.top) if value >= self.low)
        return tuple(Tick(self.at(value), number(value), index % 2 == 0) for index, value in enumerate(_linear_values(self.top)))

    def _bent(self, value: float) -> float:
        return math.log1p(value) if self.logarithmic else value


def log_scale(values: Iterable[float], low: float) -> Scale:
    """A logarithmic scale from `low` (above -1) to the next of 1, 2, 5, 10, 20 ... above all values, at least 2.

    >>> log_scale([0.0, 122.4], -0.15).top, log_scale([], 0.5).top
    (200, 2)
    """
    return Scale(low, _round_up(max(2, max(values, default=0))), logarithmic=True)


def linear_scale(values: Iterable[float], whole: bool = True) -> Scale:
    """A linear scale from 0 to a round number at or above all values; of whole numbers (at least 4), or of any (at least 1).

    >>> linear_scale([3, 142]).top, linear_scale([]).top, linear_scale([1.3], whole=False).top
    (150, 4, 1.5)
    """
    largest = max(max(values, default=0), 4 if whole else 1)
    step = _round_up(largest * 0.7 / 3)
    if whole:
        step = max(1, step)
    return Scale(0, step * math.ceil(largest / step))


def invert(percent: float) -> float:
    """A position from the bottom as one from the top, as screens count."""
    return round(100 - percent, 1)


def from_top(ticks: Iterable[Tick]) -> tuple[Tick, ...]:
    """The ticks of an axis that goes up."""
    return tuple(tick._replace(at=invert(tick.at)) for tick in ticks)


def _round_up(value: float) -> float:
    """The next of 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value)) if value > 0 else 1.0
    return next(_whole(power * digit) for digit in (1, 2, 5, 10) if power * digit >= value)


def _linear_values(top: float) -> list[float]:
    step = _round_up(top * 0.7 / 3)
    return [step * times for times in range(int(top / step + 1e-9) + 1)]


def _log_values(top: float) -> list[tuple[float, bool]]:
    """0, 1, 2, 5, 10 ... up to `top`, each with whether it is a power of ten; beyond 5,000 there is room for those alone."""
    values: list[tuple[float, bool]] = [(0, True)]
    for power in range(math.floor(math.log10(top)) + 1):
        values += [(digit * 10**power, digit == 1 or top <= 10) for digit in (1, 2, 5) if digit * 10**power <= top]
    return [(value, major) for value, major in values if major or top <= 5000]


def _whole(value: float) -> float:
    return int(value) if value >= 1 else value
