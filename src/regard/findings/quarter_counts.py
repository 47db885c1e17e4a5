"""The exact counts behind an organisation's figures. Only `publication` reads them: they never leave it."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from regard.engines.base import Engine
from regard.findings.figures import Part
from regard.record.queries import ACTS_BY_PEOPLE
from regard.record.schema import INTERACTION_KINDS

SMALLEST_GROUP = 5
"""A count of fewer people is never shown, and no quarter begins or ends by the acts of fewer."""

TALK = f"""
    WITH active AS (
        SELECT actor AS person, time FROM interactions UNION ALL SELECT actor, time FROM posts WHERE time IS NOT NULL),
    spans AS (SELECT person, min(time) AS first, max(time) AS last FROM active GROUP BY person),
    edges AS (
        SELECT max(CASE WHEN nth_first = {SMALLEST_GROUP} THEN first END) AS begins,
            max(CASE WHEN nth_last = {SMALLEST_GROUP} THEN last END) AS ends
        FROM (SELECT first, last, row_number() OVER (ORDER BY first, person) AS nth_first,
            row_number() OVER (ORDER BY last DESC, person) AS nth_last FROM spans)),
    members AS (SELECT DISTINCT person, date_trunc('quarter', time) AS quarter FROM active),
    pairs AS (SELECT DISTINCT actor, target, date_trunc('quarter', time) AS quarter FROM interactions),
    heard AS (SELECT target AS person, quarter, min(actor) AS other, count(*) AS others FROM pairs GROUP BY target, quarter),
    both_ways AS (
        SELECT x.target AS person, x.quarter, min(x.actor) AS other, count(*) AS others FROM pairs x
        JOIN pairs y ON y.actor = x.target AND y.target = x.actor AND y.quarter = x.quarter GROUP BY x.target, x.quarter),
    talk AS (
        SELECT m.person, m.quarter, CASE
            WHEN date_trunc('quarter', s.first) < m.quarter THEN CASE WHEN b.person IS NULL THEN 'one way' ELSE 'both ways' END
            WHEN h.person IS NULL THEN 'new, without response' ELSE 'new, with response' END AS cell,
            CASE WHEN date_trunc('quarter', s.first) < m.quarter THEN CASE WHEN b.others = 1 THEN b.other END
            ELSE CASE WHEN h.others = 1 THEN h.other END END AS rests_on
        FROM members m JOIN spans s ON s.person = m.person
        LEFT JOIN heard h ON h.person = m.person AND h.quarter = m.quarter
        LEFT JOIN both_ways b ON b.person = m.person AND b.quarter = m.quarter)
"""
"""Each person of each quarter with how they talked, and the one person without whom this would be otherwise, if there is one.

A quarter is over when five people acted after it, and whole when five acted before it: nobody alone decides what is told.
"""

CLOSED = "CROSS JOIN edges e WHERE e.begins <= c.quarter AND e.ends >= c.quarter + INTERVAL 3 MONTH"

COUNTS = f"""
    {TALK},
    channels AS (
        SELECT a.person, date_trunc('quarter', e.time) AS quarter, e.channel AS cell,
            row_number() OVER (PARTITION BY a.person, date_trunc('quarter', e.time) ORDER BY count(*) DESC, e.channel) AS nth
        FROM {ACTS_BY_PEOPLE} JOIN members m ON m.person = a.person AND m.quarter = date_trunc('quarter', e.time)
        WHERE e.channel IS NOT NULL AND e.visibility <> 'direct' AND e.kind IN ({", ".join(map(repr, ("post", *INTERACTION_KINDS)))})
        GROUP BY a.person, date_trunc('quarter', e.time), e.channel),
    cells AS (
        SELECT quarter, 'people' AS part, '' AS cell FROM members UNION ALL SELECT quarter, 'talk', cell FROM talk
        UNION ALL SELECT quarter, 'channel', cell FROM channels WHERE nth = 1)
    SELECT CAST(c.quarter AS DATE) AS start, c.part, c.cell, count(*) AS people FROM cells c {CLOSED} GROUP BY ALL ORDER BY ALL
"""


class Count(NamedTuple):
    """How many people there were in one cell of one quarter."""

    start: date
    part: Part
    cell: str
    people: int


CARRIED = f"""
    {TALK},
    carriers AS (SELECT quarter, rests_on, count(*) AS people FROM talk WHERE rests_on IS NOT NULL GROUP BY quarter, rests_on)
    SELECT CAST(c.quarter AS DATE) AS start, max(c.people) AS people FROM carriers c {CLOSED} GROUP BY ALL ORDER BY ALL
"""


class Carried(NamedTuple):
    """How many people's talk rests on one person alone, at most."""

    start: date
    people: int


class QuarterCounts(NamedTuple):
    """All counts of one closed quarter."""

    cells: tuple[Count, ...]
    carried: int


def count_quarters(engine: Engine) -> dict[date, QuarterCounts]:
    """The counts of all closed quarters, by their first day, in the order of time."""
    carried = {row.start: row.people for row in engine.fetch(Carried, CARRIED)}
    cells: dict[date, list[Count]] = {}
    for row in engine.fetch(Count, COUNTS):
        cells.setdefault(row.start, []).append(row)
    return {start: QuarterCounts(tuple(rows), carried.get(start, 0)) for start, rows in sorted(cells.items())}
