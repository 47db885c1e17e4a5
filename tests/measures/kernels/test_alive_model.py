"""The alive model against its formulas, written out as products and sums, and its prior against a slow fit by EM."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from regard.measures.kernels import alive_model
from regard.measures.kernels.alive_model import (
    Floats,
    Grid,
    Predictions,
    fit,
    log_likelihood,
    p_return_at_least_if_alive,
    p_return_if_alive,
    predict,
)

from ... import oracles
from ...oracles import State
from ...strategies import examples

STATES = [State(x, t, n) for n in range(8) for t in range(n + 1) for x in range(min(t, 1), t + 1)]
"""All states up to seven bins after the first, also without an act after it (x = t = 0) and with an act in the last bin (t = n)."""


def columns(states: list[State]) -> tuple[Floats, Floats, Floats]:
    x, t, n = np.array(states, dtype=np.float64).T
    return x, t, n


def predicted(grid: Grid, states: tuple[Floats, Floats, Floats], bins: int) -> Predictions:
    return predict(grid, *states, bins, at_least=3)


def stacked(predictions: Predictions) -> Floats:
    return np.stack([predictions.p_alive, predictions.p_return, predictions.p_return_at_least])


def even_grid() -> Grid:
    p, q = alive_model._grid_points()
    return Grid(p, q, np.full(p.size, 1 / p.size))


def test_the_likelihood_is_that_of_the_paper_on_all_small_states() -> None:
    both, alive = log_likelihood(*columns(STATES))
    grid = even_grid()
    for index, state in enumerate(STATES):
        slow_both, slow_alive = oracles.likelihood(*state, grid.p, grid.q)
        np.testing.assert_allclose(np.exp(both[index]), slow_both, rtol=1e-10)
        np.testing.assert_allclose(np.exp(alive[index]), slow_alive, rtol=1e-10)


def test_all_that_can_happen_in_five_bins_adds_up_to_one() -> None:
    # A state (x, t, 5) with x > 0 stands for several histories: one for each way to place x - 1 acts before the last act.
    states = [state for state in STATES if state.n == 5]
    ways = np.array([np.prod([(s.t - 1 - i) / (i + 1) for i in range(s.x - 1)]) if s.x else 1 for s in states])
    both, _ = log_likelihood(*columns(states))
    np.testing.assert_allclose(ways @ np.exp(both), 1, rtol=1e-12)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_the_likelihood_is_that_of_the_paper(before: int, gap: int, silent: int) -> None:
    x, t = (min(before, gap) + 1, gap + 1) if before else (0, 0)
    both, alive = log_likelihood(*columns([State(x, t, t + silent)]))
    slow_both, slow_alive = oracles.likelihood(x, t, t + silent, *alive_model._grid_points())
    np.testing.assert_allclose(np.exp(both[0]), slow_both, rtol=1e-9)
    np.testing.assert_allclose(np.exp(alive[0]), slow_alive, rtol=1e-9)


@pytest.mark.parametrize("bins", [0, 1, 2, 7, 28, 364])
def test_the_chance_to_act_again_follows_the_recursion(bins: int) -> None:
    grid = even_grid()
    np.testing.assert_allclose(p_return_if_alive(grid, bins), 1 - oracles.silence(grid.p, grid.q, bins), atol=1e-12)


@pytest.mark.parametrize("bins", range(7))
@pytest.mark.parametrize("times", [1, 2, 3, 5])
def test_the_chance_to_act_in_several_bins_is_that_of_all_that_can_happen(bins: int, times: int) -> None:
    grid = Grid(np.array([0.03, 0.5, 0.9, 0.7]), np.array([0.2, 0.0, 0.4, 0.01]), np.full(4, 0.25))
    np.testing.assert_allclose(p_return_at_least_if_alive(grid, bins, times), oracles.in_several(grid.p, grid.q, bins, times), atol=1e-12)


@pytest.mark.parametrize("bins", [1, 2, 3, 28, 364])
def test_to_act_in_several_bins_is_to_act_in_one_first(bins: int) -> None:
    grid = even_grid()
    np.testing.assert_allclose(p_return_at_least_if_alive(grid, bins, 1), p_return_if_alive(grid, bins), atol=1e-12)
    chances = [p_return_at_least_if_alive(grid, bins, times) for times in range(6)]
    assert np.all(np.diff(chances, axis=0) <= 1e-15)  # more bins are never likelier
    assert all(np.all(chances[times] == 0) for times in range(bins + 1, 6))  # nobody acts in more bins than there are


@given(arrays.arrays(np.float64, 324, elements=st.floats(0, 1)), st.sampled_from(STATES), st.integers(1, 30))
@examples(50)
def test_predictions_are_those_of_bayes(weight: Floats, state: State, bins: int) -> None:
    p, q = alive_model._grid_points()
    grid = Grid(p, q, (weight + 1e-6) / (weight + 1e-6).sum())
    result = predicted(grid, columns([state]), bins)
    assert (result.p_alive[0], result.p_return[0], result.p_return_at_least[0]) == pytest.approx(
        oracles.chances(grid, *state, bins), abs=1e-10
    )


@given(arrays.arrays(np.float64, 324, elements=st.floats(0, 1)), st.integers(0, 9), st.integers(0, 20), st.integers(1, 30))
@examples(50)
def test_longer_silence_never_makes_a_return_likelier(weight: Floats, x: int, more: int, bins: int) -> None:
    # Each grid point has a falling chance to act, and mixtures of falling hazards fall (Proschan 1963).
    p, q = alive_model._grid_points()
    grid = Grid(p, q, (weight**8 + 1e-9) / (weight**8 + 1e-9).sum())
    t = x + more if x else 0
    result = predicted(grid, columns([State(x, t, t + silent) for silent in range(60)]), bins)
    assert np.all(np.diff(result.p_return) <= 1e-12)
    assert result.p_alive[0] == pytest.approx(1, abs=1e-12)
    assert np.all((result.p_return <= result.p_alive + 1e-12) & (result.p_alive <= 1 + 1e-12))
    assert np.all((result.p_return_at_least >= 0) & (result.p_return_at_least <= result.p_return + 1e-12))


def test_a_point_of_the_prior_without_weight_is_never_believed() -> None:
    p, q = alive_model._grid_points()
    alone = Grid(p, q, (np.arange(p.size) == 40).astype(np.float64))
    result = predicted(alone, columns([State(2, 3, 9)]), 4)
    both, living = oracles.likelihood(2, 3, 9, p[40:41], q[40:41])
    assert result.p_alive[0] == pytest.approx(living[0] / both[0])
    assert result.p_return[0] == pytest.approx(result.p_alive[0] * (1 - oracles.silence(p[40:41], q[40:41], 4)[0]))


def made_up(seed: int, size: int = 60) -> tuple[Floats, Floats, Floats, Floats]:
    rng = np.random.default_rng(seed)
    n = rng.integers(0, 50, size)
    t = rng.integers(0, n + 1)
    x = np.where(t > 0, rng.integers(0, 50, size) % np.maximum(t, 1) + 1, 0)
    states, count = np.unique(np.stack([x, t, n]), axis=1, return_counts=True)
    return (*states.astype(np.float64), count.astype(np.float64))


def goodness(weight: Floats, table: Floats, count: Floats) -> float:
    """What the fit maximises: the log likelihood of the states and of the evenly spread pairs."""
    return float(count @ np.log(table @ weight) + alive_model.PRIOR_PAIRS * np.log(weight).mean())


@pytest.mark.parametrize("seed", range(4))
def test_slow_expectation_maximisation_climbs_to_the_fit_and_never_past_it(seed: int) -> None:
    x, t, n, count = made_up(seed)
    table = np.stack([oracles.likelihood(int(a), int(b), int(c), *alive_model._grid_points())[0] for a, b, c in zip(x, t, n, strict=True)])
    weight, heights = np.full(324, 1 / 324), []
    for _ in range(2_000):
        heights.append(goodness(weight, table, count))
        share = table * weight / (table @ weight)[:, None]
        weight = (count @ share + alive_model.PRIOR_PAIRS / 324) / (count.sum() + alive_model.PRIOR_PAIRS)
    best = goodness(fit(x, t, n, count).weight, table, count)
    assert np.all(np.diff(heights) >= -1e-9)
    assert heights[-1] <= best + 1e-6
    assert best - heights[-1] < 1e-3 * (best - heights[0])


@pytest.mark.parametrize("seed", range(4))
def test_no_point_of_the_grid_could_be_given_more_weight(seed: int) -> None:
    x, t, n, count = made_up(seed, 300)
    grid = fit(x, t, n, count)
    table = np.exp(log_likelihood(x, t, n)[0])
    gain = (count / (table @ grid.weight)) @ table + alive_model.PRIOR_PAIRS / 324 / grid.weight
    assert grid.weight.sum() == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(gain, count.sum() + alive_model.PRIOR_PAIRS, rtol=1e-4)


def test_the_fit_does_not_depend_on_the_order_of_the_states() -> None:
    x, t, n, count = made_up(3, 500)
    turned = fit(x[::-1], t[::-1], n[::-1], count[::-1])
    np.testing.assert_array_equal(fit(x, t, n, count).weight, turned.weight)


def test_without_pairs_the_prior_is_even() -> None:
    none = np.zeros(0)
    np.testing.assert_array_equal(fit(none, none, none, none).weight, even_grid().weight)
    empty = predicted(even_grid(), (none, none, none), 3)
    assert (empty.p_alive.size, empty.p_return.size, empty.p_return_at_least.size) == (0, 0, 0)


@pytest.mark.long
def test_what_is_predicted_comes_true() -> None:
    # 40,000 pairs of two kinds, observed for 20 bins. Half act with chance .27 and stay; half act with chance .73 and leave with chance
    # .12 a bin. Ten more bins follow.
    rng = np.random.default_rng(11)
    restless = rng.random(40_000) < 0.5
    living = (rng.random((40_000, 30)) > np.where(restless, 0.12, 0)[:, None]).cumprod(axis=1)
    acts = living * (rng.random((40_000, 30)) < np.where(restless, 0.73, 0.27)[:, None])
    x, t = acts[:, :20].sum(axis=1), 20 - np.argmax(acts[:, 19::-1], axis=1)
    t = np.where(x > 0, t, 0)
    states, count = np.unique(np.stack([x, t, np.full_like(x, 20)]), axis=1, return_counts=True)
    grid = fit(*columns([State(*state) for state in states.T.tolist()]), count.astype(np.float64))
    result = predicted(grid, (x.astype(np.float64), t.astype(np.float64), np.full(40_000, 20.0)), 10)
    for low, high in ((0, 0), (1, 3), (4, 7), (8, 14), (15, 20)):
        mine = np.logical_and(x >= low, x <= high)
        assert result.p_return[mine].mean() == pytest.approx(acts[mine, 20:].any(axis=1).mean(), abs=0.02)
        assert result.p_return_at_least[mine].mean() == pytest.approx((acts[mine, 20:].sum(axis=1) >= 3).mean(), abs=0.03)
    assert result.p_alive.mean() == pytest.approx(living[:, 19].mean(), abs=0.02)


@pytest.mark.long
def test_thinning_out_rare_states_hardly_moves_what_is_predicted(monkeypatch: pytest.MonkeyPatch) -> None:
    x, t, n, count = made_up(5, 4_000)
    full = predicted(fit(x, t, n, count), (x, t, n), 7)
    monkeypatch.setattr(alive_model, "MAX_FITTED_STATES", 300)
    few, weights = alive_model._thin_out(count)
    thinned = predicted(fit(x, t, n, count), (x, t, n), 7)
    assert len(few) <= 300 < x.size
    assert weights.sum() == pytest.approx(count.sum())
    assert count @ np.abs(full.p_return - thinned.p_return) / count.sum() < 0.02


def test_states_in_chunks_give_the_same_as_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    x, t, n, count = made_up(6, 200)
    grid = fit(x, t, n, count)
    full = predicted(grid, (x, t, n), 5)
    monkeypatch.setattr(alive_model, "CHUNK_STATES", 7)
    np.testing.assert_array_equal(stacked(full), stacked(predicted(grid, (x, t, n), 5)))


@pytest.mark.parametrize("bins", [1_461, 20_000])
def test_very_many_bins_do_not_underflow(bins: int) -> None:
    states = [State(0, 0, bins), State(1, bins, bins), State(bins, bins, bins), State(bins // 2, bins // 2, bins), State(5, 6, bins)]
    x, t, n = columns(states)
    grid = fit(x, t, n, np.ones(len(states)))
    result = stacked(predicted(grid, (x, t, n), 28))
    assert np.all(np.isfinite(result))
    assert np.all((result >= 0) & (result <= 1 + 1e-12))
    assert result[1, 2] > 0.99  # active in every bin so far
    assert result[1, 0] < 0.01
