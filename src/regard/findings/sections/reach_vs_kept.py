"""What rank hides: the people with the widest reach beside those whom people come back to."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from regard.base.text import between, duration, number
from regard.engines.base import Engine
from regard.engines.rows import Row
from regard.findings.report import Finding, Interval
from regard.measures.influence.evidence import ENOUGH_KEPT, EVIDENCE
from regard.measures.timescale import Timescale

HEADING = "What rank hides"

Z = 1.6449

GROUPS = """
    WITH ranked AS (
        SELECT r.person, r.reached, coalesce(k.kept, 0) AS kept, coalesce(k.variance, 0) AS variance,
            row_number() OVER (ORDER BY r.reached DESC, r.person) AS by_reach
        FROM reached r JOIN people p ON p.person = r.person LEFT JOIN kept k ON k.person = r.person
        WHERE p.human),
    grouped AS (
        SELECT *, CASE WHEN by_reach <= $size THEN 'wide' END AS wide,
            row_number() OVER (PARTITION BY by_reach <= $size ORDER BY kept DESC, person) AS by_kept
        FROM ranked)
    SELECT coalesce(wide, 'close') AS name, avg(reached), sum(CAST(round(kept * 1e9) AS BIGINT)) / 1e9,
        sum(CAST(round(variance * 1e9) AS BIGINT)) / 1e9, count(*), max(m.level_spread)
    FROM grouped CROSS JOIN pair_model m WHERE wide IS NOT NULL OR by_kept <= $size GROUP BY name ORDER BY name DESC
"""

MOSTLY_NEW = 0.8
"""Share of first contacts among all of the last window from which on kept says little: nearly all who matter are not known yet."""

NEW = "SELECT coalesce(sum(fresh), 0), coalesce(sum(recent), 0) FROM new_contacts"


@dataclass(frozen=True)
class _Group:
    """Some people together: their mean reach, and the people kept by each on average with its range."""

    reached: float
    kept: Interval
    variance: float
    """Of the mean, as if everybody went their own way."""
    level_spread: float
    """Squared relative error of both groups alike: the community as a whole grows or fades."""

    @classmethod
    def of(cls, row: Row) -> _Group:
        reached, total, variance, size, level = (float(str(value)) for value in row[1:])
        spread = Z * sqrt(variance + level * total**2)
        kept = Interval(total / size, max(0.0, total - spread) / size, (total + spread) / size, int(size))
        return cls(reached, kept, variance / size**2, level)

    def ahead(self, other: _Group) -> bool:
        """Whether the 90 % range of the difference lies above 0."""
        more = self.kept.estimate - other.kept.estimate
        return more > Z * sqrt(self.variance + other.variance + self.level_spread * more**2)


def reach_vs_kept(engine: Engine, timescale: Timescale, me: int | None) -> Finding:
    """The few with the widest reach against as many others whom most people come back to; for `me`, one's own two numbers."""
    if me is not None:
        return _mine(engine, timescale, me)
    evidence = int(str(engine.rows(EVIDENCE, timescale.values)[0][0]))
    caveat = "Both groups are chosen by the numbers compared, kept is an expectation, and reach counts everybody who ever came by."
    caveat += _mostly_new(engine, timescale)
    if evidence < ENOUGH_KEPT:
        seen = f"{evidence} people had somebody come back in the last {duration(timescale.window_us)}"
        sentence = f"Too little to tell: {seen}; {ENOUGH_KEPT} are needed before people are compared."
        return Finding("hides", HEADING, sentence, caveat, None)
    total = int(str(engine.rows("SELECT count(*) FROM reached")[0][0]))
    size = max(3, min(10, total // 20))
    wide, close = (_Group.of(row) for row in engine.rows(GROUPS, {"size": size}))
    sentence = (
        f"The {size} people with the widest reach got to {number(wide.reached)} people each and are expected to keep {_kept(wide)}; "
        f"{size} others got to {number(close.reached)} each and keep {_kept(close)}. {_verdict(wide, close)}"
    )
    return Finding("hides", HEADING, sentence, caveat, close.kept)


def _mostly_new(engine: Engine, timescale: Timescale) -> str:
    new, came = (int(str(value)) for value in engine.rows(NEW)[0])
    if not came or new < MOSTLY_NEW * came:
        return ""
    window = duration(timescale.window_us)
    return (
        f" Of {came:,} who came by someone in the last {window}, {new:,} were new to them: kept says little of such a community; "
        "see new_contacts."
    )


def _kept(group: _Group) -> str:
    return f"{number(group.kept.estimate)} ({between(group.kept.low, group.kept.high)})"


def _verdict(wide: _Group, close: _Group) -> str:
    if close.ahead(wide):
        return "Reach does not show where people come back."
    if close.kept.estimate / max(close.reached, 1) > 2 * wide.kept.estimate / max(wide.reached, 1):
        return "They keep a larger part of those they reach; more people come back to the first, or it can't be told apart."
    return "Here reach and people kept go together."


def _mine(engine: Engine, timescale: Timescale, me: int) -> Finding:
    heading, caveat = (
        "What your reach hides",
        "Kept is an expectation; its range allows for chance, and for growth and decline as records showed them.",
    )
    rows = engine.rows(
        "SELECT r.reached, k.kept, k.low, k.high, k.ties FROM reached r JOIN kept k ON k.person = r.person WHERE r.person = $me", {"me": me}
    )
    if not rows:
        return Finding("hides", heading, "Too little to tell: nobody has acted toward you yet.", caveat, None)
    reached, kept, low, high, n = (float(str(value)) for value in rows[0])
    sentence = (
        f"You reached {number(reached)} people, and are expected to keep {number(kept)} ({between(low, high)}) "
        f"in the next {duration(timescale.window_us)}."
    )
    return Finding("hides", heading, sentence, caveat, Interval(kept, low, high, int(n)))
