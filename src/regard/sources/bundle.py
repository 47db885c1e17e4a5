"""An input as a set of named files, whether it lies in a folder, a zip, a compressed file or several files.

Nothing is ever unpacked to disk by its own name. Names that try to leave the archive, archives that swell without measure and
encrypted ones are refused before a source sees a byte.
"""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import os
import shutil
import struct
import unicodedata
import weakref
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

from regard import scratch
from regard.errors import InputError, Malformed, Unsafe

MAX_RATIO = 200
"""Chat exports shrink 10 to 30 times; a bomb 1,000 times and more."""
FREE_BYTES = 64 << 20
"""Below this size the ratio is not looked at: small files of blanks are harmless."""
MAX_ENTRIES = 2_000_000
MAX_LINE = 64 << 20
CHUNK = 1 << 20

JUNK = ("__MACOSX", ".DS_Store", "Thumbs.db", ".git")

MAGIC = {b"\x1f\x8b": "gz", b"\x28\xb5\x2f\xfd": "zst", b"BZh": "bz2", b"\xfd7zXZ\x00": "xz"}


@dataclass(frozen=True)
class Entry:
    """One file of a bundle."""

    name: str
    packed: int
    """Bytes as stored; the unit of progress."""
    path: Path | None
    """The file on disk, where it lies there by itself."""
    member: str | None = None
    """Its stored name inside the archive at `Bundle.archive`."""


@dataclass
class Bundle:
    """Files under the names their platform gave them, with a common top folder taken off.

    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "a.txt").write_text("hello")
    >>> bundle = Bundle.of(folder)
    >>> bundle.names, bundle.head("a.txt", 4)
    (['a.txt'], b'hell')
    """

    title: str
    entries: dict[str, Entry]
    archive: Path | None = None
    on_bytes: Callable[[int], None] | None = None
    """Called with packed bytes as they are read: progress, for whoever watches."""
    _expanded: int = field(default=0, repr=False)
    _zipfile: zipfile.ZipFile | None = field(default=None, repr=False, compare=False)
    """Opened once: each opening reads the whole list of members, which would be quadratic in their number."""

    @classmethod
    def of(cls, *paths: str | os.PathLike[str]) -> Bundle:
        """The bundle at one path (folder, zip, file), or of several files.

        Raises InputError where nothing is there or it cannot be opened, Malformed for a broken archive, Unsafe for a hostile one.
        """
        places = [Path(path) for path in paths]
        for place in places:
            if not place.exists():
                raise InputError(f"{place}: there is no such file or folder")
            if not place.is_file() and not place.is_dir():
                raise InputError(f"{place}: a pipe or a device; save its content as a file first, since it is read twice")
            if not os.access(place, os.R_OK | os.X_OK if place.is_dir() else os.R_OK):
                raise InputError(f"{place}: may not be read (permission denied)")
        if len(places) == 1 and places[0].is_dir():
            return cls(places[0].name or str(places[0]), _folder(places[0]))
        if len(places) == 1 and _is_zip(places[0]):
            return cls(places[0].name, _zip(places[0]), archive=places[0])
        alike = Counter(place.name for place in places)
        names = [_clean(place.name if alike[place.name] == 1 else place.as_posix()) for place in places]
        return cls(", ".join(names), {n: Entry(n, place.stat().st_size, place) for n, place in zip(names, places, strict=True)})

    @property
    def names(self) -> list[str]:
        """The names, sorted."""
        return sorted(self.entries)

    @property
    def packed(self) -> int:
        """Bytes of all files as they are stored."""
        total = sum(entry.packed for entry in self.entries.values())
        # What an archive says of its members may be a lie, and members may share their bytes: the file itself is no larger than it is.
        return min(total, self.archive.stat().st_size) if self.archive is not None else total

    def open(self, name: str) -> BinaryIO:
        """A stream of the file's bytes, decompressed where it is a gz, zst, bz2 or xz file, and watched for bombs."""
        entry = self.entries[name]
        with _broken(entry.name):
            stored = cast(BinaryIO, io.BufferedReader(self._raw(entry), CHUNK))
            return cast(BinaryIO, io.BufferedReader(_Watched(self, entry, stored), CHUNK))

    def head(self, name: str, size: int = 4096) -> bytes:
        """The first bytes of a file, decompressed; fewer where the file is shorter or broken."""
        watcher, self.on_bytes = self.on_bytes, None
        expanded = self._expanded
        try:
            with self.open(name) as stream:
                return stream.read(size)
        except InputError:
            return b""
        finally:
            self.on_bytes, self._expanded = watcher, expanded

    def lines(self, name: str) -> Iterator[bytes]:
        """Lines with their ends, none longer than MAX_LINE; raises Unsafe at a longer one."""
        with self.open(name) as stream:
            number = 0
            while line := stream.readline(MAX_LINE + 1):
                number += 1
                if len(line) > MAX_LINE:
                    raise Unsafe(f"{name}, line {number}: a line of more than {MAX_LINE >> 20} MB; that is no record of a community")
                yield line

    def whole(self, name: str, limit: int = 512 << 20) -> bytes:
        """All bytes of a file that a format keeps small; raises Unsafe above the limit."""
        with self.open(name) as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise Unsafe(f"{name}: larger than the {limit >> 20} MB that a file of this kind may have")
        return data

    def unpacked(self, name: str) -> Path:
        """A path to the file's decompressed bytes, for readers that want a path: its own, or that of a copy that goes with the bundle."""
        entry = self.entries[name]
        with _broken(entry.name):
            if entry.path is not None:
                with entry.path.open("rb") as stream:
                    if not stream.read(8).startswith(tuple(MAGIC)):
                        return entry.path
            folder = scratch.folder()
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
            place = folder / "unpacked"
            with place.open("wb") as out, self.open(name) as stream:
                shutil.copyfileobj(stream, out, CHUNK)
        return place

    def digest(self) -> str:
        """A fingerprint of all names and bytes: equal inputs have equal ones."""
        total = hashlib.blake2b(digest_size=16)
        for name in self.names:
            entry = self.entries[name]
            total.update(name.encode("utf-8", "surrogatepass") + b"\0")
            with _broken(entry.name), io.BufferedReader(self._raw(entry), CHUNK) as stream:
                while data := stream.read(CHUNK):
                    total.update(data)
        return total.hexdigest()

    def _raw(self, entry: Entry) -> io.RawIOBase:
        if entry.member is None:
            return cast(io.RawIOBase, open(cast(Path, entry.path), "rb", buffering=0))
        if self._zipfile is None:
            self._zipfile = zipfile.ZipFile(cast(Path, self.archive))
            weakref.finalize(self, self._zipfile.close)
        return _Member(self._zipfile.open(entry.member))

    def _count(self, entry: Entry, size: int, entry_bytes: int) -> None:
        self._expanded += size
        if entry_bytes > FREE_BYTES and entry_bytes > MAX_RATIO * max(entry.packed, 1):
            raise Unsafe(f"{entry.name}: swells to more than {MAX_RATIO} times its stored size (a decompression bomb?)")
        if self._expanded > 16 * FREE_BYTES and self._expanded > MAX_RATIO * self.packed:
            raise Unsafe(f"{self.title}: swells to more than {MAX_RATIO} times its stored size (a decompression bomb?)")


BROKEN = (EOFError, OSError, ValueError, zlib.error, zipfile.BadZipFile, lzma.LZMAError, struct.error, RuntimeError, NotImplementedError)
"""What the readers of compressed files raise where these are damaged, encrypted, or packed in a way that they don't know."""


@contextmanager
def _broken(name: str) -> Iterator[None]:
    """Turns the complaints of the system and of decompressors into errors that name the file."""
    try:
        yield
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise InputError(f"{name}: can't be read ({error.strerror})") from error
        # zstd has its own error class, and is imported only where it is needed.
        if isinstance(error, BROKEN) or type(error).__name__ == "ZstdError":
            raise Malformed(name, "a whole file", f"it breaks off or is damaged ({error})") from error
        raise


class _Member(io.RawIOBase):
    """A zip member as a raw stream."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        data = self.stream.read(len(view))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self.stream.close()
        super().close()


class _Watched(io.RawIOBase):
    """Counts what comes out, and turns a broken stream into an error that names the file."""

    def __init__(self, bundle: Bundle, entry: Entry, stored: BinaryIO) -> None:
        self.bundle, self.entry, self.stored = bundle, entry, stored
        self.out, self.told = 0, 0
        try:
            self.stream = _decompressed(stored)
        except BaseException:
            stored.close()
            raise

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        with _broken(self.entry.name):
            data = self.stream.read(len(view))
        view[: len(data)] = data
        self.out += len(data)
        self.bundle._count(self.entry, len(data), self.out)
        if self.bundle.on_bytes is not None:
            self._tell(len(data))
        return len(data)

    def _tell(self, size: int) -> None:
        # Packed and expanded sizes differ: progress never passes the packed size, and the rest comes with the end of the file.
        step = min(size, self.entry.packed - self.told) if size else self.entry.packed - self.told
        self.told += step
        if self.bundle.on_bytes is not None and step:
            self.bundle.on_bytes(step)

    def close(self) -> None:
        if not self.closed:
            # A decompressor does not close what it reads from.
            self.stream.close()
            self.stored.close()
        super().close()


def _decompressed(stream: BinaryIO) -> BinaryIO:
    head = cast(io.BufferedReader, stream).peek(8)[:8]
    kind = next((kind for magic, kind in MAGIC.items() if head.startswith(magic)), None)
    if kind == "gz":
        return cast(BinaryIO, gzip.GzipFile(fileobj=stream))
    if kind == "bz2":
        return cast(BinaryIO, bz2.BZ2File(stream))
    if kind == "xz":
        return cast(BinaryIO, lzma.LZMAFile(stream))
    if kind == "zst":
        from backports import zstd

        # Reddit's dumps use the largest window there is; the default refuses them.
        return cast(BinaryIO, zstd.ZstdFile(stream, options={zstd.DecompressionParameter.window_log_max: 31}))
    return stream


def archives_in(folder: Path) -> list[Path]:
    """The zip archives that lie directly in a folder."""
    return sorted(path for path in folder.iterdir() if path.is_file() and _is_zip(path))


def _is_zip(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
    except OSError:
        return False


def _zip(path: Path) -> dict[str, Entry]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except BROKEN as error:
        raise Malformed(path.name, "a whole zip archive", f"it is cut short or damaged ({error})") from error
    if len(infos) > MAX_ENTRIES:
        raise Unsafe(f"{path.name}: {len(infos):,} files in one archive")
    found = []
    for info in infos:
        name = _zip_name(info)
        if _escapes(name):
            raise Unsafe(f"{path.name}: holds a file named {name!r}, which would leave the archive's folder")
        if info.flag_bits & 1:
            raise Malformed(path.name, "an archive without a password", f"{name} is encrypted")
        if not _is_junk(name):
            found.append(Entry(_clean(name), info.compress_size, None, info.filename))
    return _without_top(found)


def _zip_name(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & 0x800:
        return info.filename
    # Without the UTF-8 flag zipfile takes the name for cp437; most tools that leave the flag out write UTF-8 all the same.
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _folder(path: Path) -> dict[str, Entry]:
    found = []
    for folder, folders, files in os.walk(path, followlinks=False):
        folders[:] = sorted(name for name in folders if not _is_junk(name))
        for file in sorted(files):
            place = Path(folder) / file
            if not _is_junk(file) and place.is_file() and not place.is_symlink():
                found.append(Entry(_clean(place.relative_to(path).as_posix()), place.stat().st_size, place))
        if len(found) > MAX_ENTRIES:
            raise Unsafe(f"{path}: more than {MAX_ENTRIES:,} files in one folder")
    return _without_top(found)


def _without_top(entries: Sequence[Entry]) -> dict[str, Entry]:
    tops = {entry.name.partition("/")[0] if "/" in entry.name else "" for entry in entries}
    top = tops.pop() if len(tops) == 1 else ""
    if top:
        names = {entry.name: entry.name[len(top) + 1 :] for entry in entries}
        return {names[e.name]: Entry(names[e.name], e.packed, e.path, e.member) for e in entries}
    return {entry.name: entry for entry in entries}


def _clean(name: str) -> str:
    return unicodedata.normalize("NFC", name.replace("\\", "/")).lstrip("/")


def _escapes(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or (len(name) > 1 and name[1] == ":")


def _is_junk(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return any(part in JUNK or part.startswith("._") for part in parts)
