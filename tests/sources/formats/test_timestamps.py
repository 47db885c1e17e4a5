"""Times: exact to the microsecond, in UTC, and never an error."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.sources.formats.timestamps import NEVER, Moment, epoch_microseconds, parse_iso

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=ZONES))
def test_times_with_a_zone_are_exact(when: datetime) -> None:
    assert parse_iso(when.isoformat()).time == (when - EPOCH) // timedelta(microseconds=1)


@given(st.datetimes())
def test_times_without_a_zone_are_utc(when: datetime) -> None:
    assert parse_iso(when.isoformat()).time == (when.replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("2018-05-12T00:16:10Z", "s"),
        ("2018-05-12 00:16:10", "s"),
        ("2018-05-12T00:16:10.000Z", "ms"),
        ("2018-05-12T00:16:10.5+02:00", "ms"),
    ],
)
def test_the_precision_is_as_written(text: str, precision: str) -> None:
    assert parse_iso(text).precision == precision


@pytest.mark.parametrize("value", ["", "soon", "2018-05-12", "2018-13-12T00:16:10Z", None, 5, 1.5, ["2018-05-12T00:16:10Z"], "9" * 50])
def test_what_is_no_time_is_never(value: object) -> None:
    assert parse_iso(value) == NEVER


def test_the_first_moment_of_the_calendar_has_a_time_in_every_zone() -> None:
    assert parse_iso("0001-01-01T00:00:00+14:00") == Moment(-62_135_647_200_000_000, "s")


@given(st.text(max_size=40))
def test_any_text_is_a_time_or_never(text: str) -> None:
    assert (parse_iso(text) == NEVER) == (parse_iso(text).time is None)


@given(st.integers(0, 10**11), st.text("0123456789", max_size=6))
def test_seconds_are_exact(seconds: int, fraction: str) -> None:
    assert epoch_microseconds(f"{seconds}.{fraction}" if fraction else str(seconds)) == seconds * 10**6 + int((fraction + "000000")[:6])
