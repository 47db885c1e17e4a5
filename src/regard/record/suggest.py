"""Which accounts may belong to one person? Suggestions with their reasons: nothing is merged by itself."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

from regard.record.spelling import folded

MOST_ALIKE = 4
"""A name or id of more people than this tells nobody apart, and suggests nothing."""
LEAST_LETTERS = 5
"""Letters that a name must have to be compared with an id."""


class AccountRow(NamedTuple):
    """An account of a person, as the record has it."""

    person: int
    source: str
    id: str
    name: str | None

    @property
    def reference(self) -> str:
        """What names this account and no other, for `regard people merge`."""
        return f"{self.source}:{self.id}"


class Suggestion(NamedTuple):
    """Two accounts of different people that may be one person's, and why."""

    first: AccountRow
    second: AccountRow
    reason: str


ACCOUNTS = """
    SELECT person, source, id, name FROM {tables}accounts WHERE actor_type = 'person'
        AND account IN (SELECT actor FROM {tables}acts UNION SELECT target FROM {tables}acts) ORDER BY account
"""
"""The accounts of people who take part, in the order in which they came. `tables` is the prefix of the record's tables."""


def suggest(accounts: Iterable[AccountRow]) -> list[Suggestion]:
    """Pairs of people who may be one, each with the strongest reason, in the order of their accounts.

    >>> slack, mail = AccountRow(1, "slack", "U1", "Ann Lee"), AccountRow(2, "mbox", "ann@x.org", "Lee, Ann")
    >>> [(each.first.person, each.second.person, each.reason) for each in suggest([slack, mail, AccountRow(3, "github", "annlee", None)])]
    [(1, 2, 'the same name'), (1, 3, 'the name of one is the id of the other')]
    """
    found: dict[tuple[int, int], Suggestion] = {}
    for shared, groups in _groups(accounts):
        for alike in groups.values():
            people = {account.person: account for account in reversed(alike)}
            if not 2 <= len(people) <= MOST_ALIKE:
                continue
            for first, second in combinations(sorted(people), 2):
                if reason := shared or _alike(people[first], people[second]):
                    found.setdefault((first, second), Suggestion(people[first], people[second], reason))
    return [found[people] for people in sorted(found)]


def _groups(accounts: Iterable[AccountRow]) -> Iterator[tuple[str, dict[str, list[AccountRow]]]]:
    """Reasons, from the strongest, each with the accounts that share what it is about; "" where `_alike` tells it of each pair."""
    same_id, same_name, name_as_id = (defaultdict[str, list[AccountRow]](list) for _ in range(3))
    sources = defaultdict[str, set[str]](set)
    for account in accounts:
        same_id[account.id.casefold()].append(account)
        sources[account.id.casefold()].add(account.source)
        if len(words := _words(account.name or "")) > 1:
            same_name[" ".join(sorted(words))].append(account)
            if len(joined := "".join(words)) >= LEAST_LETTERS:
                name_as_id[joined].append(account)
        if len(joined := _letters(account.id.partition("@")[0])) >= LEAST_LETTERS:
            name_as_id[joined].append(account)
    # Numbers count up from 1 in every source.
    shared = {id: alike for id, alike in same_id.items() if len(sources[id]) > 1 and not id.isdecimal()}
    yield "the same id in two sources", shared
    yield "the same name", same_name
    yield "", {joined: alike for joined, alike in name_as_id.items() if any(map(_has_name, alike))}


def _alike(first: AccountRow, second: AccountRow) -> str | None:
    """Why two accounts whose names or ids have the same letters may be one person's; None for two people of different names."""
    names, ids = (
        [_letters(each.name or "") for each in (first, second)],
        [_letters(each.id.partition("@")[0]) for each in (first, second)],
    )
    if names[0] == ids[1] or names[1] == ids[0]:
        return "the name of one is the id of the other"
    if _has_name(first) and _has_name(second):
        return "the same name" if names[0] == names[1] else None
    return "the same id up to the @"


def _has_name(account: AccountRow) -> bool:
    return len(_words(account.name or "")) > 1


def _letters(name: str) -> str:
    return "".join(_words(name))


def _words(name: str) -> list[str]:
    """The words of a name, without case, accents and signs; words of one letter, such as initials, are left out."""
    return [word for word in re.split(r"[\W\d_]+", folded(name)) if len(word) > 1]
