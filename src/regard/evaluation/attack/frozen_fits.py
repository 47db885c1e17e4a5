"""The fits of chances, watched in a record as it is, to be made on it alone where attackers are planted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from regard.engines.base import Arrays, ArrayStep, Values
from regard.measures.pairs.pair_model import PAIR_MODEL
from regard.measures.pairs.return_model import RETURN_MODEL

Kernel = Callable[[Arrays, Values], Arrays]

FITS = tuple(part for part in PAIR_MODEL.parts if isinstance(part, ArrayStep))


class CleanFits:
    """What the fits of `pair_model` were given in the clean record, and what they gave."""

    def __init__(self) -> None:
        self._given: dict[str, Arrays] = {}
        self._gave: dict[str, Arrays] = {}

    @property
    def watched(self) -> dict[str, ArrayStep]:
        """The fits as they are, looked at while the clean record is measured."""
        return {fit.name: replace(fit, kernel=self._watching(fit)) for fit in FITS}

    @property
    def made(self) -> dict[str, ArrayStep]:
        """Fits that know of the clean record only; what was not there is foretold and not fitted."""
        return {fit.name: replace(fit, kernel=self._learned if fit is RETURN_MODEL else self._counting(fit)) for fit in FITS}

    def _watching(self, fit: ArrayStep) -> Kernel:
        def kernel(arrays: Arrays, values: Values) -> Arrays:
            self._given[fit.name] = arrays
            self._gave[fit.name] = fit.kernel(arrays, values)
            return self._gave[fit.name]

        return kernel

    def _counting(self, fit: ArrayStep) -> Kernel:
        """Each state counted as often as in the clean record."""
        clean = self._given[fit.name]
        counts = dict(zip(_states(clean), clean["pairs"].tolist(), strict=True))

        def kernel(states: Arrays, values: Values) -> Arrays:
            known = np.array([counts.get(state, 0) for state in _states(states)], dtype=np.int64)
            return fit.kernel({**states, "pairs": known}, values)

        return kernel

    def _learned(self, _: Arrays, __: Values) -> Arrays:
        return self._gave[RETURN_MODEL.name]


def _states(states: Arrays) -> Iterator[tuple[int, ...]]:
    return zip(*(states[name].tolist() for name in ("x", "t", "n")), strict=True)
