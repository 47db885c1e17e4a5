"""Identity resolution after reading: finds the person that a name means, merges two identities, and marks bots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from regard.engines.duckdb.objects import Ask
from regard.engines.duckdb.statements import execute
from regard.engines.rows import typed
from regard.errors import UnknownName, UsageError
from regard.record.spelling import folded, one_spelling
from regard.record.storage import reading, writing

RULES = ("source || ':' || id = $name", "id = $name", "name = $name", "lower(id) = lower($name) OR lower(name) = lower($name)")
"""How a name may fit an account, from the strictest rule to the loosest. The first one fits one account at most: no source has a colon."""


class Match(NamedTuple):
    """A person whom a name fits."""

    person: int


class Named(NamedTuple):
    """An account's person and name."""

    person: int
    name: str


class Identity(NamedTuple):
    """One account of a person."""

    id: str
    name: str | None


@dataclass(frozen=True)
class Person:
    """One person of a record, with the ids of all their accounts."""

    person: int
    name: str
    ids: tuple[str, ...]


def find(ask: Ask, name: str, *, tables: str = "", by_parts: bool = False) -> Person:
    """Find the one person with this id, SOURCE:id or name. Upper and lower case count as the same if nothing fits exactly.

    With `by_parts` a name may also be given without accents, and by the beginnings of its words. `tables` is the prefix of the names of
    the record's tables. Raises UnknownName with similar names, or UsageError if the name fits several people; the error lists their ids in
    a form that always fits one person only.
    """
    name = one_spelling(name)
    for rule in RULES:
        matches = typed(Match, ask(f"SELECT DISTINCT person FROM {tables}accounts WHERE {rule} ORDER BY person", {"name": name}))
        if len(matches) == 1:
            return load(ask, matches[0].person, tables=tables)
        if matches:
            raise _several(ask, name, [match.person for match in matches], tables)
    if by_parts and (people := _by_parts(ask, name, tables)):
        if len(people) == 1:
            return load(ask, people[0], tables=tables)
        raise _several(ask, name, people, tables)
    known = ask(f"SELECT DISTINCT coalesce(name, id) FROM {tables}accounts ORDER BY 1 LIMIT 20000", {})
    raise UnknownName("person", name, [str(row[0]) for row in known])


def _several(ask: Ask, name: str, people: Sequence[int], tables: str) -> UsageError:
    listed = "; ".join(_description(ask, person, tables) for person in people[:10])
    return UsageError(f"{name!r} fits {len(people)} people; say which by id: {listed}")


def _by_parts(ask: Ask, name: str, tables: str) -> list[int]:
    """The people who have a name in which each word of the given one begins a word of its own."""
    wanted = folded(name).split()
    rows = typed(Named, ask(f"SELECT person, name FROM {tables}accounts WHERE name IS NOT NULL ORDER BY account", {}))
    return list(dict.fromkeys(row.person for row in rows if wanted and _begin_words(wanted, folded(row.name).split())))


def _begin_words(wanted: Sequence[str], words: Sequence[str]) -> bool:
    left = list(words)
    for part in sorted(wanted, key=len, reverse=True):
        found = next((word for word in left if word.startswith(part)), None)
        if found is None:
            return False
        left.remove(found)
    return True


def _description(ask: Ask, person: int, tables: str) -> str:
    rows = ask(f"SELECT source || ':' || id FROM {tables}accounts WHERE person = $person ORDER BY account", {"person": person})
    return f"{load(ask, person, tables=tables).name} ({', '.join(str(row[0]) for row in rows)})"


def load(ask: Ask, person: int, *, tables: str = "") -> Person:
    """The person with this number. Raises UnknownName if there is none any more."""
    rows = ask(f"SELECT id, name FROM {tables}accounts WHERE person = $person ORDER BY account", {"person": person})
    identities = typed(Identity, rows)
    if not identities:
        raise UnknownName("person", str(person), [])
    name = next((identity.name for identity in identities if identity.name is not None), identities[0].id)
    return Person(person, name, tuple(identity.id for identity in identities))


def merge(path: Path, first: str, second: str) -> Person:
    """Make two identities one person, for all acts of the past and the future. The acts stay as they are.

    Raises UnknownName, UsageError if both are one person already.
    """
    with writing(path) as connection:
        ask = partial(execute, connection)
        people = [find(ask, name).person for name in (first, second)]
        low, high = min(people), max(people)
        if low == high:
            raise UsageError(f"{first!r} and {second!r} are one person already")
        execute(connection, "UPDATE accounts SET person = $low WHERE person = $high", {"low": low, "high": high})
        return load(ask, low)


def unmerge(path: Path, name: str) -> tuple[Person, ...]:
    """Take a person apart: each of their accounts is a person of its own again. The acts stay as they are.

    Raises UnknownName, UsageError if the person has one account only.
    """
    with writing(path) as connection:
        ask = partial(execute, connection)
        merged = find(ask, name)
        if len(merged.ids) == 1:
            raise UsageError(f"{name!r} has one account only ({merged.ids[0]}); there is nothing to take apart")
        sql = "SELECT account AS person FROM accounts WHERE person = $person ORDER BY account"
        accounts = typed(Match, ask(sql, {"person": merged.person}))
        execute(connection, "UPDATE accounts SET person = account WHERE person = $person", {"person": merged.person})
        return tuple(load(ask, account.person) for account in accounts)


def mark_bot(path: Path, name: str) -> Person:
    """Say that an identity, with all accounts of its person, is no person but an app. Raises UnknownName, UsageError as `find`.

    A record that knows it already is left as it is, to the byte: a work folder keeps what was made of that file.
    """
    with reading(path) as connection:
        found = find(partial(execute, connection), name)
        if not execute(connection, "SELECT 1 FROM accounts WHERE person = $person AND actor_type <> 'bot'", {"person": found.person}):
            return found
    with writing(path) as connection:
        found = find(partial(execute, connection), name)
        execute(connection, "UPDATE accounts SET actor_type = 'bot' WHERE person = $person", {"person": found.person})
        return found
