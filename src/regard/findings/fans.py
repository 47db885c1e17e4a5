"""Who comes back to you again and again: true fans, and the surest of them by name."""

from __future__ import annotations

from regard.engines.base import Engine
from regard.findings.base import Finding, Interval
from regard.findings.guard import Guard
from regard.findings.words import DAY_US, between, people, span
from regard.measures.rhythm import Rhythm
from regard.measures.ties import FAN_BINS

HEADING = "Your true fans"
NAMED = 5
LEAST = 0.5
"""Fans expected, below which nothing is said."""

MINE = "SELECT f.fans, f.low, f.high, k.ties FROM fans f JOIN kept k ON k.person = f.person WHERE f.person = $me"
SUREST = f"SELECT actor FROM ties WHERE target = $me AND two_way AND p_fan >= 0.5 ORDER BY p_fan DESC, actor LIMIT {NAMED}"


def fans(engine: Engine, rhythm: Rhythm, guard: Guard, me: int) -> Finding:
    """How many are expected to act toward `me` in several bins of the next window."""
    caveat = "Named are at most five with whom it goes both ways, each with a chance of a half or more."
    found = engine.rows(MINE, {"me": me})
    mean, low, high, n = (float(str(value)) for value in found[0]) if found else (0.0, 0.0, 0.0, 0.0)
    if mean < LEAST:
        return Finding("fans", HEADING, "Too little to tell: nobody is likely to come back again and again.", caveat, None)
    interval = Interval(mean, low, high, int(n))
    when = f"on {FAN_BINS} or more different days" if rhythm.bin_us == DAY_US else f"in {FAN_BINS} or more bins of {span(rhythm.bin_us)}"
    named = [row[0] for row in engine.rows(SUREST, {"me": me})]
    guard.meet(named)
    surest = ", ".join(guard.name(person) for person in named)
    sentence = f"About {people(mean)} ({between(low, high)}) are expected to act toward you {when} of the next {span(rhythm.window_us)}"
    return Finding("fans", HEADING, f"{sentence}{': surest are ' + surest if surest else ''}.", caveat, interval)
