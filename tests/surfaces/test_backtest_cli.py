"""`regard backtest` as a user meets it: words, tables, files, exit codes; and its page names every key."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import typing
from pathlib import Path

import pytest

from regard.evaluation import graph_baselines
from regard.evaluation.backtest import results
from regard.evaluation.backtest.results import Backtest
from regard.surfaces.cli import run
from regard.surfaces.cli.backtest import say_backtest
from regard.surfaces.cli.terminal import as_json, say_table

from ..evaluation.results import sample

pytestmark = pytest.mark.long

ROOT = Path(__file__).parent.parent.parent
GOLDEN = Path(__file__).parent / "golden/backtest.txt"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Twelve people who act in turn for half a year."""
    rows = (
        f"p{n % 12},p{(n * 5 + n // 60) % 11},2024-{1 + n // 140:02d}-{1 + n // 5 % 28:02d}T{n % 5 + 9:02d}:00:00\n" for n in range(840)
    )
    path = tmp_path / "log.csv"
    path.write_text("from,to,time\n" + "".join(rows))
    return path


def test_what_is_said_is_the_golden_text(capsys: pytest.CaptureFixture[str]) -> None:
    """REGARD_GOLDEN=rewrite writes it anew; look at the difference before you keep it."""
    say_backtest(sample())
    printed = capsys.readouterr().out
    if os.environ.get("REGARD_GOLDEN") == "rewrite":
        GOLDEN.write_text(printed, encoding="utf-8")
    assert printed == GOLDEN.read_text(encoding="utf-8")


def test_a_backtest_of_an_export(log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = tmp_path / "figures.json"
    assert run(["backtest", str(log), "--json", str(figures), "--draws", "1000", "--random-seed", "5"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("log: ")
    assert "Too little to tell: " in printed
    assert "distinct people ever" in printed
    assert "1,000 draws of people, seed 5" in printed
    result = json.loads(figures.read_text())
    assert result["verdict"]["word"] == "too little"
    assert len(result["origins"]) + len(result["dropped"]) == 3
    assert {path.name for path in tmp_path.iterdir()} == {"log.csv", "figures.json"}


def test_moments_bin_and_window_are_taken(log: Path, tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    command = ["backtest", str(log), "--at", "2024-03-01", "--at", "2024-04-01", "--at", "2024-06-28", "--bin", "1d", "--window", "14d"]
    assert run([*command, "--json", str(figures)]) == 0
    result = json.loads(figures.read_text())
    assert [(o["at"], o["bin_days"], o["window_days"]) for o in result["origins"]] == [
        ("2024-03-01T00:00:00+00:00", 1, 14),
        ("2024-04-01T00:00:00+00:00", 1, 14),
    ]
    assert [dropped["at"][:10] for dropped in result["dropped"]] == ["2024-06-28"]


def test_a_record_is_as_good_as_its_export(log: Path, tmp_path: Path) -> None:
    assert run(["read", str(log), "--into", str(tmp_path / "log.regard")]) == 0
    for source in ("log.csv", "log.regard"):
        assert run(["backtest", str(tmp_path / source), "--draws", "1000", "--json", str(tmp_path / f"{source}.json")]) == 0
    assert (tmp_path / "log.csv.json").read_bytes() == (tmp_path / "log.regard.json").read_bytes()


def test_wrong_use_is_2_and_unreadable_input_3(log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["backtest", str(log), "--at", "soon"]) == 2
    assert "--at takes a day" in capsys.readouterr().err
    assert run(["backtest", str(log), "--json", str(log)]) == 2
    assert run(["backtest", str(log), "--draws", "10"]) == 2
    assert run(["backtest", str(log), "--window", "0d"]) == 2
    assert run(["backtest", str(log), "--json", str(tmp_path / "no/such/folder.json")]) == 2
    assert run(["backtest", str(tmp_path / "nowhere.csv")]) == 3
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)) * 9)
    assert run(["backtest", str(tmp_path / "noise.bin")]) == 3


def test_without_the_extra_its_install_line_is_told(log: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(graph_baselines, "import_module", missing)
    assert run(["backtest", str(log)]) == 2
    assert "pip install 'regard[backtest]'" in capsys.readouterr().err


def test_a_table_of_strangers_commands_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    say_table(("a\x1b[2J", "b"), [("x\x07", "1")])
    assert not set("\x1b\x07") & set(capsys.readouterr().out)


def test_a_table_on_a_terminal_holds_the_same_cells(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    say_table(("name", "score"), [("[bold]ann", ".612")])
    printed = capsys.readouterr().out
    assert all(word in printed for word in ("name", "score", "[bold]ann", ".612"))


# --- the schema


def keys(kind: object) -> set[str]:
    """The JSON names of all fields of a dataclass and of the dataclasses in it."""
    names: set[str] = set()
    for inner in typing.get_args(kind):
        names |= keys(inner)
    origin = typing.get_origin(kind) or kind
    if dataclasses.is_dataclass(origin):
        hints = typing.get_type_hints(origin)
        for field in dataclasses.fields(origin):
            names |= {field.metadata.get("json", field.name)} | keys(hints[field.name])
    return names


def test_the_page_names_every_key() -> None:
    page = (ROOT / "docs/backtest.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_]+)`", page))
    assert len(keys(Backtest)) > 60
    assert not keys(Backtest) - named


def test_the_page_names_every_score() -> None:
    from regard.evaluation.backtest.snapshot import SCORES
    from regard.evaluation.scores import PAIRS

    page = (ROOT / "docs/backtest.md").read_text(encoding="utf-8")
    assert not {score.name for score in (*SCORES, *PAIRS)} - set(re.findall(r"`([a-z_]+)`", page))


def test_json_is_what_the_dataclasses_say() -> None:
    result = json.loads(as_json(sample()))
    assert set(result) == {field.name for field in dataclasses.fields(results.Backtest)}
    assert result["scores"][0]["ahead"]["kept"] == {"estimate": 0.0, "low": 0.0, "high": 0.0}
    assert result["origins"][0]["at"] == "2024-05-01T08:30:00+00:00"
