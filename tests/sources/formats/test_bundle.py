"""An input as named files: folders, zips, compressed files, several files; and what would harm the reader."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import random
import tarfile
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from regard.errors import InputError, Malformed, RegardError, Unsafe
from regard.sources.formats import bundle as module
from regard.sources.formats import entries as bundle_entries
from regard.sources.formats.bundle import Bundle, archives_in

from ...strategies import examples

TEXT = b"hello\nworld\n"


def zipped(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def folder(path: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def content(bundle: Bundle) -> dict[str, bytes]:
    return {name: bundle.whole(name) for name in bundle.names}


FILES = {"users.json": b"[]", "general/2024-03-01.json": TEXT}


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
    assert bundle.whole("data") == data
    assert list(bundle.lines("data"))[:2] == [b"hello\n", b"world\n"]
    assert bundle.unpacked("data").read_bytes() == data
    assert bundle.head("data", 5) == b"hello"


def test_a_zst_file_of_the_largest_window_and_of_several_frames(tmp_path: Path) -> None:
    packed = zstd.compress(
        TEXT, options={zstd.CompressionParameter.window_log: 31, zstd.CompressionParameter.enable_long_distance_matching: 1}
    )
    (tmp_path / "a.zst").write_bytes(packed + zstd.compress(b"more\n"))
    assert Bundle.of(tmp_path / "a.zst").whole("a.zst") == TEXT + b"more\n"


def test_a_plain_file_is_its_own_unpacked_path(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(TEXT)
    assert Bundle.of(tmp_path / "a.csv").unpacked("a.csv") == tmp_path / "a.csv"


def test_an_unpacked_copy_goes_with_the_bundle(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(TEXT))
    bundle = Bundle.of(tmp_path / "a.gz")
    place = bundle.unpacked("a.gz")
    assert place.exists()
    del bundle
    assert not place.exists()


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
    told: list[int] = []
    bundle.on_bytes = told.append
    bundle.head("a")
    assert told == []
    for name in bundle.names:
        bundle.whole(name)
    assert sum(told) == bundle.packed


def test_symbolic_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"x")
    place = folder(tmp_path / "in", FILES)
    (place / "link").symlink_to(tmp_path / "secret")
    (place / "up").symlink_to(tmp_path)
    assert Bundle.of(place).names == sorted(FILES)


def test_the_archives_of_a_folder(tmp_path: Path) -> None:
    first, second = zipped(tmp_path / "a.zip", FILES), zipped(tmp_path / "b.whatever", {})
    (tmp_path / "c.zip").write_bytes(b"no zip")
    assert archives_in(tmp_path) == [first, second]


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
        bundle.whole("a")
    with pytest.raises(Unsafe):
        bundle.unpacked("a")
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
    assert len(Bundle.of(tmp_path / "a.gz").whole("a.gz")) == 1_000_000


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
        Bundle.of(tmp_path / "a").whole("a", limit=5)


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
    for place in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(InputError, match="a pipe or a device"):
            Bundle.of(place)


def test_a_file_that_goes_away_meanwhile_is_told(tmp_path: Path) -> None:
    bundle = Bundle.of(folder(tmp_path / "in", FILES))
    (tmp_path / "in" / "users.json").unlink()
    for use in (bundle.whole, bundle.unpacked, lambda _: bundle.digest()):
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
        found = bundle.whole("a")
    except Malformed as error:
        assert "a: expected a whole file, but it breaks off or is damaged" in str(error)  # noqa: PT017  (some bytes say nothing: gzip's time)
    else:
        assert damage != "cut"
        assert found != b""


@pytest.mark.parametrize(
    "pack", [gzip.compress, bz2.compress, partial(lzma.compress, preset=0), zstd.compress], ids=["gz", "bz2", "xz", "zst"]
)
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


def tarred(path: Path, members: dict[str, bytes], pack: Callable[[bytes], bytes] = bytes, form: int = tarfile.PAX_FORMAT) -> Path:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=form) as archive:
        for name, inside in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(inside)
            archive.addfile(info, io.BytesIO(inside))
    path.write_bytes(pack(data.getvalue()))
    return path


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress, zstd.compress])
def test_a_tar_is_the_same_files_however_it_is_packed(pack: Callable[[bytes], bytes], form: int, tmp_path: Path) -> None:
    inside = {f"./top/{name}": data for name, data in (FILES | {"empty": b"", "long" * 24: TEXT, "x.gz": gzip.compress(TEXT)}).items()}
    bundle = Bundle.of(tarred(tmp_path / "whatever", inside, pack, form))
    read: list[int] = []
    bundle.on_bytes = read.append
    assert content(bundle) == FILES | {"empty": b"", "long" * 24: TEXT, "x.gz": TEXT}
    assert sum(read) == bundle.packed
    assert bundle.title == "whatever"
    assert bundle.digest() == Bundle.of(folder(tmp_path / "in", {name.removeprefix("./"): data for name, data in inside.items()})).digest()


def test_the_copy_of_a_packed_tar_goes_with_the_bundle(tmp_path: Path) -> None:
    bundle = Bundle.of(tarred(tmp_path / "a.tgz", FILES, gzip.compress))
    (copy,) = {entry.path for entry in bundle.entries.values()}
    assert copy is not None
    assert copy.exists()
    assert bundle.unpacked("users.json").read_bytes() == b"[]"
    bundle.release()
    assert not copy.exists()


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "a/../../evil", "C:/evil"])
def test_a_name_that_leaves_a_tar_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(Unsafe, match="evil"):
        Bundle.of(tarred(tmp_path / "a.tar", {"good": TEXT, name: TEXT}))


def test_links_and_devices_of_a_tar_are_left_out(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE):
            info = tarfile.TarInfo(f"it{kind.decode()}")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        info = tarfile.TarInfo("good")
        info.size = len(TEXT)
        archive.addfile(info, io.BytesIO(TEXT))
    assert content(Bundle.of(tmp_path / "a.tar")) == {"good": TEXT}


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("keep", [0.3, 0.6, 0.8])
def test_a_tar_cut_short_is_told(pack: Callable[[bytes], bytes], keep: float, tmp_path: Path) -> None:
    noise = {str(number): random.Random(number).randbytes(5000) for number in range(9)}
    path = tarred(tmp_path / "a.tar", noise)
    data = path.read_bytes()
    path.write_bytes(pack(data[: int(len(data) * keep)]))
    with pytest.raises(Malformed, match=r"a\.tar: expected a whole tar archive"):
        content(Bundle.of(path))
    packed = gzip.compress(data)
    path.write_bytes(packed[: int(len(packed) * keep)])
    with pytest.raises(Malformed, match=r"a\.tar: expected a whole file"):
        content(Bundle.of(path))


def test_a_tar_that_swells_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unsafe, match="bomb"):
        Bundle.of(tarred(tmp_path / "a.tar", {"zeros": bytes(90 << 20)}, gzip.compress))


@examples(60)
@given(st.integers(0, 4000), st.binary(min_size=1, max_size=8))
def test_a_tar_with_bytes_changed_is_read_or_told(tmp_path_factory: pytest.TempPathFactory, at: int, other: bytes) -> None:
    path = tarred(tmp_path_factory.mktemp("tar") / "a.tar", FILES | {"x" * 150: TEXT})
    data = bytearray(path.read_bytes())
    data[at : at + len(other)] = other
    path.write_bytes(data)
    try:
        content(Bundle.of(path))
    except RegardError as error:
        assert "a.tar" in str(error) or isinstance(error, InputError)  # noqa: PT017  (most changes do no harm)
