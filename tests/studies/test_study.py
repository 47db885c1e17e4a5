"""A study: measures are its attributes, other names are errors, and a catalogue may have measures of one's own."""

from __future__ import annotations

import copy
import importlib.util
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from regard.engines.base import Step
from regard.errors import UnknownName
from regard.measures.base import Catalogue, Column, Measure
from regard.measures.catalogue import CATALOGUE, MEASURES
from regard.measures.pairs.ties import TIES
from regard.record.record import Record
from regard.studies.measure_tables import MeasureTables
from regard.studies.settings import Settings
from regard.studies.study import Study
from regard.studies.table import Table

from ..communities import act, recorded
from ..oracles import number

ROOT = Path(__file__).parents[2]
ACTS = [act(day, "ann", "message", "bea") for day in range(9)] + [act(3, "cem", "message", "bea")]


@pytest.fixture(scope="module")
def record() -> Iterator[Record]:
    with recorded(ACTS) as made_up:
        yield made_up


@pytest.fixture(scope="module")
def study(record: Record) -> Iterator[Study]:
    with Study(record) as opened:
        yield opened


# --- attributes


def test_tables_are_attributes_and_other_measures_are_not(study: Study) -> None:
    tables = {measure.name for measure in MEASURES.values() if measure.table}
    assert {name for name in MEASURES if hasattr(study, name)} == tables == set(MeasureTables.__annotations__)
    assert tables <= set(dir(study))
    assert {"measure", "people", "timescale", "engine"} <= set(dir(study))
    assert isinstance(study.reached, Table)


def test_an_unknown_attribute_names_the_near_one(study: Study) -> None:
    with pytest.raises(AttributeError, match="unknown measure 'reachd'; did you mean 'reached'") as error:
        study.reachd  # type: ignore[attr-defined]  # noqa: B018
    assert error.value.name == "reachd"
    assert error.value.obj is study


def test_python_may_look_for_methods_that_are_not_there(study: Study) -> None:
    assert not hasattr(study, "__arrow_c_stream__")
    assert isinstance(copy.copy(study), Study)


def test_the_module_for_type_checkers_is_fresh() -> None:
    spec = importlib.util.spec_from_file_location("docs_make", ROOT / "docs/make.py")
    assert spec is not None
    assert spec.loader is not None
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    for name, write in maker.MODULES.items():
        assert (ROOT / "src/regard" / name).read_text(encoding="utf-8") == write(), "run: make docs"


# --- a catalogue of one's own


def acts_of(table: Table) -> list[float]:
    """The column `acts`, smallest first."""
    return sorted(number(row["acts"]) for row in table.rows())


LOUDEST = Measure(
    name="loudest",
    question="Who acts most toward others?",
    row="one person who acts",
    key=("actor",),
    columns=(Column("actor", "person", "who"), Column("acts", "acts", "how many")),
    parts=(Step("loudest", "SELECT actor, CAST(sum(acts) AS BIGINT) AS acts FROM pairs GROUP BY actor"),),
    needs=("pairs",),
)
OWN = Catalogue(CATALOGUE.base, {**MEASURES, "loudest": LOUDEST})


def test_a_catalogue_may_have_a_measure_of_ones_own(record: Record) -> None:
    with Study(record, catalogue=OWN) as study:
        assert acts_of(study.measure("loudest")) == [1, 9]
        assert "loudest" in dir(study)
    with Study(record) as study, pytest.raises(UnknownName, match="loudest"):
        study.measure("loudest")


def test_a_catalogue_may_start_from_other_interactions(record: Record) -> None:
    base = tuple(
        Step(part.name, f"SELECT * FROM ({part.sql}) WHERE time < make_timestamp($until_us - 172800000000)")
        if isinstance(part, Step) and part.name == "interactions"
        else part
        for part in CATALOGUE.base
    )
    with Study(record, catalogue=replace(CATALOGUE, base=base)) as study:
        assert acts_of(study.ties) == [1, 7]


def test_work_with_another_catalogue_is_not_taken_over(record: Record, tmp_path: Path) -> None:
    settings = Settings(work=tmp_path)
    doubled = replace(LOUDEST, parts=(Step("loudest", "SELECT actor, CAST(sum(2 * acts) AS BIGINT) AS acts FROM pairs GROUP BY actor"),))
    counts = []
    for measure in (LOUDEST, doubled):
        with Study(record, settings, catalogue=Catalogue(CATALOGUE.base, {**MEASURES, "loudest": measure})) as study:
            counts.append(acts_of(study.measure("loudest")))
    assert counts == [[1, 9], [2, 18]]


def test_needs_come_before_what_needs_them() -> None:
    names = [measure.name for measure in CATALOGUE.ordered(["ties", "reached", "pairs"])]
    assert names == ["pairs", "pair_model", "ties", "reached"]
    assert [measure.name for measure in CATALOGUE.ordered(["vouched_kept"])][-1] == "vouched_kept"
    assert TIES in CATALOGUE.ordered(["vouched_kept"])
