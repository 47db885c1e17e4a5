"""The bandwidths of this machine, from which `floors.py` computes its floors.

A floor is the number of bytes that must be moved at the least, over a bandwidth that is measured here: copying in memory, fetching cache
lines of memory in random order (as a look-up of a key in a large table does), reading from the disk without its cache, writing to it.
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
"""Bytes of a cache line: memory comes in such pieces."""
BLOCK = 1 << 24
"""Bytes of a block on disk."""
BLOCKS = 64
THREADS = os.cpu_count() or 1


@dataclass(frozen=True)
class Bandwidth:
    """Bytes a second of the whole machine. Memory is used by as many threads as there are processors."""

    copy: float
    """Copying in memory; bytes read and bytes written both count."""
    lines: float
    """Fetching cache lines in random order."""
    disk_read: float
    disk_write: float


def measure_bandwidth() -> Bandwidth:
    """The machine's bandwidths, each the best of three runs."""
    numbers = np.ones(1 << 26)
    copies = [np.empty_like(numbers) for _ in range(THREADS)]
    indexes = np.random.default_rng(1).integers(0, numbers.size, 1 << 24)
    with ThreadPoolExecutor(THREADS) as threads:
        copy = 2 * THREADS * numbers.nbytes / _best_time(lambda: list(threads.map(lambda target: np.copyto(target, numbers), copies)))
        lines = THREADS * LINE * indexes.size / _best_time(lambda: list(threads.map(lambda _: numbers.take(indexes), copies)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "blocks"
        write = BLOCK * BLOCKS / _best_time(lambda: _write_blocks(path))
        read = BLOCK * BLOCKS / _best_time(lambda: _read_blocks(path))
    return Bandwidth(copy, lines, read, write)


def _best_time(work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def _write_blocks(path: Path) -> None:
    with mmap.mmap(-1, BLOCK) as block:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_DIRECT)
        for _ in range(BLOCKS):
            os.writev(handle, [block])
        os.fsync(handle)
        os.close(handle)


def _read_blocks(path: Path) -> None:
    with mmap.mmap(-1, BLOCK) as block:
        handle = os.open(path, os.O_RDONLY | os.O_DIRECT)
        while os.readv(handle, [block]):
            pass
        os.close(handle)
