"""Numbers the accounts of an input, lets its acts refer to those numbers, and removes times that cannot be right."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import duckdb

from regard.engines.duckdb.statements import execute, fetch
from regard.record.erasure import drop_erased

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


def number_people(connection: duckdb.DuckDBPyConnection, source: str) -> list[str]:
    """Give new accounts the next numbers, in the order of their ids, and update the known accounts.

    Returns the patterns of names that were erased (see `erasure`).
    """
    values = {"source": source}
    execute(
        connection,
        """CREATE OR REPLACE TEMP TABLE account_updates AS
           SELECT id, last(name ORDER BY n) FILTER (name IS NOT NULL) AS name,
               last(actor_type ORDER BY n) FILTER (actor_type IS NOT NULL) AS actor_type,
               last(followers ORDER BY n) FILTER (followers IS NOT NULL) AS followers,
               last(points ORDER BY n) FILTER (points IS NOT NULL) AS points,
               last(title ORDER BY n) FILTER (title IS NOT NULL) AS title, last(role ORDER BY n) FILTER (role IS NOT NULL) AS role
           FROM (SELECT *, row_number() OVER () AS n FROM staged_accounts) WHERE id <> '' GROUP BY id""",
    )
    erased_names = drop_erased(connection, source)
    execute(
        connection,
        """INSERT INTO accounts
           WITH new AS (
               SELECT id FROM (SELECT DISTINCT actor AS id FROM staged UNION SELECT target FROM staged UNION SELECT id FROM account_updates)
               WHERE id <> '' AND id NOT IN (SELECT id FROM accounts WHERE source = $source)),
           numbered AS (
               SELECT id, (SELECT coalesce(max(account) + 1, 0) FROM accounts) + row_number() OVER (ORDER BY id) - 1 AS number FROM new)
           SELECT number, $source, id, NULL, 'person', NULL, NULL, NULL, NULL, number FROM numbered ORDER BY number""",
        values,
    )
    execute(
        connection,
        """UPDATE accounts SET name = coalesce(u.name, accounts.name), followers = coalesce(u.followers, accounts.followers),
               actor_type = CASE WHEN accounts.actor_type = 'bot' THEN accounts.actor_type
                   ELSE coalesce(u.actor_type::actor_type, accounts.actor_type) END, points = coalesce(u.points, accounts.points),
               title = coalesce(u.title, accounts.title), role = coalesce(u.role, accounts.role)
           FROM account_updates u WHERE accounts.source = $source AND accounts.id = u.id
               AND (u.name, u.actor_type, u.followers, u.points, u.title, u.role) IS DISTINCT FROM
                   (accounts.name, accounts.actor_type::VARCHAR, accounts.followers, accounts.points, accounts.title, accounts.role)""",
        values,
    )
    execute(connection, "DROP TABLE account_updates")
    return erased_names


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
                false AS target_found, false AS thread_found, file, line
            FROM staged s JOIN accounts a ON a.source = $source AND a.id = s.actor
                LEFT JOIN accounts b ON b.source = $source AND b.id = s.target""",
        {"now_us": now_us, "source": source},
    )
    return counts.acts - counts.without_actor


def _count_times(connection: duckdb.DuckDBPyConnection, now_us: int) -> TimeCounts:
    sql = f"""
        SELECT count(*) FILTER ({AHEAD}), count(*) FILTER ({EARLY}), count(time),
            count(*) FILTER (time IS NULL AND coalesce(precision, 'us') <> 'none'), count(*) FILTER (actor IS NULL OR actor = ''), count(*)
        FROM staged"""
    return fetch(connection, TimeCounts, sql, {"now_us": now_us})[0]
