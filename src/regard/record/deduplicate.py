"""Drops acts that the record, or the same input, holds already."""

from __future__ import annotations

from collections import Counter

import duckdb

from regard.engines.duckdb.statements import execute, fetch_scalar

GIVEN_TARGET = "CASE WHEN target_found THEN NULL ELSE target END"
"""The target of an act if the input itself named it."""

# A message answers one item. One export may name the author of that item where an overlapping export can't, so the target is no part of
# the key of a reply. What has no item, such as a follow, may happen again at another time.
OWN_KEY = f"""item, kind, actor, CASE WHEN kind = 'reply' AND item IS NOT NULL THEN NULL ELSE {GIVEN_TARGET} END,
    CASE WHEN kind = 'react' THEN label END, CASE WHEN item IS NULL THEN time END"""
ROW_KEY = f"item, kind, actor, {GIVEN_TARGET}, CASE WHEN kind = 'react' THEN label END, time, channel, label"


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
