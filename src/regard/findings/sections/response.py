"""Response per 100 people reached: how it changes with reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from regard.base.text import duration, percent, without_one
from regard.findings.intervals import wilson
from regard.findings.quarter_counts import SMALLEST_GROUP
from regard.findings.section import Content, Context, Section
from regard.measures.timescale import Timescale

GROUPS = """
    WITH grouped AS (
        SELECT r.reached, r.recent, r.recent_by_words, CAST(floor(log10(r.reached) * 2) AS INTEGER) AS step
        FROM reached r JOIN people p ON p.person = r.person WHERE p.human AND r.reached > 0)
    SELECT count(*), min(reached), max(reached), median(reached), CAST(sum(recent) AS BIGINT), CAST(sum(reached) AS BIGINT),
        CAST(sum(recent_by_words) AS BIGINT)
    FROM grouped GROUP BY step ORDER BY step
"""
"""Half a power of ten to a group: 1 to 3, 4 to 9, 10 to 31 ..."""


class GroupRow(NamedTuple):
    """People of like reach: how many, the least, largest and median reach of a person, and three sums over all of them."""

    people: int
    low: int
    high: int
    median: float
    recent: int
    """People who acted toward one of them in the last window."""
    reached: int
    recent_by_words: int
    """Those of the recent who wrote in it."""


MINE = "SELECT reached, recent, recent_by_words, recent_per_100 FROM reached WHERE person = $me"


class PersonRow(NamedTuple):
    """One person's reach and response."""

    reached: int
    recent: int
    recent_by_words: int
    recent_per_100: float


@dataclass(frozen=True)
class ReachGroup:
    """People of like reach, and the response that they get."""

    label: str
    """Such as "10–31"."""
    people: int
    reached: float
    """The median of their reach."""
    per_100: float
    """People who acted toward any of them in the last window, for each 100 reached, all of the group added up."""
    low: float
    """The lower end of the 90 % range of `per_100`."""
    high: float
    """The upper end."""


@dataclass(frozen=True)
class Response:
    """The groups, and a sentence on the first and the last of them."""

    groups: tuple[ReachGroup, ...]
    sentence: str


def build(context: Context) -> Content:
    """People by reach and the response that they get together, with Wilson's 90 % range; groups under five are left out."""
    rows = context.engine.fetch(GroupRow, GROUPS)
    rows = [row for row in rows if row.people >= SMALLEST_GROUP]
    groups = tuple(map(_group, rows))
    in_words = [_group(row._replace(recent=row.recent_by_words)) for row in rows]
    sentence = _sentence(groups, in_words, context.timescale) + (_personal_sentence(context, context.me) if context.me is not None else "")
    return Content(Response(groups, sentence))


def _group(row: GroupRow) -> ReachGroup:
    label = f"{row.low:,}–{row.high:,}" if row.low != row.high else f"{row.low:,}"
    low, high = wilson(row.recent, row.reached)
    return ReachGroup(label, row.people, row.median, 100 * row.recent / row.reached, 100 * low, 100 * high)


def _sentence(groups: Sequence[ReachGroup], in_words: Sequence[ReachGroup], timescale: Timescale) -> str:
    window = without_one(duration(timescale.window_us))
    if len(groups) < 2:
        return "Too few people to compare small audiences with large ones. "
    first, last = groups[0], groups[-1]
    return (
        f"In the last {window}, people with a small audience ({first.label} people) heard from {_share(first)} "
        f"of it, and those with a larger one ({last.label}) from {_share(last)}. "
    ) + _words_alone(groups, in_words)


def _words_alone(groups: Sequence[ReachGroup], in_words: Sequence[ReachGroup]) -> str:
    """The same, of the people who wrote; nothing where the figures are no others."""
    first, last = _share(in_words[0]), _share(in_words[-1])
    if (first, last) == (_share(groups[0]), _share(groups[-1])):
        return ""
    return f"In words they heard from {first} and {last}; the others only reacted or shared. "


def _share(group: ReachGroup) -> str:
    share, low, high = (percent(each / 100) for each in (group.per_100, group.low, group.high))
    return f"{share} ({low.removesuffix(' %')} to {high})"


def _personal_sentence(context: Context, me: int) -> str:
    rows = context.engine.fetch(PersonRow, MINE, {"me": me})
    if not rows:
        return "Nobody has written or reacted to you yet."
    reached, recent, in_words, per_100 = rows[0]
    words = f", {in_words:,} of them in words" if in_words < recent else ""
    return f"You heard from {percent(per_100 / 100)}: {recent:,} of {reached:,}{words}."


RESPONSE = Section(
    name="response",
    title="Small audiences and large ones",
    nav="Response",
    build=build,
    needs=("reached",),
    template="response.html.j2",
    folded=True,
)
