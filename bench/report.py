"""How long does `regard report` take, compared with a script that most people would write?

    python bench/report.py --tools FOLDER [--sizes 1e4,1e6,1e7] [--runs 3] [--logs bench/logs]

FOLDER has gen.py (makes a log of N acts) and peer.py (pandas with networkx or igraph: pair counts, answers, trends, PageRank, communities;
no kept, no report). Runs are paired, one after the other, on the same machine. The script prints medians and ratios and asserts nothing.
peer.py runs with the interpreter given by --peer-python, which needs pandas, networkx, igraph and scipy.
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
    """One run of a command."""

    wall: float
    """Seconds."""
    processor: float
    """Seconds."""
    peak: int
    """The largest resident memory, in MiB."""


def measure(command: Sequence[str]) -> Run:
    """Run a command, without its output; raises SystemExit if it fails."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} failed: {process.stderr.read().decode()[-2000:] if process.stderr else ''}")
    return Run(time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024)


def time_to_first_line(command: Sequence[str]) -> float:
    """The seconds until a command prints its first line."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        process.stdout.readline()
        seconds = time.perf_counter() - began
        process.stdout.read()
    return seconds


def main() -> None:
    """Make the logs that are missing, run the commands, and print a Markdown table."""
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
            _print_rows(size, ours, peers, arguments.runs)


def _peers(acts: float) -> tuple[str, ...]:
    if acts > 2e6:
        return ("ig",)  # with more than a million acts networkx needs many gigabytes and minutes
    return ("nx", "ig") if acts > 5e4 else ()


def _print_rows(size: str, ours: Sequence[str], peers: dict[str, list[str]], runs: int) -> None:
    measure(ours)
    own: list[Run] = []
    others: dict[str, list[Run]] = {name: [] for name in peers}
    for _ in range(runs):
        own.append(measure(ours))
        for name, command in peers.items():
            others[name].append(measure(command))
    first_line = statistics.median(time_to_first_line(ours) for _ in range(runs))
    print(f"| {size} | regard report | {_medians(own)} | {first_line:.2f} | |")
    for name, peer in others.items():
        ratios = sorted(other.wall / run.wall for run, other in zip(own, peer, strict=True))
        print(f"| {size} | peer.py {name} | {_medians(peer)} | | {', '.join(f'{ratio:.2f}' for ratio in ratios)} |", flush=True)


def _medians(runs: Sequence[Run]) -> str:
    wall, processor = statistics.median(run.wall for run in runs), statistics.median(run.processor for run in runs)
    return f"{wall:.2f} | {processor:.2f} | {statistics.median(run.peak for run in runs):.0f}"


if __name__ == "__main__":
    main()
