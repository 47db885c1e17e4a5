"""Pictures as small SVG files: dots with ranges, rows of dots, and curves. The same numbers give the same bytes.

An SVG file does not know whether the page that shows it is light or dark. So all colours are middle tones with a contrast of 3.8 and more
on white and on near black, and there is no background. Whatever a colour says, a shape or a word says too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import log1p
from typing import Literal, NamedTuple

INK = "#767676"
TONES = ("#2f7fd1", "#c2611f", "#278a5f", "#a85bc0", "#8a7a20", "#d04545", "#b5588f", "#1c8a94")
LETTER = 7
"""Approximate width of a letter, in pixels."""
ROW = 16
"""Height of a row, in pixels."""

Shape = Literal["circle", "square", "diamond", "triangle"]
SHAPES: tuple[Shape, ...] = ("circle", "square", "diamond", "triangle")


@dataclass(frozen=True)
class Axis:
    """An axis from low to high, with marks. If `bent`, it is logarithmic in 1 + value, so that 0 has a position."""

    label: str
    low: float
    high: float
    marks: Sequence[float]
    bent: bool = False
    percent: bool = False

    def position(self, value: float) -> float:
        """The position of a value, 0 to 1. A value outside the axis has the position of the nearest end.

        >>> Axis("people", 0, 10, ()).position(2.5), Axis("people", 0, 10, ()).position(11)
        (0.25, 1.0)
        """
        low, high, scaled = (log1p(x) if self.bent else x for x in (self.low, self.high, value))
        return min(1.0, max(0.0, (scaled - low) / (high - low)))

    def label_of(self, mark: float) -> str:
        """The label of a mark.

        >>> Axis("share", 0, 1, (), percent=True).label_of(0.9), Axis("lead", -1, 1, ()).label_of(-0.1)
        ('90 %', '−0.1')
        """
        return (f"{mark:.0%}".replace("%", " %") if self.percent else f"{mark:g}").replace("-", "−")


class Dot(NamedTuple):
    """A point with the range of its value."""

    x: float
    y: float
    low: float
    high: float


class Series(NamedTuple):
    """Dots that belong together."""

    label: str
    dots: Sequence[Dot]


class Box(NamedTuple):
    """The area of a diagram within its picture, in pixels."""

    left: float
    top: float
    wide: float
    high: float

    def x(self, axis: Axis, value: float) -> float:
        """Pixels from the left of the picture."""
        return self.left + self.wide * axis.position(value)

    def y(self, axis: Axis, value: float) -> float:
        """Pixels from the top of the picture."""
        return self.top + self.high * (1 - axis.position(value))


def tone(number: int) -> str:
    """The colour of a series."""
    return TONES[number % len(TONES)]


def shape(number: int) -> Shape:
    """The shape of a series' dots."""
    return SHAPES[number % len(SHAPES)]


def line(x1: float, y1: float, x2: float, y2: float, colour: str = INK, extra: str = "") -> str:
    """A straight line."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"{extra}/>'


def text(x: float, y: float, content: str, anchor: str = "middle", extra: str = "") -> str:
    """A line of text."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{extra}>{escape(content)}</text>'


def mark(x: float, y: float, kind: Shape, colour: str) -> str:
    """A dot of a shape and colour."""
    if kind == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{colour}"/>'
    corners = {
        "square": ((-4, -4), (4, -4), (4, 4), (-4, 4)),
        "diamond": ((0, -6), (6, 0), (0, 6), (-6, 0)),
        "triangle": ((0, -5.5), (5.5, 4), (-5.5, 4)),
    }[kind]
    return f'<polygon points="{" ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)}" fill="{colour}"/>'


def frame(box: Box, x: Axis, y: Axis | None) -> Iterable[str]:
    """The axes of a diagram."""
    bottom, right = box.top + box.high, box.left + box.wide
    yield line(box.left, bottom, right, bottom)
    for value in x.marks:
        left = box.x(x, value)
        yield line(left, bottom, left, bottom + 5)
        yield text(left, bottom + 19, x.label_of(value))
    yield text(box.left + box.wide / 2, bottom + 40, x.label)
    if y:
        yield line(box.left, box.top, box.left, bottom)
        for value in y.marks:
            top = box.y(y, value)
            yield line(box.left - 5, top, box.left, top)
            yield text(box.left - 9, top + 4, y.label_of(value), "end")
        yield text(box.left - 40, box.top - 14, y.label, "start")


def picture(size: tuple[float, float], title: str, description: str, parts: Iterable[str]) -> str:
    """A complete SVG file."""
    wide, high = size
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {high:g}" width="{wide:g}" height="{high:g}" role="img"'
    style = f'font-family="system-ui, sans-serif" font-size="13" fill="{INK}" stroke-width="1.5"'
    texts = f"<title>{escape(title)}</title>\n<desc>{escape(description)}</desc>"
    return "\n".join([f"{head} {style}>", texts, *parts, "</svg>", ""])


def dots(title: str, description: str, axes: tuple[Axis, Axis], series: Sequence[Series], *, level: float | None = None) -> str:
    """Dots with vertical ranges, and a dashed line: at a level, or without one, the diagonal on which both axes agree."""
    x, y = axes
    box = Box(62, 62 if len(series) > 1 else 40, 520, 320)
    ends = (x.low, y.low, min(x.high, y.high), min(x.high, y.high)) if level is None else (x.low, level, x.high, level)
    names, _ = legend([group.label for group in series], 14, 18, 610) if len(series) > 1 else ([], 0)
    parts = [
        *names,
        *frame(box, x, y),
        line(box.x(x, ends[0]), box.y(y, ends[1]), box.x(x, ends[2]), box.y(y, ends[3]), INK, ' stroke-dasharray="5 5"'),
    ]
    for number, group in enumerate(series):
        colour = tone(number)
        for dot in group.dots:
            # The series stand side by side. Otherwise similar ranges would hide each other.
            left = box.x(x, dot.x) + 6 * number - 3 * (len(series) - 1)
            parts += [
                line(left, box.y(y, dot.low), left, box.y(y, dot.high), colour, ' stroke-width="2.5"'),
                mark(left, box.y(y, dot.y), shape(number), colour),
            ]
    return picture((620, box.top + 380), title, description, parts)


def legend(names: Sequence[str], left: float, top: float, wide: float) -> tuple[list[str], float]:
    """The shape and colour of each name, in as many rows as needed, and the bottom of the last row."""
    parts, x = [], left
    for number, name in enumerate(names):
        room = LETTER * len(name) + 34
        if x + room > wide and x > left:
            x, top = left, top + 20
        parts += [mark(x + 6, top - 4, shape(number), tone(number)), text(x + 16, top, name, "start")]
        x += room
    return parts, top


def rows(title: str, description: str, x: Axis, names: Sequence[str], series: Sequence[Series]) -> str:
    """One row for each name, with a dot and its horizontal range for each series. A dot's `y` is the number of its row."""
    height = ROW * len(series) + 10
    left = 14 + LETTER * max(map(len, names), default=0)
    labels, top = legend([group.label for group in series], 14, 22, 700)
    box = Box(left, top + 16, 700 - left - 20, height * len(names))
    parts = [*labels, *frame(box, x, None), line(box.x(x, 0), box.top, box.x(x, 0), box.top + box.high, INK, ' stroke-dasharray="5 5"')]
    parts += [text(left - 10, box.top + height * (i + 0.5) + 4, name, "end") for i, name in enumerate(names)]
    for number, group in enumerate(series):
        for dot in group.dots:
            y = box.top + height * dot.y + 5 + ROW * (number + 0.5)
            ends = [box.x(x, value) for value in (dot.low, dot.high)]
            parts += [
                line(ends[0], y, ends[1], y, tone(number), ' stroke-width="2.5"'),
                mark(box.x(x, dot.x), y, shape(number), tone(number)),
            ]
    return picture((700, box.top + box.high + 56), title, description, parts)


def curves(title: str, description: str, axes: tuple[Axis, Axis], panels: Sequence[tuple[str, Sequence[Series]]]) -> str:
    """Panels, two in a row, each with one curve for each series."""
    x, y = axes
    parts, top = legend([group.label for group in panels[0][1]], 14, 22, 700)
    for number, (name, series) in enumerate(panels):
        box = Box(62 + 345 * (number % 2), top + 62 + 290 * (number // 2), 255, 170)
        parts += [*frame(box, x, y), text(box.left - 40, box.top - 34, name, "start", ' font-weight="600"')]
        for i, group in enumerate(series):
            points = [(box.x(x, dot.x), box.y(y, dot.y)) for dot in group.dots]
            path = " ".join(f"{left:.1f},{down:.1f}" for left, down in points)
            parts.append(f'<polyline points="{path}" fill="none" stroke="{tone(i)}" stroke-width="2"/>')
            parts += [mark(left, down, shape(i), tone(i)) for left, down in points]
    return picture((700, top + 62 + 290 * -(-len(panels) // 2)), title, description, parts)
