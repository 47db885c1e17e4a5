"""The layout of a text table, inferred from its first bytes: delimiter, header, comment lines, or the keys of its JSON objects."""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice

import orjson

from regard.errors import UnknownName
from regard.sources.formats.json_fields import storable
from regard.sources.table.layout import SYNONYMS, Form, Layout, apply_mapping, make_distinct, normalize_name

PRESETS: Mapping[str, tuple[str, ...]] = {
    "snap": ("actor", "target", "time", "kind"),
    "konect": ("actor", "target", "label", "time"),
    "edges": ("actor", "target"),
}
"""Layouts without a header, by position. SNAP: `src dst unixtime [kind]`. KONECT: `src dst weight unixtime`, after `%` lines."""

ROWS = 200
"""Rows of a file that are looked at."""
SIGNS = ("\t", ";", ",", "|", " ")
"""Delimiters."""
KNOWN = frozenset(word for words in SYNONYMS.values() for word in words)
"""Names of columns that are known."""
MAX_ABOVE = 10
"""Lines above a header that are looked past."""


def sniff_layout(head: bytes, mapping: Mapping[str, str], preset: str | None) -> Layout | None:
    """The layout of a file that begins with these bytes; None if it is no table. Raises UsageError for a mapping that does not fit."""
    if preset is not None and preset not in PRESETS:
        raise UnknownName("preset", preset, PRESETS)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"["):
        rows = list(_lines(head) if start == b"{" else _elements(head))
        keys = _usable(dict.fromkeys(key for row in rows for key in row))
        layout = Layout(make_distinct(keys), nested=_nested(keys, rows), form="lines" if start == b"{" else "array")
        return apply_mapping(layout, mapping) if keys else None
    text = head.decode("utf-16" if is_utf16(head) else "utf-8-sig", "replace").replace("\r\n", "\n")
    return _delimited(text, mapping, preset)


def is_utf16(head: bytes) -> bool:
    """Whether a text begins with the byte order mark of UTF-16."""
    return head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _lines(head: bytes) -> Iterator[dict[str, object]]:
    """The objects of the first lines."""
    for line in head.lstrip(b"\xef\xbb\xbf").split(b"\n")[:ROWS]:
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError:
            continue
        if isinstance(row, dict):
            yield row


def _elements(head: bytes) -> Iterator[dict[str, object]]:
    """The first objects of an array, whatever its line breaks."""
    text = head.decode("utf-8-sig", "replace")
    decoder, position = json.JSONDecoder(), text.index("[") + 1
    for _ in range(ROWS):
        ahead = text[position : position + 1000]
        position += len(ahead) - len(ahead.lstrip(", \t\r\n"))
        try:
            row, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            break
        if isinstance(row, dict):
            yield row


def _nested(keys: Sequence[str], rows: Sequence[Mapping[str, object]]) -> frozenset[str]:
    """The keys whose values are objects, or lists of objects."""

    def is_nested(value: object) -> bool:
        return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(each, dict | list) for each in value))

    values = {key: [row[key] for row in rows if row.get(key) is not None] for key in keys}
    return frozenset(key for key in keys if 2 * sum(map(is_nested, values[key])) > len(values[key]))


def _usable(keys: Mapping[str, None]) -> list[str]:
    # The engine ignores the case of a key, and knows no empty name and none with characters that it cannot store.
    first = {key.casefold(): key for key in reversed(list(keys)) if key.strip() == key and key and storable(key) == key}
    return [key for key in keys if first.get(key.casefold()) == key]


def _delimited(text: str, mapping: Mapping[str, str], preset: str | None) -> Layout | None:
    lines = text.split("\n") if "\n" in text else text.split("\r")
    n_above = _lines_above(lines, mapping) if preset is None else 0
    layout = _of_lines(lines[n_above:], mapping, preset)
    return replace(layout, skip=layout.skip + n_above, n_above=sum(bool(line.strip()) for line in lines[:n_above])) if layout else None


def _lines_above(lines: Sequence[str], mapping: Mapping[str, str]) -> int:
    """How many lines lie above a header of known words: a title has fewer filled cells than the header, and `sep=;` is for spreadsheets."""
    if lines and re.fullmatch(r'"?sep=.?"?', lines[0].strip(), re.IGNORECASE):
        return 1
    headers = [number for number, line in enumerate(lines[: MAX_ABOVE + 1]) if _may_be_header(line, mapping)]
    for number in headers if headers[:1] != [0] else ():
        above = [line for line in lines[:number] if line.strip()]
        if not above or not lines[number].strip() or any(line[0] in "#%{[" for line in above):
            continue
        cut = _cut_best([line for line in lines[number : number + 2 * ROWS] if line.strip()])
        if cut is None or not _names_columns(cut[2][0], mapping):
            continue
        _, sign, cells = cut
        if all(sum(map(bool, row)) < len(cells[0]) for line in above for row in _cut([line], sign or " ")):
            return number
    return 0


def _may_be_header(line: str, mapping: Mapping[str, str]) -> bool:
    """Whether any delimiter cuts a line into names of columns. Most tables have their header at the top, and are not looked at further."""
    return any(cells and _names_columns(cells[0], mapping) for sign in SIGNS if (cells := _cut([line], sign)))


def _of_lines(lines: Sequence[str], mapping: Mapping[str, str], preset: str | None) -> Layout | None:
    skip = next((number for number, line in enumerate(lines) if line.strip() and line[0] not in "#%"), len(lines))
    signs = {line[0] for line in lines[:skip] if line.strip()}
    body = lines[skip:-1] if len(lines) > skip + 1 else lines[skip:]
    comments = [line[0] for line in body[:ROWS] if line[:1] in ("#", "%")]
    rows = [line for line in body[: 2 * ROWS] if line.strip() and line[:1] not in signs]
    cut = _cut_best(rows)
    if cut is None:
        return None
    form, delimiter, cells = cut
    comment = comments[0] if signs and comments and comments[0] in signs else ""
    layout = Layout((), form=form, delimiter=delimiter, comment=comment, skip=skip)
    if preset is None and (set(mapping.values()) & set(cells[0]) or _is_header(cells)):
        # In a table with a header a line that begins with # is a row like any other.
        return apply_mapping(replace(layout, columns=make_distinct(cells[0]), header=True, comment=""), mapping)
    columns = tuple(f"c{number}" for number in range(1, len(cells[0]) + 1))
    order = PRESETS[preset] if preset else _fields_by_position(cells, signs)
    fields = dict(zip(order, columns, strict=False))
    return apply_mapping(replace(layout, columns=columns, fields=fields, header=False), mapping)


def _cut_best(rows: Sequence[str]) -> tuple[Form, str, list[list[str]]] | None:
    """(form, delimiter, cells) of the first rows: by the sign that cuts every row into the same number of cells, and into the most."""
    best: tuple[Form, str, list[list[str]]] | None = None
    for sign in SIGNS:
        cells = _cut(rows, sign)
        if cells and len({len(row) for row in cells}) == 1 and len(cells[0]) > (len(best[2][0]) if best else 1):
            best = "delimited", sign, cells
    blanks = [line.split() for line in rows[:ROWS]]
    ragged = any(line != " ".join(line.split()) for line in rows[:ROWS])
    if blanks and ragged and (best is None or best[1] == " ") and {len(row) for row in blanks} == {len(blanks[0])} and len(blanks[0]) > 1:
        return "blanks", "", blanks
    if best is not None or not rows:
        return best
    # Rows of unequal length: the header line alone decides, and the engine reports which row is wrong.
    sign = max(("\t", ";", ",", "|"), key=rows[0].count)
    header = _cut(rows[:1], sign)
    return ("delimited", sign, header) if header and _is_header(header) else None


def _cut(rows: Sequence[str], sign: str) -> list[list[str]]:
    """The cells of rows between signs, of as many rows as can be cut."""
    cells: list[list[str]] = []
    with suppress(csv.Error):  # a cell longer than the reader takes
        for row in islice(csv.reader((f"{row}\n" for row in rows), delimiter=sign), ROWS):
            cells.append(row)
    if len(cells) > 1 and sum(row.count('"') for row in rows) % 2:
        cells.pop()  # the bytes looked at end inside a quoted cell
    return cells


def _is_header(cells: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names columns: it has words that are known, or there are numbers and dates only in the rows below it."""
    first, below = cells[0], cells[1:]
    if _names_columns(first, {}):
        return True
    columns = range(len(first))
    return bool(below) and not any(_is_number(cell) for cell in first) and any(all(_is_number(row[n]) for row in below) for n in columns)


def _names_columns(cells: Sequence[str], mapping: Mapping[str, str]) -> bool:
    """Whether cells are names of columns that are known, or that the user's mapping has."""
    return sum(normalize_name(cell) in KNOWN or cell in mapping.values() for cell in cells) >= 2


def _fields_by_position(rows: Sequence[Sequence[str]], signs: set[str]) -> tuple[str, ...]:
    """The fields of the columns of a file without a header, inferred from the cells; empty if nothing can be inferred."""
    width = len(rows[0])
    clocks = [number for number in range(2, width) if all(_is_clock(row[number]) for row in rows)]
    if width == 2 and (signs or all(_is_number(cell) for row in rows for cell in row)):
        return PRESETS["edges"]
    if 2 in clocks and width in (3, 4):
        return PRESETS["snap"]
    if width == 4 and 3 in clocks:
        return PRESETS["konect"]
    if width in (3, 4) and _counts_from_0([row[-1] for row in rows]):
        return PRESETS["snap" if width == 3 else "konect"]
    if width == 4 and "%" in signs and all(_is_number(row[3]) for row in rows):
        return PRESETS["konect"]
    if width == 3 and "%" in signs:
        return ("actor", "target", "label")
    return ()


def _counts_from_0(cells: Sequence[str]) -> bool:
    """Whether cells are a relative time: whole numbers that begin with 0 and never fall."""
    if not all(re.fullmatch(r"\d{1,19}", cell.strip()) for cell in cells):
        return False
    times = [int(cell) for cell in cells]
    return times[0] == 0 and times == sorted(times) and (len(times) == 1 or times[-1] > 0)


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"-?\d+(\.\d+)?", cell.strip())) or _is_clock(cell)


def _is_clock(cell: str) -> bool:
    """Whether a cell is seconds (or milli-, microseconds) since 1970, from 1973 on, or an ISO date."""
    return bool(re.fullmatch(r"\d{9,19}(\.\d+)?|\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?", cell.strip()))
