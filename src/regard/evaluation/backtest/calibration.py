"""Calibration: do predicted numbers agree with what happened? Reliability of chances, levels of `kept`, coverage of its range."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from regard.evaluation.backtest.results import Coverage, Level, OriginResult
from regard.evaluation.backtest.snapshot import Snapshot, pool_pairs

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

KEPT_BORDERS = (0.0, 0.5, 1.0, 3.0, 10.0)
"""Lower ends of the levels of `kept`, in people."""
TENTHS = tuple(n / 10 for n in range(10))
"""Lower ends of the levels of chances."""


def group_pairs(snapshots: Sequence[Snapshot], name: str) -> tuple[Level, ...]:
    """Pairs by their chance, in tenths; empty without snapshots."""
    return _levels(*pool_pairs(snapshots, name), TENTHS) if snapshots else ()


def group_people(snapshots: Sequence[Snapshot]) -> tuple[Level, ...]:
    """Active people by `kept`; empty without snapshots."""
    if not snapshots:
        return ()
    expected = np.concatenate([snapshot.scores["kept"][snapshot.active] for snapshot in snapshots])
    return _levels(expected, np.concatenate([snapshot.targets["returned"][snapshot.active] for snapshot in snapshots]), KEPT_BORDERS)


def _levels(expected: Floats, actual: Floats | Bools, borders: Sequence[float]) -> tuple[Level, ...]:
    level = np.digitize(expected, borders) - 1
    sizes, total_expected, total_actual = (np.bincount(level, weights, len(borders)) for weights in (None, expected, actual))
    ends = (*borders[1:], None)
    return tuple(
        Level(low, high, int(sizes[i]), float(total_expected[i]), float(total_actual[i]))
        for i, (low, high) in enumerate(zip(borders, ends, strict=True))
    )


def summarise_ratios(origins: Sequence[OriginResult]) -> tuple[float | None, float | None]:
    """The mean of |log(expected / actual)| and the median of expected / actual."""
    ratios = [origin.ratio for origin in origins if origin.ratio]
    return (float(np.mean(np.abs(np.log(ratios)))), float(median(ratios))) if ratios else (None, None)


def measure_coverage(snapshots: Sequence[Snapshot]) -> tuple[Coverage, ...]:
    """How often the range of `kept` contained the number of people who returned, by group of people."""
    groups: tuple[tuple[Literal["active", "over 3", "newcomers"], Callable[[Snapshot], Bools]], ...] = (
        ("active", lambda snapshot: snapshot.active & snapshot.tied),
        ("over 3", lambda snapshot: snapshot.scores["kept"] > 3),
        ("newcomers", lambda snapshot: snapshot.active & snapshot.tied & snapshot.newcomer),
    )
    results = []
    for name, members in groups:
        held = np.concatenate([np.zeros(0, dtype=bool), *(snapshot.covered[members(snapshot)] for snapshot in snapshots)])
        results.append(Coverage(name, int(held.size), float(held.mean()) if held.size else None))
    return tuple(results)
