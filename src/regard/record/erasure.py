"""Erasure: removes a person for good, and keeps them removed when the same export is read again.

Of an erased person only fingerprints remain: hashes, with the record's own secret, of their ids and of the ids of what they wrote. A
fingerprint recognises an account or an item when an export brings it back. It tells nothing else.
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
from regard.engines.duckdb.statements import execute, fetch_scalar, quote_literal
from regard.errors import RecordBusy
from regard.record.identities import Person, find, load
from regard.record.redact import patterns, redact
from regard.record.storage import draft, translated, writing

LONG_ID = 8
"""An id of at least so many characters is looked for inside other ids too, such as at://did:plc:.../app.bsky.feed.post/..."""
OWN_OTHER_IDS = """CASE WHEN other_ids IS NOT NULL AND NOT list_has_any(string_split(other_ids, chr(10)),
    (SELECT coalesce(list(id), []) FROM item_tokens)) THEN other_ids END"""
"""The `other_ids` of an item that bears no id of an erased person's item."""
WRITTEN = "kind IN ('post', 'reply', 'message') AND item IS NOT NULL"
FINGERPRINT = "sha256(concat($salt, chr(0), {source}, chr(0), {what}, chr(0), {id}))"


def forget(path: Path, who: str | Person) -> Person:
    """Remove a person for good: their acts, words, names and ids, and the acts of others toward them.

    Their full names and ids are also taken out of others' words, titles and channels (see `redact`). The ids of what they wrote are
    replaced, so that threads which they began stay threads. The file is written anew, because a database keeps deleted bytes in its pages.
    If the program is killed, the file is the old record or the new one. Raises UnknownName, UsageError if the name fits several people.
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
        # The old file is still held here, so that no program begins to write into a file that is about to be replaced.
        with suppress(PermissionError):
            fresh.replace(path)
        execute(connection, "DETACH old")
        if fresh.exists():  # Windows does not replace an open file
            fresh.replace(path)
    return person


def _attach_alone(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Attach the record when all of it is in one file. A log beside the file would outlive it, and would not fit the new file."""
    for _ in range(3):
        with writing(path):
            pass
        _attach(connection, path, "old", "(READ_ONLY)")
        if not path.with_name(f"{path.name}.wal").exists():
            return
        execute(connection, "DETACH old")
    raise RecordBusy(f"{path}: another program writes into this record; try again when it has done")


def _attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str, options: str) -> None:
    execute(connection, f"ATTACH {quote_literal(os.fspath(path))} AS {name} {options}")


def _copy_without(connection: duckdb.DuckDBPyConnection, person: int) -> None:
    """Copy the tables of the record `old` to `fresh`, without a person."""
    values: dict[str, Value] = {"p": person, "salt": salt_of(connection, "old.")}
    execute(connection, "CREATE TEMP TABLE erased AS SELECT account, source, id, name, key FROM old.accounts WHERE person = $p", values)
    execute(connection, "CREATE TEMP VIEW all_acts AS SELECT a.*, source, a.rowid AS r FROM old.acts a JOIN old.inputs USING (input)")
    theirs = _items_of("all_acts", "source, {}", "actor IN (SELECT account FROM erased)")
    _make_item_tokens(connection, "all_acts", ("item", "parent_item", "thread_root"), f"(source, id) IN ({theirs})", values)
    others = "SELECT text FROM old.acts WHERE actor NOT IN (SELECT account FROM erased)"
    words = patterns(connection, others, _names(connection, "SELECT id, name FROM erased"))
    for table in ("meta", "notes", "forgotten"):
        execute(connection, f"INSERT INTO fresh.{table} FROM old.{table}")
    for table, texts in (("inputs", ("title",)), ("accounts", ("title", "role"))):
        redacted, bound = _redacted(texts, words)
        kept = "WHERE person <> $p" if table == "accounts" else ""
        execute(connection, f"INSERT INTO fresh.{table} SELECT * REPLACE ({redacted}) FROM old.{table} {kept}", {**values, **bound})
    _copy_acts(connection, words, values)
    fingerprints = f"""SELECT {FINGERPRINT.format(source="source", what="'account'", id="id")} FROM erased
                       UNION SELECT {FINGERPRINT.format(source="source", what="'key'", id="key")} FROM erased WHERE key IS NOT NULL
                       UNION SELECT {FINGERPRINT.format(source="source", what="'item'", id="id")} FROM item_tokens"""
    execute(connection, f"INSERT OR IGNORE INTO fresh.forgotten {fingerprints}", values)


def _copy_acts(connection: duckdb.DuckDBPyConnection, words: Sequence[str], values: Values) -> None:
    columns = ("item", "parent_item", "thread_root")
    redacted, bound = _redacted(("text", "channel", "file"), words)
    erased = "(SELECT account FROM erased)"
    answers_them = "a.kind = 'reply' AND a.target IS NULL AND t_parent_item.token IS NOT NULL"
    execute(
        connection,
        f"""INSERT INTO fresh.acts SELECT a.* EXCLUDE (source, r)
                REPLACE ({redacted}, {", ".join(f"coalesce(t_{c}.token, {c}) AS {c}" for c in columns)},
                    CASE WHEN l.r IS NULL THEN a.ancestors ELSE l.ancestors END AS ancestors, {OWN_OTHER_IDS} AS other_ids)
            FROM all_acts a LEFT JOIN ancestor_lists l USING (r)
                {" ".join(f"LEFT JOIN item_tokens t_{c} ON t_{c}.source = a.source AND t_{c}.id = a.{c}" for c in columns)}
            WHERE actor NOT IN {erased} AND (target IS NULL OR target NOT IN {erased}) AND NOT ({answers_them}) ORDER BY r""",
        {**values, **bound},
    )


def drop_erased(connection: duckdb.DuckDBPyConnection, source: str, *, by_items: bool) -> list[str]:
    """Remove erased people from `staged` and `account_updates`, because an export that is read again still holds them.

    Whoever was renamed since is known by the key or, with `by_items`, by the items. Returns the patterns of their names, as far as this
    input holds the names.
    """
    if not execute(connection, "SELECT 1 FROM forgotten LIMIT 1"):
        return []
    values: dict[str, Value] = {"salt": salt_of(connection), "source": source}
    staged = "SELECT *, $source AS source, row_number() OVER () AS r FROM staged"
    execute(connection, f"CREATE OR REPLACE TEMP TABLE staged_copy AS {staged}", values)
    execute(connection, "CREATE OR REPLACE TEMP VIEW staged AS SELECT * EXCLUDE (source, r) FROM staged_copy")
    ids = "SELECT actor AS id FROM staged_copy UNION SELECT target FROM staged_copy UNION SELECT id FROM account_updates"
    account, key, item = (
        FINGERPRINT.format(source="$source", what=f"'{what}'", id=id) for what, id in (("account", "id"), ("key", "key"), ("item", "item"))
    )
    known = "IN (SELECT digest FROM forgotten)"
    by_item = f"id IN (SELECT actor FROM staged_copy WHERE {WRITTEN} AND {item} {known})" if by_items else "false"
    execute(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE erased AS SELECT $source AS source, id, name FROM ({ids}) LEFT JOIN account_updates USING (id)
            WHERE {account} {known} OR (key IS NOT NULL AND {key} {known})
                OR ({by_item} AND coalesce(actor_type, 'person') = 'person')""",
        values,
    )
    _drop_erased_acts(connection, values)
    words = patterns(connection, "SELECT text FROM staged_copy", _names(connection, "SELECT id, name FROM erased"))
    redacted, bound = _redacted(("text", "channel", "file"), words)
    if words:
        execute(connection, f"CREATE OR REPLACE TEMP TABLE staged_copy AS SELECT * REPLACE ({redacted}) FROM staged_copy ORDER BY r", bound)
    redacted, bound = _redacted(("title", "role"), words)
    execute(connection, "DELETE FROM account_updates WHERE id IN (SELECT id FROM erased)")
    execute(connection, f"CREATE OR REPLACE TEMP TABLE account_updates AS SELECT * REPLACE ({redacted}) FROM account_updates", bound)
    for table in ("erased", "item_tokens", "ancestor_lists"):
        execute(connection, f"DROP TABLE {table}")
    return words


def _drop_erased_acts(connection: duckdb.DuckDBPyConnection, values: Values) -> None:
    columns = ("item", "parent", "thread")
    item = FINGERPRINT.format(source="source", what="'item'", id="id")
    theirs = _items_of("staged_copy", "{}", "actor IN (SELECT id FROM erased)")
    _make_item_tokens(connection, "staged_copy", columns, f"id IN ({theirs}) OR {item} IN (SELECT digest FROM forgotten)", values)
    people, items = "(SELECT id FROM erased)", "(SELECT id FROM item_tokens)"
    execute(
        connection,
        f"""DELETE FROM staged_copy WHERE actor IN {people} OR target IN {people}
            OR (kind = 'reply' AND target IS NULL AND parent IN {items}) OR (kind <> 'reply' AND item IN {items})""",
    )
    for column in columns:
        execute(connection, f"UPDATE staged_copy SET {column} = token FROM item_tokens WHERE {column} = item_tokens.id")
    execute(connection, f"UPDATE staged_copy SET other_ids = {OWN_OTHER_IDS} WHERE other_ids IS NOT NULL")
    execute(connection, "UPDATE staged_copy SET ancestors = l.ancestors FROM ancestor_lists l WHERE l.r = staged_copy.r")


def _items_of(table: str, columns: str, which: str) -> str:
    """SQL for the ids of what some wrote, those that the items bear besides among them. `{}` in `columns` stands for the id."""
    of_items = f"SELECT {columns.format('item')} FROM {table} WHERE {which} AND {WRITTEN}"
    others = columns.format("unnest(string_split(other_ids, chr(10)))")
    return f"{of_items} UNION SELECT {others} FROM {table} WHERE {which} AND other_ids IS NOT NULL"


def _make_item_tokens(connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], which: str, values: Values) -> None:
    """Make `item_tokens`: a token for each id of an erased person's item in `table`. And `ancestor_lists`: the `ancestors` with tokens.

    `which` is the condition on `source` and `id` by which an id is theirs; ids that hold a long id of theirs are theirs too.
    """
    single = [f"SELECT source, {column} AS id FROM {table} WHERE {column} IS NOT NULL" for column in columns]
    single.append(f"SELECT source, unnest(string_split(other_ids, chr(10))) AS id FROM {table} WHERE other_ids IS NOT NULL")
    listed = f"SELECT source, r, unnest(string_split(ancestors, chr(10))) AS id FROM {table} WHERE ancestors IS NOT NULL"
    inside = f"""EXISTS (SELECT 1 FROM erased e WHERE e.source = t.source AND length(e.id) >= {LONG_ID} AND contains(t.id, e.id)
                     AND NOT regexp_full_match(e.id, '[0-9]+'))"""
    token = FINGERPRINT.format(source="source", what="'token'", id="id")
    execute(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE item_tokens AS SELECT source, id, 'removed-' || left({token}, 16) AS token FROM (
                {" UNION ".join(single)} UNION SELECT source, id FROM ({listed})) t WHERE {which} OR {inside}""",
        values,
    )
    execute(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE ancestor_lists AS
            SELECT r, string_agg(coalesce(token, l.id), chr(10) ORDER BY nth) AS ancestors
            FROM (SELECT source, r, ids[i + 1] AS id, i AS nth FROM (
                SELECT source, r, string_split(ancestors, chr(10)) AS ids FROM {table} WHERE ancestors IS NOT NULL), range(len(ids)) n(i)) l
            LEFT JOIN item_tokens t ON t.source = l.source AND t.id = l.id GROUP BY r HAVING count(token) > 0""",
    )


def salt_of(connection: duckdb.DuckDBPyConnection, tables: str = "") -> str:
    """The record's secret."""
    return fetch_scalar(connection, str, f"SELECT value FROM {tables}meta WHERE key = 'salt'")


def _names(connection: duckdb.DuckDBPyConnection, sql: str) -> list[str]:
    return [str(word) for row in execute(connection, sql) for word in row if word is not None]


def _redacted(columns: Sequence[str], words: Sequence[str]) -> tuple[str, dict[str, str]]:
    """SQL for a REPLACE that redacts text columns, and the values that it binds."""
    parts, bound = [], dict[str, str]()
    for column in columns:
        sql, bound = redact(column, words)
        parts.append(f"{sql} AS {column}")
    return ", ".join(parts), bound
