"""Any table of who acted toward whom and when: CSV, TSV, JSON lines, Parquet; also gz, zst, bz2 and xz of the text forms.

Rows never pass through Python: the engine reads the file, so ids are text from the first byte (a float would change long ones) and
memory is flat. A file inside an archive is decompressed to a temporary file first, watched for bombs as every input is.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import orjson

from regard.engines.duckdb import connect, quoted
from regard.errors import Malformed, UsageError
from regard.events.schema import Batch, Scan
from regard.sources.base import Options, Source
from regard.sources.bundle import Bundle
from regard.sources.table_layout import FIELDS, KIND_WORDS, Layout, delimited, mapped, need
from regard.sources.table_time import clock_of

HEAD = 256 << 10


def recognise(bundle: Bundle) -> bool:
    """Whether some file of the bundle is a table that says who and toward whom."""
    if len(bundle.names) > 200:
        return False
    return any(_layout_of_head(bundle.head(name, HEAD), Options()) is not None for name in bundle.names)


def read(bundle: Bundle, options: Options) -> Iterator[Batch | Scan]:
    """One scan for each table of the bundle."""
    tables = [name for name in bundle.names if _is_parquet(bundle.head(name, 4)) or _readable(bundle, name, options)]
    if not tables and len(bundle.names) == 1:
        need(_layout_of_head(bundle.head(bundle.names[0], HEAD), options, strict=True), bundle.names[0], options.mapping)
    left_out = len(bundle.names) - len(tables)
    if left_out:
        yield Batch(notes=[("files that are no table of acts left out", left_out)])
    for name in tables:
        yield _scan(bundle, name, options)


def _readable(bundle: Bundle, name: str, options: Options) -> bool:
    layout = _layout_of_head(bundle.head(name, HEAD), options)
    return layout is not None and layout.usable


def _is_parquet(head: bytes) -> bool:
    return head.startswith(b"PAR1")


def _layout_of_head(head: bytes, options: Options, *, strict: bool = False) -> Layout | None:
    """The layout by the first bytes of a text table; a Parquet file is left to the engine. None where it is no usable table."""
    if _is_parquet(head):
        return Layout((), {"actor": "", "target": ""})
    try:
        if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
            layout = _json_layout(head, options)
        else:
            text = head.decode(_guess_encoding(head), "replace")
            layout = delimited(text[: text.rfind("\n") + 1] or text, options.mapping, options.preset)
    except UsageError:
        if strict:
            raise
        return None
    return layout if layout is not None and (layout.usable or strict) else None


def _json_layout(head: bytes, options: Options) -> Layout | None:
    keys: dict[str, None] = {}
    lines = head.lstrip(b"\xef\xbb\xbf").split(b"\n")
    for line in lines[:200]:
        try:
            row = orjson.loads(line.strip().rstrip(b","))
        except orjson.JSONDecodeError:
            continue
        if isinstance(row, dict):
            keys.update(dict.fromkeys(key for key in row if isinstance(key, str)))
    if not keys:
        return None
    fields, kind = mapped(tuple(keys), options.mapping)
    return Layout(tuple(keys), fields, constant_kind=kind)


def _guess_encoding(head: bytes) -> str:
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    return "utf-8-sig"


def _scan(bundle: Bundle, name: str, options: Options) -> Scan:
    place = bundle.unpacked(name)
    head = bundle.head(name, HEAD)
    notes: list[tuple[str, int]] = []
    if _is_parquet(head):
        relation = f"read_parquet({_literal(place)})"
        columns = _columns_of(name, relation)
        fields, kind = mapped(columns, options.mapping)
        layout = need(Layout(columns, fields, constant_kind=kind), name, options.mapping)
    else:
        layout = need(_layout_of_head(head, options, strict=True), name, options.mapping)
        relation = _text_relation(place, head, layout, notes)
    with closing(connect()) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return Scan(_select(connection, name, relation, layout, options), name, notes)


def _text_relation(place: Path, head: bytes, layout: Layout, notes: list[tuple[str, int]]) -> str:
    columns = "{" + ", ".join(f"{_literal(column)}: 'VARCHAR'" for column in layout.columns) + "}"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"["):
        form = "newline_delimited" if start == b"{" else "array"
        return f"read_json({_literal(place)}, format = '{form}', columns = {columns})"
    encoding = _encoding(place, head)
    if encoding == "latin-1":
        notes.append(("text that is not UTF-8 read as Latin-1", 1))
    skip = 0 if layout.comment else layout.skip
    options = [
        "auto_detect = false", f"columns = {columns}", f"delim = {_literal(layout.delimiter)}", f"header = {str(layout.header).lower()}",
        "quote = '\"'", "escape = '\"'", f"encoding = '{encoding}'", f"skip = {skip}", "max_line_size = 16000000", "nullstr = ''",
        "buffer_size = 64000000",
    ]  # fmt: skip
    if layout.comment:
        options.append(f"comment = '{layout.comment}'")
    return f"read_csv({_literal(place)}, {', '.join(options)})"


def _encoding(place: Path, head: bytes) -> str:
    """UTF-16 by its mark, UTF-8 where all bytes are, else Latin-1, which takes any byte."""
    if _guess_encoding(head) == "utf-16":
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    with place.open("rb") as stream:
        try:
            while data := stream.read(1 << 20):
                decoder.decode(data)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "latin-1"
    return "utf-8"


def _columns_of(name: str, relation: str) -> tuple[str, ...]:
    with closing(connect()) as connection:
        try:
            return tuple(str(row[0]) for row in connection.execute(f"DESCRIBE FROM {relation}").fetchall())
        except duckdb.Error as error:
            raise Malformed(name, "a whole Parquet file", str(error).splitlines()[0].split(": ", 1)[-1]) from error


def _select(connection: duckdb.DuckDBPyConnection, name: str, relation: str, layout: Layout, options: Options) -> str:
    parts = [f"{_text(layout, field)} AS {field}" for field in FIELDS if field in layout.fields and field not in ("time", "kind", "text")]
    if "text" in layout.fields and options.text:
        parts.append(f"left({_text(layout, 'text')}, 20000) AS text")
    if "time" in layout.fields:
        clock = clock_of(connection, name, relation, layout.fields["time"])
        parts += [f"{clock.sql} AS time", f"'{clock.precision}' AS precision"]
    parts.append(f"{_kind(connection, relation, layout)} AS kind")
    parts.append(f"{_literal(name)} AS file")
    return f"SELECT {', '.join(parts)} FROM {relation}"


def _text(layout: Layout, field: str) -> str:
    return f"CAST({quoted(layout.fields[field])} AS VARCHAR)"


def _kind(connection: duckdb.DuckDBPyConnection, relation: str, layout: Layout) -> str:
    if layout.constant_kind:
        return f"'{layout.constant_kind}'"
    toward = "coalesce(" + ", ".join(_text(layout, f) for f in ("target", "parent") if f in layout.fields) + ")"
    plain = (
        f"CASE WHEN {toward} IS NULL THEN 'post' ELSE '{_usual(connection, relation, layout)}' END" if toward != "coalesce()" else "'post'"
    )
    if "kind" not in layout.fields:
        return plain
    cases = " ".join(f"WHEN '{word}' THEN '{kind}'" for word, kind in KIND_WORDS.items())
    return f"CASE lower(trim({_text(layout, 'kind')})) {cases} ELSE {plain} END"


def _usual(connection: duckdb.DuckDBPyConnection, relation: str, layout: Layout) -> str:
    """What a directed row without a kind is: a reply where it names a parent, a rating where it has weights, else a message."""
    if "parent" in layout.fields and "target" not in layout.fields:
        return "reply"
    if "label" in layout.fields and layout.fields["label"] != layout.fields.get("kind"):
        different = f"SELECT count(DISTINCT {_text(layout, 'label')}) FROM (FROM {relation} LIMIT 10000)"
        if int(str(connection.execute(different).fetchall()[0][0])) > 1:
            return "react"
    return "message"


def _literal(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


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
