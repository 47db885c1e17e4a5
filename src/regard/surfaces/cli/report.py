"""`regard report`: exports or a record in, three sentences, people to answer, one HTML file out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from regard.base.progress import Progress
from regard.surfaces.cli import options as opt
from regard.surfaces.cli.files import keep_inputs, write_whole
from regard.surfaces.cli.records import record_of, title_of
from regard.surfaces.cli.terminal import say, say_json, showing_progress

if TYPE_CHECKING:
    from regard.findings.report import Ask, Audience, Report
    from regard.record.dataset import Dataset
    from regard.record.record import Record
    from regard.studies.study import Settings

EXAMPLES = """Examples:

\b
    regard report export.zip
    regard report community.regard --me "Ada Lovelace" -o mine.html
    regard report log.csv --map actor=from,target=to,time=sent
    regard report slack-export/ --view organisation
    regard report network.parquet --memory 6GB --work work/
    regard report dataset/ --engine spark --master spark://head:7077
"""

ASKS_SAID = 5


def report(
    paths: opt.Paths,
    output: Annotated[Path, typer.Option("--output", "-o", help="The HTML file to write.")] = Path("report.html"),
    source: opt.SourceName = None,
    mapping: opt.Map = None,
    preset: opt.Preset = None,
    private: opt.Private = False,
    no_text: opt.NoText = False,
    me: Annotated[str | None, typer.Option("--me", help="Your name or id: only your own ties.")] = None,
    view: Annotated[
        Literal["community", "organisation"], typer.Option("--view", help="organisation: pseudonyms, no words, no group under five people.")
    ] = "community",
    title: Annotated[str | None, typer.Option("--title", help="What the community is called.")] = None,
    until: opt.Until = None,
    bin_: opt.Bin = None,
    window: opt.Window = None,
    seed: opt.Seed = None,
    memory: opt.Memory = None,
    temporary: opt.Temporary = None,
    work: opt.Work = None,
    engine: opt.EngineName = "duckdb",
    master: opt.Master = None,
    as_json: opt.AsJson = False,
    quiet: opt.Quiet = False,
) -> None:
    """Read exports (or take a record) and write one self-contained HTML report."""
    from regard.studies.study import Settings

    keep_inputs(output, paths, "-o")
    reading = opt.reading_options(mapping, preset, private=private, no_text=no_text)
    days = opt.parse_days("--bin", bin_), opt.parse_days("--window", window)
    moment, seeds = opt.parse_until(until), tuple(seed or ())
    settings = Settings(moment, *days, memory, temporary, seeds=seeds, engine=engine, work=work, master=master)
    limits = opt.limits(memory, temporary, engine)
    with (
        showing_progress(quiet=quiet or as_json) as progress,
        record_of(paths, source, reading, progress, limits=limits, work=work) as record,
    ):
        named = title or title_of(paths[0])
        said = write_report(record, settings, output, progress, title=named, audience=view, me=me)
    if as_json:
        say_json(said)
    else:
        say_report(said, output)


def write_report(
    record: Record | Dataset, settings: Settings, output: Path, progress: Progress, *, title: str, audience: Audience, me: str | None
) -> Report:
    """Make the report and put it in place."""
    from regard.studies.report import report_of
    from regard.studies.study import Study
    from regard.surfaces.pages.page import render

    with Study(record, settings, progress) as study:
        said = report_of(study, title=title, audience=audience, me=me)
        progress.stage("writing the report")
        page = render(said)
    write_whole(output, page)
    return said


def say_report(said: Report, output: Path) -> None:
    """The three sentences and the first people to answer."""
    if said.made_up:
        say("A made-up community: nobody here is real.")
    say(said.coverage.line)
    say()
    for finding in said.findings:
        say(f"{finding.heading}. {finding.sentence}")
        say()
    if said.asks:
        say(f"To answer today ({min(ASKS_SAID, len(said.asks))} of {said.asks_total:,}):")
        for ask in said.asks[:ASKS_SAID]:
            say(_line(ask), indent=2)
        say()
    say(f"The whole report: {output}")


def _line(ask: Ask) -> str:
    new = ", new here" if ask.newcomer else ""
    whom = f" to {ask.to}" if ask.to else ""
    where = f" in {ask.channel}" if ask.channel else ""
    words = f": {ask.words[:100]}" if ask.words else ""
    return f"{ask.who}{whom}{where}, {ask.waited} ago{new}{words}"


def add_to(app: typer.Typer) -> None:
    """Make the command known."""
    app.command(epilog=EXAMPLES)(report)
