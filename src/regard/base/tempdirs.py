"""Temporary folders that go with the program, and those that a killed program left behind.

What people wrote may lie in them, so none is left for good: a folder holds a file that its program keeps locked, and the lock goes with
the program however it ends. The next program that needs a folder removes those without a lock.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile
import time
from functools import cache
from pathlib import Path

from regard.errors import UsageError

try:
    import fcntl
except ImportError:  # Windows: nothing tells there whether a program still lives, and its folders stay until it ends by itself
    fcntl = None  # type: ignore[assignment]

PREFIX = "regard-"
LOCK = ".lock"
YOUNG_SECONDS = 60
"""So long a folder may be without its lock: it is made first, and locked then."""


def new_folder(inside: str | os.PathLike[str] | None = None) -> Path:
    """A new empty folder, readable by this user only; whoever asks may remove it, and else it goes with the program.

    It is in the system's temporary folder, or `inside` another; raises UsageError where none can be made.

    >>> place = new_folder()
    >>> place.is_dir(), list(place.iterdir())
    (True, [])
    """
    place = os.path.realpath(inside or tempfile.gettempdir())
    try:
        return Path(tempfile.mkdtemp(dir=_of_process(os.getpid(), place)))
    except OSError as error:
        raise UsageError(f"{place}: no temporary files can be kept there ({error.strerror})") from error


@cache
def _of_process(pid: int, inside: str) -> Path:
    remove_leftovers(inside)
    place = Path(tempfile.mkdtemp(prefix=PREFIX, dir=inside))
    if fcntl is not None:
        handle = os.open(place / LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        with contextlib.suppress(OSError):  # a shared folder may know no locks: then what is left there is never removed by others
            fcntl.flock(handle, fcntl.LOCK_EX)  # never closed: the lock is to end with the program
    atexit.register(_remove, place, pid)
    return place


def _remove(place: Path, pid: int) -> None:
    # A forked child ends with the parent's list of what to do at the end.
    if os.getpid() == pid:
        shutil.rmtree(place, ignore_errors=True)


def remove_leftovers(inside: str | None = None) -> None:
    """Remove the folders of programs that have ended."""
    if fcntl is None:
        return
    for place in Path(inside or tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if _is_left(place):
            shutil.rmtree(place, ignore_errors=True)


def _is_left(place: Path) -> bool:
    try:
        if place.is_symlink() or place.stat().st_uid != os.getuid() or time.time() - place.stat().st_mtime < YOUNG_SECONDS:
            return False
        handle = os.open(place / LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True
