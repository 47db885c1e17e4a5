"""Cards of the section `people`: one person, with the ties and acts behind the two numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeVar

from regard.base.text import utc_datetime
from regard.findings.disclosure import Disclosure
from regard.findings.section import Context
from regard.record.queries import ACTS_BETWEEN_PEOPLE

TIES, ACTS = 5, 3
"""Ties and acts of one person that are shown at most."""
LIKELY = 0.2
"""The least chance to come back of those who are listed as likeliest to."""


class PersonRow(NamedTuple):
    """A person who is shown. The relation `chosen` has these columns."""

    person: int
    reached: int
    people: int
    followers: int | None
    recent: int
    kept: float
    low: float
    high: float
    about: str | None
    fresh: int
    by_reactions: int
    recent_by_words: int
    by_words: float
    by_words_low: float
    by_words_high: float


CHOSEN_TIES = f"""
    SELECT target, actor, acts, words, bins, epoch_us(last), p_return, two_way FROM (
        SELECT *, row_number() OVER (PARTITION BY target ORDER BY p_return DESC, acts DESC, actor) AS nth
        FROM ties WHERE target IN (SELECT person FROM chosen) AND p_return >= {LIKELY})
    WHERE nth <= {TIES} ORDER BY target, nth
"""


class TieRow(NamedTuple):
    """A tie toward a person who is shown."""

    target: int
    actor: int
    acts: int
    words: int
    bins: int
    last_us: int
    p_return: float
    two_way: bool


CHOSEN_ACTS = f"""
    SELECT target, actor, epoch_us(time), kind, text, item, file FROM (
        SELECT b.person AS target, a.person AS actor, e.time, CAST(e.kind AS VARCHAR) AS kind, e.text, e.item, e.file,
            row_number() OVER (PARTITION BY b.person ORDER BY e.time DESC, a.person, e.rowid) AS nth
        FROM {ACTS_BETWEEN_PEOPLE}
        WHERE b.person IN (SELECT person FROM chosen) AND a.person <> b.person AND a.actor_type = 'person'
            AND e.time < make_timestamp($until_us) AND e.kind NOT IN ('follow', 'unfollow', 'join'))
    WHERE nth <= {ACTS} ORDER BY target, nth
"""


class ActRow(NamedTuple):
    """An act toward a person who is shown."""

    target: int
    actor: int
    time_us: int
    kind: str
    text: str | None
    item: str | None
    file: str | None


@dataclass(frozen=True)
class TieLine:
    """One person who acts toward the person of a card."""

    name: str
    acts: int
    words: int
    """Those of them that are words, and no reactions or shares."""
    bins: int
    last: datetime
    p_return: float
    two_way: bool


@dataclass(frozen=True)
class ActLine:
    """One act behind a number."""

    when: datetime
    who: str
    kind: str
    words: str | None
    reference: str | None


@dataclass(frozen=True)
class ByWords:
    """The part of a card's numbers that is words, and no reactions or shares."""

    recent: int
    """Distinct people who wrote to them in the last window."""
    kept: float
    """Expected number of people who wrote to them before and do so again, with its range."""
    low: float
    high: float


@dataclass(frozen=True)
class Card:
    """One person, with what opens the two numbers."""

    number: int
    """Its position in the report, from 1; the anchor is `person-<number>`."""
    name: str
    about: str | None
    """Title or role as the platform tells it."""
    reached: int
    people: int
    """Distinct people who ever acted toward them: the part of `reached` that the record shows."""
    followers: int | None
    recent: int
    """Distinct people who acted toward them in the last window."""
    kept: float
    low: float
    high: float
    ties: tuple[TieLine, ...]
    """The likeliest to come back, at most five."""
    acts: tuple[ActLine, ...]
    """The latest acts toward them, at most three."""
    fresh: int = 0
    """Those of `recent` who had never acted toward them before."""
    by_reactions: int = 0
    """Those of `people` who only ever reacted or shared."""
    by_words: ByWords | None = None
    """None if all acts toward them are words, so that there is nothing to tell apart."""


Row = TypeVar("Row", TieRow, ActRow)
Line = TypeVar("Line")


def make_cards(context: Context, people: Sequence[PersonRow]) -> tuple[Card, ...]:
    """The cards of the people in the relation `chosen`, in the order of their names."""
    engine, disclosure = context.engine, context.disclosure
    tie_rows = engine.fetch(TieRow, CHOSEN_TIES)
    act_rows = engine.fetch(ActRow, CHOSEN_ACTS, context.timescale.values)
    disclosure.prefetch([*(row.person for row in people), *(row.actor for row in tie_rows), *(row.actor for row in act_rows)])
    ties, acts = _by_target(tie_rows, _tie_line, disclosure), _by_target(act_rows, _act_line, disclosure)
    by_name = sorted(people, key=lambda row: (disclosure.name(row.person).casefold(), row.person))
    return tuple(_card(number, row, ties[row.person], acts[row.person], disclosure) for number, row in enumerate(by_name, 1))


def _card(number: int, row: PersonRow, ties: Sequence[TieLine], acts: Sequence[ActLine], disclosure: Disclosure) -> Card:
    return Card(
        number=number,
        name=disclosure.name(row.person),
        about=disclosure.excerpt(row.about, 60),
        reached=row.reached,
        people=row.people,
        followers=row.followers,
        recent=row.recent,
        fresh=row.fresh,
        kept=row.kept,
        low=row.low,
        high=row.high,
        ties=tuple(ties),
        acts=tuple(acts),
        by_reactions=row.by_reactions,
        by_words=_by_words(row),
    )


def _by_words(row: PersonRow) -> ByWords | None:
    if not row.by_reactions and (row.recent_by_words, row.by_words) == (row.recent, row.kept):
        return None
    return ByWords(row.recent_by_words, row.by_words, row.by_words_low, row.by_words_high)


def _by_target(rows: Iterable[Row], to_line: Callable[[Row, Disclosure], Line], disclosure: Disclosure) -> defaultdict[int, list[Line]]:
    """The rows as lines, by the person whose card shows them."""
    lines: defaultdict[int, list[Line]] = defaultdict(list)
    for row in rows:
        lines[row.target].append(to_line(row, disclosure))
    return lines


def _tie_line(row: TieRow, disclosure: Disclosure) -> TieLine:
    return TieLine(disclosure.name(row.actor), row.acts, row.words, row.bins, utc_datetime(row.last_us), row.p_return, row.two_way)


def _act_line(row: ActRow, disclosure: Disclosure) -> ActLine:
    words, reference = disclosure.excerpt(row.text, 120), disclosure.reference(row.item, row.file)
    return ActLine(utc_datetime(row.time_us), disclosure.name(row.actor), row.kind, words, reference)
