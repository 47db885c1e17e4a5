"""The second pass over an input: whom a reply answers, and in which thread."""

from __future__ import annotations

import duckdb

from regard.engines.duckdb import execute

ITEMS = "kind IN ('post', 'reply', 'message') AND item IS NOT NULL"


def find_targets(connection: duckdb.DuckDBPyConnection, source: str) -> None:
    """The second pass: whom a reply answers is the author of the item it answers, and its thread is that item's."""
    open_replies = "kind = 'reply' AND (parent_item IS NOT NULL OR ancestors IS NOT NULL) AND (target IS NULL OR thread_root IS NULL)"
    if not execute(connection, f"SELECT 1 FROM numbered WHERE {open_replies} LIMIT 1"):
        _drop_addressing(connection)
        return
    execute(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE known_items AS
            SELECT item, first(actor ORDER BY o) AS author, first(thread_root ORDER BY o) AS thread_root FROM (
                SELECT item, actor, thread_root, rowid AS o FROM acts
                    WHERE {ITEMS} AND input IN (SELECT input FROM inputs WHERE source = $source)
                UNION ALL SELECT item, actor, thread_root, 4611686018427387904 + rowid FROM numbered WHERE {ITEMS}) GROUP BY item""",
        {"source": source},
    )
    execute(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE found AS
            SELECT c.r, first(k.item ORDER BY c.place) AS parent_item, first(k.author ORDER BY c.place) AS author
            FROM (SELECT rowid AS r, 0 AS place, parent_item AS candidate FROM numbered WHERE {open_replies}
                  UNION ALL
                  SELECT r, i + 1, ids[i + 1] FROM (
                      SELECT rowid AS r, string_split(ancestors, chr(10)) AS ids FROM numbered
                      WHERE {open_replies} AND ancestors IS NOT NULL),
                      range(len(ids)) t(i)) c
            JOIN known_items k ON k.item = c.candidate GROUP BY c.r""",
    )
    execute(
        connection,
        """UPDATE numbered SET target_found = target IS NULL, target = coalesce(target, author), parent_item = found.parent_item
           FROM found WHERE numbered.rowid = found.r""",
    )
    _find_threads(connection)
    _drop_addressing(connection)
    execute(connection, "DROP TABLE known_items")
    execute(connection, "DROP TABLE found")


def _find_threads(connection: duckdb.DuckDBPyConnection) -> None:
    """A reply without a thread is in its parent's; a chain of such replies is followed a doubling distance at a time."""
    execute(
        connection,
        """CREATE OR REPLACE TEMP TABLE chains AS
           SELECT n.rowid AS r, n.item, n.parent_item AS up, k.thread_root AS root FROM numbered n
           LEFT JOIN known_items k ON k.item = n.parent_item
           WHERE n.kind = 'reply' AND n.thread_root IS NULL AND n.parent_item IS NOT NULL""",
    )
    for _ in range(40):
        jump = """SELECT c.r, c.item, coalesce(d.up, c.up) AS up, coalesce(c.root, d.root) AS root,
                      c.root IS NULL AND d.r IS NOT NULL AND (d.root IS NOT NULL OR d.up <> c.up) AS moved
                  FROM chains c LEFT JOIN chains d ON c.root IS NULL AND d.item = c.up AND d.r <> c.r"""
        execute(connection, f"CREATE OR REPLACE TEMP TABLE jumped AS {jump}")
        moved = execute(connection, "SELECT count(*) FROM jumped WHERE moved")[0][0]
        one_each = "SELECT r, any_value(item) AS item, min(up) AS up, min(root) AS root FROM jumped GROUP BY r"
        execute(connection, f"CREATE OR REPLACE TEMP TABLE chains AS {one_each}")
        if not moved:
            break
    execute(connection, "UPDATE numbered SET thread_root = coalesce(root, up) FROM chains WHERE numbered.rowid = chains.r")
    execute(connection, "DROP TABLE chains")
    execute(connection, "DROP TABLE jumped")


def _drop_addressing(connection: duckdb.DuckDBPyConnection) -> None:
    """A mention of the person a reply answers is how one addresses somebody, not a second act."""
    execute(
        connection,
        """DELETE FROM numbered WHERE kind = 'mention' AND (item, actor, target, time) IN (
               SELECT (item, actor, target, time) FROM numbered WHERE kind = 'reply' AND item IS NOT NULL AND target IS NOT NULL)""",
    )


def find_late_targets(connection: duckdb.DuckDBPyConnection, source: str) -> None:
    """Replies of earlier inputs whose parent has come only now."""
    execute(
        connection,
        """UPDATE acts SET target = late.author, target_found = true FROM (
                SELECT a.rowid AS r, first(n.actor ORDER BY n.rowid) AS author FROM acts a JOIN numbered n ON n.item = a.parent_item
                WHERE a.kind = 'reply' AND a.target IS NULL AND n.kind IN ('post', 'reply', 'message')
                    AND a.input IN (SELECT input FROM inputs WHERE source = $source)
                GROUP BY a.rowid) late
            WHERE acts.rowid = late.r""",
        {"source": source},
    )
