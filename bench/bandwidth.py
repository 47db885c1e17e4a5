"""What this machine can move: the bandwidths behind the floors of `growth.py`.

Floors are bytes that must be moved at the least, over what was measured here: copying in memory, fetching lines of memory in no order (a
look-up of a key in a large table does just that), reading from the disk past its cache, writing to it.
"""

from __future__ import annotations

import mmap
import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

LINE = 64
"""Bytes that come from memory at once."""
BLOCK = 1 << 24
BLOCKS = 64
THREADS = os.cpu_count() or 1


@dataclass(frozen=True)
class Bandwidth:
    """Bytes a second of the whole machine: memory is asked by as many threads as it has processors."""

    copy: float
    """Read and written together."""
    lines: float
    """Lines fetched in no order."""
    disk_read: float
    disk_write: float


def measured() -> Bandwidth:
    """The machine's bandwidths, the best of three times each."""
    numbers = np.ones(1 << 26)
    others = [np.empty_like(numbers) for _ in range(THREADS)]
    places = np.random.default_rng(1).integers(0, numbers.size, 1 << 24)
    with ThreadPoolExecutor(THREADS) as threads:
        copy = 2 * THREADS * numbers.nbytes / _best(lambda: list(threads.map(lambda other: np.copyto(other, numbers), others)))
        lines = THREADS * LINE * places.size / _best(lambda: list(threads.map(lambda _: numbers.take(places), others)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "blocks"
        write = BLOCK * BLOCKS / _best(lambda: _written(path))
        read = BLOCK * BLOCKS / _best(lambda: _read(path))
    return Bandwidth(copy, lines, read, write)


def _best(work: Callable[[], object]) -> float:
    found = []
    for _ in range(3):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return min(found)


def _written(path: Path) -> None:
    with mmap.mmap(-1, BLOCK) as block:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_DIRECT)
        for _ in range(BLOCKS):
            os.writev(handle, [block])
        os.fsync(handle)
        os.close(handle)


def _read(path: Path) -> None:
    with mmap.mmap(-1, BLOCK) as block:
        handle = os.open(path, os.O_RDONLY | os.O_DIRECT)
        while os.readv(handle, [block]):
            pass
        os.close(handle)
