"""Logistic regression with a prior: coefficients learned from other communities, moved by what this community shows.

The coefficients maximise sum(weight log likelihood) - sum(precision (b - mean)²) / 2. Newton's method finds them (iteratively reweighted
least squares). A precision of 30 counts as much as 30 cases in doubt would. So a record with few returns keeps the prior, a record with
many moves away from it, and there is no border at which one takes over from the other.

scikit-learn fits only toward zero and, with scipy, takes 100 MB to install. A fit toward a mean is a shift of the offset, so scikit-learn
is the oracle in the tests.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MAX_ITERATIONS = 60
LONGEST_STEP = 3.0
"""The longest step of one coefficient. A fit whose cases one column separates perfectly would leap otherwise."""
TOLERANCE = 1e-8


def sigmoid(logit: Floats) -> Floats:
    """The chance of each logit, 0 to 1.

    >>> sigmoid(np.array([0.0, np.log(3)])).round(9).tolist()
    [0.5, 0.75]
    """
    return np.asarray(1 / (1 + np.exp(-np.clip(logit, -700, 700))), dtype=np.float64)


def fit(x: Floats, y: Floats, weight: Floats, mean: Floats, precision: Floats, offset: Floats) -> Floats:
    """The coefficient of each column of `x`.

    `x` has the shape (cases, columns); `y`, `weight` and `offset` have the shape (cases,), and `y` is 0 or 1; `mean` and `precision`
    have the shape (columns,).

    >>> x, y = np.ones((4, 1)), np.array([1.0, 1.0, 1.0, 0.0])
    >>> none = np.zeros(4)
    >>> fit(x, y, np.ones(4), np.zeros(1), np.zeros(1), none).round(6).tolist()       # log(3)
    [1.098612]
    >>> fit(x, y, np.ones(4), np.zeros(1), np.full(1, 1e9), none).round(6).tolist()   # four cases don't move such a prior
    [0.0]
    """
    b = mean.copy()
    for _ in range(MAX_ITERATIONS):
        p = sigmoid(x @ b + offset)
        hessian = (x * (weight * p * (1 - p))[:, None]).T @ x + np.diag(precision + 1e-9)
        step = np.linalg.solve(hessian, x.T @ (weight * (y - p)) - precision * (b - mean))
        longest = float(np.abs(step).max(initial=0.0))
        b = b + step * min(1.0, LONGEST_STEP / max(longest, 1e-300))
        if longest < TOLERANCE:
            break
    return b


def intercept(logit: Floats, total: float) -> float:
    """The number that, added to each logit, makes the chances add up to `total`. Found by halving between -40 and 40.

    >>> round(intercept(np.array([0.0, 0.0]), 1.5), 6)
    1.098612
    """
    low, high = -40.0, 40.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if float(sigmoid(logit + middle).sum()) > total else (middle, high)
    return (low + high) / 2
