"""Graphs made by Hypothesis, as the relations that array steps read, and array steps run by their kernel and by their SQL."""

from __future__ import annotations

from contextlib import closing
from typing import Final

import numpy as np
from hypothesis import strategies as st

from regard.engines.base import Arrays, ArrayStep, Step
from regard.engines.duckdb.engine import DuckDBEngine
from regard.engines.iterate import run_relational
from regard.measures.catalogue import MEASURES

ARRAY_STEPS: Final = {
    part.name: part for measure in MEASURES.values() for part in measure.parts if isinstance(part, ArrayStep) and part.sql_equivalent
}


@st.composite
def ties(draw: st.DrawFn, most: int = 40) -> Arrays:
    """Ordered pairs of different people, with acts and bins: few people with many ties, or many people with few."""
    people = draw(st.integers(2, 14))
    ends = st.tuples(st.integers(0, people - 1), st.integers(0, people - 2)).map(lambda pair: (pair[0], pair[1] + (pair[1] >= pair[0])))
    rows = draw(st.lists(st.tuples(ends, st.integers(1, 6), st.integers(0, 50)), max_size=most, unique_by=lambda row: row[0]))
    return {
        "actor": np.array([pair[0] for pair, _, _ in rows], dtype=np.int32),
        "target": np.array([pair[1] for pair, _, _ in rows], dtype=np.int32),
        "bins": np.array([bins for _, bins, _ in rows], dtype=np.int32),
        "acts": np.array([bins + more for _, bins, more in rows], dtype=np.int64),
    }


@st.composite
def ties_with_seeds(draw: st.DrawFn) -> Arrays:
    """What the step `personalized_pagerank` reads: ties, whether pairs of the community repeat, and at whom the walk starts."""
    read = draw(ties())
    seeds = draw(st.frozensets(st.integers(0, 14), max_size=4))
    size = read["actor"].size
    starts = np.array([int(actor) in seeds for actor in read["actor"]], dtype=np.bool_)
    return {**read, "repeats": np.full(size, draw(st.booleans())), "starts": starts}


@st.composite
def mutual_ties(draw: st.DrawFn) -> Arrays:
    """What the step `sybilrank` reads: each tie both ways, and who is an elder."""
    read = draw(ties())
    pairs = {pair for a, b in zip(read["actor"].tolist(), read["target"].tolist(), strict=True) for pair in ((a, b), (b, a))}
    elders = draw(st.frozensets(st.integers(0, 14), max_size=5))
    both = np.array(sorted(pairs), dtype=np.int32).reshape(-1, 2)
    return {"person": both[:, 0], "other": both[:, 1], "elder": np.array([int(person) in elders for person in both[:, 0]], dtype=np.bool_)}


Rows = list[tuple[object, ...]]


def by_kernel(step: ArrayStep, read: Arrays) -> Rows:
    """The rows of an array step's relation, made by its kernel."""
    with closing(DuckDBEngine()) as engine:
        engine.put(step.input_step.name, read)
        engine.run(ArrayStep(step.name, f"FROM {step.input_step.name}", step.kernel), {})
        return engine.rows(f"FROM {step.name} ORDER BY ALL")


def by_sql(step: ArrayStep, read: Arrays, seed: int = 0) -> Rows:
    """The rows of an array step's relation, made by its SQL. The order of the rows that it reads depends on `seed`.

    Fails if the SQL leaves another relation behind.
    """
    order = np.random.default_rng(seed).permutation(next(iter(read.values())).size)
    with closing(DuckDBEngine()) as engine:
        engine.put(step.input_step.name, {name: array[order] for name, array in read.items()})
        run_relational(engine, step, {})
        left = engine.rows("SELECT table_name FROM duckdb_tables() WHERE temporary ORDER BY ALL")
        assert left == sorted([(step.name,), (step.input_step.name,)])
        engine.run(Step(step.name, f"FROM {step.name}"), {})
        return engine.rows(f"FROM {step.name} ORDER BY ALL")


def alike(first: Rows, second: Rows, unit: float) -> bool:
    """Whether two relations are the same, floats within 1e-9 of their size or one unit of the last decimal that is kept."""
    return len(first) == len(second) and all(
        _alike(a, b, unit) for row, other in zip(first, second, strict=True) for a, b in zip(row, other, strict=True)
    )


def _alike(a: object, b: object, unit: float) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b) <= max(1e-9 * abs(a), 1.01 * unit)
    return a == b
