"""Puts an input's batches into the temporary relation `staged`, from which it is added to the record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import duckdb
import numpy as np
from numpy.typing import NDArray

from regard.engines.duckdb.errors import ROW_ERRORS, rows_error
from regard.engines.duckdb.statements import execute
from regard.record.schema import Account, Act, Batch, SqlBatch
from regard.record.spelling import one_spelling_sql

Columns = Mapping[str, NDArray[np.generic]]

TEXT_COLUMNS = (
    "actor", "kind", "target", "item", "parent", "ancestors", "thread", "channel", "text", "label", "lang",
    "precision", "clock", "visibility", "note", "file", "other_ids",
)  # fmt: skip
STAGED_ACTS = (
    "actor VARCHAR, kind VARCHAR, target VARCHAR, item VARCHAR, parent VARCHAR, ancestors VARCHAR, thread VARCHAR, channel VARCHAR, "
    "text VARCHAR, label VARCHAR, lang VARCHAR, precision VARCHAR, clock VARCHAR, visibility VARCHAR, note VARCHAR, file VARCHAR, "
    "other_ids VARCHAR, time TIMESTAMP, edited BOOLEAN, line BIGINT"
)
STAGED_ACCOUNTS = "id VARCHAR, name VARCHAR, actor_type VARCHAR, followers BIGINT, points DOUBLE, title VARCHAR, role VARCHAR, key VARCHAR"

NO_TIME = -(2**63)
"""Stands for a missing time in an array of microseconds."""
FIRST_TIME, LAST_TIME = -62_135_596_800_000_000, 253_402_300_799_999_999
"""Microseconds of the first and last moment of the years 1 to 9999, which calendars can show."""


def stage(connection: duckdb.DuckDBPyConnection, batches: Iterable[Batch | SqlBatch], notes: Counter[str]) -> list[SqlBatch]:
    """Make `staged`, all acts of the input as the source gave them, and `staged_accounts`. Adds the notes of the batches to `notes`.

    Acts of a batch are copied into a table. An SQL batch stays in its files, from which `staged` reads; these batches are returned.
    """
    execute(connection, f"CREATE OR REPLACE TEMP TABLE staged_acts ({STAGED_ACTS})")
    execute(connection, f"CREATE OR REPLACE TEMP TABLE staged_accounts ({STAGED_ACCOUNTS})")
    sql_batches = []
    for batch in batches:
        for note, count in batch.notes:
            notes[note] += count
        if isinstance(batch, SqlBatch):
            sql_batches.append(batch)
            continue
        if batch.acts:
            _insert_acts(connection, _act_columns(batch.acts))
        if batch.accounts:
            _insert_accounts(connection, _account_columns(batch.accounts))
    with file_errors(sql_batches):
        parts = ["FROM staged_acts", *(f"({batch.sql})" for batch in sql_batches)]
        spelled = ", ".join(f"{one_spelling_sql(column)} AS {column}" for column in ("actor", "target"))
        acts = f"SELECT * REPLACE ({spelled}) FROM ({' UNION ALL BY NAME '.join(parts)})"
        execute(connection, f"CREATE OR REPLACE TEMP VIEW staged AS {acts}")
    return sql_batches


@contextmanager
def file_errors(sql_batches: Sequence[SqlBatch]) -> Iterator[None]:
    """Translate DuckDB's errors about files that it reads itself: with the file's name, without the row that DuckDB quotes."""
    try:
        yield
    except ROW_ERRORS as error:
        if not sql_batches:
            raise
        raise rows_error(error, ", ".join(batch.file for batch in sql_batches)) from error


def _insert_acts(connection: duckdb.DuckDBPyConnection, columns: Columns) -> None:
    _insert(connection, "staged_acts", f"* EXCLUDE (time_us), make_timestamp(nullif(time_us, {NO_TIME})) AS time", columns)


def _insert_accounts(connection: duckdb.DuckDBPyConnection, columns: Columns) -> None:
    # Some platforms give "many" or 10^30. Such a number is taken as missing.
    points = "CASE WHEN isfinite(TRY_CAST(points AS DOUBLE)) THEN TRY_CAST(points AS DOUBLE) END"
    id = one_spelling_sql("id")
    sound = f"* REPLACE ({id} AS id, TRY_CAST(followers AS BIGINT) AS followers, {points} AS points)"
    _insert(connection, "staged_accounts", sound, columns)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, selected: str, columns: Columns) -> None:
    connection.register("batch", dict(columns))
    try:
        execute(connection, f"INSERT INTO {table} BY NAME SELECT {selected} FROM batch")
    finally:
        connection.unregister("batch")


def _act_columns(acts: Iterable[Act]) -> Columns:
    columns = dict(zip(Act._fields, zip(*acts, strict=True), strict=True))
    arrays: dict[str, NDArray[np.generic]] = {name: _text_array(columns[name]) for name in TEXT_COLUMNS}
    times = [t if t is not None and FIRST_TIME <= t <= LAST_TIME else NO_TIME for t in columns["time"]]
    arrays["time_us"] = np.array(times, dtype=np.int64)
    arrays["edited"] = np.array(columns["edited"], dtype=bool)
    lines = [-1 if line is None else line for line in columns["line"]]
    arrays["line"] = np.ma.masked_less(np.array(lines, dtype=np.int64), 0)
    return arrays


def _account_columns(accounts: Iterable[Account]) -> Columns:
    columns = dict(zip(Account._fields, zip(*accounts, strict=True), strict=True))
    return {name: _text_array([None if value is None else str(value) for value in column]) for name, column in columns.items()}


def _text_array(column: Sequence[str | None]) -> NDArray[np.generic]:
    """An array of text. A lone surrogate, which JSON can hold and UTF-8 can't, becomes a question mark."""
    try:
        "".join(filter(None, column)).encode()
    except (UnicodeEncodeError, TypeError):
        column = [None if value is None else str(value).encode("utf-8", "replace").decode() for value in column]
    return np.array(column, dtype=object)
