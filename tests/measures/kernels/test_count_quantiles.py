"""Quantiles of counts against scipy's distributions, over small and large means and variances."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.measures.kernels.count_quantiles import LARGE_MEAN, MAX_TERMS, count_quantiles

from ... import oracles
from ...strategies import examples

MEANS = [*np.geomspace(1e-9, 0.02, 8), *np.linspace(0.03, 3, 40), *np.linspace(3.3, LARGE_MEAN, 60)]
LARGER = [60.5, 75, 100, 150, 300, 1_000, 3_000, 10_000]
SPREADS = (0.01, 0.08, 0.2, 0.5, 1, 4, 20)
"""Variance above that of a Poisson, in squared means."""


def variances(mean: float) -> list[float]:
    """Variances below the mean, at it, very near it, and above it."""
    return [mean * share for share in (1e-6, 0.3, 0.9, 1 - 1e-7, 1, 1 + 1e-7, 1.1)] + [mean + spread * mean**2 for spread in SPREADS]


def quantiles(cases: list[tuple[float, float]]) -> list[tuple[float, float]]:
    mean, variance = np.array(cases).T
    return list(zip(*(end.tolist() for end in count_quantiles(mean, variance)), strict=True))


def test_up_to_sixty_people_the_ends_are_the_percentiles() -> None:
    cases = [(mean, variance) for mean in MEANS for variance in variances(mean)]
    assert quantiles(cases) == [oracles.quantiles_of(*case) for case in cases]


def test_beyond_sixty_people_they_are_a_person_or_a_twentieth_of_a_deviation_off() -> None:
    cases = [(mean, variance) for mean in LARGER for variance in variances(mean)]
    for (mean, variance), mine in zip(cases, quantiles(cases), strict=True):
        allowed = max(1, 0.05 * variance**0.5)
        assert mine == pytest.approx(oracles.quantiles_of(mean, variance), abs=allowed), (mean, variance)


@pytest.mark.parametrize(
    ("mean", "variance", "low", "high"),
    [
        (1e-9, 1e-9, 0, 0),
        (0.05, 0.05 * 0.95, 0, 0),  # one trial: in exactly 95 of 100 cases nobody comes
        (0.5, 0.25, 0, 1),  # a coin
        (2, 1, 0, 4),  # four coins: with chance 1/16 nobody, with chance 1/16 all
        (3, 1.5, 1, 5),  # six coins: with chance 1/64 nobody, with chance 7/64 at most one
        (5, 1e-12, 5, 5),  # five people who surely come
        (1, 2, 0, 4),  # geometric with chance 1/2: with chance 31/32 four or fewer
        (3, 3, 1, 6),  # Poisson: with chance .05 nobody, with chance .97 six or fewer
    ],
)
def test_ranges_counted_by_hand(mean: float, variance: float, low: int, high: int) -> None:
    assert quantiles([(mean, variance)]) == [(low, high)]


def test_terms_are_enough_for_every_variance() -> None:
    cases = list(product([LARGE_MEAN], [LARGE_MEAN + spread * LARGE_MEAN**2 for spread in np.geomspace(0.01, 1_000, 60)]))
    assert max(high for _, high in quantiles(cases)) < MAX_TERMS - 10


@given(st.floats(1e-9, 1e4), st.floats(1e-6, 6))
@examples(300)
def test_a_range_is_whole_and_holds_the_middle(mean: float, times: float) -> None:
    # `times` is in means, or in squared means if those are more.
    variance = times * max(mean, mean**2 if times > 1 else 0)
    low, high = quantiles([(mean, variance)])[0]
    assert 0 <= low <= high
    assert (low, high) == (int(low), int(high))
    if variance <= mean + 4 * mean**2:
        assert low - 1 < mean < high + 1


@given(st.floats(0.01, 1e4), st.floats(0, 4))
@examples(100)
def test_more_variance_never_narrows_a_range_by_more_than_a_step(mean: float, spread: float) -> None:
    narrow, wide = quantiles([(mean, mean + spread * mean**2), (mean, mean + 1.5 * spread * mean**2)])
    assert wide[1] - wide[0] >= (narrow[1] - narrow[0]) * 0.97 - 1


def test_many_at_once_are_as_one_by_one() -> None:
    rng = np.random.default_rng(2)
    mean = np.exp(rng.uniform(-9, 7, 21_000))
    variance = mean * np.exp(rng.uniform(-3, 3, mean.size))
    low, high = count_quantiles(mean, variance)
    for index in range(0, mean.size, 1_500):
        assert quantiles([(mean[index], variance[index])]) == [(low[index], high[index])]


def test_nobody_has_no_range() -> None:
    assert [end.size for end in count_quantiles(np.zeros(0), np.zeros(0))] == [0, 0]
