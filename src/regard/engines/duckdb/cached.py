"""A study's relations kept in a file. What an earlier command made, or made before it was interrupted, is not made again."""

from __future__ import annotations

import os
from contextlib import closing
from functools import partial
from pathlib import Path

import duckdb

from regard.engines.duckdb.connection import connect
from regard.engines.duckdb.engine import DuckDBEngine, names
from regard.engines.duckdb.errors import file_error
from regard.engines.duckdb.objects import objects
from regard.engines.duckdb.statements import execute, fetch_scalar
from regard.engines.limits import DEFAULT, Limits
from regard.errors import InputError, NotARecord, RecordBusy

FILE = "measures.duckdb"


class CachedDuckDBEngine(DuckDBEngine):
    """DuckDB with its relations in a folder. `about` says what they are made from; relations made from anything else are removed.

    Raises InputError if the folder can't be used, RecordError and its subclasses for the file in it.

    >>> import tempfile
    >>> import numpy as np
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     engine = CachedDuckDBEngine(Path(folder), "a record")
    ...     engine.put("counts", {"n": np.arange(3)})
    ...     engine.mark_done("counts")
    ...     engine.close()
    ...     engine = CachedDuckDBEngine(Path(folder), "a record")
    ...     engine.is_done("counts"), engine.rows("SELECT max(n) FROM counts")
    ...     engine.close()
    (True, [(2,)])
    """

    table = "TABLE"

    def __init__(self, folder: Path, about: str, limits: Limits = DEFAULT) -> None:
        path = folder / FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            connection = _open(path, limits)
            if execute(connection, "SELECT 1 FROM parts_made WHERE about <> $about LIMIT 1", {"about": about}):
                connection.close()
                path.unlink()
                connection = _open(path, limits)
            parts = execute(connection, "SELECT part FROM parts_made")
        except OSError as error:
            raise InputError(f"{folder}: no work can be kept there ({error.strerror or error})") from error
        except duckdb.Error as error:
            if translated := file_error(error, path):
                raise translated from error
            raise
        super().__init__(limits, connection)
        self._about = about
        self._parts |= set(names(parts))

    def mark_done(self, part: str) -> None:
        """Mark a part as done, for later programs too."""
        super().mark_done(part)
        self.rows("INSERT INTO parts_made VALUES ($about, $part)", {"about": self._about, "part": part})


def is_work(path: Path) -> bool:
    """Whether a file holds relations that studies kept; also if another program has it open, so that nobody can look."""
    if not path.is_file():
        return False
    try:
        with closing(connect(os.fspath(path), read_only=True)) as connection:
            return "parts_made" in names(execute(connection, "SELECT table_name FROM duckdb_tables()"))
    except duckdb.Error as error:
        return isinstance(file_error(error, path), RecordBusy)


def _open(path: Path, limits: Limits) -> duckdb.DuckDBPyConnection:
    connection = connect(os.fspath(path), limits=limits)
    held = objects(partial(execute, connection), fetch_scalar(connection, str, "SELECT current_database()"))
    if held and (any(item.what not in ("table", "type") for item in held) or "main.parts_made" not in {item.name for item in held}):
        connection.close()
        raise NotARecord(f"{path}: a database of some other program; it was left as it is. Take another folder")
    execute(connection, "CREATE TABLE IF NOT EXISTS parts_made (about VARCHAR NOT NULL, part VARCHAR NOT NULL)")
    return connection
