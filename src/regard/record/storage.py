"""The record's file, a DuckDB database with Regard's tables: making, checking and opening it.

A file is checked read-only before it is opened for writing, so that a foreign, newer or damaged file stays as it is.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb

from regard.engines.duckdb.connection import connect
from regard.engines.duckdb.errors import file_error
from regard.engines.duckdb.statements import execute, fetch
from regard.engines.limits import DEFAULT, Limits
from regard.errors import InputError, NewerRecord, NotARecord
from regard.record.schema import ACTOR_TYPES, CLOCKS, KINDS, PRECISIONS, VISIBILITIES

FORMAT = 1
"""Increased when the tables change in a way that older code can't read."""

ROW_GROUP = 122_880
"""Rows of a table that DuckDB writes together. New rows go to the last group, which is then written anew."""


class Format(NamedTuple):
    """The format of a record as its table `meta` has it."""

    value: str | None


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
    followers BIGINT, points DOUBLE, title VARCHAR, role VARCHAR, person INTEGER NOT NULL, key VARCHAR);
CREATE TABLE acts (
    time TIMESTAMP, time_precision time_precision NOT NULL, time_source time_source NOT NULL,
    actor INTEGER NOT NULL, target INTEGER, kind kind NOT NULL,
    item VARCHAR, parent_item VARCHAR, ancestors VARCHAR, thread_root VARCHAR, channel VARCHAR,
    text VARCHAR, label VARCHAR, lang VARCHAR, visibility visibility NOT NULL, edited BOOLEAN NOT NULL, weight_note VARCHAR,
    target_found BOOLEAN NOT NULL, thread_found BOOLEAN NOT NULL, input INTEGER NOT NULL, file VARCHAR, line BIGINT,
    other_ids VARCHAR);
CREATE TABLE forgotten (digest VARCHAR PRIMARY KEY);
"""
)

ADDED = (("accounts", "key"), ("acts", "other_ids"))
"""Columns of text that the first records lack. Opened for writing they get them; what only reads a record needs none of them."""


def create(path: Path) -> None:
    """Make an empty record at a path at which there is no file. If the program is killed, a complete record is there, or nothing.

    Raises InputError if no file can be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft(path) as fresh:
            # If no file can be made, this gives the error of the system. DuckDB's would be about a database.
            fresh.touch()
            fresh.unlink()
            with contextlib.closing(_connect(fresh, read_only=False)) as connection:
                connection.execute(TABLES).fetchall()
                execute(connection, "INSERT INTO meta VALUES ('format', $format)", {"format": str(FORMAT)})
                # The secret of pseudonyms and of the fingerprints of erased people.
                execute(connection, "INSERT INTO meta VALUES ('salt', $salt)", {"salt": secrets.token_hex(16)})
            if not path.exists():
                # The log of an earlier record that somebody removed: it does not fit this one.
                path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
            # A record that another program has made in the meantime is not replaced.
            with contextlib.suppress(FileExistsError):
                _link(fresh, path)
    except OSError as error:
        raise InputError(f"{path}: no record can be made there ({error.strerror or error})") from error


def _link(fresh: Path, path: Path) -> None:
    try:
        os.link(fresh, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        fresh.rename(path)


@contextlib.contextmanager
def draft(path: Path) -> Iterator[Path]:
    """A path beside a file, for a new file that will replace it. A file that still has this path afterwards is removed."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    try:
        yield fresh
    finally:
        for leftover in (fresh, fresh.with_name(fresh.name + ".wal")):
            leftover.unlink(missing_ok=True)


def _tidy(path: Path) -> None:
    """Remove files that killed programs left beside the record. The record must be open for writing, so that no other program uses it."""
    ours = re.compile(re.escape(f".{path.name}.") + r"[0-9a-f]{8}\.new(\.wal)?")
    for leftover in path.parent.iterdir():
        if ours.fullmatch(leftover.name):
            leftover.unlink(missing_ok=True)
    # Data that did not fit into memory.
    for leftover in path.with_name(f"{path.name}.tmp").glob("duckdb_temp_*"):
        leftover.unlink(missing_ok=True)


def check(path: Path) -> None:
    """Raise RecordError, in the subclass that fits, or InputError if there is no file, unless this version can use the record."""
    if not path.exists():
        raise InputError(f"{path}: there is no such record")
    if not looks_like(path):
        raise NotARecord(f"{path}: not a Regard record; it was left as it is. To read an export use: regard report {path}")
    foreign = NotARecord(f"{path}: a database of some other program; it was left as it is")
    with reading(path) as connection:
        try:
            formats = fetch(connection, Format, "SELECT value FROM meta WHERE key = 'format'")
            execute(connection, "SELECT account, person FROM accounts LIMIT 0")
            execute(connection, "SELECT time, actor, target, kind FROM acts LIMIT 0")
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise foreign from error
    version = formats[0].value if formats else None
    if version is None or not version.isdigit():
        raise foreign
    if int(version) > FORMAT:
        raise NewerRecord(f"{path}: written by a later version of Regard (format {version}, this one knows {FORMAT}); upgrade Regard")


def looks_like(path: Path) -> bool:
    """Whether a file starts as DuckDB's files do (a checksum of 8 bytes, then DUCK). Raises InputError if it may not be read."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as stream:
            return stream.read(12)[8:] == b"DUCK"
    except OSError as error:
        raise InputError(f"{path}: may not be read ({error.strerror or error})") from error


@contextlib.contextmanager
def reading(path: Path, limits: Limits = DEFAULT) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a read-only connection to a checked record."""
    with contextlib.closing(_connect(path, read_only=True, limits=limits)) as connection, translated(path):
        yield connection


@contextlib.contextmanager
def writing(path: Path, limits: Limits = DEFAULT) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a connection inside one transaction. All changes are kept, or none if anything is raised."""
    check(path)
    with contextlib.closing(_connect(path, read_only=False, limits=limits)) as connection, translated(path):
        with contextlib.suppress(OSError):
            _tidy(path)
        _verify(connection)
        connection.begin()
        try:
            for table, column in ADDED:
                execute(connection, f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {column} VARCHAR")
            yield connection
        except BaseException:
            with contextlib.suppress(duckdb.Error):
                connection.rollback()
            raise
        connection.commit()
        execute(connection, "CHECKPOINT")


def _verify(connection: duckdb.DuckDBPyConnection) -> None:
    """Read what a checkpoint will read. Damage that only the checkpoint found, after the commit, would leave a changed file."""
    last_group = f"WHERE rowid >= (SELECT max(rowid) FROM acts) - {ROW_GROUP}"
    for table, rows in (("acts", last_group), ("accounts", ""), ("inputs", ""), ("notes", ""), ("meta", ""), ("forgotten", "")):
        execute(connection, f"SELECT max(hash(COLUMNS(*))) FROM (FROM {table} {rows})")


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Translate DuckDB's errors about a file into ours. Other errors pass unchanged."""
    try:
        yield
    except duckdb.Error as error:
        if own := file_error(error, path):
            raise own from error
        raise


def _connect(path: Path, *, read_only: bool, limits: Limits = DEFAULT) -> duckdb.DuckDBPyConnection:
    with translated(path):
        connection = connect(os.fspath(path), read_only=read_only, limits=limits)
        execute(connection, "SET TimeZone = 'UTC'")
    return connection
