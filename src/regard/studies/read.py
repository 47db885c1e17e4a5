"""From paths to a record: which source reads each input, and how its acts get into the record, one input at a time."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Final

from regard.base.progress import NO_PROGRESS, Progress
from regard.errors import Empty, UsageError
from regard.record.ingest import IngestResult, InputInfo
from regard.record.record import Record
from regard.record.schema import Batch, SqlBatch
from regard.sources.base import Options, Recognition, Source
from regard.sources.catalogue import Match, best_match, named, recognised
from regard.sources.formats.bundle import Bundle, archives_in

UNREADABLE: Final = "folders and files that may not be read or lie too deep left out"
REPEATED_KEYS: Final = "JSON keys held twice by one object: the last value taken"


@dataclass(frozen=True)
class Input:
    """One input and the source that reads it."""

    bundle: Bundle
    source: Source
    recognition: Recognition | None = None
    """Why this source reads it; None if the user named the source. Of several files, that of the first."""

    @cached_property
    def digest(self) -> str:
        """A fingerprint of its bytes. The first use reads all of them."""
        return self.bundle.digest()

    def is_in(self, record: Record, options: Options) -> bool:
        """Whether the record holds it already, read with these options."""
        return record.has(self.source.name, self.digest + options.fingerprint())


def inputs_of(paths: Sequence[str | os.PathLike[str]], source: str | None = None, options: Options | None = None) -> list[Input]:
    """The inputs at the paths.

    Files in one folder that one source can read together (the parts of a dump, the months of a list) are one input. A folder that no
    source recognises and that holds zip archives is as many inputs as archives. Options that say which column is what mean a table.
    Raises InputError if a path cannot be read, Unrecognised if no source recognises what lies there.
    """
    if not paths:
        raise UsageError("give at least one file, folder or zip to read")
    if source is None and options is not None and (options.mapping or options.preset):
        source = "table"
    inputs: list[Input] = []
    groups: dict[tuple[Path, str], list[tuple[Path, Input]]] = {}
    for path in dict.fromkeys(Path(path) for path in paths):
        bundle = Bundle.of(path)
        match = Match(named(source)) if source else best_match(bundle)
        if match is None and path.is_dir() and (archives := archives_in(path)):
            inputs += inputs_of(archives)
            continue
        new = Input(bundle, *(match or recognised(bundle)))
        # Rows without ids of their own are counted: each table is one input, so that a row that two of them share is not counted twice.
        if path.is_file() and bundle.archive is None and new.source.own_ids:
            groups.setdefault((path.resolve().parent, new.source.name), []).append((path, new))
        else:
            inputs.append(new)
    return inputs + [_together(files) for files in groups.values()]


def read_into(
    record: Record, inputs: Sequence[Input], options: Options, progress: Progress = NO_PROGRESS
) -> Iterator[tuple[Input, IngestResult | None]]:
    """Append input after input to the record, and yield each with its result: None for one that was read before, byte for byte.

    Each input is kept in full or not at all, so that the same call continues work that was interrupted at any moment. At the end the
    accounts that the options call bots are marked. Raises UnknownName for one that the record does not have.
    """
    for each in inputs:
        progress.stage(f"looking at {each.bundle.title}")
        yield each, None if each.is_in(record, options) else _append(record, each, options, progress)
    for name in options.bots:
        record.mark_bot(name)


def _together(files: Sequence[tuple[Path, Input]]) -> Input:
    first = files[0][1]
    return Input(Bundle.of(*(path for path, _ in files)), first.source, first.recognition)


def _append(record: Record, each: Input, options: Options, progress: Progress) -> IngestResult:
    bundle, source = each.bundle, each.source
    progress.stage(f"reading {bundle.title}", bundle.packed, "B")
    bundle.on_bytes, bundle.n_repeated_keys = progress.advance, 0
    digest = each.digest + options.fingerprint()
    info = InputInfo(
        source.name, bundle.title, source.view, source.missing, own_ids=source.own_ids, renames=source.renames, digest=digest,
        files=bundle.files,
    )  # fmt: skip
    left_out = Counter[str]()
    try:
        return record.append(info, _counting(chain(source.read(bundle, options), _of_the_files(bundle)), left_out), progress)
    except Empty as error:
        raise _only_private(each, left_out) or error from None
    finally:
        bundle.release()


def _of_the_files(bundle: Bundle) -> Iterator[Batch]:
    """Notes on the files, whichever source has read them: a batch of notes only."""
    counts = ((UNREADABLE, bundle.n_unreadable), (REPEATED_KEYS, bundle.n_repeated_keys))
    yield Batch(notes=[(note, count) for note, count in counts if count])


def _counting(batches: Iterable[Batch | SqlBatch], notes: Counter[str]) -> Iterator[Batch | SqlBatch]:
    """The same batches; their notes are counted as they pass."""
    for batch in batches:
        for note, number in batch.notes:
            notes[note] += number
        yield batch


def _only_private(each: Input, notes: Counter[str]) -> Empty | None:
    """The error for an input that holds private talk only; None if it holds none."""
    words: dict[str, int] = {}
    for note, word in each.source.private_notes:
        words[word] = words.get(word, 0) + notes[note]
    found = " and ".join(f"{number:,} {word}" for word, number in words.items() if number)
    if not found:
        return None
    left_out = f"{found} are or may be private and were left out ({each.source.name})"
    return Empty(f"{each.bundle.title}: holds no public talk; {left_out}. --private reads them")
