"""Chance that falls alike on every machine.

NumPy promises the raw stream of its bit generators for good, and the streams of `Generator` only within a version (NEP 19). So all
draws are made here from the raw stream of PCG64, with nothing but comparison and the four operations: no logarithm or power that
two C libraries round differently, no `hash`, no order of a set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")

SECOND = 1_000_000
"""Microseconds, as all times of acts."""
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

BLOCK = 8192


class Dice:
    """A stream of chance from one seed.

    >>> dice = Dice(7)
    >>> [dice.below(6) + 1 for _ in range(8)]
    [4, 6, 5, 2, 2, 6, 1, 5]
    """

    def __init__(self, seed: int) -> None:
        self._bits = np.random.PCG64(seed)
        self.uniform: Callable[[], float] = self._stream().__next__
        """The next number in [0, 1)."""

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.uniform() < probability

    def below(self, limit: int) -> int:
        """A whole number from 0 to limit - 1."""
        return int(self.uniform() * limit)

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + self.below(high - low + 1)

    def pick(self, things: Sequence[T]) -> T:
        """One of them."""
        return things[self.below(len(things))]

    def few(self, things: Sequence[T], count: int) -> list[T]:
        """So many different ones (by place), or all of them in a chance order if there are fewer."""
        if 2 * count >= len(things):
            return self.shuffled(things)[:count]
        places: dict[int, None] = {}
        while len(places) < count:
            places[self.below(len(things))] = None
        return [things[place] for place in places]

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """All of them in a chance order."""
        pile = list(things)
        for place in range(len(pile) - 1, 0, -1):
            other = self.below(place + 1)
            pile[place], pile[other] = pile[other], pile[place]
        return pile

    def wait(self, usual: int) -> int:
        """Microseconds until somebody answers: half of the time under `usual` and 20 s, with a long tail that ends at 12 hours."""
        part = self.uniform()
        late = 12 * HOUR - self.below(HOUR)
        return min(20 * SECOND + int(usual * part / (1.0 - part)), late)

    def soon(self, limit: int) -> int:
        """Microseconds from 20 s to `limit`, evenly."""
        return self.between(20 * SECOND, limit)

    def _stream(self) -> Iterator[float]:
        while True:
            # The upper 53 bits fill a double exactly; this is also what Generator.random does.
            yield from ((self._bits.random_raw(BLOCK) >> np.uint64(11)) * 2.0**-53).tolist()
