"""The record: a community's acts and people in one file, appended to, never silently changed."""

from __future__ import annotations

import os
import shutil
import time
import weakref
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

from regard.base import tempdirs
from regard.base.progress import NO_PROGRESS, Progress
from regard.engines.duckdb.statements import execute
from regard.engines.limits import DEFAULT, Limits
from regard.engines.rows import Row
from regard.errors import Empty
from regard.record import erasure, identities
from regard.record.identities import Person
from regard.record.ingest import IngestResult, InputInfo, ingest
from regard.record.schema import Batch, SqlBatch
from regard.record.storage import check, create, reading, writing


@dataclass(frozen=True)
class Counts:
    """How much a record holds."""

    acts: int
    accounts: int
    people: int
    inputs: int

    SQL: ClassVar = """SELECT (SELECT count(*) FROM acts), (SELECT count(*) FROM accounts),
        (SELECT count(DISTINCT person) FROM accounts), (SELECT count(*) FROM inputs)"""

    @classmethod
    def of(cls, row: Row) -> Counts:
        """The answer to `SQL`."""
        return cls(*(int(str(number)) for number in row))


class Record:
    """A record on disk. It holds no open file: each call opens the file, and closes it again.

    >>> from regard.record.schema import Act
    >>> with Record.temporary() as record:
    ...     added = record.append(InputInfo("table", "by hand", own_ids=False), [Batch([Act("ann", "reply", 0, "bo")])])
    ...     record.counts()
    Counts(acts=1, accounts=2, people=2, inputs=1)
    """

    def __init__(self, path: Path, limits: Limits = DEFAULT) -> None:
        self.path, self._limits = path, limits
        self._remove: weakref.finalize[..., Record] | None = None

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Record:
        """The record at a path; raises RecordError where it is none, damaged, newer than this version, or busy."""
        check(Path(path))
        return cls(Path(path))

    @classmethod
    def at(cls, path: str | os.PathLike[str], limits: Limits = DEFAULT) -> Record:
        """The record at a path, made where nothing is; `limits` are for reading into it."""
        place = Path(path)
        if not place.exists():
            create(place)
        check(place)
        record = cls(place, limits)
        if place.with_name(f"{place.name}.wal").exists():
            # What a killed program had committed lies in a log beside the record: whoever copies the one file would miss it.
            with writing(place):
                pass
        return record

    @classmethod
    def temporary(cls, limits: Limits = DEFAULT) -> Record:
        """A record that goes with this object (or with the program)."""
        folder = tempdirs.new_folder(limits.temporary)
        record = cls.at(folder / "community.regard", limits)
        record._remove = weakref.finalize(record, shutil.rmtree, folder, ignore_errors=True)
        return record

    def close(self) -> None:
        """Remove a temporary record; nothing for one that was asked for by name."""
        if self._remove is not None:
            self._remove()

    def __enter__(self) -> Record:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, origin: InputInfo, pieces: Iterable[Batch | SqlBatch], progress: Progress = NO_PROGRESS) -> IngestResult:
        """Append one input whole, or nothing of it; acts that the record has already are not added twice.

        Raises Empty where the input holds no act at all.
        """
        with writing(self.path, self._limits) as connection:
            appended = ingest(connection, origin, pieces, now_us=int(time.time() * 1e6), progress=progress)
            if not appended.read:
                raise Empty(f"{origin.title}: holds no act of anybody ({origin.source})")
            return appended

    def counts(self) -> Counts:
        """How much the record holds."""
        with reading(self.path) as connection:
            return Counts.of(execute(connection, Counts.SQL)[0])

    def has(self, source: str, digest: str) -> bool:
        """Whether an input with this fingerprint was read before."""
        with reading(self.path) as connection:
            sql = "SELECT 1 FROM inputs WHERE source = $source AND digest = $digest"
            return bool(execute(connection, sql, {"source": source, "digest": digest}))

    def person(self, name: str) -> Person:
        """The one person of that id or name; raises UnknownName, or UsageError where it fits several."""
        with reading(self.path) as connection:
            return identities.find(partial(execute, connection), name)

    def merge(self, first: str, second: str) -> Person:
        """Make two identities one person; every measure is then of the one person."""
        return identities.merge(self.path, first, second)

    def forget(self, who: str | Person) -> Person:
        """Remove a person for good, bytes and all; by id, by name, or as `person` found them."""
        return erasure.forget(self.path, who)
