"""Tables as JSON lines, JSON arrays and Parquet."""

from __future__ import annotations

import json

import pytest

from regard.errors import Malformed, UsageError
from regard.sources.table.source import TABLE

from .logs import ANN_BO, Log


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
    data = '{"from": {"id": 5, "n": "x"}, "to": ["a","b"], "time": 1709294400}\n{"from": true, "to": null, "time": 1709294400}\n'
    assert log.rows(data, name="log.jsonl") == [('{"id":5,"n":"x"}', '["a","b"]'), ("true", None)]


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
