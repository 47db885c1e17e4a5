"""The record's file, a DuckDB database with Regard's tables: making, checking and opening it.

A file is checked read-only before it is opened for writing, so that a foreign, newer or damaged file stays as it is.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import duckdb

from regard.base.drafts import draft, real, remove, remove_leftovers
from regard.base.locations import Location, exists
from regard.engines.duckdb.connection import connect, forbid_files
from regard.engines.duckdb.errors import file_error, is_full
from regard.engines.duckdb.objects import Ask, expected, foreign, lacking, objects
from regard.engines.duckdb.statements import execute, fetch_scalar, quote_identifier
from regard.engines.limits import DEFAULT, Limits
from regard.engines.rows import typed
from regard.errors import InputError, NewerRecord, NotARecord, RecordError
from regard.record.schema import ACTOR_TYPES, CLOCKS, KINDS, PRECISIONS, VISIBILITIES

FORMAT = 1
"""Increased when the tables change in a way that older code can't read."""

LEDGER = ".organisation.json"
"""What follows the name of a record in that of the file beside it which holds what was told to an organisation."""

ROW_GROUP = 122_880
"""Rows of a table that DuckDB writes together. New rows go to the last group, which is then written anew."""


SLACK = 4 << 20
"""Bytes by which a new file may be larger than the old one, because its blocks are filled in another order."""


class MetaRow(NamedTuple):
    """What the table `meta` of a record says."""

    key: str
    value: str


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
FIRST_TABLES = re.sub("|".join(rf",\s+{column} VARCHAR(?=\))" for _, column in ADDED), "", TABLES)
"""The tables of the first records."""


def create(path: Path) -> None:
    """Make an empty record at a path at which there is no file. If the program is killed, a complete record is there, or nothing.

    Raises InputError if no file can be made.
    """
    try:
        path = real(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft(path) as fresh:
            with contextlib.closing(_connect(fresh, read_only=False)) as connection, translated(path):
                connection.execute(TABLES).fetchall()
                execute(connection, "INSERT INTO meta VALUES ('format', $format)", {"format": str(FORMAT)})
                # The secret of the fingerprints of erased people, and of the noise in an organisation's figures.
                execute(connection, "INSERT INTO meta VALUES ('salt', $salt)", {"salt": secrets.token_hex(16)})
                # Closing it would bring this into the file too, but say nothing if the disk is full.
                execute(connection, "CHECKPOINT")
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


def discard_if_empty(path: Path) -> None:
    """Remove a record into which nothing was ever read. One that another program has open stays, and so does anything else."""
    with contextlib.suppress(RecordError, duckdb.Error), contextlib.closing(_connect(path, read_only=False)) as connection:
        if not execute(connection, "SELECT 1 FROM inputs LIMIT 1"):
            path = real(path)
            path.unlink()
            path.with_name(f"{path.name}.wal").unlink(missing_ok=True)


def check(path: Path) -> None:
    """Raise RecordError, in the subclass that fits, or InputError if there is no file, unless this version can use the record."""
    if not exists(path):
        raise InputError(f"{path}: there is no such record")
    if not looks_like(path):
        raise NotARecord(f"{path}: not a Regard record; it was left as it is. To read an export use: regard report {path}")
    with reading(path):
        pass


def check_objects(path: Path, ask: Ask, database: str) -> None:
    """Raise NotARecord or NewerRecord unless an open database holds exactly what a record of this version holds, and nothing that runs."""
    found = objects(ask, database)
    format_table = {item for item in expected(TABLES) if item.name == "main.meta"}
    rows = typed(MetaRow, ask(f"SELECT key, value FROM {quote_identifier(database)}.meta", {})) if format_table <= found else []
    said = {row.key: row.value for row in rows}
    version = said.get("format")
    if version is None or not version.isdigit() or lacking(found, TABLES):
        raise NotARecord(f"{path}: a database of some other program; it was left as it is")
    if int(version) > FORMAT:
        raise NewerRecord(f"{path}: written by a later version of Regard (format {version}, this one knows {FORMAT}); upgrade Regard")
    if strange := foreign(found, TABLES) & foreign(found, FIRST_TABLES):
        raise NotARecord(
            f"{path}: expected the tables of a record and nothing else, but the {min(strange).what} {min(strange).name} is none of them. "
            "Whoever made this file changed it; it was left as it is"
        )
    if not said.get("salt"):
        raise no_secret(path)


def no_secret(path: Location) -> NotARecord:
    """The error for a record or dataset without a secret: its fingerprints and the noise in its figures would be known to everybody."""
    return NotARecord(
        f"{path}: expected a record with a secret of its own, and it has none. Whoever made it changed it; it was left as it is"
    )


def looks_like(path: Path) -> bool:
    """Whether a file starts as DuckDB's files do (a checksum of 8 bytes, then DUCK). Raises InputError if it may not be read."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            return stream.read(12)[8:] == b"DUCK"
    except OSError as error:
        raise InputError(f"{path}: may not be read ({error.strerror or error})") from error


@contextlib.contextmanager
def reading(path: Path, limits: Limits = DEFAULT, files: Sequence[Path] = ()) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a read-only connection to a record, and check it. The connection opens no other files but `files` and what lies below them."""
    with contextlib.closing(_connect(path, read_only=True, limits=limits, files=files)) as connection, translated(path):
        check_objects(path, partial(execute, connection), current_database(connection))
        yield connection


@contextlib.contextmanager
def writing(
    path: Path, limits: Limits = DEFAULT, files: Sequence[Path] = (), *, in_one_file: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a connection inside one transaction. All changes are kept, or none if anything is raised.

    The connection opens no other files but `files` and what lies below them. On a full disk what was committed may stay in a log beside the
    file, from which the next program takes it. With `in_one_file` that is an error.
    """
    check(path)
    with contextlib.closing(_connect(path, read_only=False, limits=limits, files=files)) as connection, translated(path):
        _tidy(real(path))
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
        _into_the_file(connection, required=in_one_file)


def _tidy(path: Path) -> None:
    """Remove what killed programs left beside the record. It must be open for writing, so that no other program uses it."""
    remove_leftovers(path)
    with contextlib.suppress(OSError):  # data that did not fit into memory
        for spilled in path.with_name(f"{path.name}.tmp").glob("duckdb_temp_*"):
            remove(spilled)


def _into_the_file(connection: duckdb.DuckDBPyConnection, *, required: bool) -> None:
    """Bring what is committed from the log beside the file into the file. On a full disk it stays in the log: nothing is lost."""
    try:
        execute(connection, "CHECKPOINT")
    except duckdb.Error as error:
        if required or not is_full(error):
            raise


def keep_room(path: Path) -> None:
    """Raise InputError if the disk has no room for a second copy of a record, without which nobody could be removed from it any more."""
    require_room(path, sum(file.stat().st_size for file in (real(path), log_of(path)) if file.exists()) + SLACK)


def require_room(path: Path, size: int, freed: int = 0) -> None:
    """Raise InputError if the disk of a record or dataset has less room than this, what is about to be `freed` included; in bytes."""
    free = shutil.disk_usage(real(path).parent).free + freed
    if free < size:
        raise InputError(
            f"{path}: the disk is nearly full ({free >> 20:,} MB free); nothing of this input was kept. Regard keeps room for a second "
            f"copy of the record ({size >> 20:,} MB), without which nobody could be removed from it"
        )


def log_of(path: Path) -> Path:
    """The log beside a record. It is there while a program writes, after a kill, and when the disk was full."""
    path = real(path)
    return path.with_name(f"{path.name}.wal")


def current_database(connection: duckdb.DuckDBPyConnection) -> str:
    """The name under which DuckDB has a file."""
    return fetch_scalar(connection, str, "SELECT current_database()")


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


def _connect(path: Path, *, read_only: bool, limits: Limits = DEFAULT, files: Sequence[Path] = ()) -> duckdb.DuckDBPyConnection:
    with translated(path):
        connection = connect(os.fspath(real(path)), read_only=read_only, limits=limits)
        execute(connection, "SET TimeZone = 'UTC'")
        forbid_files(connection, files)
    return connection
