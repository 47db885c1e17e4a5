"""The alive model by its formulas, as products and sums that are written out."""

from __future__ import annotations

from itertools import product
from math import comb
from typing import NamedTuple

import numpy as np

from regard.measures.kernels.alive_model import Grid

from .world import Floats


def likelihood(x: int, t: int, n: int, p: Floats, q: Floats) -> tuple[Floats, Floats]:
    """L(p, q) as it stands in the paper, and the part of it in which the tie lives."""
    alive = p**x * (1 - p) ** (n - x) * (1 - q) ** n
    died = [p**x * (1 - p) ** (t - x + i) * q * (1 - q) ** (t + i) for i in range(n - t)]
    return alive + np.sum(died, axis=0) if died else alive, alive


def silence(p: Floats, q: Floats, bins: int) -> Floats:
    """f(bins), the chance that a living tie does not act within so many bins, by the recursion."""
    chance = np.ones_like(p)
    for _ in range(bins):
        chance = q + (1 - q) * (1 - p) * chance
    return chance


def in_several(p: Floats, q: Floats, bins: int, times: int) -> Floats:
    """The chance that a living tie acts in so many of the bins or more. Every death and every pattern of acts before it is added up."""
    chance = np.zeros_like(p)
    for lived in range(bins + 1):
        stays = (1 - q) ** lived * (q if lived < bins else 1)
        for pattern in product((0, 1), repeat=lived):
            if sum(pattern) >= times:
                chance += stays * p ** sum(pattern) * (1 - p) ** (lived - sum(pattern))
    return chance


def often(p: Floats, q: Floats, bins: int, times: int) -> Floats:
    """The same for many bins. Patterns with the same number of acts are counted and not written out."""
    chance = np.zeros_like(p)
    for lived in range(bins + 1):
        stays = (1 - q) ** lived * (q if lived < bins else 1)
        chance += stays * sum((comb(lived, k) * p**k * (1 - p) ** (lived - k) for k in range(times, lived + 1)), np.zeros_like(p))
    return chance


class Chances(NamedTuple):
    """The chances that a tie lives, that it acts again within so many bins, and that it acts in three of them."""

    p_alive: float
    p_return: float
    p_return_3: float


def chances(grid: Grid, x: int, t: int, n: int, bins: int) -> Chances:
    """What a prior says of a state."""
    both, alive = likelihood(x, t, n, grid.p, grid.q)
    evidence = float(both @ grid.weight)
    future = (np.ones_like(grid.p), 1 - silence(grid.p, grid.q, bins), often(grid.p, grid.q, bins, 3))
    return Chances(*(float((alive * ahead) @ grid.weight) / evidence for ahead in future))
