"""Trust: how much of what a person keeps comes from people for whom others vouch. Fake accounts would not change that part."""

from __future__ import annotations

from typing import NamedTuple

from regard.base.text import count, percent
from regard.engines.sql import billionths
from regard.findings.intervals import Interval
from regard.findings.section import Content, Context, Finding, Section

TITLE = "People others vouch for"
LEAST = 1.0
"""People expected back. With fewer nothing is said."""
NAMED = 5

# The people are those of the alive model, as `vouched_kept` counts them. The bound is what the walk may have
# missed of a weight at most: the estimate leaves it out, and the upper end of the range adds it.
MINE = f"""
    SELECT sum(p) / 1e9, sum(CAST(round(p * weight) AS BIGINT)) / 1e9,
        sum(CAST(round(p * (weight + weight_error_bound)) AS BIGINT)) / 1e9, count(*)
    FROM (
        SELECT {billionths("t.p_return_alive")} AS p, w.weight, w.weight_error_bound
        FROM ties t JOIN vouched_ties w ON w.actor = t.actor AND w.target = t.target WHERE t.target = $me)
"""


class Vouched(NamedTuple):
    """People expected back: all, those who count by their weight, and those who count at most; and the ties. None for sums over no tie."""

    everybody: float | None
    vouched: float | None
    vouched_at_most: float | None
    ties: int


SEEDS = f"SELECT person, (SELECT count(*) FROM seeds) FROM seeds ORDER BY person LIMIT {NAMED}"


class Seed(NamedTuple):
    """A person from whom trust starts, and how many such people there are."""

    person: int
    total: int


def build(context: Context) -> Content:
    """The share of the people expected back to `me` that remains if each counts as far as others vouch for them.

    The walks that say how far never touch `me`.
    """
    caveat = "A price on fake accounts, not a judgement of character." + _seeds(context)
    everybody, vouched, at_most, n = context.engine.fetch(Vouched, MINE, {"me": context.me})[0]
    if everybody is None or vouched is None or at_most is None or everybody < LEAST:
        return Content(findings=(Finding(TITLE, "Too little to tell: hardly anybody is likely to return.", caveat, None),))
    share, high = vouched / everybody, at_most / everybody
    sentence = f"{percent(share)} of the people we expect back are also trusted by others here."
    return Content(findings=(Finding(TITLE, sentence, caveat, Interval(share, share, high, n)),))


def _seeds(context: Context) -> str:
    seeds = context.engine.fetch(Seed, SEEDS)
    if not seeds:
        return ""
    context.disclosure.prefetch(seed.person for seed in seeds)
    names = ", ".join(context.disclosure.name(seed.person) for seed in seeds)
    return f" Trust starts from {count(seeds[0].total, 'person', 'people')}, such as {names}; `regard table RECORD seeds` says why."


TRUST = Section(name="trust", title=TITLE, build=build, needs=("ties", "vouched_ties", "seeds"), audiences=("personal",))
