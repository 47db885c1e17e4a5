"""From paths to a record: what each input is, and its acts into the record, one input at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from regard.base.progress import NO_PROGRESS, Progress
from regard.errors import UsageError
from regard.record.ingest import IngestResult, InputInfo
from regard.record.record import Record
from regard.sources.base import Options, Source
from regard.sources.catalogue import named, recognised, sources
from regard.sources.formats.bundle import Bundle, archives_in


@dataclass(frozen=True)
class Input:
    """One input and the source that reads it."""

    bundle: Bundle
    source: Source

    @cached_property
    def digest(self) -> str:
        """A fingerprint of its bytes, all of which are read for it once."""
        return self.bundle.digest()

    def is_in(self, record: Record, options: Options) -> bool:
        """Whether the record has it, read with these options."""
        return record.has(self.source.name, self.digest + options.fingerprint())


def inputs_of(paths: Sequence[str | os.PathLike[str]], source: str | None = None, options: Options | None = None) -> list[Input]:
    """What lies at the paths. Single files side by side that one source can read together (a dump's parts, a list's months) are one input.

    Who says in `options` which column is what means a table. Raises InputError where nothing can be read, Unrecognised where no source
    knows it.
    """
    if not paths:
        raise UsageError("give at least one file, folder or zip to read")
    if source is None and options is not None and (options.mapping or options.preset):
        source = "table"
    found: list[Input] = []
    groups: dict[tuple[Path, str], list[Path]] = {}
    for path in dict.fromkeys(Path(path) for path in paths):
        bundle = Bundle.of(path)
        if path.is_dir() and not source and not any(kind.recognise(bundle) for kind in sources().values()) and archives_in(path):
            found += inputs_of(archives_in(path))
            continue
        one = Input(bundle, named(source) if source else recognised(bundle))
        # Rows without ids of their own are counted: each table is one input, so that what two of them share is not counted twice.
        if path.is_file() and bundle.archive is None and one.source.own_ids:
            groups.setdefault((path.resolve().parent, one.source.name), []).append(path)
        else:
            found.append(one)
    return found + [Input(Bundle.of(*files), named(name)) for (_, name), files in groups.items()]


def read_into(
    record: Record, inputs: Sequence[Input], options: Options, progress: Progress = NO_PROGRESS
) -> Iterator[tuple[Input, IngestResult | None]]:
    """Append input after input to the record, and give what became of each; None for one that was read before, byte for byte.

    Each input is kept whole or not at all, so that work broken off at any moment goes on with the same call.
    """
    for one in inputs:
        progress.stage(f"looking at {one.bundle.title}")
        if one.is_in(record, options):
            yield one, None
            continue
        progress.stage(f"reading {one.bundle.title}", one.bundle.packed, "B")
        one.bundle.on_bytes = progress.advance
        digest = one.digest + options.fingerprint()
        origin = InputInfo(
            one.source.name, one.bundle.title, one.source.view, one.source.missing, own_ids=one.source.own_ids, digest=digest
        )
        try:
            appended = record.append(origin, one.source.read(one.bundle, options), progress)
        finally:
            one.bundle.release()
        yield one, appended
