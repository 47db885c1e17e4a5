"""Activity and value over time, and whether they part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from regard.base.text import count
from regard.findings.comparison import compare
from regard.findings.section import Content, Context, Section
from regard.measures.conversations.activity import PERIOD
from regard.record.queries import ACTS_BY_PEOPLE

EVERYBODY = "SELECT period, people, acts, two_way, openings, answered, whole FROM activity ORDER BY period"

MINE = f"""
    WITH mine AS (
        SELECT CAST(date_trunc({PERIOD}, time) AS DATE) AS period, CASE WHEN actor = $me THEN target ELSE actor END AS other,
            count(*) AS acts, bool_or(actor = $me) AND bool_or(target = $me) AS two_way
        FROM interactions WHERE actor = $me OR target = $me GROUP BY ALL),
    opened AS (
        SELECT CAST(date_trunc({PERIOD}, time) AS DATE) AS period, count(*) AS openings,
            count(*) FILTER (answered_after IS NOT NULL) AS answered FROM openings WHERE person = $me GROUP BY ALL)
    SELECT m.period, count(*) AS people, CAST(sum(m.acts) AS BIGINT) AS acts, count(*) FILTER (m.two_way) AS two_way,
        coalesce(any_value(o.openings), 0), coalesce(any_value(o.answered), 0),
        any_value(a.whole)
    FROM mine m JOIN activity a ON a.period = m.period LEFT JOIN opened o ON o.period = m.period GROUP BY m.period ORDER BY m.period
"""


SPANS = f"""
    WITH seen AS (
        SELECT time >= CAST($middle AS TIMESTAMP) AS late, actor, target FROM interactions
        WHERE time >= CAST($start AS TIMESTAMP) AND time < CAST($end AS TIMESTAMP) AND ($me IS NULL OR actor = $me OR target = $me)),
    posted AS (
        SELECT time >= CAST($middle AS TIMESTAMP) AS late, a.person FROM {ACTS_BY_PEOPLE}
        JOIN people p ON p.person = a.person
        WHERE $me IS NULL AND p.human AND e.kind = 'post' AND time >= CAST($start AS TIMESTAMP) AND time < CAST($end AS TIMESTAMP)),
    person AS (
        SELECT late, CASE WHEN actor = $me THEN target ELSE actor END AS person FROM seen UNION SELECT late, person FROM posted),
    pair AS (
        SELECT late, least(actor, target) AS low, greatest(actor, target) AS high, min(actor) <> max(actor) AS two_way
        FROM seen GROUP BY ALL)
    SELECT count(DISTINCT person) FILTER (NOT late), count(DISTINCT person) FILTER (late),
        (SELECT count(*) FROM pair WHERE two_way AND NOT late), (SELECT count(*) FROM pair WHERE two_way AND late) FROM person
"""
"""Distinct people and pairs of two spans, from $start to $middle and from there to $end, of all or of one person."""


class Spans(NamedTuple):
    """Distinct active people and two-way pairs: in the span before, and in the later one."""

    people_before: int
    people: int
    pairs_before: int
    pairs: int


class PeriodRow(NamedTuple):
    """One period: the columns of the measure `activity`, or the same of one person's acts."""

    start: date
    people: int
    acts: int
    two_way: int
    openings: int
    answered: int
    whole: bool


@dataclass(frozen=True)
class Period:
    """One week, month or quarter of activity and value."""

    start: date
    label: str
    people: int
    """Active people."""
    acts: int
    two_way: int
    """Pairs who acted toward each other both ways."""
    openings: int
    answered: int
    whole: bool
    """Whether the record covers it to its end."""


@dataclass(frozen=True)
class Activity:
    """The periods in the order of time, and a sentence on whether activity and value part."""

    periods: tuple[Period, ...]
    sentence: str


def build(context: Context) -> Content:
    """The periods of all acts, or of one person's acts, and a sentence on whether activity and value part."""
    engine, values, me = context.engine, context.timescale.values, context.me
    unit = engine.scalar(str, f"SELECT {PERIOD}", values)
    rows = engine.fetch(PeriodRow, EVERYBODY) if me is None else engine.fetch(PeriodRow, MINE, {**values, "me": me})
    periods = tuple(_period(row, unit) for row in rows)
    return Content(Activity(periods, _sentence(context, periods, unit)))


def _period(row: PeriodRow, unit: str) -> Period:
    return Period(row.start, _label(row.start, unit), row.people, row.acts, row.two_way, row.openings, row.answered, row.whole)


def _label(start: date, unit: str) -> str:
    day = start.isoformat()
    if unit == "week":
        return day
    return day[:7] if unit == "month" else f"{day[:4]} Q{(start.month - 1) // 3 + 1}"


def _sentence(context: Context, periods: Sequence[Period], unit: str) -> str:
    """The last three whole periods against the three before them: distinct people, and distinct pairs, over each of the two spans."""
    whole = [period for period in periods if period.whole]
    if len(whole) < 6:
        return f"Too little to tell whether activity and value part: {count(len(whole), 'whole ' + unit)} in the record, six are needed."
    middle, after = whole[-3].start, next((period.start for period in periods if period.start > whole[-1].start), None)
    spans = {"start": str(whole[-6].start), "middle": str(middle), "end": str(after or "9999-12-31"), "me": context.me}
    (seen,) = context.engine.fetch(Spans, SPANS, {**context.timescale.values, **spans})
    people, pairs = compare(seen.people_before, seen.people), compare(seen.pairs_before, seen.pairs)
    who = "active people" if context.me is None else "people who wrote or reacted to you, or you to them"
    both = "pairs of people who wrote or reacted to each other" if context.me is None else "of them both ways"
    return f"In the last three whole {unit}s, against the three before, {who}: {people.words}; {both}: {pairs.words}."


ACTIVITY = Section(
    name="activity",
    title="Activity and value",
    personal_title="Your activity and value",
    nav="Over time",
    build=build,
    needs=("activity",),
    personal_needs=("openings",),
    template="activity.html.j2",
    folded=True,
    wide=True,
)
