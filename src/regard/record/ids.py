"""Numbers the accounts of an input, lets its acts refer to those numbers, and removes times that cannot be right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import duckdb

from regard.engines.base import Values
from regard.engines.duckdb.statements import execute, fetch, fetch_scalar
from regard.record.erased_again import drop_erased
from regard.record.renames import check_keys, join_renamed, keep_apart

VALUES = ("name", "actor_type", "followers", "points", "title", "role")
"""Columns of an account that a later input may give anew."""

DAY_US = 86_400_000_000

AHEAD = f"time > make_timestamp($now_us + {DAY_US})"
"""The time of an act is more than a day ahead of the reader's clock."""

EARLY = "time < TIMESTAMP '1971-01-01'"


class TimeCounts(NamedTuple):
    """How many acts of an input have which kind of time."""

    ahead: int
    early: int
    """In 1970 or before: what an empty clock gives."""
    dated: int
    unreadable: int
    without_actor: int
    acts: int


def number_people(connection: duckdb.DuckDBPyConnection, source: str, notes: Counter[str], *, by_items: bool) -> list[str]:
    """Give new accounts the next numbers, in the order of their ids, and update the known accounts.

    Makes `moved`: ids of the input that mean the account of another id (see `renames`, also for `by_items`). Returns the patterns of names
    that were erased (see `erasure`).
    """
    values: Values = {"source": source}
    execute(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE account_updates AS
            SELECT id, max(n) AS n, min(key) AS first_key, max(key) AS key, {_last(VALUES)}
            FROM (SELECT *, row_number() OVER () AS n FROM staged_accounts) WHERE id <> '' GROUP BY id""",
    )
    check_keys(connection, source, notes)
    erased_names = drop_erased(connection, source, by_items=by_items)
    keep_apart(connection, source, notes)
    first_new = fetch_scalar(connection, int, "SELECT coalesce(max(account) + 1, 0) FROM accounts")
    execute(
        connection,
        """INSERT INTO accounts
           WITH new AS (
               SELECT id FROM (SELECT DISTINCT actor AS id FROM staged UNION SELECT target FROM staged UNION SELECT id FROM account_updates)
               WHERE id <> '' AND id NOT IN (SELECT id FROM accounts WHERE source = $source)),
           numbered AS (SELECT id, $first_new + row_number() OVER (ORDER BY id) - 1 AS number FROM new)
           SELECT number, $source, id, NULL, coalesce(actor_type, 'person')::actor_type, NULL, NULL, NULL, NULL, number, key
           FROM numbered LEFT JOIN account_updates USING (id) ORDER BY number""",
        {**values, "first_new": first_new},
    )
    execute(
        connection,
        """UPDATE accounts SET key = u.key FROM account_updates u
           WHERE accounts.source = $source AND accounts.id = u.id AND accounts.key IS NULL AND u.key IS NOT NULL""",
        values,
    )
    join_renamed(connection, source, first_new, notes, by_items=by_items)
    execute(
        connection,
        f"""UPDATE accounts SET name = coalesce(u.name, accounts.name), followers = coalesce(u.followers, accounts.followers),
                actor_type = CASE WHEN accounts.actor_type = 'bot' THEN accounts.actor_type
                    ELSE coalesce(u.actor_type::actor_type, accounts.actor_type) END, points = coalesce(u.points, accounts.points),
                title = coalesce(u.title, accounts.title), role = coalesce(u.role, accounts.role)
            FROM (SELECT coalesce(m.other, u.id) AS id, {_last(VALUES)} FROM account_updates u LEFT JOIN moved m ON m.id = u.id
                  GROUP BY ALL) u
            WHERE accounts.source = $source AND accounts.id = u.id
                AND (u.name, u.actor_type, u.followers, u.points, u.title, u.role) IS DISTINCT FROM
                    (accounts.name, accounts.actor_type::VARCHAR, accounts.followers, accounts.points, accounts.title, accounts.role)""",
        values,
    )
    execute(connection, "DROP TABLE account_updates")
    return erased_names


def _last(columns: Sequence[str]) -> str:
    """SQL for the last value of each column, by `n`, as far as there is one."""
    return ", ".join(f"last({column} ORDER BY n) FILTER ({column} IS NOT NULL) AS {column}" for column in columns)


def number_acts(connection: duckdb.DuckDBPyConnection, source: str, now_us: int, notes: Counter[str]) -> int:
    """Make `numbered`: the staged acts, with people as numbers and without times that can't be right.

    Returns the number of acts in the input that have an actor.
    """
    counts = _count_times(connection, now_us)
    # A log whose clock starts at 0 lies in 1970 as a whole. Single acts of 1970 in a later log come from an empty clock.
    clock_starts_at_0 = counts.early * 2 > counts.dated
    for note, count in (
        ("clock ahead of the reader's: time left out", counts.ahead),
        ("clock at 1970: time left out", 0 if clock_starts_at_0 else counts.early),
        ("acts without a time that can be read", counts.unreadable),
        ("acts without an actor left out", counts.without_actor),
    ):
        if count:
            notes[note] += count
    wrong = AHEAD if clock_starts_at_0 else f"{AHEAD} OR {EARLY}"
    execute(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE numbered AS
            SELECT CASE WHEN {wrong} THEN NULL ELSE time END AS time,
                (CASE WHEN time IS NULL OR {wrong} THEN 'none' ELSE coalesce(precision, 'us') END)::time_precision AS time_precision,
                coalesce(clock, 'server')::time_source AS time_source, a.account AS actor, b.account AS target, kind::kind AS kind, item,
                parent AS parent_item, ancestors, thread AS thread_root, channel, text, label, lang,
                coalesce(visibility, 'members')::visibility AS visibility, coalesce(edited, false) AS edited, note AS weight_note,
                false AS target_found, false AS thread_found, file, line, other_ids
            FROM staged s LEFT JOIN moved ma ON ma.id = s.actor LEFT JOIN moved mb ON mb.id = s.target
                JOIN accounts a ON a.source = $source AND a.id = coalesce(ma.other, s.actor)
                LEFT JOIN accounts b ON b.source = $source AND b.id = coalesce(mb.other, s.target)""",
        {"now_us": now_us, "source": source},
    )
    execute(connection, "DROP TABLE moved")
    return counts.acts - counts.without_actor


def _count_times(connection: duckdb.DuckDBPyConnection, now_us: int) -> TimeCounts:
    sql = f"""
        SELECT count(*) FILTER ({AHEAD}), count(*) FILTER ({EARLY}), count(time),
            count(*) FILTER (time IS NULL AND coalesce(precision, 'us') <> 'none'), count(*) FILTER (actor IS NULL OR actor = ''), count(*)
        FROM staged"""
    return fetch(connection, TimeCounts, sql, {"now_us": now_us})[0]
