"""Again: features, lessons, levels and slopes against plain Python, and that nothing is learned from what was not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.engines.base import ArrayStep
from regard.measures.pairs.pretrained import pretrained
from regard.measures.pairs.return_model import LEVEL_SPREAD, MODEL, SPREAD
from regard.measures.pairs.snapshots import NOW, PAST
from regard.measures.pairs.ties import TIES
from regard.record.schema import Act
from regard.simulate.community import simulate
from regard.studies.study import Study

from ... import oracles
from ...cases import mostly_long
from ...communities import START_US, Row, act, community, rows
from ...lessons import NAMES, Teacher, moments
from ...oracles import DAY, Pair, World, number
from ...strategies import Made, communities, examples

PRIORS = {"again", "back_again", "u_active", "v_active"}
"""Features told by BG/BB, which is fitted on what is known today."""
Model = dict[str, float]


def relation(study: Study, name: str) -> list[Row]:
    """Rows with people by their ids."""
    ids = {row["person"]: row["id"] for row in study.people.rows()}
    names = study.engine.rows(f"DESCRIBE {name}")
    found = [dict(zip((str(column[0]) for column in names), row, strict=True)) for row in study.engine.rows(f"FROM {name}")]
    return [{n: ids[value] if n in ("actor", "target", "person") else value for n, value in row.items()} for row in found]


def worked(study: Study) -> Study:
    """The same study, `ties` made with all its steps left standing."""
    for part in TIES.parts:
        study.engine.run(part, {**study.timescale.values, "coefficients": ""})
    return study


def lessons(study: Study) -> dict[tuple[int, Pair], Row]:
    """What the model is learned from, by moment and pair."""
    study.engine.run(ArrayStep("lessons", MODEL.reads, lambda arrays, _: arrays), study.timescale.values)
    found = relation(study, "lessons")
    by_key = {(int(number(row["origin"])), (str(row["actor"]), str(row["target"]))): row for row in found}
    assert len(by_key) == len(found)
    return by_key


def model_of(study: Study) -> Model:
    return {name: float(value[0]) for name, value in study.engine.arrays("FROM pair_model").items()}


@contextmanager
def taught(
    acts: Iterable[Act], *, until: float | None = None, bin_days: float | None = None, window_days: float | None = None
) -> Iterator[Study]:
    with community(acts, until=until, bin_days=bin_days, window_days=window_days) as study:
        yield worked(study)


def teacher_of(study: Study, made: Made) -> Teacher:
    return Teacher(World(oracles.settled(made.acts), study.timescale.until_us, made.bots), study.timescale)


def demo(people: int, days: int, seed: int) -> Made:
    found = simulate(people=people, days=days, seed=seed)
    return Made(list(found.acts), list(found.accounts))


# --- against plain Python


def check_lessons(study: Study, teacher: Teacher) -> None:
    found = lessons(study)
    wanted = {(number, pair) for number, back in moments(teacher.timescale).items() for pair in teacher.known(back)}
    assert set(found) == wanted
    for moment, back in moments(teacher.timescale).items():
        features, came, said = teacher.features(back), teacher.came(back), teacher.said(back)
        level = teacher.past_level(back)
        for pair, expected in features.items():
            row = found[moment, pair]
            assert row["came"] == (pair in came)
            assert row["p_return_alive"] == pytest.approx(said[pair], abs=2e-9)
            for name in NAMES:
                # A chance of a millionth that is kept to nine decimals has its logit to three; decayed bins are counted in billionths.
                assert row[name] == pytest.approx(expected[name], abs=3e-3 if name in PRIORS else 1e-7), (moment, pair, name)
            for name, value in level.items() if moment else ():
                assert row[name] == pytest.approx(value, abs=1e-4, rel=1e-5), (moment, name)


def check_model(study: Study, teacher: Teacher) -> None:
    model, table = model_of(study), pretrained()
    slopes, returns = teacher.slopes()
    assert model["taught"] == returns
    np.testing.assert_allclose([model[f"b_{name}"] * s for name, s in zip(NAMES, table.scale, strict=True)], slopes, atol=2e-3)
    assert model["level"] == pytest.approx(teacher.level, abs=1e-5)
    assert (model["spread"], model["level_spread"]) == pytest.approx(teacher.spreads, abs=1e-5)
    # The sum of all chances is that of BG/BB times the level, unless that is more than there are pairs.
    said, again = teacher.said(0), teacher.again(model)
    assert sum(again.values()) == pytest.approx(min(sum(said.values()) * exp(model["level"]), len(again)), rel=1e-4, abs=1e-6)


@given(communities())
@examples(25)
def test_lessons_and_model_are_those_of_plain_python(made: Made) -> None:
    with community(made.acts, accounts=made.accounts) as study:
        teacher = teacher_of(worked(study), made)
        if teacher.bins:
            check_lessons(study, teacher)
            check_model(study, teacher)


@given(communities(), st.sampled_from((1, 3, 7)), st.integers(1, 6))
@examples(15)
def test_lessons_and_model_are_those_of_plain_python_for_any_bin_and_window(made: Made, days: int, bins: int) -> None:
    with community(made.acts, accounts=made.accounts, bin_days=days, window_days=days * bins) as study:
        teacher = teacher_of(worked(study), made)
        if teacher.bins:
            check_lessons(study, teacher)
            check_model(study, teacher)


@pytest.mark.long
def test_lessons_and_model_are_those_of_plain_python_on_a_demo() -> None:
    made = demo(25, 150, 4)
    with community(made.acts, accounts=made.accounts, bin_days=1, window_days=28) as study:
        teacher = teacher_of(worked(study), made)
        assert len(teacher.windows) == 3
        assert model_of(study)["taught"] > 50
        check_lessons(study, teacher)
        check_model(study, teacher)


# --- the past as it was


@pytest.mark.parametrize("seed", mostly_long([1, 2], 1))
def test_what_was_known_is_what_a_study_of_then_knows(seed: int) -> None:
    made = demo(30, 120, seed)
    with community(made.acts, accounts=made.accounts, bin_days=1, window_days=14) as study:
        found = {past.number: known(worked(study), past.suffix) for past in PAST}
        until = (study.timescale.until_us - START_US) / DAY
        back = moments(study.timescale)
        rows_then = lessons(study)
    for past in PAST:
        with community(made.acts, accounts=made.accounts, until=until - back[past.number], bin_days=1, window_days=14) as then:
            assert found[past.number] == known(worked(then), "")
            now = lessons(then)
        mine = {pair: row for (origin, pair), row in rows_then.items() if origin == past.number}
        assert mine.keys() == {pair for origin, pair in now if origin == NOW.number}
        for pair, row in mine.items():
            for name in set(NAMES) - PRIORS:
                assert row[name] == pytest.approx(now[NOW.number, pair][name], abs=1e-9), (past.number, pair, name)


@given(communities())
@examples(10)
def test_what_was_known_is_what_a_study_of_then_knows_in_any_community(made: Made) -> None:
    until = (made.until - START_US) / DAY
    with community(made.acts, accounts=made.accounts, bin_days=1, window_days=3) as study:
        found = {past.number: known(worked(study), past.suffix) for past in PAST}
        back = moments(study.timescale)
    for past in PAST:
        then = until - back[past.number]
        if then > 0:
            with community(made.acts, accounts=made.accounts, until=then, bin_days=1, window_days=3) as study:
                assert found[past.number] == known(worked(study), "")


def known(study: Study, suffix: str) -> list[list[Row]]:
    """Pairs, senders and receivers."""
    return [sorted(relation(study, name + suffix), key=str) for name in ("pairs", "senders", "receivers")]


@pytest.mark.long
def test_lessons_end_with_their_window() -> None:
    # Whatever happens after the window that followed, the lesson of a moment two windows ago is the same, but for today's BG/BB.
    made = demo(30, 120, 5)
    until = (made.until - START_US) // DAY
    with community(made.acts, accounts=made.accounts, until=until, bin_days=1, window_days=14) as study:
        found = {key: row for key, row in lessons(worked(study)).items() if key[0] == 3}
    end = START_US + (until - 14) * DAY
    cut = [one for one in made.acts if one.time is not None and one.time < end]
    loud = cut + [Act("u000", "message", end + hour * DAY // 24, "u001") for hour in range(300)]
    with community(loud, accounts=made.accounts, until=until, bin_days=1, window_days=14) as study:
        other = {key: row for key, row in lessons(worked(study)).items() if key[0] == 3}
    assert found.keys() == other.keys()
    assert sum(number(row["came"]) for row in found.values()) > 10
    for key, row in found.items():
        for name in ("came", *sorted(set(NAMES) - PRIORS)):
            assert row[name] == other[key][name], name


@pytest.mark.long
def test_acts_to_come_are_not_learned_from() -> None:
    made = demo(30, 120, 6)
    until = (made.until - START_US) // DAY - 40
    known_then = [one for one in made.acts if one.time is not None and one.time < START_US + until * DAY]
    with (
        community(made.acts, accounts=made.accounts, until=until) as study,
        community(known_then, accounts=made.accounts, until=until) as then,
    ):
        assert len(known_then) < len(made.acts)
        assert lessons(worked(study)) == lessons(worked(then))
        assert model_of(study) == model_of(then)


@pytest.mark.long
def test_the_order_of_the_acts_is_not_learned_from() -> None:
    made = demo(30, 100, 7)
    turned = [made.acts[place] for place in np.random.default_rng(1).permutation(len(made.acts))]
    with community(made.acts, accounts=made.accounts) as study, community(turned, accounts=made.accounts) as other:
        assert lessons(worked(study)) == lessons(worked(other))
        assert model_of(study) == model_of(other)


# --- where there is little or nothing to learn from


def every(gap: float, days: float, actor: str = "ann", target: str = "bea") -> list[Act]:
    return [act(gap * n, actor, "message", target) for n in range(int(days / gap) + 1)]


def shipped(model: Model) -> bool:
    """Whether the slopes are those that other communities taught."""
    table = pretrained()
    return all(model[f"b_{n}"] == b / s for n, b, s in zip(table.names, np.round(table.slope, 6), table.scale, strict=True))


def test_a_record_too_short_for_a_past_keeps_what_others_taught() -> None:
    with taught(every(0.5, 3), bin_days=1, window_days=7) as study:
        model = model_of(study)
        assert model["taught"] == 0
        assert shipped(model)
        assert (model["level"], model["spread"], model["level_spread"]) == (0, SPREAD, LEVEL_SPREAD)


def test_a_past_in_which_nobody_came_back_keeps_what_others_taught() -> None:
    with taught([act(day, f"p{day}", "message", f"q{day}") for day in range(60)], bin_days=1, window_days=7) as study:
        model = model_of(study)
        assert (model["taught"], shipped(model)) == (0, True)
        assert model["level"] < 0  # but not one of those expected came


def test_one_pair_may_have_a_past_of_its_own() -> None:
    with taught(every(1, 60), bin_days=1, window_days=7) as study:
        model = model_of(study)
        assert model["taught"] == len(PAST)
        assert shipped(model)  # centred, one pair differs from nobody
        assert 0.5 < number(rows(study, "ties")[0]["p_return"]) < 1


def test_nobody_toward_anybody_teaches_nothing() -> None:
    with taught([act(day, "ann", "post", item=f"p{day}") for day in range(9)]) as study:
        model = model_of(study)
        assert (model["taught"], model["intercept"], shipped(model)) == (0, 0, True)
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


@pytest.mark.parametrize("name", mostly_long(ODD))
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
        again = {(row["actor"], row["target"]): number(row["p_return"]) for row in rows(study, "ties")}
    assert again["ann", "bea"] > 0.95 > again["dua", "bea"] > 0.3 > 0.1 > again["cem", "bea"]


def test_a_community_that_died_is_not_believed_to_go_on() -> None:
    pairs = [(f"p{n}", f"p{(n + 1) % 12}") for n in range(12)]
    acts = [one for n, (a, b) in enumerate(pairs) for one in every(2 + n % 3, 100, a, b)]
    with community(acts, until=400, bin_days=1, window_days=28) as study:
        assert all(number(row["p_return"]) < 0.05 for row in rows(study, "ties"))
        assert all(number(row["kept"]) < 0.05 for row in rows(study, "kept"))


def test_level_follows_the_last_window_by_a_quarter() -> None:
    made = demo(30, 120, 8)
    with community(made.acts, accounts=made.accounts) as study:
        teacher = teacher_of(worked(study), made)
        last = teacher.past_level(study.timescale.window_bins)
        off = log((last["actual"] + 8) / (last["expected"] + 8))
        assert model_of(study)["level"] == pytest.approx(0.25 * off - 0.25 * max(0, teacher.growth), abs=1e-5)
        assert abs(off) > 0.01


def test_a_quarter_of_a_burst_is_lost_again() -> None:
    calm = [one for n in range(20) for one in every(8, 159, f"p{n}", f"q{n}")]
    burst = [act(day + n / 100, f"b{n}", "message", "q0") for n in range(200) for day in (152, 155)]
    with taught([*calm, *burst], until=160, bin_days=1, window_days=10) as study:
        found = lessons(study)
        # Calm pairs have 20 bins each, one of them in the last ten days; a mean window of the 150 days before held 20 x 19 x 10 / 150.
        growth = log((420 + 8) / (20 * 19 / 15 + 8))
        before = found[1, ("p0", "q0")]
        off = log((number(before["actual"]) + 8) / (number(before["expected"]) + 8))
        assert model_of(study)["level"] == pytest.approx(0.25 * off - 0.25 * growth, abs=1e-5)


def test_a_thousand_bins_say_no_more_than_the_most_that_taught() -> None:
    acts = [*every(1, 1_100), *every(1, 200, "cem", "dua")]
    with taught(acts, until=1_101, bin_days=1, window_days=28) as study:
        bins = {pair: row["bins"] for (origin, pair), row in lessons(study).items() if origin == 0}
        assert bins == {("ann", "bea"): log(129), ("cem", "dua"): log(129)}


# --- bins only, and fans


@given(communities(), st.integers(0, 29))
@examples(8)
def test_a_thousand_messages_in_one_bin_teach_nothing(made: Made, which: int) -> None:
    toward = [one for one in made.acts if one.kind == "message" and one.time is not None and one.target not in (None, one.actor)]
    if not toward:
        return
    loud = toward[which % len(toward)]
    flood = [loud._replace(item=None, text=None) for _ in range(1_000)]
    with (
        community(made.acts, accounts=made.accounts, bin_days=1, window_days=3) as study,
        community(made.acts + flood, accounts=made.accounts, bin_days=1, window_days=3) as other,
    ):
        assert lessons(worked(study)) == lessons(worked(other))
        assert model_of(study) == model_of(other)


@pytest.mark.parametrize(("days", "possible"), [(1, False), (2, False), (3, True), (4, True)])
def test_nobody_comes_back_in_three_bins_of_a_window_of_two(days: int, possible: bool) -> None:
    acts = [*every(1, 60), *every(2, 60, "cem", "bea"), *every(1, 60, "bea", "ann")]
    with community(acts, bin_days=1, window_days=days) as study:
        fans = [number(row["p_fan"]) for row in rows(study, "ties")]
        again = [number(row["p_return"]) for row in rows(study, "ties")]
        assert [p > 0 for p in fans] == [possible] * 3
        assert all(fan <= p for fan, p in zip(fans, again, strict=True))


def test_each_origin_has_a_number_and_names_of_its_own() -> None:
    assert len({origin.number for origin in (NOW, *PAST)}) == len({origin.suffix for origin in (NOW, *PAST)}) == 1 + len(PAST)
