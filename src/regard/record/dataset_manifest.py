"""The manifest of a dataset: the file `dataset.json` with the dataset's format and the size of every file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from regard.base.locations import Location, exists
from regard.engines.base import Files
from regard.errors import DamagedRecord, NewerRecord, NotARecord, RecordBusy

FORMAT = 1
"""Increased when a dataset changes in a way that older code can't read."""

MANIFEST = "dataset.json"
TRIES = 20
"""How often a dataset may be replaced while it is looked at."""


def looks_like(path: Path) -> bool:
    """Whether a dataset is at a path, complete or not."""
    return exists(path) and (path / MANIFEST).is_file()


def check(path: Location, files: Files) -> None:
    """Raise NotARecord, NewerRecord or DamagedRecord unless a complete dataset that this version can use is at a path.

    Another program may put a new dataset in its place meanwhile; then the new one is looked at.
    """
    for _ in range(TRIES):
        manifest = _read(path, files)
        try:
            return _check_files(path, files, manifest)
        except DamagedRecord:
            if _read(path, files) == manifest:
                raise
    raise RecordBusy(f"{path}: another program changes this dataset again and again; try again when it has ended")


def _check_files(path: Location, files: Files, manifest: Mapping[str, object]) -> None:
    version = manifest.get("format")
    if isinstance(version, int) and version > FORMAT:
        raise NewerRecord(f"{path}: written by a later version of Regard (format {version}, this one knows {FORMAT}); upgrade Regard")
    expected = manifest.get("files")
    if version != FORMAT or not isinstance(expected, dict):
        raise NotARecord(f"{path}: not a dataset of Regard; it was left as it is")
    sizes = files.sizes()
    for name, size in expected.items():
        if sizes.get(name) != size:
            raise DamagedRecord(f"{path}: expected {name} of {size} bytes, which is missing or another; write the dataset again")
    unlisted = sorted(_parquet_files(path, sizes) - set(expected))
    if unlisted:
        more = f" and {len(unlisted) - 1} more" if len(unlisted) > 1 else ""
        raise DamagedRecord(
            f"{path}: expected the files that {MANIFEST} lists and no other, but there is {unlisted[0]}{more} (a copy that a sync made?), "
            "whose acts would count twice; move it out of the folder"
        )


def _parquet_files(path: Location, sizes: Mapping[str, int]) -> set[str]:
    """The Parquet files in a folder and below it, links that lead out of it too: an engine would read them all."""
    found = {name for name in sizes if name.endswith(".parquet")}
    return found | {file.relative_to(path).as_posix() for file in path.rglob("*.parquet")} if isinstance(path, Path) else found


def _read(path: Location, files: Files) -> dict[str, object]:
    try:
        manifest = json.loads(files.text(MANIFEST))
    except FileNotFoundError as error:
        raise NotARecord(f"{path}: not a dataset of Regard, there is no {MANIFEST}; it was left as it is") from error
    except (OSError, ValueError, RecursionError) as error:
        raise DamagedRecord(f"{path}/{MANIFEST}: may not be read, or is no JSON; write the dataset again") from error
    return manifest if isinstance(manifest, dict) else {}


def write_manifest(folder: Path) -> None:
    """Write the manifest of the Parquet files in a folder."""
    files = {file.relative_to(folder).as_posix(): file.stat().st_size for file in sorted(folder.rglob("*.parquet"))}
    (folder / MANIFEST).write_text(json.dumps({"format": FORMAT, "files": files}, indent=1), encoding="utf-8")
