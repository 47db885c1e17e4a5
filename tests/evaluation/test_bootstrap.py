"""The bootstrap draws people, the same ones in every cut, and its ranges hold what they should."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from regard.evaluation.bootstrap import Draws, Plan, Sample, against_best, between, bootstrap, pieces, resampled

Floats = NDArray[np.float64]
NAMES = ("kept", "good", "bad")


def made(seed: int, people: int = 60, start: int = 0) -> Sample:
    """People of whom `good` tells well and `bad` nothing."""
    dice = np.random.default_rng(seed)
    came = dice.poisson(3, people).astype(np.float64)
    scores = {"kept": came + dice.normal(0, 1, people), "good": came + dice.normal(0, 2, people), "bad": dice.normal(0, 1, people)}
    return Sample(np.arange(start, start + people), scores, {"kept": came, "late": np.floor(came / 2)})


def rho(one: Floats, other: Floats) -> float:
    return float(stats.spearmanr(one, other).statistic)


def test_without_draws_it_is_the_mean_over_cuts() -> None:
    cuts = [made(1), made(2, 40, 30)]
    found = Draws(cuts, NAMES, ("kept", "late")).here()
    for i, name in enumerate(NAMES):
        for j, target in enumerate(("kept", "late")):
            assert found[i, j] == pytest.approx(np.mean([rho(cut.scores[name], cut.targets[target]) for cut in cuts]))


def test_a_person_who_is_drawn_comes_along_in_every_cut() -> None:
    one, other = made(1, 20), made(2, 20, 10)
    drawn = Draws([one, other], NAMES, ("kept",))
    assert drawn.people == 30
    weights = np.zeros((30, 1))
    weights[10:20] = 1  # those who are in both
    wanted = np.mean([rho(one.scores["good"][10:], one.targets["kept"][10:]), rho(other.scores["good"][:10], other.targets["kept"][:10])])
    assert drawn.correlations(weights)[1, 0, 0] == pytest.approx(wanted)


def test_each_draw_draws_as_many_people_as_there_are() -> None:
    weights = resampled(np.random.default_rng(3), 50, 400)
    assert weights.shape == (50, 400)
    assert (weights.sum(axis=0) == 50).all()
    assert weights.mean(axis=1) == pytest.approx(1, abs=0.2)
    assert np.mean(weights == 0) == pytest.approx(np.exp(-1), abs=0.02)


def test_pieces_hold_all_draws() -> None:
    assert sum(pieces(30_000, 2_000)) == 2_000
    assert max(pieces(30_000, 2_000)) * 30_000 <= 1_000_000
    assert pieces(10, 1_500) == [1_500]
    assert sum(pieces(0, 1_000)) == 1_000


def test_the_spread_of_draws_is_that_of_a_plain_bootstrap() -> None:
    cut = made(5)
    mine = bootstrap(Draws([cut], NAMES, ("kept",)), Plan(2_000, 1))[0, 0]
    wanted = stats.bootstrap(
        (cut.scores["kept"], cut.targets["kept"]), rho, paired=True, vectorized=False, n_resamples=1_000, rng=np.random.default_rng(2)
    )
    assert mine.std() == pytest.approx(wanted.standard_error, rel=0.1)


def test_the_same_seed_draws_the_same_people() -> None:
    drawn = Draws([made(5)], NAMES, ("kept",))
    assert np.array_equal(bootstrap(drawn, Plan(1_000, 4)), bootstrap(drawn, Plan(1_000, 4)))
    assert not np.array_equal(bootstrap(drawn, Plan(1_000, 4)), bootstrap(drawn, Plan(1_000, 5)))


def test_a_range_of_a_difference_holds_zero_where_there_is_none() -> None:
    # Two scores that are equally good by construction: 95 % of the ranges should hold zero. With 200 records 181 to 198 of them may.
    held = 0
    for seed in range(200):
        dice = np.random.default_rng(seed)
        came = dice.normal(0, 1, 60)
        scores = {name: came + dice.normal(0, 1, 60) for name in ("kept", "good")}
        found = bootstrap(Draws([Sample(np.arange(60), scores, {"kept": came})], ("kept", "good"), ("kept",)), Plan(1_000, seed))
        low, high = between(found[0, 0] - found[1, 0])
        held += low <= 0 <= high
    assert 181 <= held <= 198


def test_the_best_of_the_others_is_picked_where_it_is_not_judged() -> None:
    here, found = against_best(Draws([made(7, 400)], NAMES, ("kept",)), Plan(1_000, 1))
    everybody = made(7, 400)
    wanted = rho(everybody.scores["kept"], everybody.targets["kept"]) - rho(everybody.scores["good"], everybody.targets["kept"])
    assert here[0] == pytest.approx(wanted, abs=0.01)  # "good" is picked each time
    assert found.shape == (1, 1_000)


def test_among_many_scores_of_chance_the_pick_gains_nothing() -> None:
    # The best of 30 idle scores looks good on the people it was picked on, and is worth nothing on others: over 60 records, zero.
    picked, seen_afterwards = [], []
    for seed in range(60):
        dice = np.random.default_rng(seed)
        names = ["kept", *(f"idle{n}" for n in range(30))]
        scores = {"kept": np.zeros(80), **{name: dice.normal(0, 1, 80) for name in names[1:]}}
        drawn = Draws([Sample(np.arange(80), scores, {"kept": dice.normal(0, 1, 80)})], names, ("kept",))
        picked.append(against_best(drawn, Plan(100, seed))[0][0])
        seen_afterwards.append(-drawn.here()[1:, 0].max())
    assert np.mean(picked) == pytest.approx(0, abs=3 * np.std(picked) / 60**0.5)
    assert np.mean(seen_afterwards) < -0.2


def test_nobody_tells_nothing() -> None:
    drawn = Draws([], NAMES, ("kept",))
    assert np.isnan(drawn.here()).all()
    assert np.isnan(bootstrap(drawn, Plan(1_000, 1))).all()
    here, found = against_best(drawn, Plan(1_000, 1))
    assert np.isnan(here).all()
    assert np.isnan(found).all()
    assert all(np.isnan(between(found[0])))


def test_a_range_is_told_where_most_draws_are() -> None:
    values = np.arange(100.0)
    assert list(between(values)) == pytest.approx([2.475, 96.525])
    values[:51] = np.nan
    assert all(np.isnan(between(values)))
