"""What the engine's complaints mean to a person: about a database file, and about a file of rows that it reads by itself."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from regard.errors import DamagedRecord, EngineError, InputError, Malformed, NewerRecord, OutOfDisk, OutOfMemory, RecordBusy, RegardError

ROW_ERRORS = (
    duckdb.InvalidInputException, duckdb.ConversionException, duckdb.SerializationException, duckdb.IOException, duckdb.OutOfRangeException,
)  # fmt: skip
"""What the engine raises where rows of a file can't be read."""

SAID = (
    (r"Expected Number of Columns: (\d+) Found: (\d+)", "its cells are {1} and the columns {0}"),
    (r"Maximum line size of \d+ bytes exceeded", "it is longer than 16 MB; that is no act of anybody"),
    (r"maximum_object_size", "an object longer than 16 MB; that is no act of anybody"),
    (r"unterminated quote", "a quote is opened and never closed"),
    (r"Malformed JSON", "it is no JSON"),
    (r"[Ii]nvalid (unicode|UTF-?8)|not utf-8", "its bytes are no text"),
)


def file_error(error: duckdb.Error, path: Path) -> RegardError | None:
    """What a complaint about a database file means; None where it is about something else, such as a value.

    >>> file_error(duckdb.IOException('IO Error: Could not set lock on file "a.regard": held by 12'), Path("a.regard"))
    RecordBusy('a.regard: another program has this record open, or this one has a study of it open; close it and try again')
    """
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    said = re.sub(r'"[^"]*"', "", reason).lower()  # a folder may be called "lock"
    if isinstance(error, duckdb.OutOfMemoryException):
        return resource_error(error, f"writing {path.name}")
    if any(words in said for words in ("set lock", "different configuration", "file handle conflict")):
        return RecordBusy(f"{path}: another program has this record open, or this one has a study of it open; close it and try again")
    if "no space left" in said:
        return InputError(f"{path}: the disk is full; nothing of this input was kept")
    if any(words in said for words in ("permission denied", "read-only file system", "not permitted")):
        return InputError(f"{path}: may not be opened or changed ({reason})")
    if "version" in said and isinstance(error, duckdb.IOException):
        return NewerRecord(f"{path}: written by a later version; upgrade Regard ({reason})")
    if isinstance(error, (duckdb.InternalException, duckdb.FatalException)):
        return _damaged(path, reason)
    return damage_error(error, path)


def resource_error(error: duckdb.OutOfMemoryException, step: str) -> EngineError:
    """What a step lacks: memory, or, where what does not fit into memory has no room either, disk.

    >>> print(resource_error(duckdb.OutOfMemoryException("could not allocate block (1.0 GiB/1.0 GiB used)"), "ties"))
    the step 'ties' needs more memory than it may use; raise it with --memory 8GB
    """
    return OutOfDisk(step) if "max_temp_directory_size" in str(error) or "No space left" in str(error) else OutOfMemory(step)


def damage_error(error: duckdb.Error, path: Path) -> DamagedRecord | None:
    """The complaint that pages of a database file do not check; None for any other."""
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    if isinstance(error, (duckdb.IOException, duckdb.SerializationException)) or "Corrupt database" in reason:
        return _damaged(path, reason)
    return None


def _damaged(path: Path, reason: str) -> DamagedRecord:
    return DamagedRecord(f"{path}: damaged ({reason}); it was left as it is. Restore a copy, or read the exports again")


def rows_error(error: duckdb.Error, file: str) -> Malformed:
    """A complaint about the rows of a file, with the line and without the row itself, which the engine quotes.

    >>> error = duckdb.InvalidInputException("CSV Error on Line: 3\\nOriginal Line: ann,bo\\nExpected Number of Columns: 3 Found: 2")
    >>> rows_error(error, "a.csv")
    Malformed('a.csv, line 3: expected rows of a table, all alike, but its cells are 2 and the columns 3')
    """
    text = re.sub(r'in file "[^"]*"', "", str(error))
    place = re.search(r"\bLine: (\d+)|\bline (\d+)", text)
    line = int(next(group for group in place.groups() if group)) if place else None
    if line is not None and "Malformed JSON" in text:
        line -= 1  # DuckDB 2.0 counts the line it stands on as read
    for pattern, words in SAID:
        if fit := re.search(pattern, text):
            return Malformed(file, "rows of a table, all alike", words.format(*fit.groups()), line=line)
    found = f"it is damaged or changes its form ({type(error).__name__.removesuffix('Exception')})"
    return Malformed(file, "rows of a table, all alike", found, line=line)
