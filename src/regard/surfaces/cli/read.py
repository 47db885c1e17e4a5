"""`regard read`: build or extend a record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regard.base.text import count
from regard.studies.parse import parse_reading_options
from regard.surfaces.cli import options as opt
from regard.surfaces.cli.terminal import complain, say, say_json, show_progress

if TYPE_CHECKING:
    from regard.record.ingest import IngestResult
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
    bot: opt.Bot = None,
    memory: opt.Memory = None,
    temporary: opt.Temporary = None,
    as_json: opt.AsJson = False,
    quiet: opt.Quiet = False,
) -> None:
    """Build a record from exports, or extend one; reading the same again adds nothing twice.

    A dataset is a folder of Parquet files, for Spark: it is written whole when all inputs are read, or stays as it was.
    """
    from regard.studies.open import Destination, reading_limits
    from regard.studies.read import inputs_of

    options = parse_reading_options(mapping, preset, private=private, no_text=no_text, bots=bot)
    destination = Destination.parse(into)
    destination.check()
    inputs = inputs_of(paths, source, options)
    with destination.extend(reading_limits(memory, temporary)) as record:
        results = _read(record, inputs, options, quiet=quiet, as_json=as_json, is_dataset=destination.is_dataset)
        counts, total = record.counts(), _total(record)
    if as_json:
        say_json({"record": into, "inputs": results, "counts": counts})
    else:
        say(f"{into}: {total}")


def _read(
    record: Record, inputs: list[Input], options: Options, *, quiet: bool, as_json: bool, is_dataset: bool
) -> list[dict[str, object]]:
    """Read the inputs, print a line on each, and give the same as JSON."""
    from regard.studies.read import read_into

    results: list[dict[str, object]] = []
    try:
        with show_progress(quiet=quiet or as_json) as progress:
            for given, ingested in read_into(record, inputs, options, progress):
                results.append(_as_json(given, ingested))
                if not as_json:
                    say(_line(given, ingested))
                    for note, number in ingested.notes if ingested else ():
                        say(f"{note}: {number:,}", indent=2)
    except KeyboardInterrupt:
        kept = f"Kept: {len(results)} of {len(inputs)} inputs, {_total(record)}. The same command goes on from there."
        complain(f"interrupted. {'The dataset is as it was.' if is_dataset else kept}")
        raise typer.Exit(130) from None
    return results


def _as_json(given: Input, ingested: IngestResult | None) -> dict[str, object]:
    named = {"input": given.bundle.title, "source": given.source.name}
    if ingested is None:
        return {**named, "read": 0, "added": 0, "notes": [["read before", 1]]}
    return {**named, "read": ingested.read, "added": ingested.added, "notes": ingested.notes}


def _line(given: Input, ingested: IngestResult | None) -> str:
    name = f"{given.bundle.title} ({given.source.name})"
    if ingested is None:
        return f"{name}: read before, byte for byte; nothing to add"
    line = f"{name}: {count(ingested.read, 'act')}, {ingested.added:,} of them new"
    if ingested.unresolved:
        answer = "answers" if ingested.unresolved == 1 else "answer"
        line += f"; {ingested.unresolved:,} of {ingested.replies:,} replies {answer} something not in the record"
    return line


def _total(record: Record) -> str:
    counts = record.counts()
    return f"{count(counts.acts, 'act')}, {count(counts.people, 'person', 'people')} known"


def add_to(app: typer.Typer) -> None:
    """Make the command known."""
    app.command(epilog=EXAMPLES)(read)
