"""Same people? Accounts that may belong to one person, with the reasons. Counted apart, they split what one person keeps."""

from __future__ import annotations

from dataclasses import dataclass

from regard.findings.section import Content, Context, Section
from regard.record.suggest import ACCOUNTS, AccountRow, Suggestion, suggest

SHOWN = 10
"""Pairs in the list at most."""
MOST_ACCOUNTS = 100_000
"""With more accounts nothing is suggested in a report; `regard people suggest` has no such bound."""


@dataclass(frozen=True)
class Pair:
    """Two accounts that may be one person's."""

    first: str
    second: str
    first_account: str
    """What `regard people merge` calls it."""
    second_account: str
    reason: str


@dataclass(frozen=True)
class SamePeople:
    """The first pairs, and how many there are."""

    pairs: tuple[Pair, ...]
    total: int


def build(context: Context) -> Content:
    """Accounts that may belong to one person: the same name or id, or a name that is another's id."""
    if context.engine.scalar(int, "SELECT count(*) FROM record.accounts") > MOST_ACCOUNTS:
        return Content(SamePeople((), 0))
    found = suggest(context.engine.fetch(AccountRow, ACCOUNTS.format(tables="record.")))
    if context.me is not None:
        found = [each for each in found if context.me in (each.first.person, each.second.person)]
    context.disclosure.prefetch(one.person for each in found[:SHOWN] for one in (each.first, each.second))
    return Content(SamePeople(tuple(_pair(context, each) for each in found[:SHOWN]), len(found)))


def _pair(context: Context, each: Suggestion) -> Pair:
    first, second = context.disclosure.name(each.first.person), context.disclosure.name(each.second.person)
    return Pair(first, second, each.first.reference, each.second.reference, each.reason)


SAME_PEOPLE = Section(
    name="same_people",
    title="The same people?",
    build=build,
    needs=(),
    nav="Same people?",
    audiences=("community", "personal"),
    template="same_people.html.j2",
    folded=True,
)
