"""Dates of headers and From_ lines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.sources.mbox.dates import ParsedDate, parse_date

NOON = 1_711_972_800_000_000
"""2024-04-01 12:00:00 UTC."""
HOUR = 3_600_000_000


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Mon, 1 Apr 2024 12:00:00 +0000", ParsedDate(NOON, True)),
        ("Mon, 1 Apr 2024 12:00:00 -0000", ParsedDate(NOON, True)),
        ("1 Apr 2024 14:00:00 +0200", ParsedDate(NOON, True)),
        ("Mon, 01 Apr 2024 07:00:00 -0500 (EST)", ParsedDate(NOON, True)),
        ("Mon,  1 Apr 24 12:00 GMT", ParsedDate(NOON, True)),
        ("Thu, 1 Apr 99 12:00:00 UT", ParsedDate(NOON - 9_132 * 24 * HOUR, True)),
        ("Mon, 1 Apr 2024 07:00:00 EST", ParsedDate(NOON, True)),
        ("Mon, 1 Apr 2024 12:00:00", ParsedDate(NOON, False)),
        ("Mon, 1 Apr 2024 14:00:00 MESZ", ParsedDate(NOON, True)),
        ("Mon, 1 Apr 2024 14:00:00 CEST", ParsedDate(NOON, True)),
        ("Mon, 1 Apr 2024 21:00:00 JST", ParsedDate(NOON, True)),
        ("Mon, 1 Apr 2024 21:30:00 ACST", ParsedDate(NOON, True)),
        ("Mon, 1 Apr 2024 14:00:00 +02:00", ParsedDate(NOON, True)),
        ("Mon, 1 Apr 2024 14:00:00 GMT+0200", ParsedDate(NOON, True)),
        ("Mon, 1 Apr 2024 14:00:00 GMT+02:00 (CEST)", ParsedDate(NOON, True)),
        ("Mon, 1 Apr 2024 07:00:00 UTC-5", ParsedDate(NOON, True)),
        ("Mon, 1 Apr 2024 17:30:00 +0530 IST", ParsedDate(NOON, True)),
        ("Mon Apr  1 14:00:00 CEST 2024", ParsedDate(NOON, True)),
        ("Mon, 1 Apr 2024 13:00:00 BST (+0100)", ParsedDate(NOON, True)),
        ("Mon, 1 Apr 2024 17:30:00 IST +0530", ParsedDate(NOON, True)),
        ("Mon, 1 Apr 2024 14:00:00 MET DST", ParsedDate(NOON, True)),
        ("Mon, 1 Apr 2024 14.00.00 +0200", ParsedDate(NOON, True)),
        ("Monday, April 1, 2024 12:00:00 PM", ParsedDate(NOON, False)),
        ("Mon, 1 Apr 2024 02:00:00 PM +0200", ParsedDate(NOON, True)),
        ("Mon Apr  1 14:00:00 2024 CEST", ParsedDate(NOON, True)),
        ("2024-04-01T14:00:00.5+02:00", ParsedDate(NOON, True)),
        ("2024-04-01 12:00", ParsedDate(NOON, False)),
        *(
            (f"Mon, 1 Apr 2024 12:00:00 {zone}", ParsedDate(NOON, False, True))
            for zone in ("BST", "CST", "IST", "XYZT", "EST5EDT", "Europe/Berlin", "Eastern Daylight Time", "(BST)")
        ),
        ("99999999999 Jan 2024 1:2:3", None),
        ("99999999999 Jan 2024 1:2:3 +0000", None),
        ("1 Jan 99999999999 1:2:3 +0000", None),
        ("Mon, 1 Apr 2024 12:00:00 +9900", ParsedDate(NOON, False)),
        ("Mon Apr  1 12:00:00 2024", ParsedDate(NOON, False)),
        ("Mon Apr 01 14:00:00 +0200 2024", ParsedDate(NOON, True)),
        ("Mon Apr  1 14:00:00 2024 +0200", ParsedDate(NOON, True)),
        ("Mon, 1 Apr 2024 11:59:60 +0000", ParsedDate(NOON - 1_000_000, True)),  # a leap second stays in its minute
        ("Mon, 31 Feb 2024 12:00:00 +0000", None),
        ("Mon, 1 Apr 2024 25:00:00 +0000", None),
        ("Thu, 1 Jan 1970 00:00:00 +0000", None),
        ("Mon, 1 Apr 2101 12:00:00 +0000", None),
        ("Mon, 1 Apr " + "9" * 5_000 + " 12:00:00 +0000", None),
        ("tomorrow", None),
        ("\0", None),
        ("", None),
    ],
)
def test_moments(value: str, expected: ParsedDate | None) -> None:
    assert parse_date(value) == expected


@given(
    st.datetimes(datetime(1971, 1, 2), datetime(2100, 12, 30)),
    st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
def test_what_the_standard_library_writes_is_read_again(when: datetime, zone: timezone) -> None:
    local = when.replace(microsecond=0, tzinfo=zone)
    assert parse_date(format_datetime(local)) == ParsedDate((local - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1), True)
    written = local.replace(tzinfo=UTC).ctime()
    assert parse_date(written) == ParsedDate(
        (local.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1), False
    )


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_no_text_is_too_odd_for_a_clock(value: str) -> None:
    parsed = parse_date(value)
    assert parsed is None or parsed.time >= 31_536_000 * 10**6 - 24 * HOUR
