"""How far the work of a study is, beyond the stages that it tells."""

from __future__ import annotations

from regard.engines.duckdb.statements import progress


def statement_progress() -> float | None:
    """The part of the running statement that is done, from 0 to 1; None if no statement runs, or the engine can't tell."""
    return progress()
