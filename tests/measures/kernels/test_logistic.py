"""Logistic regression with a prior, against scikit-learn, scipy, and results by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from regard.measures.kernels.logistic import Floats, fit, intercept, sigmoid

from ...strategies import examples


def made_up(seed: int, cases: int = 400, columns: int = 5) -> tuple[Floats, Floats, Floats]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(cases, columns)) * rng.uniform(0.3, 3, columns)
    y = (rng.random(cases) < sigmoid(x @ rng.normal(size=columns) - 1)).astype(np.float64)
    return x, y, rng.uniform(0.1, 2, cases)


def by_scikit_learn(x: Floats, y: Floats, weight: Floats, precision: float) -> Floats:
    """The fit of scikit-learn, which pulls every coefficient toward 0 with the same precision."""
    model = LogisticRegression(C=1 / precision, fit_intercept=False, tol=1e-10, max_iter=10_000)
    return np.asarray(model.fit(x, y, sample_weight=weight).coef_[0], dtype=np.float64)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("precision", [0.1, 1, 30])
def test_a_prior_at_zero_is_that_of_scikit_learn(seed: int, precision: float) -> None:
    x, y, weight = made_up(seed)
    none = np.zeros(5)
    result = fit(x, y, weight, none, np.full(5, precision), np.zeros(y.size))
    np.testing.assert_allclose(result, by_scikit_learn(x, y, weight, precision), atol=2e-5)


@pytest.mark.parametrize("seed", range(6))
def test_a_prior_elsewhere_is_a_shift_of_the_offset(seed: int) -> None:
    x, y, weight = made_up(seed)
    mean, offset = np.linspace(-2, 2, 5), np.sin(np.arange(y.size))
    result = fit(x, y, weight, mean, np.full(5, 7.0), offset)
    moved = fit(x, y, weight, np.zeros(5), np.full(5, 7.0), offset + x @ mean)
    np.testing.assert_allclose(result, moved + mean, atol=1e-8)


@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_left_to_climb(seed: int) -> None:
    x, y, weight = made_up(seed)
    mean, precision, offset = np.linspace(1, -1, 5), np.array([0.0, 0.5, 3, 30, 1e4]), np.cos(np.arange(y.size))
    b = fit(x, y, weight, mean, precision, offset)
    slope = x.T @ (weight * (y - sigmoid(x @ b + offset))) - precision * (b - mean)
    np.testing.assert_allclose(slope, 0, atol=1e-5)


def test_an_offset_takes_the_place_of_what_is_known() -> None:
    # If the chances are known already there is nothing to learn. The coefficient is their error, here log 2 in odds.
    rng = np.random.default_rng(3)
    offset = rng.normal(size=200_000)
    y = (rng.random(offset.size) < sigmoid(offset + np.log(2))).astype(np.float64)
    result = fit(np.ones((y.size, 1)), y, np.ones(y.size), np.zeros(1), np.zeros(1), offset)
    assert result[0] == pytest.approx(np.log(2), abs=0.02)


@pytest.mark.parametrize("precision", [1e-3, 1, 30, 1e6])
def test_more_cases_move_further_from_the_prior(precision: float) -> None:
    mean = np.array([1.0])
    moved = []
    for cases in (0, 1, 10, 100, 1_000):
        x, y = np.ones((cases, 1)), np.zeros(cases)
        moved.append(float(fit(x, y, np.ones(cases), mean, np.full(1, precision), np.zeros(cases))[0]))
    assert moved[0] == 1
    assert moved == sorted(moved, reverse=True)
    assert len(set(moved)) == 5


def test_a_weight_of_two_is_a_case_twice() -> None:
    x, y, _ = made_up(9)
    twice = fit(np.vstack([x, x[:100]]), np.concatenate([y, y[:100]]), np.ones(500), np.zeros(5), np.ones(5), np.zeros(500))
    weight = np.where(np.arange(400) < 100, 2.0, 1.0)
    np.testing.assert_allclose(fit(x, y, weight, np.zeros(5), np.ones(5), np.zeros(400)), twice, atol=1e-8)


@pytest.mark.parametrize("scale", [1e-3, 1, 1e3])
def test_cases_that_are_told_apart_at_once_are_held_by_the_prior(scale: float) -> None:
    x = scale * np.linspace(-1, 1, 50)[:, None]
    y = (x[:, 0] > 0).astype(np.float64)
    result = fit(x, y, np.ones(50), np.zeros(1), np.ones(1), np.zeros(50))
    np.testing.assert_allclose(result, by_scikit_learn(x, y, np.ones(50), 1.0), rtol=1e-4)


def test_cases_told_apart_without_a_prior_end_all_the_same() -> None:
    x = np.linspace(-1, 1, 50)[:, None]
    result = fit(x, (x[:, 0] > 0).astype(np.float64), np.ones(50), np.zeros(1), np.zeros(1), np.zeros(50))
    assert np.all(np.isfinite(result))
    assert result[0] > 10


def test_columns_that_say_the_same_share_what_they_say() -> None:
    x, y, weight = made_up(2, columns=1)
    alone = fit(x, y, weight, np.zeros(1), np.full(1, 2.0), np.zeros(400))
    both = fit(np.hstack([x, x]), y, weight, np.zeros(2), np.full(2, 4.0), np.zeros(400))
    np.testing.assert_allclose(both, [alone[0] / 2] * 2, atol=1e-8)


def test_nothing_seen_leaves_the_prior() -> None:
    mean = np.array([0.5, -2.0])
    none = np.zeros(0)
    np.testing.assert_array_equal(fit(np.zeros((0, 2)), none, none, mean, np.ones(2), none), mean)
    np.testing.assert_array_equal(fit(np.zeros((9, 2)), np.ones(9), np.ones(9), mean, np.zeros(2), np.zeros(9)), mean)


@given(st.lists(st.floats(-30, 30), min_size=1, max_size=50), st.floats(0.001, 0.999))
@examples(100)
def test_the_intercept_gives_the_wanted_sum(logits: list[float], share: float) -> None:
    wanted = share * len(logits)
    result = intercept(np.array(logits), wanted)
    assert sigmoid(np.array(logits) + result).sum() == pytest.approx(wanted, rel=1e-6)


def test_a_sum_that_can_not_be_is_come_as_close_to_as_can_be() -> None:
    assert sigmoid(np.zeros(3) + intercept(np.zeros(3), 0.0)).sum() == pytest.approx(0, abs=1e-12)
    assert sigmoid(np.zeros(3) + intercept(np.zeros(3), 9.0)).sum() == pytest.approx(3, abs=1e-12)


def test_logits_without_end_are_chances() -> None:
    assert sigmoid(np.array([-np.inf, -1e9, 0, 1e9, np.inf])).tolist() == pytest.approx([0, 0, 0.5, 1, 1], abs=1e-12)
