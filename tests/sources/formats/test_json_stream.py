"""JSON read through a window: the same values as a reader of the whole file gives, and broken files told by line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.errors import InputError, Malformed, Unsafe
from regard.sources.formats import json_stream
from regard.sources.formats.bundle import Bundle
from regard.sources.formats.json_stream import members, values

from ...strategies import examples

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(st.characters(exclude_characters="\0", codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text('ab\\"\n é😀'), inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("json") / "a.json"


def read_values(path: Path, data: bytes | str) -> list[tuple[int, object]]:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return [(line, value) for line, value in values(Bundle.of(path), path.name)]


def read_members(path: Path, data: bytes | str) -> list[tuple[str, int, object]]:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return [(key, line, value) for key, (line, value) in members(Bundle.of(path), path.name)]


@examples(60)
@given(st.lists(JSON, max_size=5), st.sampled_from((None, 1)), st.booleans(), st.integers(1, 40))
def test_an_array_gives_its_elements_whatever_the_window(
    path: Path, elements: list[object], indent: int | None, plain: bool, chunk: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "CHUNK", chunk)
        assert [value for _, value in read_values(path, json.dumps(elements, indent=indent, ensure_ascii=plain))] == elements


@examples(60)
@given(st.lists(JSON.filter(lambda value: not isinstance(value, list)), max_size=5), st.integers(1, 40))
def test_lines_give_their_values_and_their_numbers(path: Path, lines: list[object], chunk: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "CHUNK", chunk)
        assert read_values(path, "\n".join(map(json.dumps, lines))) == list(enumerate(lines, 1))


@examples(60)
@given(st.dictionaries(st.text("abc\\ é"), JSON, max_size=5), st.sampled_from((None, 2)), st.integers(1, 40))
def test_an_object_gives_its_members_and_arrays_piece_by_piece(
    path: Path, content: dict[str, object], indent: int | None, chunk: int
) -> None:
    expected = [(key, each) for key, value in content.items() for each in (value if isinstance(value, list) else [value])]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "CHUNK", chunk)
        assert [(key, value) for key, _, value in read_members(path, json.dumps(content, indent=indent))] == expected


@examples(100)
@given(st.binary(max_size=60) | st.text('[]{}",:\\u0da 1e-\n', max_size=40).map(str.encode))
def test_any_bytes_are_read_or_told(path: Path, data: bytes) -> None:
    for reader in (read_values, read_members):
        try:
            reader(path, data)
        except InputError as error:
            assert "a.json" in str(error)  # noqa: PT017  (most bytes are no JSON, some are)


def test_lines_are_counted_in_pretty_printed_files(path: Path) -> None:
    assert read_values(path, '[\n\n  {"a":\n 1},\n  2 ,3\n]\n') == [(3, {"a": 1}), (5, 2), (5, 3)]
    assert read_members(path, '{\n"a": [\n1,\n2],\n"b": {}\n}') == [("a", 3, 1), ("a", 4, 2), ("b", 5, {})]


def test_a_mark_at_the_beginning_is_no_part_of_the_text_and_nul_and_half_signs_are_taken_out(path: Path) -> None:
    assert read_values(path, b'\xef\xbb\xbf{"a\\u0000": "b\\ud800c\\ud83d\\ude00"}') == [(1, {"a": "b\ufffdc😀"})]


def test_several_arrays_one_after_the_other_are_one(path: Path) -> None:
    assert read_values(path, "[1, 2]\n[]\n[3]") == [(1, 1), (1, 2), (3, 3)]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b'{"a": 1}\n{"a": 2, "b"}\n{"a": 3}\n', 2),
        (b'[\n{"a": 1},\n{"a": "cut', 3),
        (b"[1,\n2,\n]", 3),
        (b"[1\n2]", 2),
        (b"[1,\n2", 2),
        (b'{"a": 1}\n\n{"b": "\xff"}', 3),
        (b"nul", 1),
        (b"\n" + b"[" * 100_000, 2),
        (b"[\n" + b"9" * 5_000 + b"]", 2),
    ],
)
def test_what_is_broken_is_told_by_line(path: Path, data: bytes, line: int) -> None:
    with pytest.raises(Malformed, match=f"a.json, line {line}: expected"):
        read_values(path, data)


@pytest.mark.parametrize("data", ["", "[]", '{"a" 1}', '{"a": 1', '{"a": 1,}', "{a: 1}", '{"a": 1} 2', '{"a": [1, 2}', '{"a"'])
def test_what_is_no_one_object_is_told(path: Path, data: str) -> None:
    with pytest.raises(Malformed, match="line 1"):
        read_members(path, data)


def test_a_value_without_end_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "MAX_LINE", 1000)
    monkeypatch.setattr(json_stream, "CHUNK", 100)
    assert len(read_values(path, json.dumps(["x" * 400] * 9))) == 9
    with pytest.raises(Unsafe, match=r"a\.json, line 2: a value of more than"):
        read_values(path, '[\n"' + "x" * 3000)


def test_an_error_early_in_a_long_file_is_told_at_once(path: Path) -> None:
    path.write_bytes(b"[{]" + b" " * (64 << 20))
    read: list[int] = []
    bundle = Bundle.of(path)
    bundle.on_bytes = read.append
    with pytest.raises(Malformed):
        list(values(bundle, path.name))
    assert sum(read) <= 2 << 20


def test_of_a_key_that_stands_twice_the_last_is_taken(path: Path) -> None:
    assert read_values(path, '{"a": 1, "b": 2, "a": 3}\n[{"c": {"d": 1, "d": 2}}]') == [(1, {"a": 3, "b": 2}), (2, {"c": {"d": 2}})]
