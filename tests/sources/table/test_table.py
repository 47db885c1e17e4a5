"""The generic table: one test a trap of delimiters, encodings, headers, ids, clocks and shapes."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from regard.engines.duckdb.connection import connect
from regard.engines.duckdb.statements import execute
from regard.errors import Malformed, RegardError, UnknownName, UsageError
from regard.record.ingest import InputInfo, ingest
from regard.record.storage import TABLES
from regard.sources.base import Options, Recognition
from regard.sources.formats.bundle import Bundle
from regard.sources.table.layout import guess_fields, normalize_name
from regard.sources.table.source import TABLE

from ...strategies import examples

NOW = 1_780_000_000_000_000
HEADER = "from,to,time\n"
DAY = datetime(2024, 3, 1)
NOON = datetime(2024, 3, 1, 12)
NOON_S = 1_709_294_400

Row = tuple[object, ...]


class Log:
    """Reads small tables into a record, and gives the rows of the record."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.notes = folder, dict[str, int]()

    def file(self, data: bytes | str, name: str = "log.csv") -> Bundle:
        (self.folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
        return Bundle.of(self.folder / name)

    def parquet(self, sql: str) -> Bundle:
        with closing(connect()) as connection:
            execute(connection, f"COPY ({sql}) TO '{self.folder}/log.parquet' (FORMAT parquet)")
        return Bundle.of(self.folder / "log.parquet")

    def rows(
        self,
        data: bytes | str | Bundle,
        columns: str = "actor, target",
        *,
        name: str = "log.csv",
        preset: str | None = None,
        **mapping: str,
    ) -> list[Row]:
        """The acts of a table, in its order, with people by their ids."""
        bundle = data if isinstance(data, Bundle) else self.file(data, name)
        options = Options(mapping=mapping, preset=preset)
        acts = """SELECT a.* REPLACE (x.id AS actor, y.id AS target, kind::VARCHAR AS kind, time_precision::VARCHAR AS time_precision)
                  FROM acts a JOIN accounts x ON x.account = actor LEFT JOIN accounts y ON y.account = target ORDER BY a.rowid"""
        with closing(connect()) as connection:
            connection.execute("SET TimeZone = 'UTC'; " + TABLES + "INSERT INTO meta VALUES ('salt', 'x')").fetchall()
            result = ingest(connection, InputInfo("table", "a log", own_ids=False), TABLE.read(bundle, options), NOW)
            self.notes = dict(result.notes)
            return execute(connection, f"SELECT {columns} FROM ({acts})")


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path)


ANN_BO: list[Row] = [("ann", "bo", DAY), ("bo", "ann", DAY)]
TWO = f"{HEADER}ann,bo,2024-03-01\nbo,ann,2024-03-01\n"


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


# Columns: headers, mapping, positions.


@pytest.mark.parametrize(
    "header",
    [
        "from,to,time", "Sender,Recipient,EventDate", "SOURCE,TARGET,TIMESTAMP", "fromUser,toUser,createdAt", " from , to , Created At ",
        "user id,reply-to user id,event_date", "src,dst,unixtime", "u,v,t",
    ],
)  # fmt: skip
def test_headers_are_known_by_their_words(log: Log, header: str) -> None:
    assert log.rows(TWO.replace("from,to,time", header), "actor, target, time") == ANN_BO


@pytest.mark.parametrize(
    ("name", "words"), [("eventDate", "event_date"), ("Reply To", "reply_to"), ("ID", "id"), ("\ufeffFrom", "from"), ("", "")]
)
def test_plain(name: str, words: str) -> None:
    assert normalize_name(name) == words


def test_one_column_is_one_field() -> None:
    assert guess_fields(["user", "source"]) == {"actor": "source"}
    assert guess_fields(["a", "b"]) == {}


def test_headers_that_the_engine_could_not_tell_apart(log: Log) -> None:
    assert log.rows("from,to,TO,time,,\nann,bo,x,2024-03-01,1,2\n") == [("ann", "bo")]
    assert log.rows("from,to,TO,time,,\nann,bo,x,2024-03-01,1,2\n", target="TO_2") == [("ann", "x")]


def test_a_header_with_strange_signs(log: Log) -> None:
    data = '"who\'s""",to whom?,when;\nann,bo,2024-03-01\n'
    assert log.rows(data, "actor, target, time", actor="who's\"", target="to whom?", time="when;") == ANN_BO[:1]


def test_a_mapping_overrules_the_names(log: Log) -> None:
    data = "from,to,time,boss\nann,bo,2024-03-01,cleo\n"
    assert log.rows(data, target="boss") == [("ann", "cleo")]
    assert log.rows(data, actor="to", target="from") == [("bo", "ann")]


def test_a_mapping_can_name_a_kind(log: Log) -> None:
    assert log.rows("a,b,c\nann,bo,2024-03-01\n", "actor, target, kind", actor="a", target="b", time="c", kind="reply") == [
        ("ann", "bo", "reply")
    ]
    assert log.rows("from,to,kind\nann,bo,whatever\n", "kind", kind="follow") == [("follow",)]


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"actr": "from"}, "unknown field of an act 'actr'; did you mean 'actor'"),
        ({"actor": "form"}, "unknown column 'form'; did you mean 'from'"),
    ],
)
def test_a_mapping_that_does_not_fit_is_told(log: Log, mapping: Mapping[str, str], message: str) -> None:
    with pytest.raises(UnknownName, match=message):
        log.rows(TWO, **mapping)


def test_a_header_of_unknown_names_is_told_and_not_guessed(log: Log) -> None:
    data = "colleague,friend,day\nann,bo,2024-03-01\n"
    assert TABLE.recognise(log.file(data))
    with pytest.raises(UsageError, match=r"can't tell who acts toward whom\. Columns found: colleague, friend, day\. .*--map"):
        log.rows(data)
    assert log.rows(data, actor="colleague", target="friend") == [("ann", "bo")]


@pytest.mark.parametrize(
    "data", ["", "\n\n", "name\nann\nbo\n", "hello, world\nthis is, a letter\n", "just words", "# only\n# comments\n", "\0" * 50]
)
def test_what_is_no_table_is_not_taken_for_one(log: Log, data: str) -> None:
    assert not TABLE.recognise(log.file(data))
    with pytest.raises(UsageError):
        log.rows(data)


def test_a_header_only_table_holds_no_act(log: Log) -> None:
    assert log.rows(HEADER) == []


MESSAGES = ["message", "message"]


@pytest.mark.parametrize(
    ("data", "time", "kinds", "labels"),
    [
        (f"# Directed graph\n# From To\n1 2 {NOON_S}\n2 1 {NOON_S}\n", NOON, MESSAGES, [None, None]),
        (f"1 2 {NOON_S} RT\n2 1 {NOON_S} RE\n", NOON, ["share", "reply"], [None, None]),
        ("# graph\n1\t2\n2\t1\n", None, MESSAGES, [None, None]),
        ("1,2\n2,1\n", None, MESSAGES, [None, None]),
        ("1,2,2024-03-01T12:00:00\n2,1,2024-03-01T12:00:00\n", NOON, MESSAGES, [None, None]),
        (f"% asym\n% 2 2\n1 2 1 {NOON_S}\n2 1 -1 {NOON_S}\n", NOON, ["react", "react"], ["1", "-1"]),
        (f"% asym\n1 2 1 {NOON_S} \n2 1 1 {NOON_S} \n", NOON, MESSAGES, ["1", "1"]),
        ("% asym\n1 2 5\n2 1 4\n", None, ["react", "react"], ["5", "4"]),
        (f"  1   2   {NOON_S}\n 2    1   {NOON_S}\n", NOON, MESSAGES, [None, None]),
        (f"1\t 2 {NOON_S}\n2 1\t\t{NOON_S}\n", NOON, MESSAGES, [None, None]),
    ],
    ids=[
        "SNAP",
        "SNAP kinds",
        "SNAP pairs",
        "pairs",
        "ISO",
        "KONECT",
        "KONECT ends in blanks",
        "KONECT weights",
        "columns",
        "mixed blanks",
    ],
)
def test_files_without_a_header(log: Log, data: str, time: datetime | None, kinds: list[str], labels: list[str | None]) -> None:
    assert TABLE.recognise(log.file(data))
    expected = [("1", "2", time, kinds[0], labels[0]), ("2", "1", time, kinds[1], labels[1])]
    assert log.rows(data, "actor, target, time, kind, label") == expected


def test_a_row_of_other_length_among_runs_of_blanks_is_told(log: Log) -> None:
    with pytest.raises(Malformed, match="its cells are 2 and the columns 3"):
        log.rows(f"1  2 {NOON_S}\n" * 300 + "a secret\n")


def test_comments_further_down_where_the_file_begins_with_some(log: Log) -> None:
    assert log.rows(f"# a\n1 2 {NOON_S}\n# b\n2 1 {NOON_S}\n") == [("1", "2"), ("2", "1")]
    assert log.rows(f"# a\n1  2 {NOON_S}\n# b\n2 1  {NOON_S}\n") == [("1", "2"), ("2", "1")]


def test_a_hash_in_a_row_of_a_table_is_no_comment(log: Log) -> None:
    data = "# made by hand\nfrom,to,time,channel\nann,bo,2024-03-01,#general\n#bot,ann,2024-03-01,x # y\n"
    assert log.rows(data, "actor, target, channel") == [("ann", "bo", "#general"), ("#bot", "ann", "x # y")]


@pytest.mark.parametrize(("preset", "expected"), [("edges", [("ann", "bo", None)]), ("snap", [("ann", "bo", NOON)])])
def test_a_preset_says_what_a_file_without_a_header_holds(log: Log, preset: str, expected: list[Row]) -> None:
    cells = ["ann", "bo", str(NOON_S)][: 2 if preset == "edges" else 3]
    assert log.rows(f"{','.join(cells)}\n", "actor, target, time", preset=preset) == expected


def test_an_unknown_preset_is_told(log: Log) -> None:
    with pytest.raises(UnknownName, match="unknown preset 'snapp'; did you mean 'snap'"):
        log.rows(TWO, preset="snapp")


def test_columns_without_a_name_can_be_mapped_by_place(log: Log) -> None:
    assert log.rows("x,ann,bo\ny,bo,ann\n", actor="c2", target="c3") == [("ann", "bo"), ("bo", "ann")]


def test_a_row_that_names_a_parent_is_a_reply(log: Log) -> None:
    data = "id,author,reply_to,timestamp\nm1,ann,,2024-03-01\nm2,bo,m1,2024-03-01\n"
    assert log.rows(data, "actor, target, kind, item, parent_item, thread_root") == [
        ("ann", None, "post", "m1", None, None),
        ("bo", "ann", "reply", "m2", "m1", "m1"),
    ]


@pytest.mark.parametrize(
    ("word", "kind"),
    [("RT", "share"), ("Like", "react"), (" MENTION ", "mention"), ("accepted", "thank"), ("frobnicate", "message"), ("", "message")],
)
def test_words_for_kinds(log: Log, word: str, kind: str) -> None:
    assert log.rows(f"from,to,time,type\nann,bo,2024-03-01,{word}\n", "kind") == [(kind,)]


def test_several_targets_in_a_cell(log: Log) -> None:
    data = "from,to,time\nann,bo; cleo;bo;,2024-03-01\nbo,,2024-03-01\ncleo,ann,2024-03-01\n"
    assert log.rows(data, separator=";") == [("ann", "bo"), ("ann", "cleo"), ("bo", None), ("cleo", "ann")]
    assert log.rows(data)[0] == ("ann", "bo; cleo;bo;")


# Ids: text from the first byte.

LONG = [
    "9007199254740993",
    "9007199254740992",
    "123456789012345678901234567890",
    "007",
    "7",
    "-0",
    "1e5",
    "0x1F",
    "1_000",
    "TRUE",
    "NULL",
    "nan",
    "2024-03-01",
]


def test_ids_are_text_in_a_csv(log: Log) -> None:
    rows = "".join(f"{one},{other},2024-03-01\n" for one, other in pairwise(LONG))
    assert log.rows(HEADER + rows) == list(pairwise(LONG))


def test_ids_that_are_json_numbers_keep_all_their_digits(log: Log) -> None:
    data = '{"from": 9007199254740993, "to": 123456789012345678901234567890, "time": 1}\n{"from": "007", "to": 7, "time": 1}\n'
    assert log.rows(data, name="log.jsonl") == [("9007199254740993", "123456789012345678901234567890"), ("007", "7")]


def test_ids_of_a_parquet_file_keep_all_their_digits(log: Log) -> None:
    made = log.parquet('SELECT 9007199254740993::BIGINT AS "from", 18446744073709551615::UBIGINT AS "to", TIMESTAMP \'2024-03-01\' AS time')
    assert log.rows(made) == [("9007199254740993", "18446744073709551615")]


def test_whole_numbers_that_another_program_wrote_as_floats(log: Log) -> None:
    data = "id,from,parent,time\n1,ann,,2024-03-01\n2,bo,1.0,2024-03-01\n3,cleo,2.0,2024-03-01\n"
    assert log.rows(data, "actor, target, parent_item") == [("ann", None, None), ("bo", "ann", "1"), ("cleo", "bo", "2")]
    made = log.parquet('SELECT 5.0::DOUBLE AS "from", unnest([7.0, NULL]::DOUBLE[]) AS "to", 1 AS item')
    assert log.rows(made) == [("5", "7"), ("5", None)]


@pytest.mark.parametrize("value", ["9007199254740992.0", "1.2345e+17", "1e16"])
def test_ids_that_have_lost_digits_are_refused(log: Log, value: str) -> None:
    with pytest.raises(Malformed, match="ids in column 'to', but they were turned into floats and have lost digits"):
        log.rows(f"{HEADER}ann,{value},2024-03-01\n")


def test_decimals_among_other_ids_are_ids(log: Log) -> None:
    assert log.rows(f"{HEADER}ann,1.0,2024-03-01\nann,v1.0,2024-03-01\n") == [("ann", "1.0"), ("ann", "v1.0")]


def test_empty_cells_are_nobody_and_null_is_somebody(log: Log) -> None:
    data = f'{HEADER}ann,,2024-03-01\nann,"",2024-03-01\nann,  ,2024-03-01\nnull,NULL,2024-03-01\nNone,NaN,2024-03-01\n,bo,2024-03-01\n'
    kinds = log.rows(data, "actor, target, kind")
    assert kinds == [("ann", None, "post")] * 3 + [("null", "NULL", "message"), ("None", "NaN", "message")]
    assert log.notes == {"acts without an actor left out": 1}


# Clocks.


@pytest.mark.parametrize(
    ("values", "first", "precision"),
    [
        (["1709294400"], NOON, "s"),
        (["1709294400.5", "1709294400"], NOON.replace(microsecond=500_000), "us"),
        (["1.7092944e9"], NOON, None),
        (["1709294400123"], NOON.replace(microsecond=123_000), "ms"),
        (["1709294400123456"], NOON.replace(microsecond=123_456), "us"),
        (["1709294400123456789"], NOON.replace(microsecond=123_456), "us"),
        (["2024-03-01"], DAY, "day"),
        (["2024-03-01 12:00"], NOON, "min"),
        (["2024-03-01T12:00:00"], NOON, "s"),
        (["2024-03-01T12:00:00.123Z"], NOON.replace(microsecond=123_000), "ms"),
        (["2024-03-01 12:00:00.123456"], NOON.replace(microsecond=123_456), "us"),
        (["2024-03-01T14:00:00+02:00"], NOON, "s"),
        (["2024-03-01 13:00:00 Europe/Paris"], NOON, "s"),
        (["2024-03-01T04:00:00-0800"], NOON, "s"),
        (["01/03/2024", "31/03/2024"], DAY, "day"),
        (["03/01/2024 12:00", "03/31/2024 12:00"], NOON, "min"),
        (["13.03.2024 12:00:01"], datetime(2024, 3, 13, 12, 0, 1), "s"),
        (["2024-03-01", "a secret", "2024-03-02"], DAY, "day"),
    ],
)
def test_clocks(log: Log, values: list[str], first: datetime, precision: str | None) -> None:
    rows = log.rows(HEADER + "".join(f"ann,bo,{value}\n" for value in values), "time, time_precision")
    assert rows[0] in [(first, precision)] if precision else rows[0][0] == first
    assert log.notes == ({"acts without a time that can be read": 1} if "a secret" in values else {})


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["31/12/2020", "12/31/2020"], "both orders"),
        (["01/02/2020"], "could be either"),
        (["a secret"], "neither numbers nor dates"),
        (["yesterday", "2024-03-01", "today"], "neither numbers nor dates"),
    ],
)
def test_clocks_that_tell_no_time_are_told_without_their_words(log: Log, values: list[str], message: str) -> None:
    with pytest.raises(Malformed, match=message) as error:
        log.rows(HEADER + "".join(f"ann,bo,{value}\n" for value in values))
    assert not any(value in str(error.value) for value in values if value != "today")


@pytest.mark.parametrize("value", ["99999999999999999999", "-99999999999", "1e300", "9" * 60])
def test_numbers_that_no_calendar_shows_are_left_out(log: Log, value: str) -> None:
    rows = log.rows(HEADER + f"ann,bo,{NOON_S}\n" * 3 + f"ann,bo,{value}\n", "time")
    assert rows == [(NOON,)] * 3 + [(None,)]
    assert sum(log.notes.values()) == 1


def test_rows_without_a_time_are_noted_and_tables_without_one_are_not(log: Log) -> None:
    assert log.rows(f"{HEADER}ann,bo,2024-03-01\nann,bo,\n", "time") == [(DAY,), (None,)]
    assert log.notes == {"acts without a time that can be read": 1}
    assert log.rows("from,to\nann,bo\n", "time, time_precision") == [(None, "none")]
    assert log.notes == {}


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("DATE '2024-03-01'", (DAY, "day")),
        ("TIMESTAMP '2024-03-01 12:00:00.5'", (NOON.replace(microsecond=500_000), "ms")),
        ("TIMESTAMP '2024-03-01 12:00:00'", (NOON, "s")),
        ("TIMESTAMPTZ '2024-03-01 14:00:00+02'", (NOON, "s")),
        ("TIMESTAMP_NS '2024-03-01 12:00:00.123456789'", (NOON.replace(microsecond=123_456), "us")),
        ("TIMESTAMP_MS '2024-03-01 12:00:00.123'", (NOON.replace(microsecond=123_000), "ms")),
        (f"{NOON_S}::BIGINT", (NOON, "s")),
        (f"{NOON_S * 1000}::DOUBLE", (NOON, "ms")),
        (f"{NOON_S}::UINTEGER", (NOON, "s")),
        ("'2024-03-01T12:00:00Z'", (NOON, "s")),
    ],
)
def test_clocks_of_parquet_columns(log: Log, sql: str, expected: Row) -> None:
    made = log.parquet(f"SELECT 'ann' AS actor, 'bo' AS target, {sql} AS time")
    assert log.rows(made, "time, time_precision") == [expected]


# JSON and Parquet.


@pytest.mark.parametrize("indent", [None, 2])
def test_a_json_array(log: Log, indent: int | None) -> None:
    rows = [{"from": "ann", "to": "bo", "time": "2024-03-01", "n": {"a": [1, "}"]}}, {"to": "ann", "from": "bo", "time": "2024-03-01"}]
    data = json.dumps(rows, indent=indent)
    assert TABLE.recognise(log.file(data, "log.json"))
    assert log.rows(data, "actor, target, time", name="log.json") == ANN_BO


def test_json_lines_with_other_keys_in_each(log: Log) -> None:
    data = (
        '{"from": "ann", "time": "2024-03-01"}\n{"x": 1, "to": "", "from": "cleo"}\n\n{"to": "ann", "from": "bo", "From": "zoe", "": 0}\n'
    )
    assert log.rows(data, "actor, target, kind", name="log.jsonl") == [
        ("ann", None, "post"),
        ("cleo", None, "post"),
        ("bo", "ann", "message"),
    ]


def test_json_values_that_are_lists_or_objects_are_one_text(log: Log) -> None:
    data = '{"from": {"id": 5, "n": "x"}, "to": ["a","b"], "time": 1}\n{"from": true, "to": null, "time": 2}\n'
    assert log.rows(data, name="log.jsonl") == [('{"id":5,"n":"x"}', '["a","b"]'), ("true", None)]


def test_json_text_is_unescaped_once(log: Log) -> None:
    data = '{"from": "Zo\\u00eb", "to": "a\\\\nb", "text": "\\ud83d\\ude00 &amp; \\n", "time": 1}\n'
    assert log.rows(data, "actor, target, text", name="log.jsonl") == [("Zoë", "a\\nb", "😀 &amp; \n")]


@pytest.mark.parametrize("broken", ['{"from": "a secret', '{"from": "ann"} {', "[1, 2]", "a secret", '{"from": "\\ud800"}'])
def test_a_broken_json_line_is_told_without_its_words_or_is_somebody(log: Log, broken: str) -> None:
    good = '{"from": "ann", "to": "bo", "time": 1}\n'
    try:
        rows = log.rows(good * 3 + broken + "\n" + good, name="log.jsonl")
    except Malformed as error:
        said = str(error)  # what the engine reads all the same must be rows of those keys
    else:
        assert set(rows) <= {("ann", "bo"), ("ann", None), ("\ufffd", None), ("?", None)}
        said = "log.jsonl"
    assert "log.jsonl" in said
    assert "secret" not in said


@pytest.mark.parametrize("before", [1, 6000])
def test_a_broken_json_line_is_told_by_its_number(log: Log, before: int) -> None:
    good = '{"from": "ann", "to": "bo", "time": 1}\n'
    with pytest.raises(Malformed, match=f"line {before + 1}: expected rows of a table, all alike, but it is no JSON"):
        log.rows(good * before + '{"from": "ann" "to"}\n' + good, name="line 7.jsonl")


def test_parquet_of_another_shape_is_told(log: Log) -> None:
    made = log.parquet("SELECT 1 AS colour, 2 AS size")
    assert TABLE.recognise(made)
    with pytest.raises(UsageError, match=r"log\.parquet: .* Columns found: colour, size"):
        log.rows(made)
    assert log.rows(made, actor="colour", target="size") == [("1", "2")]


def test_parquet_lists_are_several_targets(log: Log) -> None:
    made = log.parquet("SELECT * FROM (VALUES ('ann', ['cleo', 'bo']), ('bo', [])) t(\"from\", \"to\")")
    assert log.rows(made) == [("ann", "bo"), ("ann", "cleo"), ("bo", None)]


@pytest.mark.parametrize("keep", [4, 60, -1, -30])
def test_parquet_cut_short_is_told(log: Log, keep: int) -> None:
    made = log.parquet("SELECT 'ann' AS actor, 'bo' AS target")
    path = log.folder / "log.parquet"
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(Malformed, match=r"log\.parquet: expected"):
        log.rows(made)


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
    lambda cell: cell.strip() == cell
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
