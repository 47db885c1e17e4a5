"""The Spark engine by itself: relations whole or not at all, errors in words, files the same as DuckDB's."""

from __future__ import annotations

import logging
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("pyspark")

from regard.engines.base import ArrayStep, Step
from regard.engines.catalogue import make_engine
from regard.engines.duckdb.engine import DuckDBEngine
from regard.engines.spark import engine as module
from regard.engines.spark.engine import SparkEngine
from regard.engines.spark.hadoop import Folder
from regard.errors import DamagedRecord, EngineError, StepFailed, UsageError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.spark

ROWS = {
    "person": np.arange(500, dtype=np.int32),
    "word": np.array([f"=w{n}" if n % 3 else 'a,b\n"c"' for n in range(500)], dtype=object),
    "share": np.arange(500) / 7,
    "yes": np.arange(500) % 2 == 0,
}


def folders(engine: SparkEngine) -> list[str]:
    """The names of the folders in which the engine keeps its relations."""
    return sorted(path.name for path in local_path(engine._work_folder).iterdir())


def local_path(folder: Folder) -> Path:
    """The path of a folder of this machine."""
    return Path(folder.uri.removeprefix("file://"))


def test_an_array_step_reads_arrays_and_gives_a_relation(engine: SparkEngine) -> None:
    engine.put("t", ROWS)
    engine.run(
        ArrayStep("twice", "SELECT person FROM t ORDER BY person", lambda t, v: {"n": np.asarray(t["person"]) * int(str(v["by"]))}),
        {"by": 2},
    )
    assert engine.rows("SELECT count(*), max(n) FROM twice") == [(500, 998)]
    assert engine.arrays("SELECT sum(n) AS n FROM twice")["n"].dtype == np.float64


def test_an_array_step_of_too_many_rows_is_run_as_sql_or_refused(engine: SparkEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_DRIVER_ROWS", 499)
    engine.put("t", ROWS)
    step = ArrayStep("many", "SELECT person FROM t", lambda t, _: {"n": np.asarray(t["person"])[:1]})
    with pytest.raises(EngineError, match=r"'many' .* 499 rows .* would read 500;"):
        engine.run(step, {})
    engine.run(replace(step, sql_equivalent=(Step("many", "SELECT count(*) AS n FROM many_read"),)), {})
    assert engine.rows("FROM many") == [(500,)]
    assert engine.rows("SHOW VIEWS") == [("", "many", True), ("", "t", True)]


def test_a_relation_without_rows(engine: SparkEngine) -> None:
    engine.put("none", {"n": np.zeros(0, dtype=np.int32), "x": np.zeros(0)})
    engine.run(Step("still", "SELECT n + 1 AS n, x FROM none"), {})
    assert engine.rows("FROM still") == []
    assert [array.dtype for array in engine.arrays("FROM still").values()] == [np.int32, np.float64]


def test_a_relation_may_be_made_of_itself(engine: SparkEngine) -> None:
    engine.put("t", ROWS)
    engine.run(Step("t", "SELECT * FROM t UNION ALL SELECT * FROM t"), {})
    assert engine.rows("SELECT count(*) FROM t") == [(1000,)]
    assert len(folders(engine)) == 1


def test_a_step_that_fails_leaves_the_relation_as_it_was_and_nothing_behind(engine: SparkEngine) -> None:
    engine.put("t", ROWS)
    engine.put("kept", ROWS)
    before = folders(engine)
    with pytest.raises(StepFailed, match="DIVIDE_BY_ZERO"):
        engine.run(Step("kept", "SELECT person // (person - 400) AS n FROM t"), {})
    assert engine.rows("SELECT count(*) FROM kept") == [(500,)]
    assert folders(engine) == before
    with pytest.raises(StepFailed):
        engine.run(Step("fresh", "SELECT person // (person - 400) AS n FROM t"), {})
    with pytest.raises(StepFailed, match="fresh"):
        engine.rows("FROM fresh")


def test_an_error_names_the_step_and_its_sql_and_no_row(
    engine: SparkEngine, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    engine.put("t", {"word": np.array(["dear diary"], dtype=object)})
    with pytest.raises(StepFailed) as caught, caplog.at_level(logging.INFO):
        engine.run(Step("numbers", "SELECT CAST(word AS INTEGER) AS n FROM t"), {})
    assert "numbers" in str(caught.value)
    assert "CAST(word AS INTEGER)" in str(caught.value)
    out = capfd.readouterr()
    assert "diary" not in str(caught.value) + out.out + out.err + caplog.text


def test_a_lost_file_is_reported(engine: SparkEngine) -> None:
    engine.put("t", ROWS)
    for file in local_path(engine._folders["t"]).glob("*.parquet"):
        file.unlink()
    with pytest.raises(DamagedRecord, match="missing or damaged"):
        engine.run(Step("again", "SELECT person FROM t"), {})


def test_nothing_is_left_when_it_is_closed(spark: SparkSession) -> None:
    engine = SparkEngine()
    engine.put("t", ROWS)
    work_folder = local_path(engine._work_folder)
    engine.close()
    assert not work_folder.exists()
    assert not spark.catalog.listTables()


def test_two_engines_do_not_see_each_other(engine: SparkEngine) -> None:
    engine.put("t", ROWS)
    with closing(SparkEngine()) as other, pytest.raises(StepFailed):
        other.rows("FROM t")


def test_the_users_session_is_left_as_it_was(spark: SparkSession, engine: SparkEngine) -> None:
    assert engine.rows("SELECT make_timestamp(0) + INTERVAL 1 DAY")[0][0].isoformat() == "1970-01-02T00:00:00"  # type: ignore[attr-defined]
    assert spark.conf.get("spark.sql.session.timeZone") == "Asia/Kolkata"
    assert spark.conf.get("spark.sql.ansi.enabled") == "false"


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".tsv", ".jsonl"])
def test_a_table_is_written_as_duckdb_writes_it(suffix: str, engine: SparkEngine, tmp_path: Path) -> None:
    query = "SELECT person, word, share, CASE WHEN yes THEN person END AS half, make_timestamp(person) AS time FROM t"
    with closing(DuckDBEngine()) as duck:
        for each, name in ((duck, "mine"), (engine, "theirs")):
            each.put("t", ROWS)
            each.write(query, tmp_path / f"{name}{suffix}")
    mine, theirs = ((tmp_path / f"{name}{suffix}").read_bytes() for name in ("mine", "theirs"))
    assert mine == theirs or suffix == ".parquet"
    with closing(DuckDBEngine()) as duck:
        assert duck.rows(f"FROM '{tmp_path}/mine{suffix}'") == duck.rows(f"FROM '{tmp_path}/theirs{suffix}'")


def test_only_a_dataset_is_read(engine: SparkEngine, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--into FOLDER/"):
        engine.attach(tmp_path / "community.regard", "record")


def test_another_master_than_the_one_that_runs_is_refused(spark: SparkSession) -> None:
    assert spark.sparkContext.master == "local[2]"
    with pytest.raises(UsageError, match=r"local\[2\] already"):
        make_engine("spark", "local[3]")


def test_a_session_of_spark_connect_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Remote:
        def newSession(self) -> Remote:
            return self

    monkeypatch.setattr("pyspark.sql.SparkSession.getActiveSession", lambda: Remote())
    with pytest.raises(UsageError, match="Spark Connect"):
        SparkEngine()


def test_memory_is_said_to_spark_itself() -> None:
    with pytest.raises(UsageError, match=r"spark\.executor\.memory"):
        make_engine("spark", memory_limit="8GB")
