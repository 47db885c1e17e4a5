"""`regard demo`: a made-up community with known truth, read, measured, reported."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from regard.surfaces.cli import options as opt
from regard.surfaces.cli.report import say_report, write_report
from regard.surfaces.cli.terminal import say, say_json, show_progress

EXAMPLES = """Examples:

\b
    regard demo
    regard demo --people 60 --seed 3 -o small.html --into small.regard
"""


def demo(
    output: Annotated[Path, typer.Option("--output", "-o", help="The HTML file to write.")] = Path("demo.html"),
    into: Annotated[Path | None, typer.Option("--into", help="Keep the made-up record here.")] = None,
    people: Annotated[int, typer.Option("--people", min=10, max=20_000, help="How many people.")] = 240,
    days: Annotated[int, typer.Option("--days", min=14, max=3_000, help="How many days.")] = 240,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same community.")] = 7,
    as_json: opt.AsJson = False,
    quiet: opt.Quiet = False,
) -> None:
    """Make up a community whose truth is known, and report on it."""
    from regard.errors import UsageError
    from regard.record.ingest import InputInfo
    from regard.record.record import Record
    from regard.simulate.community import simulate
    from regard.studies.open import new_record
    from regard.studies.outputs import check_output
    from regard.studies.settings import Settings

    check_output(output, [into] if into else [], "-o")
    with show_progress(quiet=quiet or as_json) as progress:
        progress.stage("making up a community")
        simulation = simulate(people=people, days=days, seed=seed)
        with new_record(into) if into is not None else Record.temporary() as record:
            if record.holds_real_acts():
                raise UsageError(f"{into}: holds a community that is not made up; name a new record with --into")
            info = InputInfo("simulation", f"made-up community, seed {seed}", missing="nothing: it was made up", made_up=True)
            record.append(info, simulation.batches())
            title = "A made-up community"
            report = write_report(record, Settings(), output, progress, title=title)
    if as_json:
        say_json(report.as_mapping())
        return
    say_report(report, output)
    if into is not None:
        say(f"The record: {into}")


def add_to(app: typer.Typer) -> None:
    """Make the command known."""
    app.command(epilog=EXAMPLES)(demo)
