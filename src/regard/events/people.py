"""Who is who, after the fact: two identities become one person; a person is removed for good."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb

from regard.engines.base import Value
from regard.engines.duckdb import connect, execute
from regard.errors import UnknownName, UsageError
from regard.events.blot import blotted
from regard.events.file import check, translated, writing
from regard.events.numbering import fingerprint


@dataclass(frozen=True)
class Person:
    """One person of a record and the identities they go by."""

    person: int
    name: str
    ids: tuple[str, ...]


def find(connection: duckdb.DuckDBPyConnection, name: str, *, tables: str = "") -> Person:
    """The one person of that id or name (upper and lower case alike where nothing fits exactly).

    `tables` is the prefix under which the record's tables stand. Raises UnknownName with near names, or UsageError where the name
    fits several people: their ids are told then, and an id always fits one.
    """
    for rule in ("id = $name", "name = $name", "lower(id) = lower($name) OR lower(name) = lower($name)"):
        found = execute(connection, f"SELECT DISTINCT person FROM {tables}accounts WHERE {rule} ORDER BY person", {"name": name})
        if len(found) == 1:
            return load(connection, int(str(found[0][0])), tables=tables)
        if found:
            people = [load(connection, int(str(row[0])), tables=tables) for row in found[:10]]
            listed = "; ".join(f"{person.name} (id {', '.join(person.ids)})" for person in people)
            raise UsageError(f"{name!r} fits {len(found)} people; say which by id: {listed}")
    known = execute(connection, f"SELECT DISTINCT coalesce(name, id) FROM {tables}accounts ORDER BY 1 LIMIT 20000")
    raise UnknownName("person", name, [str(row[0]) for row in known])


def load(connection: duckdb.DuckDBPyConnection, person: int, *, tables: str = "") -> Person:
    """A person by number."""
    rows = execute(connection, f"SELECT id, name FROM {tables}accounts WHERE person = $person ORDER BY account", {"person": person})
    names = [str(row[1]) for row in rows if row[1] is not None]
    return Person(person, names[0] if names else str(rows[0][0]), tuple(str(row[0]) for row in rows))


def merge(path: Path, first: str, second: str) -> Person:
    """Make two identities one person, from then on and for all acts of the past; the acts stay as they are.

    Raises UnknownName, UsageError where both are one person already.
    """
    with writing(path) as connection:
        kept, gone = find(connection, first), find(connection, second)
        if kept.person == gone.person:
            raise UsageError(f"{first!r} and {second!r} are one person already")
        low, high = sorted((kept.person, gone.person))
        execute(connection, "UPDATE accounts SET person = $low WHERE person = $high", {"low": low, "high": high})
        return load(connection, low)


def forget(path: Path, name: str) -> Person:
    """Remove a person for good: their acts, words, names and ids, and the acts of others toward them.

    What is left is a fingerprint of each id, so that reading the same export again does not bring them back. Their ids and names
    are also blotted out of others' words. The file is written anew, since a database keeps deleted bytes in its pages; a kill at
    any moment leaves the old record or the new one.
    """
    check(path)
    handle, fresh_name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    os.close(handle)
    fresh = Path(fresh_name)
    fresh.unlink()
    try:
        with closing(connect()) as connection, translated(path):
            _attach(connection, path, "old", "(READ_ONLY)")
            person = find(connection, name, tables="old.")
            accounts = execute(connection, "SELECT source, id, name FROM old.accounts WHERE person = $p", {"p": person.person})
            _attach(connection, fresh, "fresh", "")
            execute(connection, "COPY FROM DATABASE old TO fresh (SCHEMA)")
            _copy_without(connection, person.person, [str(word) for row in accounts for word in row[1:] if word is not None])
            _remember_fingerprints(connection, [(str(row[0]), str(row[1])) for row in accounts])
            execute(connection, "DETACH old")
            execute(connection, "CHECKPOINT fresh")
            execute(connection, "DETACH fresh")
        fresh.replace(path)
        path.with_name(path.name + ".wal").unlink(missing_ok=True)
    finally:
        fresh.unlink(missing_ok=True)
        fresh.with_name(fresh.name + ".wal").unlink(missing_ok=True)
    return person


def _attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str, how: str) -> None:
    execute(connection, f"ATTACH '{os.fspath(path).replace(chr(39), chr(39) * 2)}' AS {name} {how}")


def _copy_without(connection: duckdb.DuckDBPyConnection, person: int, words: list[str]) -> None:
    gone = "(SELECT account FROM old.accounts WHERE person = $p)"
    values: dict[str, Value] = {"p": person}
    for table in ("meta", "inputs", "notes", "forgotten"):
        execute(connection, f"INSERT INTO fresh.{table} FROM old.{table}")
    execute(connection, "INSERT INTO fresh.accounts FROM old.accounts WHERE person <> $p", values)
    items = f"(SELECT item FROM old.acts WHERE actor IN {gone} AND kind IN ('post', 'reply', 'message') AND item IS NOT NULL)"
    text, words_bound = blotted("text", words)
    execute(
        connection,
        f"""INSERT INTO fresh.acts SELECT * REPLACE ({text} AS text,
                CASE WHEN parent_item IN {items} THEN NULL ELSE parent_item END AS parent_item,
                CASE WHEN ancestors IS NULL THEN NULL WHEN parent_item IN {items} THEN NULL ELSE ancestors END AS ancestors)
            FROM old.acts WHERE actor NOT IN {gone} AND (target IS NULL OR target NOT IN {gone}) ORDER BY rowid""",
        {**values, **words_bound},
    )


def _remember_fingerprints(connection: duckdb.DuckDBPyConnection, accounts: list[tuple[str, str]]) -> None:
    found = execute(connection, "SELECT value FROM fresh.meta WHERE key = 'salt'")
    salt = str(found[0][0]) if found else secrets.token_hex(16)
    if not found:
        execute(connection, "INSERT INTO fresh.meta VALUES ('salt', $salt)", {"salt": salt})
    for source, identity in accounts:
        execute(connection, "INSERT OR IGNORE INTO fresh.forgotten VALUES ($d)", {"d": fingerprint(salt, source, identity)})
