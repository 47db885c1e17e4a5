"""The tables of a dataset: how a record's rows are written, and which columns there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from regard.base.locations import Location
from regard.engines.duckdb.objects import columns_of
from regard.engines.rows import Row
from regard.errors import NotARecord
from regard.record.storage import ADDED
from regard.record.storage import TABLES as SCHEMA

MONTH = "CASE WHEN time >= TIMESTAMP '1970-01-01' AND time < TIMESTAMP '2100-01-01' THEN strftime(time, '%Y-%m') ELSE 'other' END"

TABLES: Mapping[str, str] = {
    "acts": f"""SELECT rowid AS rowid, * REPLACE (CAST(time_precision AS VARCHAR) AS time_precision, CAST(kind AS VARCHAR) AS kind,
        CAST(time_source AS VARCHAR) AS time_source, CAST(visibility AS VARCHAR) AS visibility), {MONTH} AS month FROM acts""",
    "accounts": "SELECT * REPLACE (CAST(actor_type AS VARCHAR) AS actor_type) FROM accounts ORDER BY account",
    "inputs": "FROM inputs ORDER BY input",
    "notes": "FROM notes ORDER BY ALL",
    "meta": "FROM meta ORDER BY key",
    "forgotten": "FROM forgotten ORDER BY digest",
}
"""The tables of a dataset, each with the SQL for its rows in a record."""


def check_columns(path: Location, columns: Callable[[str], Mapping[str, str | None]]) -> None:
    """Raise NotARecord unless each table of a dataset has exactly the columns of a record, of the same types.

    `columns` gives those of a table; the type is None if the engine has other types. The month of acts is the name of their folder, which
    one engine gives as a column and the other does not.
    """
    for table in TABLES:
        wanted = {name: "VARCHAR" if type_.startswith("ENUM") else type_ for name, type_ in columns_of(SCHEMA)[table].items()}
        if table == "acts":
            wanted["rowid"] = "BIGINT"
        found = {name: type_ for name, type_ in columns(table).items() if (table, name) != ("acts", "month")}
        for name in sorted({*wanted, *found}):
            is_lacking = name not in found and (table, name) not in ADDED
            if name not in wanted or is_lacking or found.get(name) not in (wanted[name], None):
                raise NotARecord(
                    f"{path}: expected the columns of a record in {table}, and they differ in {name}; it was left as it was. "
                    "Whoever made this dataset changed it"
                )


def described(rows: Iterable[Row]) -> dict[str, str | None]:
    """The columns of what DuckDB describes."""
    return {str(row[0]): str(row[1]) for row in rows}
