"""Every measure and the report give the same on both engines: whole numbers are equal, floats within 1e-9 of their size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("pyspark")

from regard.engines.base import ArrayStep, Values
from regard.engines.spark import engine as module
from regard.engines.spark.engine import SparkEngine
from regard.findings.quarter_counts import count_quarters
from regard.findings.sections.people import People
from regard.findings.sections.unanswered import Unanswered
from regard.measures.catalogue import MEASURES
from regard.measures.kernels import leave_one_out as kernel
from regard.record.dataset import Dataset
from regard.record.schema import Account, Act
from regard.simulate.community import simulate
from regard.studies.report import report_of
from regard.studies.settings import Settings
from regard.studies.study import Study

from ..communities import act, answer, post, recorded
from ..measures.relational.graphs import alike as rows_alike
from .alike import alike

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = [pytest.mark.spark, pytest.mark.usefixtures("spark")]

BY_HAND: list[Act] = [
    *post(0, "ann", "p1", "How does this work?"), answer(0.5, "bea", "ann", "p1", "r1"), answer(0.5, "cem", "ann", "p1", "r2"),
    act(0.6, "ann", "thank", "bea"), act(0.7, "ann", "react", "cem", label="🙏🏽"), act(None, "dua", "follow", "ann"),
    *post(3, "dua", "p2", "See https://example.org/?q=1", "eli", "ann"), *post(9, "zbot", "p3", "Who?"), act(9, "zbot", "message", "ann"),
    # One moment, three kinds of talk: which of them opens anything hangs on their order.
    act(20, "bea", "message", "eli", text="Well?"), act(20, "bea", "reply", "eli", item="r3"), act(20, "bea", "mention", "eli"),
    act(20, "eli", "message", "bea"), act(40, "eli", "mention", "bea"), act(40, "eli", "message", "bea", text="好吗？"),
    *(act(30 + day * 1.3, who, "message", whom) for day in range(20) for who, whom in (("ann", "bea"), ("bea", "ann"), ("cem", "ann"))),
    act(90, "dua", "post", item="p4", thread="p4"), act(90, "ann", "post", item="p5", thread="p4"), act(91, "cem", "join"),
]  # fmt: skip
ACCOUNTS = [Account("zbot", actor_type="bot"), Account("ann", "Ann", followers=70, points=1.5, title="Ms"), Account("eli", "Öli")]
ONLY_POSTS = [*post(1, "ann", "p", "Who?"), *post(9, "bea", "q")]


@contextmanager
def both(acts: Sequence[Act], accounts: Sequence[Account]) -> Iterator[tuple[Study, Study]]:
    """The same acts, looked at by either engine: a record's file, and its dataset."""
    with (
        recorded(acts, accounts) as record,
        Dataset.temporary(record) as dataset,
        Study(record) as duck,
        Study(dataset, Settings(engine="spark")) as spark,
    ):
        yield duck, spark


def check(duck: Study, spark: Study) -> None:
    """Everything that they say is the same."""
    assert duck.timescale == spark.timescale
    for name in MEASURES:
        mine, theirs = duck.measure(name).rows(), spark.measure(name).rows()
        assert len(mine) == len(theirs), name
        assert not [pair for pair in zip(mine, theirs, strict=True) if not alike(*pair)], name


def test_measures_of_acts_by_hand() -> None:
    with both(BY_HAND, ACCOUNTS) as (duck, spark):
        assert len(duck.unanswered) > 0 < len(duck.help)
        check(duck, spark)
        mine, theirs = (report_of(study, title="ours", me="Ann") for study in (duck, spark))
        assert alike(mine, theirs)


def test_measures_where_nobody_acts_toward_anybody() -> None:
    with both(ONLY_POSTS, []) as (duck, spark):
        check(duck, spark)


def test_measures_by_their_sql_equivalents(monkeypatch: pytest.MonkeyPatch) -> None:
    # Nothing is brought to the driver that need not be, and nothing is small enough to be inverted.
    monkeypatch.setattr(kernel, "MAX_INVERTED_NODES", 0)
    monkeypatch.setattr(SparkEngine, "_run_array_step", sql_if_possible)
    demo = simulate(people=40, days=240, seed=3)
    with both(demo.acts, demo.accounts) as (duck, spark):
        for name in ("seeds", "vouched", "vouched_ties", "vouched_kept", "rank"):
            mine, theirs = (study.engine.rows(f"FROM {study.measure(name).name} ORDER BY ALL") for study in (duck, spark))
            assert rows_alike(mine, theirs, 1e-9), name


RUN_ARRAY_STEP = SparkEngine._run_array_step


def sql_if_possible(engine: SparkEngine, step: ArrayStep, values: Values) -> None:
    """Run the SQL equivalent of an array step that has one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MAX_DRIVER_ROWS", 0 if step.sql_equivalent else module.MAX_DRIVER_ROWS)
        RUN_ARRAY_STEP(engine, step, values)


def test_measures_and_report_of_a_demo(spark: SparkSession) -> None:
    demo = simulate(people=40, days=240, seed=3)
    with both(demo.acts, demo.accounts) as (duck, on_spark):
        check(duck, on_spark)
        mine, theirs = (report_of(study, title="ours") for study in (duck, on_spark))
        assert mine.data(People).cards
        assert mine.data(Unanswered).questions
        assert alike(mine, theirs)
        assert alike(*([*count_quarters(study.engine).values()] for study in (duck, on_spark)))
        pandas, polars = on_spark.kept.to_pandas(), on_spark.kept.to_polars()
        assert pandas["kept"].tolist() == polars["kept"].to_list() == [row["kept"] for row in on_spark.kept.rows()]
        assert on_spark.person(mine.data(People).cards[0].name) == duck.person(mine.data(People).cards[0].name)
    assert spark.sparkContext.master == "local[2]"
