"""DuckDB in the process: the default engine, and the record's own file format."""

from __future__ import annotations

import _thread
import contextlib
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

import duckdb
import numpy as np
from duckdb.sqltypes import BIGINT
from numpy.typing import NDArray

from regard import scratch
from regard.engines.base import Arrays, ArrowStream, Files, Fit, Row, Step, Value, Values
from regard.engines.complaints import about_file, damage, too_much
from regard.engines.limits import DEFAULT, LEAST, MOST, SHARE, Limits
from regard.engines.local_files import LocalFiles
from regard.errors import StepFailed, UsageError
from regard.places import Place, local

if TYPE_CHECKING:
    import pandas

# Nothing is ever fetched: an extension that is not built in is an error, not a download.
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
}

Result = TypeVar("Result")

COPY_FORMATS = {
    ".parquet": "(FORMAT parquet, COMPRESSION zstd)",
    ".csv": "(FORMAT csv, HEADER)",
    ".tsv": "(FORMAT csv, HEADER, DELIMITER '\t')",
    ".jsonl": "(FORMAT json)",
}


def connect(path: str = ":memory:", *, read_only: bool = False, limits: Limits = DEFAULT) -> duckdb.DuckDBPyConnection:
    """A connection that never reaches for the network; `path` as DuckDB has it. Raises UsageError for limits that can't be."""
    settings = dict(SETTINGS)
    if path == ":memory:" or limits.temporary:
        # Else what does not fit into memory would lie in the folder the user stands in, and stay there after a kill.
        settings["temp_directory"] = os.fspath(scratch.folder(limits.temporary))
    connection = duckdb.connect(path, read_only=read_only, config=settings)
    change(connection, "memory_limit", limits.memory or _usual(SHARE, LEAST, MOST))
    # Lets `progress` tell how far a statement is; nothing is printed.
    connection.execute("SET enable_progress_bar_print = false; SET enable_progress_bar = true").fetchall()
    return connection


@cache
def _usual(*sizes: str) -> str:
    """How much a connection may take that nobody has limited: the first of `sizes`, no less than the second, no more than the third."""
    with contextlib.closing(duckdb.connect()) as connection:
        found = []
        for size in sizes:
            change(connection, "memory_limit", size)
            found.append(int(connection.execute("SELECT parse_formatted_bytes(current_setting('memory_limit'))").fetchall()[0][0]))
    share, least, most = found
    return f"{max(share, min(least, most))}B"


def change(connection: duckdb.DuckDBPyConnection, setting: str, value: str | bool | int) -> None:
    """Change one setting of a connection; raises UsageError for a value it cannot take."""
    try:
        connection.execute(f"SET {setting} = $value", {"value": value}).fetchall()
    except duckdb.Error as error:
        raise UsageError(f"{setting} cannot be {value!r}: {str(error).splitlines()[0]}") from error


def execute(connection: duckdb.DuckDBPyConnection, sql: str, values: Values | None = None) -> list[Row]:
    """Run one statement with those of the values that it names, and give all its rows; Ctrl-C stops it at once."""
    return stoppable(connection, lambda: cast(list[Row], connection.execute(sql, _roomy(bound(sql, values or {}))).fetchall()))


_running: list[duckdb.DuckDBPyConnection] = []


def progress() -> float | None:
    """How much of the statement that is now running is done, from 0 to 1; None where nothing runs or it can't be told."""
    with contextlib.suppress(IndexError, duckdb.Error):
        share = _running[-1].query_progress() / 100
        return share if 0 <= share <= 1 else None
    return None


def stoppable(connection: duckdb.DuckDBPyConnection, work: Callable[[], Result]) -> Result:
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


def bound(sql: str, values: Values) -> dict[str, Value]:
    """The values that a statement names: DuckDB refuses any more than these.

    >>> bound("select $bin_us, '$no'", {"bin_us": 5, "bin": 1})
    {'bin_us': 5}
    """
    names = set(re.findall(r"\$([a-z_]+)", sql))
    return {name: value for name, value in values.items() if name in names}


def _roomy(values: Values) -> dict[str, Value | duckdb.Value]:
    """The values, whole numbers as BIGINT: DuckDB takes small ones as INTEGER, and products of them may not fit."""
    return {name: duckdb.Value(value, BIGINT) if type(value) is int else value for name, value in values.items()}


def quoted(name: str) -> str:
    """An SQL identifier, whatever the name holds."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """An SQL string, whatever it holds, for the places where no value can be bound.

    >>> text("O'Hara")
    "'O''Hara'"
    """
    return "'" + value.replace("'", "''") + "'"


def escaped(path: str) -> str:
    """A path inside a pattern of paths: what would stand for other names is taken by its letter.

    >>> escaped("acts [old]")
    'acts [[]old]'
    """
    return re.sub(r"[*?\[]", lambda sign: f"[{sign[0]}]", path)


def copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Write a query's rows to a file of the kind that its suffix says; raises UsageError for another, or a place that can't be written."""
    options = COPY_FORMATS.get(path.suffix.lower())
    if options is None:
        raise UsageError(f"{path.name}: tables are written as {', '.join(COPY_FORMATS)}")
    try:
        execute(connection, f"COPY ({query}) TO {text(os.fspath(path))} {options}")
    except duckdb.IOException as error:
        raise UsageError(f"{path}: cannot be written ({str(error).splitlines()[0]})") from error


class DuckDBEngine:
    """The relations of one study, as temporary tables of one connection.

    >>> engine = DuckDBEngine()
    >>> engine.run(Step("two", "SELECT $n + 1 AS n"), {"n": 1})
    >>> engine.rows("SELECT n FROM two")
    [(2,)]
    """

    table = "TEMP TABLE"

    def __init__(self, limits: Limits = DEFAULT, connection: duckdb.DuckDBPyConnection | None = None) -> None:
        self.connection = connection or connect(limits=limits)
        self._attached = Path("the record")
        self._parts: set[str] = set()
        # The order of a relation's rows is given where it is looked at, not kept at a price all along.
        change(self.connection, "preserve_insertion_order", False)
        change(self.connection, "TimeZone", "UTC")

    def files(self, folder: Place) -> Files:
        """What lies in a folder of this machine; raises UsageError for another place."""
        return LocalFiles(local(folder))

    def attach(self, path: Place, name: str) -> None:
        """Make a record's tables readable under a name (`name.acts`): a record's file, or a dataset's folder. Nothing is changed.

        Raises RecordError and its kinds, UsageError for a place that is not of this machine.
        """
        path = local(path)
        try:
            if path.is_dir():
                self._views(path, name)
            else:
                execute(self.connection, f"ATTACH {text(os.fspath(path))} AS {quoted(name)} (READ_ONLY)")
        except duckdb.Error as error:
            raise about_file(error, path) or error from error
        self._attached = path

    def _views(self, folder: Path, name: str) -> None:
        execute(self.connection, f"CREATE SCHEMA {quoted(name)}")
        for table in sorted(part for part in folder.iterdir() if part.is_dir()):
            files = text(f"{escaped(os.fspath(table))}/**/*.parquet")
            rows = f"read_parquet({files}, hive_partitioning = true, hive_types_autocast = false)"
            execute(self.connection, f"CREATE VIEW {quoted(name)}.{quoted(table.name)} AS FROM {rows}")

    def run(self, part: Step | Fit, values: Values) -> None:
        """Make the relation `part.name`; raises StepFailed with the SQL, or OutOfMemory."""
        if isinstance(part, Fit):
            self.put(part.name, part.kernel(self.arrays(f"FROM ({part.reads}) ORDER BY ALL", values), values))
        else:
            self._step(part.name, f"CREATE OR REPLACE {self.table} {quoted(part.name)} AS {part.sql}", values)

    def has(self, part: str) -> bool:
        """Whether a part was made, and remembered."""
        return part in self._parts

    def remember(self, part: str) -> None:
        """A part is made."""
        self._parts.add(part)

    def put(self, name: str, arrays: Arrays) -> None:
        """Make a relation of arrays."""
        self.connection.register("handed_over", dict(arrays))
        try:
            self._step(name, f"CREATE OR REPLACE {self.table} {quoted(name)} AS SELECT * FROM handed_over", {})
        finally:
            self.connection.unregister("handed_over")

    def rows(self, sql: str, values: Values | None = None) -> list[Row]:
        """All rows of a query; for small answers."""
        with self._damage_told():
            return execute(self.connection, sql, values)

    def arrays(self, sql: str, values: Values | None = None) -> dict[str, NDArray[np.generic]]:
        """The columns of a query as arrays."""
        with self._damage_told():
            found = stoppable(self.connection, lambda: self.connection.execute(sql, _roomy(bound(sql, values or {}))).fetchnumpy())
        return cast(dict[str, NDArray[np.generic]], found)

    def columns(self, query: str) -> list[str]:
        """The names of a query's columns."""
        return names(self.rows(f"DESCRIBE {query}"))

    def arrow(self, query: str) -> ArrowStream:
        """A query's rows, for whoever knows Arrow."""
        return cast(ArrowStream, self.connection.sql(query))

    def frame(self, query: str) -> pandas.DataFrame:
        """A query's rows, for pandas."""
        return cast("pandas.DataFrame", self.connection.sql(query).df())

    def drop(self, name: str) -> None:
        """Forget a relation; nothing where there is none."""
        self.rows(f"DROP TABLE IF EXISTS {quoted(name)}")

    def write(self, query: str, path: Path) -> None:
        """Write a query's rows, in the order of their values, to a Parquet, CSV, TSV or JSONL file, as the suffix says."""
        copy(self.connection, f"FROM ({query}) ORDER BY ALL", path)

    def close(self) -> None:
        """Let go of all relations and files."""
        self.connection.close()

    def _step(self, name: str, sql: str, values: Values) -> None:
        try:
            with self._damage_told():
                execute(self.connection, sql, values)
        except duckdb.OutOfMemoryException as error:
            raise too_much(error, name) from error
        except duckdb.Error as error:
            raise StepFailed(name, sql, str(error).splitlines()[0]) from error

    @contextlib.contextmanager
    def _damage_told(self) -> Iterator[None]:
        try:
            yield
        except duckdb.Error as error:
            raise damage(error, self._attached) or error from error


def names(rows: Iterable[Row]) -> list[str]:
    """The first column of rows, as text."""
    return [str(row[0]) for row in rows]
