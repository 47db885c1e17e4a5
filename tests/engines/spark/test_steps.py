"""Every query that a step, the report or a backtest sends can be translated for Spark. Needs neither Spark nor Java."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pytest
import sqlglot
from numpy.typing import NDArray
from sqlglot import exp

from regard.engines.base import ArrayStep, ArrowStream, Loop, Step, Values
from regard.engines.duckdb.engine import DuckDBEngine
from regard.engines.iterate import run_relational
from regard.engines.rows import Row
from regard.engines.spark.dialect import to_spark
from regard.engines.spark.forms import WHOLE_TYPES
from regard.evaluation.attack.planting import PLANTED_INTERACTIONS, PLANTED_PEOPLE, with_planted
from regard.evaluation.backtest.run import Trial, backtest
from regard.measures.catalogue import CATALOGUE, MEASURES
from regard.record.record import Record
from regard.simulate.community import simulate
from regard.studies.report import report_of
from regard.studies.settings import Settings
from regard.studies.study import Study

from ...communities import recorded

PARTS: dict[str, Step | ArrayStep] = {
    **{f"base.{part.name}": part for part in CATALOGUE.base},
    **{f"planted.{part.name}": part for part in (PLANTED_PEOPLE, PLANTED_INTERACTIONS)},
    **{f"{measure.name}.{part.name}": part for measure in MEASURES.values() for part in measure.parts},
}


def queries_of(parts: Iterable[Step | ArrayStep | Loop]) -> Iterator[str]:
    """The SQL of steps, of what array steps read, and of their equivalents."""
    for part in parts:
        if isinstance(part, Step):
            yield part.sql
        elif isinstance(part, Loop):
            yield from queries_of(part.steps)
            yield part.done
        else:
            yield part.reads
            yield from queries_of(part.sql_equivalent)


@pytest.mark.parametrize("name", PARTS)
def test_a_step_uses_only_what_both_engines_answer_alike(name: str) -> None:
    assert all(to_spark(sql, {}) for sql in queries_of([PARTS[name]]))


@cache
def with_whole_numbers_checked(sql: str) -> str:
    """The same query for DuckDB, which refuses it if what must be a whole number is a float: `&` takes whole numbers only.

    >>> with_whole_numbers_checked("SELECT sum(n), CAST(round(x) AS BIGINT), CAST(y AS BIGINT) FROM t")
    'SELECT SUM(((n) & -1)), CAST(ROUND(x) AS BIGINT), CAST(((y) & -1) AS BIGINT) FROM t'
    """
    tree = sqlglot.parse_one(sql, read="duckdb")
    for node in [*tree.find_all(exp.Sum, exp.PercentileDisc, exp.IntDiv, exp.Mod, exp.Cast)]:
        rounded = isinstance(node.this.unnest(), exp.Round | exp.Floor | exp.Ceil)
        if isinstance(node, exp.Cast) and (rounded or not node.to.is_type(*WHOLE_TYPES)):
            continue
        for side in ("this", "expression") if isinstance(node, exp.IntDiv | exp.Mod) else ("this",):
            operand = exp.paren(node.args[side], copy=False)
            node.set(side, exp.paren(exp.BitwiseAnd(this=operand, expression=exp.Literal.number("-1")), copy=False))
    return str(tree.sql("duckdb"))


class CheckedEngine(DuckDBEngine):
    """DuckDB that first translates every query for Spark, and takes the SQL equivalent of an array step where there is one."""

    def run(self, part: Step | ArrayStep, values: Values) -> None:
        if isinstance(part, Step):
            super().run(replace(part, sql=checked(part.sql, values)), values)
        elif part.sql_equivalent:
            self.run(part.input_step, values)
            run_relational(self, part, values)
        else:
            super().run(part, values)

    def rows(self, sql: str, values: Values | None = None) -> list[Row]:
        own = sql.startswith(("DESCRIBE", "DROP")) or "duckdb_tables()" in sql  # what a database file holds: Spark opens none
        return super().rows(sql if own else checked(sql, values or {}), values)

    def arrays(self, sql: str, values: Values | None = None) -> dict[str, NDArray[np.generic]]:
        return super().arrays(checked(sql, values or {}), values)

    def columns(self, query: str) -> list[str]:
        return super().columns(checked(query, {}))

    def text_columns(self, query: str) -> list[str]:
        return super().text_columns(checked(query, {}))

    def arrow(self, query: str) -> ArrowStream:
        return super().arrow(checked(query, {}))

    def write(self, query: str, path: Path) -> None:
        super().write(checked(query, {}), path)


def checked(sql: str, values: Values) -> str:
    """The query as `CheckedEngine` runs it."""
    assert to_spark(sql, values)
    return with_whole_numbers_checked(sql)


@pytest.fixture(scope="module")
def record() -> Iterator[Record]:
    demo = simulate(people=40, days=240, seed=3)
    with recorded(demo.acts, demo.accounts) as made:
        yield made


@pytest.fixture(autouse=True)
def _checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regard.engines.catalogue.DuckDBEngine", CheckedEngine)


def test_a_float_where_a_whole_number_must_be_is_found() -> None:
    engine = CheckedEngine()
    engine.run(Step("t", "SELECT 1.5e0 AS x, 2 AS n"), {})
    assert engine.rows("SELECT sum(n), CAST(round(x) AS BIGINT), CAST(n AS BIGINT), n // 2 FROM t GROUP BY ALL") == [(2, 2, 2, 1)]
    for sql in ("SELECT sum(x) FROM t", "SELECT CAST(x AS BIGINT) FROM t", "SELECT x // 2 FROM t", "SELECT quantile_disc(x, 0.5) FROM t"):
        with pytest.raises(duckdb.BinderException, match="&"):
            engine.rows(sql)


@pytest.mark.long
def test_all_that_a_report_sends_is_answered_alike(record: Record, tmp_path: Path) -> None:
    with Study(record) as study:
        person = str(study.engine.rows("SELECT id FROM people ORDER BY person LIMIT 1")[0][0])
        report_of(study)
        report_of(study, audience="organisation")
        report_of(study, me=person)
        for name in MEASURES:
            table = study.measure(name)
            assert len(table) == len(table.rows()) == table.to_polars().height
            table.write(tmp_path / f"{name}.csv")


@pytest.mark.long
def test_all_that_a_study_with_seeds_and_planted_acts_sends_is_answered_alike(record: Record) -> None:
    with Study(record) as study:
        seed = str(study.engine.rows("SELECT id FROM people JOIN interactions ON person = actor ORDER BY id LIMIT 1")[0][0])
        last = int(str(study.engine.rows("SELECT epoch_us(max(time)) FROM interactions")[0][0]))
    planted = {"actor": np.array([0, 900]), "target": np.array([900, 0]), "time": np.array([last - 9, last - 5])}
    with Study(record, Settings(seeds=(seed,)), catalogue=with_planted(planted)) as study:
        study.make(["seeds", "vouched_kept"])


@pytest.mark.long
def test_all_that_a_backtest_sends_is_answered_alike(record: Record) -> None:
    assert backtest(record, Trial(at=(datetime(2025, 8, 1, tzinfo=UTC),), draws=10)).origins
