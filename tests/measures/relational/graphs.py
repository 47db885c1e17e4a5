"""Graphs made up by Hypothesis, as the relations that fits read, and a fit by its kernel and by its twin."""

from __future__ import annotations

from contextlib import closing
from typing import Final

import numpy as np
from hypothesis import strategies as st

from regard.engines.base import Arrays, ArrayStep, Step
from regard.engines.duckdb.engine import DuckDBEngine
from regard.engines.iterate import run_relational
from regard.measures.catalogue import MEASURES

FITS: Final = {
    part.name: part for measure in MEASURES.values() for part in measure.parts if isinstance(part, ArrayStep) and part.sql_equivalent
}


@st.composite
def ties(draw: st.DrawFn, most: int = 40) -> Arrays:
    """Ordered pairs of different people, with acts and bins; few people with many ties, or many with few."""
    people = draw(st.integers(2, 14))
    ends = st.tuples(st.integers(0, people - 1), st.integers(0, people - 2)).map(lambda pair: (pair[0], pair[1] + (pair[1] >= pair[0])))
    drawn = draw(st.lists(st.tuples(ends, st.integers(1, 6), st.integers(0, 50)), max_size=most, unique_by=lambda one: one[0]))
    return {
        "actor": np.array([pair[0] for pair, _, _ in drawn], dtype=np.int32),
        "target": np.array([pair[1] for pair, _, _ in drawn], dtype=np.int32),
        "bins": np.array([bins for _, bins, _ in drawn], dtype=np.int32),
        "acts": np.array([bins + more for _, bins, more in drawn], dtype=np.int64),
    }


@st.composite
def walked_from(draw: st.DrawFn) -> Arrays:
    """What `walked` reads: ties, whether pairs repeat here, and from whom the walk starts."""
    found = draw(ties())
    seeds = draw(st.frozensets(st.integers(0, 14), max_size=4))
    size = found["actor"].size
    starts = np.array([int(actor) in seeds for actor in found["actor"]], dtype=np.bool_)
    return {**found, "repeats": np.full(size, draw(st.booleans())), "starts": starts}


@st.composite
def mutual(draw: st.DrawFn) -> Arrays:
    """What `near` reads: each tie both ways, and who is an elder."""
    drawn = draw(ties())
    pairs = {
        pair for one, other in zip(drawn["actor"].tolist(), drawn["target"].tolist(), strict=True) for pair in ((one, other), (other, one))
    }
    elders = draw(st.frozensets(st.integers(0, 14), max_size=5))
    both = np.array(sorted(pairs), dtype=np.int32).reshape(-1, 2)
    return {"person": both[:, 0], "other": both[:, 1], "elder": np.array([int(one) in elders for one in both[:, 0]], dtype=np.bool_)}


Rows = list[tuple[object, ...]]


def by_kernel(fit: ArrayStep, read: Arrays) -> Rows:
    """The rows of a fit's relation, as its kernel makes them."""
    with closing(DuckDBEngine()) as engine:
        engine.put(fit.input_step.name, read)
        engine.run(ArrayStep(fit.name, f"FROM {fit.input_step.name}", fit.kernel), {})
        return engine.rows(f"FROM {fit.name} ORDER BY ALL")


def by_twin(fit: ArrayStep, read: Arrays, seed: int = 0) -> Rows:
    """The same as its twin makes them, the rows that it reads in an order that hangs on `seed`; nothing else is left behind."""
    order = np.random.default_rng(seed).permutation(next(iter(read.values())).size)
    with closing(DuckDBEngine()) as engine:
        engine.put(fit.input_step.name, {name: array[order] for name, array in read.items()})
        run_relational(engine, fit, {})
        left = engine.rows("SELECT table_name FROM duckdb_tables() WHERE temporary ORDER BY ALL")
        assert left == sorted([(fit.name,), (fit.input_step.name,)])
        engine.run(Step(fit.name, f"FROM {fit.name}"), {})
        return engine.rows(f"FROM {fit.name} ORDER BY ALL")


def alike(one: Rows, other: Rows, unit: float) -> bool:
    """Whether two relations are the same, floats within 1e-9 of their size or one unit of the last decimal kept."""
    return len(one) == len(other) and all(
        _alike(a, b, unit) for row, as_row in zip(one, other, strict=True) for a, b in zip(row, as_row, strict=True)
    )


def _alike(one: object, other: object, unit: float) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= max(1e-9 * abs(one), 1.01 * unit)
    return one == other
