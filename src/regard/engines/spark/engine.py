"""Spark: the same relations where data outgrows one machine. Each is a Parquet folder and a view on it.

A folder cuts the lineage: what an executor takes with it when it is lost is read again, not calculated again from the acts. It is read only
after Spark has committed it whole (its file `_SUCCESS`); what a failed step began is removed and never seen.
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


GATHERED = 5_000_000
"""Rows that a fit may read on the driver; beyond it the fit's twin is run. See docs/spark.md for what that weighs."""


class SparkEngine:
    """The relations of one study, as views of one Spark session; see `session` for what is raised.

    >>> engine = SparkEngine("local[1]")
    >>> engine.run(Step("two", "SELECT $n + 1 AS n"), {"n": 1})
    >>> engine.rows("SELECT n // 2, n / 4 FROM two")
    [(1, 0.5)]
    >>> engine.close()
    """

    def __init__(self, master: str | None = None, *, temporary: str | os.PathLike[str] | None = None) -> None:
        where = None if temporary is None else parse_location(temporary)
        self._spark = session(master, where)
        self._place = self._placed(where)
        self._folders: dict[str, Folder] = {}
        self._number = 0
        self._parts: set[str] = set()

    def _placed(self, where: Location | None) -> Folder:
        if not isinstance(where, RemoteUri):
            return Folder(self._spark, tempdirs.new_folder(where))
        made = Folder(self._spark, where).child(f"{tempdirs.PREFIX}{secrets.token_hex(8)}")
        made.make()
        return made

    def files(self, folder: Location) -> Files:
        """What lies in a folder, as Spark sees it; raises InputError where it can't get there."""
        return Folder(self._spark, folder)

    def attach(self, path: Location, name: str) -> None:
        """Make a dataset's tables readable under a name (`name.acts`)."""
        if isinstance(path, Path) and not path.is_dir():
            raise UsageError(f"{path}: Spark reads a dataset, a folder made by: regard read ... --into FOLDER/")
        folder = Folder(self._spark, path)
        with self._told(name, ""):
            for table in folder.folders():
                self._spark.read.parquet(escape_glob(folder.child(table).uri)).createOrReplaceTempView(f"{name}_{table}")

    def run(self, part: Step | ArrayStep, values: Values) -> None:
        """Make the relation `part.name`; raises StepFailed with the SQL, OutOfMemory, or EngineError for a fit too large for the driver."""
        if isinstance(part, ArrayStep):
            self._fit(part, values)
        else:
            with self._told(part.name, part.sql):
                self._keep(part.name, self._query(part.sql, values))

    def is_done(self, part: str) -> bool:
        """Whether a part was made, and remembered."""
        return part in self._parts

    def mark_done(self, part: str) -> None:
        """A part is made."""
        self._parts.add(part)

    def put(self, name: str, arrays: Arrays) -> None:
        """Make a relation of arrays."""
        with self._told(name, ""):
            self._keep(name, self._spark.createDataFrame(pyarrow.table(dict(arrays))))

    def rows(self, sql: str, values: Values | None = None) -> list[Row]:
        """All rows of a query; for small answers."""
        with self._told("a question", sql):
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
        with self._told("a question", query):
            return list(self._query(query, {}).columns)

    def arrow(self, query: str) -> ArrowStream:
        """A query's rows, for whoever knows Arrow."""
        return cast(ArrowStream, self._table("a question", query, {}))

    def frame(self, query: str) -> pandas.DataFrame:
        """A query's rows, for pandas."""
        return cast("pandas.DataFrame", self._table("a question", query, {}).to_pandas())

    def drop(self, name: str) -> None:
        """Forget a relation; nothing where there is none."""
        self._spark.catalog.dropTempView(name)
        if folder := self._folders.pop(name, None):
            folder.remove()

    def write(self, query: str, path: Path) -> None:
        """Write a query's rows, in the order of their values, to a Parquet, CSV, TSV or JSONL file, as the suffix says.

        The rows are sorted by Spark and written by DuckDB, file after file: the same bytes, in little memory.
        """
        sorted_rows = f"FROM ({query}) ORDER BY ALL"
        with self._told(path.name, sorted_rows):
            folder = self._written("table", self._query(sorted_rows, {}))
        with contextlib.closing(connect()) as connection:
            files = ", ".join(quote_literal(os.fspath(file)) for file in folder.copied(".parquet", tempdirs.new_folder()))
            copy(connection, f"FROM read_parquet([{files}])", path)
        folder.remove()

    def close(self) -> None:
        """Let go of all relations and files; Spark itself goes on for whoever comes next."""
        with contextlib.suppress(Exception):  # Spark may have ended before
            for name in [*self._folders]:
                self.drop(name)
        self._place.remove()

    def _fit(self, fit: ArrayStep, values: Values) -> None:
        self.run(fit.given, values)
        given = f"FROM {fit.given.name}"
        rows = int(str(self.rows(f"SELECT count(*) {given}")[0][0]))
        if rows <= GATHERED:
            self.put(fit.name, fit.kernel(self._arrays(fit.name, f"{given} ORDER BY ALL", {}), values))
        elif fit.sql_equivalent:
            run_relational(self, fit, values)
        else:
            raise EngineError(
                f"the step {fit.name!r} is calculated on one machine, of {GATHERED:,} rows at most, and would read {rows:,}; "
                "look at a part of the record, or on a machine with more memory without Spark"
            )
        self.drop(fit.given.name)

    def _query(self, sql: str, values: Values) -> DataFrame:
        used = used_parameters(sql, values)
        return self._spark.sql(to_spark(sql, used), args=used)

    def _keep(self, name: str, frame: DataFrame) -> None:
        folder = self._written(name, frame)
        before = self._folders.pop(name, None)
        self._spark.read.schema(frame.schema).parquet(escape_glob(folder.uri)).createOrReplaceTempView(name)
        self._folders[name] = folder
        if before:
            before.remove()

    def _written(self, name: str, frame: DataFrame) -> Folder:
        self._number += 1
        folder = self._place.child(f"{name}-{self._number}")
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
        with self._told(name, sql):
            return self._query(sql, values).toArrow()

    @contextlib.contextmanager
    def _told(self, name: str, sql: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            raise step_error(error, name, sql) or error from error


def escape_glob(uri: str) -> str:
    """A place inside a pattern of places, as Hadoop has them.

    >>> escape_glob("file:///acts [old]")
    'file:///acts \\\\[old\\\\]'
    """
    return re.sub(r"[*?\[\]{}\\]", lambda sign: "\\" + sign[0], uri)


def _array(column: pyarrow.ChunkedArray) -> NDArray[np.generic]:
    # Sums of whole numbers: arrays of them are of floats, as DuckDB's are.
    if pyarrow.types.is_decimal(column.type):
        column = column.cast(pyarrow.float64())
    return cast(NDArray[np.generic], column.to_numpy())
