"""The relations of the pair model, for tests: with all steps left standing, by pair and landmark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from regard.engines.base import ArrayStep
from regard.measures.pairs.pair_model import PAIR_MODEL
from regard.measures.pairs.pairs import PAIRS
from regard.measures.pairs.return_model import RETURN_MODEL
from regard.record.schema import Act
from regard.simulate.community import simulate
from regard.studies.study import Study

from ... import oracles
from ...communities import Row, act, community
from ...oracles import Pair, World, number
from ...oracles.return_model import ReturnModel
from ...strategies import Made

Model = dict[str, float]


def relation(study: Study, name: str) -> list[Row]:
    """Rows with people by their ids."""
    ids = {row["person"]: row["id"] for row in study.people.rows()}
    names = study.engine.columns(f"FROM {name}")
    rows = [dict(zip(names, row, strict=True)) for row in study.engine.rows(f"FROM {name}")]
    return [{n: ids[value] if n in ("actor", "target", "person") else value for n, value in row.items()} for row in rows]


def with_steps(study: Study) -> Study:
    """The same study, with all relations of the pair model left standing."""
    for part in (*PAIRS.parts, *PAIR_MODEL.parts):
        study.engine.run(part, {**study.timescale.values, "coefficients": ""})
    return study


def cases_of(study: Study) -> dict[tuple[int, Pair], Row]:
    """The training cases, by landmark and pair."""
    study.engine.run(ArrayStep("cases", RETURN_MODEL.reads, lambda arrays, _: arrays), study.timescale.values)
    rows = relation(study, "cases")
    by_key = {(int(number(row["landmark"])), (str(row["actor"]), str(row["target"]))): row for row in rows}
    assert len(by_key) == len(rows)
    return by_key


def model_of(study: Study) -> Model:
    """The one row of the pair model."""
    return {name: float(value[0]) for name, value in study.engine.arrays("FROM pair_model").items()}


@contextmanager
def modelled(
    acts: Iterable[Act], *, until: float | None = None, bin_days: float | None = None, window_days: float | None = None
) -> Iterator[Study]:
    """A community with all relations of the pair model."""
    with community(acts, until=until, bin_days=bin_days, window_days=window_days) as study:
        yield with_steps(study)


def oracle_of(study: Study, sample: Made) -> ReturnModel:
    """The return model in plain Python."""
    return ReturnModel(World(oracles.settled(sample.acts), study.timescale.until_us, sample.bots), study.timescale)


def demo(people: int, days: int, seed: int) -> Made:
    """A made-up community."""
    simulation = simulate(people=people, days=days, seed=seed)
    return Made(list(simulation.acts), list(simulation.accounts))


def every(gap: float, days: float, actor: str = "ann", target: str = "bea") -> list[Act]:
    """Messages at equal distances."""
    return [act(gap * n, actor, "message", target) for n in range(int(days / gap) + 1)]
