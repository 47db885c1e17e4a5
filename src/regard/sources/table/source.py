"""Any table of who acted toward whom and when: CSV, TSV, JSON lines, Parquet; also gz, zst, bz2 and xz of the text forms.

Rows never pass through Python: the engine reads the file, so ids are text from the first byte (a float would change long ones) and
memory is flat. A file inside an archive is decompressed to a temporary file first, watched for bombs as every input is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import duckdb

from regard.engines.duckdb.connection import connect
from regard.engines.duckdb.errors import ROW_ERRORS, rows_error
from regard.errors import UsageError
from regard.record.schema import Batch, SqlBatch
from regard.sources.base import Options, Source
from regard.sources.formats.bundle import Bundle
from regard.sources.table.cells import Cells
from regard.sources.table.clock import clock_of
from regard.sources.table.layout import FIELDS, KIND_WORDS, Layout, mapped, need
from regard.sources.table.reader import literal, relation_of
from regard.sources.table.sniff import layout_of_head

HEAD = 256 << 10
MOST_FILES = 200


def recognise(bundle: Bundle) -> bool:
    """Whether some file of the bundle is a table that says who and toward whom; or the one file is a table that may be told to."""
    if len(bundle.names) > MOST_FILES:
        return False
    found = [_layout(bundle.head(name, HEAD), Options()) for name in bundle.names]
    named = len(found) == 1 and found[0] is not None and found[0].header and len(found[0].columns) > 1
    return named or any(layout is not None and layout.usable for layout in found)


def read(bundle: Bundle, options: Options) -> Iterator[Batch | SqlBatch]:
    """One scan for each table of the bundle."""
    tables = bundle.names if len(bundle.names) == 1 else [name for name in bundle.names if _is_usable(bundle, name, options)]
    if not tables:
        raise UsageError(
            f"{bundle.title}: no file of it tells who acts toward whom; read one of them with --map to say which column is what"
        )
    left_out = len(bundle.names) - len(tables)
    if left_out:
        yield Batch(notes=[("files that are no table of acts left out", left_out)])
    for name in tables:
        yield _scan(bundle, name, options)


def _is_usable(bundle: Bundle, name: str, options: Options) -> bool:
    layout = _layout(bundle.head(name, HEAD), options)
    return layout is not None and layout.usable


def _is_parquet(head: bytes) -> bool:
    return head.startswith(b"PAR1")


def _layout(head: bytes, options: Options) -> Layout | None:
    """The layout by the first bytes; that of a Parquet file is told at its end, and looked up when it is read."""
    if _is_parquet(head):
        return Layout((), {"actor": "", "target": ""}, form="parquet")
    try:
        return layout_of_head(head, options.mapping, options.preset)
    except UsageError:
        return None


def _scan(bundle: Bundle, name: str, options: Options) -> SqlBatch:
    head, notes = bundle.head(name, HEAD), list[tuple[str, int]]()
    with closing(connect()) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        try:
            if _is_parquet(head):
                relation = relation_of(bundle, name, head, Layout((), form="parquet"), notes)
                rows = connection.execute(f"DESCRIBE FROM {relation}").fetchall()
                layout = mapped(Layout(tuple(str(row[0]) for row in rows), form="parquet"), options.mapping)
            else:
                layout = need(layout_of_head(head, options.mapping, options.preset), name, options.mapping)
                relation = relation_of(bundle, name, head, layout, notes)
            cells = Cells.of(connection, name, relation, need(layout, name, options.mapping))
            return SqlBatch(_select(connection, name, cells, options), name, notes)
        except ROW_ERRORS as error:
            raise rows_error(error, name) from error


def _select(connection: duckdb.DuckDBPyConnection, name: str, cells: Cells, options: Options) -> str:
    layout = cells.layout
    plain = [field for field in FIELDS if field in layout.fields and field not in ("time", "kind", "text")]
    parts = [f"{cells.text(field)} AS {field}" for field in plain]
    if "text" in layout.fields and options.text:
        parts.append(f"left({cells.text('text')}, 20000) AS text")
    if "time" in layout.fields:
        clock = clock_of(connection, name, cells.relation, layout.fields["time"])
        parts += [f"{clock.sql} AS time", f"'{clock.precision}' AS precision"]
    else:
        parts.append("'none' AS precision")
    parts += [f"{_kind(connection, cells)} AS kind", f"{literal(name)} AS file"]
    return f"SELECT {', '.join(parts)} FROM {cells.relation}"


def _kind(connection: duckdb.DuckDBPyConnection, cells: Cells) -> str:
    layout = cells.layout
    if layout.constant_kind:
        return f"'{layout.constant_kind}'"
    toward = [cells.text(field) for field in ("target", "parent") if field in layout.fields]
    usual = f"CASE WHEN coalesce({', '.join(toward)}) IS NULL THEN 'post' ELSE '{_usual(connection, cells)}' END" if toward else "'post'"
    if "kind" not in layout.fields:
        return usual
    cases = " ".join(f"WHEN '{word}' THEN '{kind}'" for word, kind in KIND_WORDS.items())
    return f"CASE lower(trim({cells.text('kind')})) {cases} ELSE {usual} END"


def _usual(connection: duckdb.DuckDBPyConnection, cells: Cells) -> str:
    """What a directed row without a kind is: a reply where it names a parent, a rating where it has weights, else a message."""
    fields = cells.layout.fields
    if "parent" in fields and "target" not in fields:
        return "reply"
    if "label" in fields and fields["label"] != fields.get("kind"):
        different = f"SELECT count(DISTINCT {cells.text('label')}) FROM (FROM {cells.relation} LIMIT 10000)"
        if int(str(connection.execute(different).fetchall()[0][0])) > 1:
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
