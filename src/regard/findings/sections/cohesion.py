"""What holds this community together: how many ties carry on, and on how few people they rest."""

from __future__ import annotations

from regard.base.text import between, count, duration, number
from regard.engines.base import Engine
from regard.findings.report import Finding, Interval
from regard.measures.timescale import Timescale

HEADING = "What holds this community together"
LEAST = 3.0
"""Ties expected to carry on, below which nothing is said."""

TOTAL = """
    SELECT t.mean, t.chance + m.level_spread * t.mean * t.mean, t.ties
    FROM (
        SELECT sum(p) / 1e9 AS mean, sum(p // 1000 * (1000000 - p // 1000)) / 1e12 AS chance, count(*) AS ties
        FROM (SELECT CAST(round(p_return * 1e9) AS BIGINT) AS p FROM ties)) t
    CROSS JOIN pair_model m
"""

MINE = "SELECT max(kept), max(variance), coalesce(max(ties), 0) FROM kept WHERE person = $me"

HALF = """
    SELECT count(*) FROM (
        SELECT sum(CAST(round(kept * 1e9) AS BIGINT)) OVER (ORDER BY kept DESC, person) - CAST(round(kept * 1e9) AS BIGINT) AS before,
            sum(CAST(round(kept * 1e9) AS BIGINT)) OVER () AS total FROM kept)
    WHERE before * 2 < total
"""
"""People, those who keep most first, until half of all returns are theirs."""


def cohesion(engine: Engine, timescale: Timescale, me: int | None) -> Finding:
    """Ties expected to carry on in the next window, and how many people get half of them."""
    total, variance, n = engine.rows(*((TOTAL,) if me is None else (MINE, {"me": me})))[0]
    window = duration(timescale.window_us)
    around = "community" if me is None else "community around you"
    caveat = f"Expected from who acted when, up to the last act seen. The range allows for chance, and for the {around} growing or fading"
    caveat += " as it did before."
    if total is None or float(str(total)) < LEAST:
        return Finding("holds", HEADING, _too_little(int(str(n)), me), caveat, None)
    mean, spread = float(str(total)), 1.6449 * float(str(variance)) ** 0.5
    interval = Interval(mean, max(0.0, mean - spread), mean + spread, int(str(n)))
    if me is not None:
        sentence = (
            f"Of the {count(interval.n, 'person', 'people')} who ever acted toward you, about {number(mean)} "
            f"({between(interval.low, interval.high)}) are expected to do so again in the next {window}."
        )
        return Finding("holds", "What you hold together", sentence, caveat, interval)
    half, everybody = int(str(engine.rows(HALF)[0][0])), int(str(engine.rows("SELECT count(*) FROM kept")[0][0]))
    sentence = (
        f"Half of all the coming back goes to {count(half, 'person', 'people')}: about {number(mean)} ties "
        f"({between(interval.low, interval.high)}) are expected to carry on in the next {window}, spread over {everybody:,} people."
    )
    return Finding("holds", HEADING, sentence, caveat, interval)


def _too_little(n: int, me: int | None) -> str:
    who = "toward you" if me is not None else "in this record"
    return f"Too little to tell: of {count(n, 'tie')} {who}, fewer than {LEAST:.0f} are expected to carry on."
