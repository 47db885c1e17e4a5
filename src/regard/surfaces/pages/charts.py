"""Where everything stands in the charts: plain numbers, no markup.

All places are percentages of the chart's width (from the left) and height (from the top), so that the drawing fits a phone and a wide screen
with dots and letters of one size. The templates draw them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from regard.findings.base import Card, Period, ReachGroup
from regard.surfaces.pages.names_in_room import LONGEST, NARROW, WIDE, names_in_room
from regard.surfaces.pages.scales import Scale, Tick, linear_scale, log_scale
from regard.surfaces.pages.words import clip

SHARES = ((1.0, "all kept"), (0.1, "1 in 10"), (0.01, "1 in 100"))
"""The guides of the plane: of those reached, how many are kept."""


@dataclass(frozen=True)
class Dot:
    """One person on the plane."""

    card: Card
    x: float
    y: float
    y_low: float
    """Place of the lower end of the range."""
    y_high: float
    label: str
    """The name, short enough for a chart."""
    wide: bool = False
    """Whether the name stands beside the dot on a wide screen, without being asked for."""
    narrow: bool = False
    """The same on a phone."""

    @property
    def leftward(self) -> bool:
        """Whether the name stands to the left of the dot."""
        return self.x > 70


class Guide(NamedTuple):
    """A line of those who keep the same share of the people they reached."""

    label: str
    path: str
    x: float
    """Where it leaves the chart."""
    y: float


@dataclass(frozen=True)
class Plane:
    """One dot a person: reached across, kept up, both logarithmic."""

    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    guides: tuple[Guide, ...]
    dots: tuple[Dot, ...]
    radius: float
    """Of a dot, in pixels: the more people, the smaller."""


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
    """Without the periods that may not be shown."""
    solid: str
    dashed: str
    """The parts that begin or end in a period that is not over."""


@dataclass(frozen=True)
class TwoLines:
    """Activity and value over the same time: two panels, one axis."""

    activity: Line
    value: Line
    dates: tuple[Tick, ...]
    unfinished: bool
    """Whether a period shown is not over."""


class Bar(NamedTuple):
    """The response of one group: a dot on its quartiles."""

    group: ReachGroup
    x: float
    low: float
    high: float


@dataclass(frozen=True)
class Bars:
    """The response of all groups on one scale."""

    ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]


def plane(people: Sequence[Card]) -> Plane | None:
    """The plane of these people, in their order; None without people."""
    if not people:
        return None
    # An empty strip before the first value keeps the dots there off the frame.
    across = log_scale((card.reached for card in people), low=0.5 if min(card.reached for card in people) >= 1 else -0.15)
    up = log_scale((card.kept for card in people), low=-0.15)
    dots = [_dot(card, across, up) for card in people]
    return Plane(across.ticks(), _from_top(up.ticks()), _guides(across, up), _with_names(dots), _radius(len(dots)))


def two_lines(periods: Sequence[Period]) -> TwoLines | None:
    """Active people and two-way pairs over time; None where there are fewer than two periods to join."""
    if len(periods) < 2:
        return None
    return TwoLines(
        activity=line(periods, [period.people for period in periods]),
        value=line(periods, [period.two_way for period in periods]),
        dates=dates(periods),
        unfinished=not all(period.whole for period in periods),
    )


def line(periods: Sequence[Period], values: Sequence[int | None]) -> Line:
    """One quantity over time; a period without a value is a gap."""
    scale = linear_scale(value for value in values if value is not None)
    places = [
        Point(_place(index, len(periods)), _turned(scale.at(value)), value, period) if value is not None else None
        for index, (period, value) in enumerate(zip(periods, values, strict=True))
    ]
    joined = [(one, other) for one, other in zip(places, places[1:], strict=False) if one and other]
    return Line(
        ticks=_from_top(scale.ticks()),
        points=tuple(point for point in places if point),
        solid=_path((one, other) for one, other in joined if one.period.whole and other.period.whole),
        dashed=_path((one, other) for one, other in joined if not (one.period.whole and other.period.whole)),
    )


def dates(periods: Sequence[Period], most: int = 6) -> tuple[Tick, ...]:
    """At most `most` labels at even distances, from the first on; every second one stays where there is little room."""
    apart = -(-len(periods) // most)
    picked = range(0, len(periods), apart)
    return tuple(Tick(_place(index, len(periods)), periods[index].label, turn % 2 == 0) for turn, index in enumerate(picked))


def bars(groups: Sequence[ReachGroup]) -> Bars | None:
    """The response of the groups, in their order; None without groups."""
    if not groups:
        return None
    scale = linear_scale((max(group.high, group.per_100) for group in groups), whole=False)
    return Bars(scale.ticks(), tuple(Bar(group, scale.at(group.per_100), scale.at(group.low), scale.at(group.high)) for group in groups))


def _dot(card: Card, across: Scale, up: Scale) -> Dot:
    return Dot(
        card,
        across.at(card.reached),
        _turned(up.at(card.kept)),
        _turned(up.at(card.low)),
        _turned(up.at(card.high)),
        clip(card.name, LONGEST),
    )


def _with_names(dots: Sequence[Dot]) -> tuple[Dot, ...]:
    spots = [(dot.x, dot.y, dot.label, dot.leftward) for dot in dots]
    wide, narrow = names_in_room(spots, WIDE), names_in_room(spots, NARROW)
    return tuple(replace(dot, wide=index in wide, narrow=index in narrow) for index, dot in enumerate(dots))


def _radius(dots: int) -> float:
    return 6 if dots <= 80 else 4.5 if dots <= 400 else 3.5


def _guides(across: Scale, up: Scale) -> tuple[Guide, ...]:
    """Those that rise above one person kept; the others would lie on the axis."""
    return tuple(_guide(share, label, across, up) for share, label in SHARES if share * across.top > 1)


def _guide(share: float, label: str, across: Scale, up: Scale) -> Guide:
    end = min(across.top, up.top / share)
    steps = 24
    # Even steps on the screen, not in people: the bend is where few people are.
    bends = [(1 + across.low) * ((1 + end) / (1 + across.low)) ** (step / steps) - 1 for step in range(steps + 1)]
    places = [(across.at(reached), _turned(up.at(share * reached))) for reached in bends]
    return Guide(label, "M" + "L".join(f"{x:g} {y:g}" for x, y in places), *places[-1])


def _place(index: int, of: int) -> float:
    return round(100 * index / (of - 1), 1) if of > 1 else 50.0


def _turned(at: float) -> float:
    """From the bottom to from the top, as the screen counts."""
    return round(100 - at, 1)


def _from_top(ticks: Iterable[Tick]) -> tuple[Tick, ...]:
    return tuple(tick._replace(at=_turned(tick.at)) for tick in ticks)


def _path(joined: Iterable[tuple[Point, Point]]) -> str:
    """An SVG path through these pairs of neighbours; pairs that share a point are one stroke."""
    path, end = "", None
    for one, other in joined:
        path += "" if one is end else f"M{one.x:g} {one.y:g}"
        path += f"L{other.x:g} {other.y:g}"
        end = other
    return path
