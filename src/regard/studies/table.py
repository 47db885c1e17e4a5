"""One relation of a study as a table: to pandas, to Polars, to a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from regard.engines.base import Engine
from regard.engines.duckdb.statements import quote_identifier
from regard.studies.outputs import check_output

if TYPE_CHECKING:
    import pandas
    import polars

UNSEEN = r"\pC\pZ\x{034F}\x{115F}\x{1160}\x{17B4}\x{17B5}\x{180B}-\x{180F}\x{2800}\x{3164}\x{FE00}-\x{FE0F}\x{FFA0}\x{E0100}-\x{E01EF}"
"""Control characters, spaces and others that can't be seen, as in a class of a regular expression."""
FORMULA = rf"^[{UNSEEN}]*[=+@\x{{FF1D}}\x{{FF0B}}\x{{FF20}}\x{{FF0D}}\x{{FE66}}\x{{FE62}}\x{{FE6B}}\x{{FE63}}\x{{2212}}-]"
"""The start of what a spreadsheet may take for a formula: signs in full width and small ones are signs too."""
NEW_CELL = r"[\t\r\x{0A}]"
"""What some spreadsheets take for the end of a cell."""

PERSON_COLUMNS = ("person", "actor", "target", "other", "helper", "helped")
"""Columns of measures that hold person numbers."""


class Table:
    """One relation of a study. Pandas, Polars and every library that knows Arrow take it without a copy."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine, self.name = engine, name

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The rows as an Arrow stream (the PyCapsule interface), so that `polars.DataFrame(table)` works."""
        return self._engine.arrow(self._sorted).__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        return self._engine.scalar(int, f"SELECT count(*) FROM {quote_identifier(self.name)}")

    def __repr__(self) -> str:
        return f"<{self.name}: {len(self):,} rows of {', '.join(self.columns)}>"

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return self._engine.columns(f"FROM {quote_identifier(self.name)}")

    def rows(self) -> list[dict[str, object]]:
        """All rows, each by column name, in the order of the columns' values."""
        names = self.columns
        return [dict(zip(names, row, strict=True)) for row in self._engine.rows(self._sorted)]

    def to_polars(self) -> polars.DataFrame:
        """A Polars frame."""
        import polars

        return polars.DataFrame(self)

    def to_pandas(self) -> pandas.DataFrame:
        """A pandas frame."""
        return self._engine.frame(self._sorted)

    @property
    def _sorted(self) -> str:
        return f"FROM {quote_identifier(self.name)} ORDER BY ALL"

    def named(self) -> str:
        """SQL for the rows with each person's id and name beside their number."""
        people = self._person_columns
        joins = "".join(f" LEFT JOIN people n{i} ON n{i}.person = t.{quote_identifier(column)}" for i, column in enumerate(people))
        extra = "".join(f", n{i}.id AS {column}_id, n{i}.name AS {column}_name" for i, column in enumerate(people))
        return f"SELECT t.*{extra} FROM {quote_identifier(self.name)} t{joins}"

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write the rows with ids and names as Parquet, CSV, TSV or JSON lines, by the suffix.

        Raises UsageError for another suffix, or if a record or a dataset is there.
        """
        file = Path(path)
        check_output(file)
        self._engine.write(self._spreadsheet_safe() if file.suffix.lower() in (".csv", ".tsv") else self.named(), file)

    @property
    def _person_columns(self) -> list[str]:
        return [column for column in self.columns if column in PERSON_COLUMNS]

    def _spreadsheet_safe(self) -> str:
        query = self.named()
        texts = {*self._engine.text_columns(query)}
        cells = (spreadsheet_safe(name) if name in texts else quote_identifier(name) for name in self._engine.columns(query))
        return f"SELECT {', '.join(cells)} FROM ({query})"


def spreadsheet_safe(column: str) -> str:
    """SQL for a column of text after an apostrophe where a spreadsheet would run it: a person may be called =HYPERLINK(...).

    Spreadsheets skip spaces and what can't be seen before the sign of a formula, and some take a tab or the end of a line for the start of
    a cell of its own.
    """
    name = quote_identifier(column)
    is_risky = f"regexp_matches({name}, '{FORMULA}') OR regexp_matches({name}, '{NEW_CELL}')"
    return f"CASE WHEN {is_risky} THEN concat(chr(39), {name}) ELSE {name} END AS {name}"
