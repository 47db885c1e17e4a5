"""Coverage: what the record holds, and what can't be seen in it."""

from __future__ import annotations

from regard.base.text import count, day, percent, utc_datetime
from regard.engines.base import Engine
from regard.findings.disclosure import Disclosure
from regard.findings.report import Coverage, MonthCoverage
from regard.measures.timescale import Timescale

MOST_MONTHS = 24

OWN_NOTES = ("acts the record had already",)
"""Notes about reading, not about what can be seen."""


def coverage(engine: Engine, timescale: Timescale, disclosure: Disclosure) -> Coverage:
    """The coverage of a record up to the moment looked from."""
    return Coverage(_line(engine, timescale), *_months(engine, timescale), tuple(_unseen(engine, timescale, disclosure)))


def _line(engine: Engine, timescale: Timescale) -> str:
    acts, first, last, people = engine.rows(
        """SELECT count(*), epoch_us(min(e.time)), epoch_us(max(e.time)), count(DISTINCT a.person)
           FROM record.acts e JOIN record.accounts a ON a.account = e.actor WHERE e.time < make_timestamp($until_us)""",
        timescale.values,
    )[0]
    sources = " and ".join(str(row[0]) for row in engine.rows("SELECT DISTINCT source FROM record.inputs ORDER BY source"))
    dates = f", {day(utc_datetime(int(str(first))))} to {day(utc_datetime(int(str(last))))}" if first is not None else ""
    return f"{count(int(str(acts)), 'act')} by {count(int(str(people)), 'person', 'people')} from {sources}{dates}."


def _months(engine: Engine, timescale: Timescale) -> tuple[tuple[str, ...], tuple[MonthCoverage, ...]]:
    kinds = [str(row[0]) for row in engine.rows("SELECT DISTINCT CAST(kind AS VARCHAR) FROM record.acts ORDER BY 1")]
    months = engine.rows(
        "SELECT count(DISTINCT date_trunc('month', time)) FROM record.acts WHERE time < make_timestamp($until_us)", timescale.values
    )
    form = "%Y-%m" if int(str(months[0][0])) <= MOST_MONTHS else "%Y"
    counts: dict[str, dict[str, int]] = {}
    for label, kind, number in engine.rows(
        f"""SELECT strftime(time, '{form}') AS label, CAST(kind AS VARCHAR), count(*) FROM record.acts
            WHERE time < make_timestamp($until_us) GROUP BY ALL ORDER BY label""",
        timescale.values,
    ):
        counts.setdefault(str(label), {})[str(kind)] = int(str(number))
    rows = tuple(MonthCoverage(label, tuple(found.get(kind, 0) for kind in kinds)) for label, found in counts.items())
    return tuple(kinds), rows


def _unseen(engine: Engine, timescale: Timescale, disclosure: Disclosure) -> list[str]:
    replies, lost, undated, later, vague = (
        int(str(number))
        for number in engine.rows(
            """SELECT count(*) FILTER (kind = 'reply'), count(*) FILTER (kind = 'reply' AND target IS NULL),
                   count(*) FILTER (time IS NULL AND kind NOT IN ('follow', 'join')), count(*) FILTER (time >= make_timestamp($until_us)),
                   count(*) FILTER (time IS NOT NULL AND time_precision = 'none')
               FROM record.acts""",
            timescale.values,
        )[0]
    )
    found = []
    for source, view, missing in engine.rows("SELECT DISTINCT source, view, missing FROM record.inputs ORDER BY ALL"):
        if view == "ego":
            found.append(f"{source}: one person's own archive. What others did among themselves is not in it.")
        if missing:
            found.append(f"{source}: {missing}.")
    if lost:
        found.append(
            f"{count(lost, 'reply', 'replies')} of {replies:,} ({percent(lost / replies)}) answer something the record does not hold."
        )
    if undated:
        found.append(f"{count(undated, 'act')} without a usable time, left out of everything that needs one.")
    if vague:
        found.append(f"{count(vague, 'act')} at the time of the message they belong to, since the platform tells no other.")
    if later:
        found.append(f"{count(later, 'act')} later than the moment looked from, not seen.")
    machines = engine.rows("SELECT count(*) FROM people WHERE NOT human")[0][0]
    if machines:
        found.append(f"{count(int(str(machines)), 'account')} of bots, systems or deleted people, left out of all measures.")
    for note, number in engine.rows("SELECT note, sum(count) FROM record.notes GROUP BY note ORDER BY note"):
        if str(note) not in OWN_NOTES:
            found.append(f"{note}: {int(str(number)):,}.")
    if disclosure.audience == "organisation":
        found.append("Names are pseudonyms, words are left out, and groups under five people are withheld.")
    return found
