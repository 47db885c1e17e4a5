"""Any table of who acted toward whom and when: CSV, TSV, JSON lines, Parquet; also gz, zst, bz2 and xz of the text forms.

Rows never pass through Python. The engine reads the file, so ids are text from the first byte (a float would change long ones) and
the memory used does not grow with the file. A file inside an archive is first decompressed to a temporary file, and checked for bombs
as every input is. There is no `to_acts`: the mapping from rows to acts is SQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

import duckdb

from regard.engines.duckdb.connection import connect
from regard.engines.duckdb.errors import ROW_ERRORS, rows_error
from regard.engines.duckdb.statements import execute, fetch_scalar, quote_literal
from regard.errors import UsageError
from regard.record.schema import KINDS, Batch, SqlBatch
from regard.sources.base import FALLBACK, MAX_TEXT, Options, Recognition, Source
from regard.sources.formats.bundle import Bundle
from regard.sources.table.cells import Cells
from regard.sources.table.check import check_cells
from regard.sources.table.clock import Column, clock_of
from regard.sources.table.layout import FIELDS, KIND_WORDS, Layout, apply_mapping, require_usable
from regard.sources.table.numbers import Usage
from regard.sources.table.reader import column_types, make_relation, read_last_values
from regard.sources.table.sniff import sniff_layout

HEAD = 256 << 10
"""Bytes of a file that are looked at to find its layout."""
MOST_FILES = 200
"""Files of a folder of tables: a folder of more is something else."""
MOST_ROWS_FOR_LABELS = 10_000
"""Rows that are looked at to see whether labels differ."""


def recognise(bundle: Bundle) -> Recognition | None:
    """By the first bytes of the files: a table that says who acts and toward whom, or one file with a header that the user can map.

    The confidence is `FALLBACK`, because a JSON chat of some platform has columns too: every other source that recognises it goes first.
    """
    if len(bundle.names) > MOST_FILES:
        return None
    layouts = {name: _layout(bundle.head(name, HEAD), Options()) for name in bundle.names}
    for name, layout in layouts.items():
        if layout is not None and layout.usable:
            return Recognition(FALLBACK, f"{name} has columns for who acts and toward whom or what")
    for name, layout in layouts.items():
        if len(layouts) == 1 and layout is not None and layout.header and len(layout.columns) > 1:
            return Recognition(FALLBACK, f"{name} has columns with names, which --map can say the meaning of")
    return None


def read(bundle: Bundle, options: Options) -> Iterator[Batch | SqlBatch]:
    """One SQL batch for each table of the bundle."""
    tables = bundle.names if len(bundle.names) == 1 else [name for name in bundle.names if _is_usable(bundle, name, options)]
    if not tables:
        raise UsageError(
            f"{bundle.title}: no file of it tells who acts toward whom; read one of them with --map to say which column is what"
        )
    n_left_out = len(bundle.names) - len(tables)
    if n_left_out:
        yield Batch(notes=[("files that are no table of acts left out", n_left_out)])
    are_loose, columns = list[bool](), list[str]()
    for name in tables:
        table = _read_table(bundle, name, options)
        are_loose.append(table.is_loose)
        columns += table.columns[:20]
        yield table.batch
    if all(are_loose) and options.mapping.get("kind") not in KINDS:
        raise UsageError(
            f"{bundle.title}: no row says toward whom it is, so that it would give no ties. Name the column of the person with --map "
            "target=COLUMN, or of the message that is answered with --map parent=COLUMN; if the rows are posts, and another input holds "
            f"the answers, say --map kind=post. Columns found: {', '.join(dict.fromkeys(columns))}"
        )


class _Table(NamedTuple):
    """The acts of one table, whether none of them says toward whom or what it is, and its columns."""

    batch: SqlBatch
    is_loose: bool
    columns: tuple[str, ...]


def _is_usable(bundle: Bundle, name: str, options: Options) -> bool:
    layout = _layout(bundle.head(name, HEAD), options)
    return layout is not None and layout.usable


def _is_parquet(head: bytes) -> bool:
    return head.startswith(b"PAR1")


def _layout(head: bytes, options: Options) -> Layout | None:
    """The layout by the first bytes. A Parquet file has it at its end: it is looked up when the file is read."""
    if _is_parquet(head):
        return Layout((), {"actor": "", "target": ""}, form="parquet")
    try:
        return sniff_layout(head, options.mapping, options.preset)
    except UsageError:
        return None


def _read_table(bundle: Bundle, name: str, options: Options) -> _Table:
    head, notes = bundle.head(name, HEAD), list[tuple[str, int]]()
    with closing(connect()) as connection:
        execute(connection, "SET TimeZone = 'UTC'")
        try:
            if _is_parquet(head):
                relation = make_relation(bundle, name, head, Layout((), form="parquet"), notes)
                layout = apply_mapping(_parquet_layout(connection, relation), options.mapping)
            else:
                layout = require_usable(sniff_layout(head, options.mapping, options.preset), name, options.mapping)
                relation = make_relation(bundle, name, head, layout, notes)
            require_usable(layout, name, options.mapping)
            try:
                return _acts(connection, name, relation, layout, options, notes)
            except duckdb.InvalidInputException as error:
                if "has duplicate key" not in str(error):
                    raise
                return _acts(connection, name, read_last_values(bundle, name, layout), layout, options, [])
        except ROW_ERRORS as error:
            raise rows_error(error, name) from error


def _parquet_layout(connection: duckdb.DuckDBPyConnection, relation: str) -> Layout:
    types = column_types(connection, relation)
    nested = frozenset(column for column, type_ in types.items() if type_.startswith(("STRUCT", "MAP", "UNION")))
    return Layout(tuple(types), nested=nested, form="parquet")


def _acts(
    connection: duckdb.DuckDBPyConnection, name: str, relation: str, layout: Layout, options: Options, notes: list[tuple[str, int]]
) -> _Table:
    cells = Cells.of(connection, name, relation, layout)
    cells, is_loose = check_cells(connection, name, cells, notes)
    return _Table(SqlBatch(_select_acts(connection, name, cells, options, notes), name, notes), is_loose, layout.columns)


def _select_acts(connection: duckdb.DuckDBPyConnection, name: str, cells: Cells, options: Options, notes: list[tuple[str, int]]) -> str:
    layout = cells.layout
    simple = [field for field in FIELDS if field in layout.fields and field not in ("time", "kind", "text")]
    columns = [f"{cells.text(field)} AS {field}" for field in simple]
    if "text" in layout.fields and options.text:
        columns.append(f"left({cells.text('text')}, {MAX_TEXT}) AS text")
    if "time" in layout.fields:
        usage: Usage = "mapped" if "time" in options.mapping else "named" if layout.header else "edges"
        clock = clock_of(connection, Column(name, cells.relation, layout.fields["time"]), usage, notes)
        columns += [f"{clock.sql} AS time", f"'{clock.precision}' AS precision"]
    else:
        columns.append("'none' AS precision")
    columns += [f"{_kind(connection, cells)} AS kind", f"{quote_literal(name)} AS file"]
    return f"SELECT {', '.join(columns)} FROM {cells.relation}"


def _kind(connection: duckdb.DuckDBPyConnection, cells: Cells) -> str:
    """SQL for the kind of a row."""
    layout = cells.layout
    if layout.constant_kind:
        return f"'{layout.constant_kind}'"
    toward = [cells.text(field) for field in ("target", "parent") if field in layout.fields]
    directed = _directed_kind(connection, cells) if toward else ""
    usual = f"CASE WHEN coalesce({', '.join(toward)}) IS NULL THEN 'post' ELSE '{directed}' END" if toward else "'post'"
    if "kind" not in layout.fields:
        return usual
    cases = " ".join(f"WHEN '{word}' THEN '{kind}'" for word, kind in KIND_WORDS.items())
    return f"CASE lower(trim({cells.text('kind')})) {cases} ELSE {usual} END"


def _directed_kind(connection: duckdb.DuckDBPyConnection, cells: Cells) -> str:
    """The kind of a directed row without one: a reply if the row names a parent, a rating if labels differ, otherwise a message."""
    fields = cells.layout.fields
    if "parent" in fields and "target" not in fields:
        return "reply"
    if "label" in fields and fields["label"] != fields.get("kind"):
        first_rows = f"FROM {cells.relation} LIMIT {MOST_ROWS_FOR_LABELS}"
        if fetch_scalar(connection, int, f"SELECT count(DISTINCT {cells.text('label')}) FROM ({first_rows})") > 1:
            return "react"
    return "message"


TABLE = Source(
    name="table",
    title="Table",
    about=(
        "CSV, TSV, JSON lines or Parquet with a column for who acts, one for whom they act toward, and one for when. SNAP and KONECT edge "
        "lists too. Columns are recognised by their names, or told with --map."
    ),
    recognise=recognise,
    read=read,
    missing="a table holds only what was put into it",
    own_ids=False,
)
