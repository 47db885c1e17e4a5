"""A dataset: a record as a folder of Parquet files, one folder a table, acts by month. What engines on many machines read.

    community/
        dataset.json            format, and every file with its size
        acts/month=2024-01/     one folder a month of UTC; month=other holds what lies before 1970, after 2099 or has no time
        accounts/ inputs/ notes/ meta/ forgotten/

The columns are those of the record's tables, enumerations as text; acts have a `rowid` of their own. It holds what the record holds, its
secret and the fingerprints of people who were removed among it, and is as private. Nobody is removed from a dataset: it is written anew.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import weakref
from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb

from regard.base import tempdirs
from regard.base.locations import Location, RemoteUri, parse_location
from regard.engines.base import Files
from regard.engines.duckdb.engine import DuckDBEngine
from regard.engines.duckdb.statements import escape_glob, execute, quote_literal
from regard.engines.limits import DEFAULT, Limits
from regard.engines.local_files import LocalFiles
from regard.errors import DamagedRecord, InputError, NewerRecord, NotARecord, UsageError
from regard.record.record import Counts, Record
from regard.record.storage import reading, translated, writing

FORMAT = 1
"""Raised when a dataset changes in a way that this code could not read."""

MANIFEST = "dataset.json"

MONTH = "CASE WHEN time >= TIMESTAMP '1970-01-01' AND time < TIMESTAMP '2100-01-01' THEN strftime(time, '%Y-%m') ELSE 'other' END"

TABLES: Mapping[str, str] = {
    "acts": f"""SELECT rowid AS rowid, * REPLACE (CAST(time_precision AS VARCHAR) AS time_precision, CAST(kind AS VARCHAR) AS kind,
        CAST(time_source AS VARCHAR) AS time_source, CAST(visibility AS VARCHAR) AS visibility), {MONTH} AS month FROM acts""",
    "accounts": "SELECT * REPLACE (CAST(actor_type AS VARCHAR) AS actor_type) FROM accounts ORDER BY account",
    "inputs": "FROM inputs ORDER BY input",
    "notes": "FROM notes ORDER BY ALL",
    "meta": "FROM meta ORDER BY key",
    "forgotten": "FROM forgotten ORDER BY digest",
}
"""The tables, and what is written of each."""


class Dataset:
    """A record in a folder of Parquet files, to be looked at by a study; it is written by `write` and extended by `extended`.

    >>> from regard.record.ingest import InputInfo
    >>> from regard.record.schema import Act, Batch
    >>> with Record.temporary() as record:
    ...     added = record.append(InputInfo("table", "by hand", own_ids=False), [Batch([Act("ann", "reply", 0, "bo")])])
    ...     dataset = Dataset.temporary(record)
    >>> sorted(part.name for part in dataset.path.iterdir())
    ['accounts', 'acts', 'dataset.json', 'forgotten', 'inputs', 'meta', 'notes']
    >>> dataset.close()
    """

    def __init__(self, path: Location) -> None:
        self.path = path
        self._remove: weakref.finalize[..., Dataset] | None = None

    @classmethod
    def open(cls, path: str | os.PathLike[str] | RemoteUri) -> Dataset:
        """The dataset at a path; raises RecordError where it is none, newer than this version, or not all of its files are there.

        At an address it is looked at when an engine reads it.
        """
        where = path if isinstance(path, RemoteUri) else parse_location(path)
        if isinstance(where, Path):
            check(where, LocalFiles(where))
        return cls(where)

    @classmethod
    def temporary(cls, record: Record, inside: str | os.PathLike[str] | None = None) -> Dataset:
        """A dataset of what a record holds now, that goes with the object; in the system's temporary folder or `inside` another.

        Raises UsageError where no folder can be made there.
        """
        if inside is not None and isinstance(parse_location(inside), RemoteUri):
            raise UsageError(
                f"a record is not written to {inside}: make a dataset of it, regard read ... --into FOLDER/, and copy it there"
            )
        folder = tempdirs.new_folder(inside)
        write(record, folder / record.path.stem)
        made = cls(folder / record.path.stem)
        made._remove = weakref.finalize(made, shutil.rmtree, folder, ignore_errors=True)
        return made

    def counts(self) -> Counts:
        """How much the dataset holds."""
        with contextlib.closing(DuckDBEngine()) as engine:
            engine.attach(self.path, "record")
            engine.rows("USE record")
            return Counts.of(engine.rows(Counts.SQL)[0])

    def close(self) -> None:
        """Remove a temporary dataset; nothing for one that was asked for by name."""
        if self._remove is not None:
            self._remove()

    def __enter__(self) -> Dataset:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def looks_like(path: Path) -> bool:
    """Whether a dataset lies at a path, whole or not."""
    return (path / MANIFEST).is_file()


def check(path: Location, files: Files) -> None:
    """Raise NotARecord, NewerRecord or DamagedRecord unless a dataset that this version can use lies there, with all of its files."""
    told = _manifest(path, files)
    version = told.get("format")
    if isinstance(version, int) and version > FORMAT:
        raise NewerRecord(f"{path}: written by a later version of Regard (format {version}, this one knows {FORMAT}); upgrade Regard")
    expected = told.get("files")
    if version != FORMAT or not isinstance(expected, dict):
        raise NotARecord(f"{path}: not a dataset of Regard; it was left as it is")
    sizes = files.sizes()
    for name, size in expected.items():
        if sizes.get(name) != size:
            raise DamagedRecord(f"{path}: expected {name} of {size} bytes, which is missing or another; write the dataset again")


def _manifest(path: Location, files: Files) -> dict[str, object]:
    try:
        told = json.loads(files.text(MANIFEST))
    except FileNotFoundError as error:
        raise NotARecord(f"{path}: not a dataset of Regard, there is no {MANIFEST}; it was left as it is") from error
    except (OSError, ValueError, RecursionError) as error:
        raise DamagedRecord(f"{path}/{MANIFEST}: may not be read, or is no JSON; write the dataset again") from error
    return told if isinstance(told, dict) else {}


def write(record: Record, path: Path) -> None:
    """Write what a record holds as a dataset, in place of one that is there; the whole of it is kept, or nothing.

    Raises NotARecord where something else is, InputError where no folder can be made.
    """
    path = path.absolute()
    _refuse_foreign(path)
    if "\\" in os.fspath(path):
        raise InputError(f"{path}: no dataset can be made there (what writes Parquet takes a backslash for a new folder)")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _draft(path) as fresh:
            with reading(record.path) as connection, _place_told(path, fresh):
                for table, query in TABLES.items():
                    _copy(connection, query, fresh / table)
            files = {file.relative_to(fresh).as_posix(): file.stat().st_size for file in sorted(fresh.rglob("*.parquet"))}
            (fresh / MANIFEST).write_text(json.dumps({"format": FORMAT, "files": files}, indent=1), encoding="utf-8")
            _put_in_place(fresh, path)
    except OSError as error:
        raise InputError(f"{path}: no dataset can be made there ({error.strerror or error})") from error


@contextlib.contextmanager
def _place_told(path: Path, fresh: Path) -> Iterator[None]:
    """Tells trouble with what is written from trouble with the record that is read."""
    try:
        yield
    except duckdb.IOException as error:
        reason = str(error).splitlines()[0]
        if fresh.name in reason or "no space left" in reason.lower():
            raise InputError(f"{path}: no dataset can be made there ({reason})") from error
        raise


def _refuse_foreign(path: Path) -> None:
    if path.exists() and not looks_like(path) and (not path.is_dir() or any(path.iterdir())):
        raise NotARecord(f"{path}: something else is there; it was left as it is. Give a new folder")


def _copy(connection: duckdb.DuckDBPyConnection, query: str, folder: Path) -> None:
    folder.mkdir()
    one_file = quote_literal(os.fspath(folder / "part-0.parquet"))
    if folder.name != "acts":
        execute(connection, f"COPY ({query}) TO {one_file} (FORMAT parquet, COMPRESSION zstd)")
    elif execute(connection, "SELECT 1 FROM acts LIMIT 1"):
        execute(
            connection, f"COPY ({query}) TO {quote_literal(os.fspath(folder))} (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (month))"
        )
    else:
        (folder / "month=other").mkdir()
        one_file = quote_literal(os.fspath(folder / "month=other" / "part-0.parquet"))
        execute(connection, f"COPY (SELECT * EXCLUDE (month) FROM ({query})) TO {one_file} (FORMAT parquet)")


@contextlib.contextmanager
def _draft(path: Path) -> Iterator[Path]:
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    fresh.mkdir(mode=0o700)
    try:
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _put_in_place(fresh: Path, path: Path) -> None:
    # A folder can't take another's place in one step: should the machine stop in between, the old one lies beside, under a name with a dot.
    old = fresh.with_suffix(".old")
    if path.exists():
        path.rename(old)
    try:
        fresh.rename(path)
    except OSError:
        if old.exists():
            old.rename(path)
        raise
    shutil.rmtree(old, ignore_errors=True)


@contextlib.contextmanager
def extend(path: Path, limits: Limits = DEFAULT) -> Iterator[Record]:
    """A temporary record with what the dataset at a path holds, if there is one; what it holds in the end takes the dataset's place.

    When anything is raised the dataset stays as it was.
    """
    _refuse_foreign(path)
    with Record.temporary(limits) as record:
        if looks_like(path):
            check(path, LocalFiles(path))
            _restore(record, path, limits)
        yield record
        write(record, path)


def _restore(record: Record, path: Path, limits: Limits) -> None:
    with writing(record.path, limits) as connection, translated(path):
        execute(connection, "DELETE FROM meta")
        for table in TABLES:
            files = quote_literal(f"{escape_glob(os.fspath(path / table))}/**/*.parquet")
            rows = f"read_parquet({files}, hive_partitioning = false)"
            kept = "* EXCLUDE (rowid)" if table == "acts" else "*"
            order = "ORDER BY rowid" if table == "acts" else ""
            execute(connection, f"INSERT INTO {table} BY NAME SELECT {kept} FROM {rows} {order}")


def open_record(path: str | os.PathLike[str]) -> Record | Dataset:
    """What lies at a path: a record's file or a dataset's folder, or a dataset at an address; raises RecordError and its kinds."""
    where = parse_location(path)
    return Dataset.open(where) if isinstance(where, RemoteUri) or where.is_dir() else Record.open(where)
