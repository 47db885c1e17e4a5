"""How well do scores of pairs tell who acts again? AUC, average precision and reliability, with ranges over draws of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from doubt import draws_for, mean_of, range_of, sums
from numpy.typing import NDArray
from tried import FAR_APART, Tried

from regard.evaluation.backtest.results import Range
from regard.evaluation.backtest.snapshot import Cut
from regard.evaluation.bootstrap import Plan, pieces, resampled
from regard.evaluation.scores import PAIRS

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FIGURES = ("AUC", "average precision")
MOST_DRAWS = 500
CHANCE, *OTHERS = (score.name for score in PAIRS)
LABELS = {score.name: score.label for score in PAIRS}


@dataclass(frozen=True)
class Told:
    """How well each score of pairs tells who comes back, mean over a set's moments: (figures,) here, (figures, draws)."""

    here: dict[str, Floats]
    drawn: dict[str, Floats]

    def of(self, name: str, figure: int) -> Range:
        """A score's figure."""
        return range_of(float(self.here[name][figure]), self.drawn[name][figure])

    def ahead(self, other: str, figure: int) -> Range:
        """p_return less another score."""
        return range_of(float(self.here[CHANCE][figure] - self.here[other][figure]), self.drawn[CHANCE][figure] - self.drawn[other][figure])


class Sorted:
    """Pairs from the highest score down; those that tie pass together."""

    def __init__(self, scores: Floats, again: Bools) -> None:
        self.order = np.argsort(-scores, kind="stable")
        self.again = again[self.order]
        self.ends = np.flatnonzero(np.diff(scores[self.order], append=np.nan))

    def figures(self, weights: Floats) -> Floats:
        """AUC and average precision, as metrics.py, under the weights of the pairs, one column a draw: (figures, draws).

        >>> Sorted(np.array([0.9, 0.5, 0.5, 0.1]), np.array([True, True, False, False])).figures(np.ones((4, 1)))[:, 0].round(4).tolist()
        [0.875, 0.8333]
        """
        weights = weights[self.order]
        passed = np.cumsum(weights, axis=0)[self.ends]
        came = np.cumsum(weights * self.again[:, None], axis=0)[self.ends]
        hits, misses = (np.diff(values, axis=0, prepend=0) for values in (came, passed - came))
        with np.errstate(divide="ignore", invalid="ignore"):
            won = ((came - hits / 2) * misses).sum(axis=0) / (came[-1] * (passed[-1] - came[-1]))
            precision = (hits * np.nan_to_num(came / passed)).sum(axis=0) / came[-1]
        return np.stack([won, precision])


def told(one: Tried) -> Told:
    """The figures of a set; people acted toward are drawn, all pairs toward them with them."""
    cuts = [cut for cut in one.cuts if cut.pairs.again.any() and not cut.pairs.again.all()]
    people = 1 + max((int(cut.pairs.toward.max()) for cut in cuts), default=0)
    found: dict[str, list[Floats]] = {name: [] for name in LABELS}
    dice = np.random.default_rng(one.plan.seed)
    pairs = max([people, *(cut.pairs.again.size for cut in cuts)])
    for size in (1, *pieces(pairs, draws_for(2 * pairs, min(MOST_DRAWS, one.plan.draws)))) if cuts else ():
        # The first piece is everybody as they are.
        weights = resampled(dice, people, size) if found[CHANCE] else np.ones((people, 1))
        for name in LABELS:
            found[name].append(np.mean([_figures(cut, name, weights) for cut in cuts], axis=0))
    if not cuts:
        return Told(*({name: np.full((len(FIGURES), *shape), np.nan) for name in LABELS} for shape in ((), (1,))))
    return Told(
        {name: some[0][:, 0] for name, some in found.items()}, {name: np.concatenate(some[1:], axis=1) for name, some in found.items()}
    )


def _figures(cut: Cut, name: str, weights: Floats) -> Floats:
    return Sorted(cut.pairs.scores[name], cut.pairs.again).figures(weights[cut.pairs.toward])


def known(found: Sequence[Told]) -> list[Told]:
    """Those of sets in which some pairs acted again."""
    return [one for one in found if np.isfinite(one.here[CHANCE]).all()]


def mean(found: Sequence[Told], number: int, plan: Plan) -> Range:
    """A figure of p_return over sets."""
    some = known(found)
    return mean_of([one.of(CHANCE, number) for one in some], [one.drawn[CHANCE][number] for one in some], plan.draws)


def mean_ahead(found: Sequence[Told], other: str, number: int, plan: Plan) -> Range:
    """The same less that of another score."""
    some = known(found)
    drawn = [one.drawn[CHANCE][number] - one.drawn[other][number] for one in some]
    return mean_of([one.ahead(other, number) for one in some], drawn, plan.draws)


@dataclass(frozen=True)
class Chances:
    """p_return of the pairs of all moments, whether they acted again, and the people acted toward."""

    said: Floats
    again: Floats
    who: NDArray[np.int64]


def chances(sets: Sequence[Tried]) -> Chances:
    """Of some sets together."""
    cuts = [(number, cut.pairs) for number, one in enumerate(sets) for cut in one.cuts]
    none = np.zeros(0)
    said, again = (
        np.concatenate([none, *values]) for values in ([pairs.scores[CHANCE] for _, pairs in cuts], [pairs.again for _, pairs in cuts])
    )
    return Chances(said, again, np.concatenate([none.astype(np.int64), *(pairs.toward + number * FAR_APART for number, pairs in cuts)]))


def slope(found: Chances, plan: Plan) -> Range:
    """Of the reliability line, of outcomes on chances by least squares: 1 where chances are what they say."""
    if found.said.size < 2 or np.ptp(found.said) == 0:
        return Range(None, None, None)
    columns = np.stack([np.ones_like(found.said), found.said, found.again, found.said**2, found.said * found.again], axis=1)
    here, drawn = sums(columns, found.who, plan)
    n, x, y, xx, xy = np.vstack([here, drawn]).T
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = (n * xy - x * y) / (n * xx - x * x)
    return range_of(float(slopes[0]), slopes[1:])
