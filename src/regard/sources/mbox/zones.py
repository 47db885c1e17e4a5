"""Time zones as mail names them: offsets in several forms, and names that mean one zone.

A name that means several zones is none: BST is London's summer and Bangladesh, CST is Chicago, China and Cuba, IST is India, Israel and
Ireland.
"""

from __future__ import annotations

import re
from typing import Final

_HOURS: Final = {
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "MET": 1, "MEST": 2, "MET DST": 2, "CET DST": 2,
    "MEZ": 1, "MESZ": 2,
    "EET": 2, "EEST": 3, "MSK": 3, "MSD": 4, "SAST": 2, "PKT": 5, "HKT": 8, "SGT": 8, "AWST": 8, "JST": 9, "KST": 9,
    "ACST": 9.5, "ACDT": 10.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "BRT": -3, "BRST": -2, "ART": -3,
    "AST": -4, "ADT": -3, "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    "AKST": -9, "AKDT": -8, "HST": -10,
}  # fmt: skip
_NUMBER = re.compile(
    r"(?:(?<=:\d\d)|(?<=[.,]\d)|(?<=[.,]\d\d\d)|(?<=[.,]\d{6})|(?<=\d)\s|(?<=\d [AP]M)\s)"
    r"\s*(?:GMT|UTC|UT)?\s?([+-])(\d\d?)(?::?(\d\d))?(?=\s+\d{4}\s*$|\s*\(|\s+[A-Z]|\s*$)(?:\s*[(A-Z].*)?",
    re.IGNORECASE | re.ASCII,
)
_NAME = re.compile(
    r"(?<=\d)\s*\(?((?:[A-Z]{2,5}\d)?[A-Z](?:[A-Z/_ .-]{0,40}[A-Z])?)\b\.?\)?"
    r"(?=\s+\d{4}\s*$|\s*\(|\s*$)(?:\s*\(.*)?",
    re.IGNORECASE | re.ASCII,
)
_TOLD_BESIDE = re.compile(r"(?<=\d)\s+(?![AP]M\b)[A-Z]{2,5}\s+\(?([+-])(\d\d):?(\d\d)\)?\s*$", re.ASCII)
"""A name with its offset: `BST (+0100)`, `IST +0530`."""
_CLOCK = re.compile(r"\d[:.]\d\d", re.ASCII)
_NO_ZONES: Final = frozenset({"AM", "PM"})


def split_zone(value: str) -> tuple[str, int | None, bool]:
    """A date without its zone, the zone's offset in seconds east of UTC, and whether it names a zone that isn't known.

    >>> split_zone("2 Jan 2024 10:00:00 GMT+0200"), split_zone("Tue Jan  2 10:00:00 JST 2024"), split_zone("2 Jan 2024 10:00:00 IST")
    (('2 Jan 2024 10:00:00', 7200, False), ('Tue Jan  2 10:00:00 2024', 32400, False), ('2 Jan 2024 10:00:00', None, True))
    """
    if _CLOCK.search(value) is None:
        return value, None, False
    if number := _NUMBER.search(value):
        offset = int(number[2]) * 3600 + int(number[3] or 0) * 60
        return value[: number.start()] + value[number.end() :], -offset if number[1] == "-" else offset, False
    if told := _TOLD_BESIDE.search(value):
        offset = int(told[2]) * 3600 + int(told[3]) * 60
        return value[: told.start()] + value[told.end() :], -offset if told[1] == "-" else offset, False
    if (name := _NAME.search(value)) and (zone := name[1].upper()) not in _NO_ZONES:
        hours = _HOURS.get(zone)
        return value[: name.start()] + value[name.end() :], None if hours is None else int(hours * 3600), hours is None
    return value, None, False
