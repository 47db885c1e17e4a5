"""The contract of measures: each measure of the catalogue keeps these promises."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from duckdb import CatalogException
from hypothesis import given
from hypothesis import strategies as st

from regard.engines.duckdb.connection import SETTINGS
from regard.errors import Empty, StepFailed
from regard.measures.base import Measure
from regard.measures.base_relations import BASE
from regard.measures.catalogue import MEASURES
from regard.record.ingest import InputInfo
from regard.record.record import Record
from regard.record.schema import Act, SqlBatch
from regard.simulate.community import Simulation, simulate
from regard.studies.study import Study
from regard.studies.table import PERSON_COLUMNS

from ..communities import Row, act, community, moment, post, recorded, rows
from ..oracles import number
from ..strategies import Made, communities, examples

ALL = list(MEASURES.values())
every_measure = pytest.mark.parametrize("measure", ALL, ids=lambda measure: str(measure.name))


@pytest.fixture(scope="module")
def demo() -> Simulation:
    return simulate(people=40, days=240, seed=3)


@pytest.fixture(scope="module")
def demo_record(demo: Simulation) -> Iterator[Record]:
    with recorded(demo.acts, demo.accounts) as record:
        yield record


@pytest.fixture(scope="module")
def study(demo_record: Record) -> Iterator[Study]:
    with Study(demo_record) as study:
        yield study


def without_act(table_rows: list[Row]) -> list[Row]:
    """Rows without the column that is a row number of the record."""
    return sorted(({name: value for name, value in row.items() if name != "act"} for row in table_rows), key=str)


# --- the reading card


@every_measure
def test_the_relation_has_the_declared_columns_in_their_order(measure: Measure, study: Study) -> None:
    assert study.measure(measure.name).columns == [column.name for column in measure.columns]


@every_measure
def test_the_card_is_filled_in(measure: Measure) -> None:
    assert measure.name.isidentifier()
    assert measure.question.endswith("?")
    assert measure.row
    assert measure.cannot
    assert all(column.unit and column.about for column in measure.columns)
    assert measure.parts[-1].name == measure.name


@every_measure
def test_what_is_dropped_is_made_on_the_way(measure: Measure) -> None:
    assert set(measure.dropped) <= {part.name for part in measure.parts} - {measure.name}


@every_measure
def test_columns_of_people_are_those_that_get_names(measure: Measure) -> None:
    # Otherwise a table would show the name of person 3 beside a count of 3.
    assert {column.name for column in measure.columns if column.unit == "person"} == {c.name for c in measure.columns} & {*PERSON_COLUMNS}


@every_measure
def test_a_study_has_it_as_an_attribute(measure: Measure, study: Study) -> None:
    if measure.table:
        assert getattr(study, measure.name).columns == study.measure(measure.name).columns


# --- what it needs


def test_needs_are_measures_that_come_to_an_end() -> None:
    for measure in ALL:
        checked, queue = set(), list(measure.needs)
        while queue:
            needed = queue.pop()
            assert needed in MEASURES
            assert needed != measure.name
            if needed not in checked:
                checked.add(needed)
                queue += MEASURES[needed].needs


def alone(demo_record: Record, measure: Measure, without: str | None = None) -> None:
    """Make the needs of a measure except one, and then the measure."""
    with Study(demo_record) as study:
        for needed in measure.needs:
            if needed != without:
                study.measure(needed)
        for part in measure.parts:
            study.engine.run(part, study.timescale.values)


@every_measure
def test_its_needs_are_enough(measure: Measure, demo_record: Record, study: Study) -> None:
    with Study(demo_record) as fresh:
        assert rows(fresh, measure.name) == rows(study, measure.name)


@pytest.mark.parametrize(("measure", "need"), [(measure, need) for measure in ALL for need in measure.needs])
def test_each_need_is_needed(measure: Measure, need: str, demo_record: Record) -> None:
    with pytest.raises((StepFailed, CatalogException), match="does not exist"):
        alone(demo_record, measure, without=need)


def test_nothing_is_left_over_but_measures_and_what_they_start_from(study: Study) -> None:
    for measure in ALL:
        study.measure(measure.name)
    left = {str(row[0]) for row in study.engine.rows("SELECT table_name FROM duckdb_tables() WHERE temporary")}
    assert left == {part.name for part in BASE} | {*MEASURES} | {"chosen_seeds"}


# --- rows


@every_measure
def test_the_demo_has_rows(measure: Measure, study: Study) -> None:
    assert rows(study, measure.name)


def check_values(measure: Measure, table_rows: list[Row]) -> None:
    """Check that values have their unit, and that a value is missing only if its column says what that means."""
    assert len({str(row) for row in table_rows}) == len(table_rows), f"{measure.name} has a row twice"
    for column in measure.columns:
        values = [row[column.name] for row in table_rows]
        assert "missing" in column.about or None not in values, f"{measure.name}.{column.name} is missing"
        known = [value for value in values if value is not None]
        if column.unit == "0 to 1":
            assert all(0 <= number(value) <= 1 for value in known), column.name
        elif column.unit == "yes or no":
            assert all(isinstance(value, bool) for value in known), column.name
        elif column.unit in ("people", "people²", "acts", "pairs", "threads", "bins", "microseconds"):
            assert all(number(value) >= 0 for value in known), column.name


@every_measure
def test_values_are_what_their_units_say(measure: Measure, study: Study) -> None:
    check_values(measure, rows(study, measure.name))


@every_measure
def test_one_row_for_each(measure: Measure, study: Study) -> None:
    keys = [tuple(row[name] for name in measure.key) for row in rows(study, measure.name)]
    assert len(keys) == len(set(keys))


@given(communities())
@examples(6)
def test_values_are_what_their_units_say_in_any_community(sample: Made) -> None:
    with community(sample.acts, accounts=sample.accounts) as study:
        for measure in ALL:
            if measure.name not in ("openings", "asked", "unanswered"):  # equal posts without an id are equal openings
                check_values(measure, rows(study, measure.name))


# --- odd records


ODD: dict[str, list[Act]] = {
    "only posts": [*post(1, "ann", "p", "Who?"), *post(9, "bea", "q")],
    "one person": [*post(1, "ann", "p"), act(2, "ann", "reply", item="r", parent="p"), act(3, "ann", "message", "ann")],
    "one act": [act(1, "ann", "message", "bea")],
    "one join": [act(1, "ann", "join")],
    "one moment": [act(1, "ann", "message", "bea"), act(1, "bea", "reply", "ann"), act(1, "ann", "message", "bea")],
    "some times missing": [act(None, "ann", "message", "bea"), act(1, "bea", "message", "ann"), act(None, "ann", "post", item="p")],
    "only reactions": [act(n, "ann", "react", "bea", label="pray") for n in range(3)],
    "only follows": [act(n, "ann", "follow", "bea") for n in range(3)],
}


@pytest.mark.parametrize("name", ODD)
def test_odd_records_have_every_measure(name: str) -> None:
    with community(ODD[name]) as study:
        for measure in ALL:
            check_values(measure, rows(study, measure.name))


@pytest.mark.parametrize("name", ODD)
def test_odd_records_have_every_measure_before_their_first_act(name: str) -> None:
    with community(ODD[name], until=0) as study:
        # The pair model has one row for every record. Without acts it holds the pretrained coefficients.
        assert {measure.name for measure in ALL if rows(study, measure.name)} <= {"rank", "reached", "help", "helpers", "pair_model"}


def test_a_record_without_any_time_is_empty() -> None:
    with recorded([act(None, "ann", "message", "bea")]) as record, pytest.raises(Empty, match="time"):
        Study(record)


# --- the same rows in any order of acts, measures and threads


@given(communities(), st.randoms(use_true_random=False))
@examples(6)
def test_the_order_of_the_acts_does_not_matter(sample: Made, dice: random.Random) -> None:
    turned = dice.sample(sample.acts, len(sample.acts))
    with community(sample.acts, accounts=sample.accounts) as study, community(turned, accounts=sample.accounts) as other:
        assert study.timescale == other.timescale
        for name in MEASURES:
            assert without_act(rows(study, name)) == without_act(rows(other, name)), name


def test_the_order_of_the_acts_of_a_demo_does_not_matter(demo: Simulation, study: Study) -> None:
    acts = random.Random(5).sample(demo.acts, len(demo.acts))
    with community(acts, accounts=demo.accounts) as other:
        for name in MEASURES:
            assert without_act(rows(study, name)) == without_act(rows(other, name)), name


def test_the_order_of_the_measures_does_not_matter(demo_record: Record, study: Study) -> None:
    with Study(demo_record) as other:
        for name in reversed([*MEASURES]):
            other.measure(name)
        for name in MEASURES:
            assert rows(study, name) == rows(other, name), name


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_a_study_made_twice_writes_the_same_bytes(suffix: str, demo_record: Record, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        with Study(demo_record) as study:
            for name in MEASURES:
                study.measure(name).write(tmp_path / folder / (name + suffix))
    for name in MEASURES:
        assert (tmp_path / "one" / (name + suffix)).read_bytes() == (tmp_path / "two" / (name + suffix)).read_bytes(), name


LARGE = """
    SELECT concat('p', a) AS actor, CASE WHEN kind <> 'post' THEN concat('p', b) END AS target, kind, item, thread,
        TIMESTAMP '2020-01-01' + to_seconds(CAST(day * 86400 + hash(n + 7) % 86400 AS BIGINT)) AS time
    FROM (
        SELECT n, hash(n) % 60 * (hash(n) % 60) % 900 AS a, (hash(n) % 60 * 7 + hash(n + 1) % 12) % 900 AS b, n // 700 AS day,
            CASE hash(n + 3) % 4 WHEN 0 THEN 'post' WHEN 1 THEN 'react' WHEN 2 THEN 'message' ELSE 'reply' END AS kind,
            CASE WHEN hash(n + 3) % 4 IN (0, 3) THEN concat('i', n) END AS item,
            CASE WHEN hash(n + 3) % 4 IN (0, 3) THEN concat('t', n // 9) END AS thread
        FROM range(160000) numbers(n))
    UNION ALL
    SELECT concat('q', n % 9 + n % 2), concat('q', n % 9 + (n + 1) % 2), 'message', NULL, NULL,
        TIMESTAMP '2020-01-01' + to_days(CAST(n // 15 AS INTEGER))
    FROM range(3000) numbers(n)
    UNION ALL
    SELECT concat('s', n), NULL, 'post', concat('j', n), concat('u', n), TIMESTAMP '2020-01-01' + to_days(CAST(n AS INTEGER))
    FROM range(9) numbers(n)
"""
"""More rows than one thread gets at once, since only then several threads work on one relation. Nine pairs fall silent at the end, and
nobody ever deals with nine people."""


@pytest.mark.long
def test_the_number_of_threads_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    by_threads: dict[int, dict[str, list[tuple[object, ...]]]] = {}
    with Record.temporary() as record:
        record.append(InputInfo("table", "made up", own_ids=False), [SqlBatch(LARGE, "made up")])
        for threads in (1, 4):
            monkeypatch.setitem(SETTINGS, "threads", threads)
            with Study(record) as study:
                by_threads[threads] = {name: _printed(study, name) for name in MEASURES}
    for name in MEASURES:
        assert by_threads[1][name] == by_threads[4][name], name


def _printed(study: Study, name: str) -> list[tuple[object, ...]]:
    assert len(study.measure(name)) > 0
    return study.engine.rows(f"SELECT count(*), sum(hash(t)::HUGEINT), min(t::VARCHAR), max(t::VARCHAR) FROM {name} t ")


def test_acts_to_come_change_nothing(demo: Simulation) -> None:
    day = (demo.start.replace(tzinfo=None) - moment(0).replace(tzinfo=None)).days + 80
    known = [act_ for act_ in demo.acts if act_.time is not None and act_.time < int(moment(day).timestamp()) * 1_000_000]
    assert 0 < len(known) < len(demo.acts)
    with community(demo.acts, accounts=demo.accounts, until=day) as study, community(known, accounts=demo.accounts, until=day) as then:
        assert study.timescale == then.timescale
        for name in MEASURES:
            assert without_act(rows(study, name)) == without_act(rows(then, name)), name
