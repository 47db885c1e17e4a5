"""The files of a folder, a zip or a tar archive, under the names that their platform gave them; hostile names are refused."""

from __future__ import annotations

import os
import tarfile
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from regard.errors import Malformed, Unsafe
from regard.sources.formats.streams import BROKEN

MAX_ENTRIES = 2_000_000

JUNK = ("__MACOSX", ".DS_Store", "Thumbs.db", ".git")


@dataclass(frozen=True)
class Entry:
    """One file of a bundle."""

    name: str
    packed: int
    """Bytes as stored; the unit of progress."""
    path: Path | None
    """The file on disk, where it lies there by itself."""
    member: str | None = None
    """Its stored name inside the zip archive at `Bundle.archive`."""
    offset: int | None = None
    """Where its bytes begin in `path`, where that is a tar archive."""


def is_zip(path: Path) -> bool:
    """Whether a file begins as a zip archive does."""
    try:
        with path.open("rb") as stream:
            return stream.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
    except OSError:
        return False


def entries_of_zip(path: Path) -> dict[str, Entry]:
    """The files of an archive by name; raises Malformed where it is broken or encrypted, Unsafe for names that leave it."""
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
            found.append(Entry(clean(name), info.compress_size, None, info.filename))
    return _without_top(found)


def is_tar(head: bytes) -> bool:
    """Whether the first 512 bytes of a file are the first header of a tar archive, in either of the forms written since 1988."""
    return head[257:262] == b"ustar"


def entries_of_tar(path: Path, title: str) -> dict[str, Entry]:
    """The files of an uncompressed tar archive by name, links and devices left out.

    Raises Malformed where it is broken, Unsafe for names that leave it; `title` is what the error calls it.
    """
    found, seen = list[Entry](), 0
    try:
        with tarfile.open(path, "r:") as archive:
            while info := archive.next():
                seen += 1
                if seen > MAX_ENTRIES:
                    raise Unsafe(f"{title}: more than {MAX_ENTRIES:,} files in one archive")
                if _escapes(info.name):
                    raise Unsafe(f"{title}: holds a file named {info.name!r}, which would leave the archive's folder")
                if info.isreg() and not info.issparse() and not _is_junk(info.name):
                    found.append(Entry(clean(info.name.removeprefix("./")), info.size, path, offset=info.offset_data))
                # It keeps a kilobyte about each, for looking them up by name.
                archive.members.clear()  # type: ignore[attr-defined]
    except (*BROKEN, tarfile.TarError, OverflowError, MemoryError) as error:
        raise Malformed(title, "a whole tar archive", f"it is cut short or damaged ({error})") from error
    return _without_top(found)


def _zip_name(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & 0x800:
        return info.filename
    # Without the UTF-8 flag zipfile takes the name for cp437; most tools that leave the flag out write UTF-8 all the same.
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def entries_of_folder(path: Path) -> dict[str, Entry]:
    """The files of a folder by name, links left out."""
    found = []
    for folder, folders, files in os.walk(path, followlinks=False):
        folders[:] = sorted(name for name in folders if not _is_junk(name))
        for file in sorted(files):
            place = Path(folder) / file
            if not _is_junk(file) and place.is_file() and not place.is_symlink():
                found.append(Entry(clean(place.relative_to(path).as_posix()), place.stat().st_size, place))
        if len(found) > MAX_ENTRIES:
            raise Unsafe(f"{path}: more than {MAX_ENTRIES:,} files in one folder")
    return _without_top(found)


def _without_top(entries: Sequence[Entry]) -> dict[str, Entry]:
    tops = {entry.name.partition("/")[0] if "/" in entry.name else "" for entry in entries}
    top = tops.pop() if len(tops) == 1 else ""
    if top:
        names = {entry.name: entry.name[len(top) + 1 :] for entry in entries}
        return {names[entry.name]: replace(entry, name=names[entry.name]) for entry in entries}
    return {entry.name: entry for entry in entries}


def clean(name: str) -> str:
    """A name with its letters composed and its parts divided by slashes."""
    return unicodedata.normalize("NFC", name.replace("\\", "/")).lstrip("/")


def _escapes(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or (len(name) > 1 and name[1] == ":")


def _is_junk(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return any(part in JUNK or part.startswith("._") for part in parts)
