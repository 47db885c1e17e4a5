"""Writes a record as a dataset, in place of one that is there: completely or not at all."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from regard.base.drafts import beside, draft_folder, keep_mode, leftovers, new_name, real, remove
from regard.base.locations import exists
from regard.base.locks import lock
from regard.engines.duckdb.errors import is_full
from regard.engines.duckdb.statements import execute, quote_literal
from regard.errors import InputError, NotARecord, RecordBusy
from regard.record.dataset_manifest import looks_like, write_manifest
from regard.record.dataset_tables import TABLES
from regard.record.storage import SLACK, reading, require_room

PATIENCE = 40
"""How often a reader looks again for a dataset that another program replaces at this moment."""


def write(record_path: Path, path: Path, *, room: bool = False) -> None:
    """Write what the record at a path holds as a dataset, in place of one that is there. The dataset is replaced completely or not at all.

    Raises NotARecord if something else is at the path; InputError if no folder can be made there, or, with `room`, if the dataset would
    leave no room for a second copy of it, without which nobody could be removed from it any more.
    """
    path = real(path)
    refuse_foreign(path)
    if "\\" in os.fspath(path):
        raise InputError(f"{path}: no dataset can be made there (what writes Parquet takes a backslash for a new folder)")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft_folder(path) as fresh:
            with reading(record_path, files=[fresh]) as connection, _write_errors(path, fresh):
                for table, query in TABLES.items():
                    _copy(connection, query, fresh / table)
            write_manifest(fresh)
            if room:
                require_room(path, _size(fresh) + SLACK, freed=_size(path))
            _replace(path, fresh)
    except OSError as error:
        raise InputError(f"{path}: no dataset can be made there ({error.strerror or error})") from error


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep a dataset to this program while it is read, changed and written. Raises RecordBusy if another program does so.

    What a killed program left is put right first: a dataset that it had moved away comes back, and drafts are removed.
    """
    file = beside(real(path), "lock")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = lock(file, make=True)
    except BlockingIOError as error:
        raise RecordBusy(f"{path}: another program changes this dataset; try again when it has done") from error
    except OSError as error:
        raise InputError(f"{path}: no dataset can be made there ({error.strerror or error})") from error
    try:
        _recover(real(path))
        yield
    finally:
        if handle is not None:
            file.unlink(missing_ok=True)
            os.close(handle)


def recover(path: Path) -> None:
    """Bring back a dataset that is not at its path, because a program was killed while it replaced it."""
    for _ in range(PATIENCE):
        if exists(path) or not leftovers(real(path), "old"):
            return
        with contextlib.suppress(RecordBusy), alone(path):
            return
        time.sleep(0.05)  # another program replaces it now


def _recover(path: Path) -> None:
    for old in leftovers(path, "old"):
        if not path.exists() and looks_like(old):
            with contextlib.suppress(OSError):
                old.rename(path)
        elif looks_like(path):
            remove(old)


@contextlib.contextmanager
def _write_errors(path: Path, fresh: Path) -> Iterator[None]:
    """Translate DuckDB's errors about the files that are written. Errors about the record that is read pass unchanged."""
    try:
        yield
    except duckdb.IOException as error:
        reason = str(error).splitlines()[0]
        if fresh.name in reason or is_full(error):
            raise InputError(f"{path}: no dataset can be made there ({reason})") from error
        raise


def refuse_foreign(path: Path) -> None:
    """Raise NotARecord if something else than a dataset is at a path."""
    if exists(path) and not looks_like(path) and (not path.is_dir() or any(path.iterdir())):
        raise NotARecord(f"{path}: something else is there; it was left as it is. Give a new folder")


def _copy(connection: duckdb.DuckDBPyConnection, query: str, folder: Path) -> None:
    folder.mkdir()
    one_file = quote_literal(os.fspath(folder / "part-0.parquet"))
    if folder.name != "acts":
        execute(connection, f"COPY ({query}) TO {one_file} (FORMAT parquet, COMPRESSION zstd)")
    elif execute(connection, "SELECT 1 FROM acts LIMIT 1"):
        options = "(FORMAT parquet, COMPRESSION zstd, PARTITION_BY (month))"
        execute(connection, f"COPY ({query}) TO {quote_literal(os.fspath(folder))} {options}")
    else:
        (folder / "month=other").mkdir()
        one_file = quote_literal(os.fspath(folder / "month=other" / "part-0.parquet"))
        execute(connection, f"COPY (SELECT * EXCLUDE (month) FROM ({query})) TO {one_file} (FORMAT parquet)")


def _replace(path: Path, fresh: Path) -> None:
    """Put a new folder in the place of a dataset. Raises RecordBusy if a study of the old one is open."""
    # One folder can't replace another in a single step. If the machine stops in between, the old one is beside it, under a name with a dot,
    # and `recover` brings it back.
    old = new_name(path, "old")
    handle = None
    if path.exists():
        try:
            handle = lock(path)
        except BlockingIOError as error:
            raise RecordBusy(f"{path}: a study of this dataset is open; close it and try again") from error
        keep_mode(path, fresh)
        path.rename(old)
    try:
        fresh.rename(path)
    except OSError:
        if old.exists():
            old.rename(path)
        raise
    finally:
        if handle is not None:
            os.close(handle)
    remove(old)
