"""Frozen fits: the models of ties as fitted on the record without attackers, for use in a copy with attackers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from regard.engines.base import Arrays, ArrayStep, Values
from regard.measures.pairs.pair_model import PAIR_MODEL
from regard.measures.pairs.return_model import RETURN_MODEL
from regard.measures.pairs.spread import SPREAD

Kernel = Callable[[Arrays, Values], Arrays]

FITS = tuple(part for part in PAIR_MODEL.parts if isinstance(part, ArrayStep))


class CleanFits:
    """The inputs and results of the fits of `pair_model` on the clean record."""

    def __init__(self) -> None:
        self._inputs: dict[str, Arrays] = {}
        self._results: dict[str, Arrays] = {}

    @property
    def recording(self) -> dict[str, ArrayStep]:
        """The fits by name, which also record their inputs and results. Run them while the clean record is measured."""
        return {fit.name: replace(fit, kernel=self._record(fit)) for fit in FITS}

    @property
    def frozen(self) -> dict[str, ArrayStep]:
        """Fits by name that know the clean record only. They predict for new states and pairs without fitting on them."""
        return {
            fit.name: replace(fit, kernel=self._recorded(fit) if fit in (RETURN_MODEL, SPREAD) else self._with_clean_counts(fit))
            for fit in FITS
        }

    def _record(self, fit: ArrayStep) -> Kernel:
        def kernel(arrays: Arrays, values: Values) -> Arrays:
            self._inputs[fit.name] = arrays
            self._results[fit.name] = fit.kernel(arrays, values)
            return self._results[fit.name]

        return kernel

    def _with_clean_counts(self, fit: ArrayStep) -> Kernel:
        """The fit, with each state counted as often as in the clean record."""
        clean = self._inputs[fit.name]
        counts = dict(zip(_states(clean), clean["pairs"].tolist(), strict=True))

        def kernel(states: Arrays, values: Values) -> Arrays:
            clean_counts = np.array([counts.get(state, 0) for state in _states(states)], dtype=np.int64)
            return fit.kernel({**states, "pairs": clean_counts}, values)

        return kernel

    def _recorded(self, fit: ArrayStep) -> Kernel:
        """The row of the model as it was fitted on the clean record."""
        return lambda _, __: self._results[fit.name]


def _states(states: Arrays) -> Iterator[tuple[int, ...]]:
    return zip(*(states[name].tolist() for name in ("x", "t", "n")), strict=True)
