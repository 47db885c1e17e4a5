"""The ids and words in the cells of a table: trimmed, empty ones as nothing, and never through a number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from regard.engines.duckdb.statements import quote_identifier
from regard.errors import Malformed
from regard.sources.table.layout import Layout
from regard.sources.table.reader import literal

IDS = ("actor", "target", "item", "parent", "thread")
SAMPLE = 2000
EXACT = 2**53
"""Above it a float no longer holds every whole number."""


@dataclass(frozen=True)
class Cells:
    """The cells of one relation, as SQL that gives text."""

    layout: Layout
    relation: str
    texts: Mapping[str, str]
    """Field -> SQL, for those that are not simply the column."""

    @classmethod
    def of(cls, connection: duckdb.DuckDBPyConnection, file: str, relation: str, layout: Layout) -> Cells:
        """The cells of a relation; raises Malformed where ids have been through floats and lost their last digits."""
        rows = connection.execute(f"DESCRIBE FROM {relation}").fetchall()
        types = {str(row[0]): str(row[1]) for row in rows}
        target = layout.fields.get("target")
        if target is not None and (layout.separator or types[target].endswith("[]")):
            relation = _each_target(relation, target, types[target], layout.separator)
        texts = {}
        for field in IDS:
            if field in layout.fields and _are_floats(connection, file, relation, layout.fields[field]):
                texts[field] = f"regexp_replace({_text(layout, field)}, '\\.0$', '')"
        return cls(layout, relation, texts)

    def text(self, field: str) -> str:
        """SQL for a field as text, NULL where the cell is empty."""
        return self.texts.get(field) or _text(self.layout, field)


def _text(layout: Layout, field: str) -> str:
    text = f"CAST({quote_identifier(layout.fields[field])} AS VARCHAR)"
    # Blanks beside a delimiter are for the eye; those in a text are the writer's.
    if layout.form == "delimited" and field != "text":
        text = f"trim({text})"
    return text if layout.form == "blanks" else f"nullif({text}, '')"


def _each_target(relation: str, column: str, type_: str, separator: str) -> str:
    """One row for each of several targets in a cell; a cell without any stays one row."""
    name = quote_identifier(column)
    several = name if type_.endswith("[]") else f"string_split({name}, {literal(separator)})"
    listed = f"list_sort(list_distinct(list_filter(list_transform({several}, lambda t: trim(CAST(t AS VARCHAR))), lambda t: t <> '')))"
    return f"(SELECT * REPLACE (unnest(CASE WHEN len({listed}) > 0 THEN {listed} ELSE [NULL] END) AS {name}) FROM {relation})"


def _are_floats(connection: duckdb.DuckDBPyConnection, file: str, relation: str, column: str) -> bool:
    """Whether whole numbers were written as floats, as some programs do to a column with an empty cell."""
    text = f"CAST({quote_identifier(column)} AS VARCHAR)"
    found = connection.execute(f"SELECT trim({text}) FROM {relation} WHERE {text} <> '' LIMIT {SAMPLE}").fetchall()
    values = [str(row[0]) for row in found]
    if not values or not all(re.fullmatch(r"-?\d+\.0|-?\d(\.\d+)?[eE]\+?\d+", value) for value in values):
        return False
    if any(abs(float(value)) >= EXACT for value in values):
        raise Malformed(file, f"ids in column {column!r}", "they were turned into floats and have lost digits; export them as text")
    return not any("e" in value.lower() for value in values)
