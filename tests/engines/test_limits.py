"""How much of the machine is taken: limits hold, what doesn't fit lies where it should, and what can't go on ends in words."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import pytest

from regard.engines.base import Step
from regard.engines.duckdb.connection import change_setting, connect
from regard.engines.duckdb.engine import DuckDBEngine
from regard.engines.limits import DEFAULT, Limits
from regard.errors import OutOfDisk, OutOfMemory, UsageError
from regard.record.record import Record
from regard.surfaces.cli import run

pytestmark = pytest.mark.long

SORTED = Step("sorted", "SELECT n, hash(n) AS h, hash(n + 1) AS i FROM range(4000000) r(n) ORDER BY h")
LOG = "from,to,time\n" + "".join(f"person number {n},person number {n // 2},{1_700_000_000 + n}\n" for n in range(200_000))


def memory_of(limits: Limits) -> str:
    with closing(connect(limits=limits)) as connection:
        return str(connection.execute("SELECT current_setting('memory_limit')").fetchall()[0][0])


def test_a_share_of_the_machine_is_taken_unless_another_is_named() -> None:
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    amount, unit = memory_of(DEFAULT).split()
    assert unit == "MiB" or float(amount) < machine / 2
    assert memory_of(Limits("512MiB")) == "512.0 MiB"
    with pytest.raises(UsageError, match="memory_limit cannot be 'much'"):
        memory_of(Limits("much"))


def test_a_path_that_duckdb_cannot_take_is_told(tmp_path: Path) -> None:
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/\xff")
    with pytest.raises(UsageError, match="no path that is not UTF-8"):
        Record.at(odd)
    Path(odd).mkdir()
    with pytest.raises(UsageError, match="no path that is not UTF-8"):
        memory_of(Limits(temporary=odd))
    assert [*Path(odd).rglob("*.regard"), *tmp_path.glob("*.regard")] == []


def test_a_small_machine_gives_more_of_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regard.engines.duckdb.connection.MEMORY_SHARE", "64MiB")
    assert memory_of(DEFAULT) == "953.5 MiB"  # 1 GB, but for decimals that are cut off
    monkeypatch.setattr("regard.engines.duckdb.connection.MEMORY_CEILING", "300MiB")
    assert memory_of(DEFAULT) == "300.0 MiB"


def test_what_does_not_fit_lies_in_the_folder_that_is_named(tmp_path: Path) -> None:
    with closing(DuckDBEngine(Limits("60MB", tmp_path))) as engine:
        engine.run(SORTED, {})
        assert sum(path.stat().st_size for path in tmp_path.rglob("duckdb_temp*")) > 30_000_000
        assert engine.rows("SELECT count(*), min(n), max(n) FROM sorted") == [(4_000_000, 0, 3_999_999)]


def test_no_memory_and_no_disk_are_told_apart(tmp_path: Path) -> None:
    with closing(DuckDBEngine(Limits("60MB", tmp_path))) as engine:
        change_setting(engine.connection, "max_temp_directory_size", "5MB")
        with pytest.raises(OutOfDisk, match="Name a larger folder"):
            engine.run(SORTED, {})
        assert engine.rows("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'sorted'") == [(0,)]
        engine.run(Step("small", "SELECT 1 AS n"), {})
        assert engine.rows("FROM small") == [(1,)]
    with closing(DuckDBEngine(Limits("2MB"))) as engine, pytest.raises(OutOfMemory, match="--memory 8GB"):
        engine.run(SORTED, {})


def test_reading_keeps_to_its_limits_and_a_record_stays_as_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log, record = tmp_path / "log.csv", tmp_path / "c.regard"
    log.write_text(LOG)
    (tmp_path / "few.csv").write_text(LOG[: LOG.index("\n", 1000)])
    assert run(["read", str(tmp_path / "few.csv"), "--into", str(record)]) == 0
    before = Record.open(record).counts()
    command = ["read", str(log), "--into", str(record), "--temporary", str(tmp_path)]
    assert run([*command, "--memory", "4MB"]) == 1
    assert "needs more memory than it may use; raise it with --memory" in capsys.readouterr().err
    assert Record.open(record).counts() == before
    assert run([*command, "--memory", "300MB"]) == 0
    assert Record.open(record).counts().acts == 200_000  # those of the few are among them
    assert sorted(path.name for path in tmp_path.iterdir() if not path.name.startswith("regard-")) == ["c.regard", "few.csv", "log.csv"]
