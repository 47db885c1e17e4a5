"""What may be said to an organisation: the one place where counts of people become figures that others may read.

A colleague who receives a report knows who spoke when and where. From exact counts, or from rounded ones, they find out what one
person did: they count everybody else and look whether the figure fits. So a figure here is a count of distinct people of a calendar
quarter that is over, with noise from the record's own secret (differential privacy, Dwork 2006, in the Gaussian form of Dong, Roth and
Su 2022). See `NOISE` for what the best attack can do.

All decisions (what is withheld, which channels are named or merged) are made from noisy counts, so they tell no more than these. A
quarter is closed once: its figures are kept beside the record and repeated, whoever joins, leaves or is forgotten later.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import date
from math import ceil, floor, sqrt
from statistics import NormalDist
from typing import NamedTuple

from regard.base.text import sentence_case
from regard.engines.base import Engine
from regard.findings.figures import OTHER_CHANNELS, Figure, Part, Publication, Quarter
from regard.findings.intervals import Z
from regard.findings.quarter_counts import SMALLEST_GROUP, Count, QuarterCounts, count_quarters
from regard.findings.report import Method
from regard.findings.source_names import source_name

NOISE = 35.0
"""The standard deviation of the noise, in people.

A person counts once in each part (all, talk, channel). Without them the counts of a quarter move by sqrt(3), a twentieth of the noise. To
tell two normal distributions that far apart, the best test is right .51 of the time, and .52 after four quarters; guessing is right .50 of
the time. It is .523 in a quarter for a person on whom the talk of `CARRIED` others rests.
"""

CARRIED = 2
"""So many people's talk may rest on one person under the usual noise. If it is more, talk has more noise in proportion, from then on: less
noise after a person has left would tell that they left."""

FIGURES = Method(
    name="figures",
    question="How many people took part, and how did they talk?",
    how=(
        "people: who wrote or reacted in the quarter; talk: each of them once, newcomers (first seen in the quarter) by whether anybody "
        "responded to them, and all others by whether they wrote with somebody both ways; channel: each of them once, where they were most "
        "active. To each count a random amount is added, once and for all."
    ),
    cannot="anything about one person, or about a group too small to stand out from the noise; months, weeks and days",
    source="Dwork 2006; Dong, Roth, Su 2022",
)
"""What the report says of its figures."""


class SourceRow(NamedTuple):
    """A source of the record, and what it never tells."""

    source: str
    missing: str | None


def publish(engine: Engine, closed: Sequence[Quarter]) -> Publication:
    """The publication of a record: the quarters closed earlier as they are, and those closed since with figures of their own."""
    secret = engine.scalar(str, "SELECT min(value) FROM record.meta WHERE key = 'salt'")
    quarters = {quarter.start: quarter for quarter in closed}
    for start, counts in count_quarters(engine).items():
        if start not in quarters:
            earlier = (quarter.talk_noise for quarter in quarters.values() if quarter.start < start)
            quarters[start] = close(start, counts, max(earlier, default=1), secret)
    sources = engine.fetch(SourceRow, "SELECT DISTINCT source, missing FROM record.inputs ORDER BY source, missing")
    return Publication(
        sources=tuple(dict.fromkeys(row.source for row in sources)),
        missing=tuple(f"{sentence_case(source_name(row.source))}: {row.missing}." for row in sources if row.missing),
        made_up=bool(engine.rows("SELECT 1 FROM record.inputs WHERE made_up LIMIT 1")),
        quarters=tuple(quarter for _, quarter in sorted(quarters.items())),
    )


def close(start: date, counts: QuarterCounts, talk_noise: int, secret: str) -> Quarter:
    """The figures of a quarter; the same arguments give the same figures. `talk_noise` is that of the quarters before."""
    talk_noise = max(talk_noise, ceil(counts.carried / CARRIED))
    figures, small = list[Figure](), list[tuple[Count, float]]()
    for count in counts.cells:
        times = talk_noise if count.part == "talk" else 1
        value = count.people + times * noise(secret, start, count.part, count.cell)
        if figure := _figure(count.part, count.cell, count.people, value, times):
            figures.append(figure)
        elif count.part == "channel":
            small.append((count, value))
    people, value = sum(count.people for count, _ in small), sum(value for _, value in small)
    merged = _figure("channel", OTHER_CHANNELS, people, value, sqrt(len(small)))
    return Quarter(start, (*figures, merged) if merged else tuple(figures), talk_noise)


def noise(secret: str, start: date, part: Part, cell: str) -> float:
    """The noise of one cell, which nobody can know without the record's secret.

    >>> noise("s", date(2025, 4, 1), "people", "") == noise("s", date(2025, 4, 1), "people", "")
    True
    """
    digest = hmac.digest(secret.encode(), f"{start}\0{part}\0{cell}".encode(), "sha256")
    return NormalDist(0, NOISE).inv_cdf((int.from_bytes(digest[:6]) + 0.5) / 2**48)


def _figure(part: Part, cell: str, people: int, value: float, times: float) -> Figure | None:
    """The figure of a count with so many times the usual noise; None where the range would be wider than the figure."""
    half = Z * NOISE * times
    if people < SMALLEST_GROUP or value < 2 * half:
        return None
    return Figure(part, cell, 10 * round(value / 10), 10 * floor((value - half) / 10), 10 * ceil((value + half) / 10))
