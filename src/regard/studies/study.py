"""A study: a record, an engine, and the measures on it. Each measure is made once, and only when somebody asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from regard.base.progress import NO_PROGRESS, Progress
from regard.engines.base import Engine, Values
from regard.errors import DamagedRecord, Empty, UnknownName, UsageError
from regard.measures.base import Catalogue, Part
from regard.measures.catalogue import CATALOGUE
from regard.measures.timescale import Timescale, derive
from regard.record.dataset import Dataset
from regard.record.identities import Person, find
from regard.record.record import Record
from regard.record.staging import FIRST_TIME, LAST_TIME
from regard.studies.engine import open_engine, prepare_record
from regard.studies.measure_tables import MeasureTables
from regard.studies.settings import Settings
from regard.studies.table import Table

__all__ = ["Settings", "Study"]


class _LastAct(NamedTuple):
    us: int | None


class Study(MeasureTables):
    """A record, viewed from one moment.

    Every measure that is a table is an attribute: `study.kept` is the relation of the measure `kept`. The `catalogue` says which base
    relations and which measures there are. Pass another one to have measures of your own, or to start from other interactions:

    >>> from regard.engines.base import Step
    >>> from regard.measures.base import Column, Measure
    >>> loud = Measure(
    ...     "loud", "Who acts most?", "one person", ("actor",), (Column("actor", "person", "who"), Column("acts", "acts", "how many")),
    ...     parts=(Step("loud", "SELECT actor, CAST(sum(acts) AS BIGINT) AS acts FROM pairs GROUP BY actor"),), needs=("pairs",),
    ... )
    >>> catalogue = Catalogue(CATALOGUE.base, {**CATALOGUE.measures, "loud": loud})
    >>> from regard.simulate.community import simulate
    >>> from regard.record.schema import Batch
    >>> from regard.record.ingest import InputInfo
    >>> with Record.temporary() as record:
    ...     added = record.append(InputInfo("demo", "made up"), [Batch(simulate(people=10, days=14, seed=1).acts)])
    ...     with Study(record, catalogue=catalogue) as study:
    ...         study.measure("loud").columns
    ['actor', 'acts']

    The record itself is never changed. Raises Empty if no act has a time, UnknownName or UsageError for seeds that can't be, UsageError for
    lengths that can't be, and what the engine and the record raise.
    """

    def __init__(
        self,
        record: Record | Dataset,
        settings: Settings | None = None,
        progress: Progress = NO_PROGRESS,
        *,
        catalogue: Catalogue = CATALOGUE,
    ) -> None:
        self.record, self.settings, self.progress, self.catalogue = record, settings or Settings(), progress, catalogue
        self._prepared = prepare_record(record, self.settings)
        self.engine: Engine = open_engine(self._prepared, self.settings, catalogue)
        self._made: set[str] = set()
        progress.stage("looking at the acts")
        self._check_times()
        until_us = self._until()
        for part in catalogue.base:
            self._run(part, "", {"until_us": until_us})
        self.engine.put("chosen_seeds", {"person": self._chosen_seeds()})
        progress.stage("finding the timescale")
        self.timescale: Timescale = derive(self.engine, until_us, bin_days=self.settings.bin_days, window_days=self.settings.window_days)

    if not TYPE_CHECKING:  # type checkers know the measures from MeasureTables, and report other names

        def __getattr__(self, name: str) -> Table:
            # Python calls this only for names that are not set. Even `catalogue` is not set in a copy that is being made.
            catalogue = self.__dict__.get("catalogue", CATALOGUE)
            if name not in catalogue.tables:
                raise AttributeError(str(UnknownName("measure", name, catalogue.tables)), name=name, obj=self)
            return self.measure(name)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.catalogue.tables})

    def _check_times(self) -> None:
        """Raise DamagedRecord for a time that no input gives: a record of a stranger may hold minus infinity, or a year before Christ."""
        outside = "SELECT 1 FROM record.acts WHERE time < make_timestamp($first) OR time > make_timestamp($last) LIMIT 1"
        if self.engine.rows(outside, {"first": FIRST_TIME, "last": LAST_TIME}):
            raise DamagedRecord(f"{self.record.path}: expected acts of the years 1 to 9999, and one is of another; it was left as it is")

    def _until(self) -> int:
        """The moment of the study, in microseconds: what the settings say, or just after the last act."""
        if self.settings.until is not None:
            until = self.settings.until
            return int((until if until.tzinfo else until.replace(tzinfo=UTC)).timestamp() * 1_000_000)
        ((last,),) = self.engine.fetch(_LastAct, "SELECT epoch_us(max(time)) FROM record.acts")
        if last is None:
            raise Empty("no act here has a time, and without times nothing can be told; for a table say which: --map time=COLUMN")
        return last + 1

    def _chosen_seeds(self) -> NDArray[np.int32]:
        people = sorted({self.person(name).person for name in self.settings.seeds})
        acts = "SELECT 1 FROM interactions WHERE actor = $person LIMIT 1"
        if people and not any(self.engine.rows(acts, {"person": person}) for person in people):
            raise UsageError("none of the seeds acted toward anybody else before the moment looked from; choose people who did")
        return np.array(people, dtype=np.int32)

    def measure(self, name: str) -> Table:
        """The relation of a measure. It is made now if it was not made before; raises UnknownName."""
        self.make([name])
        return Table(self.engine, name)

    def make(self, names: Sequence[str]) -> None:
        """Make the relations of measures, and of all measures that they need; raises UnknownName."""
        missing = [measure for measure in self.catalogue.ordered(names) if measure.name not in self._made]
        values = {**self.timescale.values, "coefficients": str(self.settings.coefficients or "")}
        for number, measure in enumerate(missing, 1):
            self.progress.stage(f"measuring {measure.name}" + (f" ({number} of {len(missing)})" if len(missing) > 1 else ""))
            for part, unused in measure.runs():
                self._run(part, measure.name, values, unused)
            self._made.add(measure.name)

    def _run(self, part: Part, measure: str, values: Values, unused: Iterable[str] = ()) -> None:
        """Make one part and drop the relations that nothing reads after it, unless that was done before."""
        key = f"{measure}.{part.name}"
        if self.engine.is_done(key):
            return
        self.engine.run(part, values)
        self.engine.mark_done(key)
        for relation in unused:
            self.engine.drop(relation)

    @property
    def people(self) -> Table:
        """Who is who: number, name, id and what the platform reports of each person."""
        return Table(self.engine, "people")

    def person(self, name: str) -> Person:
        """The one person of that id or name, which may be given in part; raises UnknownName, or UsageError if it fits several people."""
        return find(self.engine.rows, name, tables="record.", by_parts=True)

    def close(self) -> None:
        """Release the relations and the record."""
        self.engine.close()
        if self._prepared is not self.record:
            self._prepared.close()

    def __enter__(self) -> Study:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
