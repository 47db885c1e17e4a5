"""Is `kept` true? Look at a record from a moment in its past, and count who really came back after.

    python validation/held_out.py --data FOLDER      # FOLDER holds collegemsg/CollegeMsg.txt.gz and the like

Protocol: acts are cut at T before anything is derived; targets are counted in [T, T + H): resp, distinct people who act toward v; kept,
those of them who had done so before T; late, kept and acting in the second half; recip, acting both ways inside. Spearman's rank
correlation over people active in [T - H, T). Prints a Markdown table, and exits with 1 where `kept` falls below its floor.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pandas

import regard
from regard.events.record import Record
from regard.measures.rhythm import MICRO_DAY
from regard.studies import Settings, Study

TARGETS = ("resp", "kept", "late", "recip")
FLOOR = {"resp": 0.601 - 0.005, "kept": 0.597 - 0.005, "late": 0.365 - 0.005, "recip": 0.539 - 0.005}
"""BG/BB alone in a first prototype, less .005: what `kept` must reach on CollegeMsg."""

ACTUAL = """
    WITH acts AS (
        SELECT a.person AS actor, b.person AS target, epoch_us(e.time) AS t
        FROM record.acts e JOIN record.accounts a ON a.account = e.actor JOIN record.accounts b ON b.account = e.target
        WHERE a.person <> b.person AND e.kind IN ('reply', 'mention', 'message', 'share', 'react', 'thank')),
    ahead AS (
        SELECT actor, target, max(t) >= $until_us + $window_us // 2 AS late FROM acts
        WHERE t >= $until_us AND t < $until_us + $window_us GROUP BY actor, target),
    old AS (SELECT DISTINCT actor, target FROM acts WHERE t < $until_us),
    active AS (
        SELECT actor AS person FROM acts WHERE t < $until_us AND t >= $until_us - $window_us
        UNION SELECT target FROM acts WHERE t < $until_us AND t >= $until_us - $window_us),
    counted AS (
        SELECT h.target AS person, count(*) AS resp, count(o.actor) AS kept, count(*) FILTER (h.late AND o.actor IS NOT NULL) AS late,
            count(r.actor) AS recip
        FROM ahead h LEFT JOIN old o ON o.actor = h.actor AND o.target = h.target
            LEFT JOIN ahead r ON r.actor = h.target AND r.target = h.actor GROUP BY h.target),
    before AS (
        SELECT target AS person, count(DISTINCT actor) AS people, sum(exp((t - $until_us) * 0.6931471805599453 / $window_us)) AS decayed,
            count(DISTINCT actor) FILTER (t >= $until_us - $window_us) AS recent FROM acts WHERE t < $until_us GROUP BY target)
    SELECT a.person, coalesce(c.resp, 0) AS resp, coalesce(c.kept, 0) AS kept, coalesce(c.late, 0) AS late, coalesce(c.recip, 0) AS recip,
        coalesce(b.people, 0) AS "distinct people ever", coalesce(b.decayed, 0) AS "decayed acts in", coalesce(b.recent, 0) AS "recent people",
        coalesce(k.kept, 0) AS "kept (Regard)", coalesce(k.low, 0) AS low, coalesce(k.high, 0) AS high
    FROM active a LEFT JOIN counted c ON c.person = a.person LEFT JOIN before b ON b.person = a.person LEFT JOIN kept k ON k.person = a.person
    ORDER BY a.person
"""

MEASURES = ("distinct people ever", "recent people", "decayed acts in", "kept (Regard)")


@dataclass(frozen=True)
class Case:
    """One record, the days from its first act at which it is cut, and the window and bin in days."""

    name: str
    path: str
    days: tuple[float, ...]
    window: float
    bin: float


CASES = (Case("collegemsg", "collegemsg/CollegeMsg.txt.gz", (42, 56), 28, 1),)


def people_at(record: Record, case: Case, days: float) -> pandas.DataFrame:
    """Everybody active in the window before the cut: what was measured then, and what came."""
    with Study(record) as whole:
        start = whole.engine.rows("SELECT min(time) FROM toward")[0][0]
    assert hasattr(start, "isoformat")
    until = start + timedelta(days=days)
    with Study(record, Settings(until=until, bin_days=case.bin, window_days=case.window)) as study:
        study.measure("kept")
        values = {**study.rhythm.values, "window_us": round(case.window * MICRO_DAY)}
        return pandas.DataFrame(dict(study.engine.arrays(ACTUAL, values)))


def correlations(people: pandas.DataFrame) -> pandas.DataFrame:
    """Spearman's rank correlation of each measure (rows) with each target (columns)."""
    ranks = people.rank()
    return pandas.DataFrame(
        {target: [ranks[measure].corr(ranks[target]) for measure in MEASURES] for target in TARGETS}, index=list(MEASURES)
    )


def main() -> int:
    """Run all cases that are there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    failed = 0
    for case in CASES:
        if not (data / case.path).exists():
            print(f"{case.name}: skipped, {case.path} is not in the data folder")
            continue
        with regard.read(data / case.path) as record:
            found = [people_at(record, case, days) for days in case.days]
        mean = sum((correlations(people) for people in found[1:]), correlations(found[0])) / len(found)
        print(
            f"\n{case.name}: cut at days {case.days}, window {case.window} d, bin {case.bin} d, {[len(people) for people in found]} people active"
        )
        print("\n| Spearman | " + " | ".join(TARGETS) + " |\n|---|" + "---|" * len(TARGETS))
        for measure in MEASURES:
            print(f"| {measure} | " + " | ".join(f"{mean.loc[measure, target]:.3f}" for target in TARGETS) + " |")
        some = pandas.concat(found)
        some = some[some["kept (Regard)"] > 3]
        inside = ((some["kept"] >= some["low"]) & (some["kept"] <= some["high"])).mean()
        total = sum(people["kept (Regard)"].sum() for people in found) / sum(people["kept"].sum() for people in found)
        print(f"\nRange of 90 % held the truth for {inside:.0%} of {len(some)} people with kept > 3; expected over actual: {total:.2f}")
        short = [target for target in TARGETS if mean.loc["kept (Regard)", target] < FLOOR[target]]
        failed += len(short)
        print(
            f"Floor {', '.join(f'{target} {FLOOR[target]:.3f}' for target in TARGETS)}: {'missed in ' + ', '.join(short) if short else 'reached'}"
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
