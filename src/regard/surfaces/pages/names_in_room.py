"""Which dots have room for their name beside them.

Not a choice of people: whoever stands clear of others gets the name shown; the rest show it when pointed at. Room depends on the screen,
so it is judged for two of them, and the style sheet takes the one that fits.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple
from unicodedata import combining, east_asian_width

LONGEST = 24
"""Letters of a name in a chart."""

Spot = tuple[float, float, str, bool]
"""Across and down in percent, the name, and whether it stands to the left of the dot."""


class Screen(NamedTuple):
    """The smallest chart, in pixels, for which names are placed."""

    width: float
    height: float
    letter: float
    """Mean width of a letter."""
    line: float
    """Height of a line, with air."""


WIDE = Screen(width=560, height=352, letter=6.6, line=18)
"""In a window of 720 pixels."""
NARROW = Screen(width=240, height=352, letter=6.6, line=20)
"""On a phone of 360 pixels."""

_GAP = 9
"""From the middle of a dot to its name."""
_DOT = 5
"""What a dot takes to each side."""


class _Box(NamedTuple):
    left: float
    right: float
    top: float
    foot: float

    def meets(self, other: _Box) -> bool:
        return self.left < other.right and other.left < self.right and self.top < other.foot and other.top < self.foot


def names_in_room(spots: Sequence[Spot], screen: Screen) -> set[int]:
    """The places in `spots` of those whose name covers no dot and no other name; earlier ones are placed first.

    >>> sorted(names_in_room([(10, 50, "Ann", False), (11, 50, "Bo", False), (60, 20, "Cy", False)], WIDE))
    [1, 2]
    """
    dots = sorted((_dot_box(spot, screen), index) for index, spot in enumerate(spots))
    dots.sort(key=lambda dot: dot[0].top)
    tops = [box.top for box, _ in dots]
    placed: list[_Box] = []
    chosen: set[int] = set()
    for index, spot in enumerate(spots):
        name = _name_box(spot, screen)
        near = dots[bisect_left(tops, name.top - 2 * _DOT) : bisect_right(tops, name.foot)]
        if name.left < 0 or name.right > screen.width or any(name.meets(box) for box, other in near if other != index):
            continue
        if not any(name.meets(box) for box in placed):
            placed.append(name)
            chosen.add(index)
    return chosen


def _dot_box(spot: Spot, screen: Screen) -> _Box:
    x, y = spot[0] * screen.width / 100, spot[1] * screen.height / 100
    return _Box(x - _DOT, x + _DOT, y - _DOT, y + _DOT)


def _name_box(spot: Spot, screen: Screen) -> _Box:
    x, y = spot[0] * screen.width / 100, spot[1] * screen.height / 100
    long = _width(spot[2]) * screen.letter
    left = x - _GAP - long if spot[3] else x + _GAP
    return _Box(left, left + long, y - screen.line / 2, y + screen.line / 2)


def _width(text: str) -> float:
    """In letters: those of East Asia take two places, marks that sit on a letter none."""
    return sum(0 if combining(sign) else 2 if east_asian_width(sign) in "WF" else 1 for sign in text)
