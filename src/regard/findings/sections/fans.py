"""Fans: who comes back to one person again and again, and the surest of them by name."""

from __future__ import annotations

from typing import NamedTuple

from regard.base.text import DAY_US, about, duration, estimate, sentence_case, without_one
from regard.findings.intervals import Interval
from regard.findings.section import Content, Context, Finding, Section
from regard.measures.pairs.alive import FAN_BINS
from regard.measures.timescale import Timescale

TITLE = "Your true fans"
NAMED = 5
NAMED_ARE = "Named are at most five with whom it goes both ways, each with a chance of a half or more."
LEAST = 0.5
"""Fans expected. With fewer nothing is said."""

MINE = "SELECT f.fans, f.low, f.high, k.ties FROM fans f JOIN kept k ON k.person = f.person WHERE f.person = $me"
SUREST = f"SELECT actor FROM ties WHERE target = $me AND two_way AND p_fan >= 0.5 ORDER BY p_fan DESC, actor LIMIT {NAMED}"


class FansRow(NamedTuple):
    """The fans that a person is expected to have, with the range, and the number of ties toward the person."""

    fans: float
    low: float
    high: float
    ties: int


class Fan(NamedTuple):
    """A person who is likely to be a true fan."""

    person: int


def build(context: Context) -> Content:
    """How many people are expected to act toward `me` in several bins of the next window."""
    rows = context.engine.fetch(FansRow, MINE, {"me": context.me})
    if not rows or rows[0].fans < LEAST:
        too_little = "Nobody is likely to come back again and again, as far as the record tells."
        return Content(findings=(Finding(TITLE, too_little, "", None),))
    interval = Interval(*rows[0])
    surest = _surest(context)
    often, window = _how_often(context.timescale), without_one(duration(context.timescale.window_us))
    values = interval.estimate, interval.low, interval.high
    noun, are = ("person", "is") if estimate(*values)[0] == "1" else ("people", "are")
    sentence = f"{sentence_case(about(*values, noun))} {are} likely to write or react to you {often} of the next {window}{surest}."
    return Content(findings=(Finding(TITLE, sentence, NAMED_ARE if surest else "", interval),))


def _how_often(timescale: Timescale) -> str:
    if timescale.bin_us == DAY_US:
        return f"on {FAN_BINS} or more different days"
    if timescale.bin_us == 7 * DAY_US:
        return f"in {FAN_BINS} or more different weeks"
    return f"in {FAN_BINS} or more different spans of {duration(timescale.bin_us)}"


def _surest(context: Context) -> str:
    people = [row.person for row in context.engine.fetch(Fan, SUREST, {"me": context.me})]
    context.disclosure.prefetch(people)
    return f"; the surest: {', '.join(context.disclosure.name(person) for person in people)}" if people else ""


FANS = Section(name="fans", title=TITLE, build=build, needs=("fans", "kept", "ties"), audiences=("personal",))
