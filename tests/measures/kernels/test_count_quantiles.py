"""Ranges of counts against scipy's distributions, over means and variances near and far."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.measures.kernels.count_quantiles import LARGE, MOST, ranges

from ... import oracles
from ...strategies import examples

MEANS = [*np.geomspace(1e-9, 0.02, 8), *np.linspace(0.03, 3, 40), *np.linspace(3.3, LARGE, 60)]
LARGER = [60.5, 75, 100, 150, 300, 1_000, 3_000, 10_000]
SPREADS = (0.01, 0.08, 0.2, 0.5, 1, 4, 20)
"""Squared relative errors beyond chance."""


def variances(mean: float) -> list[float]:
    """Below the mean, the mean itself, a hair off it, and above it."""
    return [mean * share for share in (1e-6, 0.3, 0.9, 1 - 1e-7, 1, 1 + 1e-7, 1.1)] + [mean + spread * mean**2 for spread in SPREADS]


def found(cases: list[tuple[float, float]]) -> list[tuple[float, float]]:
    mean, variance = np.array(cases).T
    return list(zip(*(end.tolist() for end in ranges(mean, variance)), strict=True))


def test_up_to_sixty_people_the_ends_are_the_percentiles() -> None:
    cases = [(mean, variance) for mean in MEANS for variance in variances(mean)]
    assert found(cases) == [oracles.quantiles_of(*case) for case in cases]


def test_beyond_sixty_people_they_are_a_person_or_a_twentieth_of_a_deviation_off() -> None:
    cases = [(mean, variance) for mean in LARGER for variance in variances(mean)]
    for (mean, variance), mine in zip(cases, found(cases), strict=True):
        allowed = max(1, 0.05 * variance**0.5)
        assert mine == pytest.approx(oracles.quantiles_of(mean, variance), abs=allowed), (mean, variance)


@pytest.mark.parametrize(
    ("mean", "variance", "low", "high"),
    [
        (1e-9, 1e-9, 0, 0),
        (0.05, 0.05 * 0.95, 0, 0),  # one trial: nobody comes in exactly 95 of 100 cases
        (0.5, 0.25, 0, 1),  # a coin
        (2, 1, 0, 4),  # four coins: 1/16 of the times nobody, 1/16 all
        (3, 1.5, 1, 5),  # six coins: 1/64 nobody, 7/64 one or nobody
        (5, 1e-12, 5, 5),  # five who surely come
        (1, 2, 0, 4),  # each of the odds 1/2: 31/32 of the times four or fewer
        (3, 3, 1, 6),  # Poisson: .05 nobody, .97 six or fewer
    ],
)
def test_ranges_counted_by_hand(mean: float, variance: float, low: int, high: int) -> None:
    assert found([(mean, variance)]) == [(low, high)]


def test_terms_are_enough_for_every_variance() -> None:
    cases = list(product([LARGE], [LARGE + spread * LARGE**2 for spread in np.geomspace(0.01, 1_000, 60)]))
    assert max(high for _, high in found(cases)) < MOST - 10


@given(st.floats(1e-9, 1e4), st.floats(1e-6, 6))
@examples(300)
def test_a_range_is_whole_and_holds_the_middle(mean: float, times: float) -> None:
    # Times the mean, and times the mean squared where that is more.
    variance = times * max(mean, mean**2 if times > 1 else 0)
    low, high = found([(mean, variance)])[0]
    assert 0 <= low <= high
    assert (low, high) == (int(low), int(high))
    if variance <= mean + 4 * mean**2:
        assert low - 1 < mean < high + 1


@given(st.floats(0.01, 1e4), st.floats(0, 4))
@examples(100)
def test_more_variance_never_narrows_a_range_by_more_than_a_step(mean: float, spread: float) -> None:
    narrow, wide = found([(mean, mean + spread * mean**2), (mean, mean + 1.5 * spread * mean**2)])
    assert wide[1] - wide[0] >= (narrow[1] - narrow[0]) * 0.97 - 1


def test_many_at_once_are_as_one_by_one() -> None:
    dice = np.random.default_rng(2)
    mean = np.exp(dice.uniform(-9, 7, 21_000))
    variance = mean * np.exp(dice.uniform(-3, 3, mean.size))
    low, high = ranges(mean, variance)
    for place in range(0, mean.size, 1_500):
        assert found([(mean[place], variance[place])]) == [(low[place], high[place])]


def test_nobody_has_no_range() -> None:
    assert [end.size for end in ranges(np.zeros(0), np.zeros(0))] == [0, 0]
