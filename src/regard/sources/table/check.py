"""What is looked at in all rows of a table before it is read: cells that are no ids, and whether anybody acts toward anybody."""

from __future__ import annotations

from typing import NamedTuple

import duckdb

from regard.engines.duckdb.statements import fetch, quote_identifier, quote_literal
from regard.errors import UsageError
from regard.sources.table.cells import IDS, Cells, is_nested, is_nobody

MOST_NESTED = 0.1
"""From this share of objects and lists on, a column is refused: it holds no ids."""


class FieldCounts(NamedTuple):
    """The cells of one field: all that are not empty, those that stand for a missing value, and objects and lists. The others are ids."""

    field: str
    cells: int
    nobody: int
    nested: int

    @property
    def ids(self) -> int:
        """Cells that are ids."""
        return self.cells - self.nobody - self.nested


class Checked(NamedTuple):
    """The cells with NULL where there is no id, and whether no act is toward anybody or anything."""

    cells: Cells
    is_loose: bool


def check_cells(connection: duckdb.DuckDBPyConnection, file: str, cells: Cells, notes: list[tuple[str, int]]) -> Checked:
    """Look at all cells of ids. Adds notes on those that are no ids.

    Raises UsageError for a column of ids in which one cell in ten or more is an object or a list.
    """
    counts = _count(connection, cells)
    for each in counts:
        if each.nested and each.nested >= MOST_NESTED * each.cells:
            column = cells.layout.fields[each.field]
            raise UsageError(
                f"{file}: column {column!r} holds objects or lists ({each.nested} of {each.cells} cells), which are nobody's id; "
                f"map another column with --map {each.field}=COLUMN. Columns found: {', '.join(cells.layout.columns[:20])}"
            )
    for note, number in (
        ("cells that say None, NaN, null, \\N or [deleted] taken as empty", sum(each.nobody for each in counts)),
        ("cells that hold an object or a list instead of an id left out", sum(each.nested for each in counts)),
    ):
        if number:
            notes.append((note, number))
    ids = {each.field: each.ids for each in counts}
    odd = [each.field for each in counts if each.nobody or each.nested]
    return Checked(cells.without_nobody(odd), ids["actor"] > 0 and not ids.get("target") and not ids.get("parent"))


def _count(connection: duckdb.DuckDBPyConnection, cells: Cells) -> list[FieldCounts]:
    """The counts of each field of ids, in one pass. All columns that are read later are read here, so that no row fails later."""
    layout = cells.layout
    fields = [field for field in IDS if field in layout.fields]
    others = [quote_identifier(column) for field, column in layout.fields.items() if field not in IDS]
    texts = [f"trim(CAST({quote_identifier(layout.fields[field])} AS VARCHAR))" for field in fields]
    counts = {
        "cells": [f"count(*) FILTER ({text} <> '')" for text in texts],
        "nobody": [f"count(*) FILTER ({is_nobody(text)})" for text in texts],
        "nested": [f"count(*) FILTER ({is_nested(text)})" for text in texts],
    }
    lists = [f"[{', '.join(sql)}] AS {name}" for name, sql in counts.items()] + [f"count({column})" for column in others]
    names = f"unnest([{', '.join(map(quote_literal, fields))}])"
    unnested = ", ".join(f"unnest({name})" for name in counts)
    return fetch(connection, FieldCounts, f"SELECT {names}, {unnested} FROM (SELECT {', '.join(lists)} FROM {cells.relation})")
