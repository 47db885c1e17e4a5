"""Activity and value over time, and whether they part."""

from __future__ import annotations

from datetime import date

from regard.base.text import count
from regard.engines.base import Engine
from regard.findings.disclosure import Disclosure
from regard.findings.report import Period
from regard.measures.conversations.activity import PERIOD
from regard.measures.timescale import Timescale

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


def periods(engine: Engine, timescale: Timescale, disclosure: Disclosure, me: int | None) -> tuple[tuple[Period, ...], str]:
    """The periods, and a sentence on whether activity and value part."""
    unit = str(engine.rows(f"SELECT {PERIOD}", timescale.values)[0][0])
    rows = engine.rows("FROM activity ORDER BY period") if me is None else engine.rows(MINE, {**timescale.values, "me": me})
    found = []
    for start, people, acts, two_way, openings, answered, whole in rows:
        shown = disclosure.large_enough(int(str(people)))
        found.append(
            Period(
                start=start if isinstance(start, date) else date.fromisoformat(str(start)),
                label=_label(str(start), unit),
                people=int(str(people)) if shown else None,
                acts=int(str(acts)),
                two_way=int(str(two_way)) if shown else None,
                openings=int(str(openings)),
                answered=int(str(answered)),
                whole=bool(whole),
            )
        )
    return tuple(found), _sentence(found, unit, mine=me is not None)


def _label(start: str, unit: str) -> str:
    year, month, _ = start[:10].split("-")
    if unit == "week":
        return start[:10]
    return f"{year}-{month}" if unit == "month" else f"{year} Q{(int(month) - 1) // 3 + 1}"


def _sentence(found: list[Period], unit: str, *, mine: bool) -> str:
    """The last three whole periods against the three before them."""
    whole = [p for p in found if p.whole and p.people is not None and p.two_way is not None]
    if len(whole) < 6:
        return f"Too little to tell whether activity and value part: {count(len(whole), 'whole ' + unit)} in the record, six are needed."
    before, after = whole[-6:-3], whole[-3:]
    people = _change(sum(p.people or 0 for p in before), sum(p.people or 0 for p in after))
    value = _change(sum(p.two_way or 0 for p in before), sum(p.two_way or 0 for p in after))
    who = "people on either side of your acts" if mine else "active people"
    return f"Last three {unit}s against the three before: {who} {people}, two-way pairs {value}."


def _change(before: int, after: int) -> str:
    if before == 0:
        return f"{after} after none" if after else "none"
    share = after / before - 1
    # Two counts that differ by less than two standard errors of a Poisson count are not said to differ.
    if abs(after - before) < 2 * (after + before) ** 0.5:
        return f"about the same ({before:,} and {after:,})"
    return f"{'up' if share > 0 else 'down'} {abs(share):.0%} ({before:,} to {after:,})".replace("%", " %")
