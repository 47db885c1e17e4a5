"""BG/BB: who is still able to act again, from no more than when they acted ("buy till you die").

A pair acts in a bin with chance p while its tie lives, and the tie dies at the end of a bin with chance q. Seen are x, the active
bins after the first, t, the last active bin, and n, the bins since the first. The prior over (p, q) is a grid, fitted by EM over the
distinct states with their counts: that is all the shrinkage there is for pairs with few acts.

Fader, Hardie, Shang, "Customer-base analysis in a discrete-time noncontractual setting", Marketing Science 29 (2010).
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
ROUNDS = 100
CLOSE = 1e-5
CHUNK = 20_000
"""States handled at once: 20,000 states on 324 points are 52 MB."""
FITTED = 60_000
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
    """The prior that makes the counted states likeliest, by EM with squared steps (Varadhan, Roland 2008)."""
    p, q = _axes()
    weight = np.full(p.size, 1 / p.size)
    if not x.size:
        return Grid(p, q, weight)
    keep, counts = _thinned(count)
    log, _ = likelihood(x[keep], t[keep], n[keep])
    table = np.exp(log - log.max(axis=1, keepdims=True)).astype(np.float32)
    share = (counts / counts.sum()).astype(np.float32)
    for _ in range(ROUNDS):
        once = _em(table, share, weight)
        twice = _em(table, share, once)
        step, bend = once - weight, twice - 2 * once + weight
        if float(np.abs(step).sum()) < CLOSE:
            return Grid(p, q, twice)
        # Go on as far as the last two steps say they would have led; the next step mends what that overshoots.
        ahead = min(-1.0, -np.sqrt(float(step @ step) / max(float(bend @ bend), 1e-300)))
        leap = np.maximum(weight - 2 * ahead * step + ahead * ahead * bend, 1e-12)
        weight = _em(table, share, leap / leap.sum())
    return Grid(p, q, weight)


def _em(table: NDArray[np.float32], share: NDArray[np.float32], weight: Floats) -> Floats:
    # einsum, not @: a threaded BLAS spends more on its threads than on products as small as these, and sums in another order each time.
    evidence = np.einsum("ij,j->i", table, weight.astype(np.float32))
    fresh = weight * np.einsum("ij,i->j", table, share / np.maximum(evidence, np.float32(1e-30))).astype(np.float64)
    return np.asarray(fresh / fresh.sum(), dtype=np.float64)


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
    """At each grid point, the chance that a living tie acts within so many bins."""
    none = np.ones_like(grid.p)
    for _ in range(bins):
        none = grid.q + (1 - grid.q) * (1 - grid.p) * none
    return 1 - none


def predict(grid: Grid, x: Floats, t: Floats, n: Floats, bins: int) -> tuple[Floats, Floats]:
    """For each state the chance that the tie lives, and that it acts again within so many bins."""
    p_alive, p_again = np.empty(x.size), np.empty(x.size)
    future = again(grid, bins)
    with np.errstate(divide="ignore"):
        prior = np.log(grid.weight)
    for start in range(0, x.size, CHUNK):
        part = slice(start, start + CHUNK)
        both, alive = likelihood(x[part], t[part], n[part])
        top = (both + prior).max(axis=1, keepdims=True)
        evidence = np.exp(both + prior - top).sum(axis=1)
        living = np.exp(alive + prior - top)
        p_alive[part] = living.sum(axis=1) / evidence
        p_again[part] = np.einsum("ij,j->i", living, future) / evidence
    return p_alive, p_again
