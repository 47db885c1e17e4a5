"""Progress, sentences, tables and JSON on a terminal or in a pipe. All that a command prints goes through here: a test holds it."""

from __future__ import annotations

import json
import sys
import textwrap
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import typer

from regard.base.progress import NO_PROGRESS, Progress

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

PATIENCE = 1.0
"""Seconds of work before its progress shows."""


@contextmanager
def show_progress(*, quiet: bool = False) -> Iterator[Progress]:
    """Progress on standard error, for work that takes longer than a second; none if standard error is no terminal."""
    if quiet or not sys.stderr.isatty():
        yield NO_PROGRESS
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    columns = (
        TextColumn("{task.description}", markup=False), BarColumn(bar_width=24), TaskProgressColumn(), TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    line = _ProgressLine(RichProgress(*columns, console=Console(stderr=True), transient=True))
    try:
        yield line
    finally:
        line.end()


class _ProgressLine:
    """Progress on one line of Rich. It shows itself when work has taken a second.

    A stage with a total counts how far it is. In a stage without a total, the line shows how far the running statement is.
    """

    def __init__(self, progress: RichProgress) -> None:
        self.progress, self.total, self.unit = progress, False, ""
        self.task = progress.add_task("", total=None, rate="")
        self.ended = threading.Event()
        self.ticker = threading.Thread(target=self._tick, daemon=True)
        self.ticker.start()

    def stage(self, name: str, total: int | None = None, unit: str = "") -> None:
        """Begin a stage."""
        self.total, self.unit = total is not None, unit
        self.progress.reset(self.task, description=printable(name), total=total, rate="")

    def advance(self, count: int) -> None:
        """Count more of the stage as done."""
        self.progress.advance(self.task, count)

    def end(self) -> None:
        """Remove the line: all work is done."""
        self.ended.set()
        self.ticker.join()
        self.progress.stop()

    def _tick(self) -> None:
        from regard.studies.progress import statement_progress

        if self.ended.wait(PATIENCE):
            return
        self.progress.start()
        while not self.ended.wait(0.2):
            if self.total:
                speed = self.progress.tasks[0].speed
                rate = f"{speed / 1e6:.0f} MB/s" if speed and self.unit == "B" else ""
                self.progress.update(self.task, rate=rate)
            elif (share := statement_progress()) is not None:
                self.progress.update(self.task, total=1.0, completed=share)


def printable(text: str) -> str:
    """Text without characters that could control the terminal, turn the direction of writing or begin a line: names and words come from
    strangers.

    >>> printable("a\\x1b[2Jb\\nc")
    'a�[2Jb�c'
    """
    return "".join(char if char.isprintable() else "�" for char in text)


def printable_lines(text: str) -> str:
    """The same for a text of several lines. All but the first are indented, so that no name can pass for a line of ours.

    >>> printable_lines("unknown person Ann\\nregard: all is well")
    'unknown person Ann\\n  regard: all is well'
    """
    return "\n  ".join(printable(line) for line in text.split("\n"))


def say(text: str = "", indent: int = 0) -> None:
    """Print a text on standard output, wrapped if that is a terminal."""
    if sys.stdout.isatty():
        typer.echo(textwrap.fill(printable_lines(text), 100, initial_indent=" " * indent, subsequent_indent=" " * indent))
    else:
        typer.echo(" " * indent + printable_lines(text))


def complain(text: str) -> None:
    """Print a text on standard error, after the name of the program."""
    typer.echo(f"regard: {printable_lines(text)}", err=True)


def confirm(question: str) -> None:
    """Ask on standard error, and raise typer.Abort unless the answer is yes."""
    typer.confirm(printable(question), abort=True, err=True)


def say_json(value: object) -> None:
    """Print a value as JSON on standard output."""
    typer.echo(as_json(value))


def as_json(value: object) -> str:
    """A value as JSON: dataclasses as objects, times in ISO form, and codes for characters that could control a terminal.

    >>> as_json(["é", "a\\u202eb\\x9b"])
    '[\\n  "é",\\n  "a\\\\u202eb\\\\u009b"\\n]'
    """
    text = json.dumps(plain(value), ensure_ascii=False, indent=2)
    return "".join(char if char.isprintable() or char == "\n" else json.dumps(char)[1:-1] for char in text)


def say_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table on standard output, its first column aligned to the left and the others to the right."""
    heads, cells = [printable(head) for head in heads], [[printable(cell) for cell in row] for row in rows]
    if sys.stdout.isatty():
        _say_rich(heads, cells)
        return
    widths = [max(len(row[i]) for row in [list(heads), *cells]) for i in range(len(heads))]
    for row in (heads, *cells):
        typer.echo(
            "  ".join(cell.rjust(width) if i else cell.ljust(width) for i, (cell, width) in enumerate(zip(row, widths, strict=True)))
        )


def say_row(cells: Iterable[object]) -> None:
    """Print one row of tab-separated cells on standard output."""
    typer.echo("\t".join("" if cell is None else printable(str(cell)) for cell in cells))


def _say_rich(heads: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE, pad_edge=False)
    for i, head in enumerate(heads):
        table.add_column(Text(head), justify="right" if i else "left", no_wrap=not i)
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


def plain(value: object) -> object:
    """Dataclasses, tuples and times as what JSON knows. A field whose metadata has a `json` name goes by that name."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.metadata.get("json", field.name): plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime | date) else value
