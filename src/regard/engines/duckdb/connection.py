"""Connections to DuckDB, with limits on memory and without access to the network."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from functools import cache

import duckdb

from regard.base import tempdirs
from regard.engines.duckdb.statements import escape_glob, quote_literal
from regard.engines.limits import DEFAULT, MEMORY_CEILING, MEMORY_FLOOR, MEMORY_SHARE, Limits
from regard.errors import UsageError

# Nothing is downloaded: an extension that is not built in is an error.
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
}


def connect(path: str = ":memory:", *, read_only: bool = False, limits: Limits = DEFAULT) -> duckdb.DuckDBPyConnection:
    """Open a connection that never uses the network; `path` is as DuckDB takes it.

    Raises UsageError for limits, and for a path, that DuckDB can't take.
    """
    settings = dict(SETTINGS)
    if path == ":memory:" or limits.temporary:
        # By default DuckDB puts what does not fit into memory in the working directory of the user, and a kill would leave it there.
        settings["temp_directory"] = os.fspath(tempdirs.new_folder(limits.temporary))
    for place in (path, str(settings.get("temp_directory", ""))):
        if place != place.encode("utf-8", "replace").decode():
            raise UsageError(f"{place}: the engine takes no path that is not UTF-8; choose another name or folder")
    connection = duckdb.connect(path, read_only=read_only, config=settings)
    change_setting(connection, "memory_limit", limits.memory or _default_memory(MEMORY_SHARE, MEMORY_FLOOR, MEMORY_CEILING))
    # `progress` needs the progress bar to be on; nothing is printed.
    connection.execute("SET enable_progress_bar_print = false; SET enable_progress_bar = true").fetchall()
    return connection


def forbid_files(connection: duckdb.DuckDBPyConnection, allowed: Iterable[str | os.PathLike[str]] = ()) -> None:
    """From now on the connection opens only its own files, temporary files, and what is allowed or lies below it.

    Its settings can't be changed any more either. A database may come from a stranger. Whatever it holds reads and writes nothing else.

    >>> connection = connect()
    >>> forbid_files(connection)
    >>> connection.execute("FROM read_text('/etc/hostname')")
    Traceback (most recent call last):
    _duckdb.PermissionException: Permission Error: ...
    """
    ((spill,),) = connection.execute("SELECT current_setting('temp_directory')").fetchall()
    places = {
        os.path.abspath(place)  # noqa: PTH100  (as DuckDB takes it, links and all)
        for place in (spill, tempdirs.own_folder(), *allowed)
    }
    # A pattern of files is compared as it is written, and then each file that fits it: so both spellings are allowed.
    both = sorted({spelling for place in places for spelling in (place, escape_glob(place))})
    # What is no UTF-8 can't be said to it, and it takes no such path anyway.
    listed = ", ".join(quote_literal(place) for place in both if place == place.encode("utf-8", "replace").decode())
    # A place that is a file is allowed as a file, and would be nothing as a folder; which one it is need not be known here.
    connection.execute(f"SET allowed_directories = [{listed}]").fetchall()
    connection.execute(f"SET allowed_paths = [{listed}]").fetchall()
    connection.execute("SET enable_external_access = false").fetchall()
    connection.execute("SET lock_configuration = true").fetchall()


@cache
def _default_memory(*sizes: str) -> str:
    """The memory limit of a connection if the user sets none: the first of `sizes`, at least the second, at most the third."""
    with contextlib.closing(duckdb.connect()) as connection:
        in_bytes = []
        for size in sizes:
            change_setting(connection, "memory_limit", size)
            in_bytes.append(int(connection.execute("SELECT parse_formatted_bytes(current_setting('memory_limit'))").fetchall()[0][0]))
    share, floor, ceiling = in_bytes
    return f"{max(share, min(floor, ceiling))}B"


def change_setting(connection: duckdb.DuckDBPyConnection, setting: str, value: str | bool | int) -> None:
    """Change one setting of a connection; raises UsageError for a value it cannot take."""
    try:
        connection.execute(f"SET {setting} = $value", {"value": value}).fetchall()
    except duckdb.Error as error:
        raise UsageError(f"{setting} cannot be {value!r}: {str(error).splitlines()[0]}") from error
