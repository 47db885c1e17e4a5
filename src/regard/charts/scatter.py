"""The plane: one dot a person, people reached across and people kept up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from regard.base.text import clip
from regard.charts.labels import LONGEST, NARROW, WIDE, Labelled, place_labels
from regard.charts.scales import Scale, Tick, from_top, invert, log_scale
from regard.findings.sections.cards import Card

SHARES = ((1.0, "all kept"), (0.1, "1 in 10"), (0.01, "1 in 100"))
"""The guides of the plane: the share of the people reached who are kept, and its label."""

_RIGHT = 70
"""Percentage from the left. Beyond it a long name would leave the chart on the right side."""


@dataclass(frozen=True)
class Dot:
    """One person on the plane."""

    card: Card
    x: float
    y: float
    y_low: float
    """The position of the lower end of the range."""
    y_high: float
    label: str
    """The name, short enough for a chart."""
    wide: bool = False
    """Whether a wide screen shows the name beside the dot without a pointer on it."""
    narrow: bool = False
    """The same on a phone."""
    leftward: bool = False
    """Whether the name stands to the left of the dot."""


class Guide(NamedTuple):
    """A line for all who keep the same share of the people they reached."""

    label: str
    path: str
    x: float
    """The position at which it leaves the chart."""
    y: float


@dataclass(frozen=True)
class Plane:
    """One dot a person: reached across, kept up, both logarithmic."""

    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    guides: tuple[Guide, ...]
    dots: tuple[Dot, ...]
    radius: float
    """The radius of a dot in pixels: the more people, the smaller."""


def draw_plane(people: Sequence[Card]) -> Plane | None:
    """The plane of these people, in their order; None without people."""
    if not people:
        return None
    # An empty strip before the first value keeps the dots there off the frame.
    across = log_scale((card.reached for card in people), low=0.5 if min(card.reached for card in people) >= 1 else -0.15)
    up = log_scale((card.kept for card in people), low=-0.15)
    dots = jitter([_dot(card, across, up) for card in people])
    return Plane(across.ticks(), from_top(up.ticks()), _guides(across, up), _with_names(dots), _radius(len(dots)))


def jitter(dots: Sequence[Dot], apart: float = 0.7, most: int = 7) -> list[Dot]:
    """Move dots that would hide each other side by side: on a wide screen by less than two widths of a dot.

    Many people are reached by one or two and kept by none. Without this nobody could see or choose the dots beneath.
    `apart` is the distance in percent, `most` the number of dots side by side.
    """
    crowd: dict[tuple[int, int], int] = {}
    moved = []
    for dot in dots:
        cell = (round(dot.x / apart), round(dot.y / apart / 1.7))  # a chart is about 1.7 times as wide as high
        turn = crowd.get(cell, 0)
        crowd[cell] = turn + 1
        step = turn % most
        aside = (step + 1) // 2 * (1 if step % 2 else -1)
        moved.append(replace(dot, x=round(min(100, max(0, dot.x + aside * apart)), 1)))
    return moved


def _dot(card: Card, across: Scale, up: Scale) -> Dot:
    return Dot(
        card,
        across.at(card.reached),
        invert(up.at(card.kept)),
        invert(up.at(card.low)),
        invert(up.at(card.high)),
        clip(card.name, LONGEST),
    )


def _with_names(dots: Sequence[Dot]) -> tuple[Dot, ...]:
    # Near the right edge a name must go to the left; elsewhere either side will do.
    tries = [(dot.x > _RIGHT, dot.x <= _RIGHT) for dot in dots]
    wide = place_labels([Labelled(dot.x, dot.y, dot.label, sides) for dot, sides in zip(dots, tries, strict=True)], WIDE)
    sides = [wide.get(index, tries[index][0]) for index in range(len(dots))]
    narrow = place_labels([Labelled(dot.x, dot.y, dot.label, (side,)) for dot, side in zip(dots, sides, strict=True)], NARROW)
    return tuple(replace(dot, wide=index in wide, narrow=index in narrow, leftward=sides[index]) for index, dot in enumerate(dots))


def _radius(dots: int) -> float:
    return 6 if dots <= 80 else 4.5 if dots <= 400 else 3.5


def _guides(across: Scale, up: Scale) -> tuple[Guide, ...]:
    """The guides that rise above one person kept; any other would lie on the axis."""
    return tuple(_guide(share, label, across, up) for share, label in SHARES if share * across.top > 1)


def _guide(share: float, label: str, across: Scale, up: Scale) -> Guide:
    end = min(across.top, up.top / share)
    steps = 24
    # The steps are even on the screen, not in people: the line bends where numbers are small.
    bends = [(1 + across.low) * ((1 + end) / (1 + across.low)) ** (step / steps) - 1 for step in range(steps + 1)]
    points = [(across.at(reached), invert(up.at(share * reached))) for reached in bends]
    return Guide(label, "M" + "L".join(f"{x:g} {y:g}" for x, y in points), *points[-1])
