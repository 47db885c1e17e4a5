"""`regard people`: two identities become one, or are told apart again; an account is a bot; a person is removed for good."""

from __future__ import annotations

from typing import Annotated

import typer

from regard.surfaces.cli import options as opt
from regard.surfaces.cli.terminal import confirm, say, say_json

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


@app.command(epilog="Example: regard people unmerge community.regard ada@work.example")
def unmerge(
    record: opt.RecordPath,
    name: Annotated[str, typer.Argument(help="A name or id of the person.", show_default=False)],
) -> None:
    """Take a merged person apart: each of their accounts is a person of its own again."""
    from regard.record.dataset import open_record

    people = open_record(record).unmerge(name)
    say(f"{len(people)} people now: " + "; ".join(f"{person.name} ({', '.join(person.ids)})" for person in people))


@app.command(epilog="Example: regard people suggest community.regard")
def suggest(record: opt.RecordPath, as_json: opt.AsJson = False) -> None:
    """List accounts that may belong to one person, with the reasons; nothing is merged by itself."""
    from regard.record.dataset import open_record

    suggestions = open_record(record).suggestions()
    if as_json:
        say_json([{"first": each.first.reference, "second": each.second.reference, "reason": each.reason} for each in suggestions])
        return
    for each in suggestions:
        names = " and ".join(f"{one.name or one.id} ({one.reference})" for one in (each.first, each.second))
        say(f"{names}: {each.reason}")
    if suggestions:
        say(f'Where two are one: regard people merge {record} "{suggestions[0].first.reference}" "{suggestions[0].second.reference}"')
    else:
        say("No two accounts look like one person's.")


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
