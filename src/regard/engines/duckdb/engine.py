"""DuckDB inside this process: the default engine. A record's file is a DuckDB database too."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import duckdb
import numpy as np
from numpy.typing import NDArray

from regard.base import tempdirs
from regard.base.drafts import real, replacing
from regard.base.locations import Location, local_path
from regard.base.locks import lock
from regard.engines.base import Arrays, ArrayStep, ArrowStream, Files, Step, Values
from regard.engines.duckdb.connection import change_setting, connect, forbid_files
from regard.engines.duckdb.errors import damage_error, file_error, resource_error
from regard.engines.duckdb.statements import arrays, escape_glob, execute, fetch_scalar, quote_identifier, quote_literal
from regard.engines.limits import DEFAULT, Limits
from regard.engines.local_files import LocalFiles
from regard.engines.rows import R, Row, Scalar, scalar, typed
from regard.errors import InputError, RecordBusy, StepFailed, UsageError

if TYPE_CHECKING:
    import pandas

COPY_FORMATS = {
    ".parquet": "(FORMAT parquet, COMPRESSION zstd)",
    ".csv": "(FORMAT csv, HEADER)",
    ".tsv": "(FORMAT csv, HEADER, DELIMITER '\t')",
    ".jsonl": "(FORMAT json)",
}


def copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Write a query's rows to a file; its suffix chooses the format. Raises UsageError for another suffix, or if it can't be written.

    The connection may write among temporary files only. From there the file takes its place, complete or not at all.
    """
    options = COPY_FORMATS.get(path.suffix.lower())
    if options is None:
        raise UsageError(f"{path.name}: tables are written as {', '.join(COPY_FORMATS)}")
    spill = Path(fetch_scalar(connection, str, "SELECT current_setting('temp_directory')"))
    spool = (spill if spill.is_dir() else tempdirs.own_folder()) / f"table-{secrets.token_hex(8)}"
    try:
        with replacing(path) as draft:
            execute(connection, f"COPY ({query}) TO {quote_literal(os.fspath(spool))} {options}")
            shutil.move(spool, draft)
    except duckdb.IOException as error:
        raise UsageError(f"{path}: cannot be written ({str(error).splitlines()[0]})") from error
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        spool.unlink(missing_ok=True)


class DuckDBEngine:
    """Holds the relations of one study as temporary tables of one connection.

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
        self._release: weakref.finalize[..., DuckDBEngine] | None = None
        # Rows are sorted when somebody looks at them. To keep their order at every step would cost time and memory.
        change_setting(self.connection, "preserve_insertion_order", False)
        change_setting(self.connection, "TimeZone", "UTC")

    def files(self, folder: Location) -> Files:
        """The files in a folder of this machine; raises UsageError for a remote one."""
        return LocalFiles(local_path(folder))

    def attach(self, path: Location, name: str) -> None:
        """Make the tables of a record's file or of a dataset's folder readable under a name (`name.acts`). Nothing is changed.

        From then on the connection reads and writes nothing else, temporary files apart (see `forbid_files`): this is done once only.
        Raises RecordError and its subclasses, UsageError for a path that is not on this machine.
        """
        path = local_path(path)
        try:
            if path.is_dir():
                self._hold(path)
                self._attach_folder(path, name)
            else:
                execute(self.connection, f"ATTACH {quote_literal(os.fspath(real(path)))} AS {quote_identifier(name)} (READ_ONLY)")
        except duckdb.Error as error:
            if translated := file_error(error, path):
                raise translated from error
            raise
        forbid_files(self.connection, [path] if path.is_dir() else [])
        self._attached = path

    def _hold(self, folder: Path) -> None:
        """Keep a folder from being replaced as long as it is read."""
        try:
            handle = lock(real(folder), shared=True)
        except BlockingIOError as error:
            raise RecordBusy(f"{folder}: another program replaces this dataset; try again") from error
        except OSError as error:
            raise InputError(f"{folder}: may not be read ({error.strerror or error})") from error
        if handle is not None:
            self._release = weakref.finalize(self, os.close, handle)

    def _attach_folder(self, folder: Path, name: str) -> None:
        execute(self.connection, f"CREATE SCHEMA {quote_identifier(name)}")
        for table in sorted(part for part in folder.iterdir() if part.is_dir()):
            files = quote_literal(f"{escape_glob(os.fspath(table))}/**/*.parquet")
            rows = f"read_parquet({files}, hive_partitioning = false)"  # a folder above may be called actor=ann
            execute(self.connection, f"CREATE VIEW {quote_identifier(name)}.{quote_identifier(table.name)} AS FROM {rows}")

    def run(self, part: Step | ArrayStep, values: Values) -> None:
        """Make the relation `part.name`; raises StepFailed with the SQL, OutOfMemory or OutOfDisk."""
        if isinstance(part, ArrayStep):
            self.put(part.name, part.kernel(self.arrays(f"FROM ({part.reads}) ORDER BY ALL", values), values))
        else:
            self._step(part.name, f"CREATE OR REPLACE {self.table} {quote_identifier(part.name)} AS {part.sql}", values)

    def is_done(self, part: str) -> bool:
        """Whether a part is marked as done."""
        return part in self._parts

    def mark_done(self, part: str) -> None:
        """Mark a part as done."""
        self._parts.add(part)

    def put(self, name: str, arrays: Arrays) -> None:
        """Make a relation from arrays."""
        self.connection.register("given_arrays", dict(arrays))
        try:
            self._step(name, f"CREATE OR REPLACE {self.table} {quote_identifier(name)} AS SELECT * FROM given_arrays", {})
        finally:
            self.connection.unregister("given_arrays")

    def rows(self, sql: str, values: Values | None = None) -> list[Row]:
        """All rows of a query; for small results."""
        with self._with_translated_damage():
            return execute(self.connection, sql, values)

    def fetch(self, row_type: type[R], sql: str, values: Values | None = None) -> list[R]:
        """All rows of a query, each as a NamedTuple of that type; see `typed`."""
        return typed(row_type, self.rows(sql, values))

    def scalar(self, kind: type[Scalar], sql: str, values: Values | None = None) -> Scalar:
        """The one value of a query, as a `kind`."""
        return scalar(kind, self.rows(sql, values))

    def arrays(self, sql: str, values: Values | None = None) -> dict[str, NDArray[np.generic]]:
        """The columns of a query as arrays."""
        with self._with_translated_damage():
            return arrays(self.connection, sql, values)

    def columns(self, query: str) -> list[str]:
        """The names of a query's columns."""
        return names(self.rows(f"DESCRIBE {query}"))

    def text_columns(self, query: str) -> list[str]:
        """The names of those of a query's columns that hold text."""
        return names(row for row in self.rows(f"DESCRIBE {query}") if str(row[1]).startswith(("VARCHAR", "ENUM")))

    def arrow(self, query: str) -> ArrowStream:
        """A query's rows, for libraries that read Arrow."""
        return cast(ArrowStream, self.connection.sql(query))

    def frame(self, query: str) -> pandas.DataFrame:
        """A query's rows, for pandas."""
        return cast("pandas.DataFrame", self.connection.sql(query).df())

    def drop(self, name: str) -> None:
        """Remove a relation; nothing happens if there is none."""
        self.rows(f"DROP TABLE IF EXISTS {quote_identifier(name)}")

    def write(self, query: str, path: Path) -> None:
        """Write a query's rows, in the order of their values, to a file; the suffix chooses Parquet, CSV, TSV or JSONL."""
        copy(self.connection, f"FROM ({query}) ORDER BY ALL", path)

    def close(self) -> None:
        """Release all relations and files."""
        self.connection.close()
        if self._release is not None:
            self._release()

    def _step(self, name: str, sql: str, values: Values) -> None:
        try:
            with self._with_translated_damage():
                execute(self.connection, sql, values)
        except duckdb.OutOfMemoryException as error:
            raise resource_error(error, name) from error
        except duckdb.Error as error:
            raise StepFailed(name, sql, str(error).splitlines()[0]) from error

    @contextlib.contextmanager
    def _with_translated_damage(self) -> Iterator[None]:
        try:
            yield
        except duckdb.Error as error:
            if translated := damage_error(error, self._attached):
                raise translated from error
            raise


def names(rows: Iterable[Row]) -> list[str]:
    """The first column of rows, as text."""
    return [str(row[0]) for row in rows]
