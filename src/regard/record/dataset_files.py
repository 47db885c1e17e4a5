"""Writes a record as a dataset, and reads a dataset back into a record so that it can be extended."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb

from regard.engines.duckdb.statements import execute, quote_literal
from regard.errors import InputError, NotARecord
from regard.record.dataset_manifest import looks_like, write_manifest
from regard.record.storage import reading

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
"""The tables of a dataset, each with the SQL for its rows in a record."""


def write(record_path: Path, path: Path) -> None:
    """Write what the record at a path holds as a dataset, in place of one that is there. The dataset is replaced completely or not at all.

    Raises NotARecord if something else is at the path, InputError if no folder can be made there.
    """
    path = path.absolute()
    refuse_foreign(path)
    if "\\" in os.fspath(path):
        raise InputError(f"{path}: no dataset can be made there (what writes Parquet takes a backslash for a new folder)")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _draft_folder(path) as fresh:
            with reading(record_path) as connection, _write_errors(path, fresh):
                for table, query in TABLES.items():
                    _copy(connection, query, fresh / table)
            write_manifest(fresh)
            _replace(path, fresh)
    except OSError as error:
        raise InputError(f"{path}: no dataset can be made there ({error.strerror or error})") from error


@contextlib.contextmanager
def _write_errors(path: Path, fresh: Path) -> Iterator[None]:
    """Translate DuckDB's errors about the files that are written. Errors about the record that is read pass unchanged."""
    try:
        yield
    except duckdb.IOException as error:
        reason = str(error).splitlines()[0]
        if fresh.name in reason or "no space left" in reason.lower():
            raise InputError(f"{path}: no dataset can be made there ({reason})") from error
        raise


def refuse_foreign(path: Path) -> None:
    if path.exists() and not looks_like(path) and (not path.is_dir() or any(path.iterdir())):
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


@contextlib.contextmanager
def _draft_folder(path: Path) -> Iterator[Path]:
    """Make an empty folder beside a path, for a new dataset that will replace it. If it is still there afterwards, it is removed."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    fresh.mkdir(mode=0o700)
    try:
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _replace(path: Path, fresh: Path) -> None:
    # One folder can't replace another in a single step. If the machine stops in between, the old one is beside it, under a name with a dot.
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
