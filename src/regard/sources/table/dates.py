"""Times written as dates: year first, or day and month first, with the zones and fractions that programs write."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from regard.engines.duckdb.statements import quote_identifier
from regard.errors import Malformed
from regard.sources.table.moments import Clock, finest

ZONES: Mapping[str, str] = {
    "UTC": "+00", "GMT": "+00", "UT": "+00", "WET": "+00", "WEST": "+01", "CET": "+01", "MEZ": "+01", "CEST": "+02", "MESZ": "+02",
    "EET": "+02", "EEST": "+03", "MSK": "+03", "JST": "+09", "KST": "+09", "AEST": "+10", "AEDT": "+11", "NZST": "+12", "NZDT": "+13",
    "EST": "-05", "EDT": "-04", "CDT": "-05", "MST": "-07", "MDT": "-06", "PST": "-08", "PDT": "-07", "HST": "-10",
}  # fmt: skip
"""Names of zones that mean one offset. Others, such as BST, CST and IST, have several, and give no time."""

ODD = re.compile(r",\d|\s[+-]\d|[A-Za-z]{2}|\[")
"""Only a sample that holds this needs more than a cast."""


def date_clock(file: str, column: str, sample: Sequence[str]) -> Clock | None:
    """The clock of a column of dates; None if most are none. Raises Malformed if day and month could be either."""
    text = f"CAST({quote_identifier(column)} AS VARCHAR)"
    dates = [value.strip() for value in sample if re.match(r"\d{4}[-/]\d\d?", value.strip())]
    if len(dates) * 2 >= len(sample):
        # A time with a zone is converted to UTC. One without is taken as UTC (the connection's zone).
        return Clock(_year_first(text) if any(map(ODD.search, dates)) else _as_utc(text), finest(dates))
    matches = [match for value in sample if (match := re.match(r"(\d{1,2})([/.])(\d{1,2})[/.](\d{4})", value.strip()))]
    return _day_and_month(file, column, text, matches, sample) if len(matches) * 2 >= len(sample) else None


def _as_utc(text: str) -> str:
    return f"(TRY_CAST({text} AS TIMESTAMPTZ) AT TIME ZONE 'UTC')"


def _year_first(text: str) -> str:
    """SQL for dates as loggers and languages write them: `10:00:00,123`, `+0000 UTC m=+0.1`, `+02:00[Europe/Berlin]`, `CEST`, `2:07 PM`."""
    replaced = f"trim({text})"
    for pattern, by in (
        (r" m=[+-][\d.]+$", ""),
        (r"(:\d\d),(\d)", r"\1.\2"),
        (r"([+-]\d\d:?\d\d|Z) ?(\(?[A-Z]{1,5}\)?|\[[^\]]*\])$", r"\1"),
        (r"(:\d\d(\.\d+)?)\s+([+-]\d)", r"\1\3"),
    ):
        replaced = f"regexp_replace({replaced}, '{pattern}', '{by}')"
    zone = f"regexp_extract({replaced}, '\\d ?([A-Z]{{2,5}})$', 1)"
    bare = f"regexp_replace({replaced}, ' ?[A-Z]{{2,5}}$', '')"
    known = " ".join(f"WHEN '{name}' THEN {bare} || '{offset}:00'" for name, offset in ZONES.items())
    half_days = ", ".join(f"try_strptime({replaced}, '%Y-%m-%d %I:%M{seconds} %p')" for seconds in ("", ":%S"))
    with_offset = f"CASE {zone} WHEN '' THEN {replaced} {known} END"
    return f"coalesce({_as_utc(with_offset)}, {half_days})"


def _day_and_month(file: str, column: str, text: str, matches: Sequence[re.Match[str]], sample: Sequence[str]) -> Clock:
    """The clock of dates such as 31/12/2020 or 12.31.2020. Of the two numbers before the year, one above 12 is a day."""
    sign = matches[0][2]
    day_first, month_first = any(int(match[1]) > 12 for match in matches), any(int(match[3]) > 12 for match in matches)
    if day_first == month_first:
        problem = "both orders" if day_first else "days and months that could be either"
        raise Malformed(file, f"dates of one order in column {column!r}", f"it holds {problem}; write them as 2020-12-31")
    date = f"%d{sign}%m{sign}%Y" if day_first else f"%m{sign}%d{sign}%Y"
    times = [" %H:%M:%S", " %H:%M", ""]
    if any(re.search(r"\d\s?[AaPp][Mm]\b", value) for value in sample):
        times = [" %I:%M:%S %p", " %I:%M %p", " %I:%M:%S%p", " %I:%M%p", *times]
    if any(re.search(r":\d\d\.\d", value) for value in sample):
        times.append(" %H:%M:%S.%f")
    if any("," in value for value in sample):
        text = f"replace({text}, ',', '')"
    attempts = ", ".join(f"try_strptime({text}, '{date}{time}')" for time in times)
    return Clock(f"coalesce({attempts})", finest(sample))
