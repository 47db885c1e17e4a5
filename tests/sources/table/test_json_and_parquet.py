"""Tables as JSON lines, JSON arrays and Parquet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from regard.errors import Malformed, UsageError
from regard.sources.table.source import TABLE

from .logs import ANN_BO, Log

CASES = Path(__file__).parents[1] / "cases"


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


def test_an_object_is_nobody_and_another_column_is_looked_for(log: Log) -> None:
    data = (CASES / "K08-object-as-a-person" / "in.jsonl").read_bytes()
    assert log.rows(data, name="in.jsonl") == [("11", None), ("12", "11"), ("11", "12")]
    with pytest.raises(UsageError, match=r"column 'author' holds objects or lists .3 of 3 cells.*--map actor=COLUMN.*author_id"):
        log.rows(data, name="in.jsonl", actor="author")


@pytest.mark.parametrize("few", [1, 2])
def test_objects_among_ids_are_left_out_or_refused_from_one_in_ten_on(log: Log, few: int) -> None:
    row = {"from": "ann", "to": "bo", "time": 1709294400}
    rows = [row] * (11 - few) + [row | {"from": {"id": 5}, "text": "{not an id}"}] * few
    data = "".join(f"{json.dumps(each)}\n" for each in rows)
    if few == 2:
        with pytest.raises(UsageError, match="2 of 11"):
            log.rows(data, name="log.jsonl")
    else:
        assert log.rows(data, name="log.jsonl") == [("ann", "bo")] * 10
        assert log.notes == {"cells that hold an object or a list instead of an id left out": 1, "acts without an actor left out": 1}


def test_a_list_of_targets_is_several(log: Log) -> None:
    lists = [("ann", ["bo", "cy"]), ("cy", "bo"), ("bo", []), (True, None)]
    data = "".join(f"{json.dumps({'from': actor, 'to': target, 'time': 1709294400})}\n" for actor, target in lists)
    assert log.rows(data, name="log.jsonl") == [("ann", "bo"), ("ann", "cy"), ("cy", "bo"), ("bo", None), ("true", None)]


@pytest.mark.parametrize("form", ["lines", "array"])
def test_of_a_key_held_twice_the_last_value_is_taken(log: Log, form: str) -> None:
    rows = ['{"from": "ann", "to": "bo", "to": "cy", "time": "2024-03-01"}', '{"from": "bo", "to": "ann", "time": "2024-03-01"}']
    data = "\n".join(rows) if form == "lines" else f"[{', '.join(rows)}]"
    bundle = log.file(data, "log.json")
    assert log.rows(bundle) == [("ann", "cy"), ("bo", "ann")]
    assert bundle.n_repeated_keys == 1


def test_a_struct_of_parquet_is_nobody(log: Log) -> None:
    made = log.parquet("SELECT {'id': 5, 'name': 'ann'} AS author, 5 AS author_id, 'bo' AS \"to\"")
    assert log.rows(made) == [("5", "bo")]
    with pytest.raises(UsageError, match="column 'author' holds objects"):
        log.rows(made, actor="author")


def test_json_text_is_unescaped_once(log: Log) -> None:
    data = '{"from": "Zo\\u00eb", "to": "a\\\\nb", "text": "\\ud83d\\ude00 &amp; \\n", "time": 1709294400}\n'
    assert log.rows(data, "actor, target, text", name="log.jsonl") == [("Zoë", "a\\nb", "😀 &amp; \n")]


@pytest.mark.parametrize("broken", ['{"from": "a secret', '{"from": "ann"} {', "[1, 2]", "a secret", '{"from": "\\ud800"}'])
def test_a_broken_json_line_is_told_without_its_words_or_is_somebody(log: Log, broken: str) -> None:
    good = '{"from": "ann", "to": "bo", "time": 1709294400}\n'
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
    good = '{"from": "ann", "to": "bo", "time": 1709294400}\n'
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
