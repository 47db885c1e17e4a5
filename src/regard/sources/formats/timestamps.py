"""Times as interfaces write them: ISO 8601 with a zone."""

from __future__ import annotations

from datetime import UTC, datetime

from regard.sources.stackexchange.fields import NEVER, Moment

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant(text: object) -> Moment:
    """The moment in microseconds since 1970 UTC; one without a zone is read as UTC, and what is no time is never.

    >>> instant("2013-02-04T15:26:26.278-05:00") == instant("2013-02-04T20:26:26.278Z")
    True
    >>> instant("2018-05-12T00:16:10Z"), instant("soon")
    (Moment(time=1526084170000000, precision='s'), Moment(time=None, precision='none'))
    """
    if not isinstance(text, str) or not 19 <= len(text) <= 40:
        return NEVER
    try:
        when = datetime.fromisoformat(text)
        since = (when if when.tzinfo else when.replace(tzinfo=UTC)) - _EPOCH
    except (ValueError, OverflowError):
        return NEVER
    # Whole numbers all the way: total_seconds() is a float, and loses the last digits.
    time = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    return Moment(time, "ms" if "." in text else "s")
