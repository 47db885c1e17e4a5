"""One run of the whole job, with the cost of every stage. `growth.py` starts it, each time as a process of its own.

    python bench/stages.py LOG-OR-DATASET REPORT.html [--memory 5GB] [--temporary FOLDER] [--engine spark --master local-cluster[2,1,3072]]

Prints JSON. For each stage: seconds, processor seconds of this process, its largest resident memory during the stage, bytes read from and
written to disk, bytes shuffled between Spark's executors. Steps of measures are stages too. Linux only: the figures come from /proc.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

# Before numpy is imported, as the command `regard` does.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from regard.base.locations import Location, local_path
from regard.engines.base import ArrayStep, Engine, Step, Values
from regard.engines.limits import Limits
from regard.record.dataset import Dataset
from regard.record.record import Record
from regard.sources.base import Options
from regard.studies.read import inputs_of, read_into
from regard.studies.report import report_of
from regard.studies.settings import Settings
from regard.studies.study import Study
from regard.surfaces.pages.page import render


@dataclass
class Stage:
    """The cost of one stage."""

    name: str
    seconds: float
    processor: float
    """Seconds."""
    peak_mib: int
    disk_read: int
    """Bytes; so are the next two."""
    disk_written: int
    shuffled: int


class Clock:
    """A Progress that measures the cost of each stage."""

    def __init__(self) -> None:
        self.stages: list[Stage] = []
        self.shuffled: Callable[[], int] = int
        self._name, self._before = "starting", self._now()

    def stage(self, name: str, total: int | None = None, unit: str = "") -> None:  # noqa: ARG002
        """Begin a stage, and end the one before it."""
        now = self._now()
        seconds, processor, *counts = (after - before for after, before in zip(now, self._before, strict=True))
        self.stages.append(Stage(self._name, seconds, processor, peak_of("self"), *(int(count) for count in counts)))
        Path("/proc/self/clear_refs").write_text("5")  # reset the peak of resident memory
        self._name, self._before = name, self._now()

    def advance(self, count: int) -> None:
        """Do nothing: only complete stages count."""

    def _now(self) -> tuple[float, ...]:
        counts = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
        return time.perf_counter(), time.process_time(), int(counts["read_bytes"]), int(counts["write_bytes"]), self.shuffled()


def peak_of(process: str) -> int:
    """The largest resident memory of a process, in MiB."""
    line = next((line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("VmHWM")), "VmHWM: 0 kB")
    return int(line.split()[1]) // 1024


def _time_steps(clock: Clock, engine_class: type[Any]) -> None:
    """Make each step of a measure a stage."""
    run = engine_class.run

    def timed_run(self: Engine, part: Step | ArrayStep, values: Values) -> None:
        clock.stage(f"step {part.name}")
        run(self, part, values)
        clock.stage("between steps")

    engine_class.run = timed_run


def _engine_class(engine: str) -> type[Any]:
    if engine == "duckdb":
        from regard.engines.duckdb.engine import DuckDBEngine

        return DuckDBEngine
    from regard.engines.spark.engine import SparkEngine

    return SparkEngine


def _shuffled() -> int:
    """Bytes that the executors have written for one another so far."""
    from pyspark import SparkContext

    context = SparkContext._active_spark_context
    assert context is not None
    executors = context._jsc.sc().statusStore().executorList(False)
    return sum(int(executors.apply(i).totalShuffleWrite()) for i in range(executors.size()))


def _machines() -> dict[str, int]:
    """The largest resident memory of each process of Spark, in MiB: the driver's Java, and the executors."""
    peaks = {}
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            command, peak = (process / "cmdline").read_text(errors="replace"), peak_of(process.name)
        except OSError:
            continue
        if "CoarseGrainedExecutorBackend" in command and "--executor-id" in command:
            peaks[f"executor {process.name}"] = peak
        elif "org.apache.spark.deploy.SparkSubmit" in command:
            peaks["driver's Java"] = peak
    return peaks


@contextmanager
def _record(path: Path, limits: Limits, clock: Clock) -> Iterator[Record | Dataset]:
    """A dataset that exists, or a log read into a new record."""
    if path.is_dir():
        yield Dataset.open(path)
        return
    with Record.temporary(limits) as record:
        for _ in read_into(record, inputs_of([path]), Options(), clock):
            pass
        yield record


def _size(location: Location) -> int:
    """Bytes of a file, or of all files in a folder."""
    path = local_path(location)
    return sum(file.stat().st_size for file in ([path] if path.is_file() else path.rglob("*")))


def main() -> None:
    """Read, measure, write the page, and print the costs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("log", type=Path)
    parser.add_argument("page", type=Path)
    parser.add_argument("--memory")
    parser.add_argument("--temporary")
    parser.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb")
    parser.add_argument("--master")
    arguments = parser.parse_args()
    clock = Clock()
    _time_steps(clock, _engine_class(arguments.engine))
    limits = Limits(arguments.memory, arguments.temporary)
    memory = limits.memory if arguments.engine == "duckdb" else None
    settings = Settings(memory_limit=memory, temporary=limits.temporary, engine=arguments.engine, master=arguments.master)
    with _record(arguments.log, limits, clock) as record:
        size = _size(record.path)
        clock.stage("opening")
        with Study(record, settings, clock) as study:
            if arguments.engine == "spark":
                clock.shuffled = _shuffled
            report = report_of(study)
            clock.stage("writing the page")
            arguments.page.write_text(render(report), encoding="utf-8")
            clock.stage("end")
            relations = ("people", "interactions", "posts", "ties")
            rows = {name: study.engine.scalar(int, f"SELECT count(*) FROM {name}") for name in relations}
            machines = _machines() if arguments.engine == "spark" else {}
    figures = {"stages": [asdict(stage) for stage in clock.stages], "rows": rows, "record_bytes": size, "machines": machines}
    json.dump({**figures, "log_bytes": _size(arguments.log)}, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
