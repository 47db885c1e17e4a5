"""Cohesion: how many ties are expected to carry on, and on how few people they rest."""

from __future__ import annotations

from typing import NamedTuple

from regard.base.text import between, count, duration, number
from regard.engines.base import Engine
from regard.engines.sql import billionths
from regard.findings.intervals import Interval, Z
from regard.findings.section import Content, Context, Finding, Section

TITLE = "What holds this community together"
PERSONAL_TITLE = "What you hold together"
LEAST = 3.0
"""Ties expected to carry on. With fewer nothing is said."""


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

MINE = "SELECT max(kept), max(variance), coalesce(max(ties), 0) FROM kept WHERE person = $me"


HALF = f"""
    SELECT count(*) FROM (
        SELECT sum({billionths("kept")}) OVER (ORDER BY kept DESC, person) - {billionths("kept")} AS before,
            sum({billionths("kept")}) OVER () AS total FROM kept)
    WHERE before * 2 < total
"""
"""The number of people who together get half of all returns, counted from those who keep most."""


def build(context: Context) -> Content:
    """The ties expected to carry on in the next window, and how many people get half of them."""
    engine, me = context.engine, context.me
    (expected,) = engine.fetch(Expected, TOTAL) if me is None else engine.fetch(Expected, MINE, {"me": me})
    window = duration(context.timescale.window_us)
    around = "community" if me is None else "community around you"
    caveat = f"Expected from who acted when, up to the last act seen. The range allows for chance, and for the {around} growing or fading"
    caveat += " as it did before."
    if expected.mean is None or expected.variance is None or expected.mean < LEAST:
        return Content(findings=(Finding(TITLE, _too_little(expected.ties, me), caveat, None),))
    mean, spread = expected.mean, Z * expected.variance**0.5
    interval = Interval(mean, max(0.0, mean - spread), mean + spread, expected.ties)
    if me is not None:
        return Content(findings=(Finding(PERSONAL_TITLE, _personal_sentence(interval, window), caveat, interval),))
    return Content(findings=(Finding(TITLE, _sentence(engine, interval, window), caveat, interval),))


def _sentence(engine: Engine, interval: Interval, window: str) -> str:
    half, everybody = engine.scalar(int, HALF), engine.scalar(int, "SELECT count(*) FROM kept")
    return (
        f"Half of all the coming back goes to {count(half, 'person', 'people')}: about {number(interval.estimate)} ties "
        f"({between(interval.low, interval.high)}) are expected to carry on in the next {window}, spread over {everybody:,} people."
    )


def _personal_sentence(interval: Interval, window: str) -> str:
    return (
        f"Of the {count(interval.n, 'person', 'people')} who ever acted toward you, about {number(interval.estimate)} "
        f"({between(interval.low, interval.high)}) are expected to do so again in the next {window}."
    )


def _too_little(ties: int, me: int | None) -> str:
    who = "toward you" if me is not None else "in this record"
    return f"Too little to tell: of {count(ties, 'tie')} {who}, fewer than {LEAST:.0f} are expected to carry on."


COHESION = Section(name="cohesion", title=TITLE, personal_title=PERSONAL_TITLE, build=build, needs=("ties", "kept"))
