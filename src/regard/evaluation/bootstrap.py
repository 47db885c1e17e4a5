"""Paired bootstrap over people: how far would rank correlations move with other people of the same kind?

People are drawn with replacement; a person who is drawn comes along in every cut in which they were active, with all their scores and all
that came to them. All scores are judged on the same draws, so that a difference between two of them is a paired one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.base.progress import NO_PROGRESS, Progress
from regard.evaluation.metrics import Ranked, correlations

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

AT_ONCE = 1_000_000
"""Weights held at once: people times draws."""
SPLITS = 200
"""Splits of the people as they are, whose mean is the estimate."""


@dataclass(frozen=True)
class Sample:
    """Some people of one cut: who they are, their scores, what came."""

    place: Indices
    """Their places, the same in all cuts."""
    scores: Mapping[str, Floats]
    targets: Mapping[str, Floats]


class Draws:
    """Correlations of all scores with all targets in all draws, averaged over the cuts."""

    def __init__(self, samples: Sequence[Sample], scores: Sequence[str], targets: Sequence[str]) -> None:
        samples = [sample for sample in samples if sample.place.size]
        self.people, self._where = _numbered([sample.place for sample in samples])
        self._cuts = [
            ([Ranked(sample.scores[name]) for name in scores], [Ranked(sample.targets[name]) for name in targets]) for sample in samples
        ]
        self._scores, self.targets = len(scores), len(targets)

    def correlations(self, weights: Floats) -> Floats:
        """Under the weights of all people, one column a draw: (scores, targets, draws). NaN where no cut tells anything."""
        if not self._cuts:
            return np.full((self._scores, self.targets, weights.shape[1]), np.nan)
        found = np.stack(
            [correlations(scores, targets, weights[where]) for where, (scores, targets) in zip(self._where, self._cuts, strict=True)]
        )
        return _mean(found)

    def here(self) -> Floats:
        """As the people are: (scores, targets)."""
        return self.correlations(np.ones((self.people, 1)))[:, :, 0]


def _numbered(places: Sequence[Indices]) -> tuple[int, list[Indices]]:
    if not places:
        return 0, []
    everybody, found = np.unique(np.concatenate(places), return_inverse=True)
    return int(everybody.size), np.split(found, np.cumsum([place.size for place in places])[:-1])


@dataclass(frozen=True)
class Plan:
    """How often people are drawn and from which seed; the progress is told of each draw."""

    draws: int
    seed: int
    progress: Progress = NO_PROGRESS


def pieces(people: int, draws: int) -> list[int]:
    """So many draws, cut into pieces that fit into memory."""
    size = max(1, min(draws, AT_ONCE // max(1, people)))
    return [min(size, draws - start) for start in range(0, draws, size)]


def resampled(dice: np.random.Generator, people: int, draws: int) -> Floats:
    """How often each person is drawn: (people, draws); each draw draws as many people as there are."""
    drawn = dice.integers(0, max(1, people), (draws, people)) + np.arange(draws)[:, None] * people
    return np.bincount(drawn.ravel(), minlength=draws * people).reshape(draws, people).T.astype(np.float64)


def bootstrap(drawn: Draws, plan: Plan) -> Floats:
    """Correlations in all draws of people: (scores, targets, draws)."""
    dice = np.random.default_rng(plan.seed)
    found: list[Floats] = []
    for size in pieces(drawn.people, plan.draws):
        found.append(drawn.correlations(resampled(dice, drawn.people, size)))
        plan.progress.advance(size)
    return np.concatenate(found, axis=2)


def against_best(drawn: Draws, plan: Plan) -> tuple[Floats, Floats]:
    """The first score minus that of the others which was best on the other half of the people: (targets,) here, (targets, draws).

    The halves are drawn anew each time, so that no lucky split decides.
    """
    if not drawn.people:
        return np.full(drawn.targets, np.nan), np.full((drawn.targets, plan.draws), np.nan)
    dice = np.random.default_rng(plan.seed)
    found: list[Floats] = []
    here: list[Floats] = []
    for size in pieces(drawn.people, plan.draws):
        weights = resampled(dice, drawn.people, size)
        half = (dice.random((drawn.people, size)) < 0.5).astype(np.float64)
        found.append(_crosswise(drawn.correlations(weights * half), drawn.correlations(weights * (1 - half))))
        if len(here) * size < SPLITS:
            here.append(_crosswise(drawn.correlations(half), drawn.correlations(1 - half)))
        plan.progress.advance(size)
    return _mean(np.concatenate(here, axis=1).T), np.concatenate(found, axis=1)


def _crosswise(one: Floats, other: Floats) -> Floats:
    return (_picked(one, other) + _picked(other, one)) / 2


def _picked(judged: Floats, chosen_on: Floats) -> Floats:
    best = np.argmax(np.nan_to_num(chosen_on[1:], nan=-2), axis=0)
    return np.asarray(judged[0] - np.take_along_axis(judged[1:], best[None], axis=0)[0], dtype=np.float64)


def _mean(values: Floats) -> Floats:
    """Over the first axis, of what is told."""
    told = np.isfinite(values)
    total = np.asarray(np.where(told, values, 0).sum(axis=0), dtype=np.float64)
    found = np.full_like(total, np.nan)
    np.divide(total, told.sum(axis=0), out=found, where=told.any(axis=0))
    return found


def between(values: Floats, level: float = 0.95) -> tuple[float, float]:
    """The middle part of draws; NaN where fewer than half of them tell anything."""
    told = values[np.isfinite(values)]
    if told.size * 2 < values.size or not told.size:
        return float("nan"), float("nan")
    low, high = np.quantile(told, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
