"""Options that several commands share."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from regard.errors import UsageError

if TYPE_CHECKING:
    from regard.engines.limits import Limits
    from regard.sources.base import Options

Paths = Annotated[list[str], typer.Argument(help="Exports: zip, tar, folder or files; or one record or dataset.", show_default=False)]
RecordPath = Annotated[str, typer.Argument(help="A record or a dataset, made by regard read.", show_default=False)]
SourceName = Annotated[str | None, typer.Option("--source", help="Read as this source, whatever it looks like (see regard sources).")]
Map = Annotated[str | None, typer.Option("--map", help="For tables: actor=COLUMN,target=COLUMN,time=COLUMN,kind=reply ...")]
Preset = Annotated[str | None, typer.Option("--preset", help="For tables without a header: snap, konect or edges.")]
Private = Annotated[bool, typer.Option("--private", help="Read private channels and direct messages too.")]
NoText = Annotated[bool, typer.Option("--no-text", help="Keep no words of messages.")]
Seed = Annotated[
    list[str] | None, typer.Option("--seed", help="A person, by id or name, from whom trust starts; repeatable. Else regard chooses.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")]
Until = Annotated[str | None, typer.Option("--until", help="Look from this day (2024-12-31): later acts are not seen.")]
Bin = Annotated[str | None, typer.Option("--bin", help="The community's contact rhythm, such as 1d or 6h; else derived from the record.")]
Window = Annotated[str | None, typer.Option("--window", help="How far ahead 'again' looks, such as 28d; else derived from the record.")]
EngineName = Annotated[Literal["duckdb", "spark"], typer.Option("--engine", help="Where tables are made; spark needs regard[spark].")]
Master = Annotated[
    str | None, typer.Option("--master", help="For spark: local[4], spark://host:7077 ...; else all processors of this machine.")
]
Memory = Annotated[str | None, typer.Option("--memory", help="Most memory for tables, such as 4GB; beyond it, temporary files.")]
Work = Annotated[
    Path | None,
    typer.Option("--work", help="Folder that keeps what is read and measured: the same command, interrupted or later, goes on from there."),
]
Temporary = Annotated[
    str | None,
    typer.Option(
        "--temporary", help="Folder for temporary files; for spark one that all its machines see, hdfs://... too. Else the system's."
    ),
]


def reading_options(mapping: str | None, preset: str | None, *, private: bool, no_text: bool) -> Options:
    """The options of reading, checked; raises UsageError for a mapping that is none."""
    from regard.sources.base import Options

    return Options(text=not no_text, private=private, mapping=parse_map(mapping), preset=preset)


def limits(memory: str | None, temporary: str | None = None, engine: str = "duckdb") -> Limits:
    """How much reading may take: for Spark, what is said of memory and of temporary files is said of its machines."""
    from regard.engines.limits import DEFAULT, Limits

    return Limits(memory, temporary) if engine == "duckdb" else DEFAULT


def parse_map(text: str | None) -> dict[str, str]:
    """A mapping of fields to columns.

    >>> parse_map("actor=from,target=to")
    {'actor': 'from', 'target': 'to'}
    """
    found = {}
    for part in (text or "").split(","):
        name, sign, column = part.partition("=")
        if part.strip() and not (sign and name.strip() and column.strip()):
            raise UsageError(f"--map takes FIELD=COLUMN,FIELD=COLUMN; {part!r} is none")
        if part.strip():
            found[name.strip()] = column.strip()
    return found


def parse_days(option: str, text: str | None) -> float | None:
    """A length of time in days.

    >>> parse_days("--bin", "6h"), parse_days("--bin", "2w"), parse_days("--bin", None)
    (0.25, 14.0, None)
    """
    if text is None:
        return None
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([hdw]?)\s*", text)
    if not found or float(found[1]) <= 0:
        raise UsageError(f"{option} takes a length of time such as 6h, 1d or 4w; {text!r} is none")
    return float(found[1]) * {"h": 1 / 24, "d": 1, "": 1, "w": 7}[found[2]]


def parse_until(text: str | None) -> datetime | None:
    """A day or moment in UTC, or None."""
    return None if text is None else parse_moment("--until", text)


def parse_moment(option: str, text: str) -> datetime:
    """A day or moment in UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} takes a day such as 2024-12-31; {text!r} is none") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
