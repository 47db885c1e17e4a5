"""`regard person`: what the record says of one person's ties."""

from __future__ import annotations

from typing import Annotated

import typer

from regard.surfaces.cli import options as opt
from regard.surfaces.cli.terminal import say, say_json, showing_progress

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
    from regard.base.text import count
    from regard.record.dataset import open_record
    from regard.studies.report import report_of
    from regard.studies.study import Settings, Study

    days = opt.parse_days("--bin", bin_), opt.parse_days("--window", window)
    settings = Settings(opt.parse_until(until), *days, memory, temporary, work=work)
    with showing_progress(quiet=quiet or as_json) as progress, Study(open_record(record), settings, progress) as study:
        said = report_of(study, me=name)
    if as_json:
        say_json(said)
        return
    say(f"{said.me}")
    for finding in said.findings:
        say(f"{finding.heading}. {finding.sentence}")
    card = next((card for card in said.cards if card.name == said.me), None)
    for tie in card.ties if card else ():
        both = "both ways" if tie.two_way else "one way"
        acts = count(tie.acts, "act")
        say(f"{tie.name}: {acts}, {both}, last {tie.last:%Y-%m-%d}; comes back with a chance of {tie.p_return:.0%}", indent=2)
    for cold in said.cooling:
        say(f"going cold: {cold.other if cold.one == 'you' else cold.one}, {cold.usually}, silent for {cold.silent}", indent=2)
    for ask in said.asks:
        say(f"waits: {ask.who}, {ask.waited}" + (f": {ask.words}" if ask.words else ""), indent=2)


def add_to(app: typer.Typer) -> None:
    """Make the command known."""
    app.command(epilog=EXAMPLES)(person)
