"""What a measure may ask of an engine: run named steps, hand arrays to a fit, take its answer back as a relation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Value = str | int | float | bool | None
Values = Mapping[str, Value]
Arrays = Mapping[str, NDArray[np.generic]]
Row = tuple[object, ...]


@dataclass(frozen=True)
class Step:
    """One relation, by name: the SQL that makes it from relations made before. Values are written `$name` and bound, never formatted in.

    The SQL keeps to a subset that other dialects can say too: no list or struct values, no `QUALIFY`, no engine's own functions
    but those that the other engines' files rename.
    """

    name: str
    sql: str


@dataclass(frozen=True)
class Fit:
    """A calculation on arrays between two steps: reads one bounded relation on the driver, gives one back to be joined.

    `reads` is SQL that gives a small relation (distinct states, not acts). `kernel` takes its columns and the bound values and
    returns the columns of relation `name`.
    """

    name: str
    reads: str
    kernel: Callable[[Arrays, Values], Arrays]


class Engine(Protocol):
    """Where the relations of one study live."""

    def run(self, part: Step | Fit, values: Values) -> None:
        """Make the relation `part.name`; raises StepFailed with the SQL, or OutOfMemory."""

    def rows(self, sql: str, values: Values | None = None) -> list[Row]:
        """All rows of a query; for small answers."""

    def arrays(self, sql: str, values: Values | None = None) -> dict[str, NDArray[np.generic]]:
        """The columns of a query as arrays."""

    def write(self, query: str, path: Path) -> None:
        """Write a query's rows, in the order of their values, to a Parquet, CSV, TSV or JSONL file, as the suffix says."""
