"""Tar archives, packed or not: the same files, and what would harm the reader."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from regard.errors import InputError, Malformed, RegardError, Unsafe
from regard.sources.formats.bundle import Bundle

from ...strategies import examples
from .bundles import FILES, TEXT, content, folder, tarred


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
    assert bundle.unpack("users.json").read_bytes() == b"[]"
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
