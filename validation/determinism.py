"""Does the same input give the same acts and tables, whatever the machine and the form in which the input lies there?

    python validation/determinism.py --data FOLDER [--sets mapnik,houston] [--pythons /path/of/python3.12,python3.13] [--acts] [--at-once]

Reads each public set as it lies, and again in other ways: as a folder, a zip, a tar, files in another order; in other time zones and
languages; with other seeds of hashes; on one thread and on two; on other Pythons, which need Regard's dependencies. One thing is changed
at a time, or all at once in two ways, which takes a tenth of the time. Compares each table of the record and, without `--acts`, each table
that Regard makes, row by row in their order. Prints a table of what differs, and exits with 1 if anything does.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final, TypeAlias

from sets import SETS
from write_tables import write_tables

import regard
from regard.engines.duckdb.connection import SETTINGS
from regard.engines.duckdb.statements import execute
from regard.record.record import Record
from regard.record.storage import reading
from regard.sources.base import Options
from regard.sources.catalogue import best_match
from regard.sources.formats.bundle import Bundle, archives_in
from regard.studies.read import inputs_of, read_into

RECORD: Final = ("inputs", "notes", "accounts", "acts")
Digests: TypeAlias = Mapping[str, str]
"""Name of a table -> digest of its rows in their order."""
Form: TypeAlias = Callable[[Path, Path, Random], list[Path]]
"""Lays an export (first path) in another form into an empty folder (second path)."""


def record_digests(paths: Sequence[Path]) -> Digests:
    """Digests of the tables of a record of these paths. The titles of inputs, which are names of files, are left out."""
    with Record.temporary() as record:
        for _ in read_into(record, inputs_of(paths), Options()):
            pass
        with reading(record.path) as connection:
            rows = {name: execute(connection, f"FROM {name} ORDER BY rowid") for name in RECORD}
            rows["inputs"] = execute(connection, "SELECT * EXCLUDE (title) FROM inputs ORDER BY rowid")
    return {name: _digest(repr(some).encode()) for name, some in rows.items()}


def table_digests(paths: Sequence[Path]) -> Digests:
    """Digests of the tables that Regard makes of these paths."""
    with tempfile.TemporaryDirectory() as folder:
        write_tables(paths, Path(folder))
        return {path.stem: _digest(path.read_bytes()) for path in sorted(Path(folder).iterdir())}


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def content(export: Path) -> Mapping[str, bytes]:
    """Name -> bytes of the files of an export: a folder, a zip, or one file."""
    if export.is_dir():
        return {path.relative_to(export).as_posix(): path.read_bytes() for path in sorted(export.rglob("*")) if path.is_file()}
    if not zipfile.is_zipfile(export):
        return {export.name: export.read_bytes()}
    with zipfile.ZipFile(export) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}


def _shuffled(export: Path, random: Random) -> list[tuple[str, bytes]]:
    files = list(content(export).items())
    return random.sample(files, len(files))


def as_folder(export: Path, folder: Path, random: Random) -> list[Path]:
    """A copy whose files are made in another order."""
    for name, data in _shuffled(export, random):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return [folder]


def as_files(export: Path, folder: Path, random: Random) -> list[Path]:
    """The files one by one, in another order, if each is known by itself and their folders mean nothing; otherwise the same as a folder."""
    as_folder(export, folder, random)
    files = [folder / name for name, _ in _shuffled(export, random)]
    is_flat = all(path.parent == folder for path in files)
    return files if is_flat and all(best_match(Bundle.of(path)) for path in files) else [folder]


def as_zip(export: Path, folder: Path, random: Random) -> list[Path]:
    """A zip whose members are in another order."""
    with zipfile.ZipFile(folder / "export.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in _shuffled(export, random):
            archive.writestr(name, data)
    return [folder / "export.zip"]


def as_tar(export: Path, folder: Path, random: Random) -> list[Path]:
    """A packed tar whose members are in another order."""
    with tarfile.open(folder / "export.tar.gz", "w:gz") as archive:
        for name, data in _shuffled(export, random):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return [folder / "export.tar.gz"]


FORMS: Final[Mapping[str, Form]] = {"folder": as_folder, "files": as_files, "zip": as_zip, "tar.gz": as_tar}


BARE: Final = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
"""The environment in which Python takes names of files for ASCII."""


@dataclass(frozen=True)
class Way:
    """One way of reading: the form of the input, and a process of its own with this environment, this Python, so many threads."""

    name: str
    form: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    threads: int = 0
    python: str = sys.executable


def _languages() -> list[str]:
    return subprocess.run(["locale", "-a"], capture_output=True, text=True, check=True).stdout.split()


def ways(pythons: Sequence[str]) -> Iterator[Way]:
    """All ways, one thing changed at a time."""
    yield from (Way(f"as {form}", form) for form in FORMS)
    yield from (Way(f"TZ={zone}", environment={"TZ": zone}) for zone in ("UTC", "Asia/Kathmandu", "America/St_Johns"))
    yield from (Way(f"LC_ALL={name}", environment={"LC_ALL": name}) for name in _languages())
    yield Way("ASCII alone", environment=BARE)
    yield from (Way(f"hash seed {seed}", environment={"PYTHONHASHSEED": seed}) for seed in ("0", "1", "4294967295"))
    yield from (Way(f"{threads} thread(s)", threads=threads) for threads in (1, 2))
    yield from (Way(python, python=python) for python in pythons)


def ways_at_once(pythons: Sequence[str]) -> tuple[Way, Way]:
    """Two ways in which everything is changed: as much as there is on a machine where Python knows ASCII alone, and on another one."""
    first, last = (pythons[0], pythons[-1]) if pythons else (sys.executable, sys.executable)
    return (
        Way("all at once: zip, 1 thread", "zip", {**BARE, "TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "1"}, 1, first),
        Way("the same: tar.gz, 2 threads", "tar.gz", {"LC_ALL": "C.UTF-8", "TZ": "America/St_Johns", "PYTHONHASHSEED": "2"}, 2, last),
    )


def digests_in(way: Way, paths: Sequence[Path], *, only_acts: bool) -> Digests:
    """The digests that a process of its own gives. Raises RuntimeError with its last words if it fails."""
    source = os.fspath(Path(regard.__file__).parents[1])
    command = [way.python, __file__, "--child", f"--threads={way.threads}", *(["--acts"] if only_acts else []), *map(os.fspath, paths)]
    environment = {**os.environ, "PYTHONPATH": source, **way.environment}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{way.name}: {done.stderr.strip().splitlines()[-1:]}")
    answer: Digests = json.loads(done.stdout)
    return answer


def differences(export: Path, some: Sequence[Way], *, only_acts: bool) -> Iterator[tuple[Way, list[str]]]:
    """Each way, with the tables that differ from those of the export as it lies."""
    before = digests_in(Way("as it lies"), [export], only_acts=only_acts)
    for way in some:
        with tempfile.TemporaryDirectory() as folder:
            paths = FORMS[way.form](export, Path(folder), Random(way.name)) if way.form else [export]
            yield way, differing(before, digests_in(way, paths, only_acts=only_acts))


def differing(before: Digests, after: Digests) -> list[str]:
    """Names of the tables that are not the same in both."""
    return [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]


def main() -> int:
    """Print the table, or the digests of one process. Returns 1 if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--pythons", default="")
    parser.add_argument("--acts", action="store_true", help="compare records alone")
    parser.add_argument("--at-once", action="store_true", help="everything changed at once, in two ways")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--threads", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("paths", nargs="*", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        if arguments.threads:
            SETTINGS["threads"] = arguments.threads
        print(json.dumps({**record_digests(arguments.paths), **({} if arguments.acts else table_digests(arguments.paths))}))
        return 0
    pythons = [name for name in arguments.pythons.split(",") if name]
    chosen, is_same = (list(ways_at_once(pythons)) if arguments.at_once else list(ways(pythons))), True
    print(f"| set | {' | '.join(way.name for way in chosen)} |\n|---|{'---|' * len(chosen)}", flush=True)
    for name in arguments.sets.split(","):
        export = arguments.data / SETS[name]
        export = next(iter(archives_in(export)), export) if export.is_dir() else export
        cells = [", ".join(tables) for _, tables in differences(export, chosen, only_acts=arguments.acts)]
        is_same = is_same and not any(cells)
        print(f"| {name} | {' | '.join(cell or 'same' for cell in cells)} |", flush=True)
    return 0 if is_same else 1


if __name__ == "__main__":
    sys.exit(main())
