"""The record that paths mean: one that there is already, one read from exports for this program, or one to build or extend."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from regard.base.locations import RemoteUri, exists, local_path, parse_location
from regard.base.progress import NO_PROGRESS, Progress
from regard.engines.limits import DEFAULT, Limits
from regard.errors import UsageError
from regard.record import dataset_manifest, storage
from regard.record.dataset import Dataset
from regard.record.dataset_extend import extend
from regard.record.record import Record
from regard.sources.base import Options
from regard.studies.read import Input, inputs_of, read_into

FILE = "community.regard"
"""The record's file in a work folder."""
BOTS = "bots.txt"
"""The accounts that the options called bots, one a line, in a work folder: the record would keep those that they no longer call so."""


def open_or_read(
    paths: Sequence[str],
    source: str | None,
    options: Options,
    progress: Progress = NO_PROGRESS,
    *,
    limits: Limits = DEFAULT,
    work: Path | None = None,
) -> Record | Dataset:
    """The record or dataset at the one path; for exports, a record with all of them read.

    That record is in the folder `work` and stays there, or it is a temporary file that goes with the program. Raises RecordError and
    InputError and their kinds, UsageError if `work` holds other exports.
    """
    if len(paths) == 1 and isinstance(parse_location(paths[0]), RemoteUri):
        return Dataset.open(paths[0])
    local = [local_path(parse_location(path)) for path in paths]
    if options.bots and len(local) == 1 and (storage.looks_like(local[0]) or dataset_manifest.looks_like(local[0])):
        raise UsageError(f"--bot is for exports; in a record say it for good: regard people bot {local[0]} NAME")
    if len(local) == 1 and storage.looks_like(local[0]):
        return Record.open(local[0])
    if len(local) == 1 and dataset_manifest.looks_like(local[0]):
        return Dataset.open(local[0])
    inputs = inputs_of(local, source, options)
    if work is None:
        record = Record.temporary(limits)
        _read_all(record, inputs, options, progress)
        return record
    with new_record(work / FILE, limits) as record:
        progress.stage(f"looking at what {work} holds")
        _check_work(inputs, record, options, work)
        _read_all(record, inputs, options, progress)
    return record


def _read_all(record: Record, inputs: Sequence[Input], options: Options, progress: Progress) -> None:
    for _ in read_into(record, inputs, options, progress):
        pass


@contextmanager
def new_record(path: Path, limits: Limits = DEFAULT) -> Iterator[Record]:
    """The record at a path, which is made if there is none. If reading then fails before anything is kept, no empty record stays."""
    is_new = not exists(path)
    try:
        yield Record.at(path, limits)
    except BaseException:
        if is_new and exists(path):
            storage.discard_if_empty(path)
        raise


def default_title(path: str) -> str:
    """The name of a community that nobody gave a name: that of its file or folder, without the suffix."""
    location = parse_location(path)
    return (location.resolve() if isinstance(location, Path) else location).stem


def reading_limits(memory: str | None, temporary: str | os.PathLike[str] | None = None, engine: str = "duckdb") -> Limits:
    """How much of this machine reading may take. For Spark, the memory and the temporary folder are those of its own machines."""
    return Limits(memory, temporary) if engine == "duckdb" else DEFAULT


@dataclass(frozen=True)
class Destination:
    """What exports are read into: a record's file, or the folder of a dataset."""

    path: Path
    is_dataset: bool

    @classmethod
    def parse(cls, text: str) -> Destination:
        """A path with a slash at its end, or of a folder, is a dataset.

        >>> Destination.parse("data/").is_dataset, Destination.parse("community.regard").is_dataset
        (True, False)
        """
        return cls(Path(text), text.endswith(("/", os.sep)) or (exists(Path(text)) and Path(text).is_dir()))

    def check(self) -> None:
        """Raise RecordError if the file there is no record."""
        if exists(self.path) and not self.is_dataset:
            Record.open(self.path)

    def extend(self, limits: Limits) -> AbstractContextManager[Record]:
        """The record to read into. A dataset is written when the context ends without an error."""
        return extend(self.path, limits, room=True) if self.is_dataset else new_record(self.path, limits)


def _check_work(inputs: Sequence[Input], record: Record, options: Options, work: Path) -> None:
    """Raise UsageError if the record holds an input that is not among these, or bots that the options don't name."""
    said = work / BOTS
    others = set(said.read_text(encoding="utf-8").splitlines() if said.exists() else ()) - set(options.bots)
    if others or record.counts().inputs > sum(given.is_in(record, options) for given in inputs):
        raise UsageError(f"{work}: holds work on other exports, or with other options of reading; take a new folder, or remove this one")
    if options.bots:
        said.write_text("\n".join(options.bots), encoding="utf-8")
