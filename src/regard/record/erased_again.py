"""Keeps erased people out when an export that still holds them is read again, before anything of it gets into the record."""

from __future__ import annotations

import duckdb

from regard.engines.base import Value
from regard.engines.duckdb.statements import execute
from regard.record.erased_ids import WRITTEN, fingerprint, items_of, make_item_tokens, make_token_lists, salt_of
from regard.record.redact import names_in, patterns, redacted

WORDS = ("text", "channel", "file", "label", "lang", "note")
"""Columns of staged acts that hold words."""
IDS = ("item", "parent", "thread")
"""Columns of staged acts that hold one id of an item."""
LISTS = ("ancestors", "other_ids")
"""Columns of staged acts that hold several, one a line."""
KNOWN = "IN (SELECT digest FROM forgotten)"


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
    # A channel may be called after its owner, as a repository is (owner/name), also where the owner does nothing in it.
    owners = r"SELECT unnest(string_split_regex(channel, '[^\pL\pN_.-]+')) FROM (SELECT DISTINCT channel FROM staged_copy)"
    ids = f"SELECT actor AS id FROM staged_copy UNION SELECT target FROM staged_copy UNION SELECT id FROM account_updates UNION {owners}"
    items = f"SELECT actor FROM staged_copy WHERE {WRITTEN} AND {fingerprint('item', id_='item')} {KNOWN}"
    by_item = f"id IN ({items})" if by_items else "false"
    execute(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE erased AS SELECT $source AS source, id, name FROM ({ids}) LEFT JOIN account_updates USING (id)
            WHERE id <> '' AND ({fingerprint("account", source="$source")} {KNOWN}
                OR (key IS NOT NULL AND {fingerprint("key", source="$source", id_="key")} {KNOWN})
                OR ({by_item} AND coalesce(actor_type, 'person') = 'person'))""",
        values,
    )
    _drop_acts(connection, values)
    words = patterns(connection, "SELECT text FROM staged_copy", names_in(connection, "SELECT id, name FROM erased"))
    execute(connection, "DELETE FROM account_updates WHERE id IN (SELECT id FROM erased)")
    if words:
        for table, columns, order in (("staged_copy", WORDS, "ORDER BY r"), ("account_updates", ("title", "role"), "")):
            blotted, bound = redacted(columns, words)
            replaced = ", ".join(f"{sql} AS {column}" for sql, column in zip(blotted, columns, strict=True))
            execute(connection, f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT * REPLACE ({replaced}) FROM {table} {order}", bound)
    for table in ("erased", "item_tokens", *(f"lists_{column}" for column in LISTS)):
        execute(connection, f"DROP TABLE {table}")
    return words


def _drop_acts(connection: duckdb.DuckDBPyConnection, values: dict[str, Value]) -> None:
    single = " UNION ".join(f"SELECT source, {column} AS id FROM staged_copy" for column in IDS)
    listed = " UNION ".join(f"SELECT source, unnest(string_split({column}, chr(10))) FROM staged_copy" for column in LISTS)
    theirs = f"id IN ({items_of('staged_copy', '{}', 'actor IN (SELECT id FROM erased)')})"
    known = f"({theirs} OR {fingerprint('item')} {KNOWN})"
    make_item_tokens(connection, f"{single} UNION {listed}", known, f"{fingerprint('named')} {KNOWN}", values)
    for column in LISTS:
        make_token_lists(connection, f"lists_{column}", f"SELECT source, r, {column} AS ids FROM staged_copy WHERE {column} IS NOT NULL")
    people, items = "(SELECT id FROM erased)", "(SELECT id FROM item_tokens WHERE theirs)"
    execute(
        connection,
        f"""DELETE FROM staged_copy WHERE actor IN {people} OR target IN {people}
            OR (kind = 'reply' AND target IS NULL AND parent IN {items}) OR (kind <> 'reply' AND item IN {items})""",
    )
    for column in IDS:
        execute(connection, f"UPDATE staged_copy SET {column} = token FROM item_tokens WHERE {column} = item_tokens.id")
    execute(connection, "UPDATE staged_copy SET ancestors = l.ids FROM lists_ancestors l WHERE l.r = staged_copy.r")
    other_ids = "CASE WHEN NOT l.theirs THEN l.ids END"  # other ids of an item of somebody else, if one of them is theirs, are false
    execute(connection, f"UPDATE staged_copy SET other_ids = {other_ids} FROM lists_other_ids l WHERE l.r = staged_copy.r")
