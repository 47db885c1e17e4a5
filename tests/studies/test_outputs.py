"""Files that people ask for never take the place of a record, a dataset or an input; what can't be written is said without a traceback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import regard
from regard.errors import UsageError
from regard.record.record import Record
from regard.studies.outputs import check_output, write_whole
from regard.surfaces.cli import run

from ..cases import mostly_long

LOG = "from,to,time\n" + "".join(f"p{n % 7},p{(n * 3 + 1) % 7},2024-{1 + n // 28:02d}-{1 + n % 28:02d}T10:00:00\n" for n in range(60))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An export, a record, a dataset, links to the first two, and a work folder."""
    (tmp_path / "log.csv").write_text(LOG)
    regard.read(tmp_path / "log.csv", into=tmp_path / "c.regard")
    assert run(["read", os.fspath(tmp_path / "log.csv"), "--into", f"{tmp_path}/d/", "-q"]) == 0
    (tmp_path / "link.csv").symlink_to(tmp_path / "log.csv")
    os.link(tmp_path / "c.regard", tmp_path / "hard.csv")
    (tmp_path / "other").mkdir()
    regard.read(tmp_path / "log.csv", into=tmp_path / "other" / "second.csv")
    return tmp_path


def state(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("name", ["{}.wal", "{}.organisation.json", ".{}.work", ".{}.lock"])
def test_what_a_record_or_a_dataset_keeps_beside_it_is_not_overwritten(name: str, folder: Path) -> None:
    """A log holds acts that are nowhere else, and a ledger what was told."""
    for kept in ("c.regard", "d"):
        with pytest.raises(UsageError, match="not overwritten"):
            check_output(folder / name.format(kept))
        check_output(folder / name.format("no record"))


COMMANDS = {
    "report": ("report", "{}", "-q", "-o"),
    "table": ("table", "{}", "kept", "-q", "-o"),
    "demo": ("demo", "-q", "--people", "10", "--days", "14", "-o"),
    "backtest": ("backtest", "{}", "-q", "--json"),
    "attack": ("attack", "{}", "-q", "--json"),
}


@pytest.mark.parametrize("command", mostly_long(COMMANDS, 2))
def test_no_command_overwrites_a_record_a_dataset_or_an_input(command: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = state(folder)
    forbidden = ["c.regard", "hard.csv", "other/second.csv", "d/dataset.json", "d/new.csv", "d/accounts/part-0.parquet"]
    cases = [(given, output) for given in ("c.regard", "d") for output in forbidden]
    if command in ("report", "backtest", "attack"):
        cases += [("log.csv", output) for output in ("log.csv", "link.csv", "c.regard")]
    for given, output in cases:
        arguments = [part.format(folder / given) for part in COMMANDS[command]]
        assert run([*arguments, os.fspath(folder / output)]) == 2, (given, output)
        assert "is not overwritten" in capsys.readouterr().err
    assert state(folder) == before


def test_functions_overwrite_none_either(folder: Path) -> None:
    before = state(folder)
    with regard.study(regard.open(folder / "c.regard")) as study:
        for output in ("c.regard", "hard.csv", "other/second.csv", "d/new.csv"):
            with pytest.raises(UsageError, match="not overwritten"):
                study.kept.write(folder / output)
            with pytest.raises(UsageError, match="not overwritten"):
                regard.report(study, folder / output)
        with pytest.raises(UsageError, match="cannot be written"):
            study.kept.write(folder / "other.csv" / "x.csv")
    assert state(folder) == before


def test_a_real_record_gets_no_made_up_people(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = state(folder)
    demo = ["demo", "-q", "--people", "10", "--days", "14", "-o", os.fspath(folder / "demo.html"), "--into"]
    assert run([*demo, os.fspath(folder / "c.regard")]) == 2
    assert "not made up" in capsys.readouterr().err
    assert state(folder) == before
    for _ in range(2):
        assert run([*demo, os.fspath(folder / "demo.regard")]) == 0


@pytest.mark.parametrize("arguments", [["--map", "actor=nobody,target=to"], ["--map", "actor"], ["--source", "slack"], ["--bot", "nobody"]])
def test_a_read_that_fails_leaves_no_empty_record(arguments: list[str], folder: Path) -> None:
    before = state(folder)
    for into in ("new.regard", "deep/new.regard", "new/"):
        assert run(["read", os.fspath(folder / "log.csv"), *arguments, "--into", f"{folder}/{into}", "-q"]) in (2, 3)
    work = [] if "--bot" in arguments else ["--work", os.fspath(folder / "work")]
    assert run(["report", os.fspath(folder / "log.csv"), *arguments, "-o", os.fspath(folder / "r.html"), *work]) in (2, 3)
    if "--bot" in arguments:  # the acts themselves were read, and are kept
        assert Record.open(folder / "new.regard").counts().acts == 60
        for kept in ("new.regard", "deep/new.regard"):
            (folder / kept).unlink()
    assert state(folder) == before


def test_a_read_that_fails_leaves_a_record_that_was_there(folder: Path) -> None:
    Record.at(folder / "empty.regard")
    before = state(folder)
    assert run(["read", os.fspath(folder / "log.csv"), "--map", "actor=nobody", "--into", os.fspath(folder / "empty.regard")]) == 2
    assert state(folder) == before


LONG = "x" * 300


@pytest.mark.long
@pytest.mark.parametrize(
    "arguments",
    [
        ["read", "log.csv", "--into", LONG], ["read", "log.csv", "--into", f"{LONG}/"], ["read", LONG, "--into", "new.regard"],
        ["report", LONG], ["report", "log.csv", "-o", LONG], ["report", "c.regard", "--work", LONG, "-o", "r.html"],
        ["table", LONG, "kept"], ["table", "c.regard", "kept", "-o", f"{LONG}.csv"], ["person", LONG, "p1"],
        ["people", "forget", LONG, "p1", "--yes"], ["people", "merge", LONG, "p1", "p2"], ["people", "bot", LONG, "p1"],
        ["demo", "--into", LONG, "-o", "d.html", "--people", "10", "--days", "14"], ["demo", "-o", LONG, "--people", "10", "--days", "14"],
        ["backtest", LONG], ["backtest", "log.csv", "--json", LONG], ["attack", "log.csv", "--json", LONG],
        ["report", "log.csv", "--temporary", LONG, "-o", "r.html"],
    ],
    ids=lambda arguments: " ".join("LONG" if LONG in part else part for part in arguments[:4]),
)  # fmt: skip
def test_a_name_too_long_is_an_error_in_words(
    arguments: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    before = state(folder)
    assert run([*arguments, *([] if arguments[0] == "people" else ["-q"])]) in (2, 3)
    assert "regard: " in capsys.readouterr().err
    assert state(folder) == before


@pytest.mark.parametrize("length", mostly_long([255, 240, 201], 1))
def test_the_longest_names_are_as_good_as_others(length: int, folder: Path) -> None:
    name = "n" * (length - 4)
    record = regard.read(folder / "log.csv", into=folder / f"{name}.reg"[:251])
    record.forget("p1")
    with regard.study(record) as study:
        study.kept.write(folder / f"{name}.csv")
    write_whole(folder / f"{name}.htm", "page")
    assert (folder / f"{name}.csv").read_text().startswith("person")
    assert not [file for file in folder.iterdir() if file.name.startswith(".")]


def test_an_output_may_replace_an_earlier_one_also_through_a_link(folder: Path) -> None:
    check_output(folder / "new.html", [folder / "log.csv"])
    (folder / "page.html").symlink_to(folder / "other" / "page.html")
    for text in ("one", "two"):
        write_whole(folder / "page.html", text)
    assert (folder / "page.html").is_symlink()
    assert (folder / "other" / "page.html").read_text() == "two"
