"""A record that can be counted by hand, with its origin at day 20. The window before is days 10 to 20, the window after days 20 to 30."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from regard.record.schema import Account, Act
from regard.studies.study import Study

from ..communities import act, community, post

UNTIL, WINDOW = 20.0, 10.0
PAST = [
    *(act(day, "bea", "reply", "ann") for day in (1, 2, 12)),
    act(3, "cem", "thank", "ann"),
    *(act(day, "dua", "message", "ann") for day in (11, 19)),
    act(4, "ann", "reply", "bea"),
    act(13, "ann", "react", "dua"),
    act(18, "eli", "mention", "bea"),
    *post(5, "fay", "p"),
    act(6, "fay", "follow", "ann"),
    act(7, "gus", "message", "gus"),
    act(8, "zbot", "reply", "ann"),
]
FUTURE = [
    act(20, "bea", "reply", "ann"),
    act(27, "dua", "message", "ann"),
    act(21, "hal", "message", "ann"),
    act(22, "ann", "reply", "bea"),
    act(24.9, "eli", "reply", "bea"),
    act(23, "bea", "share", "hal"),
    act(29, "zbot", "reply", "bea"),
    act(26, "cem", "follow", "ann"),
    act(30, "cem", "thank", "ann"),
]
BOT = [Account("zbot", "Robot", "bot")]


class PersonId(NamedTuple):
    """A person's number and id."""

    person: int
    id: str


class PersonScore(NamedTuple):
    """A person's number and score."""

    person: int
    score: float


@contextmanager
def tiny(future: list[Act] | None = None) -> Iterator[Study]:
    """A study of the record from its origin."""
    acts = PAST + (FUTURE if future is None else future)
    with community(acts, accounts=BOT, until=UNTIL, bin_days=1, window_days=WINDOW) as study:
        yield study


def ids(study: Study) -> dict[int, str]:
    """The id of each person number."""
    return {row.person: row.id for row in study.engine.fetch(PersonId, "SELECT person, id FROM people")}


def scored(study: Study, sql: str) -> dict[str, float]:
    """A score's rows, by id."""
    known = ids(study)
    rows = study.engine.fetch(PersonScore, f"SELECT person, CAST(score AS DOUBLE) FROM ({sql})", study.timescale.values)
    return {known[row.person]: row.score for row in rows}
