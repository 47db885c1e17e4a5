"""Temporary folders that are removed when the program ends, and removal of the folders that a killed program left behind.

They may hold what people wrote, so none may stay for good. Each folder holds a file that its program keeps locked. The lock ends with the
program, however the program ends. The next program that needs a folder removes the folders without a lock.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import stat
import tempfile
import time
from functools import cache
from pathlib import Path

from regard.errors import UsageError

try:
    import fcntl
except ImportError:  # Windows: nothing shows whether a program still runs, so the folders of a killed program stay
    fcntl = None  # type: ignore[assignment]

PREFIX = "regard-"
NOT_LOCKED_YET = f".{PREFIX}"
"""How the name of a folder begins until its program has locked it."""
LOCK = ".lock"
YOUNG_SECONDS = 60
"""A folder that is not locked yet may be about to be, if it is younger than this."""


def new_folder(inside: str | os.PathLike[str] | None = None) -> Path:
    """Make a new empty folder that only this user can read. The caller may remove it; otherwise it is removed when the program ends.

    It lies in the system's temporary folder, or in the folder `inside`. Raises UsageError if it can't be made.

    >>> folder = new_folder()
    >>> folder.is_dir(), list(folder.iterdir())
    (True, [])
    """
    parent = os.path.realpath(inside or tempfile.gettempdir())
    try:
        return Path(tempfile.mkdtemp(dir=_process_folder(os.getpid(), parent)))
    except OSError as error:
        raise UsageError(f"{parent}: no temporary files can be kept there ({error.strerror})") from error


def own_folder() -> Path:
    """The folder in the system's temporary folder that holds all temporary files of this program."""
    return _process_folder(os.getpid(), os.path.realpath(tempfile.gettempdir()))


@cache
def _process_folder(pid: int, inside: str) -> Path:
    """The one folder of this process, which holds all its others."""
    remove_leftovers(inside)
    folder = Path(tempfile.mkdtemp(prefix=NOT_LOCKED_YET, dir=inside))
    if fcntl is not None:
        handle = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        with contextlib.suppress(OSError):  # a shared file system may have no locks; other programs then never remove this folder
            fcntl.flock(handle, fcntl.LOCK_EX)  # the handle is never closed, so that the lock ends with the program
    folder = folder.rename(folder.with_name(folder.name[1:]))
    atexit.register(_remove, folder, pid)
    return folder


def _remove(folder: Path, pid: int) -> None:
    # A forked child inherits the parent's atexit functions, and must not remove the parent's folder.
    if os.getpid() == pid:
        shutil.rmtree(folder, ignore_errors=True)


def remove_leftovers(inside: str | None = None) -> None:
    """Remove the folders of programs that have ended."""
    if fcntl is None:
        return
    for prefix in (PREFIX, NOT_LOCKED_YET):
        for folder in Path(inside or tempfile.gettempdir()).glob(f"{prefix}*"):
            if _is_leftover(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_leftover(folder: Path) -> bool:
    try:
        state = folder.lstat()
        if state.st_uid != os.getuid() or not stat.S_ISDIR(state.st_mode):
            return False
        if folder.name.startswith(NOT_LOCKED_YET):
            return time.time() - state.st_mtime >= YOUNG_SECONDS
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True
