"""Who is who in an input: accounts get numbers, acts refer to them, and clocks that cannot be right are taken off."""

from __future__ import annotations

from collections import Counter

import duckdb

from regard.engines.duckdb.statements import execute
from regard.record.erasure import drop_forgotten


def number_people(connection: duckdb.DuckDBPyConnection, source: str) -> list[str]:
    """Give new accounts the next numbers, in the order of their ids, and bring the known ones up to date.

    Gives the patterns of names that were removed for good.
    """
    values = {"source": source}
    execute(
        connection,
        """CREATE OR REPLACE TEMP TABLE told AS
           SELECT id, last(name ORDER BY n) FILTER (name IS NOT NULL) AS name,
               last(actor_type ORDER BY n) FILTER (actor_type IS NOT NULL) AS actor_type,
               last(followers ORDER BY n) FILTER (followers IS NOT NULL) AS followers,
               last(points ORDER BY n) FILTER (points IS NOT NULL) AS points,
               last(title ORDER BY n) FILTER (title IS NOT NULL) AS title, last(role ORDER BY n) FILTER (role IS NOT NULL) AS role
           FROM (SELECT *, row_number() OVER () AS n FROM staged_accounts) WHERE id <> '' GROUP BY id""",
    )
    gone = drop_forgotten(connection, source)
    execute(
        connection,
        """INSERT INTO accounts
           WITH new AS (
               SELECT id FROM (SELECT DISTINCT actor AS id FROM staged UNION SELECT target FROM staged UNION SELECT id FROM told)
               WHERE id <> '' AND id NOT IN (SELECT id FROM accounts WHERE source = $source)),
           numbered AS (
               SELECT id, (SELECT coalesce(max(account) + 1, 0) FROM accounts) + row_number() OVER (ORDER BY id) - 1 AS number FROM new)
           SELECT number, $source, id, NULL, 'person', NULL, NULL, NULL, NULL, number FROM numbered ORDER BY number""",
        values,
    )
    execute(
        connection,
        """UPDATE accounts SET name = coalesce(told.name, accounts.name), followers = coalesce(told.followers, accounts.followers),
               actor_type = coalesce(told.actor_type::actor_type, accounts.actor_type), points = coalesce(told.points, accounts.points),
               title = coalesce(told.title, accounts.title), role = coalesce(told.role, accounts.role)
           FROM told WHERE accounts.source = $source AND accounts.id = told.id
               AND (told.name, told.actor_type, told.followers, told.points, told.title, told.role) IS DISTINCT FROM
                   (accounts.name, accounts.actor_type::VARCHAR, accounts.followers, accounts.points, accounts.title, accounts.role)""",
        values,
    )
    execute(connection, "DROP TABLE told")
    return gone


def number_acts(connection: duckdb.DuckDBPyConnection, source: str, now_us: int, notes: Counter[str]) -> int:
    """Acts with people as numbers and clocks that can't be right taken off; gives how many acts of somebody the input holds."""
    ahead, early, dated, unreadable, actorless, read = (
        int(str(count))
        for count in execute(
            connection,
            """SELECT count(*) FILTER (time > make_timestamp($now_us + 86400000000)),
                   count(*) FILTER (time < TIMESTAMP '1971-01-01'), count(time),
                   count(*) FILTER (time IS NULL AND coalesce(precision, 'us') <> 'none'),
                   count(*) FILTER (actor IS NULL OR actor = ''), count(*)
               FROM staged""",
            {"now_us": now_us},
        )[0]
    )
    # A log whose clock starts at 0 lies in 1970 as a whole; single acts of 1970 in a later log come from an empty clock.
    relative = early * 2 > dated
    for note, count in (
        ("clock ahead of the reader's: time left out", ahead),
        ("clock at 1970: time left out", 0 if relative else early),
        ("acts without a time that can be read", unreadable),
        ("acts without an actor left out", actorless),
    ):
        if count:
            notes[note] += count
    wrong = "time > make_timestamp($now_us + 86400000000)" + ("" if relative else " OR time < TIMESTAMP '1971-01-01'")
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
    return read - actorless
