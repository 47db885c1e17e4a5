"""The row reader's limits: what would fill the memory is refused before it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from regard.errors import Unsafe
from regard.sources.formats import xml_rows
from regard.sources.formats.bundle import Bundle
from regard.sources.formats.xml_rows import Row, pieces


def rows_of(folder: Path, data: bytes) -> list[list[Row]]:
    (folder / "x.xml").write_bytes(data)
    return list(pieces(Bundle.of(folder), "x.xml", "x"))


def test_rows_come_with_lines_in_pieces_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_rows, "CHUNK", 30)
    chunks = rows_of(tmp_path, b'\xef\xbb\xbf<x>\n<row a="1"/>\n<!-- no row -->\n<row a="2&#xA;3"\nb="&lt;"/>\n<row/>\n</x>\n')
    assert len(chunks) > 1
    assert [row for chunk in chunks for row in chunk] == [(2, {"a": "1"}), (4, {"a": "2\n3", "b": "<"}), (6, {})]


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
    chunks = rows_of(tmp_path, b"<x>" + b'<row a="0123456789"/>' * 2_000 + b"</x>")
    assert sum(map(len, chunks)) == 2_000


def test_a_forbidden_reference_is_skipped_wherever_the_chunks_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = b'<x>\n<row a="1&#x1F;2&#31;3\x00"/>\n<row b="&amp;&#x0000;&#xFFFE;&#57343;&#xE9;&lt;"/>\n</x>'
    (tmp_path / "x.xml").write_bytes(data)
    for size in range(1, len(data)):
        monkeypatch.setattr(xml_rows, "CHUNK", size)
        skipped: list[int] = []
        rows = [row for piece in pieces(Bundle.of(tmp_path), "x.xml", "x", skipped.append) for row in piece]
        assert rows == [(2, {"a": "123"}), (3, {"b": "&\xe9<"})]
        assert sum(skipped) == 6
