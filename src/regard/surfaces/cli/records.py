"""The record that a command looks at: the one that is named, or a new one of the exports that are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from regard.base.locations import RemoteUri, local_path, parse_location
from regard.base.progress import Progress
from regard.errors import UsageError

if TYPE_CHECKING:
    from regard.engines.limits import Limits
    from regard.record.dataset import Dataset
    from regard.record.record import Record
    from regard.sources.base import Options
    from regard.studies.read import Input

FILE = "community.regard"


def record_of(
    given: Sequence[str],
    source: str | None,
    reading: Options,
    progress: Progress,
    *,
    limits: Limits | None = None,
    work: Path | None = None,
) -> Record | Dataset:
    """The one record or dataset among the paths, or one with all of them read: in the folder `work`, or it goes with the program."""
    from regard.engines.limits import DEFAULT
    from regard.record import dataset_manifest
    from regard.record.dataset import Dataset
    from regard.record.record import Record
    from regard.record.storage import looks_like
    from regard.studies.read import inputs_of, read_into

    if len(given) == 1 and isinstance(parse_location(given[0]), RemoteUri):
        return Dataset.open(given[0])
    paths = [local_path(parse_location(path)) for path in given]
    if len(paths) == 1 and looks_like(paths[0]):
        return Record.open(paths[0])
    if len(paths) == 1 and dataset_manifest.looks_like(paths[0]):
        return Dataset.open(paths[0])
    inputs = inputs_of(paths, source)
    record = Record.temporary(limits or DEFAULT) if work is None else Record.at(work / FILE, limits or DEFAULT)
    if work is not None:
        progress.stage(f"looking at what {work} holds")
        _only(inputs, record, reading, work)
    for _ in read_into(record, inputs, reading, progress):
        pass
    return record


def title_of(path: str) -> str:
    """What a community is called that nobody gave a name: as its file or folder."""
    where = parse_location(path)
    return (where.resolve() if isinstance(where, Path) else where).stem


def _only(inputs: Sequence[Input], record: Record, reading: Options, work: Path) -> None:
    """Raise UsageError where the record holds something that was not asked for."""
    if record.counts().inputs > sum(one.is_in(record, reading) for one in inputs):
        raise UsageError(f"{work}: holds work on other exports, or with other options of reading; take a new folder, or remove this one")
