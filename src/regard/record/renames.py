"""Accounts whose ids are names that their owners may change: one account under several names, and one name of several accounts.

A platform with such names may give each account a key as well, a number that stays. Accounts of one key are one person. Where there is no
key, a platform that shows everything under the present name tells by its items who was renamed: an item has one author. Equal names alone
join accounts only where no key contradicts: a name has one owner at a time.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import duckdb

from regard.engines.base import Values
from regard.engines.duckdb.statements import execute, fetch, fetch_scalar

WRITTEN = "kind IN ('post', 'reply', 'message') AND item IS NOT NULL AND time IS NOT NULL"
OF_SOURCE = "input IN (SELECT input FROM inputs WHERE source = $source)"

MADE = "@"
"""Begins a key that the record makes itself, of the first name, where the platform gives none."""

RENAMED = "accounts that had another name in an earlier input"
OTHER_KEYS = "accounts left apart, their numbers being other people's in the record (is it of another place?)"
NAME_OF_TWO = "names that two accounts bore in this input, not told apart"
NAME_TAKEN = "names that another account bore before"


class KeyCounts(NamedTuple):
    """How many accounts of an input have a name and a key that the record knows."""

    agree: int
    """With each other."""
    differ: int
    """With another key or name."""


def check_keys(connection: duckdb.DuckDBPyConnection, source: str, notes: Counter[str]) -> None:
    """Drop the keys of `account_updates` that can't be trusted: of a name with two keys, and all if they are those of another place.

    Two forums count their members from 1. Keys are of the record's place if an item of the input is in the record at its very time, or if
    more of the names that both know have the same key than another.
    """
    if not execute(connection, "SELECT 1 FROM account_updates WHERE key IS NOT NULL LIMIT 1"):
        return
    n_names = fetch_scalar(connection, int, "SELECT count(*) FROM account_updates WHERE first_key <> key")
    execute(connection, "UPDATE account_updates SET key = NULL WHERE first_key <> key")
    known = f"SELECT id, key FROM accounts WHERE source = $source AND key IS NOT NULL AND NOT starts_with(key, '{MADE}')"
    sql = f"""SELECT count(*) FILTER (agrees), count(*) FILTER (NOT agrees) FROM (
                  SELECT u.id, bool_or(u.id = k.id AND u.key = k.key) AS agrees FROM account_updates u JOIN ({known}) k
                  ON u.id = k.id OR u.key = k.key WHERE u.key IS NOT NULL GROUP BY u.id)"""
    counts = fetch(connection, KeyCounts, sql, {"source": source})[0]
    is_other_place = counts.agree <= counts.differ > 0 and not _overlaps(connection, source)
    if is_other_place:
        execute(connection, "UPDATE account_updates SET key = NULL")
    for note, count in ((NAME_OF_TWO, n_names), (OTHER_KEYS, counts.differ if is_other_place else 0)):
        if count:
            notes[note] += count


def _overlaps(connection: duckdb.DuckDBPyConnection, source: str) -> bool:
    items = f"SELECT item, time FROM acts WHERE {WRITTEN} AND {OF_SOURCE}"
    return bool(execute(connection, f"SELECT 1 FROM staged WHERE {WRITTEN} AND (item, time) IN ({items}) LIMIT 1", {"source": source}))


def keep_apart(connection: duckdb.DuckDBPyConnection, source: str, notes: Counter[str]) -> None:
    """Make `moved`: ids of the input that mean the account of another id. Here: names that the record knows as those of another key.

    Such an account gets an id of its own, its name with its key, in `account_updates` too.
    """
    execute(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE moved AS SELECT u.id, u.id || '#' || u.key AS other FROM account_updates u
            JOIN accounts a ON a.source = $source AND a.id = u.id AND a.key <> u.key AND NOT starts_with(a.key, '{MADE}')""",
        {"source": source},
    )
    execute(connection, "UPDATE account_updates SET id = other FROM moved WHERE moved.id = account_updates.id")
    if n_taken := fetch_scalar(connection, int, "SELECT count(*) FROM moved"):
        notes[NAME_TAKEN] += n_taken


def join_renamed(connection: duckdb.DuckDBPyConnection, source: str, first_new: int, notes: Counter[str], *, by_items: bool) -> None:
    """Make accounts of one key one person, and complete `moved`: acts under any of their names are of the account that came first.

    New accounts have the numbers from `first_new` on. `by_items` says that equal items show who was renamed (see `Source.renames`).
    """
    values: Values = {"source": source, "first_new": first_new}
    if by_items:
        _share_keys_by_items(connection, values)
    execute(
        connection,
        """CREATE OR REPLACE TEMP TABLE same AS SELECT * FROM (
               SELECT account, id, person, min(account) OVER key AS first, min(person) OVER key AS low, count(*) OVER key AS n
               FROM accounts WHERE source = $source AND key IS NOT NULL WINDOW key AS (PARTITION BY key)) WHERE n > 1""",
        values,
    )
    if execute(connection, "SELECT 1 FROM same LIMIT 1"):
        low = "SELECT person, min(low) AS low FROM same GROUP BY person"
        execute(connection, f"UPDATE accounts SET person = l.low FROM ({low}) l WHERE l.person = accounts.person AND l.low < l.person")
        execute(
            connection,
            """CREATE OR REPLACE TEMP TABLE later AS SELECT s.id, f.id AS other FROM same s JOIN same f ON f.account = s.first
               WHERE s.account > s.first""",
        )
        execute(connection, "UPDATE moved SET other = later.other FROM later WHERE later.id = moved.other")
        execute(connection, "INSERT INTO moved FROM later WHERE id NOT IN (SELECT id FROM moved)")
        execute(connection, "DROP TABLE later")
        if n_renamed := fetch_scalar(connection, int, "SELECT count(*) FROM same WHERE account > first AND account >= $first_new", values):
            notes[RENAMED] += n_renamed
    execute(connection, "DROP TABLE same")


def _share_keys_by_items(connection: duckdb.DuckDBPyConnection, values: Values) -> None:
    """Give one key to a new account and to the known account whose items, all that both inputs hold, it now has.

    Only if no other new account has such items, and the known one writes nothing here: an app or a deleted account may stand for several.
    """
    author = "SELECT account FROM accounts WHERE source = $source AND id IN (SELECT actor FROM staged)"
    items = f"SELECT item, time, actor FROM {{}} WHERE {WRITTEN}"
    execute(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE renamed AS SELECT * FROM (
                SELECT fresh, any_value(known) AS known, count(*) OVER (PARTITION BY any_value(known)) AS n FROM (
                    SELECT DISTINCT a.account AS fresh, e.actor AS known FROM ({items.format("staged")}) s
                    JOIN ({items.format("acts")} AND {OF_SOURCE}) e USING (item, time)
                    JOIN accounts a ON a.source = $source AND a.id = s.actor AND a.account >= $first_new AND a.actor_type = 'person')
                GROUP BY fresh HAVING count(*) = 1)
            WHERE n = 1 AND known NOT IN ({author})""",
        values,
    )
    execute(
        connection,
        f"""UPDATE accounts SET key = r.key FROM (
                SELECT fresh, known, coalesce(f.key, k.key, '{MADE}' || k.id) AS key FROM renamed
                JOIN accounts f ON f.account = fresh JOIN accounts k ON k.account = known
                WHERE k.actor_type = 'person' AND (f.key IS NULL OR k.key IS NULL)) r
            WHERE accounts.account IN (r.fresh, r.known)""",
    )
    execute(connection, "DROP TABLE renamed")
