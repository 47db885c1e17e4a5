"""How do time and memory grow with the number of acts, on one machine and on Spark, and how far is each stage from its floor?

    python bench/growth.py --tools FOLDER [--sizes 1e5,1e6,1e7,6.3e7] [--spark 1e6,1e7] [--logs bench/logs] [--runs 1] [-o docs/scale.json]

FOLDER has gen.py, which makes a log of N acts. Each run is a process of its own (`stages.py`). Of several runs the one with the median time
is kept. The figures go to a JSON file; `python bench/scale.py docs/scale.json docs/scale.md` makes the page from it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bandwidth import measure_bandwidth

CLUSTER = "local-cluster[2,1,3072]"
"""Two workers with one processor each, as separate processes."""
SPARK = {
    "spark.executor.memory": "2g",
    "spark.driver.memory": "768m",
    "spark.sql.shuffle.partitions": "8",
    "spark.executor.heartbeatInterval": "30s",
}


def main() -> None:
    """Make the logs that are missing, run each size on each engine, and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tools", type=Path, required=True)
    parser.add_argument("--sizes", default="1e5,1e6,1e7,6.3e7")
    parser.add_argument("--spark", default="1e6,1e7")
    parser.add_argument("--logs", type=Path, default=Path("bench/logs"))
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--memory")
    parser.add_argument("--maker", default=sys.executable, help="the interpreter for gen.py: it needs pyarrow")
    parser.add_argument("-o", "--output", type=Path, default=Path("docs/scale.json"))
    arguments = parser.parse_args()
    if not (arguments.tools / "gen.py").exists():
        raise SystemExit(f"skipped: no gen.py in {arguments.tools}")
    arguments.logs.mkdir(parents=True, exist_ok=True)
    figures: dict[str, Any] = {"machine": _machine(), "bandwidth": asdict(measure_bandwidth()), "runs": {}}
    if arguments.output.exists():
        before = json.loads(arguments.output.read_text())
        # The best of all runs so far: other work on the machine does not change its floors.
        figures["bandwidth"] = {name: max(speed, before["bandwidth"][name]) for name, speed in figures["bandwidth"].items()}
        figures["runs"] = before["runs"]
    for engine, sizes in (("duckdb", arguments.sizes), ("spark", arguments.spark)):
        for size in filter(None, sizes.split(",")):
            log = arguments.logs / f"{size}-did.parquet"
            if not log.exists():
                subprocess.run([arguments.maker, str(arguments.tools / "gen.py"), size, str(log), "--ids", "did"], check=True)
            path = log if engine == "duckdb" else _dataset(log)
            runs = sorted((_run(path, engine, arguments.memory) for _ in range(arguments.runs)), key=_seconds)
            median = runs[len(runs) // 2]
            figures["runs"].setdefault(engine, {})[size] = median
            print(f"{engine} {size}: {_seconds(median):.1f} s", flush=True)
            arguments.output.write_text(json.dumps(figures, indent=1) + "\n")


def _dataset(log: Path) -> Path:
    """A log as a dataset, which Spark reads. It is made once."""
    path = log.with_suffix("")
    if not path.exists():
        subprocess.run(
            [sys.executable, "-m", "regard", "read", str(log), "--into", f"{path}/", "-q"], check=True, stdout=subprocess.DEVNULL
        )
    return path


def _run(log: Path, engine: str, memory: str | None) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-W", "ignore", str(Path(__file__).with_name("stages.py")), str(log), f"{folder}/report.html"]
        settings = ["--engine", engine, *(["--master", CLUSTER] if engine == "spark" else []), *(["--memory", memory] if memory else [])]
        (Path(folder) / "spark-defaults.conf").write_text("".join(f"{name} {value}\n" for name, value in SPARK.items()))
        environment = {**os.environ, "SPARK_CONF_DIR": folder, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
        process = subprocess.run([*command, *settings], stdout=subprocess.PIPE, check=True, env=environment)
    return dict(json.loads(process.stdout))


def _seconds(run: dict[str, Any]) -> float:
    return float(sum(stage["seconds"] for stage in run["stages"]))


def _machine() -> dict[str, str | int | None]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {"processors": os.cpu_count(), "memory_bytes": memory, "system": platform.system(), "python": platform.python_version()}


if __name__ == "__main__":
    main()
