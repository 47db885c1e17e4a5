"""The Spark that relations are run on: a session that there is already, or one that is started for this program."""

from __future__ import annotations

import logging
import os
import warnings
from pathlib import Path

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from regard.base import tempdirs
from regard.base.locations import Location
from regard.errors import UsageError

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
}

SILENT = """\
rootLogger.level = off
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
logger.gateway.name = org.apache.spark.api.python.PythonGatewayServer
logger.gateway.level = off
"""
"""At any other level Spark logs the value of a row that it stumbles over, which may be somebody's words; what matters is raised.

A file, for driver and executors: `spark.log.level` is told on standard error, and executors of a cluster do not heed it. Without an
appender, though nothing is appended, Spark takes its own file instead; without the gateway's level it says that the level is WARN."""


def session(master: str | None, temporary: Location | None = None) -> SparkSession:
    """A session of our own, on the Spark of this program or on a new one.

    Raises UsageError where Spark does not start, or is another than asked for.
    """
    # What is printed of a failed query may quote rows; of a Java that has ended it is all told anyway.
    for name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger", "py4j.clientserver", "py4j.java_gateway"):
        logging.getLogger(name).disabled = True
    running = SparkSession.getActiveSession()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # of pandas being newer than Spark's tests
            found = (running or _started(master, temporary)).newSession()
    except PySparkException as error:
        raise UsageError("Spark does not start; it needs Java 17 or later, and a master that can be reached") from error
    if not hasattr(found, "sparkContext"):
        raise UsageError("this program's session is one of Spark Connect, which can't remove what steps wrote; take a Spark of its own")
    if master and found.sparkContext.master != master:
        raise UsageError(f"this program runs on the Spark of {found.sparkContext.master} already; it can't be on {master} too")
    for name, value in MEANING.items():
        found.conf.set(name, value)
    return found


def _started(master: str | None, temporary: Location | None) -> SparkSession:
    place = tempdirs.new_folder(temporary if isinstance(temporary, Path) and _is_here(master or "local") else None)
    silent = place / "log4j2.properties"
    silent.write_text(SILENT, encoding="utf-8")
    settings = {
        **QUIET,
        "spark.master": master or "local[*]",
        "spark.local.dir": os.fspath(place),
        "spark.sql.warehouse.dir": os.fspath(place / "warehouse"),
        "spark.driver.defaultJavaOptions": f"-Dlog4j2.configurationFile={silent.as_uri()}",
        "spark.executor.defaultJavaOptions": f"-Dlog4j2.configurationFile={silent.as_uri()}",
    }
    if _is_here(settings["spark.master"]):
        settings |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    builder = SparkSession.builder.appName("regard")
    for name, value in settings.items():
        builder = builder.config(name, value)
    started = builder.getOrCreate()
    started.sparkContext.setLogLevel("OFF")  # where a Java of Spark ran already, it has read another file
    return started


def _is_here(master: str) -> bool:
    """Whether the whole cluster is this machine, so that nobody else need reach the driver.

    >>> [_is_here(master) for master in ("local[2]", "local-cluster[2,1,1024]", "spark://127.0.0.1:7077", "spark://head:7077", "yarn")]
    [True, True, True, False, False]
    """
    return master.startswith(("local[", "local-cluster[", "spark://127.0.0.1:", "spark://localhost:")) or master == "local"
