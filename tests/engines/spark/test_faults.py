"""What can't go on ends in words, an exit code, and nothing half made: an executor without memory, a full disk, a lost file."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

pytest.importorskip("pyspark")

from regard.findings.disclosure import Audience
from regard.findings.report import Report
from regard.record.dataset_files import write
from regard.simulate.community import simulate
from regard.studies import report
from regard.studies.study import Study
from regard.surfaces.cli import run

from ...communities import act, recorded
from .cluster import cluster
from .commands import begin, ended

pytestmark = pytest.mark.spark

DIARY = "dear diary "
LONG = 300_000_000
"""Bytes of one message: more than an executor of 512 MB can have in hand, and next to nothing in a Parquet file."""


def dataset_at(path: Path, words: str | None = None) -> Path:
    """Write a dataset of a simulated community with one more message of these words."""
    demo = simulate(people=20, days=90, seed=3)
    message = [act(1, "ann", "message", "bea", text=words)] if words else []
    with recorded([*demo.acts, *message], demo.accounts) as record:
        write(record.path, path)
    return path


def output_of(process: subprocess.Popen[str], code: int) -> str:
    """What a command printed on standard error; it must have ended with this code."""
    out, err = ended(process, code)
    assert "diary" not in out + err
    return err


def test_an_executor_without_memory(tmp_path: Path) -> None:
    dataset = dataset_at(tmp_path / "demo", DIARY * (LONG // len(DIARY)))
    (tmp_path / "cluster").mkdir()
    (tmp_path / "steps").mkdir()
    with cluster(tmp_path / "cluster", workers=1) as machines:
        output = tmp_path / "kept.parquet"
        where = ["--engine", "spark", "--master", machines.master, "--temporary", str(tmp_path / "steps")]
        errors = output_of(begin(["table", str(dataset), "kept", "-o", str(output), *where], tmp_path), 1)
        assert "needs more memory than it may use; raise it with spark.driver.memory or spark.executor.memory" in errors
        assert not output.exists()
        assert not [*(tmp_path / "steps").iterdir()]
        assert "exited with code 52" in machines.logs()  # what Spark's executors end with when they have no memory
        assert "diary" not in machines.logs()


def test_a_machine_without_memory(tmp_path: Path) -> None:
    # Spark and its executor are one process. Its end shows in one way or another, and either error is right.
    dataset, output = dataset_at(tmp_path / "demo", DIARY * (LONG // len(DIARY))), tmp_path / "kept.parquet"
    (tmp_path / "steps").mkdir()
    where = ["--engine", "spark", "--master", "local[1]", "--temporary", str(tmp_path / "steps")]
    errors = output_of(begin(["table", str(dataset), "kept", "-q", "-o", str(output), *where], tmp_path), 1)
    assert "Spark itself has ended, most often for want of memory" in errors or "needs more memory than it may use" in errors
    assert "Traceback" not in errors
    assert not output.exists()
    assert not [*(tmp_path / "steps").iterdir()]


def full_disk(folder: Path, kilobytes: int) -> list[str]:
    """A command that runs another one with a disk of this size mounted at `folder`. Skips the test if nobody may mount one."""
    mount = f"mount -t tmpfs -o size={kilobytes}k tmpfs {folder}"
    if subprocess.run(["unshare", "--map-root-user", "--mount", "sh", "-c", mount], capture_output=True, check=False).returncode:
        pytest.skip("needs a disk of its own")
    return ["unshare", "--map-root-user", "--mount", "sh", "-c", f'{mount} && exec "$0" "$@"']


def test_a_full_disk(tmp_path: Path) -> None:
    dataset = dataset_at(tmp_path / "demo")
    steps, output = tmp_path / "steps", tmp_path / "kept.parquet"
    steps.mkdir()
    where = ["--engine", "spark", "--master", "local[2]", "--temporary", str(steps)]
    errors = output_of(begin(["table", str(dataset), "kept", "-o", str(output), *where], tmp_path, full_disk(steps, 256)), 1)
    assert "more disk than there is" in errors
    assert "--memory" not in errors  # that is DuckDB's
    assert not output.exists()


@pytest.mark.usefixtures("spark")
def test_a_file_that_is_lost_in_the_middle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    dataset, output = dataset_at(tmp_path / "demo", DIARY), tmp_path / "out.html"
    report_of = report.report_of

    def after_a_loss(study: Study, *, title: str, audience: Audience, me: str | None, mask: bool | None) -> Report:
        for file in dataset.glob("acts/*/*.parquet"):
            file.unlink()
        return report_of(study, title=title, audience=audience, me=me, mask=mask)

    monkeypatch.setattr(report, "report_of", after_a_loss)
    assert run(["report", str(dataset), "-q", "--engine", "spark", "-o", str(output)]) == 3
    printed = capfd.readouterr()
    assert "a file of the dataset is missing or damaged; write the dataset again" in printed.err
    assert "diary" not in printed.out + printed.err
    assert not output.exists()
