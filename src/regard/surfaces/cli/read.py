"""`regard read`: build or extend a record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from regard.findings.words import count
from regard.surfaces.cli import options as opt
from regard.surfaces.cli.terminal import say, say_json, watching

EXAMPLES = """Examples:

\b
    regard read export.zip --into community.regard
    regard read 2023.zip 2024.zip --into community.regard
    regard read log.csv --map actor=from,target=to,time=sent --into log.regard

An input is kept whole or not at all. After an interruption the same command goes on.
"""


def read(
    paths: Annotated[list[Path], typer.Argument(help="Exports: zip, tar, folder or files.", show_default=False)],
    into: Annotated[Path, typer.Option("--into", help="The record to build or extend.", show_default=False)],
    source: opt.SourceName = None,
    mapping: opt.Map = None,
    preset: opt.Preset = None,
    private: opt.Private = False,
    no_text: opt.NoText = False,
    as_json: opt.AsJson = False,
    quiet: opt.Quiet = False,
) -> None:
    """Build a record from exports, or extend one; reading the same again adds nothing twice."""
    from regard.events.record import Record
    from regard.reading import inputs_of, read_into

    options = opt.reading_options(mapping, preset, private=private, no_text=no_text)
    if into.exists():
        Record.open(into)
    inputs = inputs_of(paths, source)
    record = Record.at(into)
    told: list[dict[str, object]] = []
    kept = 0
    try:
        with watching(quiet=quiet or as_json) as watch:
            for one, appended in read_into(record, inputs, options, watch):
                kept += 1
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
        typer.echo(
            f"regard: interrupted. Kept: {kept} of {len(inputs)} inputs, {_total(record)}. The same command goes on from there.", err=True
        )
        raise typer.Exit(130) from None
    if as_json:
        say_json({"record": str(into), "inputs": told, "counts": record.counts()})
    else:
        say(f"{into}: {_total(record)}")


def _total(record: object) -> str:
    from regard.events.record import Record

    assert isinstance(record, Record)
    counts = record.counts()
    return f"{count(counts.acts, 'act')} of {count(counts.people, 'person', 'people')}"


def add_to(app: typer.Typer) -> None:
    """Make the command known."""
    app.command(epilog=EXAMPLES)(read)
