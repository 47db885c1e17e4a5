"""The ceiling: what correlation exactly true chances would give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from regard.evaluation.backtest.ceiling import ceilings
from regard.evaluation.backtest.snapshot import PairOutcomes, Snapshot
from regard.evaluation.metrics import spearman
from regard.measures.timescale import Timescale


def snapshot(people: int, pairs: int, seed: int = 1) -> Snapshot:
    """People toward whom pairs have chances to return, which kept adds up; `noise` is a score that knows nothing."""
    rng = np.random.default_rng(seed)
    targets = rng.integers(0, people, pairs)
    chances = rng.beta(1, 2, people)[targets]
    returned = rng.random(pairs) < chances
    kept, came = (np.asarray(np.bincount(targets, each, people), dtype=np.float64) for each in (chances, returned))
    scores = {"kept": kept, "noise": rng.random(people), "flat": np.ones(people)}
    outcomes = {"returned": came}
    everybody = np.ones(people, dtype=bool)
    timescale = Timescale(start_us=0, until_us=0, bin_us=1, window_us=1, answer_us=1, acts=1)
    return Snapshot(
        timescale, np.arange(people) * 3, everybody, ~everybody, scores, outcomes, np.zeros(people), np.zeros(people), everybody,
        PairOutcomes({"p_return": chances}, returned, targets * 3), 0,
    )  # fmt: skip


def test_scores_do_as_well_as_the_ceiling_says_if_the_chances_are_true() -> None:
    found = ceilings([snapshot(300, 1_500)], ["kept", "noise", "flat"], seed=1)
    seen = [spearman(one.scores["kept"], one.targets["returned"]) for one in (snapshot(300, 1_500, seed) for seed in range(20))]
    assert found["kept"] == pytest.approx(np.mean(seen), abs=0.05)
    assert abs(found["noise"]) < 0.02 + 2 / 300**0.5
    assert found["flat"] == 0


def test_chances_of_0_and_1_leave_nothing_to_luck() -> None:
    one = snapshot(50, 400)
    certain = PairOutcomes({"p_return": one.pairs.returned.astype(float)}, one.pairs.returned, one.pairs.targets)
    kept = {"kept": np.asarray(one.targets["returned"], dtype=np.float64)}
    assert ceilings([replace(one, pairs=certain, scores=kept)], ["kept"], seed=1) == {"kept": pytest.approx(1)}


def test_without_pairs_or_people_there_is_no_ceiling() -> None:
    one = snapshot(5, 9)
    nobody = replace(one, active=np.zeros(5, dtype=bool))
    assert ceilings([], ["kept"], 1) == ceilings([nobody], ["kept"], 1) == {}
