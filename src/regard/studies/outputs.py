"""Files that people ask for, such as a report or a table: complete or not at all, and never over what Regard reads."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from regard.base.drafts import real, replacing
from regard.base.locations import Location, parse_location
from regard.errors import InputError, UsageError
from regard.record import dataset_manifest, storage


def check_output(
    output: str | os.PathLike[str], inputs: Iterable[str | os.PathLike[str] | Location] = (), option: str = "another path"
) -> None:
    """Raise UsageError if a file to write is one of the inputs, or one in its folder, or any record, or lies in any dataset.

    `option` says how another file is named.
    """
    file = real(Path(output))
    try:
        if any(_is_same(file, path) for path in map(_location, inputs) if isinstance(path, Path)):
            raise UsageError(f"{output}: is one of the inputs, and is not overwritten; name another file with {option}")
        if _is_ours(file) or _belongs_to_one(file) or any(map(_is_ours, file.parents)):
            raise UsageError(f"{output}: is a record or a part of a dataset, and is not overwritten; name another file with {option}")
    except (OSError, InputError) as error:
        raise UsageError(f"{output}: cannot be written ({getattr(error, 'strerror', None) or error})") from error


def write_whole(output: Path, text: str) -> None:
    """Write a text so that no reader ever sees half a file. Raises UsageError if it can't be written."""
    try:
        with replacing(output) as draft:
            draft.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError(f"{output}: cannot be written ({error.strerror})") from error


def _is_ours(path: Path) -> bool:
    return storage.looks_like(path) or dataset_manifest.looks_like(path)


def _belongs_to_one(file: Path) -> bool:
    """Whether a record or dataset keeps a file of this name beside it: its log holds acts, and its ledger what was told."""
    visible = (file.name.removesuffix(ending) for ending in (".wal", storage.LEDGER) if file.name.endswith(ending))
    hidden = (
        file.name[1:].removesuffix(ending) for ending in (".work", ".lock") if file.name.startswith(".") and file.name.endswith(ending)
    )
    return any(name and _is_ours(file.with_name(name)) for name in (*visible, *hidden))


def _location(path: str | os.PathLike[str] | Location) -> Location:
    return parse_location(path) if isinstance(path, str | os.PathLike) else path


def _is_same(file: Path, path: Path) -> bool:
    """Whether a file is an input, under whatever name, or lies in a folder that is one and is there already."""
    return file == real(path) or (file.exists() and path.exists() and (file.samefile(path) or file.is_relative_to(real(path))))
