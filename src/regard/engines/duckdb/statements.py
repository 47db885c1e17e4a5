"""Runs statements on DuckDB: Ctrl-C stops them, their progress can be asked for, and values and names are bound or quoted safely."""

from __future__ import annotations

import _thread
import contextlib
import re
import threading
from collections.abc import Callable
from typing import TypeVar, cast

import duckdb
import numpy as np
from duckdb.sqltypes import BIGINT
from numpy.typing import NDArray

from regard.engines.base import Value, Values
from regard.engines.rows import R, Row, Scalar, scalar, typed

Result = TypeVar("Result")


def execute(connection: duckdb.DuckDBPyConnection, sql: str, values: Values | None = None) -> list[Row]:
    """Run one statement and give all its rows; Ctrl-C stops it at once. Values that it does not name are left out."""
    return interruptible(
        connection, lambda: cast(list[Row], connection.execute(sql, _as_bigint(used_parameters(sql, values or {}))).fetchall())
    )


def fetch(connection: duckdb.DuckDBPyConnection, row_type: type[R], sql: str, values: Values | None = None) -> list[R]:
    """Run one statement and give each row as a NamedTuple of that type; see `typed`."""
    return typed(row_type, execute(connection, sql, values))


def fetch_scalar(connection: duckdb.DuckDBPyConnection, kind: type[Scalar], sql: str, values: Values | None = None) -> Scalar:
    """Run one statement and give its one value, as a `kind`."""
    return scalar(kind, execute(connection, sql, values))


def arrays(connection: duckdb.DuckDBPyConnection, sql: str, values: Values | None = None) -> dict[str, NDArray[np.generic]]:
    """Run one statement and give its columns as arrays."""
    columns = interruptible(connection, lambda: connection.execute(sql, _as_bigint(used_parameters(sql, values or {}))).fetchnumpy())
    return cast(dict[str, NDArray[np.generic]], columns)


_running: list[duckdb.DuckDBPyConnection] = []


def progress() -> float | None:
    """The share of the running statement that is done, from 0 to 1; None if nothing runs or DuckDB does not know."""
    with contextlib.suppress(IndexError, duckdb.Error):
        share = _running[-1].query_progress() / 100
        return share if 0 <= share <= 1 else None
    return None


def interruptible(connection: duckdb.DuckDBPyConnection, work: Callable[[], Result]) -> Result:
    """Do some work on a connection so that Ctrl-C stops it within milliseconds, with a KeyboardInterrupt.

    Python handles signals only between its own steps, and one statement can last for minutes. Ctrl-C arrives on the main thread. If this is
    the main thread, the work is therefore done on another one, and DuckDB is interrupted when Ctrl-C comes.
    """
    if threading.current_thread() is not threading.main_thread():
        return work()
    results: list[Result] = []
    errors: list[BaseException] = []
    first: list[str] = []
    """Which of the two came first: "work", or "stop". After "stop" the work is not started any more."""
    ended: list[bool] = []
    busy = _thread.allocate_lock()  # costs 0.1 ms a statement; a Thread object would cost 1 ms

    def run() -> None:
        first.append("work")
        if first[0] == "stop":
            return
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001  (raised again below, on the thread of the caller)
            errors.append(error)
        finally:
            ended.append(True)
            busy.release()

    busy.acquire()
    _running.append(connection)
    try:
        _thread.start_new_thread(run, ())
        busy.acquire()
    except (KeyboardInterrupt, SystemExit):
        _stop(connection, first, ended, busy)
        raise
    finally:
        _running.pop()
    if errors:
        raise errors[0]
    return results[0]


def _stop(connection: duckdb.DuckDBPyConnection, first: list[str], ended: list[bool], busy: _thread.LockType) -> None:
    # However often somebody presses the keys, and whenever, nothing runs on the connection when this function returns.
    while True:
        with contextlib.suppress(KeyboardInterrupt, SystemExit):
            first.append("stop")
            while first[0] == "work" and not ended:
                connection.interrupt()
                busy.acquire(timeout=0.02)
            return


def used_parameters(sql: str, values: Values) -> dict[str, Value]:
    """The values that a statement names. DuckDB refuses values that it does not name.

    >>> used_parameters("select $bin_us, '$no'", {"bin_us": 5, "bin": 1})
    {'bin_us': 5}
    """
    names = set(re.findall(r"\$([a-z_]+)", sql))
    return {name: value for name, value in values.items() if name in names}


def _as_bigint(values: Values) -> dict[str, Value | duckdb.Value]:
    """The values, with whole numbers as BIGINT. DuckDB would take small ones as INTEGER, in which products of them may not fit."""
    return {name: duckdb.Value(value, BIGINT) if type(value) is int else value for name, value in values.items()}


def quote_identifier(name: str) -> str:
    """Quote a name as an SQL identifier, whatever characters it holds."""
    return '"' + name.replace('"', '""') + '"'


def quote_literal(value: str) -> str:
    """Quote a text as an SQL string, for the places in which no value can be bound.

    >>> quote_literal("O'Hara")
    "'O''Hara'"
    """
    return "'" + value.replace("'", "''") + "'"


def escape_glob(path: str) -> str:
    """Escape a path for use in a glob pattern, so that its `*`, `?` and `[` stand for themselves.

    >>> escape_glob("acts [old]")
    'acts [[]old]'
    """
    return re.sub(r"[*?\[]", lambda sign: f"[{sign[0]}]", path)
