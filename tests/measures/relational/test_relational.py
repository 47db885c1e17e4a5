"""The SQL of array steps gives what their kernels give, for every graph and for every order of its rows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.engines import catalogue
from regard.engines.base import Arrays, ArrayStep, Step, Values
from regard.engines.duckdb.engine import DuckDBEngine
from regard.engines.iterate import run_relational
from regard.engines.rows import typed
from regard.measures.kernels import leave_one_out as kernel
from regard.simulate.community import simulate

from ...communities import community
from ...strategies import examples
from .graphs import ARRAY_STEPS, alike, by_kernel, by_sql, mutual_ties, ties, ties_with_seeds

pytestmark = pytest.mark.long


def check(name: str, read: Arrays, seed: int, unit: float) -> None:
    """Kernel and SQL agree, and the order of the rows changes nothing at all in what the SQL gives."""
    step = ARRAY_STEPS[name]
    sql = by_sql(step, read)
    kernel = by_kernel(step, read)
    assert alike(kernel, sql, unit), f"{kernel}\n{sql}"
    assert by_sql(step, read, seed) == sql


def test_all_that_grows_with_pairs_has_sql() -> None:
    assert {*ARRAY_STEPS} == {"sybilrank", "personalized_pagerank", "leave_one_out", "pagerank"}


@given(mutual_ties(), st.integers(1, 9))
@examples(25)
def test_sybilrank(read: Arrays, seed: int) -> None:
    check("sybilrank", read, seed, 0)


def test_sybilrank_by_hand() -> None:
    # A path of four people, the first trusted. After two rounds 1/8 has come to the third, who has two of six ties; 1/6 would do.
    path = {"person": [0, 1, 1, 2, 2, 3], "other": [1, 0, 2, 1, 3, 2]}
    read = {name: np.array(ends, dtype=np.int32) for name, ends in path.items()}
    assert by_sql(ARRAY_STEPS["sybilrank"], {**read, "elder": read["person"] == 0}) == [(0,), (1,)]


@given(ties(), st.integers(1, 9))
@examples(15)
def test_pagerank(read: Arrays, seed: int) -> None:
    check("pagerank", read, seed, 1e-12)


@given(ties_with_seeds(), st.integers(1, 9))
@examples(15)
def test_personalized_pagerank(read: Arrays, seed: int) -> None:
    check("personalized_pagerank", read, seed, 1e-9)


@given(ties_with_seeds(), st.integers(1, 9))
@examples(15)
def test_leave_one_out(read: Arrays, seed: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "MAX_INVERTED_NODES", 0)
        check("leave_one_out", with_scores(read), seed, 1e-9)


class Score(NamedTuple):
    """A row of `personalized_pagerank`."""

    person: int
    vouched: float
    seed: bool
    score: float
    enough: float


def with_scores(read: Arrays) -> Arrays:
    """What `leave_one_out` reads, from what `personalized_pagerank` reads: the ties of people with a score, and their score."""
    rows = typed(Score, by_kernel(ARRAY_STEPS["personalized_pagerank"], read))
    score = {row.person: row.score for row in rows}
    enough = max((row.enough for row in rows), default=0.0)
    of_actor = np.array([score[int(actor)] for actor in read["actor"]])
    visited = of_actor > 0
    kept = {name: read[name][visited] for name in ("actor", "target", "bins", "repeats")}
    return {**kept, "score": of_actor[visited], "enough": np.full(int(visited.sum()), enough)}


class SqlFirstEngine(DuckDBEngine):
    """An engine that runs the SQL of every array step that has any."""

    def run(self, part: Step | ArrayStep, values: Values) -> None:
        if isinstance(part, ArrayStep) and part.sql_equivalent:
            self.run(part.input_step, values)
            run_relational(self, part, values)
            self.drop(part.input_step.name)
        else:
            super().run(part, values)


def test_the_measures_of_a_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "MAX_INVERTED_NODES", 0)
    demo = simulate(people=40, days=240, seed=3)
    with community(demo.acts, accounts=demo.accounts) as by_kernels:
        monkeypatch.setattr(catalogue, "DuckDBEngine", SqlFirstEngine)
        with community(demo.acts, accounts=demo.accounts) as by_relations:
            for name in ("seeds", "vouched", "vouched_ties", "vouched_kept", "rank"):
                first, second = (study.engine.rows(f"FROM {study.measure(name).name} ORDER BY ALL") for study in (by_kernels, by_relations))
                assert alike(first, second, 1e-9), name
            assert by_kernels.engine.rows("SELECT count(*) > 100 FROM vouched_ties WHERE weight > 0 AND weight_error_bound > 0") == [
                (True,)
            ]
            assert by_kernels.engine.rows("SELECT count(*) FROM seeds WHERE why = 'near'") > [(5,)]
