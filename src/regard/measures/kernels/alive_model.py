"""BG/BB: who is still able to act again, from no more than when they acted ("buy till you die").

A pair acts in a bin with chance p while its tie lives, and the tie dies at the end of a bin with chance q. Seen are x, the active
bins after the first, t, the last active bin, and n, the bins since the first. The prior over (p, q) is the one on a grid that makes the
distinct states with their counts likeliest, PRIOR_PAIRS pairs spread evenly over the grid added: that is all the shrinkage there is for
pairs with few acts.

Fader, Hardie, Shang, "Customer-base analysis in a discrete-time noncontractual setting", Marketing Science 29 (2010). The fit is a
convex problem in 324 weights and solved as one (Koenker, Mizera, "Convex optimization, shape constraints, compound decisions, and
empirical Bayes rules", JASA 109, 2014). EM needs thousands of rounds for it: after 100 squared ones it was up to 1,100 in log likelihood
short, and told P(alive) .05 apart on one thread and on two.
Everything is in logs: the plain product underflows beyond about 1,400 bins.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

POINTS = 18
LOGIT_P = (-5.0, 2.0)
LOGIT_Q = (-5.0, 2.0)
PRIOR_PAIRS = 4.0
"""Pairs of no known kind that stand in for what few pairs can't tell, as four openings do in `response`."""
ROUNDS = 100
"""Newton steps at most; 8 to 26 were enough on 30 cuts of ten records."""
CLOSE = 1e-9
CHUNK = 20_000
"""States handled at once: 20,000 states on 324 points are 52 MB."""
FITTED = 20_000
"""States the prior is fitted on; beyond that those with the fewest pairs are thinned out and their weight raised."""


@dataclass(frozen=True)
class Grid:
    """The points (p, q) of the prior, and its weights."""

    p: Floats
    q: Floats
    weight: Floats


@cache
def _axes() -> tuple[Floats, Floats]:
    p = 1 / (1 + np.exp(-np.linspace(*LOGIT_P, POINTS)))
    # One point where ties never die: without it every long silence would have to be a death.
    q = np.concatenate([[0.0], 1 / (1 + np.exp(-np.linspace(*LOGIT_Q, POINTS - 1)))])
    return np.repeat(p, POINTS), np.tile(q, POINTS)


def likelihood(x: Floats, t: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Log likelihood of the states at each grid point, and of that part of it in which the tie still lives; (states, points) each.

    >>> both, alive = likelihood(np.array([1.0]), np.array([1.0]), np.array([1.0]))
    >>> bool(np.allclose(both, alive))          # it acted in the last bin: it was alive there
    True
    """
    p, q = _axes()
    x, t, n = (column[:, None] for column in (x, t, n))
    log_p, log_1p = np.log(p), np.log1p(-p)
    log_1q = np.log1p(-q)
    alive = x * log_p + (n - x) * log_1p + n * log_1q
    # Died after the last act: a geometric sum over the bin of death.
    log_r = log_1p + log_1q
    with np.errstate(divide="ignore"):
        died = x * log_p + (t - x) * log_1p + t * log_1q + np.log(q) + np.log(-np.expm1((n - t) * log_r)) - np.log(-np.expm1(log_r))
    return np.logaddexp(alive, died), alive


def fit(x: Floats, t: Floats, n: Floats, count: Floats) -> Grid:
    """The prior that makes the counted states, and PRIOR_PAIRS pairs spread evenly over the grid, likeliest."""
    p, q = _axes()
    if not x.size:
        return Grid(p, q, np.full(p.size, 1 / p.size))
    keep, counts = _thinned(count)
    log, _ = likelihood(x[keep], t[keep], n[keep])
    table = np.exp(log - log.max(axis=1, keepdims=True))
    # The last digits depend on the number of threads and the make of the processor: they are cut off.
    weight = np.exp(np.round(np.log(_likeliest(table, counts / counts.sum(), PRIOR_PAIRS / counts.sum())), 5))
    return Grid(p, q, weight / weight.sum())


def _likeliest(table: Floats, share: Floats, prior: float) -> Floats:
    """The w > 0 that maximises sum(share log(table w)) + prior mean(log w) - (1 + prior) sum(w); its sum is 1 by itself.

    A primal-dual interior point method. The prior keeps the maximum off the border and makes it the only one.
    """
    size = table.shape[1]
    weight, dual, last = np.full(size, 1 / size), np.ones(size), prior / size
    for _ in range(ROUNDS):
        aim = max(last, 0.1 * float(weight @ dual) / size)
        seen = table @ weight
        slope = 1 + prior - (share / seen) @ table
        step = _solved(table * (np.sqrt(share) / seen)[:, None], dual / weight, aim / weight - slope)
        dual_step = aim / weight - dual - dual / weight * step
        weight, dual = weight + _room(weight, step) * step, dual + _room(dual, dual_step) * dual_step
        # Near the maximum each step squares what is left of the error: after this one there is nothing left.
        if aim == last and float(np.abs(step / weight).max()) < CLOSE:
            break
    return weight


def _solved(root: Floats, diagonal: Floats, wanted: Floats) -> Floats:
    """The s for which (root' root + diagonal) s is what is wanted."""
    if len(root) < diagonal.size:
        # A community with few states: a smaller system says the same (Woodbury).
        wide = root / diagonal
        wanted, small = wanted / diagonal, np.linalg.solve(np.eye(len(root)) + wide @ root.T, wide @ wanted)
        return np.asarray(wanted - small @ wide, dtype=np.float64)
    bend = root.T @ root
    bend[np.diag_indices(diagonal.size)] += diagonal
    return np.asarray(np.linalg.solve(bend, wanted), dtype=np.float64)


def _room(value: Floats, step: Floats) -> float:
    """How much of a step keeps every value positive."""
    return float(min(1.0, 0.995 / max(1e-300, float((-step / value).max()))))


def _thinned(count: Floats) -> tuple[NDArray[np.intp], Floats]:
    """All states, or FITTED of them: the commonest, and every k-th of the others standing for k."""
    if count.size <= FITTED:
        return np.arange(count.size), count
    order = np.argsort(-count, kind="stable")
    common, rest = order[: FITTED // 2], order[FITTED // 2 :]
    step = -(-rest.size // (FITTED // 2))
    chosen = rest[::step]
    raised = count[chosen] * (count[rest].sum() / count[chosen].sum())
    return np.concatenate([common, chosen]), np.concatenate([count[common], raised])


def again(grid: Grid, bins: int) -> Floats:
    """At each grid point, the chance that a living tie acts within so many bins: 1 - f(bins), f(k) = q + (1 - q) (1 - p) f(k - 1).

    >>> one = Grid(np.array([0.5]), np.array([0.2]), np.array([1.0]))
    >>> again(one, 1).round(9).tolist(), again(one, 2).round(9).tolist()        # .8 x .5, and .4 x .4 more
    ([0.4], [0.56])
    """
    stays = (1 - grid.q) * (1 - grid.p)
    return np.asarray(-np.expm1(bins * np.log(stays)) * (1 - grid.q) * grid.p / (1 - stays), dtype=np.float64)


@dataclass(frozen=True)
class Told:
    """What is told of each state."""

    alive: Floats
    """The chance that the tie lives."""
    again: Floats
    """The chance that it acts within the bins to come."""
    several: Floats
    """The chance that it acts in several of them."""


def in_several(grid: Grid, bins: int, times: int) -> Floats:
    """At each grid point, the chance that a living tie acts in so many of the bins to come, or more.

    f(0, m) = 1, f(k, 0) = 0, f(k, m) = (1 - q) (p f(k - 1, m - 1) + (1 - p) f(k, m - 1)).

    >>> one = Grid(np.array([0.5]), np.array([0.2]), np.array([1.0]))
    >>> in_several(one, 2, 1).round(9).tolist(), in_several(one, 2, 2).round(9).tolist()      # the latter .4 x .4
    ([0.56], [0.16])
    """
    chances = [np.ones(grid.p.size)] + [np.zeros(grid.p.size) for _ in range(times)]
    for _ in range(bins):
        for k in range(times, 0, -1):
            chances[k] = (1 - grid.q) * (grid.p * chances[k - 1] + (1 - grid.p) * chances[k])
    return chances[times]


def predict(grid: Grid, x: Floats, t: Floats, n: Floats, bins: int, *, several: int) -> Told:
    """For each state the chance that the tie lives, that it acts again within so many bins, and that it does so in `several` of them."""
    told = Told(np.empty(x.size), np.empty(x.size), np.empty(x.size))
    future = np.stack([np.ones(grid.p.size), again(grid, bins), in_several(grid, bins, several)], axis=1)
    with np.errstate(divide="ignore"):
        prior = np.log(grid.weight)
    for start in range(0, x.size, CHUNK):
        part = slice(start, start + CHUNK)
        both, alive = likelihood(x[part], t[part], n[part])
        top = (both + prior).max(axis=1, keepdims=True)
        evidence = np.exp(both + prior - top).sum(axis=1)
        living = np.exp(alive + prior - top)
        told.alive[part], told.again[part], told.several[part] = np.einsum("ij,jk->ki", living, future) / evidence
    return told
