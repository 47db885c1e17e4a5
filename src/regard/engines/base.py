"""What a measure may ask of an engine: run named steps, hand arrays to a fit, take its answer back as a relation."""

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
    """One relation, by name: the SQL that makes it from relations made before. Values are written `$name` and bound, never formatted in.

    The SQL keeps to a subset that other dialects can say too: no list or struct values, no `QUALIFY`, no engine's own functions
    but those that the other engines' files rename. Sums are of whole numbers, quantiles that are to be one of the values too; a
    float is rounded before it is cast to a whole number; nothing hangs on the order of an enumeration.
    """

    name: str
    sql: str


@dataclass(frozen=True)
class Loop:
    """Steps made again and again, each mostly of itself, until one yes or no says that it is enough, or `most` times.

    In their SQL and in that of `done`, `$round` is the number of the round, from 1.
    """

    steps: tuple[Step, ...]
    done: str
    most: int


@dataclass(frozen=True)
class ArrayStep:
    """A calculation on arrays between two steps: reads one bounded relation on the driver, gives one back to be joined.

    `reads` is SQL that gives a small relation (distinct states, not acts). `kernel` takes its columns, the rows in the order of their
    values, and the bound values, and returns the columns of relation `name`.

    Where the relation may be large after all, the same is said as relations too: the `twin`. It reads the relation `<name>_read`, makes
    others on the way that nobody else has, and last `name`. An engine takes either; the two answers differ by a few units of the last
    decimal at most.
    """

    name: str
    reads: str
    kernel: Callable[[Arrays, Values], Arrays]
    sql_equivalent: tuple[Step | Loop, ...] = ()

    @property
    def given(self) -> Step:
        """The relation that the twin reads."""
        return Step(f"{self.name}_read", self.reads)


class ArrowStream(Protocol):
    """Rows that pandas, Polars and others take without a copy (the PyCapsule interface)."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The stream itself."""


class Files(Protocol):
    """What lies in a folder, wherever that is."""

    def text(self, name: str) -> str:
        """The words of one file; raises FileNotFoundError, OSError where it can't be read, ValueError where they are none."""

    def sizes(self) -> Mapping[str, int]:
        """The files in the folder and below it, by their names from there, and how many bytes each has."""


class Engine(Protocol):
    """Where the relations of one study live."""

    def run(self, part: Step | ArrayStep, values: Values) -> None:
        """Make the relation `part.name`; raises StepFailed with the SQL, OutOfMemory or OutOfDisk."""

    def is_done(self, part: str) -> bool:
        """Whether a part was made, and remembered; by an earlier program too, where this engine has its relations."""

    def mark_done(self, part: str) -> None:
        """A part is made, and need not be made again."""

    def put(self, name: str, arrays: Arrays) -> None:
        """Make a relation of arrays."""

    def files(self, folder: Location) -> Files:
        """What lies in a folder, as this engine sees it; raises UsageError where it can't get there."""

    def attach(self, path: Location, name: str) -> None:
        """Make a record's tables readable under a name (`name.acts`): a record's file, or a dataset's folder. Nothing is changed."""

    def rows(self, sql: str, values: Values | None = None) -> list[Row]:
        """All rows of a query; for small answers."""

    def fetch(self, row_type: type[R], sql: str, values: Values | None = None) -> list[R]:
        """All rows of a query, each as a NamedTuple of that type; see `typed`."""

    def scalar(self, kind: type[Scalar], sql: str, values: Values | None = None) -> Scalar:
        """The one value of a query, as a `kind`."""

    def arrays(self, sql: str, values: Values | None = None) -> dict[str, NDArray[np.generic]]:
        """The columns of a query as arrays."""

    def columns(self, query: str) -> list[str]:
        """The names of a query's columns."""

    def arrow(self, query: str) -> ArrowStream:
        """A query's rows, for whoever knows Arrow."""

    def frame(self, query: str) -> pandas.DataFrame:
        """A query's rows, for pandas."""

    def drop(self, name: str) -> None:
        """Forget a relation; nothing where there is none."""

    def write(self, query: str, path: Path) -> None:
        """Write a query's rows, in the order of their values, to a Parquet, CSV, TSV or JSONL file, as the suffix says."""

    def close(self) -> None:
        """Let go of all relations and files."""
