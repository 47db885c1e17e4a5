"""How long does `regard report` take, beside a script that most people would write?

    python bench/report.py --tools FOLDER [--sizes 1e4,1e6,1e7] [--runs 3] [--logs bench/logs]

FOLDER holds gen.py (makes a log of N acts) and peer.py (pandas with networkx or igraph: pair counts, answers, trends, PageRank,
communities; no kept, no report). Runs are paired, one after the other, on the same machine; medians and ratios are printed. Nothing is
asserted: a benchmark is looked at. peer.py runs with the interpreter named by --peer-python, which has pandas, networkx, igraph, scipy.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Run:
    """One run of a command: wall seconds, processor seconds, peak memory in MiB."""

    wall: float
    processor: float
    peak: int


def timed(command: Sequence[str]) -> Run:
    """Run a command alone and account for it; its output is thrown away."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} failed: {process.stderr.read().decode()[-2000:] if process.stderr else ''}")
    return Run(time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024)


def first_words(command: Sequence[str]) -> float:
    """Seconds until a command's first line of output."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        process.stdout.readline()
        seconds = time.perf_counter() - began
        process.stdout.read()
    return seconds


def main() -> None:
    """Make the logs that are missing, run, print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tools", type=Path, required=True)
    parser.add_argument("--sizes", default="1e4,1e6,1e7")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--logs", type=Path, default=Path("bench/logs"))
    parser.add_argument("--peer-python", default=sys.executable)
    arguments = parser.parse_args()
    if not (arguments.tools / "gen.py").exists():
        raise SystemExit(f"skipped: no gen.py in {arguments.tools}")
    arguments.logs.mkdir(parents=True, exist_ok=True)
    print("| acts | command | wall s (median) | processor s | peak MiB | first words s | wall over regard's, each pair |")
    print("|---|---|---|---|---|---|---|")
    for size in arguments.sizes.split(","):
        log = arguments.logs / f"{size}-did.parquet"
        if not log.exists():
            subprocess.run([arguments.peer_python, str(arguments.tools / "gen.py"), size, str(log), "--ids", "did"], check=True)
        with tempfile.TemporaryDirectory() as folder:
            ours = [sys.executable, "-m", "regard", "report", str(log), "-o", f"{folder}/report.html"]
            peers = {lib: [arguments.peer_python, str(arguments.tools / "peer.py"), lib, str(log)] for lib in _peers(float(size))}
            _rows(size, ours, peers, arguments.runs)


def _peers(acts: float) -> tuple[str, ...]:
    if acts > 2e6:
        return ("ig",)  # networkx needs many gigabytes and minutes beyond a million acts
    return ("nx", "ig") if acts > 5e4 else ()


def _rows(size: str, ours: Sequence[str], peers: dict[str, list[str]], runs: int) -> None:
    timed(ours)
    mine: list[Run] = []
    others: dict[str, list[Run]] = {name: [] for name in peers}
    for _ in range(runs):
        mine.append(timed(ours))
        for name, command in peers.items():
            others[name].append(timed(command))
    words = statistics.median(first_words(ours) for _ in range(runs))
    print(f"| {size} | regard report | {_medians(mine)} | {words:.2f} | |")
    for name, found in others.items():
        ratios = sorted(other.wall / own.wall for own, other in zip(mine, found, strict=True))
        print(f"| {size} | peer.py {name} | {_medians(found)} | | {', '.join(f'{ratio:.2f}' for ratio in ratios)} |", flush=True)


def _medians(found: Sequence[Run]) -> str:
    wall, processor = statistics.median(run.wall for run in found), statistics.median(run.processor for run in found)
    return f"{wall:.2f} | {processor:.2f} | {statistics.median(run.peak for run in found):.0f}"


if __name__ == "__main__":
    main()
