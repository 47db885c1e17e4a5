"""Cohesion: how many relationships should continue, and on how few people they rest."""

from __future__ import annotations

from typing import NamedTuple

from regard.base.text import about, count, duration, sentence_case, without_one
from regard.engines.sql import billionths
from regard.findings.comparison import compare
from regard.findings.intervals import Interval, Z
from regard.findings.section import Content, Context, Finding, Section

TITLE = "What holds this community together"
LEAST = 3.0
"""Relationships that should continue. With fewer nothing is said of them."""
WIDEST = 0.8
"""Half the range, over the estimate. A wider range says nothing, and what was seen is told instead."""


class Expected(NamedTuple):
    """How many ties are expected to carry on, the variance of that number, and of how many ties; None for sums over no tie."""

    mean: float | None
    variance: float | None
    ties: int


TOTAL = f"""
    SELECT t.mean, t.chance + m.level_spread * t.mean * t.mean, t.ties
    FROM (
        SELECT sum(p) / 1e9 AS mean, sum(p // 1000 * (1000000 - p // 1000)) / 1e12 AS chance, count(*) AS ties
        FROM (SELECT {billionths("p_return")} AS p FROM ties)) t
    CROSS JOIN pair_model m
"""

CAVEAT = (
    "Estimated from who acted when, up to the last interaction seen. The range allows for chance, and for the community growing or fading "
    "as it did before."
)
TO_DO = "Look at the relationships going cold below: a word to one of the two may be enough."


class Active(NamedTuple):
    """Relationships that were active in the last window, and in the one before."""

    last: int
    before: int


ACTIVE = """
    SELECT count(*) FILTER (last), count(*) FILTER (before) FROM (
        SELECT bool_or(time >= make_timestamp($until_us - $window_us)) AS last,
            bool_or(time < make_timestamp($until_us - $window_us)) AS before
        FROM interactions WHERE time >= make_timestamp($until_us - 2 * $window_us) GROUP BY actor, target)
"""

HALF = f"""
    SELECT count(*) FROM (
        SELECT sum({billionths("kept")}) OVER (ORDER BY kept DESC, person) - {billionths("kept")} AS before,
            sum({billionths("kept")}) OVER () AS total FROM kept)
    WHERE before * 2 < total
"""
"""The number of people who together get half of all returns, counted from those who keep most."""


def build(context: Context) -> Content:
    """How many relationships should continue in the next window, and how many people draw half of everyone who comes back."""
    engine = context.engine
    (expected,) = engine.fetch(Expected, TOTAL)
    if expected.mean is None or expected.variance is None or expected.mean < LEAST:
        return Content(findings=(Finding(TITLE, _seen(context, expected.ties), "", None),))
    mean, spread = expected.mean, Z * expected.variance**0.5
    if spread > WIDEST * mean:
        return Content(findings=(Finding(TITLE, _seen(context, expected.ties), "", None),))
    interval = Interval(mean, mean - spread, mean + spread, expected.ties)
    return Content(findings=(Finding(TITLE, _sentence(context, interval), CAVEAT, interval, to_do=TO_DO),))


def _sentence(context: Context, interval: Interval) -> str:
    engine, window = context.engine, without_one(duration(context.timescale.window_us))
    (active,) = engine.fetch(Active, ACTIVE, context.timescale.values)
    change = f"Active in the last {window}, against the {window} before: {compare(active.before, active.last).words}."
    if context.timescale.until_us - 2 * context.timescale.window_us < context.timescale.start_us:
        change = f"Active in the last {window}: {active.last:,}; the record is too short to compare this with the {window} before."
    half = engine.scalar(int, HALF)
    draw = "One person draws" if half == 1 else f"{half:,} people draw"
    expected = sentence_case(about(interval.estimate, interval.low, interval.high, "relationships"))
    return f"{draw} half of everyone who comes back. {expected} should continue in the next {window}. {change}"


def _seen(context: Context, ties: int) -> str:
    """What can be said where nothing can be foretold: how many relationships there are, and how many were active lately."""
    if not ties:
        return "Too little to tell: nobody here has written or reacted to anybody at a known time."
    (seen_active,) = context.engine.fetch(Active, ACTIVE, context.timescale.values)
    active, window = seen_active.last, without_one(duration(context.timescale.window_us))
    seen = f"{active:,} of {count(ties, 'relationship')} {'was' if active == 1 else 'were'} active in the last {window}"
    return f"Too little to tell how many relationships will continue. {seen}."


COHESION = Section(name="cohesion", title=TITLE, build=build, needs=("ties", "kept"), audiences=("community",))
