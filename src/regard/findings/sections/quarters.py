"""Quarters: how many people took part in each quarter that is over, and how they talked. For an organisation."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

from regard.base.text import between
from regard.findings.figures import Figure, Part, Publication, Quarter
from regard.findings.intervals import Interval
from regard.findings.section import Content, Finding, PublicSection

TITLE = "Who took part"
SURE = 1.5
"""A change is told if it is beyond so many times its 90 % range: the noise alone does that once in a hundred times."""
SAME = 0.1
"""Two figures are about the same if the range of their difference lies within this share of the first."""

COLUMNS: tuple[tuple[str, Part, str], ...] = (
    ("Took part", "people", ""),
    ("Here before: wrote with somebody both ways", "talk", "both ways"),
    ("Here before: one way only", "talk", "one way"),
    ("New: somebody responded", "talk", "new, with response"),
    ("New: nobody responded", "talk", "new, without response"),
)
"""Heading, part and cell of each column. The last four divide the first."""


@dataclass(frozen=True)
class QuarterRow:
    """One quarter, with its figures in the order of the columns; None for a figure that is withheld."""

    label: str
    figures: tuple[Figure | None, ...]


@dataclass(frozen=True)
class Quarters:
    """The quarters in the order of time."""

    columns: tuple[str, ...]
    rows: tuple[QuarterRow, ...]


def build(publication: Publication) -> Content:
    """A table of the quarters, and a sentence on the last one, or on why there is nothing to say."""
    rows = tuple(map(_row, publication.quarters))
    return Content(Quarters(tuple(heading for heading, _, _ in COLUMNS), rows), (_finding(publication.quarters),))


def _row(quarter: Quarter) -> QuarterRow:
    return QuarterRow(quarter.label, tuple(quarter.figure(part, cell) for _, part, cell in COLUMNS))


def _finding(quarters: tuple[Quarter, ...]) -> Finding:
    caveat = "People who wrote or reacted, counted once each. Reading can't be seen, and a random amount is added to every figure."
    if not quarters:
        why = "no calendar quarter that the record holds from its first day to its last is over yet"
        return Finding(TITLE, f"Nothing is told of this record: {why}.", caveat, None)
    last = quarters[-1].figure("people")
    if last is None:
        why = f"too few people took part in {quarters[-1].label} for a figure that tells of no single person"
        return Finding(TITLE, f"Nothing is told of the last quarter: {why}.", caveat, None)
    change = _change(quarters[-2].figure("people") if len(quarters) > 1 else None, last)
    sentence = f"About {last.people:,} people ({between(last.low, last.high)}) took part in {quarters[-1].label}{change}."
    both = quarters[-1].figure("talk", "both ways")
    if both:
        sentence += f" Of those who were here before, about {both.people:,} ({between(both.low, both.high)}) wrote with somebody both ways."
    return Finding(TITLE, sentence, caveat, Interval(last.people, last.low, last.high, last.people))


def _change(before: Figure | None, after: Figure) -> str:
    if before is None:
        return ""
    difference = after.people - before.people
    half = hypot(before.high - before.low, after.high - after.low) / 2
    if abs(difference) > SURE * half:
        return f", {'more' if difference > 0 else 'fewer'} than the quarter before (about {before.people:,})"
    same = abs(difference) + half <= SAME * before.people
    return ", about as many as the quarter before" if same else "; whether more or fewer than the quarter before can't be told"


QUARTERS = PublicSection(name="quarters", title="Quarter by quarter", nav="Quarters", build=build, template="quarters.html.j2")
