"""On a real cluster, from the command line: the same table and report; a worker killed in the middle; nothing of people in any log.

Each command is a process of its own: this one's Spark is another.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("pyspark")

from regard.engines.duckdb.engine import DuckDBEngine
from regard.record.dataset_files import write
from regard.simulate.community import simulate
from regard.surfaces.cli import run

from ...communities import recorded
from ..alike import alike
from .cluster import Cluster, cluster
from .commands import begin, ended, environment

pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("cluster")) as made:
        yield made


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up community."""
    folder = tmp_path_factory.mktemp("dataset") / "demo"
    demo = simulate(people=40, days=240, seed=3)
    with recorded(demo.acts, demo.accounts) as record:
        write(record.path, folder)
    return folder


def wait_for_executors(cluster: Cluster, process: subprocess.Popen[str]) -> None:
    """Wait until both workers have an executor at work."""
    end = time.monotonic() + 120
    while len(cluster.executors()) < 2:
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.2)


def test_the_report_of_a_cluster_is_that_of_one_machine(
    two_workers: Cluster, dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["report", str(dataset), "--json", "-o"]
    theirs, _ = ended(begin([*arguments, str(tmp_path / "theirs.html"), "--engine", "spark", "--master", two_workers.master], tmp_path))
    assert run([*arguments, str(tmp_path / "mine.html")]) == 0
    mine = capsys.readouterr().out
    assert alike(json.loads(mine), json.loads(theirs))
    assert json.loads(mine)["sections"]["unanswered"]["questions"]
    words = {ask["words"] for ask in json.loads(mine)["sections"]["unanswered"]["questions"]} - {None}
    logs = two_workers.logs()
    assert words
    assert "Launching executor" in logs
    assert not [word for word in words if word in logs]


STUMBLE = """
import sys
import numpy as np
from regard.engines.base import Step
from regard.engines.spark.engine import SparkEngine
from regard.errors import StepFailed

engine = SparkEngine(sys.argv[1])
engine.put("t", {"word": np.array(["dear diary"] * 10, dtype=object)})
try:
    engine.run(Step("numbers", "SELECT CAST(word AS INTEGER) AS n FROM t"), {})
except StepFailed as error:
    print(error)
"""


@pytest.mark.parametrize("is_local", [True, False], ids=["one machine", "cluster"])
def test_no_log_holds_a_value_that_spark_could_not_process(is_local: bool, two_workers: Cluster, tmp_path: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-c", STUMBLE, "local[1]" if is_local else two_workers.master]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment(tmp_path / "conf"))
    assert "CAST_INVALID_INPUT" in done.stdout
    assert not [line for line in done.stderr.splitlines() if "incubator modules" not in line]  # Java's own
    assert "diary" not in done.stdout + done.stderr + two_workers.logs()


def test_a_table_ends_right_though_an_executor_and_then_a_worker_are_killed(two_workers: Cluster, dataset: Path, tmp_path: Path) -> None:
    output = tmp_path / "theirs.parquet"
    process = begin(["table", str(dataset), "kept", "-q", "-o", str(output), "--engine", "spark", "--master", two_workers.master], tmp_path)
    for whole_worker in (False, True):
        wait_for_executors(two_workers, process)
        time.sleep(8)  # in the middle of the steps
        os.kill(two_workers.workers[1].pid if whole_worker else two_workers.executors()[0], signal.SIGKILL)
    assert process.poll() is None
    ended(process)
    assert len(two_workers.executors()) < 2
    assert run(["table", str(dataset), "kept", "-o", str(tmp_path / "mine.parquet")]) == 0
    engine = DuckDBEngine()
    mine, theirs = (engine.rows(f"FROM '{path}' ORDER BY ALL") for path in (tmp_path / "mine.parquet", output))
    engine.close()
    assert mine
    assert alike(mine, theirs)
