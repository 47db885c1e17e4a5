"""An input as a set of named files, whether it is a folder, a zip, a tar, a compressed file or several files.

Nothing is ever unpacked to disk under its own name. Names that leave the archive, archives that expand without limit and encrypted
archives are refused before a source sees a byte.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import weakref
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, cast

from regard.base import tempdirs
from regard.base.locations import exists
from regard.errors import InputError, Unsafe
from regard.sources.formats.entries import Entry as Entry
from regard.sources.formats.entries import clean, entries_of_folder, entries_of_tar, entries_of_zip, is_tar, is_zip
from regard.sources.formats.streams import MAGIC as MAGIC
from regard.sources.formats.streams import Member, Slice, Watched, broken

MAX_RATIO = 200
"""Expanded bytes per stored byte. Chat exports have 10 to 30, a bomb 1,000 and more."""
FREE_BYTES = 64 << 20
"""Expanded bytes below which the ratio does not matter: small files of blanks are harmless."""
MAX_LINE = 64 << 20
"""Bytes of one line."""
CHUNK = 1 << 20
"""Bytes read at a time."""
MANY_FILES = 100
"""More files than this are named by the folder that they share."""
PIECE = 16 << 10
"""Bytes read at a time from the beginning of a file."""


@dataclass
class Bundle:
    """Files under the names that their platform gave them, without a common top folder.

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
    """Called with the number of packed bytes just read, for progress."""
    n_unreadable: int = 0
    """Folders and files below a folder that could not be opened: forbidden, or too deep."""
    n_repeated_keys: int = 0
    """JSON keys that an object in one of its files held once more."""
    _expanded: int = field(default=0, repr=False)
    _copies: list[weakref.finalize[..., Bundle]] = field(default_factory=list, repr=False, compare=False)
    _zipfile: zipfile.ZipFile | None = field(default=None, repr=False, compare=False)
    """Opened once: each opening reads the list of all members, which would be quadratic in their number."""

    @classmethod
    def of(cls, *paths: str | os.PathLike[str]) -> Bundle:
        """The bundle at one path (folder, zip, tar, file), or of several files.

        Raises InputError if a path does not exist or cannot be opened, Malformed for a broken archive, Unsafe for a hostile one.
        """
        files = [Path(path) for path in paths]
        for path in files:
            _require_readable(path)
        if len(files) == 1:
            (path,) = files
            if path.is_dir():
                unreadable: list[str] = []
                return cls(clean(path.name) or str(path), entries_of_folder(path, unreadable), n_unreadable=len(unreadable))
            if is_zip(path):
                return cls(clean(path.name), entries_of_zip(path), archive=path)
            if (tar := cls._of_tar(path)) is not None:
                return tar
        times = Counter(path.name for path in files)
        names = [clean(path.name if times[path.name] == 1 else path.as_posix()) for path in files]
        return cls(", ".join(names), {name: Entry(name, path.stat().st_size, path) for name, path in zip(names, files, strict=True)})

    @classmethod
    def _of_tar(cls, path: Path) -> Bundle | None:
        """The files of a tar archive; None for another file. A compressed archive is decompressed first: it allows no random access."""
        name = clean(path.name)
        bundle = cls(name, {name: Entry(name, path.stat().st_size, path)}, archive=path)
        if not is_tar(bundle.head(name, 512)):
            return None
        bundle.entries = entries_of_tar(bundle.unpack(name), name)
        bundle.__dict__.pop("packed", None)  # may be cached already, as the size of one packed file
        return bundle

    @property
    def files(self) -> tuple[Path, ...]:
        """The files on disk that hold its own: the archive, each file, or the folder of many."""
        inside = sorted({entry.path for entry in self.entries.values() if entry.path is not None})
        if len(inside) > MANY_FILES:
            inside = [Path(os.path.commonpath(inside))]
        return (*([] if self.archive is None else [self.archive]), *inside)

    @property
    def names(self) -> list[str]:
        """The names, sorted."""
        return sorted(self.entries)

    @cached_property
    def packed(self) -> int:
        """Bytes of all files as stored."""
        total = sum(entry.packed for entry in self.entries.values())
        # The sizes that an archive states may be false, and members may share their bytes: the size of the archive itself is a bound.
        zipped = any(entry.member is not None for entry in self.entries.values())
        return min(total, self.archive.stat().st_size) if zipped and self.archive is not None else total

    def open(self, name: str) -> BinaryIO:
        """A stream of the file's bytes, decompressed if it is a gz, zst, bz2 or xz file, and checked for bombs."""
        return cast(BinaryIO, io.BufferedReader(self._watched(self.entries[name], CHUNK), CHUNK))

    def head(self, name: str, size: int = 4096) -> bytes:
        """The first bytes of a file, decompressed; fewer if the file is shorter or breaks off."""
        on_bytes, self.on_bytes = self.on_bytes, None
        expanded, data = self._expanded, b""
        try:
            # In small pieces, straight from the decompressor: a large piece would fail entirely if the file breaks off inside it.
            with self._watched(self.entries[name], PIECE) as stream:
                while len(data) < size and (piece := stream.read(min(PIECE, size - len(data)))):
                    data += piece
        except InputError:
            pass
        finally:
            self.on_bytes, self._expanded = on_bytes, expanded
        return data

    def lines(self, name: str) -> Iterator[bytes]:
        """Lines with their ends. Raises Unsafe at a line longer than `MAX_LINE`."""
        with self.open(name) as stream:
            number = 0
            while line := stream.readline(MAX_LINE + 1):
                number += 1
                if len(line) > MAX_LINE:
                    raise Unsafe(f"{name}, line {number}: a line of more than {MAX_LINE >> 20} MB; that is no record of a community")
                yield line

    def read_bytes(self, name: str, limit: int = 512 << 20) -> bytes:
        """All bytes of a file that its format keeps small. Raises Unsafe above the limit."""
        with self.open(name) as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise Unsafe(f"{name}: larger than the {limit >> 20} MB that a file of this kind may have")
        return data

    def unpack(self, name: str) -> Path:
        """A path to the file's decompressed bytes: its own path, or that of a copy that is removed with the bundle.

        The engine takes no path that is not UTF-8: such a file gets another name.
        """
        entry = self.entries[name]
        with broken(entry.name):
            if entry.path is not None and entry.offset is None:
                with entry.path.open("rb") as stream:
                    if not stream.read(8).startswith(tuple(MAGIC)):
                        return entry.path if _is_text(entry.path) else self._renamed(entry.path)
            copy = self.temporary_folder() / "unpacked"
            with copy.open("wb") as out, self.open(name) as stream:
                shutil.copyfileobj(stream, out, CHUNK)
        return copy

    def _renamed(self, path: Path) -> Path:
        # A symbolic link would not do: the engine opens only what it is allowed to open, and looks at where a link leads.
        copy = self.temporary_folder() / "renamed"
        try:
            os.link(path, copy)
        except OSError:
            shutil.copyfile(path, copy)
        return copy

    def temporary_folder(self) -> Path:
        """A new folder for copies of the bundle's files. It is removed with the bundle, or by `release`."""
        folder = tempdirs.new_folder()
        self._copies.append(weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True))
        return folder

    def release(self) -> None:
        """Remove the copies now, so that reading many bundles does not keep the copies of all."""
        while self._copies:
            self._copies.pop()()

    def digest(self) -> str:
        """A fingerprint of all names and bytes: it is equal for equal inputs."""
        total = hashlib.blake2b(digest_size=16)
        for name in self.names:
            entry = self.entries[name]
            total.update(name.encode("utf-8", "surrogatepass") + b"\0")
            size = 0
            with broken(entry.name), io.BufferedReader(self._raw(entry), CHUNK) as stream:
                while data := stream.read(CHUNK):
                    total.update(data)
                    size += len(data)
            # Without the size, a byte could move from the end of a file to the beginning of the next file's name.
            total.update(size.to_bytes(8, "little"))
        return total.hexdigest()

    def _watched(self, entry: Entry, size: int) -> Watched:
        with broken(entry.name):
            return Watched(entry.name, cast(BinaryIO, io.BufferedReader(self._raw(entry), size)), self._counter(entry))

    def _raw(self, entry: Entry) -> io.RawIOBase:
        if entry.offset is not None:
            return Slice(cast(Path, entry.path), entry.offset, entry.packed)
        if entry.member is None:
            return cast(io.RawIOBase, open(cast(Path, entry.path), "rb", buffering=0))
        if self._zipfile is None:
            self._zipfile = zipfile.ZipFile(cast(Path, self.archive))
            weakref.finalize(self, self._zipfile.close)
        return Member(self._zipfile.open(entry.member))

    def _counter(self, entry: Entry) -> Callable[[int, int], None]:
        """Checks what comes out of a file: refuses a bomb, and reports progress in packed bytes."""
        reported = 0

        def count(size: int, out: int) -> None:
            nonlocal reported
            self._expanded += size
            self._refuse_bombs(entry, out)
            # Packed and expanded sizes differ: progress stops at the packed size, and the end of the file reports the rest.
            step = min(size, entry.packed - reported) if size else entry.packed - reported
            reported += step
            if self.on_bytes is not None and step:
                self.on_bytes(step)

        return count

    def _refuse_bombs(self, entry: Entry, out: int) -> None:
        if out > FREE_BYTES and out > MAX_RATIO * max(entry.packed, 1):
            raise Unsafe(f"{entry.name}: swells to more than {MAX_RATIO} times its stored size (a decompression bomb?)")
        if self._expanded > 16 * FREE_BYTES and self._expanded > MAX_RATIO * self.packed:
            raise Unsafe(f"{self.title}: swells to more than {MAX_RATIO} times its stored size (a decompression bomb?)")


def archives_in(folder: Path) -> list[Path]:
    """The zip archives directly in a folder, sorted."""
    return sorted(path for path in folder.iterdir() if path.is_file() and is_zip(path))


def _is_text(path: Path) -> bool:
    try:
        os.fspath(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _require_readable(path: Path) -> None:
    if not exists(path):
        raise InputError(f"{path}: there is no such file or folder")
    if not path.is_file() and not path.is_dir():
        raise InputError(f"{path}: a pipe or a device; save its content as a file first, since it is read twice")
    if not os.access(path, os.R_OK | os.X_OK if path.is_dir() else os.R_OK):
        raise InputError(f"{path}: may not be read (permission denied)")
