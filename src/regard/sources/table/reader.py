"""The rows of a table's file as a relation that the engine reads by itself, with all cells as text."""

from __future__ import annotations

import codecs
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import duckdb

from regard.engines.duckdb.statements import escape_glob, fetch, quote_identifier, quote_literal
from regard.errors import Malformed
from regard.sources.formats.bundle import CHUNK, Bundle
from regard.sources.formats.json_stream import values
from regard.sources.table.layout import Layout
from regard.sources.table.sniff import is_utf16

LONGEST_LINE = 16_000_000
"""Bytes of a line, its end included. The engine takes no longer ones."""


class Column(NamedTuple):
    """A column of a relation."""

    name: str
    type: str


class Cell(NamedTuple):
    """One cell, as text."""

    text: str


def column_types(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    """Column -> SQL type of a relation, in order."""
    columns = fetch(connection, Column, f"SELECT column_name, column_type FROM (DESCRIBE FROM {relation})")
    return {column.name: column.type for column in columns}


def sample_texts(connection: duckdb.DuckDBPyConnection, sql: str) -> list[str]:
    """The one column of a query, as text. No row of it may be NULL."""
    return [cell.text for cell in fetch(connection, Cell, sql)]


def make_relation(bundle: Bundle, name: str, head: bytes, layout: Layout, notes: list[tuple[str, int]]) -> str:
    """SQL for the rows of a file of the bundle. Adds a note on lines above the header, and if the text is not UTF-8."""
    path = bundle.unpack(name)
    if layout.n_above:
        notes.append(("lines above the header left out", layout.n_above))
    if layout.form == "parquet":
        return _read("parquet", path, [])
    if layout.form in ("lines", "array"):
        return _read_json(path, layout)
    if is_utf16(head):
        path = _recode(bundle, name, path)
    encoding = "utf-8"
    if not _is_utf8(name, path):
        encoding = "latin-1"
        notes.append(("text that is not UTF-8 read as Latin-1", 1))
    if layout.form == "blanks":
        return _read_between_blanks(path, encoding, layout)
    comment = [f"comment = '{layout.comment}'"] if layout.comment else []
    options = [
        f"columns = {_texts(layout)}", f"delim = {quote_literal(layout.delimiter)}", f"header = {str(layout.header).lower()}",
        "quote = '\"'",
        "escape = '\"'", "nullstr = ''", *comment,
    ]  # fmt: skip
    return _read_csv(path, encoding, layout, options)


def read_last_values(bundle: Bundle, name: str, layout: Layout) -> str:
    """SQL for the rows of a file of JSON whose objects hold a key twice, which the engine refuses: the last value is taken."""
    path = bundle.temporary_folder() / "last-values"
    with path.open("w", encoding="utf-8") as out:
        for line, value in values(bundle, name):
            try:
                out.write(json.dumps(value, ensure_ascii=False) + "\n")
            except RecursionError:
                raise Malformed(name, "JSON", "it is nested too deeply", line=line) from None
    return _read_json(path, replace(layout, form="lines"))


def _read_json(path: Path, layout: Layout) -> str:
    json_format = "newline_delimited" if layout.form == "lines" else "array"
    return _read("json", path, [f"format = '{json_format}'", f"columns = {_texts(layout)}"])


def _texts(layout: Layout) -> str:
    return "{" + ", ".join(f"{quote_literal(column)}: 'VARCHAR'" for column in layout.columns) + "}"


def _read_csv(path: Path, encoding: str, layout: Layout, options: list[str]) -> str:
    # If the engine leaves out comments, it leaves out those at the top too, and would skip as many rows besides.
    skip = 0 if layout.comment else layout.skip
    always = [
        "auto_detect = false", f"encoding = '{encoding}'", f"skip = {skip}", f"max_line_size = {LONGEST_LINE}",
        "buffer_size = 64000000",
    ]  # fmt: skip
    return _read("csv", path, always + options)


def _read(form: str, path: Path, options: Sequence[str]) -> str:
    """SQL for one file, whatever its name is. Names of folders such as `actor=ann` are no cells."""
    file = quote_literal(escape_glob(os.fspath(path)))
    return f"read_{form}({', '.join((file, 'hive_partitioning = false', *options))})"


def _read_between_blanks(path: Path, encoding: str, layout: Layout) -> str:
    """SQL for cells between runs of blanks. The engine's own reader takes each single blank for a delimiter."""
    header = f"header = {str(layout.header).lower()}"
    lines = _read_csv(path, encoding, layout, ["columns = {'line': 'VARCHAR'}", "delim = '\x01'", header, "quote = ''", "escape = ''"])
    width = len(layout.columns)
    kept = "trim(line) <> ''" + (f" AND line[1] <> '{layout.comment}'" if layout.comment else "")
    wrong = f"error('Expected Number of Columns: {width} Found: ' || len(p))"
    cells = f"SELECT CASE WHEN len(p) = {width} THEN p ELSE {wrong} END AS p"
    split = f"{cells} FROM (SELECT string_split_regex(trim(line), '\\s+') AS p FROM {lines} WHERE {kept})"
    return f"(SELECT {', '.join(f'p[{n}] AS {quote_identifier(column)}' for n, column in enumerate(layout.columns, 1))} FROM ({split}))"


def _recode(bundle: Bundle, name: str, path: Path) -> Path:
    """A copy of a UTF-16 text in UTF-8, which is removed with the bundle."""
    recoded = bundle.temporary_folder() / "recoded"
    try:
        with path.open(encoding="utf-16", newline="") as text, recoded.open("w", encoding="utf-8", newline="") as out:
            shutil.copyfileobj(text, out, CHUNK)
    except UnicodeError as error:
        raise Malformed(name, "text in UTF-16, as its first bytes say", "it breaks off or is damaged") from error
    return recoded


def _is_utf8(name: str, path: Path) -> bool:
    """Whether all bytes of a file are UTF-8. If not, the file is read as Latin-1, which takes any byte.

    Raises Malformed for a line that is longer than the engine takes: at the end of a file it would leave out such a line without a word.
    """
    decoder, sound, line, length = codecs.getincrementaldecoder("utf-8")(), True, 1, 0
    with path.open("rb") as stream:
        while data := stream.read(CHUNK):
            end = max(data.find(b"\n"), data.find(b"\r"))
            length += len(data) if end < 0 else end
            if length > LONGEST_LINE:
                problem = f"it is longer than {LONGEST_LINE // 1_000_000} MB; that is no act of anybody"
                raise Malformed(name, "rows of a table, all alike", problem, line=line)
            if end >= 0:
                line += data.count(b"\n")
                length = len(data) - 1 - max(data.rfind(b"\n"), data.rfind(b"\r"))
            sound = sound and _decodes(decoder, data)
    return sound and _decodes(decoder, b"", final=True)


def _decodes(decoder: codecs.IncrementalDecoder, data: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(data, final)
    except UnicodeDecodeError:
        return False
    return True
