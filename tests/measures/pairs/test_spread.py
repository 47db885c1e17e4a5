"""The spread: errors of people's counts at past landmarks, counted by hand. tests/oracles/return_model.py has it for any community."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from regard.measures.pairs import spread
from regard.measures.pairs.snapshots import APART, WINDOW_AGO
from regard.measures.pairs.spread import PAST_ERRORS, SPREAD
from regard.record.schema import Act
from regard.studies.study import Study

from ...communities import act
from .model_relations import demo, model_of, modelled, relation

pytestmark = pytest.mark.long


def eight_and_three() -> list[Act]:
    """Eight people act toward ann, and three toward bea. Of ann's eight 0 return in the second week, 5 in the third, 2 in the fourth."""
    first = [act(1, f"p{n}", "message", "ann") for n in range(8)] + [act(1, f"p{n}", "message", "bea") for n in range(3)]
    return [*first, *(act(16, f"p{n}", "message", "ann") for n in range(5)), *(act(24, f"p{n}", "message", "ann") for n in range(2))]


def with_chance(study: Study, odds: float) -> tuple[float, float]:
    """The weight of all witnesses and their weighted error, if every pair had these odds at each past landmark."""
    row = {name: np.zeros(1) for name in study.engine.arrays("FROM return_model")}
    study.engine.put("return_model", row | {f"intercept{past.suffix}": np.array([log(odds)]) for past in APART})
    study.engine.run(PAST_ERRORS, study.timescale.values)
    errors = study.engine.arrays("FROM past_errors")
    return float(errors["weight"][0]), float(errors["excess"][0])


def test_errors_of_people_are_those_counted_by_hand() -> None:
    with modelled(eight_and_three(), until=28, bin_days=1, window_days=7) as study:
        # A chance of 1/2 for each of eight: 4 expected, a variance of 2 by chance. The prior spread of .1 would add 1.6 to it.
        weight = (1.6 / 3.6) ** 2
        errors = [((returned - 4) ** 2 - 2) / 16 for returned in (2, 5, 0)]
        assert with_chance(study, 1) == pytest.approx((3 * weight, weight * sum(errors)), abs=1e-5)
        study.engine.run(SPREAD, study.timescale.values)
        assert model_of(study)["spread"] == pytest.approx((20 * 0.1 + weight * sum(errors)) / (20 + 3 * weight), abs=1e-5)


def test_nobody_is_a_witness_of_whom_three_are_expected() -> None:
    with modelled(eight_and_three(), until=28, bin_days=1, window_days=7) as study:
        assert with_chance(study, 3 / 5.1) == (0, 0)  # ann: 8 x 3 / 8.1 = 2.96; bea has but three ties
        assert with_chance(study, 3 / 4.9)[0] > 0


def test_who_carries_on_as_expected_narrows_the_spread_and_who_does_not_widens_it() -> None:
    weeks = [[act(7 * week + n % 7, f"p{n}", "message", f"q{n % 4}") for week in range(8)] for n in range(40)]
    steady = [each for person in weeks for each in person]
    # Each week all who act toward two of the four fall silent, and come back after.
    fickle = [each for week in range(8) for n in range(40) for each in (weeks[n][week],) if week < 4 or (n + week) % 4 > 1]
    with modelled(steady, until=56, bin_days=1, window_days=7) as calm, modelled(fickle, until=56, bin_days=1, window_days=7) as restless:
        assert model_of(calm)["spread"] < 0.1 + model_of(calm)["level_spread"]
        assert model_of(restless)["spread"] > model_of(calm)["spread"] + 0.05


def test_of_many_pairs_some_people_are_taken_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spread, "MOST_PAIRS", 40)
    sample = demo(60, 120, 3)
    with modelled(sample.acts, bin_days=1, window_days=14) as study:
        everybody = relation(study, "judged_one")
        study.engine.run(spread.judged(WINDOW_AGO), study.timescale.values)
        some = relation(study, "judged_one")
    chosen = {row["target"] for row in some}
    assert 0 < len(some) < len(everybody) / 3
    assert sorted(map(str, some)) == sorted(str(row) for row in everybody if row["target"] in chosen)
