"""Shared by the tests of the record: the contents of a record, without the numbers that depend on the order of reading."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from regard.engines.duckdb.connection import connect
from regard.engines.duckdb.statements import execute

Row = tuple[object, ...]
Contents = dict[str, list[Row]]
Look = Callable[[Path | duckdb.DuckDBPyConnection], Contents]

PEOPLE = "(SELECT x.source || ':' || x.id FROM accounts x WHERE x.account = {})"
QUERIES = {
    "acts": f"""SELECT i.source, a.* EXCLUDE (actor, target, input, file, line), {PEOPLE.format("a.actor")}, {PEOPLE.format("a.target")}
                FROM acts a JOIN inputs i USING (input)""",
    "accounts": f"SELECT p.* EXCLUDE (account, person), {PEOPLE.format('p.person')} FROM accounts p",
    "forgotten": "FROM forgotten",
}


def look(record: Path | duckdb.DuckDBPyConnection) -> Contents:
    """The acts and people of a record, sorted, people by their ids."""
    if isinstance(record, duckdb.DuckDBPyConnection):
        return {name: sorted(execute(record, sql), key=repr) for name, sql in QUERIES.items()}
    connection = connect(os.fspath(record), read_only=True)
    try:
        return look(connection)
    finally:
        connection.close()


@pytest.fixture(name="look", scope="session")
def look_fixture() -> Look:
    """`look`, for tests."""
    return look
