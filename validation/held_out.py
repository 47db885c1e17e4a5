"""Is `kept` true? Study a record from a moment in its past, and count who really came back after it.

    python validation/held_out.py --data FOLDER      # FOLDER holds collegemsg/CollegeMsg.txt.gz and the like
    python validation/held_out.py --data FOLDER --coefficients TABLE.json     # of freeze.py --each: learned from the other sets

The protocol of `regard backtest` (docs/backtest.md) with origins, window and bin that are fixed here. Spearman's rank correlation is over
people who acted in [T - H, T), with the outcomes in [T, T + H). Prints a Markdown table, and exits with 1 if `kept` falls below its floor.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
from sets import table_without

import regard
from regard.base.text import utc_datetime
from regard.evaluation.backtest.score import select_people
from regard.evaluation.backtest.snapshot import SCORES, Snapshot, take_snapshot
from regard.evaluation.bootstrap import Correlations
from regard.evaluation.metrics import auc, average_precision, ndcg
from regard.evaluation.targets import TARGETS
from regard.record.record import Record
from regard.studies.settings import Settings
from regard.studies.study import Study

FLOOR = {"contacted": 0.617, "returned": 0.609, "returned_late": 0.371, "reciprocated": 0.563, "wrote": 0.609}
"""The least correlation of `kept` with each target on CollegeMsg. A first prototype of the return model reached it."""

HEADS = ("resp", "kept", "late", "recip", "words")
"""Column heads of the targets."""

NAMES = ("people_ever", "recent", "decayed", "kept")
"""Three kinds of rank, and Regard's score."""


@dataclass(frozen=True)
class Case:
    """One record and the settings of its backtest."""

    name: str
    path: str
    days: tuple[float, ...]
    """Origins, in days after the first act."""
    window: float
    """Days."""
    bin: float
    """Days."""


CASES = (Case("collegemsg", "collegemsg/CollegeMsg.txt.gz", (42, 56), 28, 1),)


def snapshot_at(record: Record, case: Case, days: float, table: Path | None) -> Snapshot:
    """The snapshot of a record at an origin, with the coefficients that were learned from the other sets."""
    with Study(record) as study:
        until = utc_datetime(study.timescale.start_us) + timedelta(days=days)
    coefficients = table and table.with_name(table_without(table.name, case.name))
    with Study(record, Settings(until, case.bin, case.window, coefficients=coefficients)) as study:
        return take_snapshot(study, [score for score in SCORES if score.name in NAMES])


def print_case(case: Case, snapshots: Sequence[Snapshot]) -> bool:
    """Print one case as a table. Returns whether it reaches the floor."""
    mean = Correlations([select_people(snapshot, snapshot.active, NAMES) for snapshot in snapshots], NAMES, TARGETS).observed()
    active = ", ".join(str(snapshot.active.sum()) for snapshot in snapshots)
    print(f"\n{case.name}: cut at days {case.days}, window {case.window} d, bin {case.bin} d; people who acted: {active}\n")
    print("| Spearman | " + " | ".join(HEADS) + " |\n|---|" + "---|" * len(TARGETS))
    labels = {score.name: score.label for score in SCORES}
    for name, row in zip(NAMES, mean, strict=True):
        print(f"| {labels[name]} | " + " | ".join(f"{value:.3f}" for value in row) + " |")
    kept, returned, covered = (
        np.concatenate([values[snapshot.active] for snapshot, values in zip(snapshots, columns, strict=True)])
        for columns in (
            [snapshot.scores["kept"] for snapshot in snapshots],
            [snapshot.targets["returned"] for snapshot in snapshots],
            [snapshot.covered for snapshot in snapshots],
        )
    )
    some = kept > 3
    share, ratio = covered[some].mean(), kept.sum() / returned.sum()
    print(f"\nThe 90 % range held the truth for {share:.0%} of {some.sum()} people with kept > 3; expected over actual: {ratio:.2f}")
    gain = np.mean([ndcg(snapshot.scores["kept"], snapshot.targets["returned"], 50) for snapshot in snapshots])
    chances = [(snapshot.pairs.scores["p_return"], snapshot.pairs.returned) for snapshot in snapshots]
    figures = "; ".join(f"{auc(p, again):.3f} / {average_precision(p, again):.3f}" for p, again in chances)
    print(f"NDCG@50 of kept {gain:.3f}; pairs, AUC / average precision: {figures}")
    reached = dict(zip(TARGETS, mean[NAMES.index("kept")], strict=True))
    short = [head for head, target in zip(HEADS, TARGETS, strict=True) if round(reached[target], 3) < FLOOR[target]]
    floor = ", ".join(f"{head} {FLOOR[target]:.3f}" for head, target in zip(HEADS, TARGETS, strict=True))
    print(f"Floor {floor}: {'missed in ' + ', '.join(short) if short else 'reached'}")
    return not short


def main() -> int:
    """Run all cases that are in the data folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--coefficients", type=Path)
    arguments = parser.parse_args()
    data = arguments.data
    failed = False
    for case in CASES:
        if not (data / case.path).exists():
            print(f"{case.name}: skipped, {case.path} is not in the data folder")
            continue
        with regard.read(data / case.path) as record:
            failed |= not print_case(case, [snapshot_at(record, case, days, arguments.coefficients) for days in case.days])
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
