"""Inputs that would harm the reader, and inputs that are broken or not there."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from regard.errors import InputError, Malformed, RegardError, Unsafe
from regard.sources.formats import bundle as module
from regard.sources.formats import entries as bundle_entries
from regard.sources.formats.bundle import Bundle

from ...strategies import examples
from .bundles import FILES, TEXT, content, folder, zipped

# What would harm the reader.


@pytest.mark.parametrize("name", ["../evil", "a/../../evil", "/etc/passwd", "..\\evil", "\\evil", "C:\\evil", "a/..", "//host/x"])
def test_names_that_leave_the_archive_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Unsafe, match="would leave the archive's folder"):
        Bundle.of(zipped(tmp_path / "a.zip", {"fine": b"", name: b"x"}))


def bomb(pack: Callable[[bytes], bytes]) -> bytes:
    return pack(bytes(module.FREE_BYTES + module.CHUNK * 2))


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, zstd.compress], ids=["gz", "bz2", "zst"])
def test_a_file_that_swells_without_measure_is_refused(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    (tmp_path / "a").write_bytes(bomb(pack))
    bundle = Bundle.of(tmp_path / "a")
    with pytest.raises(Unsafe, match="a: swells to more than 200 times"):
        bundle.read_bytes("a")
    with pytest.raises(Unsafe):
        bundle.unpack("a")
    assert bundle.head("a", 10) == bytes(10)


def test_a_member_that_swells_without_measure_is_refused(tmp_path: Path) -> None:
    bundle = Bundle.of(zipped(tmp_path / "a.zip", {"a": bytes(module.FREE_BYTES + module.CHUNK * 2)}))
    with pytest.raises(Unsafe, match="a: swells"):
        list(bundle.lines("a"))


def test_many_small_swelling_members_are_refused_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FREE_BYTES", 1 << 20)
    bundle = Bundle.of(zipped(tmp_path / "a.zip", {f"{n:03}": bytes(1 << 19) for n in range(64)}))
    with pytest.raises(Unsafe, match=r"a\.zip: swells"):
        content(bundle)


def test_members_that_share_their_bytes_do_not_hide_a_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Two hundred names in the list of members for one member: the sizes told add up to two hundred times the file.
    monkeypatch.setattr(module, "FREE_BYTES", 1 << 20)
    path = zipped(tmp_path / "a.zip", {"aaa": bytes(1 << 19)})
    data = path.read_bytes()
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entry = data[start:end]
    entries = b"".join(entry.replace(b"aaa", f"{n:03}".encode()) for n in range(200))
    tail = bytearray(data[end:])
    tail[8:12] = (200).to_bytes(2, "little") * 2
    tail[12:16] = len(entries).to_bytes(4, "little")
    path.write_bytes(data[:start] + entries + tail)
    bundle = Bundle.of(path)
    assert len(bundle.names) == 200
    assert bundle.packed == path.stat().st_size
    with pytest.raises(RegardError):
        content(bundle)


def test_a_small_file_of_blanks_is_harmless(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(b" " * 1_000_000))
    assert len(Bundle.of(tmp_path / "a.gz").read_bytes("a.gz")) == 1_000_000


def test_a_line_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_LINE", 1 << 20)
    (tmp_path / "a").write_bytes(b"short\n" + b"x" * (1 << 20) + b"\n")
    with pytest.raises(Unsafe, match="a, line 2: a line of more than 1 MB"):
        list(Bundle.of(tmp_path / "a").lines("a"))
    (tmp_path / "b").write_bytes(b"short\n" + b"x" * ((1 << 20) - 1) + b"\n")
    assert len(list(Bundle.of(tmp_path / "b").lines("b"))) == 2


def test_a_file_larger_than_its_kind_may_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(TEXT)
    with pytest.raises(Unsafe, match="larger than the 0 MB"):
        Bundle.of(tmp_path / "a").read_bytes("a", limit=5)


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle_entries, "MAX_ENTRIES", 3)
    files = {f"{n}/{n}": b"" for n in range(4)}
    with pytest.raises(Unsafe, match="4 files in one archive"):
        Bundle.of(zipped(tmp_path / "a.zip", files))
    with pytest.raises(Unsafe, match="more than 3 files"):
        Bundle.of(folder(tmp_path / "in", files))


def test_an_encrypted_archive_is_told(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.txt": TEXT})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(Malformed, match=r"an archive without a password, but a\.txt is encrypted"):
        Bundle.of(path)


# What is broken or not there.


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file or folder"):
        Bundle.of(tmp_path / "none")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_pipe_or_device_is_told_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(InputError, match="a pipe or a device"):
            Bundle.of(path)


def test_a_file_that_goes_away_meanwhile_is_told(tmp_path: Path) -> None:
    bundle = Bundle.of(folder(tmp_path / "in", FILES))
    (tmp_path / "in" / "users.json").unlink()
    for use in (bundle.read_bytes, bundle.unpack, lambda _: bundle.digest()):
        with pytest.raises(InputError, match=r"users\.json: can't be read \(No such file"):
            use("users.json")
    assert bundle.head("users.json") == b""


@pytest.mark.parametrize("keep", [4, 30, 200, -1, -22, -60])
def test_a_zip_cut_short_is_told(tmp_path: Path, keep: int) -> None:
    path = zipped(tmp_path / "a.zip", {"a": os.urandom(3000), "b": TEXT})
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(Malformed, match=r"a\.zip: expected a whole zip archive"):
        Bundle.of(path)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstd.compress], ids=["gz", "bz2", "xz", "zst"])
@pytest.mark.parametrize("damage", ["cut", "flip", "head"])
def test_a_damaged_compressed_file_is_told(tmp_path: Path, pack: Callable[[bytes], bytes], damage: str) -> None:
    data = bytearray(pack(random.Random(1).randbytes(200_000)))
    if damage == "cut":
        del data[len(data) // 2 :]
    else:
        data[len(data) // 2 if damage == "flip" else 8] ^= 0xFF
        data[9 if damage == "head" else len(data) // 2 + 1] ^= 0xFF
    (tmp_path / "a").write_bytes(data)
    bundle = Bundle.of(tmp_path / "a")
    try:
        data_read = bundle.read_bytes("a")
    except Malformed as error:
        assert "a: expected a whole file, but it breaks off or is damaged" in str(error)  # noqa: PT017  (some bytes say nothing: gzip's time)
    else:
        assert damage != "cut"
        assert data_read != b""


@pytest.mark.long
@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstd.compress], ids=["gz", "bz2", "xz", "zst"])
def test_the_head_of_a_file_that_breaks_off_is_what_comes_before(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    text = b"".join(b"%d,%d\n" % (n, n * n) for n in range(400_000))
    (tmp_path / "a").write_bytes(pack(text)[:-100])
    head = Bundle.of(tmp_path / "a").head("a", 20_000)
    assert head == text[:20_000]


@examples(150)
@given(seed=st.integers(0, 10**6), flips=st.integers(1, 4))
def test_whatever_is_wrong_in_a_zip_it_is_told_in_our_words(tmp_path_factory: pytest.TempPathFactory, seed: int, flips: int) -> None:
    dice = random.Random(seed)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("users.json", "general/1.json", "\u00fc.json"):
            archive.writestr(name, bytes(dice.choices(b"abc \n", k=400)))
    data = bytearray(buffer.getvalue())
    for _ in range(flips):
        data[dice.randrange(4, len(data))] = dice.randrange(256)
    path = tmp_path_factory.getbasetemp() / f"fuzzed-{os.getpid()}.zip"
    path.write_bytes(data)
    try:
        bundle = Bundle.of(path)
        bundle.digest()
        for name in bundle.names:
            bundle.head(name)
            list(bundle.lines(name))
    except RegardError as error:
        assert str(error)  # noqa: PT017  (many a byte says nothing)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("names", [("a.json", "a.json"), ("zo\u00eb.json", "zoe\u0308.json"), ("top/a.json", "top\\a.json")])
def test_two_files_of_one_name_are_told_since_one_would_not_be_read(tmp_path: Path, names: tuple[str, str]) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), b"{}")
    with pytest.raises(Malformed, match=r"a\.zip: expected files under different names, but two are named .*; unpack or rename them"):
        Bundle.of(path)
    for name in names:
        (tmp_path / "folder" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "folder" / name).write_bytes(b"{}")
    if len({*names}) == 2:
        with pytest.raises(Malformed, match="folder: expected files under different names"):
            Bundle.of(tmp_path / "folder")
