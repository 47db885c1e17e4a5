"""Metrics: how well a score predicts what happened. Arrays in, numbers out; NaN if there is nothing to measure.

Rank correlations take weights, so that one calculation serves the people as they are (all weights 1) and a thousand bootstrap draws at
once. People are rows, draws are columns.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LEAST_CHANCE = 1e-6
"""Chances are kept this far from 0 and 1: a certain prediction that fails would have an infinite log loss."""


class Ranking:
    """Values that are ranked under many weights. They are sorted once."""

    def __init__(self, values: Floats) -> None:
        _, self.group = np.unique(values, return_inverse=True)
        """The number of the group of equal values that each value is in, from the smallest value up."""
        self.order = np.argsort(self.group, kind="stable")
        self.starts = np.flatnonzero(np.diff(self.group[self.order], prepend=-1))
        """Where each group starts in that order."""
        self.largest = int(np.argmax(np.bincount(self.group))) if values.size else 0
        """The group with the most values."""
        self.outside = np.flatnonzero(self.group != self.largest)
        """Indexes of the values that are not in the largest group."""

    def midranks(self, weights: Floats) -> tuple[Floats, Floats]:
        """The midrank of each group of equal values less the mean rank, and the weighted sum of squares of these.

        `weights` is (values, draws); the results are (groups, draws) and (draws,).

        >>> midranks, squares = Ranking(np.array([5.0, 9, 5])).midranks(np.ones((3, 1)))
        >>> midranks[:, 0].tolist(), squares.tolist()
        ([-0.5, 1.0], [1.5])
        """
        sizes = np.add.reduceat(weights[self.order], self.starts, axis=0)
        midranks = np.cumsum(sizes, axis=0)
        midranks -= sizes / 2 + midranks[-1] / 2
        return midranks, np.einsum("gb,gb,gb->b", sizes, midranks, midranks)


def correlate(scores: list[Ranking], targets: list[Ranking], weights: Floats) -> Floats:
    """Spearman's rank correlation of each score with each target in each draw: (scores, targets, draws).

    A score with the same value for everybody predicts nothing and has correlation 0. A target with the same value for everybody cannot be
    predicted and gives NaN.
    """
    # Most people have the same value of a target, 0. Midranks less their mean add up to 0, so that the sum over people can be written with
    # the people outside that largest group only.
    contrasts = []
    for target in targets:
        midranks, squares = target.midranks(weights)
        contrast = (midranks[target.group[target.outside]] - midranks[target.largest]) * weights[target.outside]
        contrasts.append((target.outside, contrast, squares))
    result = np.empty((len(scores), len(targets), weights.shape[1]))
    for i, score in enumerate(scores):
        midranks, squares = score.midranks(weights)
        for j, (outside, contrast, target_squares) in enumerate(contrasts):
            covariance = np.einsum("nb,nb->b", midranks[score.group[outside]], contrast)
            scale = np.sqrt(squares * target_squares)
            result[i, j] = np.divide(covariance, scale, out=np.zeros_like(covariance), where=scale > 0)
            result[i, j, target_squares == 0] = np.nan
    return result


def spearman(scores: Floats, target: Floats) -> float:
    """Spearman's rank correlation of a score with a target; equal values have their midrank.

    >>> round(spearman(np.array([1.0, 2, 3, 4]), np.array([1.0, 2, 2, 9])), 4)
    0.9487
    """
    if not scores.size:
        return float("nan")
    return float(correlate([Ranking(scores)], [Ranking(target)], np.ones((scores.size, 1)))[0, 0, 0])


def partial(score_target: float, given_target: float, score_given: float) -> float:
    """The partial rank correlation of a score and a target given a third variable, from the three pairwise rank correlations."""
    scale = (1 - given_target**2) * (1 - score_given**2)
    return float((score_target - given_target * score_given) / scale**0.5) if scale > 1e-12 else float("nan")


def ndcg(scores: Floats, gains: Floats, first: int) -> float:
    """Normalised discounted cumulative gain of the first few; equal scores share their positions (McSherry, Najork 2008).

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
    cumulative = np.concatenate([[0], np.cumsum(discount)])
    return float((np.bincount(group, gains) / sizes) @ (cumulative[ends] - cumulative[ends - sizes])) if scores.size else 0.0


def auc(scores: Floats, positive: Bools) -> float:
    """The area under the ROC curve: how often a positive case scores higher than a negative one, equal scores counting half."""
    n_positive, n_negative = int(positive.sum()), int((~positive).sum())
    if not n_positive or not n_negative:
        return float("nan")
    ranking = Ranking(scores)
    midranks, _ = ranking.midranks(np.ones((scores.size, 1)))
    return float(0.5 + midranks[ranking.group[positive], 0].sum() / (n_positive * n_negative))


def average_precision(scores: Floats, positive: Bools) -> float:
    """Precision averaged over the recall that each threshold adds; equal scores pass a threshold together."""
    if not positive.any():
        return float("nan")
    values, group = np.unique(-scores, return_inverse=True)
    passed = np.cumsum(np.bincount(group, minlength=values.size))
    hits = np.bincount(group, positive, values.size)
    return float((hits * np.cumsum(hits) / passed).sum() / hits.sum())


def brier(chances: Floats, positive: Bools) -> float:
    """The Brier score: the mean square of the chance less the outcome (0 or 1)."""
    return float(np.mean((chances - positive) ** 2)) if chances.size else float("nan")


def log_loss(chances: Floats, positive: Bools) -> float:
    """The mean negative log likelihood of the outcomes, in nats."""
    if not chances.size:
        return float("nan")
    clipped = np.clip(chances, LEAST_CHANCE, 1 - LEAST_CHANCE)
    return float(-np.mean(np.where(positive, np.log(clipped), np.log1p(-clipped))))


def slope(chances: Floats, positive: Bools) -> float:
    """The slope of the reliability line, a least squares fit of outcomes on chances. It is 1 if the chances are calibrated.

    >>> slope(np.array([0.2, 0.2, 0.2, 0.2, 0.2, 0.8, 0.8, 0.8, 0.8, 0.8]), np.array([1, 0, 0, 0, 0, 1, 1, 1, 1, 0], dtype=bool))
    1.0
    """
    if chances.size < 2 or np.ptp(chances) == 0:
        return float("nan")
    centred = chances - chances.mean()
    return float(round(centred @ (positive - positive.mean()) / (centred @ centred), 12))
