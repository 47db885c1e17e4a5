"""Numbers, dates, durations and shares as text, the same in sentences, in charts and on pages.

Every function returns plain text. A template escapes it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from math import floor, log10

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""English month names. `strftime("%b")` would depend on the reader's locale, and the same report must be the same bytes everywhere."""


def number(value: float) -> str:
    """A count or an expected count: a whole number from 10 on, one decimal below 10, with commas between thousands.

    >>> [number(x) for x in (0, 3, 0.04, 3.72, 9.96, 37.6, 1234.5)]
    ['0', '3', 'under 0.1', '3.7', '10', '38', '1,234']
    """
    if value == int(value):
        return f"{int(value):,}"
    if 0 < value < 0.05:
        return "under 0.1"
    # 9.96 would round to "10.0".
    return f"{value:.1f}" if abs(value) < 9.95 else f"{value:,.0f}"


def number_range(low: float, high: float, to: str = "–") -> str:
    """A range, with both ends as `number` writes them, or one number if both ends look alike.

    >>> number_range(30, 46), number_range(108, 137, " to "), number_range(0.4, 2.25), number_range(3, 3)
    ('30–46', '108 to 137', '0.4–2.2', '3')
    """
    first, last = number(low), number(high)
    return first if first == last else f"{first}{to}{last}"


def between(low: float, high: float) -> str:
    """A range for a sentence. It always has both ends, even if they look alike.

    >>> between(30, 46), between(2.5, 4.25)
    ('30 to 46', '2.5 to 4.2')
    """
    return f"{number(low)} to {number(high)}"


def count(value: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun, in the singular for 1 and in the plural otherwise.

    >>> count(1, "person", "people"), count(1200, "person", "people"), count(2, "tie")
    ('1 person', '1,200 people', '2 ties')
    """
    return f"{value:,} {noun if value == 1 else plural or noun + 's'}"


def estimate(value: float, low: float, high: float) -> tuple[str, str, str]:
    """An estimate and the ends of its range, with no more digits than a range so wide carries.

    >>> estimate(1054, 664, 1444), estimate(5.23, 2.5, 8.7), estimate(0.42, 0.15, 0.6)
    (('1,050', '660', '1,440'), ('5', '2', '9'), ('0.4', '0.1', '0.6'))
    """
    width = high - low
    if width <= 1:
        first, second, third = (number(round(each, 1)) for each in (value, low, high))
        return first, second, third
    unit = max(1, 10 ** (floor(log10(width)) - 1))
    first, second, third = (number(round(each / unit) * unit) for each in (value, low, high))
    return first, second, third


def about(value: float, low: float, high: float, noun: str = "") -> str:
    """An estimate with its range, for a sentence; the noun stands beside the number.

    >>> about(1054, 664, 1444, "people"), about(3.1, 1.9, 4.6)
    ('about 1,050 people (660 to 1,440)', 'about 3 (2 to 5)')
    """
    middle, least, most = estimate(value, low, high)
    return f"about {f'{middle} {noun}'.rstrip()} ({least} to {most})"


def sentence_case(text: str) -> str:
    """The text as the beginning of a sentence.

    >>> sentence_case("about 3 people")
    'About 3 people'
    """
    return text[:1].upper() + text[1:]


def percent(share: float) -> str:
    """A share (0 to 1) in hundredths. Only an exact 0 is "0 %", and only an exact 1 is "100 %".

    >>> percent(0.824), percent(0.001), percent(0.9999), percent(0), percent(1)
    ('82 %', 'under 1 %', 'over 99 %', '0 %', '100 %')
    """
    if 0 < share < 0.005:
        return "under 1 %"
    if 0.995 <= share < 1:
        return "over 99 %"
    return f"{100 * share:.0f} %"


def duration(microseconds: float) -> str:
    """A length of time in one unit: minutes under an hour, hours under 36 hours, days or whole weeks under 60 days, months under 700 days,
    then years.

    >>> duration(28 * DAY_US), duration(2 * DAY_US), duration(30 * HOUR_US), duration(90 * DAY_US), duration(800 * DAY_US)
    ('4 weeks', '2 days', '30 hours', '3 months', '2 years')
    >>> duration(DAY_US), duration(7 * DAY_US), duration(15 * DAY_US)
    ('1 day', '7 days', '15 days')
    """
    hours, days = microseconds / HOUR_US, microseconds / DAY_US
    if hours < 1:
        return count(max(1, round(microseconds / 60_000_000)), "minute")
    if hours < 36 and round(hours) != 24:
        return count(round(hours), "hour")
    if days < 60 and round(days) >= 14 and round(days) % 7 == 0:
        return count(round(days) // 7, "week")
    if days < 60:
        return count(round(days), "day")
    if days < 700:
        return count(round(days / 30.44), "month")
    return count(round(days / 365.25), "year")


def without_one(length: str) -> str:
    """A duration behind "the last" or "the next", where "1 day" is just "day".

    >>> without_one(duration(DAY_US)), without_one(duration(28 * DAY_US))
    ('day', '4 weeks')
    """
    return length.removeprefix("1 ")


def utc_datetime(microseconds: int) -> datetime:
    """The UTC datetime of a number of microseconds since 1970.

    >>> utc_datetime(1).isoformat()
    '1970-01-01T00:00:00.000001+00:00'
    """
    return datetime.fromtimestamp(microseconds // 1_000_000, UTC).replace(microsecond=microseconds % 1_000_000)


def day(when: date) -> str:
    """A day. A datetime with a time zone is converted to UTC first.

    >>> day(date(2025, 3, 14)), day(datetime(2025, 3, 14, 23, 30, tzinfo=UTC))
    ('14 Mar 2025', '14 Mar 2025')
    """
    at = _utc(when)
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"


def iso_day(when: date) -> str:
    """A day in ISO 8601, as in the `<time datetime>` of a page.

    >>> iso_day(date(2025, 3, 4))
    '2025-03-04'
    """
    at = _utc(when)
    return f"{at.year:04}-{at.month:02}-{at.day:02}"


def moment(when: datetime) -> str:
    """A day and a time in UTC.

    >>> moment(datetime(2025, 3, 14, 9, 5, tzinfo=UTC))
    '14 Mar 2025, 09:05 UTC'
    """
    at = _utc(when)
    assert isinstance(at, datetime)
    return f"{day(at)}, {at.hour:02}:{at.minute:02} UTC"


def clip(text: str, length: int) -> str:
    """A text of at most `length` characters, such as a name in a chart. A longer text ends in an ellipsis.

    >>> clip("Ann", 8), clip("Annabel Lee the Third", 8)
    ('Ann', 'Annabel…')
    """
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def one_line(text: str | None, length: int) -> str | None:
    """A text as one line of at most `length` characters, or None if nothing is left.

    >>> one_line("  one\\n two  three", 9), one_line("", 5)
    ('one two…', None)
    """
    return clip(" ".join((text or "").split()), length) or None


def _utc(when: date) -> date:
    return when.astimezone(UTC) if isinstance(when, datetime) and when.tzinfo is not None else when
