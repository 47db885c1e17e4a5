"""The results of one set by the protocol of `regard backtest`. All bootstrap draws are kept, so that sets can be combined."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from uncertainty import draws_for

from regard.evaluation.backtest.results import Backtest, Range, ScoreMean
from regard.evaluation.backtest.run import Observations, Resampled, Trial, observe, resample_people, summarise
from regard.evaluation.backtest.snapshot import Snapshot
from regard.evaluation.bootstrap import Resampling
from regard.evaluation.targets import TARGETS
from regard.record.record import Record

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Indices = NDArray[np.int64]

RETURNED = TARGETS.index("returned")
ELSEWHERE = "best elsewhere"
FAR_APART = 1_000_000_000
"""Added to the positions of each further set, so that nobody is in two sets."""


@dataclass(frozen=True)
class SetResult:
    """One set: its snapshots, the bootstrap over its people, and its backtest."""

    name: str
    observations: Observations
    resampled: Resampled
    backtest: Backtest
    resampling: Resampling

    @property
    def snapshots(self) -> tuple[Snapshot, ...]:
        """The set at its origins."""
        return self.observations.snapshots

    def score(self, name: str) -> ScoreMean | None:
        """A score, if the set has it."""
        return next((score for score in self.backtest.scores if score.name == name), None)

    def ahead(self, rival: str) -> Range:
        """Spearman of kept less that of a rival, or of the rank picked on the other half of the people."""
        if rival == ELSEWHERE:
            return self.backtest.best_elsewhere.returned
        score = self.score(rival)
        return score.ahead.returned if score else Range(None, None, None)

    def ahead_drawn(self, rival: str) -> Floats:
        """The same in every draw: (draws,)."""
        return self.resampled.best_elsewhere_drawn[RETURNED] if rival == ELSEWHERE else self.drawn("kept") - self.drawn(rival)

    def drawn(self, name: str) -> Floats:
        """Spearman of a score with the people who returned, in every draw: (draws,)."""
        drawn: Floats = self.resampled.drawn[[score.name for score in self.resampled.scores].index(name), RETURNED]
        return drawn


def part_largest(sets: Sequence[SetResult]) -> list[tuple[str, list[SetResult]]]:
    """All sets as one group. If one set has more than half of all pairs, it is a group of its own, so that it does not decide for all."""
    observed = [result for result in sets if result.snapshots]
    pairs = [sum(snapshot.pairs.returned.size for snapshot in result.snapshots) for result in observed]
    if len(observed) < 2 or 2 * max(pairs) <= sum(pairs):
        return [("all sets", observed)]
    largest = observed[int(np.argmax(pairs))]
    return [(f"all but {largest.name}", [result for result in observed if result is not largest]), (largest.name, [largest])]


def evaluate_set(name: str, record: Record, resampling: Resampling, coefficients: Path | None) -> SetResult:
    """A backtest of one set with a table of coefficients; without one, the shipped table."""
    observations = observe(record, Trial(coefficients=coefficients))
    positions = [np.zeros(0, dtype=np.int64), *(snapshot.positions[snapshot.active] for snapshot in observations.snapshots)]
    people = np.unique(np.concatenate(positions)).size
    own = replace(resampling, draws=draws_for(people, resampling.draws))
    resampled = resample_people(observations.snapshots, own)
    return SetResult(name, observations, resampled, summarise(observations, resampled, own, name), own)


@dataclass(frozen=True)
class People:
    """Some people, once for each origin: who they are, `kept` and its range, and how many people returned to them. Arrays are (people,)."""

    who: Indices
    kept: Floats
    low: Floats
    high: Floats
    returned: Floats

    @property
    def held(self) -> Bools:
        """Whether the range contains the number of people who returned."""
        return (self.returned >= self.low) & (self.returned <= self.high)

    def select(self, members: Bools) -> People:
        """Some of them."""
        return People(self.who[members], self.kept[members], self.low[members], self.high[members], self.returned[members])


def active(snapshot: Snapshot) -> Bools:
    """A mask of the people who acted within the window before, and toward whom anybody ever acted."""
    return np.asarray(snapshot.active & snapshot.tied, dtype=bool)


def over_3(snapshot: Snapshot) -> Bools:
    """A mask of the people with kept over 3."""
    return np.asarray(snapshot.scores["kept"] > 3, dtype=bool)


def newcomers(snapshot: Snapshot) -> Bools:
    """A mask of the active people who were first seen within the window before."""
    return active(snapshot) & snapshot.newcomer


def people_of(sets: Sequence[SetResult], members: Callable[[Snapshot], Bools]) -> People:
    """People of all origins of some sets."""
    snapshots = [(number, snapshot, members(snapshot)) for number, result in enumerate(sets) for snapshot in result.snapshots]
    none = np.zeros(0)
    kept, low, high, returned = (
        np.concatenate([none, *(values[mask] for values, (_, _, mask) in zip(columns, snapshots, strict=True))])
        for columns in (
            [snapshot.scores["kept"] for _, snapshot, _ in snapshots],
            [snapshot.low for _, snapshot, _ in snapshots],
            [snapshot.high for _, snapshot, _ in snapshots],
            [snapshot.targets["returned"] for _, snapshot, _ in snapshots],
        )
    )
    who = np.concatenate([none.astype(np.int64), *(snapshot.positions[mask] + number * FAR_APART for number, snapshot, mask in snapshots)])
    return People(who, kept, low, high, returned)
