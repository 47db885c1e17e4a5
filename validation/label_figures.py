"""How right a list is, from labels of messages drawn in strata: precision and recall with their ranges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

DRAWS = 2_000
SEED = 7


@dataclass(frozen=True)
class Stratum:
    """The labelled messages of one stratum."""

    messages: int
    """All messages of the stratum in the record."""
    cases: Sequence[tuple[bool, bool]]
    """Of each labelled message: whether the program lists it, and whether the reader called it an open question."""

    def verdicts(self, *, listed: bool) -> list[bool]:
        """What the reader called those that the program lists, or those that it does not."""
        return [is_open for shown, is_open in self.cases if shown is listed]


@dataclass(frozen=True)
class Share:
    """A share with its range of 95 %, and the labelled messages that it rests on. The estimate is NaN if there are none."""

    estimate: float
    low: float
    high: float
    cases: int


def precision(strata: Sequence[Stratum]) -> Share:
    """Of the listed messages, the share that are open questions.

    >>> precision([Stratum(4, [(True, True)] * 3 + [(True, False)])]).estimate
    0.75
    """
    verdicts = np.array([verdict for stratum in strata for verdict in stratum.verdicts(listed=True)], dtype=float)
    if not len(verdicts):
        return Share(float("nan"), float("nan"), float("nan"), 0)
    drawn = _draws(verdicts, np.random.default_rng(SEED)).mean(axis=1)
    return _share(np.concatenate([[verdicts.mean()], drawn]), len(verdicts))


def recall(strata: Sequence[Stratum], n_listed: int) -> Share:
    """Of the open questions, the share that is listed.

    The list holds `n_listed` messages, labelled or not. A labelled message that is not listed stands for as many others of its stratum.

    >>> recall([Stratum(6, [(True, True)] * 6), Stratum(20, [(False, True), (False, False)])], 6).estimate
    0.375
    """
    rng = np.random.default_rng(SEED)
    shown = np.array([verdict for stratum in strata for verdict in stratum.verdicts(listed=True)], dtype=float)
    found = n_listed * np.concatenate([[shown.mean()], _draws(shown, rng).mean(axis=1)]) if len(shown) else np.zeros(DRAWS + 1)
    missed, cases = np.zeros(DRAWS + 1), int(shown.sum())
    for stratum in strata:
        verdicts = np.array(stratum.verdicts(listed=False), dtype=float)
        if len(verdicts):
            others = stratum.messages - len(stratum.verdicts(listed=True))
            missed += others * np.concatenate([[verdicts.mean()], _draws(verdicts, rng).mean(axis=1)])
            cases += int(verdicts.sum())
    open_questions = found + missed
    if not open_questions[0]:
        return Share(float("nan"), float("nan"), float("nan"), 0)
    return _share(found[open_questions > 0] / open_questions[open_questions > 0], cases)


def _draws(
    values: np.ndarray[tuple[int], np.dtype[np.float64]], rng: np.random.Generator
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """The values drawn anew with replacement, a row a draw."""
    drawn: np.ndarray[tuple[int, int], np.dtype[np.float64]] = values[rng.integers(len(values), size=(DRAWS, len(values)))]
    return drawn


def _share(values: np.ndarray[tuple[int], np.dtype[np.float64]], cases: int) -> Share:
    """The first value is the estimate, and the others are the draws."""
    low, high = np.quantile(values, (0.025, 0.975))
    return Share(float(values[0]), float(low), float(high), cases)
