"""The page docs/scale.md, made of what `growth.py` measured.

python bench/scale.py docs/scale.json docs/scale.md
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from floors import FLOORS, floors

from regard.measures.base_relations import BASE
from regard.measures.catalogue import MEASURES

Run = dict[str, Any]
GIGA = 1e9

READING = ("looking at ", "reading ", "numbering acts", "finding whom ", "looking for acts", "keeping ")
IDS = ("numbering people",)
PAIRS = ("toward", "pair_bins", "active_bins", "pairs")
PAST = ("_one", "_half", "_two", "_three")
FITS = ("alive", "active", "pair_model", "past_levels")
OF = {part.name: measure.name for measure in MEASURES.values() for part in measure.parts}
BASES = {part.name for part in BASE}

ORDER = (
    "reading", "ids", "pairs", "other relations to start from", "timescale", "pairs as they were at moments of the past", "fits", "ties",
    "other measures", "finding what may be said", "writing the page", "start and end",
)  # fmt: skip
"""Groups of stages, in the order in which they come."""

WHOLE = ("acts", "engine", "s", "exponent", "program, GB", "executors, GB", "disk read, GB", "written, GB", "shuffled, GB")


def group(stage: str, before: str) -> str:
    """Which row of the tables a stage belongs to; what comes between two steps goes with the first of them."""
    if stage == "between steps":
        return before
    if stage.startswith("step "):
        return _of_step(stage.removeprefix("step "))
    if stage == "looking at the acts":
        return "other relations to start from"
    for name, beginnings in (("reading", READING), ("ids", IDS)):
        if stage.startswith(beginnings):
            return name
    named = {
        "finding the timescale": "timescale",
        "finding what may be said": "finding what may be said",
        "writing the page": "writing the page",
    }
    return named.get(stage, before if stage.startswith("measuring ") else "start and end")


def _of_step(name: str) -> str:
    if name in PAIRS:
        return "pairs"
    if name in BASES:
        return "other relations to start from"
    if OF.get(name) != "ties":
        return "other measures"
    if name in FITS:
        return "fits"
    return "pairs as they were at moments of the past" if name.endswith(PAST) else "ties"


def grouped(run: Run, what: str) -> dict[str, float]:
    """One account of a run, added up by group."""
    found, before = dict.fromkeys(ORDER, 0.0), "start and end"
    for stage in run["stages"]:
        before = group(stage["name"], before)
        found[before] += stage[what]
    return found


def total(run: Run, what: str = "seconds") -> float:
    """One account of a run, added up."""
    return float(sum(stage[what] for stage in run["stages"]))


def peak(run: Run) -> float:
    """The largest resident memory of the program, on Spark of Python and Java together, in bytes."""
    return float(max(stage["peak_mib"] for stage in run["stages"]) + run["machines"].get("driver's Java", 0)) * 2**20


def exponent(small: tuple[float, float], large: tuple[float, float]) -> float:
    """How fast a cost grows: (acts, cost) of two runs.

    >>> exponent((1e6, 2.0), (1e7, 20.0))
    1.0
    """
    return round(math.log(large[1] / small[1]) / math.log(large[0] / small[0]), 3)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *rows))


def whole(told: Run) -> Iterator[Sequence[str]]:
    """A row for each run."""
    for engine, runs in told["runs"].items():
        before: tuple[float, float] | None = None
        for size, run in sorted(runs.items(), key=lambda one: float(one[0])):
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


def stages(runs: dict[str, Run], what: str = "seconds", by: float = 1.0) -> str:
    """A row for each group of stages, a column for each size, and how fast it grows from a million acts to the most."""
    sizes = sorted(runs, key=float)
    costs = {size: grouped(runs[size], what) for size in sizes}
    first, last = ("1e6" if "1e6" in costs else sizes[0]), sizes[-1]
    rows = []
    for name in ORDER:
        grows = ""
        if first != last and costs[first][name] > 0 and costs[last][name] > 0:
            grows = f"{exponent((float(first), costs[first][name]), (float(last), costs[last][name])):.2f}"
        rows.append((name, *(f"{costs[size][name] / by:,.2f}" for size in sizes), grows))
    return table(("", *(f"{float(size):,.0f}" for size in sizes), "exponent"), rows)


def distances(told: Run) -> str:
    """How far from its floor each stage is that moves the most bytes, at the largest size."""
    runs = told["runs"]["duckdb"]
    size = max(runs, key=float)
    taken = grouped(runs[size], "seconds")
    rows = [
        (name, f"{parts}", f"{seconds:.1f}", f"{taken[name]:.1f}", f"{taken[name] / seconds:.1f}")
        for name, (seconds, parts) in floors(runs[size], told["bandwidth"]).items()
    ]
    return table(("stage", "bytes that must be moved", "floor, s", "taken, s", "times its floor"), rows)


def forecast(told: Run) -> str:
    """What a thousand million acts and ten times as many would take."""
    one, spark, rows = told["runs"]["duckdb"], told["runs"].get("spark", {}), []
    before, most = sorted(one, key=float)[-2:]
    grows = exponent((float(before), total(one[before])), (float(most), total(one[most])))
    for acts in (1e9, 1e10):
        times = acts / float(most)
        hours = total(one[most]) * times**grows / 3600
        disk = (one[most]["record_bytes"] + total(one[most], "disk_written")) * times
        row = [
            f"{acts:.0e}".replace("+", ""),
            f"{hours:,.1f} h on {told['machine']['processors']} processors",
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


def page(told: Run) -> str:
    """The whole page."""
    machine, speed, runs = told["machine"], told["bandwidth"], told["runs"]
    one = runs["duckdb"]
    most = max(one, key=float)
    grows = exponent((1e6, total(one["1e6"])), (float(most), total(one[most])))
    text = Path(__file__).with_name("scale.md").read_text(encoding="utf-8")
    return text.format(
        processors=machine["processors"], memory=f"{machine['memory_bytes'] / GIGA:.0f}",
        copy=f"{speed['copy'] / GIGA:.1f}", lines=f"{speed['lines'] / GIGA:.1f}",
        disk_read=f"{speed['disk_read'] / GIGA:.2f}", disk_write=f"{speed['disk_write'] / GIGA:.2f}",
        most=f"{float(most):,.0f}", seconds=f"{total(one[most]):,.0f}", peak=f"{peak(one[most]) / GIGA:.1f}", grows=f"{grows:.2f}",
        whole=table(WHOLE, whole(told)),
        stages=stages(one), floors=distances(told), floor_words="\n".join(f"- {name}: {words}" for name, words in FLOORS.items()),
        spark=stages(runs["spark"]) if "spark" in runs else "Not measured.",
        shuffled=stages(runs["spark"], "shuffled", 1e6) if "spark" in runs else "Not measured.",
        drivers=", ".join(f"{peak(run) / GIGA:.2f} GB at {float(size):,.0f} acts" for size, run in runs.get("spark", {}).items()),
        forecast=forecast(told),
    )  # fmt: skip


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(page(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))), encoding="utf-8")
