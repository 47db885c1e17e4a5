"""Paired bootstrap over people: how far would rank correlations move with other people of the same kind?

People are drawn with replacement. A drawn person comes with all their scores and outcomes in every snapshot in which they were active. All
scores are judged on the same draws, so that the difference between two of them is a paired one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.base.progress import NO_PROGRESS, Progress
from regard.evaluation.metrics import Ranking, correlate

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

BATCH_CELLS = 1_000_000
"""Weights held in memory at once: people times draws."""
SPLITS = 200
"""Random splits of the people as they are. The estimate of `compare_with_best` is their mean."""


@dataclass(frozen=True)
class Sample:
    """Some people of one snapshot: their positions, their scores and their outcomes."""

    positions: Indices
    """(people,): a person has the same position in all snapshots."""
    scores: Mapping[str, Floats]
    """By name, (people,) each."""
    targets: Mapping[str, Floats]
    """By name, (people,) each."""


class Correlations:
    """Rank correlations of all scores with all targets, averaged over the snapshots, as a function of the weights of the people."""

    def __init__(self, samples: Sequence[Sample], scores: Sequence[str], targets: Sequence[str]) -> None:
        samples = [sample for sample in samples if sample.positions.size]
        self.people, self._rows = _number_people([sample.positions for sample in samples])
        self._rankings = [
            ([Ranking(sample.scores[name]) for name in scores], [Ranking(sample.targets[name]) for name in targets]) for sample in samples
        ]
        self._n_scores, self.n_targets = len(scores), len(targets)

    def weighted(self, weights: Floats) -> Floats:
        """The correlations under weights (people, draws): (scores, targets, draws). NaN if no snapshot has a value."""
        if not self._rankings:
            return np.full((self._n_scores, self.n_targets, weights.shape[1]), np.nan)
        pairs = zip(self._rows, self._rankings, strict=True)
        return _mean(np.stack([correlate(scores, targets, weights[rows]) for rows, (scores, targets) in pairs]))

    def observed(self) -> Floats:
        """The correlations of the people as they are: (scores, targets)."""
        return self.weighted(np.ones((self.people, 1)))[:, :, 0]


def _number_people(positions: Sequence[Indices]) -> tuple[int, list[Indices]]:
    """How many different people there are, and for each sample the row of each of its people."""
    if not positions:
        return 0, []
    people, rows = np.unique(np.concatenate(positions), return_inverse=True)
    return int(people.size), np.split(rows, np.cumsum([sample.size for sample in positions])[:-1])


@dataclass(frozen=True)
class Resampling:
    """How often people are drawn and from which seed. `progress` advances with each draw."""

    draws: int
    seed: int
    progress: Progress = NO_PROGRESS


def batch_sizes(people: int, draws: int) -> list[int]:
    """The number of draws in each batch, so that a batch fits into memory; they add up to `draws`."""
    size = max(1, min(draws, BATCH_CELLS // max(1, people)))
    return [min(size, draws - start) for start in range(0, draws, size)]


def resample(rng: np.random.Generator, people: int, draws: int) -> Floats:
    """How often each person is drawn: (people, draws). Each draw draws as many people as there are."""
    drawn = rng.integers(0, max(1, people), (draws, people)) + np.arange(draws)[:, None] * people
    return np.bincount(drawn.ravel(), minlength=draws * people).reshape(draws, people).T.astype(np.float64)


def bootstrap(correlations: Correlations, resampling: Resampling) -> Floats:
    """The correlations in all draws of people: (scores, targets, draws)."""
    rng = np.random.default_rng(resampling.seed)
    batches: list[Floats] = []
    for size in batch_sizes(correlations.people, resampling.draws):
        batches.append(correlations.weighted(resample(rng, correlations.people, size)))
        resampling.progress.advance(size)
    return np.concatenate(batches, axis=2)


def compare_with_best(correlations: Correlations, resampling: Resampling) -> tuple[Floats, Floats]:
    """The first score's correlation less that of the other score which is best on the other half of the people.

    Returns the estimate (targets,) and all draws (targets, draws). People are split into halves anew for each draw, so that no lucky split
    decides.
    """
    if not correlations.people:
        return np.full(correlations.n_targets, np.nan), np.full((correlations.n_targets, resampling.draws), np.nan)
    rng = np.random.default_rng(resampling.seed)
    drawn: list[Floats] = []
    observed: list[Floats] = []
    for size in batch_sizes(correlations.people, resampling.draws):
        weights = resample(rng, correlations.people, size)
        half = (rng.random((correlations.people, size)) < 0.5).astype(np.float64)
        drawn.append(_lead_both_ways(correlations.weighted(weights * half), correlations.weighted(weights * (1 - half))))
        if len(observed) * size < SPLITS:
            observed.append(_lead_both_ways(correlations.weighted(half), correlations.weighted(1 - half)))
        resampling.progress.advance(size)
    estimate, draws = _mean(np.concatenate(observed, axis=1).T), np.concatenate(drawn, axis=1)
    # A rank picked on drawn people is a worse pick than one picked on all, so that every draw flatters the first score.
    return estimate, draws + (estimate - _mean(draws.T))[:, None]


def _lead_both_ways(first: Floats, second: Floats) -> Floats:
    return (_lead(first, second) + _lead(second, first)) / 2


def _lead(judged_on: Floats, chosen_on: Floats) -> Floats:
    """The first score less the one that is best on `chosen_on`, both as they are on `judged_on`."""
    best = np.argmax(np.nan_to_num(chosen_on[1:], nan=-2), axis=0)
    return np.asarray(judged_on[0] - np.take_along_axis(judged_on[1:], best[None], axis=0)[0], dtype=np.float64)


def _mean(values: Floats) -> Floats:
    """The mean over the first axis of the values that are not NaN; NaN if all are."""
    known = np.isfinite(values)
    total = np.asarray(np.where(known, values, 0).sum(axis=0), dtype=np.float64)
    result = np.full_like(total, np.nan)
    np.divide(total, known.sum(axis=0), out=result, where=known.any(axis=0))
    return result


def percentile_interval(values: Floats, level: float = 0.95) -> tuple[float, float]:
    """The ends of the middle part of bootstrap draws; NaN if fewer than half of the draws have a value."""
    known = values[np.isfinite(values)]
    if known.size * 2 < values.size or not known.size:
        return float("nan"), float("nan")
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
