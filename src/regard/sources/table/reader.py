"""The rows of a table's file as a relation that the engine reads by itself, all cells as text."""

from __future__ import annotations

import codecs
import shutil
from pathlib import Path

from regard.engines.duckdb.statements import quote_identifier
from regard.errors import Malformed
from regard.sources.formats.bundle import CHUNK, Bundle
from regard.sources.table.layout import Layout
from regard.sources.table.sniff import is_utf16

LONGEST_LINE = 16_000_000


def relation_of(bundle: Bundle, name: str, head: bytes, layout: Layout, notes: list[tuple[str, int]]) -> str:
    """SQL for the rows of a file of the bundle."""
    place = bundle.unpacked(name)
    if layout.form == "parquet":
        return f"read_parquet({literal(place)})"
    columns = "{" + ", ".join(f"{literal(column)}: 'VARCHAR'" for column in layout.columns) + "}"
    if layout.form in ("lines", "array"):
        form = "newline_delimited" if layout.form == "lines" else "array"
        return f"read_json({literal(place)}, format = '{form}', columns = {columns})"
    if is_utf16(head):
        place = _recoded(bundle, name, place)
    encoding = "utf-8"
    if not _is_utf8(name, place):
        encoding = "latin-1"
        notes.append(("text that is not UTF-8 read as Latin-1", 1))
    if layout.form == "blanks":
        return _blanks(place, encoding, layout)
    comment = [f"comment = '{layout.comment}'"] if layout.comment else []
    options = [
        f"columns = {columns}", f"delim = {literal(layout.delimiter)}", f"header = {str(layout.header).lower()}", "quote = '\"'",
        "escape = '\"'", "nullstr = ''", *comment,
    ]  # fmt: skip
    return _csv(place, encoding, layout, options)


def _csv(place: Path, encoding: str, layout: Layout, options: list[str]) -> str:
    # Where the engine leaves out comments, it does so with those at the top too, and would skip so many rows besides.
    skip = 0 if layout.comment else layout.skip
    always = [
        "auto_detect = false", f"encoding = '{encoding}'", f"skip = {skip}", f"max_line_size = {LONGEST_LINE}",
        "buffer_size = 64000000",
    ]  # fmt: skip
    return f"read_csv({literal(place)}, {', '.join(always + options)})"


def _blanks(place: Path, encoding: str, layout: Layout) -> str:
    """Cells between runs of blanks: the engine's own reader takes each blank for a sign between two cells."""
    lines = _csv(
        place, encoding, layout, ["columns = {'line': 'VARCHAR'}", "delim = '\x01'", "header = false", "quote = ''", "escape = ''"]
    )
    width = len(layout.columns)
    kept = "trim(line) <> ''" + (f" AND line[1] <> '{layout.comment}'" if layout.comment else "")
    wrong = f"error('Expected Number of Columns: {width} Found: ' || len(p))"
    cells = f"SELECT CASE WHEN len(p) = {width} THEN p ELSE {wrong} END AS p"
    split = f"{cells} FROM (SELECT string_split_regex(trim(line), '\\s+') AS p FROM {lines} WHERE {kept})"
    return f"(SELECT {', '.join(f'p[{n}] AS {quote_identifier(column)}' for n, column in enumerate(layout.columns, 1))} FROM ({split}))"


def _recoded(bundle: Bundle, name: str, place: Path) -> Path:
    """A copy of a UTF-16 text in UTF-8, which goes with the bundle."""
    recoded = bundle.scratch() / "recoded"
    try:
        with place.open(encoding="utf-16", newline="") as text, recoded.open("w", encoding="utf-8", newline="") as out:
            shutil.copyfileobj(text, out, CHUNK)
    except UnicodeError as error:
        raise Malformed(name, "text in UTF-16, as its first bytes say", "it breaks off or is damaged") from error
    return recoded


def _is_utf8(name: str, place: Path) -> bool:
    """Whether all bytes of a file are UTF-8; else it is read as Latin-1, which takes any byte.

    Raises Malformed for a line that is longer than the engine takes: it would leave out such a line at the end, and say nothing.
    """
    decoder, sound, line, length = codecs.getincrementaldecoder("utf-8")(), True, 1, 0
    with place.open("rb") as stream:
        while data := stream.read(CHUNK):
            end = max(data.find(b"\n"), data.find(b"\r"))
            length += len(data) if end < 0 else end
            if length > LONGEST_LINE:
                found = f"it is longer than {LONGEST_LINE // 1_000_000} MB; that is no act of anybody"
                raise Malformed(name, "rows of a table, all alike", found, line=line)
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


def literal(value: object) -> str:
    """A value as SQL text."""
    return "'" + str(value).replace("'", "''") + "'"
