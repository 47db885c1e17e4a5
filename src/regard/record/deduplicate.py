"""Acts that the record, or the same input, holds already."""

from __future__ import annotations

from collections import Counter

import duckdb

from regard.engines.duckdb.statements import execute

TOWARD = "CASE WHEN target_found THEN NULL ELSE target END"
"""Whom an act is toward, as far as the input itself said so."""

# A message answers one item. One export may name the author of that item where an overlapping one can't, so the target is no part of
# the name of a reply. What has no item, such as a follow, may happen again at another time.
OWN_KEY = f"""item, kind, actor, CASE WHEN kind = 'reply' AND item IS NOT NULL THEN NULL ELSE {TOWARD} END,
    CASE WHEN kind = 'react' THEN label END, CASE WHEN item IS NULL THEN time END"""
ROW_KEY = f"item, kind, actor, {TOWARD}, CASE WHEN kind = 'react' THEN label END, time, channel, label"


def drop_repeats(connection: duckdb.DuckDBPyConnection, source: str, notes: Counter[str], *, own_ids: bool) -> None:
    """Drop acts that the record or this input has already.

    Where the platform gives ids an act's key names it. Rows of a table have none: equal rows are then told apart by their count in
    one file, and the record keeps the largest of the counts, so that tables which overlap add up to what there was.
    """
    key, file = (OWN_KEY, "NULL") if own_ids else (ROW_KEY, "file")
    execute(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE known AS
            SELECT hash({key}) AS h, count(*) AS n FROM acts WHERE input IN (SELECT input FROM inputs WHERE source = $source)
                AND hash({key}) IN (SELECT hash({key}) FROM numbered) GROUP BY ALL""",
        {"source": source},
    )
    # Two keys with one 64-bit hash are taken for one: once in ten thousand records of 63 million acts.
    several = f"SELECT hash({key}) FROM numbered GROUP BY hash({key}) HAVING count(*) > 1"
    execute(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE twins AS
            SELECT r FROM (
                SELECT r, h, nth, row_number() OVER (PARTITION BY h, nth ORDER BY r) AS copy FROM (
                    SELECT rowid AS r, hash({key}) AS h, row_number() OVER (PARTITION BY hash({key}), {file} ORDER BY rowid) AS nth
                    FROM numbered WHERE hash({key}) IN ({several} UNION ALL SELECT h FROM known)))
            LEFT JOIN known k USING (h)
            WHERE nth <= coalesce(k.n, 0) OR copy > 1 OR ({"nth > 1" if own_ids else "false"})""",
    )
    repeats = int(str(execute(connection, "SELECT count(*) FROM twins")[0][0]))
    if repeats:
        execute(connection, "DELETE FROM numbered WHERE rowid IN (SELECT r FROM twins)")
        notes["acts the record had already"] += repeats
    execute(connection, "DROP TABLE twins")
    execute(connection, "DROP TABLE known")
