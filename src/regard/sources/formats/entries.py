"""The files of a folder, a zip or a tar archive, under the names that their platform gave them. Hostile names are refused."""

from __future__ import annotations

import os
import tarfile
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from regard.errors import Malformed, Unsafe
from regard.sources.formats.streams import BROKEN

MAX_ENTRIES = 2_000_000
"""Files of one input."""

JUNK = ("__MACOSX", ".DS_Store", "Thumbs.db", ".git")
"""Files and folders that operating systems and tools add."""


@dataclass(frozen=True)
class Entry:
    """One file of a bundle."""

    name: str
    packed: int
    """Bytes as stored, the unit of progress."""
    path: Path | None
    """The file on disk: the file itself, or the tar archive that holds it; None for a member of a zip."""
    member: str | None = None
    """Its stored name inside the zip archive at `Bundle.archive`."""
    offset: int | None = None
    """Where its bytes begin in `path`, if that is a tar archive."""


def is_zip(path: Path) -> bool:
    """Whether a file begins as a zip archive does."""
    try:
        with path.open("rb") as stream:
            return stream.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
    except OSError:
        return False


def entries_of_zip(path: Path) -> dict[str, Entry]:
    """Name -> file of a zip archive. Raises Malformed if it is broken or encrypted, Unsafe for names that leave it."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except BROKEN as error:
        raise Malformed(path.name, "a whole zip archive", f"it is cut short or damaged ({error})") from error
    if len(infos) > MAX_ENTRIES:
        raise Unsafe(f"{path.name}: {len(infos):,} files in one archive")
    entries = []
    for info in infos:
        name = _zip_name(info)
        if _escapes(name):
            raise Unsafe(f"{path.name}: holds a file named {name!r}, which would leave the archive's folder")
        if info.flag_bits & 1:
            raise Malformed(path.name, "an archive without a password", f"{name} is encrypted")
        if not _is_junk(name):
            entries.append(Entry(clean(name), info.compress_size, None, info.filename))
    return _by_name(entries, path.name)


def is_tar(head: bytes) -> bool:
    """Whether the first 512 bytes of a file are the first header of a tar archive, in one of the two forms written since 1988."""
    return head[257:262] == b"ustar"


def entries_of_tar(path: Path, title: str) -> dict[str, Entry]:
    """Name -> file of an uncompressed tar archive, without links and devices.

    Raises Malformed if it is broken, Unsafe for names that leave it. `title` is the archive's name in these errors.
    """
    entries, n_members = list[Entry](), 0
    try:
        with tarfile.open(path, "r:") as archive:
            while info := archive.next():
                n_members += 1
                if n_members > MAX_ENTRIES:
                    raise Unsafe(f"{title}: more than {MAX_ENTRIES:,} files in one archive")
                if _escapes(info.name):
                    raise Unsafe(f"{title}: holds a file named {info.name!r}, which would leave the archive's folder")
                if info.isreg() and not info.issparse() and not _is_junk(info.name):
                    entries.append(Entry(clean(info.name.removeprefix("./")), info.size, path, offset=info.offset_data))
                # The library keeps a kilobyte for each member, to look it up by name.
                archive.members.clear()  # type: ignore[attr-defined]
    except (*BROKEN, tarfile.TarError, OverflowError, MemoryError) as error:
        raise Malformed(title, "a whole tar archive", f"it is cut short or damaged ({error})") from error
    return _by_name(entries, title)


def _zip_name(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & 0x800:
        return info.filename
    # Without the UTF-8 flag zipfile decodes the name as cp437. Most tools that do not set the flag write UTF-8 nevertheless.
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def entries_of_folder(path: Path, unreadable: list[str]) -> dict[str, Entry]:
    """Name -> file of a folder, without links. Adds to `unreadable` each folder or file below it that the system does not let in.

    A folder may be forbidden to the user, or so deep that its path is longer than the system takes.
    """
    entries = []
    for folder, folders, files in os.walk(path, followlinks=False, onerror=lambda error: unreadable.append(str(error.filename))):
        folders[:] = sorted(name for name in folders if not _is_junk(name))
        for file in sorted(files):
            full = Path(folder) / file
            try:
                if not _is_junk(file) and full.is_file() and not full.is_symlink():
                    entries.append(Entry(clean(full.relative_to(path).as_posix()), full.stat().st_size, full))
            except OSError:
                unreadable.append(str(full))
        if len(entries) > MAX_ENTRIES:
            raise Unsafe(f"{path}: more than {MAX_ENTRIES:,} files in one folder")
    return _by_name(entries, path.name or str(path))


def _by_name(entries: Sequence[Entry], title: str) -> dict[str, Entry]:
    """Name -> entry, with the top folder removed from the names if all entries share one.

    Raises Malformed for two files of one name, of which one would not be read.
    """
    if len({entry.name for entry in entries}) < len(entries):
        name = next(name for name, times in Counter(entry.name for entry in entries).items() if times > 1)
        problem = f"two are named {name!r}, or differ in the Unicode spelling of that name only; unpack or rename them"
        raise Malformed(title, "files under different names", problem)
    tops = {entry.name.partition("/")[0] if "/" in entry.name else "" for entry in entries}
    top = tops.pop() if len(tops) == 1 else ""
    if top:
        names = {entry.name: entry.name[len(top) + 1 :] for entry in entries}
        return {names[entry.name]: replace(entry, name=names[entry.name]) for entry in entries}
    return {entry.name: entry for entry in entries}


def clean(name: str) -> str:
    r"""A name in Unicode form NFC, with slashes between folders and none at the beginning. Bytes that are no UTF-8 are spelled out.

    >>> clean("/top\\a.json"), clean("\udcff.json")
    ('top/a.json', '\\xff.json')
    """
    # The system gives bytes that its locale does not know as surrogates. In the locale "C" those are the letters of all languages.
    stored = name.replace("\\", "/").replace("\0", "").lstrip("/").encode("utf-8", "surrogateescape")
    return unicodedata.normalize("NFC", stored.decode("utf-8", "backslashreplace"))


def _escapes(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or (len(name) > 1 and name[1] == ":")


def _is_junk(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return any(part in JUNK or part.startswith("._") for part in parts)
