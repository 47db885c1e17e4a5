"""Spark: makes the same relations if the data is too large for one machine. Each relation is a Parquet folder and a view on it.

A folder cuts the lineage: when an executor is lost, its results are read again from files and not calculated again from the acts. A folder
is read only after Spark has committed it whole (with the file `_SUCCESS`). The folder of a failed step is removed and never read.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import pyarrow
from numpy.typing import NDArray

from regard.base import tempdirs
from regard.base.locations import Location, RemoteUri, parse_location
from regard.engines.base import Arrays, ArrayStep, ArrowStream, Files, Step, Values
from regard.engines.duckdb.connection import connect
from regard.engines.duckdb.engine import copy
from regard.engines.duckdb.statements import quote_literal, used_parameters
from regard.engines.iterate import run_relational
from regard.engines.rows import R, Row, Scalar, scalar, typed
from regard.engines.spark.dialect import to_spark
from regard.engines.spark.errors import step_error
from regard.engines.spark.hadoop import Folder
from regard.engines.spark.session import session
from regard.errors import EngineError, UsageError

if TYPE_CHECKING:
    import pandas
    from pyspark.sql import DataFrame


MAX_DRIVER_ROWS = 5_000_000
"""Most rows that an array step reads on the driver; beyond it the SQL equivalent is run. See docs/spark.md for the memory that it takes."""


class SparkEngine:
    """Holds the relations of one study as views of one Spark session; see `session` for the errors.

    >>> engine = SparkEngine("local[1]")
    >>> engine.run(Step("two", "SELECT $n + 1 AS n"), {"n": 1})
    >>> engine.rows("SELECT n // 2, n / 4 FROM two")
    [(1, 0.5)]
    >>> engine.close()
    """

    def __init__(self, master: str | None = None, *, temporary: str | os.PathLike[str] | None = None) -> None:
        location = None if temporary is None else parse_location(temporary)
        self._spark = session(master, location)
        self._work_folder = self._make_work_folder(location)
        self._folders: dict[str, Folder] = {}
        self._number = 0
        self._parts: set[str] = set()

    def _make_work_folder(self, location: Location | None) -> Folder:
        if not isinstance(location, RemoteUri):
            return Folder(self._spark, tempdirs.new_folder(location))
        folder = Folder(self._spark, location).child(f"{tempdirs.PREFIX}{secrets.token_hex(8)}")
        folder.make()
        return folder

    def files(self, folder: Location) -> Files:
        """The files in a folder, as Spark sees them; raises InputError if Spark can't reach the folder."""
        return Folder(self._spark, folder)

    def attach(self, path: Location, name: str) -> None:
        """Make the tables of a dataset's folder readable under a name (`name.acts`)."""
        if isinstance(path, Path) and not path.is_dir():
            raise UsageError(f"{path}: Spark reads a dataset, a folder made by: regard read ... --into FOLDER/")
        folder = Folder(self._spark, path)
        with self._with_translated_errors(name, ""):
            for table in folder.folders():
                self._spark.read.parquet(escape_glob(folder.child(table).uri)).createOrReplaceTempView(f"{name}_{table}")

    def run(self, part: Step | ArrayStep, values: Values) -> None:
        """Make the relation `part.name`; raises StepFailed with the SQL, OutOfMemory, or EngineError if the driver can't hold its input."""
        if isinstance(part, ArrayStep):
            self._run_array_step(part, values)
        else:
            with self._with_translated_errors(part.name, part.sql):
                self._store(part.name, self._query(part.sql, values))

    def is_done(self, part: str) -> bool:
        """Whether a part is marked as done."""
        return part in self._parts

    def mark_done(self, part: str) -> None:
        """Mark a part as done."""
        self._parts.add(part)

    def put(self, name: str, arrays: Arrays) -> None:
        """Make a relation from arrays."""
        with self._with_translated_errors(name, ""):
            self._store(name, self._spark.createDataFrame(pyarrow.table(dict(arrays))))

    def rows(self, sql: str, values: Values | None = None) -> list[Row]:
        """All rows of a query; for small results."""
        with self._with_translated_errors("a question", sql):
            return [tuple(row) for row in self._query(sql, values or {}).collect()]

    def fetch(self, row_type: type[R], sql: str, values: Values | None = None) -> list[R]:
        """All rows of a query, each as a NamedTuple of that type; see `typed`."""
        return typed(row_type, self.rows(sql, values))

    def scalar(self, kind: type[Scalar], sql: str, values: Values | None = None) -> Scalar:
        """The one value of a query, as a `kind`."""
        return scalar(kind, self.rows(sql, values))

    def arrays(self, sql: str, values: Values | None = None) -> dict[str, NDArray[np.generic]]:
        """The columns of a query as arrays."""
        return self._arrays("a question", sql, values or {})

    def columns(self, query: str) -> list[str]:
        """The names of a query's columns."""
        with self._with_translated_errors("a question", query):
            return list(self._query(query, {}).columns)

    def text_columns(self, query: str) -> list[str]:
        """The names of those of a query's columns that hold text."""
        with self._with_translated_errors("a question", query):
            return [name for name, kind in self._query(query, {}).dtypes if kind == "string"]

    def arrow(self, query: str) -> ArrowStream:
        """A query's rows, for libraries that read Arrow."""
        return cast(ArrowStream, self._table("a question", query, {}))

    def frame(self, query: str) -> pandas.DataFrame:
        """A query's rows, for pandas."""
        return cast("pandas.DataFrame", self._table("a question", query, {}).to_pandas())

    def drop(self, name: str) -> None:
        """Remove a relation; nothing happens if there is none."""
        self._spark.catalog.dropTempView(name)
        if folder := self._folders.pop(name, None):
            folder.remove()

    def write(self, query: str, path: Path) -> None:
        """Write a query's rows, in the order of their values, to a file; the suffix chooses Parquet, CSV, TSV or JSONL.

        Spark sorts the rows and DuckDB writes them, one Parquet file after the other. The bytes are those that DuckDB alone would write.
        """
        sorted_rows = f"FROM ({query}) ORDER BY ALL"
        with self._with_translated_errors(path.name, sorted_rows):
            folder = self._write_folder("table", self._query(sorted_rows, {}))
        with contextlib.closing(connect()) as connection:
            files = ", ".join(quote_literal(os.fspath(file)) for file in folder.local_files(".parquet", tempdirs.new_folder()))
            copy(connection, f"FROM read_parquet([{files}])", path)
        folder.remove()

    def close(self) -> None:
        """Release all relations and files. Spark itself keeps running for later engines."""
        with contextlib.suppress(Exception):  # Spark may have ended already
            for name in [*self._folders]:
                self.drop(name)
        self._work_folder.remove()

    def _run_array_step(self, step: ArrayStep, values: Values) -> None:
        self.run(step.input_step, values)
        source = f"FROM {step.input_step.name}"
        n_rows = self.scalar(int, f"SELECT count(*) {source}")
        if n_rows <= MAX_DRIVER_ROWS:
            self.put(step.name, step.kernel(self._arrays(step.name, f"{source} ORDER BY ALL", {}), values))
        elif step.sql_equivalent:
            run_relational(self, step, values)
        else:
            raise EngineError(
                f"the step {step.name!r} is calculated on one machine, of {MAX_DRIVER_ROWS:,} rows at most, and would read {n_rows:,}; "
                "look at a part of the record, or on a machine with more memory without Spark"
            )
        self.drop(step.input_step.name)

    def _query(self, sql: str, values: Values) -> DataFrame:
        used = used_parameters(sql, values)
        return self._spark.sql(to_spark(sql, used), args=used)

    def _store(self, name: str, frame: DataFrame) -> None:
        folder = self._write_folder(name, frame)
        replaced = self._folders.pop(name, None)
        self._spark.read.schema(frame.schema).parquet(escape_glob(folder.uri)).createOrReplaceTempView(name)
        self._folders[name] = folder
        if replaced:
            replaced.remove()

    def _write_folder(self, name: str, frame: DataFrame) -> Folder:
        self._number += 1
        folder = self._work_folder.child(f"{name}-{self._number}")
        try:
            frame.write.parquet(folder.uri)
        except BaseException:
            folder.remove()
            raise
        return folder

    def _arrays(self, name: str, sql: str, values: Values) -> dict[str, NDArray[np.generic]]:
        table = self._table(name, sql, values)
        return {column: _array(table.column(column)) for column in table.column_names}

    def _table(self, name: str, sql: str, values: Values) -> pyarrow.Table:
        with self._with_translated_errors(name, sql):
            return self._query(sql, values).toArrow()

    @contextlib.contextmanager
    def _with_translated_errors(self, name: str, sql: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            if translated := step_error(error, name, sql):
                raise translated from error
            raise


def escape_glob(uri: str) -> str:
    """Escape a path or address for use in a glob pattern of Hadoop.

    >>> escape_glob("file:///acts [old]")
    'file:///acts \\\\[old\\\\]'
    """
    return re.sub(r"[*?\[\]{}\\]", lambda sign: "\\" + sign[0], uri)


def _array(column: pyarrow.ChunkedArray) -> NDArray[np.generic]:
    # Sums of whole numbers become arrays of floats, as on DuckDB.
    if pyarrow.types.is_decimal(column.type):
        column = column.cast(pyarrow.float64())
    return cast(NDArray[np.generic], column.to_numpy())
