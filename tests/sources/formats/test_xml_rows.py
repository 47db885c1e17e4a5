"""The row reader's limits: what would fill the memory is refused before it does."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.errors import Unsafe
from regard.sources.formats import xml_rows
from regard.sources.formats.bundle import Bundle
from regard.sources.formats.xml_rows import Row, pieces
from regard.sources.stackexchange.fields import moment, plain
from regard.sources.stackexchange.index import LOOK_BACK, Numbering, Posts


def rows_of(folder: Path, data: bytes) -> list[list[Row]]:
    (folder / "x.xml").write_bytes(data)
    return list(pieces(Bundle.of(folder), "x.xml", "x"))


def test_rows_come_with_lines_in_pieces_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_rows, "CHUNK", 30)
    found = rows_of(tmp_path, b'\xef\xbb\xbf<x>\n<row a="1"/>\n<!-- no row -->\n<row a="2&#xA;3"\nb="&lt;"/>\n<row/>\n</x>\n')
    assert len(found) > 1
    assert [row for piece in found for row in piece] == [(2, {"a": "1"}), (4, {"a": "2\n3", "b": "<"}), (6, {})]


def test_a_row_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_rows, "MAX_ROW", 1 << 20)
    with pytest.raises(Unsafe, match="far larger"):
        rows_of(tmp_path, b'<x><row a="' + b"z" * (2 << 20) + b'"/></x>')
    with pytest.raises(Unsafe, match="far larger"):
        rows_of(tmp_path, b"<x>" + b" " * (2 << 20) + b"</x>")


def test_names_without_number_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_rows, "MAX_NAMES", 50)
    many = b"".join(b'<row a%d="1"/>' % number for number in range(60))
    with pytest.raises(Unsafe):
        rows_of(tmp_path, b"<x>" + many + b"</x>")


def test_many_rows_do_not_add_up_to_one_large_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_rows, "CHUNK", 1_000)
    monkeypatch.setattr(xml_rows, "MAX_ROW", 5_000)
    found = rows_of(tmp_path, b"<x>" + b'<row a="0123456789"/>' * 2_000 + b"</x>")
    assert sum(map(len, found)) == 2_000


@given(st.lists(st.integers(1, 30)))
def test_numbering_is_a_dict_that_keeps_the_first(ids: list[int]) -> None:
    numbers, truth = Numbering(), dict[int, int]()
    for place, id in enumerate(ids):
        assert numbers.add(id) == place
        truth.setdefault(id, place)
    assert len(numbers) == len(ids)
    assert [numbers.find(id) for id in range(32)] == [truth.get(id, -1) for id in range(32)]


def test_voices_are_the_owner_and_the_newest_commenters() -> None:
    posts = Posts()
    posts.add(5, owner=1)
    posts.add(6, owner=2)
    for author in range(1_000, 1_500):
        posts.comment(0, author)
    assert posts.voices(0) == {1, *range(1_500 - LOOK_BACK, 1_500)}
    assert posts.voices(1) == {2}


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<" * 200_000 + "end", "<" * 200_000),
        ("<p>&#" + "9" * 5_000 + ";</p>", "&#" + "9" * 5_000 + ";"),
        ("a &amp;amp; b &#xD800;&#0; &lt;i&gt;", "a &amp; b \ufffd\ufffd <i>"),
        ("2 < 3 <i>so</i>", "2 < 3 so"),
        ("<!-- language: py --><code>x</code>", "x"),
    ],
    ids=["open signs", "digits", "once", "less", "comment"],
)
def test_hostile_markup(html: str, words: str) -> None:
    assert plain(html) == words


@given(st.datetimes())
def test_times_are_exact(when: object) -> None:
    text = str(when).replace(" ", "T")
    found = moment(text)
    assert found.time is not None
    whole, _, part = text.partition(".")
    seconds = moment(whole).time
    assert seconds is not None
    assert found.time == seconds + int((part + "000000")[:6])
