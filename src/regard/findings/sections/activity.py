"""Activity and value over time, and whether they part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from regard.base.text import count
from regard.findings.section import Content, Context, Section
from regard.measures.conversations.activity import PERIOD

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
    return Content(Activity(periods, _sentence(periods, unit, personal=me is not None)))


def _period(row: PeriodRow, unit: str) -> Period:
    return Period(row.start, _label(row.start, unit), row.people, row.acts, row.two_way, row.openings, row.answered, row.whole)


def _label(start: date, unit: str) -> str:
    day = start.isoformat()
    if unit == "week":
        return day
    return day[:7] if unit == "month" else f"{day[:4]} Q{(start.month - 1) // 3 + 1}"


def _sentence(periods: Sequence[Period], unit: str, *, personal: bool) -> str:
    """The last three whole periods against the three before them."""
    whole = [period for period in periods if period.whole]
    if len(whole) < 6:
        return f"Too little to tell whether activity and value part: {count(len(whole), 'whole ' + unit)} in the record, six are needed."
    before, after = whole[-6:-3], whole[-3:]
    people = _change(sum(period.people for period in before), sum(period.people for period in after))
    value = _change(sum(period.two_way for period in before), sum(period.two_way for period in after))
    who = "people on either side of your acts" if personal else "active people"
    return f"Last three {unit}s against the three before: {who} {people}, two-way pairs {value}."


def _change(before: int, after: int) -> str:
    if before == 0:
        return f"{after} after none" if after else "none"
    share = after / before - 1
    # Two counts that differ by less than two standard errors of a Poisson count are called about the same.
    if abs(after - before) < 2 * (after + before) ** 0.5:
        return f"about the same ({before:,} and {after:,})"
    return f"{'up' if share > 0 else 'down'} {abs(share):.0%} ({before:,} to {after:,})".replace("%", " %")


ACTIVITY = Section(
    name="activity",
    title="Activity and value",
    personal_title="Your activity and value",
    nav="Over time",
    build=build,
    needs=("activity",),
    personal_needs=("openings",),
    template="activity.html.j2",
    wide=True,
)
