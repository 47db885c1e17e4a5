"""Statements of DuckDB: run so that Ctrl-C stops them, told how far they are, with values and names that can't break out."""

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
    """Run one statement with those of the values that it names, and give all its rows; Ctrl-C stops it at once."""
    return interruptible(
        connection, lambda: cast(list[Row], connection.execute(sql, _as_bigint(used_parameters(sql, values or {}))).fetchall())
    )


def fetch(connection: duckdb.DuckDBPyConnection, row_type: type[R], sql: str, values: Values | None = None) -> list[R]:
    """The same, with each row as a NamedTuple of that type; see `typed`."""
    return typed(row_type, execute(connection, sql, values))


def fetch_scalar(connection: duckdb.DuckDBPyConnection, kind: type[Scalar], sql: str, values: Values | None = None) -> Scalar:
    """The one value of a statement, as a `kind`."""
    return scalar(kind, execute(connection, sql, values))


def arrays(connection: duckdb.DuckDBPyConnection, sql: str, values: Values | None = None) -> dict[str, NDArray[np.generic]]:
    """The same, with the columns as arrays."""
    found = interruptible(connection, lambda: connection.execute(sql, _as_bigint(used_parameters(sql, values or {}))).fetchnumpy())
    return cast(dict[str, NDArray[np.generic]], found)


_running: list[duckdb.DuckDBPyConnection] = []


def progress() -> float | None:
    """How much of the statement that is now running is done, from 0 to 1; None where nothing runs or it can't be told."""
    with contextlib.suppress(IndexError, duckdb.Error):
        share = _running[-1].query_progress() / 100
        return share if 0 <= share <= 1 else None
    return None


def interruptible(connection: duckdb.DuckDBPyConnection, work: Callable[[], Result]) -> Result:
    """Do some work on a connection so that Ctrl-C stops it within milliseconds, as a KeyboardInterrupt.

    Python looks at signals between its own steps only, and one statement of the engine can last for minutes. On the main thread,
    where Ctrl-C arrives, the work is therefore done on another thread, and the engine is told when to give up.
    """
    if threading.current_thread() is not threading.main_thread():
        return work()
    results: list[Result] = []
    errors: list[BaseException] = []
    first: list[str] = []
    """Who of the two came first: "work", or "stop", after which the work is not begun any more."""
    ended: list[bool] = []
    busy = _thread.allocate_lock()  # a Thread object costs 1 ms a statement, this 0.1 ms

    def run() -> None:
        first.append("work")
        if first[0] == "stop":
            return
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001  (raised again below, where the caller waits)
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
    # A connection is left at rest, however often somebody presses the keys: before the thread was started, after it was done, or now.
    while True:
        with contextlib.suppress(KeyboardInterrupt, SystemExit):
            first.append("stop")
            while first[0] == "work" and not ended:
                connection.interrupt()
                busy.acquire(timeout=0.02)
            return


def used_parameters(sql: str, values: Values) -> dict[str, Value]:
    """The values that a statement names: DuckDB refuses any more than these.

    >>> used_parameters("select $bin_us, '$no'", {"bin_us": 5, "bin": 1})
    {'bin_us': 5}
    """
    names = set(re.findall(r"\$([a-z_]+)", sql))
    return {name: value for name, value in values.items() if name in names}


def _as_bigint(values: Values) -> dict[str, Value | duckdb.Value]:
    """The values, whole numbers as BIGINT: DuckDB takes small ones as INTEGER, and products of them may not fit."""
    return {name: duckdb.Value(value, BIGINT) if type(value) is int else value for name, value in values.items()}


def quote_identifier(name: str) -> str:
    """An SQL identifier, whatever the name holds."""
    return '"' + name.replace('"', '""') + '"'


def quote_literal(value: str) -> str:
    """An SQL string, whatever it holds, for the places where no value can be bound.

    >>> quote_literal("O'Hara")
    "'O''Hara'"
    """
    return "'" + value.replace("'", "''") + "'"


def escape_glob(path: str) -> str:
    """A path inside a pattern of paths: what would stand for other names is taken by its letter.

    >>> escape_glob("acts [old]")
    'acts [[]old]'
    """
    return re.sub(r"[*?\[]", lambda sign: f"[{sign[0]}]", path)
