"""Small tables for tests, read into a record."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from pathlib import Path

from regard.engines.duckdb.connection import connect
from regard.engines.duckdb.statements import execute
from regard.record.ingest import InputInfo, ingest
from regard.record.storage import TABLES
from regard.sources.base import Options
from regard.sources.formats.bundle import Bundle
from regard.sources.table.source import TABLE

NOW = 1_780_000_000_000_000
HEADER = "from,to,time\n"
DAY = datetime(2024, 3, 1)
NOON = datetime(2024, 3, 1, 12)
NOON_S = 1_709_294_400

Row = tuple[object, ...]


class Log:
    """Reads small tables into a record, and gives the rows of the record."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.notes = folder, dict[str, int]()

    def file(self, data: bytes | str, name: str = "log.csv") -> Bundle:
        (self.folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
        return Bundle.of(self.folder / name)

    def parquet(self, sql: str) -> Bundle:
        with closing(connect()) as connection:
            execute(connection, f"COPY ({sql}) TO '{self.folder}/log.parquet' (FORMAT parquet)")
        return Bundle.of(self.folder / "log.parquet")

    def rows(
        self,
        data: bytes | str | Bundle,
        columns: str = "actor, target",
        *,
        name: str = "log.csv",
        preset: str | None = None,
        **mapping: str,
    ) -> list[Row]:
        """The acts of a table, in its order, with people by their ids."""
        bundle = data if isinstance(data, Bundle) else self.file(data, name)
        options = Options(mapping=mapping, preset=preset)
        acts = """SELECT a.* REPLACE (x.id AS actor, y.id AS target, kind::VARCHAR AS kind, time_precision::VARCHAR AS time_precision)
                  FROM acts a JOIN accounts x ON x.account = actor LEFT JOIN accounts y ON y.account = target ORDER BY a.rowid"""
        with closing(connect()) as connection:
            connection.execute("SET TimeZone = 'UTC'; " + TABLES + "INSERT INTO meta VALUES ('salt', 'x')").fetchall()
            result = ingest(connection, InputInfo("table", "a log", own_ids=False), TABLE.read(bundle, options), NOW)
            self.notes = dict(result.notes)
            return execute(connection, f"SELECT {columns} FROM ({acts})")


ANN_BO: list[Row] = [("ann", "bo", DAY), ("bo", "ann", DAY)]
TWO = f"{HEADER}ann,bo,2024-03-01\nbo,ann,2024-03-01\n"
