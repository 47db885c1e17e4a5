"""How much of what you keep comes from people for whom others vouch: what fake accounts would not change."""

from __future__ import annotations

from regard.base.text import count, percent
from regard.engines.base import Engine
from regard.findings.disclosure import Disclosure
from regard.findings.report import Finding, Interval

HEADING = "People others vouch for"
LEAST = 1.0
"""People expected back, below which nothing is said."""
NAMED = 5

# Of BG/BB's people, as `vouched_kept` counts them. What could not be found out is taken off: the range says by how much at most.
MINE = """
    SELECT sum(p) / 1e9, sum(CAST(round(p * weight) AS BIGINT)) / 1e9,
        sum(CAST(round(p * (weight + weight_error_bound)) AS BIGINT)) / 1e9, count(*)
    FROM (
        SELECT CAST(round(t.p_return_alive * 1e9) AS BIGINT) AS p, w.weight, w.weight_error_bound
        FROM ties t JOIN vouched_ties w ON w.actor = t.actor AND w.target = t.target WHERE t.target = $me)
"""
SEEDS = f"SELECT person, (SELECT count(*) FROM seeds) FROM seeds ORDER BY person LIMIT {NAMED}"


def trust(engine: Engine, disclosure: Disclosure, me: int) -> Finding:
    """The share of `me`'s expected people that remains when each counts as far as others vouch for them, on walks that never touch `me`."""
    seeds = engine.rows(SEEDS)
    disclosure.prefetch(row[0] for row in seeds)
    caveat = "A price on fake accounts, not a judgement of character."
    if seeds:
        people, names = int(str(seeds[0][1])), ", ".join(disclosure.name(row[0]) for row in seeds)
        caveat += f" Trust starts from {count(people, 'person', 'people')}, such as {names}; `regard table` says why."
    every, vouched, most, n = engine.rows(MINE, {"me": me})[0]
    if every is None or float(str(every)) < LEAST:
        return Finding("weighed", HEADING, "Too little to tell: hardly anybody is expected to come back.", caveat, None)
    share, high = (float(str(value)) / float(str(every)) for value in (vouched, most))
    sentence = f"Counting each only as far as others than you vouch for them, {percent(share)} of the people expected back remain."
    return Finding("weighed", HEADING, sentence, caveat, Interval(share, share, high, int(str(n))))
