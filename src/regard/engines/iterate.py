"""How a fit's twin is run: the same on every engine."""

from __future__ import annotations

from regard.engines.base import ArrayStep, Engine, Loop, Values


def run_relational(engine: Engine, fit: ArrayStep, values: Values) -> None:
    """Make the relation of a fit by its twin, of the relation `<name>_read` that must be there; what it made on the way is dropped.

    >>> from regard.engines.base import Step
    >>> from regard.engines.duckdb.engine import DuckDBEngine
    >>> halved = Loop((Step("rest", "SELECT n // 2 AS n FROM rest"),), "SELECT n < 3 FROM rest", 9)
    >>> twin = Step("rest", "FROM half_read"), halved, Step("half", "SELECT n + 100 AS n FROM rest")
    >>> fit, engine = ArrayStep("half", "SELECT $n AS n", dict, twin), DuckDBEngine()
    >>> engine.run(fit.given, {"n": 20})
    >>> run_relational(engine, fit, {})
    >>> engine.rows("FROM half")
    [(102,)]
    """
    made = set()
    for part in fit.sql_equivalent:
        if isinstance(part, Loop):
            _repeat(engine, part, values)
        else:
            engine.run(part, values)
            made.add(part.name)
    for name in sorted(made - {fit.name}):
        engine.drop(name)


def _repeat(engine: Engine, loop: Loop, values: Values) -> None:
    for number in range(1, loop.most + 1):
        here = {**values, "round": number}
        for step in loop.steps:
            engine.run(step, here)
        if engine.rows(loop.done, here)[0][0]:
            return
