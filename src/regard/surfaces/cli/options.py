"""Declarations of the options that several commands share. `regard.studies.parse` reads their values."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

Paths = Annotated[list[str], typer.Argument(help="Exports: zip, tar, folder or files; or one record or dataset.", show_default=False)]
RecordPath = Annotated[str, typer.Argument(help="A record or a dataset, made by regard read.", show_default=False)]
SourceName = Annotated[str | None, typer.Option("--source", help="Read as this source, whatever it looks like (see regard sources).")]
Map = Annotated[str | None, typer.Option("--map", help="For tables: actor=COLUMN,target=COLUMN,time=COLUMN,kind=reply ...")]
Preset = Annotated[str | None, typer.Option("--preset", help="For tables without a header: snap, konect or edges.")]
Private = Annotated[bool, typer.Option("--private", help="Read private channels and direct messages too.")]
NoText = Annotated[bool, typer.Option("--no-text", help="Keep no words of messages.")]
Bot = Annotated[list[str] | None, typer.Option("--bot", help="An account that is a bot and no person, by id or name; repeatable.")]
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
