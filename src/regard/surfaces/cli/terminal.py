"""Progress and sentences on a terminal; silence where there is none."""

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
"""Seconds after which work shows its progress."""


@contextmanager
def showing_progress(*, quiet: bool = False) -> Iterator[Progress]:
    """Progress on standard error for work over a second, where it is a terminal; silence otherwise."""
    if quiet or not sys.stderr.isatty():
        yield NO_PROGRESS
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    columns = (
        TextColumn("{task.description}"), BarColumn(bar_width=24), TaskProgressColumn(), TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    shown = _Shown(RichProgress(*columns, console=Console(stderr=True), transient=True))
    try:
        yield shown
    finally:
        shown.end()


class _Shown:
    """A Watch on a Rich progress line, begun when work has lasted a second.

    A stage with a total tells how far it is. For one without, the engine is asked how far its statement is.
    """

    def __init__(self, progress: RichProgress) -> None:
        self.progress, self.total, self.unit = progress, False, ""
        self.task = progress.add_task("", total=None, rate="")
        self.over = threading.Event()
        self.ticker = threading.Thread(target=self._tick, daemon=True)
        self.ticker.start()

    def stage(self, name: str, total: int | None = None, unit: str = "") -> None:
        """A stage begins."""
        self.total, self.unit = total is not None, unit
        self.progress.reset(self.task, description=printable(name), total=total, rate="")

    def advance(self, count: int) -> None:
        """More is done."""
        self.progress.advance(self.task, count)

    def end(self) -> None:
        """All is done: the line goes."""
        self.over.set()
        self.ticker.join()
        self.progress.stop()

    def _tick(self) -> None:
        from regard.engines.duckdb.statements import progress as of_statement

        if self.over.wait(PATIENCE):
            return
        self.progress.start()
        while not self.over.wait(0.2):
            if self.total:
                speed = self.progress.tasks[0].speed
                rate = f"{speed / 1e6:.0f} MB/s" if speed and self.unit == "B" else ""
                self.progress.update(self.task, rate=rate)
            elif (share := of_statement()) is not None:
                self.progress.update(self.task, total=1.0, completed=share)


def printable(text: str) -> str:
    """Text without characters that would command the terminal: names and words come from strangers.

    >>> printable("a\\x1b[2Jb")
    'a�[2Jb'
    """
    return "".join(char if char.isprintable() or char in "\n " else "�" for char in text)


def say(text: str = "", indent: int = 0) -> None:
    """Words on standard output, wrapped where it is a terminal."""
    clean = printable(text)
    if sys.stdout.isatty():
        clean = textwrap.fill(clean, 100, initial_indent=" " * indent, subsequent_indent=" " * indent)
    else:
        clean = " " * indent + clean
    typer.echo(clean)


def say_json(value: object) -> None:
    """A value as JSON on standard output."""
    typer.echo(as_json(value))


def as_json(value: object) -> str:
    """A value as JSON: dataclasses as objects, times in ISO form."""
    return json.dumps(plain(value), ensure_ascii=False, indent=2)


def say_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table on standard output, its first column to the left and the others to the right."""
    cells = [[printable(cell) for cell in row] for row in rows]
    if sys.stdout.isatty():
        _say_rich(heads, cells)
        return
    widths = [max(len(row[i]) for row in [list(heads), *cells]) for i in range(len(heads))]
    for row in (heads, *cells):
        typer.echo(
            "  ".join(cell.rjust(width) if i else cell.ljust(width) for i, (cell, width) in enumerate(zip(row, widths, strict=True)))
        )


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
