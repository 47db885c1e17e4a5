"""A study's relations in a file: what was made before an interruption, or for the last command, is not made again."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from regard.engines.duckdb.connection import connect
from regard.engines.duckdb.engine import DuckDBEngine, names
from regard.engines.duckdb.errors import file_error
from regard.engines.duckdb.statements import execute
from regard.engines.limits import DEFAULT, Limits
from regard.errors import InputError, NotARecord

FILE = "measures.duckdb"


class CachedDuckDBEngine(DuckDBEngine):
    """DuckDB with its relations in a folder, all of them about one thing: those about another are removed.

    Raises InputError where the folder can't be used, RecordError and its kinds for the file in it.

    >>> import tempfile
    >>> import numpy as np
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     engine = CachedDuckDBEngine(Path(folder), "a record")
    ...     engine.put("seen", {"n": np.arange(3)})
    ...     engine.mark_done("seen")
    ...     engine.close()
    ...     engine = CachedDuckDBEngine(Path(folder), "a record")
    ...     engine.is_done("seen"), engine.rows("SELECT max(n) FROM seen")
    ...     engine.close()
    (True, [(2,)])
    """

    table = "TABLE"

    def __init__(self, folder: Path, about: str, limits: Limits = DEFAULT) -> None:
        path = folder / FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            connection = _opened(path, limits)
            if execute(connection, "SELECT 1 FROM parts_made WHERE about <> $about LIMIT 1", {"about": about}):
                connection.close()
                path.unlink()
                connection = _opened(path, limits)
            parts = execute(connection, "SELECT part FROM parts_made")
        except OSError as error:
            raise InputError(f"{folder}: no work can be kept there ({error.strerror or error})") from error
        except duckdb.Error as error:
            raise file_error(error, path) or error from error
        super().__init__(limits, connection)
        self._about = about
        self._parts |= set(names(parts))

    def mark_done(self, part: str) -> None:
        """A part is made, for later programs too."""
        super().mark_done(part)
        self.rows("INSERT INTO parts_made VALUES ($about, $part)", {"about": self._about, "part": part})


def _opened(path: Path, limits: Limits) -> duckdb.DuckDBPyConnection:
    connection = connect(os.fspath(path), limits=limits)
    tables = names(execute(connection, "SELECT table_name FROM duckdb_tables()"))
    if tables and "parts_made" not in tables:
        connection.close()
        raise NotARecord(f"{path}: a database of some other program; it was left as it is. Take another folder")
    execute(connection, "CREATE TABLE IF NOT EXISTS parts_made (about VARCHAR NOT NULL, part VARCHAR NOT NULL)")
    return connection
