"""The bootstrap draws people, the same people in every snapshot, and its ranges cover what they should."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from regard.evaluation.bootstrap import (
    Correlations,
    Resampling,
    Sample,
    batch_sizes,
    bootstrap,
    compare_with_best,
    percentile_interval,
    resample,
)

Floats = NDArray[np.float64]
NAMES = ("kept", "good", "bad")


def random_sample(seed: int, people: int = 60, start: int = 0) -> Sample:
    """People for whom `good` predicts well and `bad` predicts nothing."""
    rng = np.random.default_rng(seed)
    returned = rng.poisson(3, people).astype(np.float64)
    scores = {"kept": returned + rng.normal(0, 1, people), "good": returned + rng.normal(0, 2, people), "bad": rng.normal(0, 1, people)}
    return Sample(np.arange(start, start + people), scores, {"returned": returned, "returned_late": np.floor(returned / 2)})


def rho(scores: Floats, target: Floats) -> float:
    return float(stats.spearmanr(scores, target).statistic)


def test_without_draws_it_is_the_mean_over_snapshots() -> None:
    samples = [random_sample(1), random_sample(2, 40, 30)]
    observed = Correlations(samples, NAMES, ("returned", "returned_late")).observed()
    for i, name in enumerate(NAMES):
        for j, target in enumerate(("returned", "returned_late")):
            assert observed[i, j] == pytest.approx(np.mean([rho(sample.scores[name], sample.targets[target]) for sample in samples]))


def test_a_person_who_is_drawn_comes_along_in_every_snapshot() -> None:
    first, second = random_sample(1, 20), random_sample(2, 20, 10)
    correlations = Correlations([first, second], NAMES, ("returned",))
    assert correlations.people == 30
    weights = np.zeros((30, 1))
    weights[10:20] = 1  # the people who are in both
    wanted = np.mean(
        [rho(first.scores["good"][10:], first.targets["returned"][10:]), rho(second.scores["good"][:10], second.targets["returned"][:10])]
    )
    assert correlations.weighted(weights)[1, 0, 0] == pytest.approx(wanted)


def test_each_draw_draws_as_many_people_as_there_are() -> None:
    weights = resample(np.random.default_rng(3), 50, 400)
    assert weights.shape == (50, 400)
    assert (weights.sum(axis=0) == 50).all()
    assert weights.mean(axis=1) == pytest.approx(1, abs=0.2)
    assert np.mean(weights == 0) == pytest.approx(np.exp(-1), abs=0.02)


def test_batches_hold_all_draws() -> None:
    assert sum(batch_sizes(30_000, 2_000)) == 2_000
    assert max(batch_sizes(30_000, 2_000)) * 30_000 <= 1_000_000
    assert batch_sizes(10, 1_500) == [1_500]
    assert sum(batch_sizes(0, 1_000)) == 1_000


def test_the_spread_of_draws_is_that_of_a_plain_bootstrap() -> None:
    sample = random_sample(5)
    drawn = bootstrap(Correlations([sample], NAMES, ("returned",)), Resampling(2_000, 1))[0, 0]
    wanted = stats.bootstrap(
        (sample.scores["kept"], sample.targets["returned"]),
        rho,
        paired=True,
        vectorized=False,
        n_resamples=1_000,
        rng=np.random.default_rng(2),
    )
    assert drawn.std() == pytest.approx(wanted.standard_error, rel=0.1)


def test_the_same_seed_draws_the_same_people() -> None:
    correlations = Correlations([random_sample(5)], NAMES, ("returned",))
    assert np.array_equal(bootstrap(correlations, Resampling(1_000, 4)), bootstrap(correlations, Resampling(1_000, 4)))
    assert not np.array_equal(bootstrap(correlations, Resampling(1_000, 4)), bootstrap(correlations, Resampling(1_000, 5)))


def test_a_range_of_a_difference_holds_zero_where_there_is_none() -> None:
    # The two scores are equally good by construction, so 95 % of the ranges should contain zero: 181 to 198 of 200 records.
    held = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        target = rng.normal(0, 1, 60)
        scores = {name: target + rng.normal(0, 1, 60) for name in ("kept", "good")}
        correlations = Correlations([Sample(np.arange(60), scores, {"returned": target})], ("kept", "good"), ("returned",))
        drawn = bootstrap(correlations, Resampling(1_000, seed))
        low, high = percentile_interval(drawn[0, 0] - drawn[1, 0])
        held += low <= 0 <= high
    assert 181 <= held <= 198


def test_the_best_of_the_others_is_picked_on_people_on_whom_it_is_not_judged() -> None:
    estimate, drawn = compare_with_best(Correlations([random_sample(7, 400)], NAMES, ("returned",)), Resampling(1_000, 1))
    everybody = random_sample(7, 400)
    wanted = rho(everybody.scores["kept"], everybody.targets["returned"]) - rho(everybody.scores["good"], everybody.targets["returned"])
    assert estimate[0] == pytest.approx(wanted, abs=0.01)  # "good" is picked each time
    assert drawn.shape == (1, 1_000)


def test_among_many_scores_of_chance_the_pick_gains_nothing() -> None:
    # The best of 30 idle scores looks good on the people it was picked on, and predicts nothing on others: zero over 60 records.
    picked, in_hindsight = [], []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        names = ["kept", *(f"idle{n}" for n in range(30))]
        scores = {"kept": np.zeros(80), **{name: rng.normal(0, 1, 80) for name in names[1:]}}
        correlations = Correlations([Sample(np.arange(80), scores, {"returned": rng.normal(0, 1, 80)})], names, ("returned",))
        picked.append(compare_with_best(correlations, Resampling(100, seed))[0][0])
        in_hindsight.append(-correlations.observed()[1:, 0].max())
    assert np.mean(picked) == pytest.approx(0, abs=3 * np.std(picked) / 60**0.5)
    assert np.mean(in_hindsight) < -0.2


def test_without_people_there_is_no_value() -> None:
    correlations = Correlations([], NAMES, ("returned",))
    assert np.isnan(correlations.observed()).all()
    assert np.isnan(bootstrap(correlations, Resampling(1_000, 1))).all()
    estimate, drawn = compare_with_best(correlations, Resampling(1_000, 1))
    assert np.isnan(estimate).all()
    assert np.isnan(drawn).all()
    assert all(np.isnan(percentile_interval(drawn[0])))


def test_a_range_needs_a_value_in_half_of_the_draws() -> None:
    values = np.arange(100.0)
    assert list(percentile_interval(values)) == pytest.approx([2.475, 96.525])
    values[:51] = np.nan
    assert all(np.isnan(percentile_interval(values)))


def test_the_range_over_the_best_elsewhere_lies_about_its_estimate() -> None:
    # Many like ranks: a pick among drawn people is often another than among all, which would flatter the first score.
    rng = np.random.default_rng(5)
    returned = rng.poisson(2, 80).astype(np.float64)
    scores = {f"s{n}": returned + rng.normal(0, 2, 80) for n in range(12)}
    correlations = Correlations([Sample(np.arange(80), scores, {"returned": returned})], [*scores], ("returned",))
    estimate, drawn = compare_with_best(correlations, Resampling(1_000, 1))
    assert float(np.nanmean(drawn[0])) == pytest.approx(estimate[0])
