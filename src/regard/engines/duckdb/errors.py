"""Translates DuckDB's errors for people: errors about a database file, and errors about a file of rows that DuckDB reads itself."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from regard.errors import DamagedRecord, EngineError, InputError, Malformed, NewerRecord, OutOfDisk, OutOfMemory, RecordBusy, RegardError

ROW_ERRORS = (duckdb.Error, UnicodeDecodeError)
"""What DuckDB raises if rows of a file can't be read: for damaged bytes that may be any error."""

ROW_MESSAGES = (
    (r"Expected Number of Columns: (\d+) Found: (\d+)", "its cells are {1} and the columns {0}"),
    (r"Maximum line size of \d+ bytes exceeded", "it is longer than 16 MB; that is no act of anybody"),
    (r"maximum_object_size", "an object longer than 16 MB; that is no act of anybody"),
    (r"unterminated quote", "a quote is opened and never closed"),
    (r"Malformed JSON", "it is no JSON"),
    (r"[Ii]nvalid (unicode|UTF-?8)|not utf-8", "its bytes are no text"),
)


def file_error(error: duckdb.Error, path: Path) -> RegardError | None:
    """Translate an error about a database file; None if it is about something else, such as a value.

    >>> file_error(duckdb.IOException('IO Error: Could not set lock on file "a.regard": held by 12'), Path("a.regard"))
    RecordBusy('a.regard: another program has this record open, or this one has a study of it open; close it and try again')
    """
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    text = re.sub(r'"[^"]*"', "", reason).lower()  # a folder may be called "lock"
    if isinstance(error, duckdb.OutOfMemoryException):
        return resource_error(error, f"writing {path.name}")
    if any(words in text for words in ("set lock", "different configuration", "file handle conflict")):
        return RecordBusy(f"{path}: another program has this record open, or this one has a study of it open; close it and try again")
    if is_full(error):
        return InputError(f"{path}: the disk is full; nothing was changed. Make room and say it again")
    if any(words in text for words in ("permission denied", "read-only file system", "not permitted")):
        return InputError(f"{path}: may not be opened or changed ({reason})")
    if "version" in text and isinstance(error, duckdb.IOException):
        return NewerRecord(f"{path}: written by a later version; upgrade Regard ({reason})")
    if isinstance(error, (duckdb.InternalException, duckdb.FatalException)):
        return _damaged(path, reason)
    return damage_error(error, path)


def is_full(error: duckdb.Error | OSError) -> bool:
    """Whether an error says that the disk is full, or that no file may grow so large.

    >>> is_full(duckdb.IOException("Could not write file: No space left on device"))
    True
    """
    return any(words in str(error).lower() for words in ("no space left", "file too large", "quota exceeded"))


def resource_error(error: duckdb.OutOfMemoryException, step: str) -> EngineError:
    """The resource that a step lacks: memory; or disk, if what does not fit into memory does not fit on the disk either.

    >>> print(resource_error(duckdb.OutOfMemoryException("could not allocate block (1.0 GiB/1.0 GiB used)"), "ties"))
    the step 'ties' needs more memory than it may use; raise it with --memory 8GB
    """
    return OutOfDisk(step) if "max_temp_directory_size" in str(error) or "No space left" in str(error) else OutOfMemory(step)


def damage_error(error: duckdb.Error, path: Path) -> DamagedRecord | None:
    """Translate an error about damaged pages of a database file; None for any other error."""
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    if isinstance(error, (duckdb.IOException, duckdb.SerializationException)) or "Corrupt database" in reason:
        return _damaged(path, reason)
    return None


def _damaged(path: Path, reason: str) -> DamagedRecord:
    return DamagedRecord(f"{path}: damaged ({reason}); it was left as it is. Restore a copy, or read the exports again")


def rows_error(error: duckdb.Error | UnicodeDecodeError, file: str) -> RegardError:
    """Translate any error while rows of a file are read. The line is named; the row itself, which DuckDB quotes, is left out.

    >>> error = duckdb.InvalidInputException("CSV Error on Line: 3\\nOriginal Line: ann,bo\\nExpected Number of Columns: 3 Found: 2")
    >>> rows_error(error, "a.csv")
    Malformed('a.csv, line 3: expected rows of a table, all alike, but its cells are 2 and the columns 3')
    """
    if isinstance(error, duckdb.OutOfMemoryException):
        return resource_error(error, f"reading {file}")
    text = re.sub(r'in file "[^"]*"', "", str(error))
    if not isinstance(error, UnicodeDecodeError) and is_full(error):
        return InputError(f"{file}: the disk is full; nothing of this input was kept")
    position = re.search(r"\bLine: (\d+)|\bline (\d+)", text)
    line = int(next(group for group in position.groups() if group)) if position else None
    if line is not None and "Malformed JSON" in text:
        line -= 1  # DuckDB 2.0 counts the current line as read
    for pattern, words in ROW_MESSAGES:
        if match := re.search(pattern, text):
            return Malformed(file, "rows of a table, all alike", words.format(*match.groups()), line=line)
    reason = f"it is damaged or changes its form ({type(error).__name__.removesuffix('Exception')})"
    return Malformed(file, "rows of a table, all alike", reason, line=line)
