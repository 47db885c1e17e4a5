"""What the twins say is what the kernels say, whatever the graph, and whatever the order of its rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.engines import catalogue
from regard.engines.base import Arrays, ArrayStep, Step, Values
from regard.engines.duckdb.engine import DuckDBEngine
from regard.engines.iterate import run_relational
from regard.measures.kernels import leave_one_out as kernel
from regard.simulate.community import simulate

from ...communities import community
from ...strategies import examples
from .graphs import FITS, alike, by_kernel, by_twin, mutual, ties, walked_from


def check(name: str, read: Arrays, seed: int, unit: float) -> None:
    """Kernel and twin agree, and the order of the rows changes nothing at all in what the twin says."""
    fit = FITS[name]
    theirs = by_twin(fit, read)
    mine = by_kernel(fit, read)
    assert alike(mine, theirs, unit), f"{mine}\n{theirs}"
    assert by_twin(fit, read, seed) == theirs


def test_all_that_grows_with_pairs_has_a_twin() -> None:
    assert {*FITS} == {"near", "walked", "apart", "pagerank"}


@given(mutual(), st.integers(1, 9))
@examples(25)
def test_near(read: Arrays, seed: int) -> None:
    check("near", read, seed, 0)


def test_near_by_hand() -> None:
    # A path of four, the first trusted: after two rounds an eighth has come to the third, which has two of six ties; a third would do.
    path = {"person": [0, 1, 1, 2, 2, 3], "other": [1, 0, 2, 1, 3, 2]}
    read = {name: np.array(ends, dtype=np.int32) for name, ends in path.items()}
    assert by_twin(FITS["near"], {**read, "elder": read["person"] == 0}) == [(0,), (1,)]


@given(ties(), st.integers(1, 9))
@examples(15)
def test_pagerank(read: Arrays, seed: int) -> None:
    check("pagerank", read, seed, 1e-12)


@given(walked_from(), st.integers(1, 9))
@examples(15)
def test_walked(read: Arrays, seed: int) -> None:
    check("walked", read, seed, 1e-9)


@given(walked_from(), st.integers(1, 9))
@examples(15)
def test_apart(read: Arrays, seed: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "FEW", 0)
        check("apart", scored(read), seed, 1e-9)


def scored(read: Arrays) -> Arrays:
    """What `apart` reads of the ties that `walked` read: those of people with a score, and their score."""
    rows = by_kernel(FITS["walked"], read)
    score = {int(str(row[0])): float(str(row[3])) for row in rows}
    enough = max((float(str(row[4])) for row in rows), default=0.0)
    of = np.array([score[int(actor)] for actor in read["actor"]])
    seen = of > 0
    kept = {name: read[name][seen] for name in ("actor", "target", "bins", "repeats")}
    return {**kept, "score": of[seen], "enough": np.full(int(seen.sum()), enough)}


class ByTwins(DuckDBEngine):
    """An engine that takes the twin wherever there is one."""

    def run(self, part: Step | ArrayStep, values: Values) -> None:
        if isinstance(part, ArrayStep) and part.sql_equivalent:
            self.run(part.given, values)
            run_relational(self, part, values)
            self.drop(part.given.name)
        else:
            super().run(part, values)


@pytest.mark.long
def test_the_measures_of_a_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "FEW", 0)
    demo = simulate(people=40, days=240, seed=3)
    with community(demo.acts, accounts=demo.accounts) as mine:
        monkeypatch.setattr(catalogue, "DuckDBEngine", ByTwins)
        with community(demo.acts, accounts=demo.accounts) as theirs:
            for name in ("seeds", "vouched", "vouched_ties", "vouched_kept", "rank"):
                one, other = (study.engine.rows(f"FROM {study.measure(name).name} ORDER BY ALL") for study in (mine, theirs))
                assert alike(one, other, 1e-9), name
            assert mine.engine.rows("SELECT count(*) > 100 FROM vouched_ties WHERE weight > 0 AND too_low > 0") == [(True,)]
            assert mine.engine.rows("SELECT count(*) FROM seeds WHERE why = 'near'") > [(5,)]
