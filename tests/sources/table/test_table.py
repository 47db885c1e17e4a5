"""The generic table: delimiters, encodings, quotes, broken rows, files."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from regard.engines.duckdb.connection import connect
from regard.engines.duckdb.statements import execute
from regard.errors import Malformed, RegardError, UsageError
from regard.record.spelling import one_spelling
from regard.sources.base import Options, Recognition
from regard.sources.formats.bundle import Bundle
from regard.sources.table.source import TABLE

from ...strategies import examples
from .logs import ANN_BO, DAY, HEADER, NOON_S, TWO, Log

# The text: delimiters, line ends, encodings, quotes.


@pytest.mark.parametrize("sign", [",", ";", "\t", "|", " "])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_delimiters_and_line_ends(log: Log, sign: str, end: str) -> None:
    assert log.rows(TWO.replace(",", sign).replace("\n", end), "actor, target, time") == ANN_BO


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
def test_encodings(log: Log, encoding: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    text = f"{HEADER}Zoë,José,2024-03-01\nbo,Zoë,2024-03-01\n"
    assert log.rows(mark + text.encode(encoding)) == [("Zoë", "José"), ("bo", "Zoë")]
    assert log.notes == ({"text that is not UTF-8 read as Latin-1": 1} if encoding == "latin-1" else {})


def test_a_mark_before_the_first_id_is_no_part_of_it(log: Log) -> None:
    assert log.rows(f"\ufeff1 2 {NOON_S}\n3 1 {NOON_S}\n".encode()) == [("1", "2"), ("3", "1")]


def test_utf16_that_breaks_off_is_told(log: Log) -> None:
    with pytest.raises(Malformed, match="text in UTF-16"):
        log.rows(TWO.encode("utf-16")[:-1])


def test_quoted_cells_hold_line_ends_delimiters_quotes_and_hashes(log: Log) -> None:
    words = 'one,\r\n# two; ""three""\n\u2028four\x0b'
    data = f'from,to,time,text\nann,bo,2024-03-01,"{words}"\nbo,ann,2024-03-01,x\n'
    assert log.rows(data, "actor, text") == [("ann", words.replace('""', '"')), ("bo", "x")]


def test_stray_quotes_inside_a_cell_are_words(log: Log) -> None:
    data = 'from,to,time,text\nann,bo,2024-03-01,he said "hi" to me\nbo,ann,2024-03-01,5" pipe\n'
    assert log.rows(data, "text") == [('he said "hi" to me',), ('5" pipe',)]


def test_blanks_beside_delimiters_are_for_the_eye(log: Log) -> None:
    data = "from, to, time, text\nann, bo , 2024-03-01, well \nbo,ann ,2024-03-01,x\n"
    assert log.rows(data, "actor, target, time, text") == [("ann", "bo", DAY, " well "), ("bo", "ann", DAY, "x")]


def test_nul_bytes_are_kept_and_do_no_harm(log: Log) -> None:
    assert log.rows(f"{HEADER}a\0b,bo,2024-03-01\n") == [("a\0b", "bo")]


def test_a_line_of_5_mb(log: Log) -> None:
    data = f"from,to,time,text\nann,bo,2024-03-01,{'x' * 5_000_000}\nbo,ann,2024-03-01,y\n"
    assert log.rows(data, "actor, length(text)") == [("ann", 20_000), ("bo", 1)]  # words are cut, acts are not


@pytest.mark.parametrize("last", ["\n", "", "\nbo,ann,2024-03-01,y\n"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_line_that_is_no_act_of_anybody(log: Log, last: str, ends: str) -> None:
    data = f"from,to,time,text\nann,bo,2024-03-01,x\nann,bo,2024-03-01,{'x' * 17_000_000}{last}"
    with pytest.raises(Malformed, match=r"log\.csv, line 3: .* longer than 16 MB"):
        log.rows(data.replace("\n", ends))


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("bo,ann,2024-03-01,a secret", "its cells are 4 and the columns 3"),
        ("a secret,ann", "its cells are 2 and the columns 3"),
        ('"a secret,ann,2024-03-01', "a quote is opened and never closed"),
    ],
)
@pytest.mark.parametrize("before", [1, 5000], ids=["at once", "far down"])
def test_a_broken_row_is_told_by_line_and_without_its_words(log: Log, row: str, problem: str, before: int) -> None:
    with pytest.raises(Malformed) as error:
        log.rows(HEADER + "ann,bo,2024-03-01\n" * before + f"{row}\n")
    assert str(error.value) == f"log.csv, line {before + 2}: expected rows of a table, all alike, but {problem}"


# Files.


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstd.compress], ids=["gz", "bz2", "xz", "zst"])
def test_compressed_tables(log: Log, pack: Callable[[bytes], bytes]) -> None:
    assert log.rows(pack(TWO.encode()), "actor, target, time") == ANN_BO


def test_a_folder_of_tables_and_other_files(log: Log) -> None:
    folder = log.folder / "in"
    folder.mkdir()
    (folder / "a.csv").write_text(f"{HEADER}ann,bo,2024-03-01\n")
    (folder / "b's.jsonl").write_text('{"actor": "bo", "target": "ann", "time": "2024-03-01"}\n')
    (folder / "readme.md").write_text("words")
    assert TABLE.recognise(Bundle.of(folder))
    assert log.rows(Bundle.of(folder), "actor, target, file") == [("ann", "bo", "a.csv"), ("bo", "ann", "b's.jsonl")]
    assert log.notes == {"files that are no table of acts left out": 1}
    (folder / "a.csv").unlink()
    (folder / "b's.jsonl").unlink()
    (folder / "c.csv").write_text("colour,size\nred,1\n")
    assert not TABLE.recognise(Bundle.of(folder))
    with pytest.raises(UsageError, match="no file of it tells who acts toward whom"):
        log.rows(Bundle.of(folder))


def test_words_are_left_out_where_asked() -> None:
    (scan,) = TABLE.read(Bundle.of(Path(__file__).parents[1] / "data" / "table" / "log.csv"), Options(text=False))
    with closing(connect()) as connection, pytest.raises(duckdb.BinderException):
        execute(connection, f"SELECT text FROM ({getattr(scan, 'sql')})")  # noqa: B009


@examples(200)
@given(
    data=st.one_of(
        st.binary(max_size=200), st.text(max_size=120).map(str.encode), st.text('ab1,;\t"\n #%{}[]:', max_size=80).map(str.encode)
    )
)
def test_no_bytes_stop_the_recognising(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(data.removeprefix(b"PK"))  # a zip is opened before any source sees it
    assert isinstance(TABLE.recognise(Bundle.of(path)), Recognition | None)


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), min_size=1, max_size=8).filter(
    lambda cell: cell.strip() == cell and one_spelling(cell) == cell
)


@examples(25)
@given(pairs=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5))
def test_any_ids_come_out_as_they_went_in(tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]) -> None:
    quoted = [[cell.replace('"', '""') for cell in pair] for pair in pairs]
    data = "from,to,channel\n" + "".join(f'"{actor}","{target}",x\n' for actor, target in quoted)

    try:
        rows = Log(tmp_path_factory.getbasetemp()).rows(data, "actor, target")
    except RegardError as error:
        assert "floats" in str(error)  # noqa: PT017
    else:
        assert [(str(actor), str(target)) for actor, target in rows] == [tuple(pair) for pair in pairs]
