"""The second pass over an input: whom a reply answers, and in which thread.

What it finds depends on what the record holds, not on the order in which it was read: a reply whose parent comes with a later input
gets its target, its thread and that of the replies below it then. The ids of the input stay as they are in `parent_item` and `ancestors`.
"""

from __future__ import annotations

from typing import Literal

import duckdb

from regard.engines.base import Values
from regard.engines.duckdb.statements import execute

ITEMS = "kind IN ('post', 'reply', 'message') AND item IS NOT NULL"
OF_SOURCE = "input IN (SELECT input FROM inputs WHERE source = $source)"
REPLIES = "kind = 'reply' AND (parent_item IS NOT NULL OR ancestors IS NOT NULL)"


def find_targets(connection: duckdb.DuckDBPyConnection, source: str) -> None:
    """Whom a new reply answers is the author of the nearest item above it that is known; its thread is that item's."""
    open_replies = f"{REPLIES} AND (target IS NULL OR thread_root IS NULL)"
    execute(connection, "CREATE OR REPLACE TEMP TABLE unsure (r BIGINT)")
    if execute(connection, f"SELECT 1 FROM numbered WHERE {open_replies} LIMIT 1"):
        # An item that the record has already is older than its repeat in the input.
        pool = f"""SELECT item, actor, thread_root, rowid AS o FROM acts WHERE {ITEMS} AND {OF_SOURCE}
                   UNION ALL SELECT item, actor, thread_root, 4611686018427387904 + rowid FROM numbered WHERE {ITEMS}"""
        _find(connection, "numbered", f"SELECT rowid AS r FROM numbered WHERE {open_replies}", pool, source)
    _drop_addressing(connection, "numbered", "true")
    execute(connection, "DROP TABLE unsure")


def find_late_targets(connection: duckdb.DuckDBPyConnection, source: str, number: int) -> None:
    """Replies of earlier inputs above which input `number` has brought items; the threads they are in are found again."""
    values: Values = {"source": source, "number": number}
    earlier = f"{REPLIES} AND {OF_SOURCE} AND input <> $number AND (target IS NULL OR target_found OR thread_root IS NULL OR thread_found)"
    if not execute(connection, f"SELECT 1 FROM acts WHERE {earlier} LIMIT 1", values):
        return
    fresh = f"(SELECT item FROM acts WHERE input = $number AND {ITEMS})"
    execute(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE late AS
            SELECT rowid AS r FROM acts WHERE {earlier} AND parent_item IN {fresh}
            UNION SELECT r FROM (SELECT rowid AS r, unnest(string_split(ancestors, chr(10))) AS candidate FROM acts
                                 WHERE {earlier} AND ancestors IS NOT NULL) WHERE candidate IN {fresh}""",
        values,
    )
    if execute(connection, "SELECT 1 FROM late LIMIT 1"):
        threads = "(SELECT thread_root FROM acts WHERE thread_found AND rowid IN (FROM late))"
        execute(
            connection,
            f"""CREATE OR REPLACE TEMP TABLE again AS
                SELECT rowid AS r FROM acts WHERE thread_found AND {OF_SOURCE} AND thread_root IN {threads} UNION FROM late""",
            values,
        )
        execute(connection, "UPDATE acts SET thread_root = NULL, thread_found = false WHERE thread_found AND rowid IN (FROM again)")
        pool = f"SELECT item, actor, thread_root, rowid AS o FROM acts WHERE {ITEMS} AND {OF_SOURCE}"
        execute(connection, "CREATE OR REPLACE TEMP TABLE unsure (r BIGINT)")
        _find(connection, "acts", "FROM again", pool, source)
        _drop_addressing(connection, "acts", "rowid IN (FROM again)")
        execute(connection, "DROP TABLE again")
        execute(connection, "DROP TABLE unsure")
    execute(connection, "DROP TABLE late")


def _find(connection: duckdb.DuckDBPyConnection, table: Literal["numbered", "acts"], rows: str, pool: str, source: str) -> None:
    """Targets and threads of the replies of `table` whose row ids `rows` gives, from the items of `pool`.

    `unsure` gets those whose target a later input may change: an item nearer than the one that was found is still to come.
    """
    execute(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE candidates AS
            SELECT t.rowid AS r, 0 AS place, parent_item AS candidate FROM {table} t
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
            SELECT item, arg_min(actor, o) AS author, arg_min({{'root': thread_root}}, o).root AS thread_root FROM ({pool})
            WHERE item IN (SELECT candidate FROM candidates) GROUP BY item""",
        {"source": source},
    )
    execute(
        connection,
        """CREATE OR REPLACE TEMP TABLE found AS
           SELECT r, place, item, author, thread_root FROM (
               SELECT r, min(place) AS place FROM candidates JOIN known_items ON item = candidate GROUP BY r) nearest
           JOIN candidates USING (r, place) JOIN known_items ON item = candidate""",
    )
    nearest = "(SELECT r, min(place) AS first FROM candidates GROUP BY r)"
    execute(connection, f"INSERT INTO unsure SELECT r FROM found JOIN {nearest} USING (r) WHERE place > first")
    execute(
        connection,
        f"""UPDATE {table} SET target = author, target_found = true FROM found
            WHERE {table}.rowid = found.r AND (target IS NULL OR target_found)""",
    )
    _find_threads(connection, table, rows)
    for name in ("candidates", "known_items", "found"):
        execute(connection, f"DROP TABLE {name}")


def _find_threads(connection: duckdb.DuckDBPyConnection, table: Literal["numbered", "acts"], rows: str) -> None:
    """A reply without a thread is in its parent's; a chain of such replies is followed a doubling distance at a time."""
    execute(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE chains AS
            SELECT t.rowid AS r, t.item, coalesce(f.item, t.parent_item) AS up, f.thread_root AS root FROM {table} t
            LEFT JOIN found f ON f.r = t.rowid
            WHERE t.thread_root IS NULL AND coalesce(f.item, t.parent_item) IS NOT NULL AND t.rowid IN ({rows})""",
    )
    # Parents that go round in a circle would never come to an end: no chain is longer than there are replies.
    for _ in range(int(str(execute(connection, "SELECT count(*) FROM chains")[0][0])).bit_length()):
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


def _drop_addressing(connection: duckdb.DuckDBPyConnection, table: Literal["numbered", "acts"], replies: str) -> None:
    """A mention of the person a reply answers is how one addresses somebody, not a second act.

    Where whom it answers may still change, the mention stays: what is dropped could not come back.
    """
    one_act = "item, actor, target, coalesce(time, TIMESTAMP '1970-01-01')"
    execute(
        connection,
        f"""DELETE FROM {table} WHERE kind = 'mention' AND ({one_act}) IN (
                SELECT ({one_act}) FROM {table}
                WHERE kind = 'reply' AND {replies} AND item IS NOT NULL AND target IS NOT NULL
                    AND NOT (target_found AND rowid IN (FROM unsure)))""",
    )
