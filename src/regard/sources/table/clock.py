"""The clock of a column: its unit, or its form of dates, inferred from its first values and tried on all of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import duckdb

from regard.engines.duckdb.statements import fetch, quote_identifier
from regard.errors import Malformed
from regard.sources.table.cells import NO_VALUE
from regard.sources.table.dates import date_clock
from regard.sources.table.moments import Clock, finest
from regard.sources.table.numbers import NUMBER, Usage, number_clock
from regard.sources.table.reader import column_types, sample_texts

SAMPLE = 2000
"""Values of a column that are looked at."""
MOST_UNREAD = 0.1
"""From this share of values without a time on, the column is refused: its form is another than it seemed."""
CALENDAR = "BETWEEN TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999999'"


class Unread(NamedTuple):
    """How many values of a column there are, how many of them give no time, and one of those."""

    values: int
    unread: int
    example: str | None
    strays: int


@dataclass(frozen=True)
class Column:
    """Where the values of a clock are: for errors, and to read them."""

    file: str
    relation: str
    name: str


def clock_of(connection: duckdb.DuckDBPyConnection, column: Column, usage: Usage, notes: list[tuple[str, int]]) -> Clock:
    """The clock of a column. Raises Malformed if its values are no times, or if two readings are possible."""
    name = quote_identifier(column.name)
    (sql_type,) = column_types(connection, f"(SELECT {name} FROM {column.relation})").values()
    some = f"trim(CAST({name} AS VARCHAR)) NOT IN ('', {NO_VALUE})"
    sample = sample_texts(connection, f"SELECT CAST({name} AS VARCHAR) FROM {column.relation} WHERE {some} LIMIT {SAMPLE}")
    if sql_type == "TIMESTAMP_NS":
        return Clock(f"make_timestamp(epoch_ns({name}) // 1000)", finest(sample))  # a cast would round up
    if sql_type.startswith("TIMESTAMP") or sql_type == "DATE":
        return Clock(f"({name} AT TIME ZONE 'UTC')" if "ZONE" in sql_type else f"CAST({name} AS TIMESTAMP)", finest(sample))
    if not sample:
        return Clock("CAST(NULL AS TIMESTAMP)", "none")
    clock = clock_of_sample(column.file, column.name, sample, usage)
    read = f"CASE WHEN {clock.sql} {CALENDAR} THEN {clock.sql} END"
    counted = f"count(*), count(*) FILTER ({read} IS NULL), min({name}::VARCHAR) FILTER ({read} IS NULL), count(*) FILTER ({clock.stray})"
    (all_values,) = fetch(connection, Unread, f"SELECT {counted} FROM {column.relation} WHERE {some}")
    if all_values.unread >= MOST_UNREAD * all_values.values:
        raise Malformed(
            column.file, f"times in column {column.name!r}",
            f"{all_values.unread} of its {all_values.values} values, such as one of the form {form(all_values.example or '')!r}, give "
            "none; write them as 2020-12-31 23:59:59+00:00, or map another column with --map time=COLUMN",
        )  # fmt: skip
    if clock.note:
        notes.append((clock.note, all_values.values))
    if all_values.strays:
        notes.append(("times in another unit than most (seconds, milliseconds) told apart", all_values.strays))
    return clock


def form(value: str) -> str:
    """The form of a value, without its words: 9 for a digit, a for a letter.

    >>> form("2024-01-02 10:00 CEST")
    '9999-99-99 99:99 AAAA'
    """
    upper = re.sub(r"[^\W\d_]", lambda letter: "A" if letter[0].isupper() else "a", value.strip()[:40])
    return re.sub(r"\d", "9", upper)


def clock_of_sample(file: str, column: str, sample: Sequence[str], usage: Usage = "named") -> Clock:
    """The clock of a column of text or numbers.

    >>> clock_of_sample("x", "t", ["1082040961"]).precision, clock_of_sample("x", "t", ["1082040961123"]).precision
    ('s', 'ms')
    >>> clock_of_sample("x", "t", ["31/12/2020"]).sql.count("'%d/%m/%Y")
    3
    """
    numbers = [value.strip() for value in sample if NUMBER.fullmatch(value.strip())]
    if len(numbers) * 2 > len(sample):
        return number_clock(file, column, numbers, usage)
    if (clock := date_clock(file, column, sample)) is not None:
        return clock
    problem = f"its values are neither numbers nor dates ({len(sample)} looked at, one of the form {form(sample[0])!r}); map another column"
    raise Malformed(file, f"times in column {column!r}", problem)
