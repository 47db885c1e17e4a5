"""One set, tried: the protocol of `regard backtest`, with every draw kept so that sets can be put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from doubt import draws_for
from numpy.typing import NDArray

from regard.evaluation.backtest.results import Backtest, Range, ScoreMean
from regard.evaluation.backtest.run import Drawn, Look, Trial, drawn, judged, look
from regard.evaluation.backtest.snapshot import Cut
from regard.evaluation.bootstrap import Plan
from regard.evaluation.targets import TARGETS
from regard.record.record import Record

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Indices = NDArray[np.int64]

KEPT = TARGETS.index("kept")
ELSEWHERE = "best elsewhere"
FAR_APART = 1_000_000_000
"""Between the places of two sets: nobody is in two of them."""


@dataclass(frozen=True)
class Tried:
    """One set: what was seen at its moments, how its people were drawn, and what a backtest says of it."""

    name: str
    seen: Look
    draws: Drawn
    found: Backtest
    plan: Plan

    @property
    def cuts(self) -> tuple[Cut, ...]:
        """The set at its moments."""
        return self.seen.cuts

    def score(self, name: str) -> ScoreMean | None:
        """A score, if the set has it."""
        return next((score for score in self.found.scores if score.name == name), None)

    def ahead(self, rival: str) -> Range:
        """Spearman of kept minus that of a rival, or of the rank picked on the other half of the people."""
        if rival == ELSEWHERE:
            return self.found.best_elsewhere.kept
        score = self.score(rival)
        return score.ahead.kept if score else Range(None, None, None)

    def ahead_drawn(self, rival: str) -> Floats:
        """The same in every draw."""
        return self.draws.elsewhere[KEPT] if rival == ELSEWHERE else self.drawn("kept") - self.drawn(rival)

    def drawn(self, name: str) -> Floats:
        """Spearman of a score with the people kept, in every draw."""
        drawn: Floats = self.draws.correlations[[score.name for score in self.draws.scores].index(name), KEPT]
        return drawn


def parted(sets: Sequence[Tried]) -> list[tuple[str, list[Tried]]]:
    """All sets, or, where one holds more than half of all pairs and would speak for all, the others and that one."""
    seen = [one for one in sets if one.cuts]
    pairs = [sum(cut.pairs.again.size for cut in one.cuts) for one in seen]
    if len(seen) < 2 or 2 * max(pairs) <= sum(pairs):
        return [("all sets", seen)]
    largest = seen[int(np.argmax(pairs))]
    return [(f"all but {largest.name}", [one for one in seen if one is not largest]), (largest.name, [largest])]


def tried(name: str, record: Record, plan: Plan, table: Path | None) -> Tried:
    """A backtest of one set, by what a table of coefficients says."""
    seen = look(record, Trial(coefficients=table))
    people = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *(cut.place[cut.active] for cut in seen.cuts)])).size
    mine = replace(plan, draws=draws_for(people, plan.draws))
    draws = drawn(seen.cuts, mine)
    return Tried(name, seen, draws, judged(seen, draws, mine, name), mine)


@dataclass(frozen=True)
class People:
    """Some people, once for each moment: who they are, what was expected of them, the range, and what came."""

    who: Indices
    kept: Floats
    low: Floats
    high: Floats
    came: Floats

    @property
    def held(self) -> Bools:
        """Whether the range held what came."""
        return (self.came >= self.low) & (self.came <= self.high)

    def of(self, some: Bools) -> People:
        """Some of them."""
        return People(self.who[some], self.kept[some], self.low[some], self.high[some], self.came[some])


def active(cut: Cut) -> Bools:
    """People who acted within the window before, and toward whom anybody ever acted."""
    return np.asarray(cut.active & cut.tied, dtype=bool)


def over_3(cut: Cut) -> Bools:
    """People with kept over 3."""
    return np.asarray(cut.scores["kept"] > 3, dtype=bool)


def newcomers(cut: Cut) -> Bools:
    """Those of the active who were first seen within the window before."""
    return active(cut) & cut.newcomer


def everybody(cut: Cut) -> Bools:
    """All known people."""
    return np.ones(cut.place.size, dtype=bool)


def people_of(sets: Sequence[Tried], members: Callable[[Cut], Bools]) -> People:
    """People of all moments of some sets."""
    cuts = [(number, cut, members(cut)) for number, one in enumerate(sets) for cut in one.cuts]
    none = np.zeros(0)
    kept, low, high, came = (
        np.concatenate([none, *(values[mask] for values, (_, _, mask) in zip(columns, cuts, strict=True))])
        for columns in (
            [cut.scores["kept"] for _, cut, _ in cuts],
            [cut.low for _, cut, _ in cuts],
            [cut.high for _, cut, _ in cuts],
            [cut.targets["kept"] for _, cut, _ in cuts],
        )
    )
    who = np.concatenate([none.astype(np.int64), *(cut.place[mask] + number * FAR_APART for number, cut, mask in cuts)])
    return People(who, kept, low, high, came)
