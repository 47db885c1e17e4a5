"""Logistic regression from a prior: what other communities taught, moved by what this one shows.

The coefficients maximise sum(weight log likelihood) - sum(precision (b - mean)²) / 2, by Newton's method (iteratively reweighted least
squares). A precision of 30 says as much as 30 cases in doubt would, so a record with few returns keeps the prior and one with many moves
away from it: no border at which the one takes over from the other.

scikit-learn fits only toward zero and weighs 100 MB with scipy; that toward a mean is a shift of the offset, and it stands as the oracle
in the tests.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ROUNDS = 60
LONGEST = 3.0
"""The longest step of one coefficient: a fit whose cases are told apart at once would leap."""
CLOSE = 1e-8


def chance(logit: Floats) -> Floats:
    """Logits as chances.

    >>> chance(np.array([0.0, np.log(3)])).round(9).tolist()
    [0.5, 0.75]
    """
    return np.asarray(1 / (1 + np.exp(-np.clip(logit, -700, 700))), dtype=np.float64)


def fit(x: Floats, y: Floats, weight: Floats, mean: Floats, precision: Floats, offset: Floats) -> Floats:
    """Coefficients of the columns of `x`; (cases, columns) for (cases,) of 0 and 1.

    >>> x, y = np.ones((4, 1)), np.array([1.0, 1.0, 1.0, 0.0])
    >>> none = np.zeros(4)
    >>> fit(x, y, np.ones(4), np.zeros(1), np.zeros(1), none).round(6).tolist()       # log(3)
    [1.098612]
    >>> fit(x, y, np.ones(4), np.zeros(1), np.full(1, 1e9), none).round(6).tolist()   # nothing moves such a prior
    [0.0]
    """
    b = mean.copy()
    for _ in range(ROUNDS):
        p = chance(x @ b + offset)
        bend = (x * (weight * p * (1 - p))[:, None]).T @ x + np.diag(precision + 1e-9)
        step = np.linalg.solve(bend, x.T @ (weight * (y - p)) - precision * (b - mean))
        far = float(np.abs(step).max(initial=0.0))
        b = b + step * min(1.0, LONGEST / max(far, 1e-300))
        if far < CLOSE:
            break
    return b


def intercept(logit: Floats, total: float) -> float:
    """What to add to logits so that their chances add up to `total`; by halving.

    >>> round(intercept(np.array([0.0, 0.0]), 1.5), 6)
    1.098612
    """
    low, high = -40.0, 40.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if float(chance(logit + middle).sum()) > total else (middle, high)
    return (low + high) / 2
