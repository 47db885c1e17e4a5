"""The return model: features, training cases, levels and slopes against plain Python, and nothing is learned from what was not known."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.measures.pairs.pretrained import pretrained
from regard.measures.pairs.snapshots import NOW, PAST
from regard.record.schema import Act
from regard.studies.study import Study

from ...cases import mostly_long
from ...communities import START_US, Row, community
from ...oracles import DAY, number
from ...oracles.return_model import NAMES, ReturnModel, landmarks
from ...strategies import Made, communities, examples
from .model_relations import cases_of, demo, model_of, oracle_of, relation, with_steps

pytestmark = pytest.mark.long

PRIORS = {"return_chance", "back_return_chance", "sender_return_chance", "receiver_return_chance"}
"""Features that come from the alive model, which is fitted on what is known today."""


# --- against plain Python


def check_cases(study: Study, oracle: ReturnModel) -> None:
    cases = cases_of(study)
    expected_keys = {(number, pair) for number, back in landmarks(oracle.timescale).items() for pair in oracle.known(back)}
    assert set(cases) == expected_keys
    for landmark, back in landmarks(oracle.timescale).items():
        features, returned, p_return_alive = oracle.features(back), oracle.returned(back), oracle.p_return_alive(back)
        level = oracle.past_level(back)
        for pair, expected in features.items():
            row = cases[landmark, pair]
            assert row["returned"] == (pair in returned)
            assert row["p_return_alive"] == pytest.approx(p_return_alive[pair], abs=2e-9)
            for name in NAMES:
                # A chance of a millionth that is kept to nine decimals has its logit to three; decayed bins are counted in billionths.
                assert row[name] == pytest.approx(expected[name], abs=3e-3 if name in PRIORS else 1e-7), (landmark, pair, name)
            for name, value in level.items() if landmark else ():
                assert row[name] == pytest.approx(value, abs=1e-4, rel=1e-5), (landmark, name)


def check_model(study: Study, oracle: ReturnModel) -> None:
    model, table = model_of(study), pretrained()
    slopes, returns = oracle.slopes()
    assert model["n_returns"] == returns
    np.testing.assert_allclose([model[f"b_{name}"] * s for name, s in zip(NAMES, table.scale, strict=True)], slopes, atol=2e-3)
    assert model["level"] == pytest.approx(oracle.level, abs=1e-5)
    assert model["level_spread"] == pytest.approx(oracle.level_spread, abs=1e-5)
    assert model["spread"] == pytest.approx(oracle.spread(model), abs=1e-4)
    # The sum of all chances is that of the alive model times the level, unless that is more than there are pairs.
    p_return_alive, p_return = oracle.p_return_alive(0), oracle.p_return(model)
    assert sum(p_return.values()) == pytest.approx(
        min(sum(p_return_alive.values()) * exp(model["level"]), len(p_return)), rel=1e-4, abs=1e-6
    )


@given(communities())
@examples(25)
def test_lessons_and_model_are_those_of_plain_python(sample: Made) -> None:
    with community(sample.acts, accounts=sample.accounts) as study:
        oracle = oracle_of(with_steps(study), sample)
        if oracle.bins:
            check_cases(study, oracle)
            check_model(study, oracle)


@given(communities(), st.sampled_from((1, 3, 7)), st.integers(1, 6))
@examples(15)
def test_lessons_and_model_are_those_of_plain_python_for_any_bin_and_window(sample: Made, days: int, bins: int) -> None:
    with community(sample.acts, accounts=sample.accounts, bin_days=days, window_days=days * bins) as study:
        oracle = oracle_of(with_steps(study), sample)
        if oracle.bins:
            check_cases(study, oracle)
            check_model(study, oracle)


def test_lessons_and_model_are_those_of_plain_python_on_a_demo() -> None:
    sample = demo(25, 150, 4)
    with community(sample.acts, accounts=sample.accounts, bin_days=1, window_days=28) as study:
        oracle = oracle_of(with_steps(study), sample)
        assert len(oracle.windows) == 3
        assert model_of(study)["n_returns"] > 50
        assert len(oracle.witnesses(model_of(study))) > 5
        check_cases(study, oracle)
        check_model(study, oracle)


# --- the past as it was


@pytest.mark.parametrize("seed", mostly_long([1, 2], 1))
def test_what_was_known_is_what_a_study_of_then_knows(seed: int) -> None:
    sample = demo(30, 120, seed)
    with community(sample.acts, accounts=sample.accounts, bin_days=1, window_days=14) as study:
        cases = {past.number: known(with_steps(study), past.suffix) for past in PAST}
        until = (study.timescale.until_us - START_US) / DAY
        back = landmarks(study.timescale)
        rows_then = cases_of(study)
    for past in PAST:
        with community(sample.acts, accounts=sample.accounts, until=until - back[past.number], bin_days=1, window_days=14) as then:
            assert cases[past.number] == known(with_steps(then), "")
            now = cases_of(then)
        mine = {pair: row for (landmark, pair), row in rows_then.items() if landmark == past.number}
        assert mine.keys() == {pair for landmark, pair in now if landmark == NOW.number}
        for pair, row in mine.items():
            for name in set(NAMES) - PRIORS:
                assert row[name] == pytest.approx(now[NOW.number, pair][name], abs=1e-9), (past.number, pair, name)


@given(communities())
@examples(10)
def test_what_was_known_is_what_a_study_of_then_knows_in_any_community(sample: Made) -> None:
    until = (sample.until - START_US) / DAY
    with community(sample.acts, accounts=sample.accounts, bin_days=1, window_days=3) as study:
        cases = {past.number: known(with_steps(study), past.suffix) for past in PAST}
        back = landmarks(study.timescale)
    for past in PAST:
        then = until - back[past.number]
        if then > 0:
            with community(sample.acts, accounts=sample.accounts, until=then, bin_days=1, window_days=3) as study:
                assert cases[past.number] == known(with_steps(study), "")


def known(study: Study, suffix: str) -> list[list[Row]]:
    """Pairs, senders and receivers."""
    return [sorted(relation(study, name + suffix), key=str) for name in ("pairs", "senders", "receivers")]


def test_lessons_end_with_their_window() -> None:
    # The cases of a landmark two windows ago end with the window after it. Only the alive model sees what happens later.
    sample = demo(30, 120, 5)
    until = (sample.until - START_US) // DAY
    with community(sample.acts, accounts=sample.accounts, until=until, bin_days=1, window_days=14) as study:
        cases = {key: row for key, row in cases_of(with_steps(study)).items() if key[0] == 3}
    end = START_US + (until - 14) * DAY
    earlier = [act for act in sample.acts if act.time is not None and act.time < end]
    loud = earlier + [Act("u000", "message", end + hour * DAY // 24, "u001") for hour in range(300)]
    with community(loud, accounts=sample.accounts, until=until, bin_days=1, window_days=14) as study:
        other = {key: row for key, row in cases_of(with_steps(study)).items() if key[0] == 3}
    assert cases.keys() == other.keys()
    assert sum(number(row["returned"]) for row in cases.values()) > 10
    for key, row in cases.items():
        for name in ("returned", *sorted(set(NAMES) - PRIORS)):
            assert row[name] == other[key][name], name


def test_acts_to_come_are_not_learned_from() -> None:
    sample = demo(30, 120, 6)
    until = (sample.until - START_US) // DAY - 40
    known_then = [act for act in sample.acts if act.time is not None and act.time < START_US + until * DAY]
    with (
        community(sample.acts, accounts=sample.accounts, until=until) as study,
        community(known_then, accounts=sample.accounts, until=until) as then,
    ):
        assert len(known_then) < len(sample.acts)
        assert cases_of(with_steps(study)) == cases_of(with_steps(then))
        assert model_of(study) == model_of(then)


def test_the_order_of_the_acts_is_not_learned_from() -> None:
    sample = demo(30, 100, 7)
    shuffled = [sample.acts[index] for index in np.random.default_rng(1).permutation(len(sample.acts))]
    with community(sample.acts, accounts=sample.accounts) as study, community(shuffled, accounts=sample.accounts) as other:
        assert cases_of(with_steps(study)) == cases_of(with_steps(other))
        assert model_of(study) == model_of(other)
