"""How well a score tells what came: arrays in, numbers out, NaN where there is nothing to be told.

Rank correlations are taken under weights, so that one calculation serves the people as they are (all weights 1) and a thousand draws
of them at once: people stand in rows and draws in columns.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LEAST_CHANCE = 1e-6
"""A chance of 0 or 1 that fails would cost infinitely much."""


class Ranked:
    """Values to be ranked under many weights: sorted once."""

    def __init__(self, values: Floats) -> None:
        _, self.group = np.unique(values, return_inverse=True)
        self.order = np.argsort(self.group, kind="stable")
        self.starts = np.flatnonzero(np.diff(self.group[self.order], prepend=-1))
        self.common = int(np.argmax(np.bincount(self.group))) if values.size else 0
        """The group that most are in."""
        self.others = np.flatnonzero(self.group != self.common)

    def middles(self, weights: Floats) -> tuple[Floats, Floats]:
        """The rank at the middle of each group of equals, less the mean rank, and the sum of its squares; a column for each draw.

        >>> middles, squares = Ranked(np.array([5.0, 9, 5])).middles(np.ones((3, 1)))
        >>> middles[:, 0].tolist(), squares.tolist()
        ([-0.5, 1.0], [1.5])
        """
        held = np.add.reduceat(weights[self.order], self.starts, axis=0)
        middles = np.cumsum(held, axis=0)
        middles -= held / 2 + middles[-1] / 2
        return middles, np.einsum("gb,gb,gb->b", held, middles, middles)


def correlations(scores: list[Ranked], targets: list[Ranked], weights: Floats) -> Floats:
    """Spearman's rank correlation of each score with each target in each draw: (scores, targets, draws).

    A score that is the same for all tells nothing: 0. A target that is the same for all can't be told: NaN.
    """
    # Nobody comes to most people. Ranks less their mean add up to 0, so that only those count to whom another number came.
    wanted = []
    for target in targets:
        middles, spread = target.middles(weights)
        beyond = (middles[target.group[target.others]] - middles[target.common]) * weights[target.others]
        wanted.append((target.others, beyond, spread))
    found = np.empty((len(scores), len(targets), weights.shape[1]))
    for i, score in enumerate(scores):
        middles, squares = score.middles(weights)
        for j, (others, beyond, spread) in enumerate(wanted):
            top, scale = np.einsum("nb,nb->b", middles[score.group[others]], beyond), np.sqrt(squares * spread)
            found[i, j] = np.divide(top, scale, out=np.zeros_like(top), where=scale > 0)
            found[i, j, spread == 0] = np.nan
    return found


def spearman(one: Floats, other: Floats) -> float:
    """Spearman's rank correlation of a score with a target, ties at their middle rank.

    >>> round(spearman(np.array([1.0, 2, 3, 4]), np.array([1.0, 2, 2, 9])), 4)
    0.9487
    """
    if not one.size:
        return float("nan")
    return float(correlations([Ranked(one)], [Ranked(other)], np.ones((one.size, 1)))[0, 0, 0])


def partial(score: float, given: float, between: float) -> float:
    """The rank correlation that is left when a third is given: of score and target, given and target, score and given."""
    scale = (1 - given**2) * (1 - between**2)
    return float((score - given * between) / scale**0.5) if scale > 1e-12 else float("nan")


def ndcg(scores: Floats, gains: Floats, first: int) -> float:
    """Normalised discounted cumulative gain of the first few; those who tie share their places (McSherry, Najork 2008).

    >>> ndcg(np.array([3.0, 2, 1]), np.array([0.0, 0, 1]), 2)
    0.0
    """
    best = _dcg(gains, gains, first)
    return _dcg(scores, gains, first) / best if best > 0 else float("nan")


def _dcg(scores: Floats, gains: Floats, first: int) -> float:
    discount = 1 / np.log2(np.arange(scores.size) + 2)
    discount[first:] = 0
    _, group, sizes = np.unique(-scores, return_inverse=True, return_counts=True)
    ends = np.cumsum(sizes)
    upto = np.concatenate([[0], np.cumsum(discount)])
    return float((np.bincount(group, gains) / sizes) @ (upto[ends] - upto[ends - sizes])) if scores.size else 0.0


def auc(scores: Floats, again: Bools) -> float:
    """The chance that one who came back scores higher than one who did not, ties counting half."""
    came, not_came = int(again.sum()), int((~again).sum())
    if not came or not not_came:
        return float("nan")
    ranked = Ranked(scores)
    middles, _ = ranked.middles(np.ones((scores.size, 1)))
    return float(0.5 + middles[ranked.group[again], 0].sum() / (came * not_came))


def average_precision(scores: Floats, again: Bools) -> float:
    """Precision averaged over the recall that each threshold adds; those who tie pass together."""
    if not again.any():
        return float("nan")
    values, group = np.unique(-scores, return_inverse=True)
    passed = np.cumsum(np.bincount(group, minlength=values.size))
    hits = np.bincount(group, again, values.size)
    return float((hits * np.cumsum(hits) / passed).sum() / hits.sum())


def brier(chances: Floats, again: Bools) -> float:
    """The mean square of chance less outcome."""
    return float(np.mean((chances - again) ** 2)) if chances.size else float("nan")


def log_loss(chances: Floats, again: Bools) -> float:
    """The mean surprise in nats."""
    if not chances.size:
        return float("nan")
    sure = np.clip(chances, LEAST_CHANCE, 1 - LEAST_CHANCE)
    return float(-np.mean(np.where(again, np.log(sure), np.log1p(-sure))))


def slope(chances: Floats, again: Bools) -> float:
    """The slope of the reliability line, of outcomes on chances by least squares: 1 where chances are what they say.

    >>> slope(np.array([0.2, 0.2, 0.2, 0.2, 0.2, 0.8, 0.8, 0.8, 0.8, 0.8]), np.array([1, 0, 0, 0, 0, 1, 1, 1, 1, 0], dtype=bool))
    1.0
    """
    if chances.size < 2 or np.ptp(chances) == 0:
        return float("nan")
    apart = chances - chances.mean()
    return float(round(apart @ (again - again.mean()) / (apart @ apart), 12))
