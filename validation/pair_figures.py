"""How well do scores of pairs predict which pairs act again? AUC, average precision and reliability, with ranges over draws of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from set_results import FAR_APART, SetResult
from uncertainty import draws_for, mean_of, range_of, sums

from regard.evaluation.backtest.results import Range
from regard.evaluation.backtest.snapshot import Snapshot
from regard.evaluation.bootstrap import Resampling, batch_sizes, resample
from regard.evaluation.scores import PAIRS

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FIGURES = ("AUC", "average precision")
MAX_DRAWS = 500
CHANCE, *OTHERS = (score.name for score in PAIRS)
LABELS = {score.name: score.label for score in PAIRS}


@dataclass(frozen=True)
class PairFigures:
    """The figures of each score of pairs, mean over a set's origins."""

    observed: dict[str, Floats]
    """By score, (figures,)."""
    drawn: dict[str, Floats]
    """By score, (figures, draws)."""

    def of(self, name: str, figure: int) -> Range:
        """One figure of a score."""
        return range_of(float(self.observed[name][figure]), self.drawn[name][figure])

    def ahead(self, other: str, figure: int) -> Range:
        """The figure of p_return less that of another score."""
        difference = float(self.observed[CHANCE][figure] - self.observed[other][figure])
        return range_of(difference, self.drawn[CHANCE][figure] - self.drawn[other][figure])


class SortedPairs:
    """Pairs from the highest score down. Pairs with equal scores pass a threshold together."""

    def __init__(self, scores: Floats, positive: Bools) -> None:
        self.order = np.argsort(-scores, kind="stable")
        self.positive = positive[self.order]
        self.ends = np.flatnonzero(np.diff(scores[self.order], append=np.nan))

    def figures(self, weights: Floats) -> Floats:
        """AUC and average precision, defined as in metrics.py, under weights (pairs, draws): (figures, draws).

        >>> pairs = SortedPairs(np.array([0.9, 0.5, 0.5, 0.1]), np.array([True, True, False, False]))
        >>> pairs.figures(np.ones((4, 1)))[:, 0].round(4).tolist()
        [0.875, 0.8333]
        """
        weights = weights[self.order]
        passed = np.cumsum(weights, axis=0)[self.ends]
        positive = np.cumsum(weights * self.positive[:, None], axis=0)[self.ends]
        hits, misses = (np.diff(values, axis=0, prepend=0) for values in (positive, passed - positive))
        with np.errstate(divide="ignore", invalid="ignore"):
            auc = ((positive - hits / 2) * misses).sum(axis=0) / (positive[-1] * (passed[-1] - positive[-1]))
            precision = (hits * np.nan_to_num(positive / passed)).sum(axis=0) / positive[-1]
        return np.stack([auc, precision])


def measure_pairs(result: SetResult) -> PairFigures:
    """The figures of a set. The bootstrap draws people acted toward, with all pairs toward them."""
    snapshots = [snapshot for snapshot in result.snapshots if snapshot.pairs.returned.any() and not snapshot.pairs.returned.all()]
    if not snapshots:
        return PairFigures(*({name: np.full((len(FIGURES), *shape), np.nan) for name in LABELS} for shape in ((), (1,))))
    people = 1 + max(int(snapshot.pairs.targets.max()) for snapshot in snapshots)
    batches: dict[str, list[Floats]] = {name: [] for name in LABELS}
    rng = np.random.default_rng(result.resampling.seed)
    pairs = max([people, *(snapshot.pairs.returned.size for snapshot in snapshots)])
    for size in (1, *batch_sizes(pairs, draws_for(2 * pairs, min(MAX_DRAWS, result.resampling.draws)))):
        # The first batch is the people as they are.
        weights = resample(rng, people, size) if batches[CHANCE] else np.ones((people, 1))
        for name in LABELS:
            batches[name].append(np.mean([_figures(snapshot, name, weights) for snapshot in snapshots], axis=0))
    return PairFigures(
        {name: some[0][:, 0] for name, some in batches.items()}, {name: np.concatenate(some[1:], axis=1) for name, some in batches.items()}
    )


def _figures(snapshot: Snapshot, name: str, weights: Floats) -> Floats:
    return SortedPairs(snapshot.pairs.scores[name], snapshot.pairs.returned).figures(weights[snapshot.pairs.targets])


def with_figures(figures: Sequence[PairFigures]) -> list[PairFigures]:
    """The figures of those sets in which some pairs acted again."""
    return [result for result in figures if np.isfinite(result.observed[CHANCE]).all()]


def mean(figures: Sequence[PairFigures], number: int, resampling: Resampling) -> Range:
    """A figure of p_return, mean over sets."""
    known = with_figures(figures)
    return mean_of([result.of(CHANCE, number) for result in known], [result.drawn[CHANCE][number] for result in known], resampling.draws)


def mean_ahead(figures: Sequence[PairFigures], other: str, number: int, resampling: Resampling) -> Range:
    """The same less that of another score."""
    known = with_figures(figures)
    drawn = [result.drawn[CHANCE][number] - result.drawn[other][number] for result in known]
    return mean_of([result.ahead(other, number) for result in known], drawn, resampling.draws)


@dataclass(frozen=True)
class Chances:
    """p_return of the pairs of all origins, whether they acted again, and the people acted toward. Arrays are (pairs,)."""

    predicted: Floats
    returned: Floats
    who: NDArray[np.int64]


def chances(sets: Sequence[SetResult]) -> Chances:
    """The chances of some sets together."""
    pairs = [(number, snapshot.pairs) for number, result in enumerate(sets) for snapshot in result.snapshots]
    none = np.zeros(0)
    predicted, returned = (
        np.concatenate([none, *values]) for values in ([some.scores[CHANCE] for _, some in pairs], [some.returned for _, some in pairs])
    )
    who = np.concatenate([none.astype(np.int64), *(some.targets + number * FAR_APART for number, some in pairs)])
    return Chances(predicted, returned, who)


def slope(pairs: Chances, resampling: Resampling) -> Range:
    """The slope of the reliability line, a least squares fit of outcomes on chances. It is 1 if the chances are calibrated."""
    if pairs.predicted.size < 2 or np.ptp(pairs.predicted) == 0:
        return Range(None, None, None)
    columns = np.stack(
        [np.ones_like(pairs.predicted), pairs.predicted, pairs.returned, pairs.predicted**2, pairs.predicted * pairs.returned], axis=1
    )
    observed, drawn = sums(columns, pairs.who, resampling)
    n, x, y, xx, xy = np.vstack([observed, drawn]).T
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = (n * xy - x * y) / (n * xx - x * x)
    return range_of(float(slopes[0]), slopes[1:])
