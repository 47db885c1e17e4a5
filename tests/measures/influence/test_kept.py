"""Kept: the sum of the chances to come back, and an interval that holds nine of ten counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.engines.base import Arrays
from regard.engines.duckdb.engine import DuckDBEngine
from regard.measures.influence.kept import KEPT
from regard.measures.pairs.levels import PRIOR_LEVEL_SPREAD, PRIOR_WINDOWS
from regard.record.schema import INTERACTION_KINDS, Act
from regard.simulate.community import simulate

from ... import oracles
from ...communities import DAY, START_US, act, column, community, only_row, rows
from ...oracles import number
from ...strategies import Made, communities, examples

Chances = Sequence[float]


class Interval(NamedTuple):
    """The expected count of one person, its interval and its variance."""

    kept: float
    low: int
    high: int
    variance: float


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine()
    yield engine
    engine.close()


def relation(people: Sequence[Chances]) -> Arrays:
    """The relation `ties` as `kept` reads it. Each person has some chances, every second tie is two-way, and all are of words only."""
    chances = np.array([chance for mine in people for chance in mine])
    target = np.repeat(np.arange(len(people), dtype=np.int32), [len(mine) for mine in people])
    p_return, words = np.round(chances, 9), np.ones(chances.size, dtype=np.int64)
    return {"target": target, "p_return": p_return, "p_words": p_return, "words": words, "two_way": np.arange(chances.size) % 2 == 0}


def ranges(engine: DuckDBEngine, people: Sequence[Chances], spread: float = 0.0) -> list[Interval]:
    """The interval of each person, by the steps of the measure."""
    engine.put("ties", relation(people))
    engine.put("pair_model", {"spread": np.array([spread])})
    for part in KEPT.parts:
        engine.run(part, {})
    return engine.fetch(Interval, "SELECT kept, low, high, variance FROM kept ORDER BY person")


def sweep() -> list[list[float]]:
    """Equal chances, two kinds of chances, and mixtures. Most are near 0 or 1."""
    edge = (0.0005, 0.005, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.98, 0.995, 0.9995)
    alike = [[p] * n for p, n in product(edge, (1, 2, 3, 4, 6, 9, 15, 30, 60, 200))]
    mixed = [[p] * m + [q] * n for p, q, m, n in product(edge[1::2], edge[::2], (1, 3, 12), (1, 4, 25))]
    dice = np.random.default_rng(17)
    shapes = 10 ** dice.uniform(-1.5, 1, (1_500, 2))
    drawn = [dice.beta(a, b, int(dice.integers(1, 80))).tolist() for a, b in shapes]
    return alike + mixed + drawn


def test_the_range_holds_nine_of_ten_where_each_tie_goes_its_own_way(engine: DuckDBEngine) -> None:
    people = sweep()
    least = PRIOR_LEVEL_SPREAD * PRIOR_WINDOWS / (PRIOR_WINDOWS + 3)  # the spread after three steady windows of steady people
    intervals = zip(people, ranges(engine, people, least), strict=True)
    shares = [float(oracles.returns(chances)[low : high + 1].sum()) for chances, (_, low, high, _) in intervals]
    assert np.quantile(shares, 0.01) >= 0.9
    # If many people surely come, a binomial of the same variance may be one short. Means are looked up half a percent apart.
    assert min(shares) >= 0.85


def test_growth_and_decline_widen_every_range(engine: DuckDBEngine) -> None:
    people = sweep()
    steady, restless = ranges(engine, people), ranges(engine, people, 0.2)
    for chances, (kept, low, high, variance), (same, lower, higher, more) in zip(people, steady, restless, strict=True):
        assert kept == same == pytest.approx(sum(chances), abs=1e-7)
        assert variance == pytest.approx(sum(p * (1 - p) for p in chances), abs=1e-6 * len(chances) + 1e-9)
        assert more == pytest.approx(variance + 0.2 * kept**2, abs=1e-6)
        assert lower <= low + 1
        assert higher >= high - 1
        assert higher <= len(chances)
    assert sum(b[2] - b[1] for b in restless) > 1.1 * sum(b[2] - b[1] for b in steady)


@given(st.lists(st.floats(1e-9, 1 - 1e-9), min_size=1, max_size=120), st.floats(0, 4))
@examples(100)
def test_a_range_is_within_what_can_be_and_around_what_is_expected(engine: DuckDBEngine, chances: list[float], spread: float) -> None:
    kept, low, high, variance = ranges(engine, [chances], spread)[0]
    assert 0 <= low <= high <= len(chances)
    assert low - 1 < kept < high + 1
    assert variance >= sum(p * (1 - p) for p in chances) - 1e-6 * len(chances)


@given(st.lists(st.floats(0.001, 0.999), min_size=1, max_size=60), st.floats(0.0, 1.0))
@examples(60)
def test_a_range_is_that_of_its_mean_and_variance(engine: DuckDBEngine, chances: list[float], spread: float) -> None:
    kept, low, high, variance = ranges(engine, [chances], spread)[0]
    expected = [min(len(chances), end) for end in oracles.quantiles_of(kept, variance)]
    # Means are looked up half a percent apart, so an end at a border may fall on its other side.
    assert [low, high] == pytest.approx(expected, abs=1 + 0.02 * variance**0.5)


@pytest.mark.parametrize(
    ("chances", "low", "high"),
    [
        ([1e-9], 0, 0),  # nobody comes
        ([1 - 1e-9], 1, 1),  # somebody surely comes
        ([0.5], 0, 1),
        ([0.001] * 3, 0, 0),  # 997 of 1,000 times nobody
        ([0.5] * 4, 0, 4),  # 1/16 of the times nobody, 1/16 all
        ([0.5] * 6, 1, 5),  # 1/64 nobody, 1/64 all: 1 to 5 hold 62 of 64
    ],
)
def test_ranges_counted_by_hand(engine: DuckDBEngine, chances: list[float], low: int, high: int) -> None:
    assert ranges(engine, [chances])[0][:3] == (round(sum(chances), 9), low, high)


def test_kept_is_the_sum_of_the_chances_of_the_ties() -> None:
    acts = [act(day, "ann", "message", "cem") for day in range(40)]
    acts += [act(day, "bea", "message", "cem") for day in range(0, 40, 3)]
    acts += [act(20, "cem", "reply", "ann"), act(5, "dua", "react", "cem")]
    with community(acts) as study:
        chances = {str(row["actor"]): number(row["p_return"]) for row in rows(study, "ties") if row["target"] == "cem"}
        mine = only_row(study, "kept", person="cem")
        assert set(chances) == {"ann", "bea", "dua"}
        assert mine["kept"] == pytest.approx(sum(chances.values()))
        assert mine["two_way"] == pytest.approx(chances["ann"])  # only toward ann did cem ever act
        assert mine["ties"] == 3
        assert column(study, "kept", "person", "ties") == {"cem": 3, "ann": 1}
        spread = study.engine.scalar(float, "SELECT spread FROM pair_model")
        chance = sum(p * (1 - p) for p in chances.values())
        assert mine["variance"] == pytest.approx(chance + spread * sum(chances.values()) ** 2, abs=1e-5)
        assert number(mine["variance"]) > chance


def test_bots_and_oneself_are_nobody_who_could_come_back() -> None:
    acts = [act(day, "ann", "message", "ann") for day in range(9)] + [act(day, "ann", "message", "bea") for day in range(9)]
    with community(acts) as study:
        assert column(study, "kept", "person", "ties") == {"bea": 1}


def came_back(acts: Sequence[Act], until: int, end: int) -> dict[str, set[str]]:
    """The people who acted toward each person between two moments, and had done so before."""
    toward = [a for a in oracles.settled(acts) if a.kind in INTERACTION_KINDS and a.target not in (None, a.actor) and a.time is not None]
    before = {(a.actor, a.target) for a in toward if oracles.stamp(a) < until}
    by_target: dict[str, set[str]] = {}
    for a in toward:
        if until <= oracles.stamp(a) < end and (a.actor, a.target) in before:
            by_target.setdefault(str(a.target), set()).add(a.actor)
    return by_target


@pytest.mark.long
def test_ranges_hold_what_comes_in_made_up_communities() -> None:
    # Intervals are meant to hold 90 %. They hold more here: a made-up community neither grows nor declines, and ties are independent.
    held, many, expected, actual = [], [], 0.0, 0
    for seed in range(5):
        demo = simulate(people=120, days=150, seed=seed)
        start = int(demo.start.timestamp() * 1_000_000)
        until = start + 110 * DAY
        returned = came_back(demo.acts, until, until + 28 * DAY)
        day = (until - START_US) / DAY
        with community(demo.acts, accounts=demo.accounts, until=day, bin_days=1, window_days=28) as study:
            for row in rows(study, "kept"):
                actual_here = len(returned.get(str(row["person"]), ()))
                expected, actual = expected + number(row["kept"]), actual + actual_here
                inside = number(row["low"]) <= actual_here <= number(row["high"])
                held.append(inside)
                if number(row["kept"]) > 3:
                    many.append(inside)
    assert len(many) > 50
    assert 0.8 <= np.mean(many) <= 0.99
    assert np.mean(held) >= 0.88
    assert 0.7 < expected / actual < 1.4


def test_kept_by_words_is_the_sum_of_the_chances_to_write_again() -> None:
    acts = [act(day, who, "message", "ann") for day in (1, 5, 20) for who in ("bea", "cem")]
    acts += [act(day, who, "react", "ann") for day in (2, 6, 21) for who in ("bea", "dua", "eli")]
    with community([*acts, act(3, "ann", "react", "dua")]) as study:
        chances = sum(number(row["p_words"]) for row in rows(study, "ties") if row["target"] == "ann")
        mine, reacted = only_row(study, "kept", person="ann"), only_row(study, "kept", person="dua")
        assert 0 < number(mine["by_words"]) == pytest.approx(chances, abs=1e-8)
        assert number(mine["by_words"]) < number(mine["kept"])
        assert 0 <= number(mine["by_words_low"]) <= number(mine["by_words_high"]) <= 2  # two people ever wrote
        assert number(reacted["kept"]) > 0
        assert (reacted["by_words"], reacted["by_words_low"], reacted["by_words_high"]) == (0, 0, 0)


@given(communities())
@examples(10)
def test_kept_by_words_is_all_of_it_where_everybody_writes_and_never_more(made: Made) -> None:
    with community(made.acts, accounts=made.accounts) as study:
        assert all(number(row["by_words"]) <= number(row["kept"]) + 1e-9 for row in rows(study, "kept"))
    words = [each._replace(kind="message") if each.kind in ("react", "share") else each for each in made.acts]
    with community(words, accounts=made.accounts) as study:
        for row in rows(study, "kept"):
            assert (row["by_words"], row["by_words_low"], row["by_words_high"]) == (row["kept"], row["low"], row["high"])
