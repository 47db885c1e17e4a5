"""Who comes back to you again and again: true fans, and the surest of them by name."""

from __future__ import annotations

from regard.base.text import DAY_US, between, duration, number
from regard.engines.base import Engine
from regard.findings.disclosure import Disclosure
from regard.findings.report import Finding, Interval
from regard.measures.pairs.alive import FAN_BINS
from regard.measures.timescale import Timescale

HEADING = "Your true fans"
NAMED = 5
LEAST = 0.5
"""Fans expected, below which nothing is said."""

MINE = "SELECT f.fans, f.low, f.high, k.ties FROM fans f JOIN kept k ON k.person = f.person WHERE f.person = $me"
SUREST = f"SELECT actor FROM ties WHERE target = $me AND two_way AND p_fan >= 0.5 ORDER BY p_fan DESC, actor LIMIT {NAMED}"


def fans(engine: Engine, timescale: Timescale, disclosure: Disclosure, me: int) -> Finding:
    """How many are expected to act toward `me` in several bins of the next window."""
    caveat = "Named are at most five with whom it goes both ways, each with a chance of a half or more."
    found = engine.rows(MINE, {"me": me})
    mean, low, high, n = (float(str(value)) for value in found[0]) if found else (0.0, 0.0, 0.0, 0.0)
    if mean < LEAST:
        return Finding("fans", HEADING, "Too little to tell: nobody is likely to come back again and again.", caveat, None)
    interval = Interval(mean, low, high, int(n))
    when = (
        f"on {FAN_BINS} or more different days"
        if timescale.bin_us == DAY_US
        else f"in {FAN_BINS} or more bins of {duration(timescale.bin_us)}"
    )
    named = [row[0] for row in engine.rows(SUREST, {"me": me})]
    disclosure.prefetch(named)
    surest = ", ".join(disclosure.name(person) for person in named)
    sentence = (
        f"About {number(mean)} ({between(low, high)}) are expected to act toward you {when} of the next {duration(timescale.window_us)}"
    )
    return Finding("fans", HEADING, f"{sentence}{': surest are ' + surest if surest else ''}.", caveat, interval)
