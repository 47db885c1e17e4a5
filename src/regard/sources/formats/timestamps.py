"""Times as platforms write them: ISO 8601, and decimal seconds since 1970."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, NamedTuple

from regard.record.schema import Precision

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Moment(NamedTuple):
    """A time in microseconds since 1970 UTC, and how finely the platform states it."""

    time: int | None
    precision: Precision


NEVER: Final = Moment(None, "none")
"""The moment of an act whose time the platform does not state, or states in a form that cannot be read."""


def parse_iso(text: object) -> Moment:
    """The moment of an ISO 8601 time. A time without a zone is in UTC; anything that is not a time is `NEVER`.

    >>> parse_iso("2013-02-04T15:26:26.278-05:00") == parse_iso("2013-02-04T20:26:26.278Z")
    True
    >>> parse_iso("2018-05-12T00:16:10Z"), parse_iso("soon")
    (Moment(time=1526084170000000, precision='s'), Moment(time=None, precision='none'))
    """
    if not isinstance(text, str) or not 19 <= len(text) <= 40:
        return NEVER
    try:
        when = datetime.fromisoformat(text)
        since = (when if when.tzinfo else when.replace(tzinfo=UTC)) - _EPOCH
    except (ValueError, OverflowError):
        return NEVER
    # Integers throughout: total_seconds() is a float and loses the last digits.
    time = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    return Moment(time, "ms" if "." in text else "s")


def epoch_microseconds(seconds: str) -> int:
    """Microseconds in a decimal number of seconds, exactly: a float would lose the last digits.

    >>> epoch_microseconds("1453237080.000121")
    1453237080000121
    """
    whole, _, fraction = seconds.partition(".")
    return int(whole) * 1_000_000 + (int((fraction + "000000")[:6]) if fraction else 0)
