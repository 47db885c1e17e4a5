"""An input as a set of named files, whether it lies in a folder, a zip, a tar, a compressed file or several files.

Nothing is ever unpacked to disk by its own name. Names that try to leave the archive, archives that swell without measure and
encrypted ones are refused before a source sees a byte.
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
from regard.errors import InputError, Unsafe
from regard.sources.formats.entries import Entry as Entry
from regard.sources.formats.entries import clean, entries_of_folder, entries_of_tar, entries_of_zip, is_tar, is_zip
from regard.sources.formats.streams import MAGIC as MAGIC
from regard.sources.formats.streams import Member, Slice, Watched, broken

MAX_RATIO = 200
"""Chat exports shrink 10 to 30 times; a bomb 1,000 times and more."""
FREE_BYTES = 64 << 20
"""Below this size the ratio is not looked at: small files of blanks are harmless."""
MAX_LINE = 64 << 20
CHUNK = 1 << 20
PIECE = 16 << 10


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
    _copies: list[weakref.finalize[..., Bundle]] = field(default_factory=list, repr=False, compare=False)
    _zipfile: zipfile.ZipFile | None = field(default=None, repr=False, compare=False)
    """Opened once: each opening reads the whole list of members, which would be quadratic in their number."""

    @classmethod
    def of(cls, *paths: str | os.PathLike[str]) -> Bundle:
        """The bundle at one path (folder, zip, tar, file), or of several files.

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
            return cls(places[0].name or str(places[0]), entries_of_folder(places[0]))
        if len(places) == 1 and is_zip(places[0]):
            return cls(places[0].name, entries_of_zip(places[0]), archive=places[0])
        if len(places) == 1 and (tar := cls._of_tar(places[0])) is not None:
            return tar
        alike = Counter(place.name for place in places)
        names = [clean(place.name if alike[place.name] == 1 else place.as_posix()) for place in places]
        return cls(", ".join(names), {n: Entry(n, place.stat().st_size, place) for n, place in zip(names, places, strict=True)})

    @classmethod
    def _of_tar(cls, place: Path) -> Bundle | None:
        """The files of a tar archive, which is decompressed first where it needs to be: it can't be read here and there as a zip can."""
        bundle = cls(place.name, {place.name: Entry(place.name, place.stat().st_size, place)}, archive=place)
        if not is_tar(bundle.head(place.name, 512)):
            return None
        bundle.entries = entries_of_tar(bundle.unpacked(place.name), place.name)
        bundle.__dict__.pop("packed", None)  # may be known already, as that of one packed file
        return bundle

    @property
    def names(self) -> list[str]:
        """The names, sorted."""
        return sorted(self.entries)

    @cached_property
    def packed(self) -> int:
        """Bytes of all files as they are stored."""
        total = sum(entry.packed for entry in self.entries.values())
        # What an archive says of its members may be a lie, and members may share their bytes: the file itself is no larger than it is.
        zipped = any(entry.member is not None for entry in self.entries.values())
        return min(total, self.archive.stat().st_size) if zipped and self.archive is not None else total

    def open(self, name: str) -> BinaryIO:
        """A stream of the file's bytes, decompressed where it is a gz, zst, bz2 or xz file, and watched for bombs."""
        return cast(BinaryIO, io.BufferedReader(self._watched(self.entries[name], CHUNK), CHUNK))

    def head(self, name: str, size: int = 4096) -> bytes:
        """The first bytes of a file, decompressed; fewer where the file is shorter, or broken after them."""
        watcher, self.on_bytes = self.on_bytes, None
        expanded, data = self._expanded, b""
        try:
            # In small pieces, straight from the decompressor: a larger one would fail as a whole where a file breaks off.
            with self._watched(self.entries[name], PIECE) as stream:
                while len(data) < size and (piece := stream.read(min(PIECE, size - len(data)))):
                    data += piece
        except InputError:
            pass
        finally:
            self.on_bytes, self._expanded = watcher, expanded
        return data

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
        with broken(entry.name):
            if entry.path is not None and entry.offset is None:
                with entry.path.open("rb") as stream:
                    if not stream.read(8).startswith(tuple(MAGIC)):
                        return entry.path
            place = self.scratch() / "unpacked"
            with place.open("wb") as out, self.open(name) as stream:
                shutil.copyfileobj(stream, out, CHUNK)
        return place

    def scratch(self) -> Path:
        """A folder for copies of the bundle's files; it goes with the bundle, or with `release`."""
        folder = tempdirs.new_folder()
        self._copies.append(weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True))
        return folder

    def release(self) -> None:
        """Remove the copies: who reads many bundles need not keep those of all."""
        while self._copies:
            self._copies.pop()()

    def digest(self) -> str:
        """A fingerprint of all names and bytes: equal inputs have equal ones."""
        total = hashlib.blake2b(digest_size=16)
        for name in self.names:
            entry = self.entries[name]
            total.update(name.encode("utf-8", "surrogatepass") + b"\0")
            size = 0
            with broken(entry.name), io.BufferedReader(self._raw(entry), CHUNK) as stream:
                while data := stream.read(CHUNK):
                    total.update(data)
                    size += len(data)
            # Else a byte could change from the end of a file to the beginning of the next one's name.
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
        """Watches what comes out of a file: refuses a bomb, and tells progress in packed bytes."""
        told = 0

        def count(size: int, out: int) -> None:
            nonlocal told
            self._expanded += size
            self._refuse_bombs(entry, out)
            # Packed and expanded sizes differ: progress never passes the packed size, and the rest comes with the end of the file.
            step = min(size, entry.packed - told) if size else entry.packed - told
            told += step
            if self.on_bytes is not None and step:
                self.on_bytes(step)

        return count

    def _refuse_bombs(self, entry: Entry, out: int) -> None:
        if out > FREE_BYTES and out > MAX_RATIO * max(entry.packed, 1):
            raise Unsafe(f"{entry.name}: swells to more than {MAX_RATIO} times its stored size (a decompression bomb?)")
        if self._expanded > 16 * FREE_BYTES and self._expanded > MAX_RATIO * self.packed:
            raise Unsafe(f"{self.title}: swells to more than {MAX_RATIO} times its stored size (a decompression bomb?)")


def archives_in(folder: Path) -> list[Path]:
    """The zip archives that lie directly in a folder."""
    return sorted(path for path in folder.iterdir() if path.is_file() and is_zip(path))
