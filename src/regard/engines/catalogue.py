"""Chooses an engine by its name. Spark is an optional part, so it is imported only when somebody asks for it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from regard.engines.base import Engine
from regard.engines.duckdb.cached import CachedDuckDBEngine
from regard.engines.duckdb.engine import DuckDBEngine
from regard.engines.limits import Limits
from regard.errors import MissingExtra, UsageError

Name = Literal["duckdb", "spark"]


def make_engine(
    name: Name = "duckdb",
    master: str | None = None,
    *,
    memory_limit: str | None = None,
    temporary: str | os.PathLike[str] | None = None,
    work: tuple[Path, str] | None = None,
) -> Engine:
    """Make an engine. It has no relations, or those kept in a `work` folder: its path, and a text that says what they are made from.

    Raises UsageError for what the engine can't do, MissingExtra if pyspark is not installed.

    >>> engine = make_engine()
    >>> engine.rows("SELECT 1")
    [(1,)]
    >>> engine.close()
    """
    if name == "duckdb":
        if master:
            raise UsageError(f"only Spark has a master; {master} needs the engine spark")
        limits = Limits(memory_limit, temporary)
        return CachedDuckDBEngine(*work, limits) if work else DuckDBEngine(limits)
    if memory_limit:
        raise UsageError("how much memory Spark may use is said to Spark: spark.driver.memory, spark.executor.memory")
    if work:
        raise UsageError("only DuckDB keeps its relations in a folder; Spark begins anew")
    try:
        from regard.engines.spark.engine import SparkEngine
    except ImportError as error:
        raise MissingExtra("the engine spark", "spark") from error
    return SparkEngine(master, temporary=temporary)
