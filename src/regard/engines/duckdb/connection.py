"""Connections to DuckDB: never to the network, and with limits."""

from __future__ import annotations

import contextlib
import os
from functools import cache

import duckdb

from regard.base import tempdirs
from regard.engines.limits import DEFAULT, LEAST, MOST, SHARE, Limits
from regard.errors import UsageError

# Nothing is ever fetched: an extension that is not built in is an error, not a download.
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
}


def connect(path: str = ":memory:", *, read_only: bool = False, limits: Limits = DEFAULT) -> duckdb.DuckDBPyConnection:
    """A connection that never reaches for the network; `path` as DuckDB has it. Raises UsageError for limits that can't be."""
    settings = dict(SETTINGS)
    if path == ":memory:" or limits.temporary:
        # Else what does not fit into memory would lie in the folder the user stands in, and stay there after a kill.
        settings["temp_directory"] = os.fspath(tempdirs.new_folder(limits.temporary))
    connection = duckdb.connect(path, read_only=read_only, config=settings)
    change_setting(connection, "memory_limit", limits.memory or _usual(SHARE, LEAST, MOST))
    # Lets `progress` tell how far a statement is; nothing is printed.
    connection.execute("SET enable_progress_bar_print = false; SET enable_progress_bar = true").fetchall()
    return connection


@cache
def _usual(*sizes: str) -> str:
    """How much a connection may take that nobody has limited: the first of `sizes`, no less than the second, no more than the third."""
    with contextlib.closing(duckdb.connect()) as connection:
        found = []
        for size in sizes:
            change_setting(connection, "memory_limit", size)
            found.append(int(connection.execute("SELECT parse_formatted_bytes(current_setting('memory_limit'))").fetchall()[0][0]))
    share, least, most = found
    return f"{max(share, min(least, most))}B"


def change_setting(connection: duckdb.DuckDBPyConnection, setting: str, value: str | bool | int) -> None:
    """Change one setting of a connection; raises UsageError for a value it cannot take."""
    try:
        connection.execute(f"SET {setting} = $value", {"value": value}).fetchall()
    except duckdb.Error as error:
        raise UsageError(f"{setting} cannot be {value!r}: {str(error).splitlines()[0]}") from error
