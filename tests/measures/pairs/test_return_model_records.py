"""The return model on records with little to learn from, odd records, bursts and floods."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.measures.pairs.levels import PRIOR_LEVEL_SPREAD
from regard.measures.pairs.pretrained import pretrained
from regard.measures.pairs.snapshots import NOW, PAST
from regard.measures.pairs.spread import PRIOR_SPREAD
from regard.record.schema import Act

from ...communities import START_US, act, community, rows
from ...oracles import DAY, number
from ...strategies import Made, communities, examples
from .model_relations import Model, cases_of, demo, every, model_of, modelled, oracle_of, with_steps

pytestmark = pytest.mark.long

# --- little or nothing to learn from


def shipped(model: Model) -> bool:
    """Whether the slopes are those that other communities taught."""
    table = pretrained()
    return all(model[f"b_{n}"] == b / s for n, b, s in zip(table.names, np.round(table.slope, 6), table.scale, strict=True))


def test_a_record_too_short_for_a_past_keeps_what_others_taught() -> None:
    with modelled(every(0.5, 3), bin_days=1, window_days=7) as study:
        model = model_of(study)
        assert model["n_returns"] == 0
        assert shipped(model)
        assert (model["level"], model["level_spread"]) == (0, PRIOR_LEVEL_SPREAD)
        assert model["spread"] == pytest.approx(PRIOR_SPREAD + PRIOR_LEVEL_SPREAD)


def test_a_past_in_which_nobody_came_back_keeps_what_others_taught() -> None:
    with modelled([act(day, f"p{day}", "message", f"q{day}") for day in range(60)], bin_days=1, window_days=7) as study:
        model = model_of(study)
        assert (model["n_returns"], shipped(model)) == (0, True)
        assert model["level"] < 0  # returns were expected, and there was none


def test_one_pair_may_have_a_past_of_its_own() -> None:
    with modelled(every(1, 60), bin_days=1, window_days=7) as study:
        model = model_of(study)
        assert model["n_returns"] == len(PAST)
        assert shipped(model)  # after centring, a single pair has no features
        assert 0.5 < number(rows(study, "ties")[0]["p_return"]) < 1


def test_nobody_toward_anybody_teaches_nothing() -> None:
    with modelled([act(day, "ann", "post", item=f"p{day}") for day in range(9)]) as study:
        model = model_of(study)
        assert (model["n_returns"], model["intercept"], shipped(model)) == (0, 0, True)
        assert (
            rows(study, "ties") == rows(study, "kept") == rows(study, "new_contacts") == rows(study, "fans") == rows(study, "excess") == []
        )


ODD: dict[str, tuple[list[Act], float | None, float | None]] = {
    "one act": ([act(1, "ann", "message", "bea")], None, None),
    "one pair": (every(3, 90), None, None),
    "one week": ([*every(0.1, 7), *every(0.3, 7, "bea", "ann"), *every(2, 7, "cem", "ann")], None, None),
    "a burst": ([*every(0.01, 2), *every(0.05, 2, "bea", "ann"), *every(0.7, 2, "cem", "ann")], 1 / 24, 0.5),
    "one window": ([*every(1, 6), *every(2, 6, "cem", "bea")], 1, 7),
    "windows of one bin": ([*every(1, 60), *every(9, 60, "cem", "bea")], 7, 7),
    "four years of days": ([*every(1, 1_461), *every(1, 700, "cem", "bea"), act(0, "bea", "reply", "ann")], 1, 28),
    "a community that died": ([*every(1, 60), *every(2, 60, "cem", "bea"), *every(3, 50, "bea", "cem"), act(900, "dua", "join")], 1, 28),
    "a newcomer": ([*every(1, 200), act(199.9, "new", "message", "bea"), act(199.95, "bea", "reply", "new")], 1, 28),
    "nobody ever repeats": ([act(n / 2, f"p{n % 20}", "message", f"q{n}") for n in range(200)], 1, 7),
    "ten people": ([act(n / 3, f"p{n * 7 % 10}", "message", f"p{(n * 7 + n % 4 + 1) % 10}") for n in range(500)], None, None),
    "before there was a day": ([act(n - 14_000, "ann", "message", "bea") for n in range(60)], 1, 7),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_records_have_chances_and_ranges(name: str) -> None:
    acts, bin_days, window_days = ODD[name]
    until = acts[-1].time if name == "a community that died" else None
    day = None if until is None else (until - START_US) / DAY
    with community(acts, until=day, bin_days=bin_days, window_days=window_days) as study:
        model_rows = rows(study, "ties")
        model = model_of(study)
        assert all(np.isfinite(list(model.values())))
        assert model["spread"] > 0 < model["level_spread"]
        for row in model_rows:
            assert 0 < number(row["p_return"]) < 1
            assert 0 <= number(row["p_fan"]) <= number(row["p_return"])
            assert 0 <= number(row["p_return_alive"]) <= number(row["p_alive"]) <= 1
        for measure, column in (("kept", "kept"), ("fans", "fans"), ("new_contacts", "new_contacts")):
            for row in rows(study, measure):
                assert 0 <= number(row["low"]) <= number(row["high"])
                assert number(row["low"]) - 1 < number(row[column]) < number(row["high"]) + 1, measure


def test_who_acts_daily_comes_back_and_who_fell_silent_does_not() -> None:
    acts = [*every(1, 300), *every(1, 150, "cem"), *every(10, 300, "dua"), *every(1, 300, "bea", "ann")]
    with community(acts, bin_days=1, window_days=28) as study:
        p_return = {(row["actor"], row["target"]): number(row["p_return"]) for row in rows(study, "ties")}
    assert p_return["ann", "bea"] > 0.95 > p_return["dua", "bea"] > 0.3 > 0.1 > p_return["cem", "bea"]


def test_a_community_that_died_is_not_believed_to_go_on() -> None:
    pairs = [(f"p{n}", f"p{(n + 1) % 12}") for n in range(12)]
    acts = [act_ for n, (a, b) in enumerate(pairs) for act_ in every(2 + n % 3, 100, a, b)]
    with community(acts, until=400, bin_days=1, window_days=28) as study:
        assert all(number(row["p_return"]) < 0.05 for row in rows(study, "ties"))
        assert all(number(row["kept"]) < 0.05 for row in rows(study, "kept"))


def test_level_follows_the_last_window_by_a_quarter() -> None:
    sample = demo(30, 120, 8)
    with community(sample.acts, accounts=sample.accounts) as study:
        oracle = oracle_of(with_steps(study), sample)
        last = oracle.past_level(study.timescale.window_bins)
        off = log((last["actual"] + 8) / (last["expected"] + 8))
        assert model_of(study)["level"] == pytest.approx(0.25 * off - 0.25 * max(0, oracle.growth), abs=1e-5)
        assert abs(off) > 0.01


def test_a_quarter_of_a_burst_is_lost_again() -> None:
    calm = [act_ for n in range(20) for act_ in every(8, 159, f"p{n}", f"q{n}")]
    burst = [act(day + n / 100, f"b{n}", "message", "q0") for n in range(200) for day in (152, 155)]
    with modelled([*calm, *burst], until=160, bin_days=1, window_days=10) as study:
        cases = cases_of(study)
        # Calm pairs have 20 bins each, one of them in the last ten days; a mean window of the 150 days before held 20 x 19 x 10 / 150.
        growth = log((420 + 8) / (20 * 19 / 15 + 8))
        before = cases[1, ("p0", "q0")]
        off = log((number(before["actual"]) + 8) / (number(before["expected"]) + 8))
        assert model_of(study)["level"] == pytest.approx(0.25 * off - 0.25 * growth, abs=1e-5)


def test_a_thousand_bins_say_no_more_than_the_most_that_taught() -> None:
    acts = [*every(1, 1_100), *every(1, 200, "cem", "dua")]
    with modelled(acts, until=1_101, bin_days=1, window_days=28) as study:
        bins = {pair: row["active_bins"] for (landmark, pair), row in cases_of(study).items() if landmark == 0}
        assert bins == {("ann", "bea"): log(129), ("cem", "dua"): log(129)}


# --- bins only, and fans


@given(communities(), st.integers(0, 29))
@examples(8)
def test_a_thousand_messages_in_one_bin_teach_nothing(sample: Made, which: int) -> None:
    toward = [act_ for act_ in sample.acts if act_.kind == "message" and act_.time is not None and act_.target not in (None, act_.actor)]
    if not toward:
        return
    loud = toward[which % len(toward)]
    flood = [loud._replace(item=None, text=None) for _ in range(1_000)]
    with (
        community(sample.acts, accounts=sample.accounts, bin_days=1, window_days=3) as study,
        community(sample.acts + flood, accounts=sample.accounts, bin_days=1, window_days=3) as other,
    ):
        assert cases_of(with_steps(study)) == cases_of(with_steps(other))
        assert model_of(study) == model_of(other)


@pytest.mark.parametrize(("days", "possible"), [(1, False), (2, False), (3, True), (4, True)])
def test_nobody_comes_back_in_three_bins_of_a_window_of_two(days: int, possible: bool) -> None:
    acts = [*every(1, 60), *every(2, 60, "cem", "bea"), *every(1, 60, "bea", "ann")]
    with community(acts, bin_days=1, window_days=days) as study:
        fans = [number(row["p_fan"]) for row in rows(study, "ties")]
        p_return = [number(row["p_return"]) for row in rows(study, "ties")]
        assert [p > 0 for p in fans] == [possible] * 3
        assert all(fan <= p for fan, p in zip(fans, p_return, strict=True))


def test_each_origin_has_a_number_and_names_of_its_own() -> None:
    assert len({landmark.number for landmark in (NOW, *PAST)}) == len({landmark.suffix for landmark in (NOW, *PAST)}) == 1 + len(PAST)
