"""What measures need: counts run no fit, and relations that one measure leaves behind for another are not missed by any."""

from __future__ import annotations

import re

import pytest

from regard.engines.base import ArrayStep, Step, Values
from regard.engines.duckdb.engine import DuckDBEngine
from regard.measures.base import Measure, Part
from regard.measures.catalogue import CATALOGUE, MEASURES
from regard.measures.pairs.pair_model import PAIR_MODEL
from regard.measures.pairs.ties import TIES
from regard.simulate.community import simulate

from ..communities import community

ALL = list(MEASURES.values())
COUNTS = ("reached", "rank", "help", "helpers", "new_contacts", "response", "activity", "unanswered", "seeds", "vouched", "vouched_ties")
"""Measures that rest on counts and not on the chances of pairs."""
MODEL = {part.name for part in (*PAIR_MODEL.parts, *TIES.parts)}


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[Part]:
    """The parts that engines run, in order."""
    parts: list[Part] = []
    run = DuckDBEngine.run

    def recording(engine: DuckDBEngine, part: Step | ArrayStep, values: Values) -> None:
        parts.append(part)
        run(engine, part, values)

    monkeypatch.setattr(DuckDBEngine, "run", recording)
    return parts


@pytest.mark.parametrize("name", COUNTS)
def test_counts_run_no_fit_of_the_model(name: str, ran: list[Part]) -> None:
    demo = simulate(people=12, days=60, seed=2)
    with community(demo.acts, accounts=demo.accounts) as study:
        assert len(study.measure(name)) > 0
    assert {part.name for part in ran} >= {part.name for part in MEASURES[name].parts}
    assert not {part.name for part in ran} & MODEL
    assert not [part for part in ran if isinstance(part, ArrayStep) and part in PAIR_MODEL.parts]


def test_kept_runs_the_model(ran: list[Part]) -> None:
    demo = simulate(people=12, days=60, seed=2)
    with community(demo.acts, accounts=demo.accounts) as study:
        assert len(study.kept) > 0
    assert {part.name for part in ran} > MODEL


# --- relations that are left behind


def reads(measure: Measure, relation: str) -> bool:
    """Whether the SQL of a measure names a relation."""
    texts = [part.sql if isinstance(part, Step) else part.reads for part in measure.parts]
    return any(relation in re.findall(r"\w+", text) for text in texts)


CONSUMED = [(measure, relation) for measure in ALL for relation in measure.consumes]


@pytest.mark.parametrize(("consumer", "relation"), CONSUMED)
def test_what_is_consumed_is_left_behind_by_a_need_and_read_by_nobody_after(consumer: Measure, relation: str) -> None:
    needed = [measure for measure in CATALOGUE.ordered([consumer.name]) if measure is not consumer]
    makers = [measure for measure in needed if relation in {part.name for part in measure.parts}]
    assert len(makers) == 1
    assert relation not in {*makers[0].dropped, *MEASURES}
    assert reads(consumer, relation)
    assert [measure.name for measure in ALL if reads(measure, relation) and measure not in (*needed, consumer)] == []


def test_every_relation_on_the_way_is_dropped_by_one_measure() -> None:
    intermediate = [part.name for measure in ALL for part in measure.parts if part.name not in MEASURES]
    dropped = [name for measure in ALL for name in (*measure.dropped, *measure.consumes)]
    assert sorted(intermediate) == sorted(dropped)
