"""`regard sources` and `regard measures`: what there is."""

from __future__ import annotations

import typer

from regard.surfaces.cli import options as opt
from regard.surfaces.cli.terminal import say, say_json


def sources(as_json: opt.AsJson = False) -> None:
    """List the sources: what can be read, and where to get it."""
    from regard.sources.catalogue import sources as find_sources

    known = find_sources().values()

    if as_json:
        say_json([{"name": s.name, "title": s.title, "about": s.about, "view": s.view, "missing": s.missing} for s in known])
        return
    for source in known:
        say(f"{source.name}: {source.title}")
        say(source.about, indent=4)
        if source.missing:
            say(f"Never seen: {source.missing}.", indent=4)


def measures(as_json: opt.AsJson = False) -> None:
    """List the measures: the question each answers, its columns and what it can't tell."""
    from regard.measures.catalogue import MEASURES

    shown = [measure for measure in MEASURES.values() if measure.table]
    if as_json:
        fields = ("name", "question", "row", "cannot", "source")
        say_json([{f: getattr(m, f) for f in fields} | {"columns": m.columns} for m in shown])
        return
    for measure in shown:
        say(f"{measure.name}: {measure.question}")
        say(f"One row: {measure.row}.", indent=4)
        for column in measure.columns:
            say(f"{column.name} ({column.unit}): {column.about}", indent=6)
        say(f"Can't tell: {measure.cannot}.", indent=4)


def add_to(app: typer.Typer) -> None:
    """Make the commands known."""
    app.command(epilog="Example: regard sources")(sources)
    app.command(epilog="Example: regard measures")(measures)
