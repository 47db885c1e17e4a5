"""The one way through: a record, an engine, and the measures on it, each made once and only when asked for."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from regard.base.locations import RemoteUri, local_path
from regard.base.progress import NO_PROGRESS, Progress
from regard.engines.base import Arrays, ArrayStep, Engine, Step, Values
from regard.engines.catalogue import Name, make_engine
from regard.engines.duckdb.statements import quote_identifier
from regard.errors import Empty, UnknownName, UsageError
from regard.measures.base import BASE, Measure, last_uses
from regard.measures.catalogue import MEASURES
from regard.measures.timescale import Timescale, derive
from regard.record.dataset import Dataset
from regard.record.dataset_manifest import MANIFEST, check
from regard.record.identities import Person, find
from regard.record.record import Record

if TYPE_CHECKING:
    import pandas
    import polars


@dataclass(frozen=True)
class Settings:
    """What a user may set about a study; None lets the record decide."""

    until: datetime | None = None
    """Look from this moment: acts at or after it are not seen. Without a zone it is UTC."""
    bin_days: float | None = None
    window_days: float | None = None
    memory_limit: str | None = None
    """Most memory for relations, such as "8GB"; beyond it they are kept in temporary files. How much Spark may use is said to Spark."""
    temporary: str | os.PathLike[str] | None = None
    """Where temporary files go; for a cluster a folder that all its machines see, or an address. None takes the system's folder."""
    coefficients: Path | None = None
    """A table to start from instead of the shipped one (measures/frozen.py): to judge a record that the shipped one has learned from."""
    seeds: tuple[str, ...] = ()
    """Ids or names of the people from whom the walk of `vouched` starts; none lets the record decide."""
    engine: Name = "duckdb"
    """Where relations are run."""
    work: Path | None = None
    """A folder that keeps the relations: what is there already, for the same record and settings, is not made again."""
    master: str | None = None
    """Which Spark: local[2], spark://host:7077. None takes the session that there is, or all processors of this machine."""


def engine_for(record: Record | Dataset, settings: Settings) -> Engine:
    """An engine that has the record's tables and nothing else; raises what the engine and the record raise."""
    work = (settings.work, _about(record, settings)) if settings.work else None
    engine = make_engine(settings.engine, settings.master, memory_limit=settings.memory_limit, temporary=settings.temporary, work=work)
    try:
        if isinstance(record.path, RemoteUri):
            check(record.path, engine.files(record.path))
        engine.attach(record.path, "record")
    except BaseException:
        engine.close()
        raise
    return engine


def _about(record: Record | Dataset, settings: Settings) -> str:
    """What relations depend on: the record as it lies there, what is asked, and how this version makes them."""
    path = local_path(record.path)
    state = (path / MANIFEST if path.is_dir() else path).stat()
    asked = replace(settings, memory_limit=None, temporary=None, work=None)
    parts = [part for measure in MEASURES.values() for part in measure.parts]
    steps = "".join(part.sql if isinstance(part, Step) else part.reads for part in (*BASE, *parts))
    made_by = f"{version('regard')}-{zlib.crc32(steps.encode()):08x}"
    return f"{path.resolve()} of {state.st_size} bytes and {state.st_mtime_ns}, {asked!r}, by {made_by}"


def for_engine(record: Record | Dataset, settings: Settings) -> Record | Dataset:
    """The record in a form that the engine reads: for Spark, a record's file is written as a dataset that goes with the program."""
    if settings.engine == "spark" and isinstance(record, Record):
        return Dataset.temporary(record, settings.temporary)
    return record


PERSON_COLUMNS = ("person", "actor", "target", "other", "helper", "helped")
"""Columns of measures that hold people's numbers."""


PLANT = (
    Step(
        "people",
        """
        SELECT * FROM people
        UNION ALL
        SELECT person, concat('planted ', person), concat('planted:', person), true, 'person', NULL, NULL, NULL, NULL
        FROM (SELECT CAST(actor AS INTEGER) AS person FROM planted UNION SELECT CAST(target AS INTEGER) FROM planted)
        WHERE person NOT IN (SELECT person FROM people)
        """,
    ),
    Step(
        "interactions",
        """
        SELECT * FROM interactions UNION ALL
        SELECT CAST(actor AS INTEGER), CAST(target AS INTEGER), make_timestamp(time), 'message', false FROM planted
        """,
    ),
)


class Table:
    """One relation of a study. Pandas, Polars and every library that knows Arrow take it without a copy."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine, self.name = engine, name

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The rows as an Arrow stream (the PyCapsule interface), so that `polars.DataFrame(table)` works."""
        return self._engine.arrow(self._sorted).__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        return int(str(self._engine.rows(f"SELECT count(*) FROM {quote_identifier(self.name)}")[0][0]))

    def __repr__(self) -> str:
        return f"<{self.name}: {len(self):,} rows of {', '.join(self.columns)}>"

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return self._engine.columns(f"FROM {quote_identifier(self.name)}")

    def rows(self) -> list[dict[str, object]]:
        """All rows, each by column name, in the order of the columns' values."""
        names = self.columns
        return [dict(zip(names, row, strict=True)) for row in self._engine.rows(self._sorted)]

    def to_polars(self) -> polars.DataFrame:
        """A Polars frame."""
        import polars

        return polars.DataFrame(self)

    def to_pandas(self) -> pandas.DataFrame:
        """A pandas frame."""
        return self._engine.frame(self._sorted)

    @property
    def _sorted(self) -> str:
        return f"FROM {quote_identifier(self.name)} ORDER BY ALL"

    def named(self) -> str:
        """SQL for the rows with each person's id and name beside their number."""
        people = [column for column in self.columns if column in PERSON_COLUMNS]
        joins = "".join(f" LEFT JOIN people n{i} ON n{i}.person = t.{quote_identifier(column)}" for i, column in enumerate(people))
        extra = "".join(f", n{i}.id AS {column}_id, n{i}.name AS {column}_name" for i, column in enumerate(people))
        return f"SELECT t.*{extra} FROM {quote_identifier(self.name)} t{joins}"

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write it, with ids and names, as Parquet, CSV, TSV or JSON lines, by the suffix; raises UsageError for another suffix."""
        place = Path(path)
        self._engine.write(self._spreadsheet_safe() if place.suffix.lower() in (".csv", ".tsv") else self.named(), place)

    def _spreadsheet_safe(self) -> str:
        # A cell that starts like a formula is run by spreadsheets: a person may be called =HYPERLINK(...).
        people = [column for column in self.columns if column in PERSON_COLUMNS]
        texts = [f"{column}_{part}" for column in people for part in ("id", "name")] + [c for c in self.columns if c == "item"]
        safe = {name: f"CASE WHEN regexp_matches({name}, '^[=+@\\t\\r-]') THEN chr(39) || {name} ELSE {name} END" for name in texts}
        query = self.named()
        cells = ", ".join(f"{safe.get(name, quote_identifier(name))} AS {quote_identifier(name)}" for name in self._engine.columns(query))
        return f"SELECT {cells} FROM ({query})"


class Study:
    """A record looked at from one moment. Measures are made once, when first asked for.

    For trials only: acts `planted` into what the measures start from (`actor`, `target`, `time` in microseconds; numbers that nobody has
    are new people), and fits to make `instead` of those of the same name. The record itself is never touched.
    """

    def __init__(
        self,
        record: Record | Dataset,
        settings: Settings | None = None,
        progress: Progress = NO_PROGRESS,
        *,
        planted: Arrays | None = None,
        instead: Mapping[str, ArrayStep] | None = None,
    ) -> None:
        self.record, self.settings, self.progress = record, settings or Settings(), progress
        self._read = for_engine(record, self.settings)
        self.engine: Engine = engine_for(self._read, self.settings)
        self._made: set[str] = set()
        self._instead = instead or {}
        progress.stage("looking at the acts")
        values = {"until_us": self._until()}
        for part in BASE:
            self._run(part, "", values)
        if planted is not None:
            self._plant(planted)
        self.engine.put("chosen_seeds", {"person": self._chosen()})
        progress.stage("finding the timescale")
        self.timescale: Timescale = derive(
            self.engine, values["until_us"], bin_days=self.settings.bin_days, window_days=self.settings.window_days
        )

    @property
    def _values(self) -> Values:
        return {**self.timescale.values, "coefficients": str(self.settings.coefficients or "")}

    def _until(self) -> int:
        if self.settings.until is not None:
            until = self.settings.until
            return int((until if until.tzinfo else until.replace(tzinfo=UTC)).timestamp() * 1_000_000)
        last = self.engine.rows("SELECT epoch_us(max(time)) FROM record.acts")[0][0]
        if last is None:
            raise Empty("no act here has a time, and without times nothing can be told; for a table say which: --map time=COLUMN")
        return int(str(last)) + 1

    def _plant(self, acts: Arrays) -> None:
        self.engine.put("planted", acts)
        for part in PLANT:
            self.engine.run(part, {})
        self.engine.drop("planted")

    def _chosen(self) -> NDArray[np.int32]:
        people = sorted({self.person(name).person for name in self.settings.seeds})
        acts = "SELECT 1 FROM interactions WHERE actor = $person LIMIT 1"
        if people and not any(self.engine.rows(acts, {"person": person}) for person in people):
            raise UsageError("none of the seeds acted toward anybody else before the moment looked from; choose people who did")
        return np.array(people, dtype=np.int32)

    def measure(self, name: str) -> Table:
        """The relation of a measure, made now if it was not; raises UnknownName."""
        self.make([name])
        return Table(self.engine, name)

    def make(self, names: Sequence[str]) -> None:
        """Make the relations of measures, and of those that they need; raises UnknownName."""
        for name in names:
            if name not in MEASURES:
                raise UnknownName("measure", name, (m.name for m in MEASURES.values() if m.table))
        needed = dict.fromkeys(one.name for name in names for one in _in_order(MEASURES[name]))
        missing = [name for name in needed if name not in self._made]
        for place, name in enumerate(missing, 1):
            self.progress.stage(f"measuring {name}" + (f" ({place} of {len(missing)})" if len(missing) > 1 else ""))
            parts = [self._instead.get(part.name, part) for part in MEASURES[name].parts]
            for part, gone in last_uses(parts, MEASURES[name].dropped):
                self._run(part, name, self._values, gone)
            self._made.add(name)

    def _run(self, part: Step | ArrayStep, measure: str, values: Values, gone: Iterable[str] = ()) -> None:
        """Make one part, and drop what nobody needs after it, unless that was done before."""
        key = f"{measure}.{part.name}"
        if self.engine.is_done(key):
            return
        self.engine.run(part, values)
        self.engine.mark_done(key)
        for relation in gone:
            self.engine.drop(relation)

    @property
    def excess(self) -> Table:
        """The relation of the measure `excess`."""
        return self.measure("excess")

    @property
    def activity(self) -> Table:
        """The relation of the measure `activity`."""
        return self.measure("activity")

    @property
    def cooling(self) -> Table:
        """The relation of the measure `cooling`."""
        return self.measure("cooling")

    @property
    def new_contacts(self) -> Table:
        """The relation of the measure `new_contacts`."""
        return self.measure("new_contacts")

    @property
    def fans(self) -> Table:
        """The relation of the measure `fans`."""
        return self.measure("fans")

    @property
    def help(self) -> Table:
        """The relation of the measure `help`."""
        return self.measure("help")

    @property
    def helpers(self) -> Table:
        """The relation of the measure `helpers`."""
        return self.measure("helpers")

    @property
    def kept(self) -> Table:
        """The relation of the measure `kept`."""
        return self.measure("kept")

    @property
    def rank(self) -> Table:
        """The relation of the measure `rank`."""
        return self.measure("rank")

    @property
    def reached(self) -> Table:
        """The relation of the measure `reached`."""
        return self.measure("reached")

    @property
    def response(self) -> Table:
        """The relation of the measure `response`."""
        return self.measure("response")

    @property
    def seeds(self) -> Table:
        """The relation of the measure `seeds`."""
        return self.measure("seeds")

    @property
    def ties(self) -> Table:
        """The relation of the measure `ties`."""
        return self.measure("ties")

    @property
    def vouched(self) -> Table:
        """The relation of the measure `vouched`."""
        return self.measure("vouched")

    @property
    def vouched_kept(self) -> Table:
        """The relation of the measure `vouched_kept`."""
        return self.measure("vouched_kept")

    @property
    def vouched_ties(self) -> Table:
        """The relation of the measure `vouched_ties`."""
        return self.measure("vouched_ties")

    @property
    def unanswered(self) -> Table:
        """The relation of the measure `unanswered`."""
        return self.measure("unanswered")

    @property
    def people(self) -> Table:
        """Who is who: number, name, id and what the platform tells of each person."""
        return Table(self.engine, "people")

    def person(self, name: str) -> Person:
        """The one person of that id or name; raises UnknownName, or UsageError where it fits several."""
        return find(self.engine.rows, name, tables="record.")

    def close(self) -> None:
        """Let go of the relations and the record."""
        self.engine.close()
        if self._read is not self.record:
            self._read.close()

    def __enter__(self) -> Study:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _in_order(measure: Measure) -> Iterator[Measure]:
    for name in measure.needs:
        yield from _in_order(MEASURES[name])
    yield measure
