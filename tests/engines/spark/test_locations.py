"""Datasets and temporary files on file systems that only Spark knows. The tests use one of Hadoop's that needs no server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("pyspark")

from regard.base.locations import RemoteUri
from regard.engines.base import Step
from regard.engines.spark.engine import SparkEngine
from regard.engines.spark.hadoop import Folder
from regard.errors import DamagedRecord, InputError, NotARecord, UsageError
from regard.record.dataset import Dataset, open_record
from regard.record.dataset_files import write
from regard.record.dataset_manifest import MANIFEST
from regard.simulate.community import simulate
from regard.studies.settings import Settings
from regard.studies.study import Study
from regard.surfaces.cli import run

from ...communities import recorded

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.spark

VIEW = RemoteUri("viewfs://here/shared")


@pytest.fixture
def shared(spark: SparkSession, tmp_path: Path) -> Iterator[Path]:
    """A folder that Spark knows as VIEW; with a dataset in it."""
    folder = tmp_path / "shared [by all]"
    folder.mkdir()
    settings = spark.sparkContext._jsc.hadoopConfiguration()
    settings.set("fs.viewfs.impl.disable.cache", "true")
    settings.set("fs.viewfs.mounttable.here.link./shared", folder.as_uri())
    demo = simulate(people=20, days=90, seed=3)
    with recorded(demo.acts, demo.accounts) as record:
        write(record.path, folder / "demo")
    yield folder
    settings.unset("fs.viewfs.mounttable.here.link./shared")


def test_a_study_of_a_dataset_there_with_its_steps_there(shared: Path, tmp_path: Path) -> None:
    dataset = open_record(f"{VIEW}/demo/")
    settings = Settings(engine="spark", temporary=str(VIEW))
    with Study(dataset, settings) as study, Study(open_record(shared / "demo")) as mine:
        assert study.reached.rows() == mine.reached.rows()
        (steps,) = shared.glob("regard-*")
        assert steps.stat().st_mode & 0o077 == 0
        assert any(folder.name.startswith("reached-") for folder in steps.iterdir())
        study.reached.write(tmp_path / "theirs.csv")
        mine.reached.write(tmp_path / "mine.csv")
    assert (tmp_path / "theirs.csv").read_bytes() == (tmp_path / "mine.csv").read_bytes()
    assert [path.name for path in shared.iterdir()] == ["demo"]


def test_the_command_line_takes_them(shared: Path, tmp_path: Path) -> None:
    output = tmp_path / "reached.csv"
    options = ["--engine", "spark", "--temporary", str(VIEW)]
    assert run(["table", f"{VIEW}/demo", "reached", "-q", "-o", str(output), *options]) == 0
    assert run(["table", (shared / "demo").as_uri(), "reached", "-q", "-o", str(tmp_path / "mine.csv")]) == 0
    assert output.read_bytes() == (tmp_path / "mine.csv").read_bytes()


def test_a_remote_dataset_with_missing_files_is_refused(shared: Path) -> None:
    manifest = json.loads((shared / "demo" / MANIFEST).read_text())
    (shared / "demo" / "notes" / "part-0.parquet").rename(shared / "notes")
    with pytest.raises(DamagedRecord, match=r"notes/part-0\.parquet"):
        Study(open_record(f"{VIEW}/demo"), Settings(engine="spark"))
    (shared / "demo" / MANIFEST).write_text(json.dumps({**manifest, "files": {"../notes": (shared / "notes").stat().st_size}}))
    with pytest.raises(DamagedRecord, match=r"\.\./notes"):
        Study(open_record(f"{VIEW}/demo"), Settings(engine="spark"))
    (shared / "demo" / MANIFEST).write_text("{")
    with pytest.raises(DamagedRecord, match="no JSON"):
        Study(open_record(f"{VIEW}/demo"), Settings(engine="spark"))
    with pytest.raises(NotARecord, match=r"viewfs://here/shared/no-such: not a dataset"):
        Study(open_record(f"{VIEW}/no-such"), Settings(engine="spark"))


@pytest.mark.usefixtures("spark")
@pytest.mark.parametrize("uri", ["viewfs://nowhere/x", "s3x://bucket/x", "hdfs://127.0.0.1:1/x"])
def test_an_address_that_spark_can_not_reach_is_refused(uri: str) -> None:
    with pytest.raises(InputError, match=f"{uri}.*: Spark can't get there"):
        Study(open_record(uri), Settings(engine="spark"))
    with pytest.raises(InputError, match=f"{uri}.*: Spark can't get there"):
        SparkEngine(temporary=uri)


def test_only_spark_gets_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="by Spark alone"):
        Study(Dataset(VIEW))
    assert run(["report", str(VIEW), "-o", str(tmp_path / "x.html")]) == 2
    with recorded([]) as record, pytest.raises(UsageError, match="--into FOLDER/"):
        Dataset.temporary(record, str(VIEW))


def test_a_folder_is_the_same_on_both_file_systems(spark: SparkSession, shared: Path) -> None:
    local, remote = Folder(spark, shared / "demo"), Folder(spark, RemoteUri(f"{VIEW}/demo"))
    assert local.folders() == remote.folders() == sorted(path.name for path in (shared / "demo").iterdir() if path.is_dir())
    assert local.sizes() == remote.sizes()
    assert local.text(MANIFEST) == remote.text(MANIFEST) == (shared / "demo" / MANIFEST).read_text()
    with pytest.raises(FileNotFoundError):
        remote.text("no such")
    with closing(SparkEngine(temporary=shared)) as engine:
        engine.put("t", {"n": np.arange(3)})
        engine.run(Step("t", "SELECT max(n) AS n FROM t"), {})
        assert engine.rows("FROM t") == [(2,)]
