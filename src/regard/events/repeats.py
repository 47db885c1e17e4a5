"""Acts that the record, or the same input, holds already."""

from __future__ import annotations

from collections import Counter

import duckdb

from regard.engines.duckdb import execute

OWN_KEY = "item, kind, actor, CASE WHEN target_found THEN NULL ELSE target END, CASE WHEN kind = 'react' THEN label END"
ROW_KEY = f"{OWN_KEY}, time, channel, label"


def drop_repeats(connection: duckdb.DuckDBPyConnection, source: str, notes: Counter[str], *, own_ids: bool) -> None:
    """Drop acts that the record or this input has already.

    Where the platform gives ids an act's key names it. Rows of a table have none: equal rows are then told apart by their count,
    and the record keeps the larger of the two counts.
    """
    key = OWN_KEY if own_ids else ROW_KEY
    execute(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE known AS
            SELECT hash({key}) AS h, count(*) AS n FROM acts WHERE input IN (SELECT input FROM inputs WHERE source = $source)
                AND hash({key}) IN (SELECT hash({key}) FROM numbered) GROUP BY ALL""",
        {"source": source},
    )
    execute(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE twins AS
            SELECT r FROM (
                SELECT rowid AS r, hash({key}) AS h, row_number() OVER (PARTITION BY {key} ORDER BY rowid) AS nth FROM numbered
                WHERE hash({key}) IN (
                    SELECT hash({key}) FROM numbered GROUP BY hash({key}) HAVING count(*) > 1 UNION ALL SELECT h FROM known)) t
            LEFT JOIN known k ON k.h = t.h
            WHERE nth <= coalesce(k.n, 0) OR ({"nth > 1" if own_ids else "false"})""",
    )
    repeats = int(str(execute(connection, "SELECT count(*) FROM twins")[0][0]))
    if repeats:
        execute(connection, "DELETE FROM numbered WHERE rowid IN (SELECT r FROM twins)")
        notes["acts the record had already"] += repeats
    execute(connection, "DROP TABLE twins")
    execute(connection, "DROP TABLE known")
