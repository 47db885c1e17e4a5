"""Random numbers that are the same on every machine.

NumPy promises the raw stream of its bit generators for good, but the streams of `Generator` only within a version (NEP 19). So all random
numbers here come from the raw stream of PCG64, by comparison and the four operations alone. Nothing uses a logarithm or a power, which two
C libraries may round differently, and nothing uses `hash` or the order of a set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")

SECOND = 1_000_000
"""Microseconds, the unit of all times of acts."""
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

BLOCK = 8192


class Rng:
    """A random number generator with a seed.

    >>> rng = Rng(7)
    >>> [rng.integer_below(6) + 1 for _ in range(8)]
    [4, 6, 5, 2, 2, 6, 1, 5]
    """

    def __init__(self, seed: int) -> None:
        self._bits = np.random.PCG64(seed)
        self.uniform: Callable[[], float] = self._stream().__next__
        """The next number in [0, 1)."""

    def bernoulli(self, probability: float) -> bool:
        """True with this probability."""
        return self.uniform() < probability

    def integer_below(self, limit: int) -> int:
        """A whole number from 0 to limit - 1."""
        return int(self.uniform() * limit)

    def integer_between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + self.integer_below(high - low + 1)

    def choice(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[self.integer_below(len(items))]

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """`count` items at different positions, or all items in random order if there are fewer."""
        if 2 * count >= len(items):
            return self.shuffled(items)[:count]
        positions: dict[int, None] = {}
        while len(positions) < count:
            positions[self.integer_below(len(items))] = None
        return [items[position] for position in positions]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """All items in random order."""
        result = list(items)
        for last in range(len(result) - 1, 0, -1):
            other = self.integer_below(last + 1)
            result[last], result[other] = result[other], result[last]
        return result

    def reply_delay(self, median: int) -> int:
        """Microseconds until somebody answers: 20 s and more, half of the time under 20 s + `median`, with a long tail up to 12 hours."""
        quantile = self.uniform()
        longest = 12 * HOUR - self.integer_below(HOUR)
        return min(20 * SECOND + int(median * quantile / (1.0 - quantile)), longest)

    def short_delay(self, limit: int) -> int:
        """Microseconds from 20 s to `limit`, each equally likely."""
        return self.integer_between(20 * SECOND, limit)

    def _stream(self) -> Iterator[float]:
        while True:
            # The upper 53 bits fill a double exactly; Generator.random does the same.
            yield from ((self._bits.random_raw(BLOCK) >> np.uint64(11)) * 2.0**-53).tolist()
