"""Write the page docs/scale.md from the figures of `growth.py`.

python bench/scale.py docs/scale.json docs/scale.md
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from floors import FLOORS, compute_floors

Run = dict[str, Any]
GIGA = 1e9

READING = ("looking at ", "reading ", "numbering acts", "finding whom ", "looking for acts", "keeping ")
IDS = ("numbering people",)
PAIRS = ("interactions", "pair_bins", "active_bins", "pairs")
PAST = ("_one", "_half", "_two", "_three")
FITS = ("pair_states", "sender_states", "return_model", "past_levels", "past_errors", "pair_model")
PAIR_MEASURES = ("pairs", "pair_model", "ties")
"""Measures whose steps are shown apart from those of the other measures."""

ORDER = (
    "reading", "ids", "pairs", "other relations to start from", "timescale", "pairs as they were at moments of the past", "fits", "ties",
    "other measures", "finding what may be said", "writing the page", "start and end",
)  # fmt: skip
"""Groups of stages, in the order in which they come."""

HEADS = ("acts", "engine", "s", "exponent", "program, GB", "executors, GB", "disk read, GB", "written, GB", "shuffled, GB")

NAMED = {
    "looking at the acts": "other relations to start from",
    "finding the timescale": "timescale",
    "finding what may be said": "finding what may be said",
    "writing the page": "writing the page",
}
"""Groups of stages that are no steps, by the name of the stage."""


def groups(names: Iterable[str]) -> Iterator[str]:
    """The group of each stage of a run, by the names of the stages in their order.

    A step belongs to the measure that is measured when it runs. What comes between two steps belongs to the first of them.

    >>> list(groups(["reading a.csv", "looking at the acts", "step people", "between steps", "measuring ties (1 of 8)", "step pairs_one"]))
    ['reading', 'other relations to start from', 'other relations to start from', 'other relations to start from', \
'other relations to start from', 'pairs as they were at moments of the past']
    """
    group, measure = "start and end", ""
    for name in names:
        if name.startswith("measuring "):
            measure = name.split()[1]
        elif name.startswith("step "):
            group = _group_of_step(name.removeprefix("step "), measure)
        elif name != "between steps":
            group = NAMED.get(name) or ("reading" if name.startswith(READING) else "ids" if name.startswith(IDS) else "start and end")
        yield group


def _group_of_step(step: str, measure: str) -> str:
    if step in PAIRS:
        return "pairs"
    if not measure:
        return "other relations to start from"
    # On Spark a fit reads its input as a step of its own.
    if measure not in PAIR_MEASURES or step.endswith("_read"):
        return "other measures"
    if step in FITS:
        return "fits"
    return "pairs as they were at moments of the past" if step.endswith(PAST) else "ties"


def sum_by_group(run: Run, what: str) -> dict[str, float]:
    """One figure of a run, added up by group."""
    sums = dict.fromkeys(ORDER, 0.0)
    for group, stage in zip(groups(stage["name"] for stage in run["stages"]), run["stages"], strict=True):
        sums[group] += stage[what]
    return sums


def total(run: Run, what: str = "seconds") -> float:
    """One figure of a run, added up over all stages."""
    return float(sum(stage[what] for stage in run["stages"]))


def peak(run: Run) -> float:
    """The largest resident memory of the program in bytes; on Spark, of Python and Java together."""
    return float(max(stage["peak_mib"] for stage in run["stages"]) + run["machines"].get("driver's Java", 0)) * 2**20


def exponent(small: tuple[float, float], large: tuple[float, float]) -> float:
    """The exponent with which a cost grows, from (acts, cost) of two runs.

    >>> exponent((1e6, 2.0), (1e7, 20.0))
    1.0
    """
    return round(math.log(large[1] / small[1]) / math.log(large[0] / small[0]), 3)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *rows))


def run_rows(figures: Run) -> Iterator[Sequence[str]]:
    """A row for each run."""
    for engine, runs in figures["runs"].items():
        before: tuple[float, float] | None = None
        for size, run in sorted(runs.items(), key=lambda item: float(item[0])):
            acts, seconds = float(size), total(run)
            grows = "" if before is None else f"{exponent(before, (acts, seconds)):.2f}"
            machines = run["machines"]
            yield (
                f"{acts:,.0f}", engine, f"{seconds:,.1f}", grows, f"{peak(run) / GIGA:.2f}",
                ", ".join(f"{mib * 2**20 / GIGA:.1f}" for name, mib in machines.items() if name.startswith("executor")) or "–",
                f"{total(run, 'disk_read') / GIGA:.1f}", f"{total(run, 'disk_written') / GIGA:.1f}",
                f"{total(run, 'shuffled') / GIGA:.2f}" if machines else "–",
            )  # fmt: skip
            before = acts, seconds


def stage_table(runs: dict[str, Run], what: str = "seconds", by: float = 1.0) -> str:
    """A table with a row for each group of stages, a column for each size, and the exponent from a million acts to the most."""
    sizes = sorted(runs, key=float)
    costs = {size: sum_by_group(runs[size], what) for size in sizes}
    first, last = ("1e6" if "1e6" in costs else sizes[0]), sizes[-1]
    rows = []
    for name in ORDER:
        grows = ""
        if first != last and costs[first][name] > 0 and costs[last][name] > 0:
            grows = f"{exponent((float(first), costs[first][name]), (float(last), costs[last][name])):.2f}"
        rows.append((name, *(f"{costs[size][name] / by:,.2f}" for size in sizes), grows))
    return table(("", *(f"{float(size):,.0f}" for size in sizes), "exponent"), rows)


def floor_table(figures: Run) -> str:
    """A table of the stages that move the most bytes: how far each is from its floor, at the largest size."""
    runs = figures["runs"]["duckdb"]
    size = max(runs, key=float)
    taken = sum_by_group(runs[size], "seconds")
    rows = [
        (name, f"{parts}", f"{seconds:.1f}", f"{taken[name]:.1f}", f"{taken[name] / seconds:.1f}")
        for name, (seconds, parts) in compute_floors(runs[size], figures["bandwidth"]).items()
    ]
    return table(("stage", "bytes that must be moved", "floor, s", "taken, s", "times its floor"), rows)


def forecast_table(figures: Run) -> str:
    """A table of what a thousand million acts and ten times as many would take."""
    duckdb, spark, rows = figures["runs"]["duckdb"], figures["runs"].get("spark", {}), []
    before, most = sorted(duckdb, key=float)[-2:]
    grows = exponent((float(before), total(duckdb[before])), (float(most), total(duckdb[most])))
    for acts in (1e9, 1e10):
        times = acts / float(most)
        hours = total(duckdb[most]) * times**grows / 3600
        disk = (duckdb[most]["record_bytes"] + total(duckdb[most], "disk_written")) * times
        row = [
            f"{acts:.0e}".replace("+", ""),
            f"{hours:,.1f} h on {figures['machine']['processors']} processors",
            f"{disk / 1e12:.2f} TB",
        ]
        if len(spark) > 1:
            small, large = (min(spark, key=float), max(spark, key=float))
            span = float(large) - float(small)
            per_act = (total(spark[large]) - total(spark[small])) / span * 2  # two processors
            moved = (total(spark[large], "shuffled") - total(spark[small], "shuffled")) / span
            row += [f"{per_act * acts / 3600:,.0f}", f"{per_act * acts / 3600 / 64:,.1f} h", f"{moved * acts / 1e12:.2f} TB"]
        rows.append(row)
    heads = ["acts", "one machine", "written to its disk"]
    return table((*heads, "Spark: processor hours", "on 64 processors", "shuffled") if len(spark) > 1 else heads, rows)


def make_page(figures: Run) -> str:
    """The text of the page."""
    machine, bandwidth, runs = figures["machine"], figures["bandwidth"], figures["runs"]
    duckdb = runs["duckdb"]
    most = max(duckdb, key=float)
    grows = exponent((1e6, total(duckdb["1e6"])), (float(most), total(duckdb[most])))
    text = Path(__file__).with_name("scale.md").read_text(encoding="utf-8")
    return text.format(
        processors=machine["processors"], memory=f"{machine['memory_bytes'] / GIGA:.0f}",
        copy=f"{bandwidth['copy'] / GIGA:.1f}", lines=f"{bandwidth['lines'] / GIGA:.1f}",
        disk_read=f"{bandwidth['disk_read'] / GIGA:.2f}", disk_write=f"{bandwidth['disk_write'] / GIGA:.2f}",
        most=f"{float(most):,.0f}", seconds=f"{total(duckdb[most]):,.0f}", peak=f"{peak(duckdb[most]) / GIGA:.1f}", grows=f"{grows:.2f}",
        whole=table(HEADS, run_rows(figures)),
        stages=stage_table(duckdb), floors=floor_table(figures),
        floor_words="\n".join(f"- {name}: {words}" for name, words in FLOORS.items()),
        spark=stage_table(runs["spark"]) if "spark" in runs else "Not measured.",
        shuffled=stage_table(runs["spark"], "shuffled", 1e6) if "spark" in runs else "Not measured.",
        drivers=", ".join(f"{peak(run) / GIGA:.2f} GB at {float(size):,.0f} acts" for size, run in runs.get("spark", {}).items()),
        forecast=forecast_table(figures),
    )  # fmt: skip


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(make_page(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))), encoding="utf-8")
