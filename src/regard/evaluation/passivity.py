"""Influence and passivity (Romero, Galuba, Asur, Huberman, "Influence and passivity in social media", 2011), by power iteration.

An edge from i to j with weight w means that j took up the share w of what i offered. A person has influence if they move passive people. A
person is passive if influential people do not move them. I(i) = sum over j of u(i, j) P(j), where u is the share of i in all that j took
up. P(i) = sum over j of v(j, i) I(j), where v is the share of i in all that people refused from j.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

MAX_ITERATIONS = 1_000
TOLERANCE = 1e-10
"""Sum of absolute changes of the scores below which the iteration stops."""


def influence(source: Indices, target: Indices, taken: Floats, size: int) -> Floats:
    """The influence of each of `size` people, which adds up to 1. Edges go from the person who offers to the person who takes up.

    `source`, `target` and `taken` have one entry for each edge; `taken` lies in (0, 1].

    >>> influence(np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([0.5, 0.5, 0.1]), 3).round(3).tolist()
    [0.909, 0.091, 0.0]
    """
    accepted = _divide(taken, _sum_by(target, taken, size)[target])
    refused = _divide(1 - taken, _sum_by(source, 1 - taken, size)[source])
    scores, passive = np.full(size, 1 / max(1, size)), np.full(size, 1 / max(1, size))
    for _ in range(MAX_ITERATIONS):
        passive = _normalise(_sum_by(target, refused * scores[source], size))
        updated = _normalise(_sum_by(source, accepted * passive[target], size))
        change = float(np.abs(updated - scores).sum())
        scores = updated
        if change < TOLERANCE:
            break
    return scores


def _sum_by(people: Indices, values: Floats, size: int) -> Floats:
    return np.bincount(people, values, size).astype(np.float64)


def _divide(values: Floats, totals: Floats) -> Floats:
    return np.divide(values, totals, out=np.zeros_like(values), where=totals > 0)


def _normalise(scores: Floats) -> Floats:
    total = scores.sum()
    return scores / total if total > 0 else np.full(scores.size, 1 / max(1, scores.size))
