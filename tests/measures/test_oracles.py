"""Every measure against a slow answer in plain Python, on communities that Hypothesis makes and on a demo of forty people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from math import isclose

import pytest
from hypothesis import given

from regard.measures.catalogue import MEASURES
from regard.record.schema import Act
from regard.simulate.community import simulate
from regard.studies.study import Study

from .. import oracles
from ..communities import community, rows
from ..oracles import World
from ..oracles.return_model import ReturnModel
from ..strategies import Made, communities, examples

LEFT_OUT = {
    "openings": {"act"}, "unanswered": {"act"}, "rank": {"points"},
    "kept": {"low", "high", "by_words_low", "by_words_high"}, "fans": {"low", "high"}, "new_contacts": {"low", "high"},
}  # fmt: skip
"""Columns that the oracles don't give. The tests of these measures check them."""


def key(row: Sequence[object]) -> list[str]:
    return [str(value) for value in row if not isinstance(value, float)]


def same(name: str, value: object, other: object) -> bool:
    """Whether two values are the same. Chances have nine decimals, rates per hundred have six, and a variance is a sum of millionths."""
    if isinstance(value, int | float) and isinstance(other, int | float):
        return isclose(value, other, rel_tol=1e-4 if name == "variance" else 1e-6, abs_tol=6e-7)
    return value == other


def agree(study: Study, measure: str, expected: Iterable[Sequence[object]]) -> None:
    names = [column.name for column in MEASURES[measure].columns if column.name not in LEFT_OUT.get(measure, ())]
    actual = sorted(([row[name] for name in names] for row in rows(study, measure)), key=key)
    expected_rows = sorted(([*row] for row in expected), key=key)
    assert len(actual) == len(expected_rows), f"{measure}: {actual} for {expected_rows}"
    for mine, theirs in zip(actual, expected_rows, strict=True):
        odd = [f"{name} is {a} for {b}" for name, a, b in zip(names, mine, theirs, strict=True) if not same(name, a, b)]
        assert not odd, f"{measure}: {', '.join(odd)} in {mine}"


def model_of(study: Study) -> dict[str, float]:
    """The row of the pair model. test_return_model.py checks it."""
    study.measure("pair_model")
    return {name: float(value[0]) for name, value in study.engine.arrays("FROM pair_model").items()}


def all_agree(study: Study, world: World) -> None:
    timescale = study.timescale
    assert (timescale.bin_us, timescale.window_us, timescale.answer_us) == oracles.timescale(world)
    model = model_of(study)
    oracle = ReturnModel(world, timescale)
    ties = oracles.ties(world, timescale, oracle.grid, oracle.p_return(model))
    helps = oracles.helps(world, timescale)
    agree(study, "ties", ties)
    agree(study, "kept", oracles.kept(ties, model["spread"]))
    agree(study, "fans", oracles.fans(ties))
    agree(study, "new_contacts", oracles.new_contacts(world, timescale))
    agree(study, "excess", oracles.excess(world, timescale, ties))
    agree(study, "cooling", oracles.cooling(ties))
    agree(study, "reached", oracles.reached(world, timescale))
    agree(study, "openings", oracles.opening_rows(world, timescale))
    agree(study, "response", oracles.response(world, timescale))
    agree(study, "unanswered", oracles.unanswered(world, timescale))
    agree(study, "help", helps)
    agree(study, "helpers", oracles.helpers(helps))
    agree(study, "rank", oracles.rank(world))
    agree(study, "activity", oracles.activity(world, timescale))


@given(communities())
@examples(25)
def test_measures_agree_with_plain_python(sample: Made) -> None:
    with community(sample.acts, accounts=sample.accounts) as study:
        all_agree(study, World(oracles.settled(sample.acts), sample.until, sample.bots, sample.followers))


@pytest.mark.long
@pytest.mark.parametrize("days", [60, 120])
def test_measures_agree_with_plain_python_on_a_demo(days: int) -> None:
    demo = simulate(people=40, days=days, seed=days)
    sample = Made(list(demo.acts), list(demo.accounts))
    with community(sample.acts, accounts=sample.accounts) as study:
        assert len(study.cooling) + len(study.unanswered) > 0
        all_agree(study, World(oracles.settled(sample.acts), sample.until, sample.bots, sample.followers))


def test_measures_agree_with_plain_python_in_the_middle_of_a_demo() -> None:
    demo = simulate(people=40, days=90, seed=3)
    day = datetime.combine(date(2025, 4, 20), datetime.min.time())
    sample = Made(list(demo.acts), list(demo.accounts))
    until = (day - datetime(2007, 1, 1)).days
    with community(sample.acts, accounts=sample.accounts, until=until) as study:
        all_agree(study, World(oracles.settled(sample.acts), study.timescale.until_us, sample.bots, sample.followers))


def test_the_oracles_know_what_a_reply_answers() -> None:
    asked = Act("ann", "post", 1, item="p", thread="p")
    answered = Act("bea", "reply", 2, item="r", parent="p")
    deeper = Act("cem", "reply", 3, item="s", parent="r")
    assert [(act.target, act.thread) for act in oracles.settled([asked, answered, deeper])] == [(None, "p"), ("ann", "p"), ("bea", "p")]
