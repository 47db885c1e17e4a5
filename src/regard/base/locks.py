"""Locks on files and folders, which end with the program that holds them, however it ends."""

from __future__ import annotations

import os
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has no locks of this kind: two programs are not kept apart there
    fcntl = None  # type: ignore[assignment]

AVAILABLE = fcntl is not None


def lock(path: Path, *, shared: bool = False, make: bool = False) -> int | None:
    """Lock what is at a path now, and return a handle: `os.close` ends the lock. None where there are no locks.

    Several programs may hold a `shared` lock. With `make` an empty file is made if nothing is there. Raises BlockingIOError if another
    program, or this one under another handle, has a lock that doesn't allow it; OSError if nothing is there.

    >>> import tempfile
    >>> handle = lock(Path(tempfile.mkdtemp()), shared=True)
    """
    while fcntl is not None:
        handle = os.open(path, (os.O_CREAT | os.O_RDWR if make else os.O_RDONLY) | os.O_CLOEXEC, 0o600)
        try:
            _flock(handle, shared=shared)
            # What was locked may have been removed or replaced in the meantime: a lock on that keeps nobody away.
            if os.path.samestat(os.fstat(handle), path.stat()):
                return handle
        except FileNotFoundError:
            if not make:
                raise
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)
    return None


def is_locked(path: Path) -> bool:
    """Whether a program has a lock on what is at a path, or might have one where there are no locks."""
    try:
        handle = lock(path)
    except BlockingIOError:
        return True
    except OSError:
        return False
    if handle is not None:
        os.close(handle)
    return handle is None


def _flock(handle: int, *, shared: bool) -> None:
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:  # a shared file system may have no locks; programs are not kept apart there
        pass
