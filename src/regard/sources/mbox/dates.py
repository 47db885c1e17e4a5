"""When a message was sent.

A message has two clocks. The Date header is written by the sender's machine, and some such clocks are wrong by years. The date in the
From_ line is the date of delivery, written by a server. Pipermail writes it in the server's own zone without naming the zone, so it may
be wrong by hours. The Date header is used unless it is missing, more than a year away from the delivery, or the same on messages that were
delivered on different days. A zone whose name is unknown or means several is not guessed: the delivery is taken, or the clock as UTC and
only to the day.
"""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate_tz
from typing import Final, NamedTuple

from regard.record.schema import Clock, Precision
from regard.sources.mbox.headers import Headers
from regard.sources.mbox.zones import split_zone

MAX_CLOCK_ERROR: Final = 366 * 86_400 * 1_000_000
"""Microseconds. A Date header further than this from the delivery comes from a clock that was never set."""

MAX_TRANSIT: Final = 36 * 3_600 * 1_000_000
"""Microseconds. A delivery no further than this from a clock in an unknown zone is that message's."""

DATE_OF_DELIVERY: Final = "date of delivery"
NO_ZONE: Final = "clock without a zone, read as UTC"
UNKNOWN_ZONE: Final = "clock in a zone that is not known, read as UTC, right to the day"
"""Notes of an act about the quality of its time."""

_MONTHS = {"Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6, "Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10, "Nov": 11, "Dec": 12}
_MONTH = "|".join(_MONTHS)
_RFC_5322 = re.compile(
    rf"(?:[A-Z][a-z]{{2}}, ?)?(\d{{1,2}}) ({_MONTH}) (\d{{4}}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)(?: \(.*)?", re.ASCII
)
_ASCTIME = re.compile(rf"[A-Z][a-z]{{2}} ({_MONTH})  ?(\d{{1,2}}) (\d\d):(\d\d):(\d\d) (\d{{4}})", re.ASCII)
_ISO = re.compile(r"(\d{4})[-/](\d\d)[-/](\d\d)[T ] ?(\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?", re.ASCII)
_HALF_DAY = re.compile(r"\d[:.]\d\d ?([AP])\.?M\b", re.IGNORECASE | re.ASCII)
_EPOCH = date(1970, 1, 1).toordinal()
_MAX_OFFSET = 15 * 3600


class ParsedDate(NamedTuple):
    """A date as a header states it."""

    time: int
    """Microseconds since 1970-01-01 UTC."""
    has_zone: bool
    """False if the header names no known zone. The clock is then read as UTC."""
    is_zone_unknown: bool = False
    """True if it names a zone that is not known, or whose name means several."""


class SendTime(NamedTuple):
    """The time of an act, and how far to trust it."""

    time: int | None
    """Microseconds since 1970-01-01 UTC."""
    precision: Precision = "s"
    clock: Clock = "client"
    note: str | None = None
    is_zone_unknown: bool = False
    """True if the sender's clock names a zone that is not known."""


def send_time(headers: Headers, delivered: bytes, *, trust_date: bool = True) -> SendTime:
    """The time of the Date header, or the date of delivery if that header is missing, absurd or not to be trusted."""
    sent = parse_date(headers.plain("date"))
    if sent is not None and (sent.is_zone_unknown or not trust_date):
        delivery = parse_date(delivered.decode("latin_1"))
        if delivery is not None and (not trust_date or abs(sent.time - delivery.time) <= MAX_TRANSIT):
            return SendTime(delivery.time, clock="server", note=DATE_OF_DELIVERY, is_zone_unknown=sent.is_zone_unknown)
        if sent.is_zone_unknown and (delivery is None or abs(sent.time - delivery.time) <= MAX_CLOCK_ERROR):
            return SendTime(sent.time, "day", note=UNKNOWN_ZONE, is_zone_unknown=True)
    # A shortcut for most messages: dates of the same year are near enough. The From_ line ends with the year.
    if sent is not None and delivered and b" %b " % delivered[-4:] in headers.raw("date"):
        return SendTime(sent.time, note=None if sent.has_zone else NO_ZONE)
    delivery = parse_date(delivered.decode("latin_1"))
    if sent is not None and (delivery is None or abs(sent.time - delivery.time) <= MAX_CLOCK_ERROR):
        return SendTime(sent.time, note=None if sent.has_zone else NO_ZONE)
    if delivery is not None:
        return SendTime(delivery.time, clock="server", note=DATE_OF_DELIVERY)
    return SendTime(None, "none")


def parse_date(value: str) -> ParsedDate | None:
    """The date of a Date header or a From_ line. None if the text is no date, or one before 1971 or after 2100.

    >>> parse_date("Mon, 3 Apr 2006 07:06:09 +0200")
    ParsedDate(time=1144040769000000, has_zone=True, is_zone_unknown=False)
    """
    value = value[:200]
    if asctime := _ASCTIME.fullmatch(value):
        name, day, hour, minute, second, year = asctime.groups()
        return _parsed((int(year), _MONTHS[name], int(day), int(hour), int(minute), int(second)), None)
    if usual := _RFC_5322.fullmatch(value):
        day, month, year, hour, minute, second, sign, zone_hours, zone_minutes = usual.groups()
        offset = (int(zone_hours) * 60 + int(zone_minutes)) * 60
        fields = (int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second))
        return _parsed(fields, -offset if sign == "-" else offset)
    clock, east, is_unknown = split_zone(value)
    if iso := _ISO.fullmatch(clock.strip()):
        numbers = [int(field or 0) for field in iso.groups()]
        return _parsed((numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]), east, is_unknown)
    for text in (clock, value):
        try:
            parsed = parsedate_tz(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        if parsed is not None:
            year, month, day, hour, minute, second = parsed[:6]
            if half := _HALF_DAY.search(text):
                hour = hour % 12 + (12 if half[1] in "Pp" else 0)
            return _parsed((year, month, day, hour, minute, second), east, is_unknown)
    return None


def _parsed(fields: tuple[int, int, int, int, int, int], offset: int | None, is_zone_unknown: bool = False) -> ParsedDate | None:
    """The date of year, month, day, hour, minute and second in a zone `offset` seconds east of UTC."""
    year, month, day, hour, minute, second = fields
    if not (1971 <= year <= 2100 and 0 <= hour < 24 and 0 <= minute < 60 and 0 <= second <= 60):
        return None
    try:
        days = date(year, month, day).toordinal() - _EPOCH
    except (ValueError, OverflowError):
        return None
    has_zone = offset is not None and abs(offset) <= _MAX_OFFSET
    # A leap second (60) would become the first second of the next minute.
    seconds = days * 86_400 + hour * 3600 + minute * 60 + min(second, 59) - (offset or 0) * has_zone
    return ParsedDate(seconds * 1_000_000, has_zone, is_zone_unknown)
