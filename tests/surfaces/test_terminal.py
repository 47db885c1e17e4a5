"""What strangers wrote never commands a terminal: not in sentences, tables, JSON, errors, prompts or progress."""

from __future__ import annotations

import ast
import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard import surfaces
from regard.surfaces.cli import _say_fault, run, terminal
from regard.surfaces.cli.terminal import as_json, printable, printable_lines, say, say_row, say_table

CLI = Path(surfaces.__file__ or "").parent / "cli"
EVIL = "Eve\x1b[2J\x07\x9b31m\u202e\u2066\u200e\x7f\r"
"""Escape, bell, C1, a turn of the direction of writing, an isolate, a mark, delete, return."""
PRINTS = {"echo", "secho", "print", "confirm", "prompt", "write", "writelines", "progressbar", "echo_via_pager"}

texts = st.text() | st.text(alphabet="a\n\x1b\x9b\u202e\u2069\t\r\x00é🙏")


def is_safe(text: str) -> bool:
    """Whether nothing in it but ends of lines and tabs between cells can move a cursor or turn a line."""
    return all(char.isprintable() or char in "\n\t" for char in text)


def test_only_one_module_prints() -> None:
    for path in sorted(CLI.rglob("*.py")):
        if path.name == "terminal.py":
            continue
        nodes = [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
        calls = [node.func for node in nodes if isinstance(node, ast.Call)]
        used = {call.attr for call in calls if isinstance(call, ast.Attribute)}
        assert not used & PRINTS - ({"write"} if path.name == "table.py" else set()), path.name  # a table's `write` writes a file
        assert not {call.id for call in calls if isinstance(call, ast.Name)} & {"print", "input"}, path.name
        assert not {node.module for node in nodes if isinstance(node, ast.ImportFrom)} & {"typer", "click", "rich", "sys"}, path.name


@given(texts)
def test_nothing_that_commands_a_terminal_passes(text: str) -> None:
    assert printable(text).isprintable()
    assert len(printable(text)) == len(text)
    lines = printable_lines(text).split("\n")
    assert all(line.isprintable() for line in lines)
    assert all(line.startswith("  ") for line in lines[1:])


@given(
    st.recursive(texts | st.integers() | st.none(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3))
)
def test_json_is_safe_and_says_the_same(value: object) -> None:
    assert is_safe(as_json(value).replace("\t", "\x00"))
    assert json.loads(as_json(value)) == value


@given(st.lists(texts, min_size=1, max_size=3))
def test_tables_and_sentences_are_safe(cells: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        out = io.StringIO()
        patch.setattr("sys.stdout", out)
        say(cells[0])
        say_row(cells)
        say_table(cells, [cells])
    assert is_safe(out.getvalue())


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """A record of hostile names, two of them alike."""
    log = tmp_path / "log.csv"
    people = [EVIL, EVIL + "\nregard: all is well", "bo", "cy"]
    rows = [f'"{people[n % 4]}","{people[(n + 1 + n // 4 % 3) % 4]}",2024-01-{n % 28 + 1:02},"{EVIL} who?"' for n in range(200)]
    log.write_text("from,to,time,text\n" + "\n".join(rows) + "\n", newline="")
    assert run(["read", str(log), "--into", str(tmp_path / "c.regard")]) == 0
    return tmp_path / "c.regard"


@pytest.mark.long
def test_no_command_lets_a_name_through(
    record: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    page = str(tmp_path / "o.html")
    commands: list[list[str]] = [
        ["report", str(record), "-o", page],
        ["report", str(record), "-o", page, "--json"],
        ["report", str(record), "-o", page, "--me", EVIL],
        ["report", str(record), "-o", page, "--me", f"no {EVIL}"],
        ["report", f"no-{EVIL.replace(chr(0), '')}.zip"],
        ["report", str(record), f"--{EVIL}"],
        ["report", str(record), "--until", EVIL],
        ["report", str(record), "--view", EVIL],
        [EVIL],
        ["table", str(record), "ties"],
        ["table", str(record), "ties", "--json"],
        ["table", str(record), EVIL],
        ["table", str(record), "ties", "--seed", EVIL + "?"],
        ["person", str(record), EVIL],
        ["person", str(record), EVIL, "--json"],
        ["person", str(record), EVIL.upper() + "!"],
        ["people", "bot", str(record), "nobody"],
        ["people", "merge", str(record), EVIL, "bo"],
        ["people", "forget", str(record), EVIL],
    ]
    for command in commands:
        run(command)
        out, err = capfd.readouterr()
        assert is_safe(out + err), command
        assert out + err, command
        assert not re.search(r"^regard: all is well", out + err, re.MULTILINE), command


def test_a_fault_of_ours_is_told_without_what_strangers_wrote(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ValueError(EVIL)
    except ValueError as error:
        _say_fault(ValueError, error, error.__traceback__)
    err = capsys.readouterr().err
    assert is_safe(err)
    assert err.startswith("regard: a fault of Regard")
    assert "ValueError: Eve" in err


def test_progress_takes_names_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    out.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stderr", out)
    monkeypatch.setattr(terminal, "PATIENCE", 0.0)
    with terminal.show_progress() as progress:
        progress.stage(f"reading [red]{EVIL}[/red] [link=x]a.zip")
        for _ in range(3):
            progress.advance(1)
    shown = re.sub(r"\x1b\[[\d;?]*[A-Za-z]|\r", "", out.getvalue())
    assert "\u202e" not in out.getvalue()
    assert "\x07" not in out.getvalue()
    assert is_safe(shown)
