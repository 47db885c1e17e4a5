"""Coverage: what the record holds, and what can't be seen in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from regard.base.text import count, day, percent, sentence_case, utc_datetime
from regard.engines.base import Engine
from regard.findings.section import Content, Context, Section
from regard.findings.source_names import source_name
from regard.measures.timescale import Timescale
from regard.record.queries import ACTS_BY_PEOPLE

MOST_MONTHS = 24
"""With more months the table has years."""

OWN_NOTES = ("acts the record had already",)
"""Notes about reading, not about what can be seen."""


class Extent(NamedTuple):
    """How many acts there are, the times of the first and the last, and how many people act."""

    acts: int
    first_us: int | None
    last_us: int | None
    people: int


EXTENT = f"""
    SELECT count(*), epoch_us(min(e.time)), epoch_us(max(e.time)), count(DISTINCT a.person)
    FROM {ACTS_BY_PEOPLE} WHERE e.time < make_timestamp($until_us)
"""


class KindCount(NamedTuple):
    """Acts of one kind in one month or year."""

    label: str
    kind: str
    acts: int


KIND_COUNTS = """
    SELECT strftime(time, '{form}') AS label, CAST(kind AS VARCHAR), count(*) FROM record.acts
    WHERE time < make_timestamp($until_us) GROUP BY ALL ORDER BY label
"""


class Losses(NamedTuple):
    """Acts that measures can't use, or not fully."""

    replies: int
    """All replies, for the share of the next."""
    unresolved: int
    """Replies to something that the record does not hold."""
    undated: int
    later: int
    """Acts at or after the moment looked from."""
    vague: int
    """Acts whose time is that of the message they belong to."""


LOSSES = """
    SELECT count(*) FILTER (kind = 'reply'), count(*) FILTER (kind = 'reply' AND target IS NULL),
        count(*) FILTER (time IS NULL AND kind NOT IN ('follow', 'join')), count(*) FILTER (time >= make_timestamp($until_us)),
        count(*) FILTER (time IS NOT NULL AND time_precision = 'none')
    FROM record.acts
"""


class InputRow(NamedTuple):
    """What an input is, and what its source never tells."""

    source: str
    view: str | None
    missing: str | None


class Note(NamedTuple):
    """A remark from reading, and how often it was made."""

    note: str
    times: int


class Text(NamedTuple):
    """One text."""

    text: str


@dataclass(frozen=True)
class MonthCoverage:
    """What the record holds of one month, or of one year of a long record."""

    label: str
    counts: tuple[int, ...]
    """Acts, in the order of `Coverage.kinds`."""


@dataclass(frozen=True)
class Coverage:
    """What the record holds and what can't be seen."""

    line: str
    """One sentence: sources, months, acts, people."""
    kinds: tuple[str, ...]
    months: tuple[MonthCoverage, ...]
    unseen: tuple[str, ...]
    """Sentences: whose side is missing, replies that could not be resolved, what was left out."""


def build(context: Context) -> Content:
    """The coverage of a record up to the moment looked from."""
    engine, timescale = context.engine, context.timescale
    return Content(Coverage(_line(engine, timescale), *_months(engine, timescale), tuple(_unseen(context))))


def _line(engine: Engine, timescale: Timescale) -> str:
    extent = engine.fetch(Extent, EXTENT, timescale.values)[0]
    sources = " and ".join(source_name(source) for source in _texts(engine, "SELECT DISTINCT source FROM record.inputs ORDER BY source"))
    dates = ""
    if extent.first_us is not None and extent.last_us is not None:
        dates = f", {day(utc_datetime(extent.first_us))} to {day(utc_datetime(extent.last_us))}"
    return f"{count(extent.acts, 'interaction')} by {count(extent.people, 'person', 'people')} from {sources}{dates}."


def _months(engine: Engine, timescale: Timescale) -> tuple[tuple[str, ...], tuple[MonthCoverage, ...]]:
    kinds = _texts(engine, "SELECT DISTINCT CAST(kind AS VARCHAR) FROM record.acts ORDER BY 1")
    months = "SELECT count(DISTINCT date_trunc('month', time)) FROM record.acts WHERE time < make_timestamp($until_us)"
    form = "%Y-%m" if engine.scalar(int, months, timescale.values) <= MOST_MONTHS else "%Y"
    counts: dict[str, dict[str, int]] = {}
    for row in engine.fetch(KindCount, KIND_COUNTS.format(form=form), timescale.values):
        counts.setdefault(row.label, {})[row.kind] = row.acts
    rows = tuple(MonthCoverage(label, tuple(acts.get(kind, 0) for kind in kinds)) for label, acts in counts.items())
    return tuple(kinds), rows


def _unseen(context: Context) -> Iterator[str]:
    engine = context.engine
    for source, view, missing in engine.fetch(InputRow, "SELECT DISTINCT source, view, missing FROM record.inputs ORDER BY ALL"):
        if view == "ego":
            yield f"{sentence_case(source_name(source))}: one person's own archive. What others did among themselves is not in it."
        if missing:
            yield f"{sentence_case(source_name(source))}: {missing}."
    yield from _losses(engine.fetch(Losses, LOSSES, context.timescale.values)[0])
    if machines := engine.scalar(int, "SELECT count(*) FROM people WHERE NOT human"):
        yield f"{count(machines, 'account')} of bots, systems or deleted people, left out of all measures."
    for note, times in engine.fetch(Note, "SELECT note, sum(count) FROM record.notes GROUP BY note ORDER BY note"):
        if note not in OWN_NOTES:
            yield f"{note}: {times:,}."


def _losses(losses: Losses) -> Iterator[str]:
    if losses.unresolved:
        replies = f"{count(losses.unresolved, 'reply', 'replies')} of {losses.replies:,} ({percent(losses.unresolved / losses.replies)})"
        yield f"{replies} {'answers' if losses.unresolved == 1 else 'answer'} something the record does not hold."
    if losses.undated:
        yield f"{count(losses.undated, 'interaction')} without a usable time, left out of everything that needs one."
    if losses.vague:
        vague = count(losses.vague, "interaction")
        yield f"The platform doesn't tell the time of {vague}, such as when a reaction was given: their message's time is used."
    if losses.later:
        yield f"{count(losses.later, 'interaction')} later than the moment looked from, not seen."


def _texts(engine: Engine, sql: str) -> list[str]:
    return [row.text for row in engine.fetch(Text, sql)]


COVERAGE = Section(
    name="coverage",
    own_anchor="unseen",
    title="What can’t be seen",
    nav="Limits",
    build=build,
    needs=(),
    template="coverage.html.j2",
    folded=True,
)
