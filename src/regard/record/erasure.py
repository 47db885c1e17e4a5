"""Removing a person for good, and keeping them removed when the same export is read again.

What is left of them are fingerprints: hashes with the record's own secret of their ids and of the ids of what they wrote. They tell
an account or an item again when an export brings it back, and tell nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

import duckdb

from regard.engines.base import Value, Values
from regard.engines.duckdb.connection import connect
from regard.engines.duckdb.statements import execute
from regard.errors import RecordBusy
from regard.record.identities import Person, find, load
from regard.record.redact import patterns, redact
from regard.record.storage import draft, translated, writing

LONG_ID = 8
"""An id of so many signs is looked for inside other ids too, such as at://did:plc:.../app.bsky.feed.post/..."""
WRITTEN = "kind IN ('post', 'reply', 'message') AND item IS NOT NULL"
MARK = "sha256(concat($salt, chr(0), {source}, chr(0), {what}, chr(0), {id}))"


def forget(path: Path, who: str | Person) -> Person:
    """Remove a person for good: their acts, words, names and ids, and the acts of others toward them.

    Their full names and ids are also taken out of others' words, titles and channels (see `blot`), and the ids of what they wrote are
    replaced, so that the threads they began stay threads. The file is written anew, since a database keeps deleted bytes in its pages;
    a kill at any moment leaves the old record or the new one. Raises UnknownName, UsageError where the name fits several.
    """
    with draft(path) as fresh, closing(connect()) as connection, translated(path):
        _attach_alone(connection, path)
        ask = partial(execute, connection)
        person = find(ask, who, tables="old.") if isinstance(who, str) else load(ask, who.person, tables="old.")
        _attach(connection, fresh, "fresh", "")
        execute(connection, "COPY FROM DATABASE old TO fresh (SCHEMA)")
        _copy_without(connection, person.person)
        execute(connection, "CHECKPOINT fresh")
        execute(connection, "DETACH fresh")
        # While the old file is held, so that nobody begins to write into what is about to go.
        with suppress(PermissionError):
            fresh.replace(path)
        execute(connection, "DETACH old")
        if fresh.exists():  # Windows does not replace an open file
            fresh.replace(path)
    return person


def _attach_alone(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Attach the record when all of it is in one file: a log beside it would outlive it, and does not fit its successor."""
    for _ in range(3):
        with writing(path):
            pass
        _attach(connection, path, "old", "(READ_ONLY)")
        if not path.with_name(f"{path.name}.wal").exists():
            return
        execute(connection, "DETACH old")
    raise RecordBusy(f"{path}: another program writes into this record; try again when it has done")


def _attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str, how: str) -> None:
    execute(connection, f"ATTACH '{os.fspath(path).replace(chr(39), chr(39) * 2)}' AS {name} {how}")


def _copy_without(connection: duckdb.DuckDBPyConnection, person: int) -> None:
    values: dict[str, Value] = {"p": person, "salt": salt_of(connection, "old.")}
    execute(connection, "CREATE TEMP TABLE gone AS SELECT account, source, id, name FROM old.accounts WHERE person = $p", values)
    execute(connection, "CREATE TEMP VIEW all_acts AS SELECT a.*, source, a.rowid AS r FROM old.acts a JOIN old.inputs USING (input)")
    theirs = f"SELECT source, item FROM all_acts WHERE actor IN (SELECT account FROM gone) AND {WRITTEN}"
    columns = ("item", "parent_item", "thread_root")
    hide(connection, "all_acts", columns, f"(source, id) IN ({theirs})", values)
    others = "SELECT text FROM old.acts WHERE actor NOT IN (SELECT account FROM gone)"
    words = patterns(connection, others, _names(connection, "SELECT id, name FROM gone"))
    for table in ("meta", "notes", "forgotten"):
        execute(connection, f"INSERT INTO fresh.{table} FROM old.{table}")
    for table, texts in (("inputs", ("title",)), ("accounts", ("title", "role"))):
        replaced, bound = _replaced(texts, words)
        kept = "WHERE person <> $p" if table == "accounts" else ""
        execute(connection, f"INSERT INTO fresh.{table} SELECT * REPLACE ({replaced}) FROM old.{table} {kept}", {**values, **bound})
    replaced, bound = _replaced(("text", "channel", "file"), words)
    gone = "(SELECT account FROM gone)"
    unresolved = "a.kind = 'reply' AND a.target IS NULL AND h_parent_item.token IS NOT NULL"
    execute(
        connection,
        f"""INSERT INTO fresh.acts SELECT a.* EXCLUDE (source, r)
                REPLACE ({replaced}, {", ".join(f"coalesce(h_{c}.token, {c}) AS {c}" for c in columns)},
                    CASE WHEN l.r IS NULL THEN a.ancestors ELSE l.ancestors END AS ancestors)
            FROM all_acts a LEFT JOIN hidden_lists l USING (r)
                {" ".join(f"LEFT JOIN hidden h_{c} ON h_{c}.source = a.source AND h_{c}.id = a.{c}" for c in columns)}
            WHERE actor NOT IN {gone} AND (target IS NULL OR target NOT IN {gone}) AND NOT ({unresolved}) ORDER BY r""",
        {**values, **bound},
    )
    marks = f"""SELECT {MARK.format(source="source", what="'account'", id="id")} FROM gone
                UNION SELECT {MARK.format(source="source", what="'item'", id="id")} FROM hidden"""
    execute(connection, f"INSERT OR IGNORE INTO fresh.forgotten {marks}", values)


def drop_forgotten(connection: duckdb.DuckDBPyConnection, source: str) -> list[str]:
    """Keep people who were removed out of `staged` and `told`: an export that is read again still holds them.

    Gives the patterns of their names, as far as this input tells them.
    """
    if not execute(connection, "SELECT 1 FROM forgotten LIMIT 1"):
        return []
    values: dict[str, Value] = {"salt": salt_of(connection), "source": source}
    execute(
        connection, "CREATE OR REPLACE TEMP TABLE staged_kept AS SELECT *, $source AS source, row_number() OVER () AS r FROM staged", values
    )
    execute(connection, "CREATE OR REPLACE TEMP VIEW staged AS SELECT * EXCLUDE (source, r) FROM staged_kept")
    everybody = "SELECT actor AS id FROM staged_kept UNION SELECT target FROM staged_kept UNION SELECT id FROM told"
    account = MARK.format(source="$source", what="'account'", id="id")
    execute(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE gone AS SELECT $source AS source, id, name FROM ({everybody}) LEFT JOIN told USING (id)
            WHERE {account} IN (SELECT digest FROM forgotten)""",
        values,
    )
    item = MARK.format(source="source", what="'item'", id="id")
    theirs = f"SELECT item FROM staged_kept WHERE actor IN (SELECT id FROM gone) AND {WRITTEN}"
    columns = ("item", "parent", "thread")
    hide(connection, "staged_kept", columns, f"id IN ({theirs}) OR {item} IN (SELECT digest FROM forgotten)", values)
    gone, hidden = "(SELECT id FROM gone)", "(SELECT id FROM hidden)"
    execute(
        connection,
        f"""DELETE FROM staged_kept WHERE actor IN {gone} OR target IN {gone}
            OR (kind = 'reply' AND target IS NULL AND parent IN {hidden}) OR (kind <> 'reply' AND item IN {hidden})""",
    )
    for column in columns:
        execute(connection, f"UPDATE staged_kept SET {column} = token FROM hidden WHERE {column} = hidden.id")
    execute(connection, "UPDATE staged_kept SET ancestors = l.ancestors FROM hidden_lists l WHERE l.r = staged_kept.r")
    words = patterns(connection, "SELECT text FROM staged_kept", _names(connection, "SELECT id, name FROM gone"))
    replaced, bound = _replaced(("text", "channel", "file"), words)
    if words:
        execute(connection, f"CREATE OR REPLACE TEMP TABLE staged_kept AS SELECT * REPLACE ({replaced}) FROM staged_kept ORDER BY r", bound)
    replaced, bound = _replaced(("title", "role"), words)
    execute(connection, "DELETE FROM told WHERE id IN (SELECT id FROM gone)")
    execute(connection, f"CREATE OR REPLACE TEMP TABLE told AS SELECT * REPLACE ({replaced}) FROM told", bound)
    for table in ("gone", "hidden", "hidden_lists"):
        execute(connection, f"DROP TABLE {table}")
    return words


def hide(connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], which: str, values: Values) -> None:
    """Make `hidden`, what stands for the ids of removed people's items in `table`, and `hidden_lists`, its `ancestors` with them."""
    each = [f"SELECT source, {column} AS id FROM {table} WHERE {column} IS NOT NULL" for column in columns]
    listed = f"SELECT source, r, unnest(string_split(ancestors, chr(10))) AS id FROM {table} WHERE ancestors IS NOT NULL"
    inside = f"""EXISTS (SELECT 1 FROM gone g WHERE g.source = t.source AND length(g.id) >= {LONG_ID} AND contains(t.id, g.id)
                     AND NOT regexp_full_match(g.id, '[0-9]+'))"""
    token = MARK.format(source="source", what="'token'", id="id")
    execute(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE hidden AS SELECT source, id, 'removed-' || left({token}, 16) AS token FROM (
                {" UNION ".join(each)} UNION SELECT source, id FROM ({listed})) t WHERE {which} OR {inside}""",
        values,
    )
    execute(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE hidden_lists AS
            SELECT r, string_agg(coalesce(token, l.id), chr(10) ORDER BY place) AS ancestors
            FROM (SELECT source, r, ids[i + 1] AS id, i AS place FROM (
                SELECT source, r, string_split(ancestors, chr(10)) AS ids FROM {table} WHERE ancestors IS NOT NULL), range(len(ids)) n(i)) l
            LEFT JOIN hidden h ON h.source = l.source AND h.id = l.id GROUP BY r HAVING count(token) > 0""",
    )


def salt_of(connection: duckdb.DuckDBPyConnection, tables: str = "") -> str:
    """The record's secret."""
    return str(execute(connection, f"SELECT value FROM {tables}meta WHERE key = 'salt'")[0][0])


def _names(connection: duckdb.DuckDBPyConnection, sql: str) -> list[str]:
    return [str(word) for row in execute(connection, sql) for word in row if word is not None]


def _replaced(columns: Sequence[str], words: Sequence[str]) -> tuple[str, dict[str, str]]:
    parts, bound = [], dict[str, str]()
    for column in columns:
        sql, bound = redact(column, words)
        parts.append(f"{sql} AS {column}")
    return ", ".join(parts), bound
