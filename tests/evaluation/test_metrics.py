"""Metrics compared with scipy and scikit-learn, with equal values, and by hand if there is nothing to measure."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats
from sklearn import metrics as theirs
from sklearn.linear_model import LinearRegression

from regard.evaluation import metrics

Floats = NDArray[np.float64]
SEEDS = pytest.mark.parametrize("seed", range(30))


def with_ties(rng: np.random.Generator, size: int) -> Floats:
    """Values of which many are equal."""
    return rng.integers(0, int(rng.integers(2, 12)), size).astype(np.float64)


def outcomes(rng: np.random.Generator, size: int) -> NDArray[np.bool_]:
    """Some true, some false."""
    values = rng.random(size) < 0.3
    values[:2] = (True, False)
    return np.asarray(values, dtype=bool)


@SEEDS
def test_spearman_is_that_of_scipy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores, target = with_ties(rng, 50), with_ties(rng, 50)
    assert metrics.spearman(scores, target) == pytest.approx(stats.spearmanr(scores, target).statistic)


@SEEDS
def test_weights_are_repetitions(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores, targets = [with_ties(rng, 40) for _ in range(3)], [with_ties(rng, 40) for _ in range(2)]
    weights = rng.integers(0, 4, (40, 5))
    correlations = metrics.correlate(
        [metrics.Ranking(score) for score in scores], [metrics.Ranking(target) for target in targets], weights.astype(np.float64)
    )
    for i, j, draw in np.ndindex(correlations.shape):
        repeated = [np.repeat(values, weights[:, draw]) for values in (scores[i], targets[j])]
        assert correlations[i, j, draw] == pytest.approx(stats.spearmanr(*repeated).statistic)


def test_a_score_that_is_the_same_for_all_predicts_nothing() -> None:
    assert metrics.spearman(np.ones(4), np.arange(4.0)) == 0


def test_a_target_that_is_the_same_for_all_cannot_be_predicted() -> None:
    assert isnan(metrics.spearman(np.arange(4.0), np.ones(4)))
    assert isnan(metrics.spearman(np.zeros(0), np.zeros(0)))


@SEEDS
def test_partial_is_the_correlation_of_what_is_left(seed: int) -> None:
    rng = np.random.default_rng(seed)
    score, target, third = (stats.rankdata(with_ties(rng, 60)) for _ in range(3))
    result = metrics.partial(metrics.spearman(score, target), metrics.spearman(third, target), metrics.spearman(score, third))
    left = [values - LinearRegression().fit(third[:, None], values).predict(third[:, None]) for values in (score, target)]
    assert result == pytest.approx(np.corrcoef(*left)[0, 1])


def test_nothing_is_left_of_a_score_given_itself() -> None:
    assert isnan(metrics.partial(0.4, 0.4, 1.0))


@SEEDS
def test_ndcg_is_that_of_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores, gains = with_ties(rng, 80), with_ties(rng, 80)
    assert metrics.ndcg(scores, gains, 50) == pytest.approx(theirs.ndcg_score(gains[None], scores[None], k=50))


def test_ndcg_by_hand() -> None:
    # Gains 3 and 1 in the wrong order: (1 + 3 / log2 3) over (3 + 1 / log2 3).
    assert metrics.ndcg(np.array([1.0, 2]), np.array([3.0, 1]), 50) == pytest.approx((1 + 3 / np.log2(3)) / (3 + 1 / np.log2(3)))
    assert isnan(metrics.ndcg(np.arange(3.0), np.zeros(3), 50))


@SEEDS
def test_auc_and_precision_are_those_of_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores, again = with_ties(rng, 70), outcomes(rng, 70)
    assert metrics.auc(scores, again) == pytest.approx(theirs.roc_auc_score(again, scores))
    assert metrics.average_precision(scores, again) == pytest.approx(theirs.average_precision_score(again, scores))


@SEEDS
def test_scores_of_chances_are_those_of_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    chances, again = rng.uniform(0.01, 0.99, 70), outcomes(rng, 70)
    assert metrics.brier(chances, again) == pytest.approx(theirs.brier_score_loss(again, chances))
    assert metrics.log_loss(chances, again) == pytest.approx(theirs.log_loss(again, chances))
    assert metrics.slope(chances, again) == pytest.approx(stats.linregress(chances, again).slope)


def test_nothing_to_measure_is_nan() -> None:
    nobody, sure = np.zeros(3, dtype=bool), np.full(3, 0.5)
    assert isnan(metrics.auc(sure, nobody))
    assert isnan(metrics.auc(sure, ~nobody))
    assert isnan(metrics.average_precision(sure, nobody))
    assert isnan(metrics.slope(sure, nobody))
    assert all(isnan(figure(np.zeros(0), np.zeros(0, dtype=bool))) for figure in (metrics.brier, metrics.log_loss, metrics.slope))


def test_a_sure_chance_that_fails_costs_much_and_not_infinitely() -> None:
    assert 10 < metrics.log_loss(np.array([1.0]), np.array([False])) < 20


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), min_size=2, max_size=30))
def test_the_order_of_people_does_not_matter(rows: list[tuple[int, int]]) -> None:
    one, other = (np.array(column, dtype=np.float64) for column in zip(*rows, strict=True))
    turned = np.random.default_rng(len(rows)).permutation(len(rows))
    assert metrics.spearman(one, other) == pytest.approx(metrics.spearman(one[turned], other[turned]), nan_ok=True)
    assert metrics.ndcg(one, other, 5) == pytest.approx(metrics.ndcg(one[turned], other[turned], 5), nan_ok=True)
    assert metrics.average_precision(one, other > 1) == pytest.approx(
        metrics.average_precision(one[turned], other[turned] > 1), nan_ok=True
    )
