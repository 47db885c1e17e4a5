"""Numbers, days and chances as the page writes them.

Every function but `by_name` returns plain text; the template escapes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol, TypeVar

_CHANCES = ((0.8, "very likely"), (0.6, "likely"), (0.4, "about 50-50"), (0.2, "less likely"), (0.0, "unlikely"))

_VERBS = {
    "post": "posted",
    "reply": "replied",
    "mention": "mentioned them",
    "message": "wrote",
    "share": "shared",
    "react": "reacted",
    "thank": "thanked them",
    "follow": "followed",
    "unfollow": "stopped following",
    "join": "joined",
}

# Characters that no page can hold or show: control characters (a NUL ends the page for some readers), lone surrogates (UTF-8 has none),
# and non-characters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_ISOLATE, _POP = "\u2068", "\u2069"


class Named(Protocol):
    """Anything with a name and a number."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def number(self) -> int:
        """What tells those of one name apart."""


N = TypeVar("N", bound=Named)


def times(value: int) -> str:
    """How often.

    >>> times(1), times(2), times(7)
    ('once', 'twice', '7 times')
    """
    return {1: "once", 2: "twice"}.get(value, f"{value:,} times")


def bins(value: int, length: str) -> str:
    """On how many different days, or in how many weeks or other spans; `length` is the report's bin in words.

    >>> bins(12, "1 day"), bins(1, "1 day"), bins(1, "7 days"), bins(3, "6 hours")
    ('on 12 days', 'on one day', 'in one week', 'in 3 spans of 6 hours')
    """
    many = "one" if value == 1 else f"{value:,}"
    if length == "1 day":
        return f"on {many} {'day' if value == 1 else 'days'}"
    if length == "7 days":
        return f"in {many} {'week' if value == 1 else 'weeks'}"
    return f"in {many} {'span' if value == 1 else 'spans'} of {length}"


def chance(share: float) -> str:
    """A chance in a word.

    >>> [chance(x) for x in (0.93, 0.6, 0.5, 0.2, 0.0)]
    ['very likely', 'likely', 'about 50-50', 'less likely', 'unlikely']
    """
    return next((word for least, word in _CHANCES if share >= least), _CHANCES[-1][1])


def doing(kind: str) -> str:
    """What someone did, as a verb; a kind without a verb stays as it is.

    >>> doing("thank"), doing("waved")
    ('thanked them', 'waved')
    """
    return _VERBS.get(kind, kind)


def isolated(text: str) -> str:
    """A name whose writing direction does not change that of the text around it (Unicode UAX #9, FSI and PDI).

    It is for names where no element can isolate them, as inside a tooltip.

    >>> isolated("Ann") == chr(0x2068) + "Ann" + chr(0x2069)
    True
    """
    # A PDI inside the name would end the isolation early.
    return f"{_ISOLATE}{text.replace(_POP, '')}{_POP}"


def printable(text: str) -> str:
    r"""The text with a mark for every character that a page cannot hold.

    >>> printable("a\x00b\ud800") == "a\ufffdb\ufffd"
    True
    """
    return _UNPRINTABLE.sub("\ufffd", text)


def by_name(people: Iterable[N]) -> tuple[N, ...]:
    """People sorted by name: wherever people are listed, the order says nothing about them."""
    return tuple(sorted(people, key=lambda person: (person.name.casefold(), person.name, person.number)))


def position(percent: float) -> str:
    """A percentage of a chart's width or height, without a useless ".0": a thousand dots hold four each.

    >>> position(12.5), position(40.0)
    ('12.5%', '40%')
    """
    return f"{percent:g}%"


def share_position(share: float) -> str:
    """A share from 0 to 1 as a position in a chart.

    >>> share_position(0.2189)
    '21.9%'
    """
    return position(round(100 * share, 1))
