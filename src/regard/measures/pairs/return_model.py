"""The return model: a logistic regression that corrects the alive model's chance that a pair acts again.

It predicts from what is known of the pair and of its two people (see features.py). Its slopes start from those that other communities
taught (pretrained.json). They move by this record's own past: at landmarks 1, 1.5, 2 and 3 windows ago, which pairs acted in the window
after? There is no threshold between the two. The prior weighs as much as PRIOR_CASES undecided cases in every feature, so a record with few
returns keeps the pretrained slopes, and a record with thousands of returns leaves them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regard.engines.base import Arrays, ArrayStep, Values
from regard.measures.kernels import logistic
from regard.measures.pairs.levels import level, level_spread, past_windows
from regard.measures.pairs.pretrained import pretrained
from regard.measures.pairs.snapshots import APART, NOW, PAST
from regard.measures.pairs.training import CASES_SQL

Floats = NDArray[np.float64]

PRIOR_CASES = 30.0
OVERLAP = 1.5
"""Landmarks that see the same window, on average. Each of their cases counts that much less."""


def _fit(cases: Arrays, values: Values) -> Arrays:
    """One row: slopes and intercepts for features without scaling, the level, its spread, the returns."""
    table = pretrained(str(values.get("coefficients") or ""))
    features = np.stack([np.asarray(cases[name], dtype=np.float64) for name in table.names], axis=1) / table.scale
    landmark, returned, chance = (np.asarray(cases[name], dtype=np.float64) for name in ("landmark", "returned", "p_return_alive"))
    slopes, n_returns = _slopes(features, returned, chance, landmark, table.slope)
    slopes = np.round(slopes, 6)
    log_factor = level(cases)
    row = {f"b_{name}": value for name, value in zip(table.names, slopes / table.scale, strict=True)}
    factors = {NOW: float(np.exp(log_factor))} | {past: window.ratio for past, window in zip(APART, past_windows(cases), strict=False)}
    for at in (NOW, *APART):
        row[f"intercept{at.suffix}"] = _intercept(features @ slopes, chance, landmark == at.number, factors.get(at, 1.0))
    row |= {"level": log_factor, "level_spread": level_spread(cases), "n_returns": n_returns}
    return {name: np.array([value], dtype=np.float64) for name, value in row.items()}


def _intercept(score: Floats, chance: Floats, rows: NDArray[np.bool_], factor: float) -> float:
    """The intercept with which the chances of these rows add up to those of the alive model times the factor."""
    return round(logistic.intercept(score[rows], float(chance[rows].sum()) * factor), 6) if rows.any() else 0.0


def _slopes(features: Floats, returned: Floats, chance: Floats, landmark: Floats, prior: Floats) -> tuple[Floats, float]:
    """Slopes for centred features, and the number of returns that they come from."""
    windows, offsets = [], []
    for number in (past.number for past in PAST):
        rows = np.flatnonzero(landmark == number)
        if returned[rows].sum() > 0:
            centred = features[rows] - features[rows].mean(axis=0)
            windows.append((rows, centred))
            offsets.append(np.full(rows.size, logistic.intercept(centred @ prior, float(chance[rows].sum()))))
    if not windows:
        return prior, 0.0
    rows = np.concatenate([rows for rows, _ in windows])
    design = np.hstack([np.ones((rows.size, 1)), np.vstack([centred for _, centred in windows])])
    weight = np.full(rows.size, 1 / OVERLAP)
    precision = np.concatenate([[1.0], np.full(prior.size, PRIOR_CASES)])
    fitted = logistic.fit(design, returned[rows], weight, np.concatenate([[0.0], prior]), precision, np.concatenate(offsets))
    return fitted[1:], float(returned[rows].sum())


RETURN_MODEL = ArrayStep("return_model", CASES_SQL, _fit)
"""One row. With `intercept` the chances of today add up to what the level says, and with the intercept of a past landmark (`intercept_one`
and so on) those known then add up to the returns that there were. So errors of people's counts there are not those of the sum."""
