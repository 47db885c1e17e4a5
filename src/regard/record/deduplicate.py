"""Drops acts that the record, or the same input, holds already."""

from __future__ import annotations

from collections import Counter

import duckdb

from regard.engines.duckdb.statements import execute, fetch_scalar
from regard.record.reply_targets import FIRST_NEW_KEY

GIVEN_TARGET = "CASE WHEN target_found THEN NULL ELSE target END"
"""The target of an act if the input itself named it."""

# A message answers one item. One export may name the author of that item where an overlapping export can't, so the target is no part of
# the key of a reply. What has no item, such as a follow, may happen again at another time.
OWN_KEY = f"""item, kind, actor, CASE WHEN kind = 'reply' AND item IS NOT NULL THEN NULL ELSE {GIVEN_TARGET} END,
    CASE WHEN kind = 'react' THEN label END, CASE WHEN item IS NULL THEN time END"""
ROW_KEY = f"item, kind, actor, {GIVEN_TARGET}, CASE WHEN kind = 'react' THEN label END, time, channel, label"


OTHER_AUTHOR = "items that two accounts wrote, by the record and this input: kept once, as the first one's"
WRITTEN = "kind IN ('post', 'reply', 'message') AND item IS NOT NULL AND time IS NOT NULL"


def settle_authors(connection: duckdb.DuckDBPyConnection, source: str, notes: Counter[str]) -> None:
    """Give an item of `numbered` the author that the record, or an earlier row, knows for the same item of the same time.

    One archive masks an address that another shows, and a platform shows a deleted account as nobody. What was written then is one item,
    and `drop_repeats` finds it. That the accounts are one person is not told by that.
    """
    key = "hash(item, time)"
    rows = f"SELECT {key} AS h, actor, {FIRST_NEW_KEY} + rowid AS age FROM numbered WHERE {WRITTEN}"
    rows += f""" UNION ALL SELECT {key}, actor, rowid FROM acts WHERE {WRITTEN} AND {key} IN (SELECT {key} FROM numbered WHERE {WRITTEN})
                 AND input IN (SELECT input FROM inputs WHERE source = $source)"""
    several = f"SELECT h FROM ({rows}) GROUP BY h HAVING min(actor) <> max(actor)"
    execute(connection, f"CREATE OR REPLACE TEMP TABLE disputed AS {several}", {"source": source})
    if n_items := fetch_scalar(connection, int, "SELECT count(*) FROM disputed"):
        notes[OTHER_AUTHOR] += n_items
        first = f"SELECT h, arg_min(actor, age) AS actor FROM ({rows}) WHERE h IN (FROM disputed) GROUP BY h"
        execute(
            connection,
            f"""CREATE OR REPLACE TEMP TABLE authors AS SELECT DISTINCT item, n.actor AS other, f.actor FROM numbered n
                JOIN ({first}) f ON {key} = h WHERE {WRITTEN} AND n.actor <> f.actor""",
            {"source": source},
        )
        theirs = "numbered.item = a.item AND a.other ="
        execute(connection, f"UPDATE numbered SET target = a.actor FROM authors a WHERE {theirs} target AND kind IN ('react', 'thank')")
        execute(connection, f"UPDATE numbered SET actor = a.actor FROM authors a WHERE {theirs} numbered.actor")
        execute(connection, "DROP TABLE authors")
    execute(connection, "DROP TABLE disputed")


def drop_repeats(connection: duckdb.DuckDBPyConnection, source: str, notes: Counter[str], *, own_ids: bool) -> None:
    """Drop acts from `numbered` that the record or this input has already.

    If the platform gives ids, a key of ids identifies an act. Rows of a table have no ids. Equal rows are then numbered within each file,
    and the record keeps the largest number, so that overlapping tables add up to what really happened.
    """
    key, file = (OWN_KEY, "NULL") if own_ids else (ROW_KEY, "file")
    execute(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE known AS
            SELECT hash({key}) AS h, count(*) AS n FROM acts WHERE input IN (SELECT input FROM inputs WHERE source = $source)
                AND hash({key}) IN (SELECT hash({key}) FROM numbered) GROUP BY ALL""",
        {"source": source},
    )
    # Two keys with the same 64-bit hash count as one key: that happens once in ten thousand records of 63 million acts.
    several = f"SELECT hash({key}) FROM numbered GROUP BY hash({key}) HAVING count(*) > 1"
    execute(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE repeats AS
            SELECT r FROM (
                SELECT r, h, nth, row_number() OVER (PARTITION BY h, nth ORDER BY r) AS copy FROM (
                    SELECT rowid AS r, hash({key}) AS h, row_number() OVER (PARTITION BY hash({key}), {file} ORDER BY rowid) AS nth
                    FROM numbered WHERE hash({key}) IN ({several} UNION ALL SELECT h FROM known)))
            LEFT JOIN known k USING (h)
            WHERE nth <= coalesce(k.n, 0) OR copy > 1 OR ({"nth > 1" if own_ids else "false"})""",
    )
    n_repeats = fetch_scalar(connection, int, "SELECT count(*) FROM repeats")
    if n_repeats:
        execute(connection, "DELETE FROM numbered WHERE rowid IN (SELECT r FROM repeats)")
        notes["acts the record had already"] += n_repeats
    execute(connection, "DROP TABLE repeats")
    execute(connection, "DROP TABLE known")
