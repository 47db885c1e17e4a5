"""What all clocks of a table share: the clock itself, and how fine its values are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from regard.record.schema import Precision


@dataclass(frozen=True)
class Clock:
    """SQL for a column's time in UTC, and how fine it is."""

    sql: str
    precision: Precision
    note: str = ""
    """How the values were taken, for the coverage line; empty if that goes without saying."""
    stray: str = "false"
    """SQL that holds for a value in another unit than most."""


def finest(sample: Sequence[str]) -> Precision:
    """How fine the times of a sample of dates are.

    >>> finest(["2024-01-02 10:00"]), finest(["2024-01-02 10:00:00,5"])
    ('min', 'ms')
    """
    if any(re.search(r":\d\d[.,]\d{4,}", value) for value in sample):
        return "us"
    if any(re.search(r":\d\d[.,]\d", value) for value in sample):
        return "ms"
    if any(re.search(r"\d:\d\d:\d\d", value) for value in sample):
        midnight = all(re.search(r"[T ]00:00:00(\+00|Z|$)", value) for value in sample)
        return "day" if midnight and len(sample) > 1 else "s"
    return "min" if any(":" in value for value in sample) else "day"
