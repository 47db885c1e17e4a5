"""Datasets on the command line: read into, looked at, extended; by Spark where it is asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from regard.surfaces.cli import run

pytestmark = pytest.mark.long

HEAD = "from,to,time\n"


def lines(start: int, end: int) -> str:
    """Rows of a table."""
    return HEAD + "".join(f"p{n % 7},p{(n * 3 + 1) % 7},2024-{1 + n // 28:02d}-{1 + n % 28:02d}T10:00:00\n" for n in range(start, end))


@pytest.fixture
def logs(tmp_path: Path) -> list[Path]:
    """Two tables that follow each other."""
    for name, text in (("one.csv", lines(0, 200)), ("two.csv", lines(200, 330))):
        (tmp_path / name).write_text(text)
    return [tmp_path / "one.csv", tmp_path / "two.csv"]


def test_a_slash_makes_a_dataset_and_it_is_extended_without_one(
    logs: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data"
    assert run(["read", str(logs[0]), "--into", f"{folder}/"]) == 0
    assert "200 acts, 7 people known" in capsys.readouterr().out
    assert run(["read", *map(str, logs), "--into", str(folder)]) == 0
    printed = capsys.readouterr().out
    assert "read before" in printed
    assert "330 acts, 7 people known" in printed
    assert run(["read", *map(str, logs), "--into", str(tmp_path / "c.regard")]) == 0
    tables = {}
    for path in (folder, tmp_path / "c.regard"):
        capsys.readouterr()
        assert run(["table", str(path), "kept", "--json"]) == 0
        tables[path] = json.loads(capsys.readouterr().out)
    assert tables[folder] == tables[tmp_path / "c.regard"]
    assert {path.name for path in tmp_path.iterdir()} == {"one.csv", "two.csv", "data", "c.regard"}


def test_report_backtest_and_person_take_a_dataset(logs: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["read", *map(str, logs), "--into", f"{tmp_path / 'data'}/"]) == 0
    assert run(["report", str(tmp_path / "data"), "-o", str(tmp_path / "r.html")]) == 0
    assert run(["person", str(tmp_path / "data"), "p1"]) == 0
    assert run(["backtest", str(tmp_path / "data"), "--draws", "1000"]) == 0
    assert "acts between people" in capsys.readouterr().out


def test_an_interrupted_read_leaves_the_dataset_as_it_was(
    logs: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data"
    assert run(["read", str(logs[0]), "--into", f"{folder}/"]) == 0
    before = {path: path.read_bytes() for path in folder.rglob("*.parquet")}

    def interrupted(*_: object, **__: object) -> list[dict[str, object]]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("regard.studies.read.read_into", interrupted)
        assert run(["read", str(logs[1]), "--into", str(folder)]) == 130
    assert "The dataset is as it was." in capsys.readouterr().err
    assert {path: path.read_bytes() for path in folder.rglob("*.parquet")} == before


@pytest.mark.parametrize("into", ["notes/", "notes"])
def test_a_folder_of_something_else_is_refused_before_anything_is_read(
    into: str, logs: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("mine")
    assert run(["read", str(logs[0]), "--into", f"{tmp_path}/{into}"]) == 3
    assert "left as it is" in capsys.readouterr().err
    assert run(["table", str(tmp_path / "notes"), "kept"]) == 3
    assert [path.name for path in (tmp_path / "notes").iterdir()] == ["mine.txt"]


def test_a_master_is_for_spark(logs: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", str(logs[0]), "--master", "local[2]", "-o", str(tmp_path / "r.html")]) == 2
    assert "only Spark has a master" in capsys.readouterr().err
