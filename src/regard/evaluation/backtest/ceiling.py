"""The ceiling: how well could any score do here, if the chances behind `kept` were exactly true?

Who returns is drawn again and again from those chances, pair by pair, and each score is correlated with the numbers drawn. Even then rank
correlation stays below 1, since chance decides the rest. The lead that `kept` has in these draws is all there is to win.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from regard.evaluation.backtest.snapshot import Snapshot
from regard.evaluation.metrics import Ranking
from regard.evaluation.scores import PAIRS

Floats = NDArray[np.float64]

MOST_DRAWS, MOST_CELLS = 200, 20_000_000
"""Draws at most, and pairs times draws at most."""


def ceilings(snapshots: Sequence[Snapshot], names: Sequence[str], seed: int) -> dict[str, float]:
    """The rank correlation of each score with drawn numbers of people who return, mean over the origins; empty without any."""
    rng = np.random.default_rng(seed)
    origins = [found for snapshot in snapshots if (found := _at_origin(snapshot, names, rng)) is not None]
    return dict(zip(names, np.mean(origins, axis=0).tolist(), strict=True)) if origins else {}


def _at_origin(snapshot: Snapshot, names: Sequence[str], rng: np.random.Generator) -> Floats | None:
    chances = snapshot.pairs.scores[PAIRS[0].name]
    rows = np.searchsorted(snapshot.positions, snapshot.pairs.targets)
    if not snapshot.active.any() or not chances.size:
        return None
    scores = np.stack([_unit_ranks(snapshot.scores[name][snapshot.active]) for name in names])
    draws = max(1, min(MOST_DRAWS, MOST_CELLS // chances.size))
    found = [
        scores @ _unit_ranks(np.bincount(rows[rng.random(chances.size) < chances], minlength=snapshot.positions.size)[snapshot.active])
        for _ in range(draws)
    ]
    return np.asarray(np.mean(found, axis=0), dtype=np.float64)


def _unit_ranks(values: Floats | NDArray[np.int64]) -> Floats:
    """Midranks less their mean, as a vector of length 1, so that a product of two is their rank correlation; zeros if all are equal."""
    ranking = Ranking(np.asarray(values, dtype=np.float64))
    midranks, squares = ranking.midranks(np.ones((values.size, 1)))
    return np.asarray(midranks[ranking.group, 0] / max(float(squares[0]) ** 0.5, 1e-300), dtype=np.float64)
