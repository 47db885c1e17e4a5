"""Response per 100 reached: the community's curve."""

from __future__ import annotations

from regard.base.text import duration, number
from regard.engines.base import Engine
from regard.findings.disclosure import SMALLEST_GROUP, Disclosure
from regard.findings.report import ReachGroup
from regard.findings.sections.unanswered import wilson
from regard.measures.timescale import Timescale

GROUPS = """
    WITH grouped AS (
        SELECT r.reached, r.recent, CAST(floor(log10(r.reached) * 2) AS INTEGER) AS step
        FROM reached r JOIN people p ON p.person = r.person WHERE p.human AND r.reached > 0)
    SELECT step, count(*), min(reached), max(reached), median(reached), CAST(sum(recent) AS BIGINT), CAST(sum(reached) AS BIGINT)
    FROM grouped GROUP BY step ORDER BY step
"""
"""Half a power of ten to a group: 1 to 3, 4 to 9, 10 to 31 ..."""


def reach_groups(engine: Engine, timescale: Timescale, disclosure: Disclosure, me: int | None) -> tuple[tuple[ReachGroup, ...], str]:
    """People by reach and the response they get together, with Wilson's 90 % range; groups under five are left out."""
    found = []
    for _, size, low, high, middle, recent, reached in engine.rows(GROUPS):
        if int(str(size)) >= SMALLEST_GROUP:
            label = f"{low:,}–{high:,}" if low != high else f"{low:,}"
            hits, n = int(str(recent)), int(str(reached))
            lower, upper = wilson(hits, n)
            found.append(ReachGroup(label, int(str(size)), float(str(middle)), 100 * hits / n, 100 * lower, 100 * upper))
    return tuple(found), _sentence(found, timescale) + (_mine(engine, disclosure, me) if me is not None else "")


def _sentence(found: list[ReachGroup], timescale: Timescale) -> str:
    window = duration(timescale.window_us)
    if len(found) < 2:
        return "Too little to tell how response changes with reach: fewer than ten people were reached by anybody. "
    first, last = found[0], found[-1]
    return (
        f"In the last {window}, of each 100 people ever reached {number(first.per_100)} acted toward those with the least reach "
        f"({first.label} reached, {first.people:,} people; range {number(first.low)} to {number(first.high)}), and "
        f"{number(last.per_100)} toward those with the most ({last.label} reached, {last.people:,} people; range "
        f"{number(last.low)} to {number(last.high)}). "
    )


def _mine(engine: Engine, disclosure: Disclosure, me: int) -> str:
    rows = engine.rows("SELECT reached, recent, recent_per_100 FROM reached WHERE person = $me", {"me": me})
    if not rows:
        return f"Nobody has acted toward {disclosure.name(me)} yet."
    reached, recent, per_100 = rows[0]
    return f"For you it is {number(float(str(per_100)))}: {recent:,} of {reached:,}."
