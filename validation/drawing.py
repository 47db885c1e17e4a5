"""Pictures as small SVG files: dots with their ranges, rows of them, and curves. The same numbers give the same bytes.

An SVG file that a page shows as a picture can't know whether the page is light or dark. All colours are middle tones with a contrast of
3.8 and more on white and on near black, there is no background, and no colour says anything that a shape or a word does not say too.
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
"""Width of a letter, about."""
ROW = 16

Shape = Literal["circle", "square", "diamond", "triangle"]
SHAPES: tuple[Shape, ...] = ("circle", "square", "diamond", "triangle")


@dataclass(frozen=True)
class Axis:
    """From low to high, with marks; bent so that 1, 3, 10, 30 stand about as far apart and 0 has a place."""

    label: str
    low: float
    high: float
    marks: Sequence[float]
    bent: bool = False
    percent: bool = False

    def at(self, value: float) -> float:
        """The place of a value, 0 to 1; beyond the ends at the ends.

        >>> Axis("people", 0, 10, ()).at(2.5), Axis("people", 0, 10, ()).at(11)
        (0.25, 1.0)
        """
        low, high, here = (log1p(x) if self.bent else x for x in (self.low, self.high, value))
        return min(1.0, max(0.0, (here - low) / (high - low)))

    def said(self, mark: float) -> str:
        """A mark in words.

        >>> Axis("share", 0, 1, (), percent=True).said(0.9), Axis("lead", -1, 1, ()).said(-0.1)
        ('90 %', '−0.1')
        """
        return (f"{mark:.0%}".replace("%", " %") if self.percent else f"{mark:g}").replace("-", "−")


class Dot(NamedTuple):
    """A value with its range."""

    x: float
    y: float
    low: float
    high: float


class Series(NamedTuple):
    """Dots that belong together."""

    label: str
    dots: Sequence[Dot]


class Box(NamedTuple):
    """Where a diagram stands in its picture."""

    left: float
    top: float
    wide: float
    high: float

    def x(self, axis: Axis, value: float) -> float:
        """From the left."""
        return self.left + self.wide * axis.at(value)

    def y(self, axis: Axis, value: float) -> float:
        """From the top."""
        return self.top + self.high * (1 - axis.at(value))


def tone(number: int) -> str:
    """The colour of a series."""
    return TONES[number % len(TONES)]


def shape(number: int) -> Shape:
    """The shape of a series' dots."""
    return SHAPES[number % len(SHAPES)]


def line(x1: float, y1: float, x2: float, y2: float, colour: str = INK, extra: str = "") -> str:
    """A straight line."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"{extra}/>'


def text(x: float, y: float, said: str, anchor: str = "middle", extra: str = "") -> str:
    """A line of words."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{extra}>{escape(said)}</text>'


def mark(x: float, y: float, kind: Shape, colour: str) -> str:
    """A dot of some shape."""
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
        at = box.x(x, value)
        yield line(at, bottom, at, bottom + 5)
        yield text(at, bottom + 19, x.said(value))
    yield text(box.left + box.wide / 2, bottom + 40, x.label)
    if y:
        yield line(box.left, box.top, box.left, bottom)
        for value in y.marks:
            at = box.y(y, value)
            yield line(box.left - 5, at, box.left, at)
            yield text(box.left - 9, at + 4, y.said(value), "end")
        yield text(box.left - 40, box.top - 14, y.label, "start")


def picture(size: tuple[float, float], title: str, words: str, parts: Iterable[str]) -> str:
    """A whole file."""
    wide, high = size
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {high:g}" width="{wide:g}" height="{high:g}" role="img"'
    style = f'font-family="system-ui, sans-serif" font-size="13" fill="{INK}" stroke-width="1.5"'
    told = f"<title>{escape(title)}</title>\n<desc>{escape(words)}</desc>"
    return "\n".join([f"{head} {style}>", told, *parts, "</svg>", ""])


def dots(title: str, words: str, axes: tuple[Axis, Axis], series: Sequence[Series], *, level: float | None = None) -> str:
    """Dots with ranges that stand upright; a dashed line where both axes say the same, or at one level."""
    x, y = axes
    box = Box(62, 62 if len(series) > 1 else 40, 520, 320)
    ends = (x.low, y.low, min(x.high, y.high), min(x.high, y.high)) if level is None else (x.low, level, x.high, level)
    told, _ = legend([one.label for one in series], 14, 18, 610) if len(series) > 1 else ([], 0)
    parts = [
        *told,
        *frame(box, x, y),
        line(box.x(x, ends[0]), box.y(y, ends[1]), box.x(x, ends[2]), box.y(y, ends[3]), INK, ' stroke-dasharray="5 5"'),
    ]
    for number, one in enumerate(series):
        colour = tone(number)
        for dot in one.dots:
            # Side by side: ranges of two series that are alike would hide each other.
            at = box.x(x, dot.x) + 6 * number - 3 * (len(series) - 1)
            parts += [
                line(at, box.y(y, dot.low), at, box.y(y, dot.high), colour, ' stroke-width="2.5"'),
                mark(at, box.y(y, dot.y), shape(number), colour),
            ]
    return picture((620, box.top + 380), title, words, parts)


def legend(names: Sequence[str], left: float, top: float, wide: float) -> tuple[list[str], float]:
    """Which shape and colour is what, in as many rows as it needs, and where it ends."""
    parts, at = [], left
    for number, name in enumerate(names):
        room = LETTER * len(name) + 34
        if at + room > wide and at > left:
            at, top = left, top + 20
        parts += [mark(at + 6, top - 4, shape(number), tone(number)), text(at + 16, top, name, "start")]
        at += room
    return parts, top


def rows(title: str, words: str, x: Axis, names: Sequence[str], series: Sequence[Series]) -> str:
    """One row for each name, one dot with a range that lies for each series; a dot's `y` is the number of its row."""
    apart = ROW * len(series) + 10
    left = 14 + LETTER * max(map(len, names), default=0)
    told, top = legend([one.label for one in series], 14, 22, 700)
    box = Box(left, top + 16, 700 - left - 20, apart * len(names))
    parts = [*told, *frame(box, x, None), line(box.x(x, 0), box.top, box.x(x, 0), box.top + box.high, INK, ' stroke-dasharray="5 5"')]
    parts += [text(left - 10, box.top + apart * (i + 0.5) + 4, name, "end") for i, name in enumerate(names)]
    for number, one in enumerate(series):
        for dot in one.dots:
            y = box.top + apart * dot.y + 5 + ROW * (number + 0.5)
            ends = [box.x(x, value) for value in (dot.low, dot.high)]
            parts += [
                line(ends[0], y, ends[1], y, tone(number), ' stroke-width="2.5"'),
                mark(box.x(x, dot.x), y, shape(number), tone(number)),
            ]
    return picture((700, box.top + box.high + 56), title, words, parts)


def curves(title: str, words: str, axes: tuple[Axis, Axis], panels: Sequence[tuple[str, Sequence[Series]]]) -> str:
    """Panels side by side, two in a row, each with one curve for each series."""
    x, y = axes
    told, top = legend([one.label for one in panels[0][1]], 14, 22, 700)
    parts = told
    for number, (name, series) in enumerate(panels):
        box = Box(62 + 345 * (number % 2), top + 62 + 290 * (number // 2), 255, 170)
        parts += [*frame(box, x, y), text(box.left - 40, box.top - 34, name, "start", ' font-weight="600"')]
        for place, one in enumerate(series):
            at = [(box.x(x, dot.x), box.y(y, dot.y)) for dot in one.dots]
            parts.append(
                f'<polyline points="{" ".join(f"{a:.1f},{b:.1f}" for a, b in at)}" fill="none" stroke="{tone(place)}" stroke-width="2"/>'
            )
            parts += [mark(a, b, shape(place), tone(place)) for a, b in at]
    return picture((700, top + 62 + 290 * -(-len(panels) // 2)), title, words, parts)
