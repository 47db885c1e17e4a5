"""One Spark for all tests: two threads of this process, and what costs seconds on small data switched off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from regard.engines.spark.engine import SparkEngine

SMALL = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """The session that engines find, as a user's own would be: in another time zone, and looser about what SQL means."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").config("spark.sql.session.timeZone", "Asia/Kolkata")
    builder = builder.config("spark.sql.ansi.enabled", "false")
    for name, value in SMALL.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.fixture
def engine(spark: SparkSession) -> Iterator[SparkEngine]:  # noqa: ARG001  (the session must be there; the engine finds it)
    """An engine without relations."""
    from regard.engines.spark.engine import SparkEngine

    with closing(SparkEngine()) as made:
        yield made
