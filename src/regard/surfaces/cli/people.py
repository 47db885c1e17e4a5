"""`regard people`: two identities become one; an account is a bot; a person is removed for good."""

from __future__ import annotations

from typing import Annotated

import typer

from regard.surfaces.cli import options as opt
from regard.surfaces.cli.terminal import confirm, say

app = typer.Typer(
    help="Say that two identities are one person, that one is a bot, or remove a person for good.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command(epilog='Example: regard people merge community.regard ada@work.example "Ada Lovelace"')
def merge(
    record: opt.RecordPath,
    first: Annotated[str, typer.Argument(help="A name or id.", show_default=False)],
    second: Annotated[str, typer.Argument(help="Another name or id of the same person.", show_default=False)],
) -> None:
    """Make two identities one person; all measures are then of the one person."""
    from regard.record.dataset import open_record

    merged = open_record(record).merge(first, second)
    say(f"One person now: {merged.name} ({', '.join(merged.ids)})")


@app.command(epilog='Example: regard people bot community.regard "build bot"')
def bot(
    record: opt.RecordPath,
    name: Annotated[str, typer.Argument(help="Its name or id.", show_default=False)],
) -> None:
    """Say that an account is a bot and no person; no measure counts it from then on."""
    from regard.record.dataset import open_record

    marked = open_record(record).mark_bot(name)
    say(f"A bot now: {marked.name} ({', '.join(marked.ids)})")


@app.command(epilog='Example: regard people forget community.regard "Ada Lovelace" --yes')
def forget(
    record: opt.RecordPath,
    name: Annotated[str, typer.Argument(help="Their name or id.", show_default=False)],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove a person for good: their acts, words, names and ids; this cannot be undone."""
    from regard.record.dataset import open_record

    opened = open_record(record)
    person = opened.person(name)
    if not yes:
        confirm(f"Remove {person.name} ({', '.join(person.ids)}) and all their acts for good?")
    gone = opened.forget(person)
    say("Removed. Reading the same export again will not bring them back.")
    for copy in gone.left:
        say(f"Still there: {copy}.")
    say("Out of reach: backups, reports and tables made before, and other records of the same exports. Those are yours to delete.")
