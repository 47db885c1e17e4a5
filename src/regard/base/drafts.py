"""Drafts: a new file or folder is made beside the old one under another name, and replaces it when it is whole.

A killed program leaves its draft behind, with all that it held. A program keeps its drafts locked, and the lock ends with the program. The
next program that writes to the same path removes the drafts without a lock.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from regard.base.locks import is_locked, lock

LONGEST = 200
"""Bytes of a file name to which a draft may still add its own. File systems allow 255."""


def real(path: Path) -> Path:
    """The path to which a link leads. A link stays a link; what is changed, and what lies beside it, is where the data is."""
    return Path(os.path.realpath(path))


@contextlib.contextmanager
def draft_folder(path: Path) -> Iterator[Path]:
    """Make an empty folder beside a path, which only this user can read. What is left of it is removed at the end.

    Drafts that killed programs left there are removed first. Raises OSError if no folder can be made.
    """
    remove_leftovers(path)
    folder = new_name(path, "new")
    folder.mkdir(mode=0o700)
    handle = lock(folder)
    try:
        yield folder
    finally:
        remove(folder)
        if handle is not None:
            os.close(handle)


@contextlib.contextmanager
def draft(path: Path) -> Iterator[Path]:
    """A path for a new file that will replace a file, in a draft folder beside it. Raises OSError if no folder can be made."""
    with draft_folder(path) as folder:
        yield folder / "draft"


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path for a new file, which at the end takes the place of the one at `path`: no reader ever sees half a file.

    The permissions stay, and a link stays a link. Raises OSError if it can't be written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with replacing(Path(folder) / "a.txt") as fresh:
    ...         length = fresh.write_text("whole")
    ...     [(path.name, path.read_text()) for path in Path(folder).iterdir()]
    [('a.txt', 'whole')]
    """
    path = real(path)
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
    with draft(path) as fresh:
        yield fresh
        if path.exists():
            keep_mode(path, fresh)
        fresh.replace(path)


def new_name(path: Path, suffix: str) -> Path:
    """A name beside a path that nothing has yet."""
    return beside(path, f"{secrets.token_hex(4)}.{suffix}")


def beside(path: Path, ending: str) -> Path:
    """The path beside another that belongs to it, under a name with a dot before it."""
    return path.with_name(f"{_stem(path)}.{ending}")


def _stem(path: Path) -> str:
    name = os.fsencode(path.name)
    return f".{path.name}" if len(name) <= LONGEST else f".{hashlib.sha256(name).hexdigest()[:32]}"


def leftovers(path: Path, suffix: str) -> list[Path]:
    """What lies beside a path under a name that `new_name` gives."""
    ours = re.compile(re.escape(_stem(path)) + rf"\.[0-9a-f]{{8}}\.{suffix}")
    with contextlib.suppress(OSError):
        return sorted(entry for entry in path.parent.iterdir() if ours.fullmatch(entry.name))
    return []


def remove_leftovers(path: Path) -> None:
    """Remove the drafts of killed programs beside a path; those of programs that still run stay."""
    for leftover in leftovers(path, r"new(\.wal)?"):
        if not is_locked(leftover):
            remove(leftover)


def remove(path: Path) -> None:
    """Remove a file, a link or a folder, as far as it can be."""
    with contextlib.suppress(OSError):
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def keep_mode(old: Path, fresh: Path) -> None:
    """Give a new file or folder the permissions and the owner of the one that it will replace."""
    state = old.stat()
    with contextlib.suppress(OSError, AttributeError):  # only root may give a file away, and Windows has no owners of this kind
        os.chown(fresh, state.st_uid, state.st_gid)
    fresh.chmod(stat.S_IMODE(state.st_mode))
