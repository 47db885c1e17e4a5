"""One run of the whole job with a clock on every stage: what `growth.py` starts, each time as a process of its own.

    python bench/stages.py LOG REPORT.html [--memory 5GB] [--temporary FOLDER]

Prints JSON: per stage seconds, processor seconds, the largest resident memory while it lasted, bytes read from and written to disk. Steps
of measures are stages too. Linux only: all of this is read from /proc.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

# As the command does, before numpy is there.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from regard.engines.base import Fit, Step, Values
from regard.engines.duckdb import DuckDBEngine
from regard.engines.limits import Limits
from regard.events.record import Record
from regard.reading import inputs_of, read_into
from regard.reporting import report_of
from regard.sources.base import Options
from regard.studies import Settings, Study
from regard.surfaces.pages.page import render


@dataclass
class Stage:
    """What one stage took."""

    name: str
    seconds: float
    processor: float
    peak_mib: int
    disk_read: int
    disk_written: int


class Clock:
    """A Watch that accounts for each stage."""

    def __init__(self) -> None:
        self.stages: list[Stage] = []
        self._name, self._before = "starting", self._now()

    def stage(self, name: str, total: int | None = None, unit: str = "") -> None:  # noqa: ARG002
        """A stage begins, and the one before ends."""
        now = self._now()
        spent = [after - before for after, before in zip(now, self._before, strict=True)]
        self.stages.append(Stage(self._name, spent[0], spent[1], _peak(), int(spent[2]), int(spent[3])))
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        self._name, self._before = name, self._now()

    def advance(self, count: int) -> None:
        """Nothing: only whole stages are looked at."""

    def _now(self) -> tuple[float, float, float, float]:
        counts = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
        return time.perf_counter(), time.process_time(), float(counts["read_bytes"]), float(counts["write_bytes"])


def _peak() -> int:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


def _watched(clock: Clock) -> None:
    """Each step of a measure is a stage."""
    run = DuckDBEngine.run

    def stepped(self: DuckDBEngine, part: Step | Fit, values: Values) -> None:
        clock.stage(f"step {part.name}")
        run(self, part, values)
        clock.stage("between steps")

    DuckDBEngine.run = stepped  # type: ignore[method-assign]


def main() -> None:
    """Read, measure, write the page; print the account."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("log", type=Path)
    parser.add_argument("page", type=Path)
    parser.add_argument("--memory")
    parser.add_argument("--temporary", type=Path)
    arguments = parser.parse_args()
    clock = Clock()
    _watched(clock)
    limits = Limits(arguments.memory, arguments.temporary)
    with Record.temporary(limits) as record:
        for _ in read_into(record, inputs_of([arguments.log]), Options(), clock):
            pass
        size = record.path.stat().st_size
        with Study(record, Settings(memory_limit=limits.memory, temporary=limits.temporary), clock) as study:
            said = report_of(study)
            clock.stage("writing the page")
            arguments.page.write_text(render(said), encoding="utf-8")
            clock.stage("end")
            rows = {name: study.engine.rows(f"SELECT count(*) FROM {name}")[0][0] for name in ("people", "toward", "posts", "ties")}
    stages = [asdict(stage) for stage in clock.stages]
    json.dump({"stages": stages, "rows": rows, "record_bytes": size, "log_bytes": arguments.log.stat().st_size}, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
