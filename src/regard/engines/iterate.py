"""Runs the SQL equivalent of an array step, in the same way on every engine."""

from __future__ import annotations

from regard.engines.base import ArrayStep, Engine, Loop, Values


def run_relational(engine: Engine, step: ArrayStep, values: Values) -> None:
    """Make the relation of an array step by its SQL equivalent, and drop the other relations that this makes.

    The relation `<name>_read` must be there already.

    >>> from regard.engines.base import Step
    >>> from regard.engines.duckdb.engine import DuckDBEngine
    >>> halve = Loop((Step("rest", "SELECT n // 2 AS n FROM rest"),), "SELECT n < 3 FROM rest", 9)
    >>> equivalent = Step("rest", "FROM half_read"), halve, Step("half", "SELECT n + 100 AS n FROM rest")
    >>> step, engine = ArrayStep("half", "SELECT $n AS n", dict, equivalent), DuckDBEngine()
    >>> engine.run(step.input_step, {"n": 20})
    >>> run_relational(engine, step, {})
    >>> engine.rows("FROM half")
    [(102,)]
    """
    made = set()
    for part in step.sql_equivalent:
        if isinstance(part, Loop):
            _repeat(engine, part, values)
        else:
            engine.run(part, values)
            made.add(part.name)
    for name in sorted(made - {step.name}):
        engine.drop(name)


def _repeat(engine: Engine, loop: Loop, values: Values) -> None:
    for number in range(1, loop.most + 1):
        round_values = {**values, "round": number}
        for step in loop.steps:
            engine.run(step, round_values)
        if engine.scalar(bool, loop.done, round_values):
            return
