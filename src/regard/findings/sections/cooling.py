"""Cooling: two-way ties that are going cold, those that held longest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from regard.base.text import duration, utc_datetime
from regard.findings.section import Content, Context, Section

SHOWN = 30
"""Ties in the list at most."""

WHOSE = "WHERE $me IS NULL OR person = $me OR other = $me"
COUNT = f"SELECT count(*) FROM cooling {WHOSE}"

TIES = f"""
    SELECT person, other, epoch_us(last), usual_gap_bins, p_before, p_now FROM cooling {WHOSE}
    ORDER BY (p_before - p_now) * bins DESC, person, other LIMIT $shown
"""


class TieRow(NamedTuple):
    """One pair of people, as the measure `cooling` has it."""

    person: int
    other: int
    last_us: int
    usual_gap_bins: float | None
    p_before: float
    p_now: float


@dataclass(frozen=True)
class CoolingTie:
    """A two-way tie that is going cold."""

    person: str
    """One of the two; "you" in a personal report."""
    other: str
    last: datetime
    usually: str
    """How far apart their acts usually were, in words: "about every 2 weeks"."""
    silent: str
    """The time since the last act, in words."""
    p_before: float
    """The chance that the tie was alive a window ago."""
    p_now: float


@dataclass(frozen=True)
class Cooling:
    """The first ties that are going cold."""

    ties: tuple[CoolingTie, ...]
    total: int
    """All ties that are going cold."""


def build(context: Context) -> Content:
    """The first ties that are going cold, of one person or of all, and how many there are."""
    total = context.engine.scalar(int, COUNT, {"me": context.me})
    rows = context.engine.fetch(TieRow, TIES, {"me": context.me, "shown": SHOWN})
    context.disclosure.prefetch(person for row in rows for person in (row.person, row.other))
    return Content(Cooling(tuple(_tie(context, row) for row in rows), total))


def _tie(context: Context, row: TieRow) -> CoolingTie:
    disclosure, timescale = context.disclosure, context.timescale
    person, other = (row.person, row.other) if row.other != context.me else (row.other, row.person)
    gap = row.usual_gap_bins
    return CoolingTie(
        person="you" if person == context.me else disclosure.name(person),
        other=disclosure.name(other),
        last=utc_datetime(row.last_us),
        usually=f"about every {duration(gap * timescale.bin_us)}" if gap is not None else "in one stretch",
        silent=duration(timescale.until_us - row.last_us),
        p_before=row.p_before,
        p_now=row.p_now,
    )


COOLING = Section(
    name="cooling",
    title="Relationships going cold",
    personal_title="Your relationships going cold",
    nav="Going cold",
    build=build,
    needs=("cooling",),
    template="cooling.html.j2",
    folded=True,
)
