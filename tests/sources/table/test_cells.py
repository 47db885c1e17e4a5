"""The cells of a table: ids that keep all their digits, and clocks."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

import pytest

from regard.errors import Malformed

from .logs import DAY, HEADER, NOON, NOON_S, Log, Row

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
    "Nullius",
    "Nan",
    "2024-03-01",
]


def test_ids_are_text_in_a_csv(log: Log) -> None:
    rows = "".join(f"{one},{other},2024-03-01\n" for one, other in pairwise(LONG))
    assert log.rows(HEADER + rows) == list(pairwise(LONG))


def test_ids_that_are_json_numbers_keep_all_their_digits(log: Log) -> None:
    data = '{"from": 9007199254740993, "to": 123456789012345678901234567890, "n": 1}\n{"from": "007", "to": 7, "n": 1}\n'
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


def test_empty_cells_are_nobody(log: Log) -> None:
    data = f'{HEADER}ann,,2024-03-01\nann,"",2024-03-01\nann,  ,2024-03-01\nann,bo,2024-03-01\n,bo,2024-03-01\n'
    assert log.rows(data, "actor, target, kind") == [("ann", None, "post")] * 3 + [("ann", "bo", "message")]
    assert log.notes == {"acts without an actor left out": 1}


@pytest.mark.parametrize(
    "word", ["None", "NaN", "nan", "NaT", "null", "NULL", "\\N", "<NA>", "#N/A", "undefined", "[deleted]", "[removed]"]
)
def test_words_for_a_missing_value_are_nobody(log: Log, word: str) -> None:
    data = f"{HEADER}ann,bo,2024-03-01\nann,{word},2024-03-01\n{word},bo,2024-03-01\nNorman,[bo],2024-03-01\n"
    assert log.rows(data, "actor, target, kind") == [("ann", "bo", "message"), ("ann", None, "post"), ("Norman", "[bo]", "message")]
    assert log.notes == {
        "cells that say None, NaN, null, \\N or [deleted] taken as empty": 2,
        "acts without an actor left out": 1,
    }


def test_an_id_has_one_spelling(log: Log) -> None:
    names = ["Zo\u00eb Li", "Zoe\u0308 Li", "Zo\u00eb\u00a0Li", "\ufeffZo\u00eb Li", "Zo\u00eb \u200bLi", "Zo\u00eb\u200e Li\u00ad"]
    data = HEADER + "".join(f"{name},bo,2024-03-01\nbo,{name},2024-03-01\n" for name in names)
    assert log.rows(data) == [("Zo\u00eb Li", "bo"), ("bo", "Zo\u00eb Li")] * len(names)


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
        (["2024-03-01"] * 10 + ["a secret"], DAY, "day"),
        (["None", "2024-03-01", "NaN", "\\N"], None, "none"),
        (["20240301", "20240302.0"], DAY, "day"),
        (["202403011200"], NOON, "min"),
        (["20240301120000"], NOON, "s"),
        (["45352.5", "45352"], NOON, "s"),
        (["45352", "45353"], DAY, "day"),
        (["45352.541666667"], datetime(2024, 3, 1, 13), "s"),
        (["1709294400", "1709294401000", "1709294402"], NOON, "s"),
        (["1709294400000", "1709294401", "1709294402000"], NOON, "ms"),
        (["2024-03-01 12:00:00,123"], NOON.replace(microsecond=123_000), "ms"),
        (["2024-03-01 12:00:00 +0000 UTC"], NOON, "s"),
        (["2024-03-01 13:00:00.123456789 +0100 CET m=+0.000000001"], NOON.replace(microsecond=123_456), "us"),
        (["2024-03-01 14:00:00 CEST"], NOON, "s"),
        (["2024-03-01 14:00:00+02:00[Europe/Kyiv]"], NOON, "s"),
        (["2024-03-01 07:00:00 EST"], NOON, "s"),
        (["2024-03-01 12:00 PM", "2024-03-01 1:07 PM"], NOON, "min"),
        (["2024/03/01 12:00"], NOON, "min"),
        (["3/1/2024 12:00 PM", "3/13/2024 2:07 PM"], NOON, "min"),
        (["3/1/2024, 12:00:00 PM", "3/13/2024, 2:07:00 PM"], NOON, "s"),
        (["1/3/2024 12:00pm", "13/3/2024 2:07am"], NOON, "min"),
    ],
)
def test_clocks(log: Log, values: list[str], first: datetime, precision: str | None) -> None:
    rows = log.rows(HEADER + "".join(f'ann,bo,"{value}"\n' for value in values), "time, time_precision")
    assert rows[0] in [(first, precision)] if precision else rows[0][0] == first
    assert log.notes.get("acts without a time that can be read", 0) == sum(value in {"a secret", "None", "NaN", "\\N"} for value in values)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["31/12/2020", "12/31/2020"], "both orders"),
        (["01/02/2020"], "could be either"),
        (["a secret"], "neither numbers nor dates"),
        (["yesterday", "2024-03-01", "today"], "neither numbers nor dates"),
        (["2024-03-01"] * 9 + ["1st of March"], "1 of its 10 values, such as one of the form '9aa aa Aaaaa', give none"),
        (["2024-03-01 12:00:00 BST"], "of the form '9999-99-99 99:99:99 AAA'"),
        (["2024-03-01 12:00:00 CST"], "1 of its 1 values"),
        (["20240301", "20241301"] * 9, "times in column 'time'"),
        (["7777", "777777"], "as seconds since 1970 would lie before 1990; if they are that, say so with --map time=time"),
        (["3600000"], "before 1990"),
    ],
)
def test_clocks_that_tell_no_time_are_told_without_their_words(log: Log, values: list[str], message: str) -> None:
    with pytest.raises(Malformed, match=message) as error:
        log.rows(HEADER + "".join(f"ann,bo,{value}\n" for value in values))
    assert not any(value in str(error.value) for value in values if value != "today")


@pytest.mark.parametrize("value", ["99999999999999999999", "-99999999999", "1e300", "9" * 60])
def test_numbers_that_no_calendar_shows_are_left_out(log: Log, value: str) -> None:
    rows = log.rows(HEADER + f"ann,bo,{NOON_S}\n" * 12 + f"ann,bo,{value}\n", "time")
    assert rows == [(NOON,)] * 12 + [(None,)]
    assert sum(log.notes.values()) == 1


def test_units_that_are_told_apart_are_counted(log: Log) -> None:
    log.rows(f"{HEADER}ann,bo,{NOON_S}\nann,bo,{NOON_S}000\nann,bo,{NOON_S}\n", "time")
    assert log.notes == {"times in another unit than most (seconds, milliseconds) told apart": 1}


def test_small_numbers_are_seconds_if_the_user_says_so(log: Log) -> None:
    assert log.rows(f"{HEADER}ann,bo,60\nbo,ann,120\n", "time", time="time") == [(datetime(1970, 1, 1, 0, n),) for n in (1, 2)]
    assert log.rows(f"{HEADER}ann,bo,45352\n", "time", time="time") == [(DAY,)]


@pytest.mark.parametrize("head", ["", "# FromNodeId ToNodeId\n", "% asym\n"])
def test_edge_lists_with_times_from_0_are_relative(log: Log, head: str) -> None:
    label = "1 " if "%" in head else ""
    data = f"{head}582 364 {label}0\n168 472 {label}2797\n168 912 {label}3304\n"
    assert log.rows(data, "actor, target, time")[:2] == [
        ("582", "364", datetime(1970, 1, 1)),
        ("168", "472", datetime(1970, 1, 1, 0, 46, 37)),
    ]
    assert log.notes == {"times count from 0 and are no dates: read as seconds of relative time": 3}
    many = data + "".join(f"168 912 {label}{45_000 + n}\n" for n in range(300))
    assert log.rows(many, "max(time)") == [(datetime(1970, 1, 1, 12, 34, 59),)]


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
