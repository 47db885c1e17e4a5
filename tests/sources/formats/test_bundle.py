"""An input as named files: folders, zips, compressed files, several files."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from backports import zstd

from regard.sources.formats.bundle import Bundle, archives_in

from .bundles import FILES, TEXT, content, folder, zipped


def test_a_folder_and_a_zip_of_it_are_the_same_files(tmp_path: Path) -> None:
    plain, packed = Bundle.of(folder(tmp_path / "in", FILES)), Bundle.of(zipped(tmp_path / "in.zip", FILES))
    assert content(plain) == content(packed) == FILES
    assert (plain.title, packed.title) == ("in", "in.zip")


def test_a_common_top_folder_is_taken_off(tmp_path: Path) -> None:
    deep = {f"export of 2024/{name}": data for name, data in FILES.items()}
    assert content(Bundle.of(zipped(tmp_path / "a.zip", deep))) == FILES
    assert content(Bundle.of(folder(tmp_path / "in", deep))) == FILES


def test_what_systems_leave_in_archives_is_no_part_of_them(tmp_path: Path) -> None:
    junk = {"__MACOSX/._users.json": b"x", "general/._2024.json": b"x", ".DS_Store": b"x", "general/Thumbs.db": b"x", ".git/config": b"x"}
    assert content(Bundle.of(zipped(tmp_path / "a.zip", FILES | junk))) == FILES
    assert content(Bundle.of(folder(tmp_path / "in", FILES | junk))) == FILES


def test_names_are_one_however_their_letters_are_composed(tmp_path: Path) -> None:
    assert Bundle.of(zipped(tmp_path / "a.zip", {"Zoe\u0301.txt": b"", "b": b""})).names == ["Zo\u00e9.txt", "b"]


def test_names_that_are_no_utf8_are_spelled_out_and_stay_apart(tmp_path: Path) -> None:
    paths = [tmp_path / os.fsdecode(name) for name in (b"\xff.txt", b"\xfe.txt")]
    for path in paths:
        path.write_bytes(os.fsencode(path.name))
    bundle = Bundle.of(tmp_path)
    assert content(bundle) == {r"\xff.txt": b"\xff.txt", r"\xfe.txt": b"\xfe.txt"}
    assert Bundle.of(paths[0]).title == r"\xff.txt"
    for name in bundle.names:  # for programs that take text alone
        unpacked = bundle.unpack(name)
        assert str(unpacked).isascii()
        assert unpacked.read_bytes() == bundle.read_bytes(name)


def test_names_without_the_utf8_flag_are_read_as_utf8_where_they_are(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"\u00fcber.txt": TEXT, "b.txt": b""})
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(signature)
        data[at + offset + 1] &= ~0x08  # the flag that says UTF-8
    path.write_bytes(data)
    assert content(Bundle.of(path)) == {"\u00fcber.txt": TEXT, "b.txt": b""}


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstd.compress], ids=["gz", "bz2", "xz", "zst"])
@pytest.mark.parametrize("inside", [False, True], ids=["by itself", "in a zip"])
def test_compressed_files_are_known_by_their_bytes(tmp_path: Path, pack: Callable[[bytes], bytes], inside: bool) -> None:
    data = TEXT * 100_000
    path = tmp_path / "data"
    if inside:
        path = zipped(tmp_path / "a.zip", {"x/data": pack(data), "x/b": b""}, zipfile.ZIP_STORED)
    else:
        path.write_bytes(pack(data))
    bundle = Bundle.of(path)
    assert bundle.read_bytes("data") == data
    assert list(bundle.lines("data"))[:2] == [b"hello\n", b"world\n"]
    assert bundle.unpack("data").read_bytes() == data
    assert bundle.head("data", 5) == b"hello"


def test_a_zst_file_of_the_largest_window_and_of_several_frames(tmp_path: Path) -> None:
    packed = zstd.compress(
        TEXT, options={zstd.CompressionParameter.window_log: 31, zstd.CompressionParameter.enable_long_distance_matching: 1}
    )
    (tmp_path / "a.zst").write_bytes(packed + zstd.compress(b"more\n"))
    assert Bundle.of(tmp_path / "a.zst").read_bytes("a.zst") == TEXT + b"more\n"


def test_a_plain_file_is_its_own_unpacked_path(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(TEXT)
    assert Bundle.of(tmp_path / "a.csv").unpack("a.csv") == tmp_path / "a.csv"


def test_an_unpacked_copy_goes_with_the_bundle(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(TEXT))
    bundle = Bundle.of(tmp_path / "a.gz")
    path = bundle.unpack("a.gz")
    assert path.exists()
    del bundle
    assert not path.exists()


def test_several_files_are_one_bundle_and_those_of_one_name_stay_two(tmp_path: Path) -> None:
    paths = [folder(tmp_path / name, {"x.csv": name.encode(), f"{name}.txt": b""}) / "x.csv" for name in ("a", "b")]
    assert Bundle.of(tmp_path / "a" / "x.csv", tmp_path / "b" / "b.txt").names == ["b.txt", "x.csv"]
    assert sorted(content(Bundle.of(*paths)).values()) == [b"a", b"b"]


def test_equal_inputs_have_equal_fingerprints_and_others_have_not(tmp_path: Path) -> None:
    variants = [
        FILES,
        FILES | {"users.json": b"[1]"},
        {"users.json": b"[]"},
        {"users.jsonx": b"[]"},
        {"a": b"bc", "d": b""},
        {"a": b"b", "cd": b""},
    ]
    digests = [Bundle.of(folder(tmp_path / str(n), files)).digest() for n, files in enumerate(variants)]
    assert len(set(digests)) == len(variants)
    assert Bundle.of(folder(tmp_path / "again", FILES)).digest() == digests[0]


def test_progress_adds_up_to_the_packed_size(tmp_path: Path) -> None:
    bundle = Bundle.of(zipped(tmp_path / "a.zip", {"a": TEXT * 50_000, "b": os.urandom(2_000_000)}))
    reported: list[int] = []
    bundle.on_bytes = reported.append
    bundle.head("a")
    assert reported == []
    for name in bundle.names:
        bundle.read_bytes(name)
    assert sum(reported) == bundle.packed


def test_symbolic_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"x")
    path = folder(tmp_path / "in", FILES)
    (path / "link").symlink_to(tmp_path / "secret")
    (path / "up").symlink_to(tmp_path)
    assert Bundle.of(path).names == sorted(FILES)


def test_the_archives_of_a_folder(tmp_path: Path) -> None:
    first, second = zipped(tmp_path / "a.zip", FILES), zipped(tmp_path / "b.whatever", {})
    (tmp_path / "c.zip").write_bytes(b"no zip")
    assert archives_in(tmp_path) == [first, second]
