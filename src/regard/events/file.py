"""The record's file: a DuckDB database with Regard's tables. Opening, checking and making one.

A file is looked at read-only before it is ever opened for writing, so that a foreign, newer or damaged file stays as it was.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb

from regard.engines.duckdb import connect, execute
from regard.errors import DamagedRecord, InputError, NewerRecord, NotARecord, OutOfMemory, RecordBusy
from regard.events.schema import ACTOR_TYPES, CLOCKS, KINDS, PRECISIONS, VISIBILITIES

FORMAT = 1
"""Raised when the tables change in a way that this code could not read."""


def _enum(name: str, values: tuple[str, ...]) -> str:
    return f"CREATE TYPE {name} AS ENUM ({', '.join(repr(value) for value in values)});"


TABLES = (
    _enum("kind", KINDS)
    + _enum("time_precision", PRECISIONS)
    + _enum("time_source", CLOCKS)
    + _enum("actor_type", ACTOR_TYPES)
    + _enum("visibility", VISIBILITIES)
    + """
CREATE TABLE meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL);
CREATE TABLE inputs (
    input INTEGER PRIMARY KEY, source VARCHAR NOT NULL, title VARCHAR NOT NULL, digest VARCHAR, view VARCHAR NOT NULL,
    missing VARCHAR NOT NULL, acts_read BIGINT NOT NULL, acts_added BIGINT NOT NULL, made_up BOOLEAN NOT NULL);
CREATE TABLE notes (input INTEGER NOT NULL, note VARCHAR NOT NULL, count BIGINT NOT NULL);
CREATE TABLE accounts (
    account INTEGER NOT NULL, source VARCHAR NOT NULL, id VARCHAR NOT NULL, name VARCHAR, actor_type actor_type NOT NULL,
    followers BIGINT, points DOUBLE, title VARCHAR, role VARCHAR, person INTEGER NOT NULL);
CREATE TABLE acts (
    time TIMESTAMP, time_precision time_precision NOT NULL, time_source time_source NOT NULL,
    actor INTEGER NOT NULL, target INTEGER, kind kind NOT NULL,
    item VARCHAR, parent_item VARCHAR, ancestors VARCHAR, thread_root VARCHAR, channel VARCHAR,
    text VARCHAR, label VARCHAR, lang VARCHAR, visibility visibility NOT NULL, edited BOOLEAN NOT NULL, weight_note VARCHAR,
    target_found BOOLEAN NOT NULL, input INTEGER NOT NULL, file VARCHAR, line BIGINT);
CREATE TABLE forgotten (digest VARCHAR PRIMARY KEY);
"""
)


def create(path: Path) -> None:
    """Make an empty record at a path where nothing is; a kill at any moment leaves a whole record or nothing there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    os.close(handle)
    fresh = Path(name)
    fresh.unlink()
    try:
        with contextlib.closing(connect(os.fspath(fresh))) as connection:
            connection.execute(TABLES).fetchall()
            execute(connection, "INSERT INTO meta VALUES ('format', $format)", {"format": str(FORMAT)})
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def check(path: Path) -> None:
    """Raise NotARecord, NewerRecord, DamagedRecord or RecordBusy unless the file is a record that this version can use."""
    if not path.exists():
        raise InputError(f"{path}: there is no such record")
    if not looks_like(path):
        raise NotARecord(f"{path}: not a Regard record; it was left as it is. To read an export use: regard report {path}")
    with contextlib.closing(_connect(path, read_only=True)) as connection, translated(path):
        tables = {str(row[0]) for row in execute(connection, "SELECT table_name FROM information_schema.tables")}
        if not {"meta", "acts", "accounts"} <= tables:
            raise NotARecord(f"{path}: a database of some other program; it was left as it is")
        version = execute(connection, "SELECT value FROM meta WHERE key = 'format'")
    if not version or not str(version[0][0]).isdigit():
        raise NotARecord(f"{path}: a database of some other program; it was left as it is")
    if int(str(version[0][0])) > FORMAT:
        raise NewerRecord(f"{path}: written by a later version of Regard (format {version[0][0]}, this one knows {FORMAT}); upgrade Regard")


def looks_like(path: Path) -> bool:
    """Whether a file starts as DuckDB's do (a checksum of 8 bytes, then DUCK)."""
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return stream.read(12)[8:] == b"DUCK"


@contextlib.contextmanager
def reading(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to a checked record."""
    with contextlib.closing(_connect(path, read_only=True)) as connection, translated(path):
        yield connection


@contextlib.contextmanager
def writing(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection inside one transaction: all of it is kept, or nothing when anything is raised."""
    check(path)
    with contextlib.closing(_connect(path, read_only=False)) as connection, translated(path):
        connection.begin()
        try:
            yield connection
        except BaseException:
            with contextlib.suppress(duckdb.Error):
                connection.rollback()
            raise
        connection.commit()
        execute(connection, "CHECKPOINT")


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turns the engine's complaints about a file into ours; other errors pass."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise OutOfMemory(f"writing {path.name}") from error
    except (duckdb.IOException, duckdb.SerializationException, duckdb.InternalException, duckdb.FatalException) as error:
        reason = str(error).splitlines()[0]
        if "No space left" in reason:
            raise InputError(f"{path}: the disk is full; nothing of this input was kept") from error
        raise DamagedRecord(f"{path}: damaged ({reason}); it was left as it is. Restore a copy, or read the exports again") from error


def _connect(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    try:
        connection = connect(os.fspath(path), read_only=read_only)
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        if "lock" in reason.lower():
            raise RecordBusy(f"{path}: another program has this record open; close it and try again") from error
        if "version" in reason.lower():
            raise NewerRecord(f"{path}: written by a later version; upgrade Regard ({reason})") from error
        raise DamagedRecord(f"{path}: damaged ({reason}); it was left as it is. Restore a copy, or read the exports again") from error
    execute(connection, "SET TimeZone = 'UTC'")
    return connection
