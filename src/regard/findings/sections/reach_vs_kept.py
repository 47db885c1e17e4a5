"""Reach against kept: the people with the widest reach beside those whom people come back to, which rank hides."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

from regard.base.text import about, count, duration, number, sentence_case, without_one
from regard.engines.base import Engine
from regard.engines.sql import exact_sum
from regard.findings.intervals import Interval, Z
from regard.findings.section import Content, Context, Finding, Section
from regard.measures.influence.evidence import ENOUGH_KEPT, EVIDENCE
from regard.measures.timescale import Timescale

TITLE = "What rank hides"
PERSONAL_TITLE = "Who comes back to you"

GROUPS = f"""
    WITH ranked AS (
        SELECT r.person, r.reached, r.by_reactions, coalesce(k.kept, 0) AS kept, coalesce(k.variance, 0) AS variance,
            row_number() OVER (ORDER BY r.reached DESC, r.person) AS by_reach
        FROM reached r JOIN people p ON p.person = r.person LEFT JOIN kept k ON k.person = r.person
        WHERE p.human),
    grouped AS (
        SELECT *, CASE WHEN by_reach <= $size THEN 'wide' END AS wide,
            row_number() OVER (PARTITION BY by_reach <= $size ORDER BY kept DESC, person) AS by_kept
        FROM ranked)
    SELECT coalesce(wide, 'close') AS name, avg(reached), avg(by_reactions), {exact_sum("kept")},
        {exact_sum("variance")}, count(*), max(m.level_spread)
    FROM grouped CROSS JOIN pair_model m WHERE wide IS NOT NULL OR by_kept <= $size GROUP BY name ORDER BY name DESC
"""
"""Two rows: the $size people with the widest reach ("wide"), and of all others the $size who keep most ("close")."""


class GroupRow(NamedTuple):
    """Some people together."""

    name: str
    reached: float
    """The mean of their reach."""
    by_reactions: float
    """The mean number of those who only ever reacted or shared."""
    kept: float
    """The sum over them."""
    variance: float
    """The sum over them."""
    size: int
    level_spread: float


MOSTLY_NEW = 0.8
"""Share of first contacts among all of the last window. From here on kept says little: nearly all who matter are not known yet."""

NEW = "SELECT coalesce(sum(fresh), 0), coalesce(sum(recent), 0) FROM new_contacts"


class Contacts(NamedTuple):
    """Contacts of the last window, each of one person with another: the first ones, and all."""

    first: int
    total: int


MINE = """
    SELECT k.kept, k.low, k.high, k.ties, r.by_reactions, k.by_words, k.by_words_low, k.by_words_high
    FROM reached r JOIN kept k ON k.person = r.person WHERE r.person = $me
"""


class PersonRow(NamedTuple):
    """The people that one person keeps with the range, the number of ties, and how much of both is words."""

    kept: float
    low: float
    high: float
    ties: int
    by_reactions: int
    by_words: float
    by_words_low: float
    by_words_high: float


@dataclass(frozen=True)
class Group:
    """Some people together: the means of their reach and of its part by reactions only, and the mean of the people kept, with the range."""

    reached: float
    by_reactions: float
    kept: Interval
    variance: float
    """Of the mean, as if everybody went their own way."""
    level_spread: float
    """Squared relative error of both groups alike: the community as a whole may grow or fade."""

    @classmethod
    def of(cls, row: GroupRow) -> Group:
        """The means, from the sums of a row."""
        size, total = row.size, row.kept
        spread = Z * sqrt(row.variance + row.level_spread * total**2)
        kept = Interval(total / size, max(0.0, total - spread) / size, (total + spread) / size, size)
        return cls(row.reached, row.by_reactions, kept, row.variance / size**2, row.level_spread)

    @property
    def only(self) -> str:
        """How many of a mean audience only reacted or shared, in words."""
        number = round(self.by_reactions)
        return f"; {f'{number:,}' if number < self.reached else 'all'} of these only reacted or shared" if number else ""

    def keeps_more_than(self, other: Group) -> bool:
        """Whether the 90 % range of the difference lies above 0."""
        more = self.kept.estimate - other.kept.estimate
        return more > Z * sqrt(self.variance + other.variance + self.level_spread * more**2)


def build(context: Context) -> Content:
    """The few with the widest reach against as many others whom most people come back to; for one person, the two numbers."""
    if context.me is not None:
        return Content(findings=(_personal_finding(context.engine, context.timescale, context.me),))
    return Content(findings=(_finding(context.engine, context.timescale),))


def _finding(engine: Engine, timescale: Timescale) -> Finding:
    evidence = engine.scalar(int, EVIDENCE, timescale.values)
    new = _mostly_new(engine, timescale)
    if evidence < ENOUGH_KEPT:
        people = count(evidence, "person", "people")
        sentence = (
            f"Too little to compare people: {people} had somebody come back in the last {without_one(duration(timescale.window_us))}, "
            f"and {ENOUGH_KEPT} are needed."
        )
        return Finding(TITLE, sentence, new, None)
    caveat = (
        "Both groups are chosen by the numbers compared. An audience is everyone who ever wrote or reacted to somebody, or their followers "
        "where the platform tells and these are more. Who will be heard from is an expectation."
    )
    size = max(3, min(10, engine.scalar(int, "SELECT count(*) FROM reached") // 20))
    wide, close = (Group.of(row) for row in engine.fetch(GroupRow, GROUPS, {"size": size}))
    window = without_one(duration(timescale.window_us))
    sentence = (
        f"The {size} people with the largest audiences ({number(wide.reached)} each, on average{wide.only}) are likely to hear again "
        f"from {_kept(wide)} of them in the next {window}. {size} others ({number(close.reached)} each{close.only}) are likely to "
        f"hear again from {_kept(close)}. {_verdict(wide, close)}"
    )
    return Finding(
        TITLE,
        sentence,
        f"{caveat} {new}".rstrip(),
        close.kept,
        "people",
        "Ask and thank those to whom people come back, not only the loudest.",
    )


def _mostly_new(engine: Engine, timescale: Timescale) -> str:
    contacts = engine.fetch(Contacts, NEW)[0]
    if not contacts.total or contacts.first < MOSTLY_NEW * contacts.total:
        return ""
    window, are = without_one(duration(timescale.window_us)), "is" if contacts.first == 1 else "are"
    return (
        f"Of {count(contacts.total, 'relationship')} active in the last {window}, {contacts.first:,} {are} new: "
        "who returns says little of such a community; see the measure new_contacts."
    )


def _only(by_reactions: int, people: float) -> str:
    """How many of some people only reacted or shared; nothing where nobody did."""
    if not by_reactions:
        return ""
    who = f"{by_reactions:,} of them " if by_reactions < people else "all " if people > 1 else ""
    return f", {who}only by a reaction or share"


def _kept(group: Group) -> str:
    return about(group.kept.estimate, group.kept.low, group.kept.high)


def _verdict(wide: Group, close: Group) -> str:
    if close.keeps_more_than(wide):
        return "A large audience does not show where people come back."
    if close.kept.estimate / max(close.reached, 1) > 2 * wide.kept.estimate / max(wide.reached, 1):
        return "A larger share of the people around these others returns."
    if close.kept.estimate > wide.kept.estimate:
        return "The difference is too small to tell whether a large audience shows where people come back."
    return "Here a large audience and people who return go together."


def _personal_finding(engine: Engine, timescale: Timescale, me: int) -> Finding:
    caveat = "An expectation; its range allows for chance, and for growth and decline as records showed them."
    rows = engine.fetch(PersonRow, MINE, {"me": me})
    if not rows:
        return Finding(PERSONAL_TITLE, "Too little to tell: nobody has written or reacted to you yet.", caveat, None)
    mine = rows[0]
    have = f"{count(mine.ties, 'person has', 'people have')} written or reacted to you"
    window = without_one(duration(timescale.window_us))
    likely = f"{sentence_case(about(mine.kept, mine.low, mine.high))} of them are likely to do so again in the next {window}"
    return Finding(PERSONAL_TITLE, f"{have}{_only(mine.by_reactions, mine.ties)}. {likely}{_in_words(mine)}.", caveat, Interval(*mine[:4]))


def _in_words(mine: PersonRow) -> str:
    """How many of those who wrote are likely to write again; nothing where it is the same number, or nobody."""
    words = about(mine.by_words, mine.by_words_low, mine.by_words_high)
    if not mine.by_words or words == about(mine.kept, mine.low, mine.high):
        return ""
    return f"; {words} of those who wrote are likely to write again"


REACH_VS_KEPT = Section(
    name="reach_vs_kept",
    title=TITLE,
    personal_title=PERSONAL_TITLE,
    build=build,
    needs=("reached", "kept", "ties", "new_contacts"),
)
