"""Is `kept` true? Look at a record from a moment in its past, and count who really came back after.

    python validation/held_out.py --data FOLDER      # FOLDER holds collegemsg/CollegeMsg.txt.gz and the like

Protocol: acts are cut at T before anything is derived; targets are counted in [T, T + H): resp, distinct people who act toward v; kept,
those of them who had done so before T; late, kept and acting in the second half; recip, acting both ways inside. Spearman's rank
correlation over people who acted in [T - H, T). Prints a Markdown table, and exits with 1 where `kept` falls below its floor.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas
from numpy.typing import NDArray

import regard
from regard.events.record import Record
from regard.findings.words import moment
from regard.measures.base import MICRO_DAY
from regard.studies import Settings, Study

TARGETS = {"resp": "resp", "kept": "came_back", "late": "late", "recip": "recip"}
"""Target -> its column."""
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
        SELECT DISTINCT actor AS person FROM acts WHERE t < $until_us AND t >= $until_us - $window_us),
    counted AS (
        SELECT h.target AS person, count(*) AS resp, count(o.actor) AS kept, count(*) FILTER (h.late AND o.actor IS NOT NULL) AS late,
            count(r.actor) AS recip
        FROM ahead h LEFT JOIN old o ON o.actor = h.actor AND o.target = h.target
            LEFT JOIN ahead r ON r.actor = h.target AND r.target = h.actor GROUP BY h.target),
    before AS (
        SELECT target AS person, count(DISTINCT actor) AS people, sum(exp((t - $until_us) * 0.6931471805599453 / $window_us)) AS decayed,
            count(DISTINCT actor) FILTER (t >= $until_us - $window_us) AS recent FROM acts WHERE t < $until_us GROUP BY target)
    SELECT a.person, coalesce(c.resp, 0) AS resp, coalesce(c.kept, 0) AS came_back, coalesce(c.late, 0) AS late,
        coalesce(c.recip, 0) AS recip, coalesce(b.people, 0) AS ever, coalesce(b.decayed, 0) AS decayed, coalesce(b.recent, 0) AS recent,
        coalesce(k.kept, 0) AS kept, coalesce(k.low, 0) AS low, coalesce(k.high, 0) AS high
    FROM active a LEFT JOIN counted c ON c.person = a.person LEFT JOIN before b ON b.person = a.person
        LEFT JOIN kept k ON k.person = a.person
    ORDER BY a.person
"""

MEASURES = {"ever": "distinct people ever", "recent": "recent people", "decayed": "decayed acts in", "kept": "kept"}
"""Column -> what it is called: three kinds of rank, and Regard's."""

People = dict[str, NDArray[np.float64]]
"""One entry a person in each column."""


@dataclass(frozen=True)
class Case:
    """One record, the days from its first act at which it is cut, and the window and bin in days."""

    name: str
    path: str
    days: tuple[float, ...]
    window: float
    bin: float


CASES = (Case("collegemsg", "collegemsg/CollegeMsg.txt.gz", (42, 56), 28, 1),)


def people_at(record: Record, case: Case, days: float) -> People:
    """Everybody who acted in the window before the cut: what was measured then, and what came."""
    with Study(record) as whole:
        start = whole.rhythm.start_us
    until = moment(start) + timedelta(days=days)
    with Study(record, Settings(until=until, bin_days=case.bin, window_days=case.window)) as study:
        study.measure("kept")
        values = {**study.rhythm.values, "window_us": round(case.window * MICRO_DAY)}
        return {name: np.asarray(column, dtype=np.float64) for name, column in study.engine.arrays(ACTUAL, values).items()}


def spearman(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Spearman's rank correlation, ties at their mean rank."""
    first, second = (pandas.Series(values).rank().to_numpy() for values in (one, other))
    return float(np.corrcoef(first, second)[0, 1])


def correlations(people: People) -> NDArray[np.float64]:
    """Spearman of each measure (rows) with each target (columns)."""
    return np.array([[spearman(people[measure], people[column]) for column in TARGETS.values()] for measure in MEASURES])


def show(case: Case, found: Sequence[People]) -> bool:
    """Print one case as a table; whether it reaches the floor."""
    mean = np.mean([correlations(people) for people in found], axis=0)
    active = ", ".join(str(people["kept"].size) for people in found)
    print(f"\n{case.name}: cut at days {case.days}, window {case.window} d, bin {case.bin} d; people who acted: {active}\n")
    print("| Spearman | " + " | ".join(TARGETS) + " |\n|---|" + "---|" * len(TARGETS))
    for name, row in zip(MEASURES.values(), mean, strict=True):
        print(f"| {name} | " + " | ".join(f"{value:.3f}" for value in row) + " |")
    joined = {name: np.concatenate([people[name] for people in found]) for name in found[0]}
    some = joined["kept"] > 3
    inside = (joined["came_back"] >= joined["low"]) & (joined["came_back"] <= joined["high"])
    share, ratio = inside[some].mean(), joined["kept"].sum() / joined["came_back"].sum()
    print(f"\nThe 90 % range held the truth for {share:.0%} of {some.sum()} people with kept > 3; expected over actual: {ratio:.2f}")
    reached = dict(zip(TARGETS, mean[-1], strict=True))
    short = [target for target in TARGETS if reached[target] < FLOOR[target]]
    floor = ", ".join(f"{target} {value:.3f}" for target, value in FLOOR.items())
    print(f"Floor {floor}: {'missed in ' + ', '.join(short) if short else 'reached'}")
    return not short


def main() -> int:
    """Run all cases that are there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    failed = False
    for case in CASES:
        if not (data / case.path).exists():
            print(f"{case.name}: skipped, {case.path} is not in the data folder")
            continue
        with regard.read(data / case.path) as record:
            failed |= not show(case, [people_at(record, case, days) for days in case.days])
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
