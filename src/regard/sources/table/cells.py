"""The ids and texts in the cells of a table: trimmed, NULL if empty, and never converted to a number.

An id is a word or a number. An object, a list, and what programs write for a missing value are nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb

from regard.engines.duckdb.statements import quote_identifier, quote_literal
from regard.errors import Malformed
from regard.sources.table.layout import Layout
from regard.sources.table.reader import column_types, sample_texts

IDS = ("actor", "target", "item", "parent", "thread")
SAMPLE = 2000
"""Cells of a column that are looked at."""
NO_VALUE = (
    "'None', 'NONE', 'NaN', 'nan', '-nan', 'NaT', 'null', 'NULL', '\\N', '<NA>', 'n/a', 'N/A', '#N/A', 'undefined', '[object Object]'"
)
"""What programs write for a cell without a value, for SQL."""
NOBODY = f"{NO_VALUE}, '[deleted]', '[removed]'"
"""The same in a column of ids. A platform that writes one word for all accounts that are gone names none of them."""
LIST = r"""^\[\s*(["\'\[{\d-].*)?\]$"""
"""A list of texts, numbers, lists or objects, but no name such as [ann]."""
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
        if target is not None and (targets := _targets(connection, relation, layout, target, types[target])):
            relation = _one_row_per_target(relation, target, targets)
        texts = {}
        for field in IDS:
            if field in layout.fields and _are_floats(connection, file, relation, layout.fields[field]):
                texts[field] = f"regexp_replace({_text(layout, field)}, '\\.0$', '')"
        return cls(layout, relation, texts)

    def without_nobody(self, fields: Sequence[str]) -> Cells:
        """The same, with NULL for cells of these fields that are no ids. Each scan of a column pays for it, so others stay as they are."""
        texts = {field: self.text(field) for field in fields}
        sound = {field: f"CASE WHEN {is_nobody(text)} OR {is_nested(text)} THEN NULL ELSE {text} END" for field, text in texts.items()}
        return replace(self, texts={**self.texts, **sound})

    def text(self, field: str) -> str:
        """SQL for a field as text, NULL if the cell is empty."""
        return self.texts.get(field) or _text(self.layout, field)


def is_nobody(text: str) -> str:
    """SQL for whether a text stands for a missing value."""
    return f"{text} IN ({NOBODY})"


def is_nested(text: str) -> str:
    """SQL for whether a text is an object or a list."""
    is_list = f"starts_with({text}, '[') AND regexp_matches({text}, {quote_literal(LIST)}, 's')"
    return f"((starts_with({text}, '{{') AND ends_with({text}, '}}')) OR ({is_list}))"


def _text(layout: Layout, field: str) -> str:
    text = f"CAST({quote_identifier(layout.fields[field])} AS VARCHAR)"
    # Blanks beside a delimiter are layout. Those in a text are the writer's.
    if layout.form == "delimited" and field != "text":
        text = f"trim({text})"
    return text if layout.form == "blanks" else f"nullif({text}, '')"


def _targets(connection: duckdb.DuckDBPyConnection, relation: str, layout: Layout, column: str, type_: str) -> str:
    """SQL for the list of targets in a cell; empty if each cell is one target."""
    name = quote_identifier(column)
    if type_.endswith("[]"):
        return name
    if layout.separator:
        return f"string_split({name}, {quote_literal(layout.separator)})"
    if layout.form in ("lines", "array"):
        some = f"SELECT {name} FROM {relation} WHERE {name} IS NOT NULL LIMIT {SAMPLE}"
        if any(re.fullmatch(r"\[.*\]", value, re.DOTALL) for value in sample_texts(connection, some)):
            return f"CASE WHEN regexp_matches({name}, {quote_literal(LIST)}, 's') THEN from_json({name}, '[\"VARCHAR\"]') ELSE [{name}] END"
    return ""


def _one_row_per_target(relation: str, column: str, raw: str) -> str:
    """The relation with one row for each target in a cell. A row without any target stays one row."""
    name = quote_identifier(column)
    targets = f"list_sort(list_distinct(list_filter(list_transform({raw}, lambda t: trim(CAST(t AS VARCHAR))), lambda t: t <> '')))"
    return f"(SELECT * REPLACE (unnest(CASE WHEN len({targets}) > 0 THEN {targets} ELSE [NULL] END) AS {name}) FROM {relation})"


def _are_floats(connection: duckdb.DuckDBPyConnection, file: str, relation: str, column: str) -> bool:
    """Whether whole numbers were written as floats, which some programs do to a column with an empty cell."""
    text = f"CAST({quote_identifier(column)} AS VARCHAR)"
    values = sample_texts(connection, f"SELECT trim({text}) FROM {relation} WHERE trim({text}) NOT IN ('', {NOBODY}) LIMIT {SAMPLE}")
    if not values or not all(re.fullmatch(r"-?\d+\.0|-?\d(\.\d+)?[eE]\+?\d+", value) for value in values):
        return False
    if any(abs(float(value)) >= EXACT for value in values):
        raise Malformed(file, f"ids in column {column!r}", "they were turned into floats and have lost digits; export them as text")
    return not any("e" in value.lower() for value in values)
