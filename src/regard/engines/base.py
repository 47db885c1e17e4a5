"""What a measure may ask of an engine: run named steps, give arrays to a kernel, and take its result back as a relation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from regard.base.locations import Location
from regard.engines.rows import R, Row, Scalar

if TYPE_CHECKING:
    import pandas

Value = str | int | float | bool | None
Values = Mapping[str, Value]
Arrays = Mapping[str, NDArray[np.generic]]


@dataclass(frozen=True)
class Step:
    """One named relation: the SQL that makes it from relations made before. A value is written `$name` and bound, never formatted in.

    The SQL uses only what DuckDB and Spark answer alike: the functions listed in engines/spark/functions.py, no list or struct values, no
    `QUALIFY`. `sum` and `quantile_disc` are applied to whole numbers only. A float is rounded before it is cast to a whole number. No
    result depends on the order of an enumeration's values.
    """

    name: str
    sql: str


@dataclass(frozen=True)
class Loop:
    """Steps that are repeated, most of them reading their own last result, until the query `done` gives true, or `most` times.

    In the SQL of the steps and of `done`, `$round` is the number of the round, from 1.
    """

    steps: tuple[Step, ...]
    done: str
    most: int


@dataclass(frozen=True)
class ArrayStep:
    """A calculation on arrays between two steps. It reads one bounded relation on the driver and gives one back, to be joined.

    `reads` is SQL for a small relation (distinct states, not acts). `kernel` takes its columns, with the rows in the order of their
    values, and the bound values. It returns the columns of the relation `name`.

    If the relation can be large, `sql_equivalent` makes the same relation by SQL. It reads the relation `<name>_read`, makes relations of
    its own, and last of all `name`. An engine may take either way; the results differ by a few units of the last decimal at most.
    """

    name: str
    reads: str
    kernel: Callable[[Arrays, Values], Arrays]
    sql_equivalent: tuple[Step | Loop, ...] = ()

    @property
    def input_step(self) -> Step:
        """The step that makes the relation which `sql_equivalent` reads."""
        return Step(f"{self.name}_read", self.reads)


class ArrowStream(Protocol):
    """Rows that pandas, Polars and others take without copying them (the PyCapsule interface)."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Give the stream."""


class Files(Protocol):
    """The files in a folder, on this machine or on a remote file system."""

    def text(self, name: str) -> str:
        """The text of one file; raises FileNotFoundError, OSError if it can't be read, ValueError if it is not UTF-8."""

    def sizes(self) -> Mapping[str, int]:
        """The size in bytes of each file in the folder and below it, by its path relative to the folder."""


class Engine(Protocol):
    """Makes and holds the relations of one study."""

    def run(self, part: Step | ArrayStep, values: Values) -> None:
        """Make the relation `part.name`; raises StepFailed with the SQL, OutOfMemory or OutOfDisk."""

    def is_done(self, part: str) -> bool:
        """Whether a part is marked as done; an engine that keeps its relations also knows the marks of earlier programs."""

    def mark_done(self, part: str) -> None:
        """Mark a part as done, so that it is not run again."""

    def put(self, name: str, arrays: Arrays) -> None:
        """Make a relation from arrays."""

    def files(self, folder: Location) -> Files:
        """The files in a folder, as this engine sees them; raises UsageError if it can't reach the folder."""

    def attach(self, path: Location, name: str) -> None:
        """Make the tables of a record's file or of a dataset's folder readable under a name (`name.acts`). Nothing is changed."""

    def rows(self, sql: str, values: Values | None = None) -> list[Row]:
        """All rows of a query; for small results."""

    def fetch(self, row_type: type[R], sql: str, values: Values | None = None) -> list[R]:
        """All rows of a query, each as a NamedTuple of that type; see `typed`."""

    def scalar(self, kind: type[Scalar], sql: str, values: Values | None = None) -> Scalar:
        """The one value of a query, as a `kind`."""

    def arrays(self, sql: str, values: Values | None = None) -> dict[str, NDArray[np.generic]]:
        """The columns of a query as arrays."""

    def columns(self, query: str) -> list[str]:
        """The names of a query's columns."""

    def text_columns(self, query: str) -> list[str]:
        """The names of those of a query's columns that hold text."""

    def arrow(self, query: str) -> ArrowStream:
        """A query's rows, for libraries that read Arrow."""

    def frame(self, query: str) -> pandas.DataFrame:
        """A query's rows, for pandas."""

    def drop(self, name: str) -> None:
        """Remove a relation; nothing happens if there is none."""

    def write(self, query: str, path: Path) -> None:
        """Write a query's rows, in the order of their values, to a file; the suffix chooses Parquet, CSV, TSV or JSONL."""

    def close(self) -> None:
        """Release all relations and files."""
