"""Remembers in which work folders studies keep relations made from a record, so that forgetting somebody reaches them.

The list lies beside the record, in a file whose name begins with a dot: one path a line, as JSON. It holds nothing of the record's.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from regard.base.drafts import beside, real, remove
from regard.engines.duckdb.cached import FILE, is_work

ENDING = "work"


def note_work(record: Path, folder: Path) -> None:
    """Remember that a folder keeps relations made from a record or dataset. Nothing happens where the record's folder can't be written."""
    folder, listed = real(folder), beside(real(record), ENDING)
    if folder != real(record).parent and folder not in _noted(listed):
        with contextlib.suppress(OSError), listed.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(str(folder)) + "\n")


def clear_work(record: Path) -> list[str]:
    """Remove the relations that were made from a record. Returns a sentence for each folder in which that was not possible."""
    lists = [beside(real(record), ENDING), *_left_behind(real(record).parent)]
    noted = list(dict.fromkeys(folder for listed in lists for folder in _noted(listed)))
    files = [folder / FILE for folder in noted] + ([real(record).parent / FILE] if is_work(real(record).parent / FILE) else [])
    for file in files:
        for part in (file, file.with_name(f"{FILE}.wal"), file.with_name(f"{FILE}.tmp")):
            remove(part)
    left = [f"{file}: could not be removed, and may hold what the record held" for file in files if file.exists()]
    left += [f"{folder}: this work folder is no longer there; if it was moved, remove it" for folder in noted if not folder.exists()]
    for listed in () if left else lists:
        remove(listed)
    return left


def _left_behind(folder: Path) -> list[Path]:
    """The lists of records that are no longer there: one of them may have been renamed to the record that is asked about."""
    with contextlib.suppress(OSError):
        return [listed for listed in folder.glob(f".*.{ENDING}") if not (folder / listed.name[1 : -len(ENDING) - 1]).exists()]
    return []


def _noted(listed: Path) -> list[Path]:
    with contextlib.suppress(OSError, ValueError):
        return list(dict.fromkeys(Path(json.loads(line)) for line in listed.read_text(encoding="utf-8").splitlines()))
    return []
