"""A dataset: a record as a folder of Parquet files, one folder a table, acts by month. Engines on many machines read it.

    community/
        dataset.json            format, and every file with its size
        acts/month=2024-01/     one folder a month of UTC; month=other holds acts before 1970, after 2099, or without a time
        accounts/ inputs/ notes/ meta/ forgotten/

The columns are those of the record's tables, with enumerations as text. Acts have a column `rowid` too. A dataset holds what the record
holds, also its secret and the fingerprints of erased people, and is as private as the record. It is changed by writing it anew.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import weakref
from dataclasses import replace
from pathlib import Path

from regard.base import tempdirs
from regard.base.locations import Location, RemoteUri, local_path, parse_location
from regard.engines.duckdb.engine import DuckDBEngine
from regard.engines.local_files import LocalFiles
from regard.errors import UsageError
from regard.record.dataset_extend import extend
from regard.record.dataset_files import recover, write
from regard.record.dataset_manifest import check
from regard.record.erasure import Forgotten
from regard.record.identities import Person, find
from regard.record.record import COUNTS_SQL, Counts, Record
from regard.record.suggest import ACCOUNTS, AccountRow, Suggestion, suggest
from regard.record.work_folders import clear_work


class Dataset:
    """A record in a folder of Parquet files, which a study reads. `write` makes it and `extend` extends it (see `dataset_files`).

    >>> from regard.record.ingest import InputInfo
    >>> from regard.record.schema import Act, Batch
    >>> with Record.temporary() as record:
    ...     added = record.append(InputInfo("table", "by hand", own_ids=False), [Batch([Act("ann", "reply", 0, "bo")])])
    ...     dataset = Dataset.temporary(record)
    >>> sorted(part.name for part in dataset.path.iterdir())
    ['accounts', 'acts', 'dataset.json', 'forgotten', 'inputs', 'meta', 'notes']
    >>> dataset.close()
    """

    def __init__(self, path: Location) -> None:
        self.path = path
        self._remove: weakref.finalize[..., Dataset] | None = None

    @classmethod
    def open(cls, path: str | os.PathLike[str] | RemoteUri) -> Dataset:
        """The dataset at a path. Raises RecordError if it is no dataset, newer than this version, or not complete.

        A dataset at a remote address is checked later, when an engine reads it.
        """
        location = path if isinstance(path, RemoteUri) else parse_location(path)
        if isinstance(location, Path):
            check(location, LocalFiles(location))
        return cls(location)

    @classmethod
    def temporary(cls, record: Record, inside: str | os.PathLike[str] | None = None) -> Dataset:
        """A dataset of what a record holds now, in the system's temporary folder or `inside` another. It is removed with this object.

        Raises UsageError if no folder can be made there.
        """
        if inside is not None and isinstance(parse_location(inside), RemoteUri):
            raise UsageError(
                f"a record is not written to {inside}: make a dataset of it, regard read ... --into FOLDER/, and copy it there"
            )
        folder = tempdirs.new_folder(inside)
        write(record.path, folder / record.path.stem)
        dataset = cls(folder / record.path.stem)
        dataset._remove = weakref.finalize(dataset, shutil.rmtree, folder, ignore_errors=True)
        return dataset

    def counts(self) -> Counts:
        """How much the dataset holds."""
        with contextlib.closing(DuckDBEngine()) as engine:
            engine.attach(self.path, "record")
            engine.rows("USE record")
            return engine.fetch(Counts, COUNTS_SQL)[0]

    def person(self, name: str) -> Person:
        """The one person with this id or name. Raises UnknownName, or UsageError if it fits several people."""
        with contextlib.closing(DuckDBEngine()) as engine:
            engine.attach(self.path, "record")
            return find(engine.rows, name, tables="record.")

    def merge(self, first: str, second: str) -> Person:
        """Make two identities one person. The dataset is written anew, as by each of these changes."""
        with extend(local_path(self.path)) as record:
            return record.merge(first, second)

    def unmerge(self, name: str) -> tuple[Person, ...]:
        """Take a person apart into the accounts that were merged."""
        with extend(local_path(self.path)) as record:
            return record.unmerge(name)

    def suggestions(self) -> list[Suggestion]:
        """Pairs of accounts that may belong to one person, with reasons."""
        with contextlib.closing(DuckDBEngine()) as engine:
            engine.attach(self.path, "record")
            return suggest(engine.fetch(AccountRow, ACCOUNTS.format(tables="record.")))

    def mark_bot(self, name: str) -> Person:
        """Say that an identity is a bot."""
        with extend(local_path(self.path)) as record:
            return record.mark_bot(name)

    def forget(self, who: str | Person) -> Forgotten:
        """Remove a person for good, as from a record."""
        path = local_path(self.path)
        with extend(path) as record:
            gone = record.forget(who)
            clear_work(path)
        return replace(gone, left=(*gone.left, *clear_work(path)))

    @property
    def is_temporary(self) -> bool:
        """Whether it goes with the program."""
        return self._remove is not None

    def close(self) -> None:
        """Remove the dataset if it is temporary; otherwise nothing happens."""
        if self._remove is not None:
            self._remove()

    def __enter__(self) -> Dataset:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_record(path: str | os.PathLike[str]) -> Record | Dataset:
    """Open what is at a path or address: a record's file or a dataset's folder. Raises RecordError and its subclasses."""
    location = parse_location(path)
    if isinstance(location, Path):
        recover(location)
    return Dataset.open(location) if isinstance(location, RemoteUri) or location.is_dir() else Record.open(location)
