"""Which column of a table is which field: headers, mappings, positions, kinds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pytest

from regard.errors import Malformed, UnknownName, UsageError
from regard.sources.table.layout import guess_fields, normalize_name
from regard.sources.table.source import TABLE

from .logs import ANN_BO, HEADER, NOON, NOON_S, TWO, Log, Row


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


# Lines above the header.


@pytest.mark.parametrize(
    "above",
    [
        "sep=;\n",
        '"sep=;"\n',
        "Messages\n\n",
        "Messages of the team; 2024\nExported by Ann\n",
        "\n \nMessages\n",
        "Messages;;\nExported;Ann;\n",
    ],
)
def test_lines_above_the_header_are_left_out_and_counted(log: Log, above: str) -> None:
    data = f"{above}from;to;time\nann;bo;2024-03-01\nbo;ann;2024-03-01\n"
    assert log.rows(data, "actor, target, time") == ANN_BO
    n_lines = sum(bool(line.strip()) for line in above.splitlines())
    assert log.notes == {"lines above the header left out": n_lines}


def test_a_title_as_wide_as_the_header_is_no_title(log: Log) -> None:
    with pytest.raises(UsageError, match="Columns found: c1, c2, c3"):
        log.rows("a;b;c\nfrom;to;time\nann;bo;2024-03-01\n")
