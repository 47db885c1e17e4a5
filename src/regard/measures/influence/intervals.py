"""Prediction intervals of expected counts: 90 % of what may come. Each distinct mean and variance is looked up once, and then joined."""

from __future__ import annotations

import numpy as np

from regard.engines.base import Arrays, ArrayStep, Step, Values
from regard.engines.sql import billionths
from regard.measures.kernels.count_quantiles import count_quantiles

MEAN_STEPS, VARIANCE_STEPS = 200, 50
"""Steps of the logarithms at which intervals are looked up: means half a percent apart, variances two percent."""


def _quantiles(states: Arrays, _: Values) -> Arrays:
    mean_step, variance_step = (np.asarray(states[name], dtype=np.int32) for name in ("mean_step", "variance_step"))
    mean = np.exp(mean_step / MEAN_STEPS)
    low, high = count_quantiles(mean, mean * np.exp(variance_step / VARIANCE_STEPS))
    return {"mean_step": mean_step, "variance_step": variance_step, "low": low, "high": high}


def with_prediction_interval(name: str, moments: str) -> tuple[Step, ArrayStep, Step]:
    """Steps that end in the relation `name`: the rows of the SQL `moments`, with `low` and `high` for their `mean` and `variance`."""
    stepped = f"""
        SELECT *, CAST(round(ln(greatest(mean, 1e-9)) * {MEAN_STEPS}) AS INTEGER) AS mean_step,
            CAST(round(ln(greatest(variance, 1e-12) / greatest(mean, 1e-9)) * {VARIANCE_STEPS}) AS INTEGER) AS variance_step
        FROM ({moments})
    """
    return (
        Step(f"{name}_stepped", stepped),
        ArrayStep(f"{name}_quantiles", f"SELECT DISTINCT mean_step, variance_step FROM {name}_stepped", _quantiles),
        Step(
            name,
            f"""
            SELECT k.*, r.low, r.high FROM {name}_stepped k
                JOIN {name}_quantiles r ON r.mean_step = k.mean_step AND r.variance_step = k.variance_step
            """,
        ),
    )


def intermediates(name: str) -> tuple[str, str, str]:
    """The relations of these steps. No other measure reads them."""
    return (name, f"{name}_stepped", f"{name}_quantiles")


def moments_by_person(column: str, ties: str = "ties") -> str:
    """SQL for the moments of a sum of chances over everybody who ever acted toward a person: mean, variance by chance, ties.

    The sums are of whole numbers. A sum of floats would depend on the order of the rows.
    """
    return f"""
        SELECT target AS person, CAST(count(*) AS BIGINT) AS ties, sum(p) / 1e9 AS mean,
            sum(p // 1000 * (1000000 - p // 1000)) / 1e12 AS chance, coalesce(sum(p) FILTER (two_way), 0) / 1e9 AS two_way,
            count(*) FILTER (two_way AND p >= 500000000) AS sure
        FROM (SELECT target, two_way, {billionths(column)} AS p FROM {ties}) GROUP BY target
    """
