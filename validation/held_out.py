"""Is `kept` true? Look at a record from a moment in its past, and count who really came back after.

    python validation/held_out.py --data FOLDER      # FOLDER holds collegemsg/CollegeMsg.txt.gz and the like
    python validation/held_out.py --data FOLDER --coefficients TABLE.json     # of freeze.py --each: by what the other sets taught

The protocol of `regard backtest` (docs/backtest.md) at moments, with a window and a bin, that are given. Spearman's rank correlation over
people who acted in [T - H, T) with what came in [T, T + H). Prints a Markdown table, and exits with 1 where `kept` falls below its floor.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
from sets import without

import regard
from regard.base.text import utc_datetime
from regard.evaluation.backtest.score import sample
from regard.evaluation.backtest.snapshot import SCORES, Cut, cut
from regard.evaluation.bootstrap import Draws
from regard.evaluation.metrics import auc, average_precision, ndcg
from regard.evaluation.targets import TARGETS
from regard.record.record import Record
from regard.studies.study import Settings, Study

FLOOR = {"resp": 0.617, "kept": 0.609, "late": 0.371, "recip": 0.563}
"""A first prototype of the learned chance, to three figures: what `kept` must reach on CollegeMsg."""

NAMES = ("people_ever", "recent", "decayed", "kept")
"""Three kinds of rank, and Regard's."""


@dataclass(frozen=True)
class Case:
    """One record, the days from its first act at which it is cut, and the window and bin in days."""

    name: str
    path: str
    days: tuple[float, ...]
    window: float
    bin: float


CASES = (Case("collegemsg", "collegemsg/CollegeMsg.txt.gz", (42, 56), 28, 1),)


def cut_at(record: Record, case: Case, days: float, table: Path | None) -> Cut:
    """Everybody known before the moment: what was measured then, and what came."""
    with Study(record) as whole:
        until = utc_datetime(whole.timescale.start_us) + timedelta(days=days)
    taught = table and table.with_name(without(table.name, case.name))
    with Study(record, Settings(until, case.bin, case.window, coefficients=taught)) as study:
        return cut(study, [score for score in SCORES if score.name in NAMES])


def show(case: Case, cuts: Sequence[Cut]) -> bool:
    """Print one case as a table; whether it reaches the floor."""
    mean = Draws([sample(one, one.active, NAMES) for one in cuts], NAMES, TARGETS).here()
    active = ", ".join(str(one.active.sum()) for one in cuts)
    print(f"\n{case.name}: cut at days {case.days}, window {case.window} d, bin {case.bin} d; people who acted: {active}\n")
    print("| Spearman | " + " | ".join(TARGETS) + " |\n|---|" + "---|" * len(TARGETS))
    labels = {score.name: score.label for score in SCORES}
    for name, row in zip(NAMES, mean, strict=True):
        print(f"| {labels[name]} | " + " | ".join(f"{value:.3f}" for value in row) + " |")
    kept, came, covered = (
        np.concatenate([values[one.active] for one, values in zip(cuts, columns, strict=True)])
        for columns in ([one.scores["kept"] for one in cuts], [one.targets["kept"] for one in cuts], [one.covered for one in cuts])
    )
    some = kept > 3
    share, ratio = covered[some].mean(), kept.sum() / came.sum()
    print(f"\nThe 90 % range held the truth for {share:.0%} of {some.sum()} people with kept > 3; expected over actual: {ratio:.2f}")
    gain = np.mean([ndcg(one.scores["kept"], one.targets["kept"], 50) for one in cuts])
    chances = [(one.pairs.scores["p_return"], one.pairs.again) for one in cuts]
    told = "; ".join(f"{auc(p, again):.3f} / {average_precision(p, again):.3f}" for p, again in chances)
    print(f"NDCG@50 of kept {gain:.3f}; pairs, AUC / average precision: {told}")
    reached = dict(zip(TARGETS, mean[NAMES.index("kept")], strict=True))
    short = [target for target in TARGETS if round(reached[target], 3) < FLOOR[target]]
    floor = ", ".join(f"{target} {value:.3f}" for target, value in FLOOR.items())
    print(f"Floor {floor}: {'missed in ' + ', '.join(short) if short else 'reached'}")
    return not short


def main() -> int:
    """Run all cases that are there."""
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
            failed |= not show(case, [cut_at(record, case, days, arguments.coefficients) for days in case.days])
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
