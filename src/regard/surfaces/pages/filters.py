"""Numbers, days and chances as the page writes them.

Every function returns plain text; the template escapes it.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from regard.base.text import count

_CHANCES = ((0.8, "very likely"), (0.6, "likely"), (0.4, "even"), (0.2, "unlikely"), (0.0, "very unlikely"))

_DOINGS = {
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

# What no page can hold or show: control signs (a NUL ends the page for some readers), lone surrogates (no UTF-8), non-characters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_ISOLATE, _POP = "\u2068", "\u2069"


def times(value: int) -> str:
    """How often.

    >>> times(1), times(2), times(7)
    ('once', 'twice', '7 times')
    """
    return {1: "once", 2: "twice"}.get(value, f"{value:,} times")


def bins(value: int, length: str) -> str:
    """How many different days, weeks or other spans; `length` is the report's bin in words.

    >>> bins(12, "1 day"), bins(1, "7 days"), bins(3, "6 hours")
    ('on 12 days', 'in 1 week', 'in 3 spans of 6 hours')
    """
    if length == "1 day":
        return f"on {count(value, 'day', 'days')}"
    if length in ("7 days", "1 week"):
        return f"in {count(value, 'week', 'weeks')}"
    return f"in {count(value, 'span', 'spans')} of {length}"


def chance(share: float) -> str:
    """A chance in a word.

    >>> [chance(x) for x in (0.93, 0.6, 0.5, 0.2, 0.0)]
    ['very likely', 'likely', 'even', 'unlikely', 'very unlikely']
    """
    return next((word for least, word in _CHANCES if share >= least), _CHANCES[-1][1])


def doing(kind: str) -> str:
    """What someone did, as a verb; a kind that has none stays as it is.

    >>> doing("thank"), doing("waved")
    ('thanked them', 'waved')
    """
    return _DOINGS.get(kind, kind)


def isolated(text: str) -> str:
    """A name that keeps its direction to itself where no element can hold it, as inside a tooltip (Unicode UAX #9, FSI and PDI).

    >>> isolated("Ann") == chr(0x2068) + "Ann" + chr(0x2069)
    True
    """
    # A PDI of the name's own would end the isolation early.
    return f"{_ISOLATE}{text.replace(_POP, '')}{_POP}"


def printable(text: str) -> str:
    r"""The text with a mark for every sign that a page cannot hold.

    >>> printable("a\x00b\ud800") == "a\ufffdb\ufffd"
    True
    """
    return _UNPRINTABLE.sub("\ufffd", text)


def host(address: str | None) -> str | None:
    """The host an address leads to, or None where it is not one that a page may link: only http and https, no user part.

    >>> host("https://weir.example/t/12"), host("javascript:alert(1)"), host("https://weir.example@evil.example/"), host(None)
    ('weir.example', None, None, None)
    """
    if not address or any(sign.isspace() or not sign.isprintable() for sign in address):
        return None
    try:
        parts = urlsplit(address)
        name = parts.hostname
    except ValueError:
        return None
    return name if parts.scheme in ("http", "https") and "@" not in parts.netloc else None
