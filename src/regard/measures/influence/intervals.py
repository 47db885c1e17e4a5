"""Ranges of expected counts: 90 % of what may come, told once for each distinct mean and variance and joined to everybody."""

from __future__ import annotations

import numpy as np

from regard.engines.base import Arrays, ArrayStep, Step, Values
from regard.measures.kernels.count_quantiles import count_quantiles

MEAN_STEPS, VARIANCE_STEPS = 200, 50
"""Steps of the logarithms at which ranges are told: means half a percent apart, variances two."""


def _ranges(states: Arrays, _: Values) -> Arrays:
    near, wide = (np.asarray(states[name], dtype=np.int32) for name in ("near", "wide"))
    mean = np.exp(near / MEAN_STEPS)
    low, high = count_quantiles(mean, mean * np.exp(wide / VARIANCE_STEPS))
    return {"near": near, "wide": wide, "low": low, "high": high}


def with_prediction_interval(name: str, moments: str) -> tuple[Step, ArrayStep, Step]:
    """Steps that end in relation `name`: the rows of the SQL `moments` with `low` and `high` for its columns `mean` and `variance`."""
    keyed = f"""
        SELECT *, CAST(round(ln(greatest(mean, 1e-9)) * {MEAN_STEPS}) AS INTEGER) AS near,
            CAST(round(ln(greatest(variance, 1e-12) / greatest(mean, 1e-9)) * {VARIANCE_STEPS}) AS INTEGER) AS wide
        FROM ({moments})
    """
    return (
        Step(f"{name}_keyed", keyed),
        ArrayStep(f"{name}_ranges", f"SELECT DISTINCT near, wide FROM {name}_keyed", _ranges),
        Step(
            name,
            f"SELECT k.*, r.low, r.high FROM {name}_keyed k JOIN {name}_ranges r ON r.near = k.near AND r.wide = k.wide",
        ),
    )


def intermediates(name: str) -> tuple[str, str, str]:
    """The relations that nobody reads after the measure is made."""
    return (name, f"{name}_keyed", f"{name}_ranges")


def moments_by_person(column: str) -> str:
    """SQL for a person's moments of a sum of chances over everybody who ever acted toward them: mean, variance of chance, ties.

    Whole numbers: a sum of floats would depend on the order of the rows.
    """
    return f"""
        SELECT target AS person, CAST(count(*) AS BIGINT) AS ties, sum(p) / 1e9 AS mean,
            sum(p // 1000 * (1000000 - p // 1000)) / 1e12 AS chance, coalesce(sum(p) FILTER (two_way), 0) / 1e9 AS two_way,
            count(*) FILTER (two_way AND p >= 500000000) AS sure
        FROM (SELECT target, two_way, CAST(round({column} * 1e9) AS BIGINT) AS p FROM ties) GROUP BY target
    """
