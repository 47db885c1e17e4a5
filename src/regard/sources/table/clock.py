"""The clock of a column: its unit and its order of day and month, told from what it holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from regard.engines.duckdb.statements import quote_identifier
from regard.errors import Malformed
from regard.record.schema import Precision

SAMPLE = 2000

UNITS: tuple[tuple[float, int, Precision], ...] = ((1e11, 1_000_000, "s"), (1e14, 1_000, "ms"), (1e17, 1, "us"))
"""Below this size a number counts so many microseconds: seconds until the year 5138, and so on."""


@dataclass(frozen=True)
class Clock:
    """SQL for a column's time in UTC, and how finely it was told."""

    sql: str
    precision: Precision


def clock_of(connection: duckdb.DuckDBPyConnection, file: str, relation: str, column: str) -> Clock:
    """The clock of a column by its first values; raises Malformed where they tell no time, or tell it in two ways."""
    name = quote_identifier(column)
    kind = str(connection.execute(f"DESCRIBE SELECT {name} FROM {relation}").fetchall()[0][1])
    rows = connection.execute(f"SELECT CAST({name} AS VARCHAR) FROM {relation} WHERE {name} IS NOT NULL LIMIT {SAMPLE}").fetchall()
    sample = [str(row[0]) for row in rows if str(row[0]).strip()]
    if kind == "TIMESTAMP_NS":
        return Clock(f"make_timestamp(epoch_ns({name}) // 1000)", _finest(sample))  # a cast would round up
    if kind.startswith("TIMESTAMP") or kind == "DATE":
        return Clock(f"({name} AT TIME ZONE 'UTC')" if "ZONE" in kind else f"CAST({name} AS TIMESTAMP)", _finest(sample))
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
        # With a zone it is brought to UTC, without one it is UTC (the connection's zone).
        return Clock(f"(TRY_CAST({text} AS TIMESTAMPTZ) AT TIME ZONE 'UTC')", _finest(dates))
    parts = [re.match(r"(\d{1,2})([/.])(\d{1,2})[/.](\d{4})", value.strip()) for value in sample]
    found = [part for part in parts if part]
    if len(found) * 2 >= len(sample):
        return _slashed(file, column, text, [(int(p[1]), int(p[3])) for p in found], found[0][2], _finest(sample))
    raise Malformed(
        file, f"times in column {column!r}", f"its values are neither numbers nor dates ({len(sample)} looked at); map another column"
    )


def _number(text: str, sample: Sequence[str]) -> Clock:
    size = sorted(abs(float(value)) for value in sample)[len(sample) // 2]
    factor, precision = next(((factor, precision) for limit, factor, precision in UNITS if size < limit), (0, "us"))
    exact = f"TRY_CAST({text} AS DECIMAL(30, 6))"
    count = f"({exact} * {factor})" if factor else f"({exact} / 1000)"
    part: Precision = (
        "us" if any("." in value and value.rstrip("0")[-1] != "." for value in sample) and precision == "s" else _unit(precision)
    )
    return Clock(f"make_timestamp(TRY_CAST(floor({count}) AS BIGINT))", part)


def _unit(name: str) -> Precision:
    return "s" if name == "s" else "ms" if name == "ms" else "us"


def _finest(sample: Sequence[str]) -> Precision:
    if any(re.search(r":\d\d\.\d{4,}", value) for value in sample):
        return "us"
    if any(re.search(r":\d\d\.\d", value) for value in sample):
        return "ms"
    if any(re.search(r"\d:\d\d:\d\d", value) for value in sample):
        midnight = all(re.search(r"[T ]00:00:00(\+00|Z|$)", value) for value in sample)
        return "day" if midnight and len(sample) > 1 else "s"
    return "min" if any(":" in value for value in sample) else "day"


def _slashed(file: str, column: str, text: str, firsts: Sequence[tuple[int, int]], sign: str, precision: Precision) -> Clock:
    day_first, month_first = any(a > 12 for a, _ in firsts), any(b > 12 for _, b in firsts)
    if day_first == month_first:
        found = "both orders" if day_first else "days and months that could be either"
        raise Malformed(file, f"dates of one order in column {column!r}", f"it holds {found}; write them as 2020-12-31")
    date = f"%d{sign}%m{sign}%Y" if day_first else f"%m{sign}%d{sign}%Y"
    forms = ", ".join(f"try_strptime({text}, '{date}{rest}')" for rest in (" %H:%M:%S", " %H:%M", ""))
    return Clock(f"coalesce({forms})", precision)
