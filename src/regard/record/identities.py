"""Who is who, after the fact: whom a name means, and two identities that become one person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from regard.engines.base import Values
from regard.engines.duckdb.statements import execute
from regard.engines.rows import Row
from regard.errors import UnknownName, UsageError
from regard.record.storage import writing

Ask = Callable[[str, Values], list[Row]]
"""Where a question about the record's tables is asked: SQL and values to rows."""

RULES = ("id = $name", "source || ':' || id = $name", "name = $name", "lower(id) = lower($name) OR lower(name) = lower($name)")


@dataclass(frozen=True)
class Person:
    """One person of a record and the identities they go by."""

    person: int
    name: str
    ids: tuple[str, ...]


def find(ask: Ask, name: str, *, tables: str = "") -> Person:
    """The one person of that id, SOURCE:id or name (upper and lower case alike where nothing fits exactly).

    `tables` is the prefix under which the record's tables stand. Raises UnknownName with near names, or UsageError where the name
    fits several people: their ids are told then, in the form that always fits one.
    """
    for rule in RULES:
        found = ask(f"SELECT DISTINCT person FROM {tables}accounts WHERE {rule} ORDER BY person", {"name": name})
        if len(found) == 1:
            return load(ask, int(str(found[0][0])), tables=tables)
        if found:
            listed = "; ".join(_told(ask, int(str(row[0])), tables) for row in found[:10])
            raise UsageError(f"{name!r} fits {len(found)} people; say which by id: {listed}")
    known = ask(f"SELECT DISTINCT coalesce(name, id) FROM {tables}accounts ORDER BY 1 LIMIT 20000", {})
    raise UnknownName("person", name, [str(row[0]) for row in known])


def _told(ask: Ask, person: int, tables: str) -> str:
    rows = ask(f"SELECT source || ':' || id FROM {tables}accounts WHERE person = $person ORDER BY account", {"person": person})
    return f"{load(ask, person, tables=tables).name} ({', '.join(str(row[0]) for row in rows)})"


def load(ask: Ask, person: int, *, tables: str = "") -> Person:
    """A person by number."""
    rows = ask(f"SELECT id, name FROM {tables}accounts WHERE person = $person ORDER BY account", {"person": person})
    names = [str(row[1]) for row in rows if row[1] is not None]
    return Person(person, names[0] if names else str(rows[0][0]), tuple(str(row[0]) for row in rows))


def merge(path: Path, first: str, second: str) -> Person:
    """Make two identities one person, from then on and for all acts of the past; the acts stay as they are.

    Raises UnknownName, UsageError where both are one person already.
    """
    with writing(path) as connection:
        ask = partial(execute, connection)
        kept, gone = find(ask, first), find(ask, second)
        if kept.person == gone.person:
            raise UsageError(f"{first!r} and {second!r} are one person already")
        low, high = sorted((kept.person, gone.person))
        execute(connection, "UPDATE accounts SET person = $low WHERE person = $high", {"low": low, "high": high})
        return load(ask, low)
