"""Label placement: which dots have room for their name beside them.

It chooses no people: a dot that stands clear of others gets its name shown, and any other shows it when somebody points at the dot. Room
depends on the screen. It is therefore judged for two screens, and the style sheet takes the one that fits.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple
from unicodedata import combining, east_asian_width

LONGEST = 24
"""Letters of a name in a chart."""


class Labelled(NamedTuple):
    """A dot with its name."""

    x: float
    """Percentage from the left."""
    y: float
    """Percentage from the top."""
    name: str
    sides: tuple[bool, ...]
    """Where the name may stand, best first: True for the left of the dot, False for the right."""


class Screen(NamedTuple):
    """The smallest chart, in pixels, for which names are placed."""

    width: float
    height: float
    letter: float
    """Mean width of a letter."""
    line: float
    """Height of a line, with air."""


WIDE = Screen(width=860, height=510, letter=6.6, line=18)
"""The chart in a window of 1,024 pixels, the narrowest for which the style sheet uses it."""
NARROW = Screen(width=240, height=352, letter=6.6, line=20)
"""The chart on a phone of 360 pixels; it serves all windows between."""

_GAP = 9
"""Pixels from the middle of a dot to its name."""
_DOT = 5
"""Pixels that a dot takes to each side of its middle."""


class _Box(NamedTuple):
    left: float
    right: float
    top: float
    foot: float

    def meets(self, other: _Box) -> bool:
        return self.left < other.right and other.left < self.right and self.top < other.foot and other.top < self.foot


def place_labels(dots: Sequence[Labelled], screen: Screen) -> dict[int, bool]:
    """The names that cover no dot and no other name: the index of the dot in `dots`, and the side. Earlier dots are served first.

    >>> right = (False,)
    >>> place_labels([Labelled(10, 50, "Ann", right), Labelled(11, 50, "Bo", right), Labelled(60, 20, "Cy", right)], WIDE)
    {1: False, 2: False}
    """
    room = _Room([_dot_box(dot, screen) for dot in dots], screen)
    chosen: dict[int, bool] = {}
    for index, dot in enumerate(dots):
        for leftward in dot.sides:
            name = _name_box(dot, leftward, screen)
            if room.has(name, index):
                room.names.append(name)
                chosen[index] = leftward
                break
    return chosen


class _Room:
    """What is taken: dots by their height, since most names meet none, and names."""

    def __init__(self, dots: Sequence[_Box], screen: Screen) -> None:
        self._dots = sorted(((box, index) for index, box in enumerate(dots)), key=lambda dot: dot[0].top)
        self._tops = [box.top for box, _ in self._dots]
        self._width = screen.width
        self.names: list[_Box] = []

    def has(self, name: _Box, own: int) -> bool:
        """Whether the name of dot `own` fits."""
        if name.left < 0 or name.right > self._width:
            return False
        near = self._dots[bisect_left(self._tops, name.top - 2 * _DOT) : bisect_right(self._tops, name.foot)]
        return not (any(name.meets(box) for box, index in near if index != own) or any(name.meets(box) for box in self.names))


def _dot_box(dot: Labelled, screen: Screen) -> _Box:
    x, y = dot.x * screen.width / 100, dot.y * screen.height / 100
    return _Box(x - _DOT, x + _DOT, y - _DOT, y + _DOT)


def _name_box(dot: Labelled, leftward: bool, screen: Screen) -> _Box:
    x, y = dot.x * screen.width / 100, dot.y * screen.height / 100
    length = _width(dot.name) * screen.letter
    left = x - _GAP - length if leftward else x + _GAP
    return _Box(left, left + length, y - screen.line / 2, y + screen.line / 2)


def _width(text: str) -> float:
    """The width in letters: a letter of East Asia counts two, a mark that sits on a letter none."""
    return sum(0 if combining(sign) else 2 if east_asian_width(sign) in "WF" else 1 for sign in text)
