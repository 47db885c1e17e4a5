"""Read a dataset back into a record, so that it can be extended, or somebody in it be forgotten."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from regard.base.drafts import real
from regard.engines.duckdb.statements import escape_glob, execute, quote_literal
from regard.engines.limits import DEFAULT, Limits
from regard.engines.local_files import LocalFiles
from regard.record.dataset_files import alone, refuse_foreign, write
from regard.record.dataset_manifest import check, looks_like
from regard.record.dataset_tables import TABLES, check_columns, described
from regard.record.record import Record
from regard.record.storage import translated, writing


@contextlib.contextmanager
def extend(path: Path, limits: Limits = DEFAULT, *, room: bool = False) -> Iterator[Record]:
    """Give a temporary record with what the dataset at a path holds, if there is one. At the end the record replaces the dataset.

    If anything is raised, the dataset stays as it is. Raises RecordBusy if another program extends it, and what `write` raises:
    `room` is for what makes the dataset larger.
    """
    refuse_foreign(path)
    with alone(path), Record.temporary(limits) as record:
        if looks_like(path):
            check(path, LocalFiles(path))
            _restore(record, real(path), limits)
        yield record
        write(record.path, path, room=room)


def _restore(record: Record, path: Path, limits: Limits) -> None:
    """Fill an empty record with the rows of a dataset, acts in the order that they had."""
    with writing(record.path, limits, [path]) as connection, translated(path):
        check_columns(path, lambda table: described(execute(connection, f"DESCRIBE {_rows(path, table)}")))
        execute(connection, "DELETE FROM meta")
        for table in TABLES:
            columns, order = ("* EXCLUDE (rowid)", "ORDER BY rowid") if table == "acts" else ("*", "")
            execute(connection, f"INSERT INTO {table} BY NAME SELECT {columns} {_rows(path, table)} {order}")


def _rows(path: Path, table: str) -> str:
    files = quote_literal(f"{escape_glob(os.fspath(path / table))}/**/*.parquet")
    return f"FROM read_parquet({files}, hive_partitioning = false)"
