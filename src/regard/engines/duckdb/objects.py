"""Which objects a database holds, so that one with anything but the tables and types of a schema is told.

A file may come from a stranger. A view, a macro, a generated column or a default is SQL of theirs, which would run here when somebody looks
at the file. The text of a table's SQL has all of its columns, types, defaults and constraints.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import cache
from typing import NamedTuple

import duckdb

from regard.engines.base import Values
from regard.engines.rows import Row, typed

Ask = Callable[[str, Values], list[Row]]
"""Runs a query: SQL and values to rows."""


class Object(NamedTuple):
    """One object of a database: a table with all that it is made of, a type, or what a record never holds."""

    what: str
    name: str
    made_by: str
    """The SQL that makes a table, or the values of an enumeration."""


LISTED = """
    SELECT 'table' AS what, schema_name || '.' || table_name AS name, sql AS made_by FROM duckdb_tables() WHERE database_name = $database
    UNION ALL SELECT 'type', schema_name || '.' || type_name, CAST(labels AS VARCHAR) FROM duckdb_types()
        WHERE database_name = $database AND NOT internal
    UNION ALL SELECT 'schema', schema_name, '' FROM duckdb_schemas() WHERE database_name = $database AND schema_name <> 'main'
    UNION ALL SELECT 'view', schema_name || '.' || view_name, '' FROM duckdb_views() WHERE database_name = $database
    UNION ALL SELECT 'sequence', schema_name || '.' || sequence_name, '' FROM duckdb_sequences() WHERE database_name = $database
    UNION ALL SELECT 'index', schema_name || '.' || index_name, '' FROM duckdb_indexes() WHERE database_name = $database
    UNION ALL SELECT 'trigger', schema_name || '.' || trigger_name, '' FROM duckdb_triggers() WHERE database_name = $database
    UNION ALL SELECT 'macro', schema_name || '.' || function_name, '' FROM duckdb_functions() WHERE database_name = $database
"""


def objects(ask: Ask, database: str) -> set[Object]:
    """All objects of an open database, as text. Nothing of the database is run for it."""
    return set(typed(Object, ask(f"SELECT what, name, coalesce(made_by, '') FROM ({LISTED})", {"database": database})))


@cache
def expected(schema: str) -> frozenset[Object]:
    """The objects that the SQL of a schema makes."""
    with closing(duckdb.connect()) as connection:
        connection.execute(schema).fetchall()
        return frozenset(objects(lambda sql, values: connection.execute(sql, values).fetchall(), "memory"))


def text_columns(schema: str) -> dict[str, list[str]]:
    """The columns of free text of each table that a schema makes."""
    return {table: [name for name, type_ in columns.items() if type_ == "VARCHAR"] for table, columns in columns_of(schema).items()}


@cache
def columns_of(schema: str) -> dict[str, dict[str, str]]:
    """The columns of each table that the SQL of a schema makes, with their types."""
    tables: dict[str, dict[str, str]] = {}
    with closing(duckdb.connect()) as connection:
        connection.execute(schema).fetchall()
        rows = connection.execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY table_oid, column_index"
        )
        for table, name, type_ in rows.fetchall():
            tables.setdefault(table, {})[name] = type_
    return tables


def lacking(found: set[Object], schema: str) -> list[Object]:
    """The tables of a schema that are missing in a database, under any definition."""
    names = {item.name for item in found if item.what == "table"}
    return sorted(item for item in expected(schema) if item.what == "table" and item.name not in names)


def foreign(found: set[Object], schema: str) -> set[Object]:
    """The objects of a database that a schema does not have, or not with exactly these columns."""
    return found - expected(schema)
