"""The record: a community's acts and people in one file. It is appended to, and never changed silently."""

from __future__ import annotations

import os
import shutil
import time
import weakref
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from regard.base import tempdirs
from regard.base.locations import exists
from regard.base.progress import NO_PROGRESS, Progress
from regard.engines.duckdb.statements import execute, fetch
from regard.engines.limits import DEFAULT, Limits
from regard.errors import Empty
from regard.record import erasure, identities
from regard.record.erasure import Forgotten
from regard.record.identities import Person
from regard.record.ingest import IngestResult, InputInfo, ingest
from regard.record.schema import Batch, SqlBatch
from regard.record.storage import check, create, keep_room, log_of, reading, writing
from regard.record.suggest import ACCOUNTS, AccountRow, Suggestion, suggest


class Counts(NamedTuple):
    """How much a record holds; the row of `COUNTS_SQL`."""

    acts: int
    accounts: int
    people: int
    inputs: int


COUNTS_SQL = """SELECT (SELECT count(*) FROM acts), (SELECT count(*) FROM accounts),
    (SELECT count(DISTINCT person) FROM accounts), (SELECT count(*) FROM inputs)"""


class Record:
    """A record on disk. It keeps no file open: each call opens the file and closes it again.

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
        """The record at a path. Raises RecordError if it is no record, damaged, newer than this version, or busy."""
        check(Path(path))
        return cls(Path(path))

    @classmethod
    def at(cls, path: str | os.PathLike[str], limits: Limits = DEFAULT) -> Record:
        """The record at a path; it is made if there is no file. `limits` apply to `append`."""
        file = Path(path)
        if not exists(file):
            create(file)
        check(file)
        record = cls(file, limits)
        if log_of(file).exists():
            # A killed program left committed changes in a log beside the record. Opening it brings them into the file, which can be copied.
            with writing(file):
                pass
        return record

    @classmethod
    def temporary(cls, limits: Limits = DEFAULT) -> Record:
        """A record that is removed together with this object, or when the program ends."""
        folder = tempdirs.new_folder(limits.temporary)
        record = cls.at(folder / "community.regard", limits)
        record._remove = weakref.finalize(record, shutil.rmtree, folder, ignore_errors=True)
        return record

    @property
    def is_temporary(self) -> bool:
        """Whether it goes with the program."""
        return self._remove is not None

    def close(self) -> None:
        """Remove the record if it is temporary; otherwise nothing happens."""
        if self._remove is not None:
            self._remove()

    def __enter__(self) -> Record:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, info: InputInfo, batches: Iterable[Batch | SqlBatch], progress: Progress = NO_PROGRESS) -> IngestResult:
        """Append all of one input, or nothing of it. Acts that the record has already are not added twice.

        Raises Empty if the input holds no act at all.
        """
        with writing(self.path, self._limits, info.files) as connection:
            result = ingest(connection, info, batches, now_us=int(time.time() * 1e6), progress=progress)
            if not result.read:
                raise Empty(f"{info.title}: holds no act of anybody ({info.source})")
            if self._remove is None:  # a temporary record goes as a whole
                keep_room(self.path)
            return result

    def counts(self) -> Counts:
        """How much the record holds."""
        with reading(self.path) as connection:
            return fetch(connection, Counts, COUNTS_SQL)[0]

    def has(self, source: str, digest: str) -> bool:
        """Whether an input with this digest was read before."""
        with reading(self.path) as connection:
            sql = "SELECT 1 FROM inputs WHERE source = $source AND digest = $digest"
            return bool(execute(connection, sql, {"source": source, "digest": digest}))

    def holds_real_acts(self) -> bool:
        """Whether any input of the record was not made up."""
        with reading(self.path) as connection:
            return bool(execute(connection, "SELECT 1 FROM inputs WHERE NOT made_up LIMIT 1"))

    def person(self, name: str) -> Person:
        """The one person with this id or name. Raises UnknownName, or UsageError if it fits several people."""
        with reading(self.path) as connection:
            return identities.find(partial(execute, connection), name)

    def merge(self, first: str, second: str) -> Person:
        """Make two identities one person, for every measure from then on."""
        return identities.merge(self.path, first, second)

    def unmerge(self, name: str) -> tuple[Person, ...]:
        """Take a person apart into the accounts that were merged, for every measure from then on."""
        return identities.unmerge(self.path, name)

    def suggestions(self) -> list[Suggestion]:
        """Pairs of accounts that may belong to one person, with reasons. Nothing is merged by itself."""
        with reading(self.path) as connection:
            return suggest(fetch(connection, AccountRow, ACCOUNTS.format(tables="")))

    def mark_bot(self, name: str) -> Person:
        """Say that an identity is a bot: every measure leaves it out from then on, whatever a later input says of it."""
        return identities.mark_bot(self.path, name)

    def forget(self, who: str | Person) -> Forgotten:
        """Remove a person for good, down to the bytes in the file; by id, by name, or as `person` returns them.

        The result also says which copies are `left`, as far as Regard knows of them.
        """
        return erasure.forget(self.path, who)
