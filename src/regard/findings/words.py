"""Numbers, spans of time and chances, in plain words."""

from __future__ import annotations

from datetime import UTC, datetime

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US


def span(microseconds: float) -> str:
    """A length of time in the largest unit that leaves a whole number above one, or nearly.

    >>> span(28 * DAY_US), span(2 * DAY_US), span(30 * HOUR_US), span(90 * DAY_US), span(800 * DAY_US)
    ('28 days', '2 days', '30 hours', '3 months', '2 years')
    """
    hours, days = microseconds / HOUR_US, microseconds / DAY_US
    if hours < 1:
        return count(max(1, round(microseconds / 60_000_000)), "minute")
    if hours < 36:
        return count(round(hours), "hour")
    if days < 60:
        return count(round(days), "day")
    if days < 700:
        return count(round(days / 30.44), "month")
    return count(round(days / 365.25), "year")


def count(number: int, noun: str, nouns: str | None = None) -> str:
    """A number with its noun.

    >>> count(1, "person", "people"), count(1200, "person", "people")
    ('1 person', '1,200 people')
    """
    return f"{number:,} {noun if number == 1 else (nouns or noun + 's')}"


def people(number: float) -> str:
    """A number of people: whole from ten on, with one decimal below.

    >>> people(37.6), people(3.21), people(0)
    ('38', '3.2', '0')
    """
    return f"{number:,.0f}" if number >= 9.95 or number == int(number) else f"{number:.1f}"


def between(low: float, high: float) -> str:
    """A range.

    >>> between(30, 46), between(2.5, 4.25)
    ('30 to 46', '2.5 to 4.2')
    """
    return f"{people(low)} to {people(high)}"


def percent(share: float) -> str:
    """A share in hundredths.

    >>> percent(0.714)
    '71 %'
    """
    return f"{100 * share:.0f} %"


def day(moment: datetime) -> str:
    """A day as people write it, whatever the machine's language.

    >>> day(datetime(2025, 3, 4))
    '4 Mar 2025'
    """
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return f"{moment.day} {months[moment.month - 1]} {moment.year}"


def moment(microseconds: int) -> datetime:
    """A moment in UTC, of microseconds since 1970."""
    return datetime.fromtimestamp(microseconds // 1_000_000, UTC).replace(microsecond=microseconds % 1_000_000)


def cut(text: str | None, length: int) -> str | None:
    """Words in one line, no longer than that; None for none.

    >>> cut("  one\\n two  three", 9), cut("", 5)
    ('one two…', None)
    """
    line = " ".join((text or "").split())
    return (line if len(line) <= length else line[: length - 1].rstrip() + "…") or None
