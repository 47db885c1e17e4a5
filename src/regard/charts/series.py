"""Charts over time and by group: lines and bars."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from regard.base.text import clip
from regard.charts.scales import Tick, from_top, invert, linear_scale
from regard.findings.sections.activity import Period
from regard.findings.sections.response import ReachGroup

LONGEST_DATE = 14
"""Letters of a period's label below a line, at most."""


class Point(NamedTuple):
    """One period of a line."""

    x: float
    y: float
    value: int
    period: Period


@dataclass(frozen=True)
class Line:
    """One quantity over time, on its own scale."""

    ticks: tuple[Tick, ...]
    points: tuple[Point, ...]
    solid: str
    """The path between periods that are over."""
    dashed: str
    """The path to and from a period that is not over."""
    ends: tuple[Point, ...]
    """The first and the last whole period: the chart writes their values."""


@dataclass(frozen=True)
class TwoLines:
    """Activity and value over the same time: two panels, one axis."""

    activity: Line
    value: Line
    dates: tuple[Tick, ...]
    radius: float
    """The radius of a point in pixels: the more periods, the smaller."""
    unfinished: bool
    """Whether a period is not over."""


class Bar(NamedTuple):
    """The response of one group: a dot at the estimate, on the line of its 90 % range."""

    group: ReachGroup
    x: float
    low: float
    high: float


@dataclass(frozen=True)
class Bars:
    """The response of all groups on one scale."""

    ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]


def draw_two_lines(periods: Sequence[Period]) -> TwoLines | None:
    """Active people and two-way pairs over time; None with fewer than two periods to join."""
    if len(periods) < 2:
        return None
    return TwoLines(
        activity=draw_line(periods, [period.people for period in periods]),
        value=draw_line(periods, [period.two_way for period in periods]),
        dates=label_dates(periods),
        radius=3 if len(periods) <= 60 else 1.5,
        unfinished=not all(period.whole for period in periods),
    )


def draw_line(periods: Sequence[Period], values: Sequence[int]) -> Line:
    """One quantity over time."""
    scale = linear_scale(values)
    points = tuple(
        Point(_position(index, len(periods)), invert(scale.at(value)), value, period)
        for index, (period, value) in enumerate(zip(periods, values, strict=True))
    )
    whole = [point for point in points if point.period.whole]
    strokes = list(pairwise(points))
    return Line(
        ticks=from_top(scale.ticks()),
        points=points,
        solid=_path((start, end) for start, end in strokes if start.period.whole and end.period.whole),
        dashed=_path((start, end) for start, end in strokes if not (start.period.whole and end.period.whole)),
        ends=tuple(dict.fromkeys(whole[:1] + whole[-1:])),
    )


def label_dates(periods: Sequence[Period], most: int = 6) -> tuple[Tick, ...]:
    """At most `most` labels at even distances, from the first on; every second one stays if there is little room."""
    apart = -(-len(periods) // most)
    picked = range(0, len(periods), apart)
    return tuple(
        Tick(_position(index, len(periods)), clip(periods[index].label, LONGEST_DATE), turn % 2 == 0) for turn, index in enumerate(picked)
    )


def draw_bars(groups: Sequence[ReachGroup]) -> Bars | None:
    """The response of the groups, in their order; None without groups."""
    if not groups:
        return None
    scale = linear_scale((max(group.high, group.per_100) for group in groups), whole=False)
    return Bars(scale.ticks(), tuple(Bar(group, scale.at(group.per_100), scale.at(group.low), scale.at(group.high)) for group in groups))


def _position(index: int, of: int) -> float:
    return round(100 * index / (of - 1), 1) if of > 1 else 50.0


def _path(strokes: Iterable[tuple[Point, Point]]) -> str:
    """An SVG path of strokes between neighbours; strokes that share a point are one line."""
    path, last = "", None
    for start, end in strokes:
        path += "" if start is last else f"M{start.x:g} {start.y:g}"
        path += f"L{end.x:g} {end.y:g}"
        last = end
    return path
