"""`regard person`: what the record says of one person's ties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from regard.studies.parse import parse_settings
from regard.surfaces.cli import options as opt
from regard.surfaces.cli.terminal import say, say_json, show_progress

if TYPE_CHECKING:
    from regard.findings.report import Report

EXAMPLES = """Examples:

\b
    regard person community.regard "Ada Lovelace"
    regard person community.regard U0123ABC --json
"""


def person(
    record: opt.RecordPath,
    name: Annotated[str, typer.Argument(help="Their name or id.", show_default=False)],
    until: opt.Until = None,
    bin_: opt.Bin = None,
    window: opt.Window = None,
    memory: opt.Memory = None,
    temporary: opt.Temporary = None,
    work: opt.Work = None,
    as_json: opt.AsJson = False,
    quiet: opt.Quiet = False,
) -> None:
    """Tell one person's ties: who comes back to them, who waits for them, which ties go cold."""
    from regard.record.dataset import open_record
    from regard.studies.report import report_of
    from regard.studies.study import Study

    settings = parse_settings(until=until, bin_=bin_, window=window, memory=memory, temporary=temporary, work=work)
    with show_progress(quiet=quiet or as_json) as progress, Study(open_record(record), settings, progress) as study:
        report = report_of(study, me=name)
    if as_json:
        say_json(report.as_mapping())
    else:
        say_person(report)


def say_person(report: Report) -> None:
    """Print a personal report: its sentences, then one line for each tie, cooling tie and question."""
    from regard.base.text import count, day, percent
    from regard.findings.sections.cooling import Cooling
    from regard.findings.sections.people import People
    from regard.findings.sections.unanswered import Unanswered

    if report.ended and report.as_of is not None:
        say(f"This record ends on {day(report.as_of)}; everything below is as of then.")
    say(f"{report.me}, who is “you” below")
    for finding in report.findings:
        say(f"{finding.heading}. {finding.sentence}")
    card = next((card for card in report.data(People).cards if card.name == report.me), None)
    for tie in card.ties if card else ():
        both = "both ways" if tie.two_way else "one way"
        acts = count(tie.acts, "interaction") + (f", {tie.words:,} in words" if tie.words < tie.acts else "")
        say(f"{tie.name}: {acts}, {both}, last {day(tie.last)}; comes back with a chance of {percent(tie.p_return)}", indent=2)
    for cooling in report.data(Cooling).ties:
        other = cooling.other if cooling.person == "you" else cooling.person
        say(f"going cold: {other}, {cooling.usually}, silent for {cooling.silent}", indent=2)
    for question in report.data(Unanswered).questions:
        say(
            f"{'waited' if report.ended else 'waits'}: {question.who}, {question.waited}"
            + (f": {question.words}" if question.words else ""),
            indent=2,
        )


def add_to(app: typer.Typer) -> None:
    """Make the command known."""
    app.command(epilog=EXAMPLES)(person)
