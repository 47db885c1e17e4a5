"""The clock of a column: its unit, and its order of day and month, inferred from its first values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from regard.engines.duckdb.statements import quote_identifier
from regard.errors import Malformed
from regard.record.schema import Precision
from regard.sources.table.reader import column_types, sample_texts

SAMPLE = 2000
"""Values of a column that are looked at."""

UNITS: tuple[tuple[float, int, Precision], ...] = ((1e11, 1_000_000, "s"), (1e14, 1_000, "ms"), (1e17, 1, "us"))
"""(limit, factor, precision): a number below the limit counts units of `factor` microseconds. Seconds reach the year 5138, and so on."""


@dataclass(frozen=True)
class Clock:
    """SQL for a column's time in UTC, and how fine it is."""

    sql: str
    precision: Precision


def clock_of(connection: duckdb.DuckDBPyConnection, file: str, relation: str, column: str) -> Clock:
    """The clock of a column by its first values. Raises Malformed if they are no times, or if two readings are possible."""
    name = quote_identifier(column)
    (sql_type,) = column_types(connection, f"(SELECT {name} FROM {relation})").values()
    texts = sample_texts(connection, f"SELECT CAST({name} AS VARCHAR) FROM {relation} WHERE {name} IS NOT NULL LIMIT {SAMPLE}")
    sample = [text for text in texts if text.strip()]
    if sql_type == "TIMESTAMP_NS":
        return Clock(f"make_timestamp(epoch_ns({name}) // 1000)", _finest(sample))  # a cast would round up
    if sql_type.startswith("TIMESTAMP") or sql_type == "DATE":
        return Clock(f"({name} AT TIME ZONE 'UTC')" if "ZONE" in sql_type else f"CAST({name} AS TIMESTAMP)", _finest(sample))
    if not sample:
        return Clock("CAST(NULL AS TIMESTAMP)", "none")
    return clock_of_sample(file, column, sample)


def clock_of_sample(file: str, column: str, sample: Sequence[str]) -> Clock:
    """The clock of a column of text or numbers.

    >>> clock_of_sample("x", "t", ["1082040961"]).precision, clock_of_sample("x", "t", ["1082040961123"]).precision
    ('s', 'ms')
    >>> clock_of_sample("x", "t", ["31/12/2020"]).sql.count("'%d/%m/%Y")
    3
    """
    text = f"CAST({quote_identifier(column)} AS VARCHAR)"
    if all(re.fullmatch(r"-?\d+(\.\d*)?([eE]\+?\d+)?", value.strip()) for value in sample):
        return _number(text, sample)
    dates = [value for value in sample if re.match(r"\d{4}-\d\d", value.strip())]
    if len(dates) * 2 >= len(sample):
        # A time with a zone is converted to UTC. One without is taken as UTC (the connection's zone).
        return Clock(f"(TRY_CAST({text} AS TIMESTAMPTZ) AT TIME ZONE 'UTC')", _finest(dates))
    matches = [match for value in sample if (match := re.match(r"(\d{1,2})([/.])(\d{1,2})[/.](\d{4})", value.strip()))]
    if len(matches) * 2 >= len(sample):
        pairs = [(int(match[1]), int(match[3])) for match in matches]
        return _day_and_month(file, column, text, pairs, matches[0][2], _finest(sample))
    raise Malformed(
        file, f"times in column {column!r}", f"its values are neither numbers nor dates ({len(sample)} looked at); map another column"
    )


def _number(text: str, sample: Sequence[str]) -> Clock:
    size = sorted(abs(float(value)) for value in sample)[len(sample) // 2]
    unknown: tuple[int, Precision] = (0, "us")  # nanoseconds
    factor, precision = next(((factor, precision) for limit, factor, precision in UNITS if size < limit), unknown)
    exact = f"TRY_CAST({text} AS DECIMAL(30, 6))"
    count = f"({exact} * {factor})" if factor else f"({exact} / 1000)"
    has_fractions = any("." in value and value.rstrip("0")[-1] != "." for value in sample)
    return Clock(f"make_timestamp(TRY_CAST(floor({count}) AS BIGINT))", "us" if has_fractions and precision == "s" else precision)


def _finest(sample: Sequence[str]) -> Precision:
    if any(re.search(r":\d\d\.\d{4,}", value) for value in sample):
        return "us"
    if any(re.search(r":\d\d\.\d", value) for value in sample):
        return "ms"
    if any(re.search(r"\d:\d\d:\d\d", value) for value in sample):
        midnight = all(re.search(r"[T ]00:00:00(\+00|Z|$)", value) for value in sample)
        return "day" if midnight and len(sample) > 1 else "s"
    return "min" if any(":" in value for value in sample) else "day"


def _day_and_month(file: str, column: str, text: str, pairs: Sequence[tuple[int, int]], sign: str, precision: Precision) -> Clock:
    """The clock of dates such as 31/12/2020 or 12.31.2020. `pairs` are the two numbers before the year; one above 12 is a day."""
    day_first, month_first = any(a > 12 for a, _ in pairs), any(b > 12 for _, b in pairs)
    if day_first == month_first:
        problem = "both orders" if day_first else "days and months that could be either"
        raise Malformed(file, f"dates of one order in column {column!r}", f"it holds {problem}; write them as 2020-12-31")
    date = f"%d{sign}%m{sign}%Y" if day_first else f"%m{sign}%d{sign}%Y"
    attempts = ", ".join(f"try_strptime({text}, '{date}{time}')" for time in (" %H:%M:%S", " %H:%M", ""))
    return Clock(f"coalesce({attempts})", precision)
