"""The Spark that relations are run on: a session that there is already, or one that is started for this program."""

from __future__ import annotations

import logging
import os
import warnings
from pathlib import Path

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from regard import scratch
from regard.errors import UsageError
from regard.places import Place

MEANING = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "false",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
}
"""What the SQL of measures rests on, set for our own session whatever the user's is."""

QUIET = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",
}
"""At any other level Spark logs the value of a row that it stumbles over, which may be somebody's words. What matters is raised."""

SILENT = """\
rootLogger.level = off
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
"""
"""The same for executors, as a file: Spark 4.3 has `spark.executor.syncLogLevel.enabled` for it, and executors of a cluster log on. Without
an appender, though nothing is appended, Spark takes its own file instead."""


def session(master: str | None, temporary: Place | None = None) -> SparkSession:
    """A session of our own, on the Spark of this program or on a new one.

    Raises UsageError where Spark does not start, or is another than asked for.
    """
    # What it prints of a failed query may quote rows.
    for name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger"):
        logging.getLogger(name).disabled = True
    running = SparkSession.getActiveSession()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # of pandas being newer than Spark's tests
            found = (running or _started(master, temporary)).newSession()
    except PySparkException as error:
        raise UsageError("Spark does not start; it needs Java 17 or later, and a master that can be reached") from error
    if master and found.sparkContext.master != master:
        raise UsageError(f"this program runs on the Spark of {found.sparkContext.master} already; it can't be on {master} too")
    for name, value in MEANING.items():
        found.conf.set(name, value)
    return found


def _started(master: str | None, temporary: Place | None) -> SparkSession:
    place = scratch.folder(temporary if isinstance(temporary, Path) and _is_here(master or "local") else None)
    silent = place / "log4j2.properties"
    silent.write_text(SILENT, encoding="utf-8")
    settings = {
        **QUIET,
        "spark.master": master or "local[*]",
        "spark.local.dir": os.fspath(place),
        "spark.sql.warehouse.dir": os.fspath(place / "warehouse"),
        "spark.executor.defaultJavaOptions": f"-Dlog4j2.configurationFile={silent.as_uri()}",
    }
    if _is_here(settings["spark.master"]):
        settings |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    builder = SparkSession.builder.appName("regard")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def _is_here(master: str) -> bool:
    """Whether the whole cluster is this machine, so that nobody else need reach the driver.

    >>> [_is_here(master) for master in ("local[2]", "local-cluster[2,1,1024]", "spark://127.0.0.1:7077", "spark://head:7077", "yarn")]
    [True, True, True, False, False]
    """
    return master.startswith(("local[", "local-cluster[", "spark://127.0.0.1:", "spark://localhost:")) or master == "local"
