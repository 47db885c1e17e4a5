"""How sure is a figure? Ranges of 95 % for shares, and for ratios of sums that belong to people who may be drawn again."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from regard.evaluation.backtest.results import Range
from regard.evaluation.bootstrap import Plan, between, pieces, resampled

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Indices = NDArray[np.int64]

NOT_TOLD = Range(None, None, None)
Z = 1.96
CELLS = 20_000_000
LEAST_DRAWS = 200


def draws_for(people: int, most: int) -> int:
    """As many draws as are asked for; in large sets fewer, where ranges are narrow and draws are slow.

    >>> draws_for(1_000, 2_000), draws_for(20_000, 2_000), draws_for(10**6, 2_000)
    (2000, 1000, 200)
    """
    return min(most, max(LEAST_DRAWS, CELLS // max(1, people)))


def range_of(estimate: float, drawn: Floats) -> Range:
    """An estimate with the middle of its draws."""
    low, high = between(drawn)
    return NOT_TOLD if not np.isfinite(estimate) else Range(float(estimate), *((low, high) if np.isfinite(low) else (None, None)))


def mean_of(ranges: Iterable[Range], drawn: Iterable[Floats], draws: int) -> Range:
    """The mean over sets, each counting alike; a set with fewer draws has them repeated."""
    told = [found.estimate for found in ranges if found.estimate is not None]
    return range_of(float(np.mean(told)), np.nanmean([np.resize(values, draws) for values in drawn], axis=0)) if told else NOT_TOLD


def share(held: Bools, people: Indices) -> Range:
    """How often something held, by Wilson's range (1927). Who is counted at several moments is one person in it.

    >>> found = share(np.array([True, True, False, True]), np.arange(4))
    >>> found.estimate, round(found.low, 2), round(found.high, 2)
    (0.75, 0.3, 0.95)
    """
    if not held.size:
        return NOT_TOLD
    p, n = float(held.mean()), np.unique(people).size
    middle, half = (p + Z**2 / (2 * n)) / (1 + Z**2 / n), Z / (1 + Z**2 / n) * float(np.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2)))
    return Range(p, min(p, middle - half), max(p, middle + half))


def sums(values: Floats, people: Indices, plan: Plan) -> tuple[Floats, Floats]:
    """Columns added up over rows that belong to people: (columns,) here, and (draws, columns) when people are drawn again."""
    _, where = np.unique(people, return_inverse=True)
    size = int(where.max()) + 1 if where.size else 0
    by_person = np.stack([np.bincount(where, column, size) for column in values.T], axis=1)
    dice = np.random.default_rng(plan.seed)
    drawn = [resampled(dice, size, part).T @ by_person for part in pieces(size, draws_for(size, plan.draws))]
    return np.asarray(by_person.sum(axis=0), dtype=np.float64), np.concatenate(drawn)


def ratio(top: Floats, bottom: Floats, people: Indices, plan: Plan) -> Range:
    """One sum over another.

    >>> ratio(np.array([2.0, 2]), np.array([1.0, 1]), np.arange(2), Plan(100, 1))
    Range(estimate=2.0, low=2.0, high=2.0)
    """
    if not bottom.size or bottom.sum() <= 0:
        return NOT_TOLD
    here, drawn = sums(np.stack([top, bottom], axis=1), people, plan)
    with np.errstate(divide="ignore", invalid="ignore"):
        return range_of(float(here[0] / here[1]), drawn[:, 0] / drawn[:, 1])
