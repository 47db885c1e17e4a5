"""Small communities made by hand: acts at readable times, in a temporary record, with a study on it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from regard.engines.duckdb.connection import connect
from regard.engines.duckdb.statements import execute
from regard.record.ingest import InputInfo, ingest
from regard.record.record import Record
from regard.record.schema import Account, Act, Batch, Kind
from regard.record.storage import create, writing
from regard.studies.settings import Settings
from regard.studies.study import Study
from regard.studies.table import PERSON_COLUMNS

DAY: Final = 86_400_000_000
HOUR: Final = DAY // 24
START: Final = datetime(2007, 1, 1, tzinfo=UTC)
"""Day 0 of all communities: a Monday."""
START_US: Final = 1_167_609_600_000_000
NOW_US: Final = START_US + 40 * 365 * DAY
"""The time of the machine that reads them."""

Row = dict[str, object]


def at(day: float) -> int:
    """Microseconds of a moment so many days after the start.

    >>> at(0.5) - at(0) == 12 * HOUR
    True
    """
    return START_US + round(day * DAY)


def moment(day: float) -> datetime:
    """The same moment as a datetime with its zone, for `Settings.until`."""
    return START + timedelta(days=day)


def when(day: float) -> datetime:
    """The same moment as relations show it: in UTC, without a zone."""
    return moment(day).replace(tzinfo=None)


def act(
    day: float | None,
    actor: str,
    kind: Kind,
    target: str | None = None,
    *,
    item: str | None = None,
    parent: str | None = None,
    thread: str | None = None,
    text: str | None = None,
    label: str | None = None,
) -> Act:
    """One act, so many days after the start. With None its time is unknown."""
    time = None if day is None else at(day)
    return Act(actor, kind, time, target, item=item, parent=parent, thread=thread, text=text, label=label)


def post(day: float, actor: str, item: str, text: str | None = None, *mentioned: str) -> list[Act]:
    """A post that opens a thread of its own, and the mentions in it."""
    opening = act(day, actor, "post", item=item, thread=item, text=text)
    return [opening, *(act(day, actor, "mention", person, item=item, thread=item) for person in mentioned)]


def answer(day: float, actor: str, target: str, thread: str, item: str) -> Act:
    """A reply in a thread."""
    return act(day, actor, "reply", target, item=item, parent=thread, thread=thread)


@cache
def _empty_record() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.regard"
        create(path)
        return path.read_bytes()


@contextmanager
def empty() -> Iterator[Record]:
    """An empty record, a copy of the same one each time; gone at the end."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "community.regard"
        path.write_bytes(_empty_record())
        yield Record(path)


@contextmanager
def recorded(acts: Iterable[Act], accounts: Sequence[Account] = (), merged: Iterable[tuple[str, str]] = ()) -> Iterator[Record]:
    """A record of these acts, with pairs of ids made one person; gone at the end."""
    with empty() as record:
        # As Record.append does, without its checks of the file: hundreds of records are made here.
        with closing(connect(os.fspath(record.path))) as connection:
            connection.begin()
            ingest(connection, InputInfo("table", "by hand", own_ids=False), [Batch(list(acts), accounts)], NOW_US)
            connection.commit()
        for first, second in merged:
            record.merge(first, second)
        yield record


def with_secret(record: Record, secret: str = "secret") -> Record:
    """The record with a known secret: figures for an organisation depend on it."""
    with writing(record.path) as connection:
        execute(connection, "UPDATE meta SET value = $secret WHERE key = 'salt'", {"secret": secret})
    return record


@contextmanager
def community(
    acts: Iterable[Act],
    *,
    accounts: Sequence[Account] = (),
    merged: Iterable[tuple[str, str]] = (),
    until: float | None = None,
    bin_days: float | None = None,
    window_days: float | None = None,
) -> Iterator[Study]:
    """A study of these acts, just after the last one, or at `until`, in days after the start.

    >>> with community([act(day, "ann", "message", "bea") for day in range(5)]) as study:
    ...     [(row["person"], row["reached"], row["by_words"], row["recent"]) for row in rows(study, "reached")]
    [('bea', 1, 1, 1)]
    """
    settings = Settings(None if until is None else moment(until), bin_days, window_days)
    with recorded(acts, accounts, merged) as record, Study(record, settings) as study:
        yield study


def rows(study: Study, measure: str) -> list[Row]:
    """A measure's rows in the order of their values, with people by their ids."""
    known = {row["person"]: row["id"] for row in study.people.rows()}
    return [
        {name: known.get(value, value) if name in PERSON_COLUMNS else value for name, value in row.items()}
        for row in study.measure(measure).rows()
    ]


def only_row(study: Study, measure: str, **wanted: object) -> Row:
    """The row of a measure with these values, which must be the only one."""
    matching = [row for row in rows(study, measure) if all(row[name] == value for name, value in wanted.items())]
    assert len(matching) == 1, f"{len(matching)} rows of {measure} with {wanted}"
    return matching[0]


def column(study: Study, measure: str, key: str, value: str) -> dict[object, object]:
    """One column of a measure by another column, whose values are unique."""
    all_rows = rows(study, measure)
    by_key = {row[key]: row[value] for row in all_rows}
    assert len(by_key) == len(all_rows), f"{key} is no key of {measure}"
    return by_key
