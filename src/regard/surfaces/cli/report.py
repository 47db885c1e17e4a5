"""`regard report`: exports or a record in, three sentences, people to answer, one HTML file out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from regard.base.progress import Progress
from regard.base.text import day
from regard.studies.parse import parse_reading_options, parse_settings
from regard.surfaces.cli import options as opt
from regard.surfaces.cli.terminal import say, say_json, show_progress

if TYPE_CHECKING:
    from regard.findings.disclosure import Audience
    from regard.findings.report import Report
    from regard.findings.sections.unanswered import Question, Unanswered
    from regard.record.dataset import Dataset
    from regard.record.record import Record
    from regard.studies.settings import Settings

EXAMPLES = """Examples:

\b
    regard report export.zip
    regard report community.regard --site https://weir.slack.com
    regard report community.regard --me "Ada Lovelace" -o mine.html
    regard report log.csv --map actor=from,target=to,time=sent
    regard report community.regard --view organisation
    regard report network.parquet --memory 6GB --work work/
    regard report dataset/ --engine spark --master spark://head:7077
"""

QUESTIONS_SHOWN = 5


def report(
    paths: opt.Paths,
    output: Annotated[Path, typer.Option("--output", "-o", help="The HTML file to write.")] = Path("report.html"),
    source: opt.SourceName = None,
    mapping: opt.Map = None,
    preset: opt.Preset = None,
    private: opt.Private = False,
    no_text: opt.NoText = False,
    bot: opt.Bot = None,
    me: Annotated[str | None, typer.Option("--me", help="Your name or id: only your own ties.")] = None,
    view: Annotated[
        Literal["community", "organisation"], typer.Option("--view", help="organisation: figures of whole quarters, nothing of a person.")
    ] = "community",
    mask: Annotated[
        bool | None,
        typer.Option(
            "--mask/--no-mask", help="Hide e-mail addresses, phone numbers, keys; on in the organisation view.", show_default=False
        ),
    ] = None,
    site: Annotated[
        list[str] | None,
        typer.Option("--site", help="Where the messages are, for links: https://forum.example.org, or SOURCE=ADDRESS; repeatable."),
    ] = None,
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
    from regard.studies.open import default_title, open_or_read, reading_limits
    from regard.studies.outputs import check_output

    check_output(output, [*paths, *([work] if work else [])], "-o")
    options = parse_reading_options(mapping, preset, private=private, no_text=no_text, bots=bot)
    settings = parse_settings(
        until=until, bin_=bin_, window=window, seeds=seed, memory=memory, temporary=temporary, work=work, engine=engine, master=master
    )
    limits = reading_limits(memory, temporary, engine)
    with (
        show_progress(quiet=quiet or as_json) as progress,
        open_or_read(paths, source, options, progress, limits=limits, work=work) as record,
    ):
        written = write_report(
            record, settings, output, progress, title=title or default_title(paths[0]), audience=view, me=me, mask=mask, sites=_sites(site)
        )
    if as_json:
        say_json(written.as_mapping())
    else:
        say_report(written, output)


def write_report(
    record: Record | Dataset,
    settings: Settings,
    output: Path,
    progress: Progress,
    *,
    title: str,
    audience: Audience = "community",
    me: str | None = None,
    mask: bool | None = None,
    sites: Mapping[str, str] | None = None,
) -> Report:
    """Make the report and put it in place."""
    from regard.studies.outputs import write_whole
    from regard.studies.report import report_of
    from regard.studies.study import Study
    from regard.surfaces.pages.page import render

    with Study(record, settings, progress) as study:
        report = report_of(study, title=title, audience=audience, me=me, mask=mask, sites=sites)
        progress.stage("writing the report")
        page = render(report)
    write_whole(output, page)
    return report


def _sites(given: list[str] | None) -> dict[str, str]:
    """Source -> address; "" for an address without a source."""
    pairs = [text.partition("=") if "://" not in text.partition("=")[0] else ("", "=", text) for text in given or ()]
    return {source: address or source for source, _, address in pairs}


def say_report(report: Report, output: Path) -> None:
    """Print the sentences and the first people to answer."""
    from regard.findings.sections.coverage import Coverage
    from regard.findings.sections.unanswered import Unanswered

    if report.made_up:
        say("A made-up community: nobody here is real.")
    if report.ended and report.as_of is not None:
        say(f"This record ends on {day(report.as_of)}; everything below is as of then.")
    say(report.data(Coverage).line)
    say()
    for finding in report.findings:
        say(f"{finding.heading}. {finding.sentence}")
        say()
    if report.audience != "organisation":
        _say_questions(report.data(Unanswered), ended=report.ended)
    say(f"The whole report: {output}")


def _say_questions(unanswered: Unanswered, *, ended: bool) -> None:
    if unanswered.questions:
        heading = "Unanswered when the record ended" if ended else "To answer today"
        say(f"{heading} ({min(QUESTIONS_SHOWN, len(unanswered.questions))} of {unanswered.total:,}):")
        for question in unanswered.questions[:QUESTIONS_SHOWN]:
            say(_line(question, ended=ended), indent=2)
        say()


def _line(question: Question, *, ended: bool) -> str:
    new = ", new here" if question.newcomer else ""
    whom = f" to {', '.join(question.put_to)}" if question.put_to else ""
    where = f" in {question.channel}" if question.channel else ""
    words = f": {question.words[:100]}" if question.words else ""
    return f"{question.who}{whom}{where}, {'waited' if ended else 'waits'} {question.waited}{new}{words}"


def add_to(app: typer.Typer) -> None:
    """Make the command known."""
    app.command(epilog=EXAMPLES)(report)
