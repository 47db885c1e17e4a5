"""The second pass over an input: finds whom a reply answers, and in which thread it is.

The result depends on what the record holds, not on the order of reading. If the parent of a reply comes with a later input, the reply then
gets its target and its thread, and so do the replies below it. The input's own ids stay unchanged in `parent_item` and `ancestors`.
A name of a parent is the id that an item has as its own. If no item has, it is that which an item bears besides (`other_ids`).
"""

from __future__ import annotations

from typing import Literal

import duckdb

from regard.engines.base import Values
from regard.engines.duckdb.statements import execute, fetch_scalar

Table = Literal["numbered", "acts"]

ITEMS = "kind IN ('post', 'reply', 'message') AND item IS NOT NULL"
OF_SOURCE = "input IN (SELECT input FROM inputs WHERE source = $source)"
OTHER_IDS = "SELECT unnest(string_split(other_ids, chr(10))) AS id FROM {table} WHERE other_ids IS NOT NULL"
"""The ids that items of a table bear besides their own."""
REPLIES = "kind = 'reply' AND (parent_item IS NOT NULL OR ancestors IS NOT NULL)"

FIRST_NEW_KEY = 2**62
"""Items of the input come after those of the record, whose keys are row numbers: an item of the record is older than its repeat."""


def find_targets(connection: duckdb.DuckDBPyConnection, source: str) -> None:
    """Find targets and threads of new replies. A reply answers the author of its nearest known ancestor, in the thread of that item."""
    _make_other_ids(connection, f"{OTHER_IDS.format(table='numbered')} UNION {OTHER_IDS.format(table='acts')} AND {OF_SOURCE}", source)
    execute(connection, "UPDATE numbered SET thread_root = NULL WHERE kind = 'reply' AND thread_root IN (FROM other_ids)")
    open_replies = f"{REPLIES} AND (target IS NULL OR thread_root IS NULL)"
    execute(connection, "CREATE OR REPLACE TEMP TABLE uncertain (r BIGINT)")
    if execute(connection, f"SELECT 1 FROM numbered WHERE {open_replies} LIMIT 1"):
        pool = f"""SELECT item, other_ids, actor, thread_root, rowid AS age_key FROM acts WHERE {ITEMS} AND {OF_SOURCE}
                   UNION ALL SELECT item, other_ids, actor, thread_root, {FIRST_NEW_KEY} + rowid FROM numbered WHERE {ITEMS}"""
        _find(connection, "numbered", f"SELECT rowid AS r FROM numbered WHERE {open_replies}", pool, source)
    _drop_addressing(connection, "numbered", "true")
    execute(connection, "DROP TABLE uncertain")
    execute(connection, "DROP TABLE other_ids")


def find_late_targets(connection: duckdb.DuckDBPyConnection, source: str, number: int) -> None:
    """Find targets and threads again for replies of earlier inputs whose ancestors came with input `number`, and for their threads."""
    values: Values = {"source": source, "number": number}
    earlier = f"{REPLIES} AND {OF_SOURCE} AND input <> $number AND (target IS NULL OR target_found OR thread_root IS NULL OR thread_found)"
    if not execute(connection, f"SELECT 1 FROM acts WHERE {earlier} LIMIT 1", values):
        return
    new_ids = f"{OTHER_IDS.format(table='acts')} AND input = $number"
    new_items = f"(SELECT item FROM acts WHERE input = $number AND {ITEMS} UNION {new_ids})"
    execute(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE late AS
            SELECT rowid AS r FROM acts WHERE {earlier} AND parent_item IN {new_items}
            UNION SELECT r FROM (SELECT rowid AS r, unnest(string_split(ancestors, chr(10))) AS candidate FROM acts
                                 WHERE {earlier} AND ancestors IS NOT NULL) WHERE candidate IN {new_items}""",
        values,
    )
    if execute(connection, "SELECT 1 FROM late LIMIT 1"):
        _make_other_ids(connection, f"{OTHER_IDS.format(table='acts')} AND {OF_SOURCE}", source)
        renamed = "kind = 'reply' AND thread_root IN (FROM other_ids) AND rowid IN (FROM late)"
        execute(connection, f"UPDATE acts SET thread_found = true WHERE {renamed}")
        threads = "(SELECT thread_root FROM acts WHERE thread_found AND rowid IN (FROM late))"
        execute(
            connection,
            f"""CREATE OR REPLACE TEMP TABLE reopened AS
                SELECT rowid AS r FROM acts WHERE thread_found AND {OF_SOURCE} AND thread_root IN {threads} UNION FROM late""",
            values,
        )
        execute(connection, "UPDATE acts SET thread_root = NULL, thread_found = false WHERE thread_found AND rowid IN (FROM reopened)")
        pool = f"SELECT item, other_ids, actor, thread_root, rowid AS age_key FROM acts WHERE {ITEMS} AND {OF_SOURCE}"
        execute(connection, "CREATE OR REPLACE TEMP TABLE uncertain (r BIGINT)")
        _find(connection, "acts", "FROM reopened", pool, source)
        _drop_addressing(connection, "acts", "rowid IN (FROM reopened)")
        for table in ("reopened", "uncertain", "other_ids"):
            execute(connection, f"DROP TABLE {table}")
    execute(connection, "DROP TABLE late")


def _make_other_ids(connection: duckdb.DuckDBPyConnection, ids: str, source: str) -> None:
    """Make `other_ids`: those of the ids that are no item's own. A thread that is named by one of them has its name from another id."""
    execute(connection, f"CREATE OR REPLACE TEMP TABLE other_ids AS {ids}", {"source": source})
    if execute(connection, "SELECT 1 FROM other_ids LIMIT 1"):
        own = f"SELECT item FROM acts WHERE {ITEMS} AND {OF_SOURCE} UNION ALL SELECT item FROM numbered WHERE {ITEMS}"
        execute(connection, f"DELETE FROM other_ids WHERE id IN ({own})", {"source": source})


def _find(connection: duckdb.DuckDBPyConnection, table: Table, rows: str, pool: str, source: str) -> None:
    """Set targets and threads of the replies of `table` whose row ids `rows` gives, from the items of `pool`.

    Fills `uncertain` with the replies whose target a later input may change, because an item nearer than the known one is still missing.
    """
    execute(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE candidates AS
            SELECT t.rowid AS r, 0 AS distance, parent_item AS candidate FROM {table} t
                WHERE parent_item IS DISTINCT FROM item AND parent_item IS NOT NULL AND t.rowid IN ({rows})
            UNION ALL
            SELECT r, i + 1, ids[i + 1] FROM (
                SELECT t.rowid AS r, item, string_split(ancestors, chr(10)) AS ids FROM {table} t
                WHERE ancestors IS NOT NULL AND t.rowid IN ({rows})), range(len(ids)) n(i)
            WHERE ids[i + 1] IS DISTINCT FROM item""",
    )
    execute(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE known_items AS
            WITH pool AS ({pool}), named AS (
                SELECT item AS name, 0 AS is_other, * FROM pool
                UNION ALL SELECT unnest(string_split(other_ids, chr(10))), 1, * FROM pool WHERE other_ids IS NOT NULL)
            SELECT name, first.* FROM (
                SELECT name, arg_min({{'item': item, 'author': actor, 'thread_root': thread_root}}, (is_other, age_key)) AS first
                FROM named WHERE name IN (SELECT candidate FROM candidates) GROUP BY name)""",
        {"source": source},
    )
    execute(
        connection,
        """CREATE OR REPLACE TEMP TABLE parents AS
           SELECT r, distance, item, author, thread_root FROM (
               SELECT r, min(distance) AS distance FROM candidates JOIN known_items ON name = candidate GROUP BY r) nearest
           JOIN candidates USING (r, distance) JOIN known_items ON name = candidate""",
    )
    nearest = "(SELECT r, min(distance) AS first FROM candidates GROUP BY r)"
    execute(connection, f"INSERT INTO uncertain SELECT r FROM parents JOIN {nearest} USING (r) WHERE distance > first")
    execute(
        connection,
        f"""UPDATE {table} SET target = author, target_found = true FROM parents
            WHERE {table}.rowid = parents.r AND (target IS NULL OR target_found)""",
    )
    _find_threads(connection, table, rows)
    for name in ("candidates", "known_items", "parents"):
        execute(connection, f"DROP TABLE {name}")


def _find_threads(connection: duckdb.DuckDBPyConnection, table: Table, rows: str) -> None:
    """Set the thread of replies that have none to that of their parents. A chain of such replies is followed in steps that double."""
    execute(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE chains AS
            SELECT t.rowid AS r, t.item, coalesce(p.item, t.parent_item) AS up, p.thread_root AS root FROM {table} t
            LEFT JOIN parents p ON p.r = t.rowid
            WHERE t.thread_root IS NULL AND coalesce(p.item, t.parent_item) IS NOT NULL AND t.rowid IN ({rows})""",
    )
    # A circle of parents would never end. No chain is longer than the number of replies, which bounds the rounds.
    for _ in range(fetch_scalar(connection, int, "SELECT count(*) FROM chains").bit_length()):
        moved = """SELECT c.r, min(d.up) AS up, min(d.root) AS root FROM chains c JOIN chains d ON d.item = c.up AND d.r <> c.r
                   WHERE c.root IS NULL AND (d.root IS NOT NULL OR d.up <> c.up) GROUP BY c.r"""
        execute(connection, f"CREATE OR REPLACE TEMP TABLE moved AS {moved}")
        if not execute(connection, "SELECT 1 FROM moved LIMIT 1"):
            break
        jumped = (
            "SELECT c.r, c.item, coalesce(m.up, c.up) AS up, coalesce(c.root, m.root) AS root FROM chains c LEFT JOIN moved m USING (r)"
        )
        execute(connection, f"CREATE OR REPLACE TEMP TABLE chains AS {jumped}")
    execute(
        connection,
        f"UPDATE {table} SET thread_root = coalesce(root, up), thread_found = true FROM chains WHERE {table}.rowid = chains.r",
    )
    execute(connection, "DROP TABLE chains")
    execute(connection, "DROP TABLE IF EXISTS moved")


def _drop_addressing(connection: duckdb.DuckDBPyConnection, table: Table, replies: str) -> None:
    """Drop mentions of the person whom the same reply answers. Such a mention addresses somebody and is no second act.

    The mention stays if a later input may change whom the reply answers, because a dropped mention can't come back.
    """
    message = "item, actor, target, coalesce(time, TIMESTAMP '1970-01-01')"
    execute(
        connection,
        f"""DELETE FROM {table} WHERE kind = 'mention' AND ({message}) IN (
                SELECT ({message}) FROM {table}
                WHERE kind = 'reply' AND {replies} AND item IS NOT NULL AND target IS NOT NULL
                    AND NOT (target_found AND rowid IN (FROM uncertain)))""",
    )
