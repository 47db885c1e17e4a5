"""Influence and passivity (Romero, Galuba, Asur, Huberman, "Influence and passivity in social media", 2011), by power iteration.

An edge from i to j says that j took up the share w of what i offered. Who moves the passive is influential; who is not moved by the
influential is passive: I(i) = sum over j of u(i, j) P(j), with u the share that i has in all that j took up; P(i) = sum over j of
v(j, i) I(j), with v the share of what i refused, among all that was refused to j.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

ROUNDS = 1_000
CLOSE = 1e-10


def influence(source: Indices, target: Indices, taken: Floats, size: int) -> Floats:
    """The influence of each of `size` people; edges go from who is taken up to who takes, `taken` lies in (0, 1].

    >>> influence(np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([0.5, 0.5, 0.1]), 3).round(3).tolist()
    [0.909, 0.091, 0.0]
    """
    accepted = _shares(taken, _added(target, taken, size)[target])
    refused = _shares(1 - taken, _added(source, 1 - taken, size)[source])
    scores, passive = np.full(size, 1 / max(1, size)), np.full(size, 1 / max(1, size))
    for _ in range(ROUNDS):
        passive = _normal(_added(target, refused * scores[source], size))
        fresh = _normal(_added(source, accepted * passive[target], size))
        moved = float(np.abs(fresh - scores).sum())
        scores = fresh
        if moved < CLOSE:
            break
    return scores


def _added(to: Indices, values: Floats, size: int) -> Floats:
    return np.bincount(to, values, size).astype(np.float64)


def _shares(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _normal(scores: Floats) -> Floats:
    total = scores.sum()
    return scores / total if total > 0 else np.full(scores.size, 1 / max(1, scores.size))
