"""The ids and texts in the cells of a table: trimmed, NULL if empty, and never converted to a number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from regard.engines.duckdb.statements import quote_identifier, quote_literal
from regard.errors import Malformed
from regard.sources.table.layout import Layout
from regard.sources.table.reader import column_types, sample_texts

IDS = ("actor", "target", "item", "parent", "thread")
SAMPLE = 2000
"""Cells of a column that are looked at."""
EXACT = 2**53
"""From here on a float no longer holds every whole number."""


@dataclass(frozen=True)
class Cells:
    """SQL expressions for the cells of one relation, as text."""

    layout: Layout
    relation: str
    texts: Mapping[str, str]
    """Field -> SQL, for fields that are not simply a column."""

    @classmethod
    def of(cls, connection: duckdb.DuckDBPyConnection, file: str, relation: str, layout: Layout) -> Cells:
        """The cells of a relation. Raises Malformed if ids were converted to floats before and have lost their last digits."""
        types = column_types(connection, relation)
        target = layout.fields.get("target")
        if target is not None and (layout.separator or types[target].endswith("[]")):
            relation = _one_row_per_target(relation, target, types[target], layout.separator)
        texts = {}
        for field in IDS:
            if field in layout.fields and _are_floats(connection, file, relation, layout.fields[field]):
                texts[field] = f"regexp_replace({_text(layout, field)}, '\\.0$', '')"
        return cls(layout, relation, texts)

    def text(self, field: str) -> str:
        """SQL for a field as text, NULL if the cell is empty."""
        return self.texts.get(field) or _text(self.layout, field)


def _text(layout: Layout, field: str) -> str:
    text = f"CAST({quote_identifier(layout.fields[field])} AS VARCHAR)"
    # Blanks beside a delimiter are layout. Those in a text are the writer's.
    if layout.form == "delimited" and field != "text":
        text = f"trim({text})"
    return text if layout.form == "blanks" else f"nullif({text}, '')"


def _one_row_per_target(relation: str, column: str, type_: str, separator: str) -> str:
    """The relation with one row for each target in a cell. A row without any target stays one row."""
    name = quote_identifier(column)
    raw = name if type_.endswith("[]") else f"string_split({name}, {quote_literal(separator)})"
    targets = f"list_sort(list_distinct(list_filter(list_transform({raw}, lambda t: trim(CAST(t AS VARCHAR))), lambda t: t <> '')))"
    return f"(SELECT * REPLACE (unnest(CASE WHEN len({targets}) > 0 THEN {targets} ELSE [NULL] END) AS {name}) FROM {relation})"


def _are_floats(connection: duckdb.DuckDBPyConnection, file: str, relation: str, column: str) -> bool:
    """Whether whole numbers were written as floats, which some programs do to a column with an empty cell."""
    text = f"CAST({quote_identifier(column)} AS VARCHAR)"
    values = sample_texts(connection, f"SELECT trim({text}) FROM {relation} WHERE {text} <> '' LIMIT {SAMPLE}")
    if not values or not all(re.fullmatch(r"-?\d+\.0|-?\d(\.\d+)?[eE]\+?\d+", value) for value in values):
        return False
    if any(abs(float(value)) >= EXACT for value in values):
        raise Malformed(file, f"ids in column {column!r}", "they were turned into floats and have lost digits; export them as text")
    return not any("e" in value.lower() for value in values)
