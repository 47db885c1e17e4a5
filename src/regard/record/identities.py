"""Identity resolution after reading: finds the person that a name means, merges two identities, and marks bots."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from regard.engines.base import Values
from regard.engines.duckdb.statements import execute
from regard.engines.rows import Row, typed
from regard.errors import UnknownName, UsageError
from regard.record.spelling import one_spelling
from regard.record.storage import reading, writing

Ask = Callable[[str, Values], list[Row]]
"""Runs a query on the record's tables: SQL and values to rows."""

RULES = ("id = $name", "source || ':' || id = $name", "name = $name", "lower(id) = lower($name) OR lower(name) = lower($name)")
"""How a name may fit an account, from the strictest rule to the loosest."""


class Match(NamedTuple):
    """A person whom a name fits."""

    person: int


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


def find(ask: Ask, name: str, *, tables: str = "") -> Person:
    """Find the one person with this id, SOURCE:id or name. Upper and lower case count as the same if nothing fits exactly.

    `tables` is the prefix of the names of the record's tables. Raises UnknownName with similar names, or UsageError if the name fits
    several people; the error lists their ids in a form that always fits one person only.
    """
    name = one_spelling(name)
    for rule in RULES:
        matches = typed(Match, ask(f"SELECT DISTINCT person FROM {tables}accounts WHERE {rule} ORDER BY person", {"name": name}))
        if len(matches) == 1:
            return load(ask, matches[0].person, tables=tables)
        if matches:
            listed = "; ".join(_description(ask, match.person, tables) for match in matches[:10])
            raise UsageError(f"{name!r} fits {len(matches)} people; say which by id: {listed}")
    known = ask(f"SELECT DISTINCT coalesce(name, id) FROM {tables}accounts ORDER BY 1 LIMIT 20000", {})
    raise UnknownName("person", name, [str(row[0]) for row in known])


def _description(ask: Ask, person: int, tables: str) -> str:
    rows = ask(f"SELECT source || ':' || id FROM {tables}accounts WHERE person = $person ORDER BY account", {"person": person})
    return f"{load(ask, person, tables=tables).name} ({', '.join(str(row[0]) for row in rows)})"


def load(ask: Ask, person: int, *, tables: str = "") -> Person:
    """The person with this number."""
    rows = ask(f"SELECT id, name FROM {tables}accounts WHERE person = $person ORDER BY account", {"person": person})
    identities = typed(Identity, rows)
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
