"""`regard read`: build or extend a record."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regard.base.text import count
from regard.surfaces.cli import options as opt
from regard.surfaces.cli.terminal import say, say_json, showing_progress

if TYPE_CHECKING:
    from regard.record.record import Record
    from regard.sources.base import Options
    from regard.studies.read import Input

EXAMPLES = """Examples:

\b
    regard read export.zip --into community.regard
    regard read 2023.zip 2024.zip --into community.regard
    regard read log.csv --map actor=from,target=to,time=sent --into log.regard
    regard read exports/ --into dataset/

An input is kept whole or not at all. After an interruption the same command goes on.
"""


def read(
    paths: Annotated[list[Path], typer.Argument(help="Exports: zip, tar, folder or files.", show_default=False)],
    into: Annotated[
        str, typer.Option("--into", help="The record to build or extend; with a slash at its end, a dataset.", show_default=False)
    ],
    source: opt.SourceName = None,
    mapping: opt.Map = None,
    preset: opt.Preset = None,
    private: opt.Private = False,
    no_text: opt.NoText = False,
    memory: opt.Memory = None,
    temporary: opt.Temporary = None,
    as_json: opt.AsJson = False,
    quiet: opt.Quiet = False,
) -> None:
    """Build a record from exports, or extend one; reading the same again adds nothing twice.

    A dataset is a folder of Parquet files, for Spark: it is written whole when all inputs are read, or stays as it was.
    """
    from regard.record.dataset_files import extend
    from regard.record.record import Record
    from regard.studies.read import inputs_of

    options = opt.reading_options(mapping, preset, private=private, no_text=no_text)
    place, is_dataset = Path(into), into.endswith(("/", os.sep)) or Path(into).is_dir()
    if place.exists() and not is_dataset:
        Record.open(place)
    inputs = inputs_of(paths, source)
    limits = opt.limits(memory, temporary)
    with extend(place, limits) if is_dataset else nullcontext(Record.at(place, limits)) as record:
        told = _read(record, inputs, options, quiet=quiet, as_json=as_json, is_dataset=is_dataset)
        counts, total = record.counts(), _total(record)
    if as_json:
        say_json({"record": into, "inputs": told, "counts": counts})
    else:
        say(f"{into}: {total}")


def _read(
    record: Record, inputs: list[Input], options: Options, *, quiet: bool, as_json: bool, is_dataset: bool
) -> list[dict[str, object]]:
    from regard.studies.read import read_into

    told: list[dict[str, object]] = []
    try:
        with showing_progress(quiet=quiet or as_json) as progress:
            for one, appended in read_into(record, inputs, options, progress):
                title, name = one.bundle.title, one.source.name
                if appended is None:
                    told.append({"input": title, "source": name, "read": 0, "added": 0, "notes": [["read before", 1]]})
                    line = f"{title} ({name}): read before, byte for byte; nothing to add"
                else:
                    told.append({"input": title, "source": name, "read": appended.read, "added": appended.added, "notes": appended.notes})
                    line = f"{title} ({name}): {count(appended.read, 'act')}, {appended.added:,} of them new"
                    if appended.unresolved:
                        line += f"; {appended.unresolved:,} of {appended.replies:,} replies answer something not in the record"
                if not as_json:
                    say(line)
                    for note, number in appended.notes if appended else ():
                        say(f"{note}: {number:,}", indent=2)
    except KeyboardInterrupt:
        kept = f"Kept: {len(told)} of {len(inputs)} inputs, {_total(record)}. The same command goes on from there."
        typer.echo(f"regard: interrupted. {'The dataset is as it was.' if is_dataset else kept}", err=True)
        raise typer.Exit(130) from None
    return told


def _total(record: Record) -> str:
    counts = record.counts()
    return f"{count(counts.acts, 'act')} of {count(counts.people, 'person', 'people')}"


def add_to(app: typer.Typer) -> None:
    """Make the command known."""
    app.command(epilog=EXAMPLES)(read)
