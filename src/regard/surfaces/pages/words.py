"""Numbers, days and chances as the page writes them.

Every function returns plain text; the template escapes it.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""Written here because `strftime("%b")` follows the reader's locale, and the same report must be the same bytes everywhere."""

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


def number(value: float) -> str:
    """A count or an expected count: no decimals from 10 on, one below, thousands apart.

    >>> [number(x) for x in (0, 3, 0.04, 3.72, 9.96, 37.6, 1234.5)]
    ['0', '3', 'under 0.1', '3.7', '10', '38', '1,234']
    """
    if value == int(value):
        return f"{int(value):,}"
    if 0 < value < 0.05:
        return "under 0.1"
    # 9.96 would round to "10.0".
    return f"{value:.1f}" if abs(value) < 9.95 else f"{value:,.0f}"


def span(low: float, high: float, to: str = "–") -> str:
    """A range, both ends as `number` writes them.

    >>> span(30, 46), span(108, 137, " to "), span(0.4, 2.25), span(3, 3)
    ('30–46', '108 to 137', '0.4–2.2', '3')
    """
    first, last = number(low), number(high)
    return first if first == last else f"{first}{to}{last}"


def count(value: int, one: str, many: str) -> str:
    """How many of a thing.

    >>> count(1, "person", "people"), count(1200, "person", "people")
    ('1 person', '1,200 people')
    """
    return f"{value:,} {one if value == 1 else many}"


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


def percent(share: float) -> str:
    """A chance in hundredths, never a false "0 %" or "100 %".

    >>> percent(0.824), percent(0.001), percent(0.9999), percent(0), percent(1)
    ('82 %', 'under 1 %', 'over 99 %', '0 %', '100 %')
    """
    if 0 < share < 0.005:
        return "under 1 %"
    if 0.995 <= share < 1:
        return "over 99 %"
    return f"{100 * share:.0f} %"


def chance(share: float) -> str:
    """A chance in a word.

    >>> [chance(x) for x in (0.93, 0.6, 0.5, 0.2, 0.0)]
    ['very likely', 'likely', 'even', 'unlikely', 'very unlikely']
    """
    return next((word for least, word in _CHANCES if share >= least), _CHANCES[-1][1])


def day(when: date) -> str:
    """A day, in UTC where it has a time.

    >>> day(date(2025, 3, 14)), day(datetime(2025, 3, 14, 23, 30, tzinfo=UTC))
    ('14 Mar 2025', '14 Mar 2025')
    """
    at = _utc(when)
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"


def iso(when: date) -> str:
    """The same day for machines: the page's `<time datetime>`.

    >>> iso(date(2025, 3, 4))
    '2025-03-04'
    """
    at = _utc(when)
    return f"{at.year:04}-{at.month:02}-{at.day:02}"


def moment(when: datetime) -> str:
    """A moment in UTC.

    >>> moment(datetime(2025, 3, 14, 9, 5, tzinfo=UTC))
    '14 Mar 2025, 09:05 UTC'
    """
    at = _utc(when)
    assert isinstance(at, datetime)
    return f"{day(at)}, {at.hour:02}:{at.minute:02} UTC"


def doing(kind: str) -> str:
    """What someone did, as a verb; a kind that has none stays as it is.

    >>> doing("thank"), doing("waved")
    ('thanked them', 'waved')
    """
    return _DOINGS.get(kind, kind)


def clip(text: str, most: int) -> str:
    """A name short enough to stand in a chart.

    >>> clip("Ann", 8), clip("Annabel Lee the Third", 8)
    ('Ann', 'Annabel…')
    """
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


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


def _utc(when: date) -> date:
    return when.astimezone(UTC) if isinstance(when, datetime) and when.tzinfo is not None else when
