"""The Spark session on which relations are made: of a Spark that runs already, or of one started for this program."""

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

SQL_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "false",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
}
"""Settings that the SQL of measures needs. They are set for our own session only, whatever those of the user's session are."""

QUIET = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}

LOGGING_OFF = """\
rootLogger.level = off
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
logger.gateway.name = org.apache.spark.api.python.PythonGatewayServer
logger.gateway.level = off
"""
"""The log settings of Spark. At any other level Spark logs values that it can't process, which may be somebody's words. Errors are raised.

They are given to driver and executors as a file: Spark prints `spark.log.level` on standard error, and executors of a cluster ignore it.
Without an appender Spark takes its own file instead, though nothing is appended. Without the gateway's level it prints that the level is
WARN."""


def session(master: str | None, temporary: Location | None = None) -> SparkSession:
    """Open a session of our own, on the Spark of this program or on a new one.

    Raises UsageError if Spark does not start, or if the Spark that runs has another master than the one asked for.
    """
    # The log of a failed query may quote rows, and the log of a Java that has ended only repeats the error.
    for name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger", "py4j.clientserver", "py4j.java_gateway"):
        logging.getLogger(name).disabled = True
    running = SparkSession.getActiveSession()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # pandas is newer than the one that Spark was tested with
            opened = (running or _start(master, temporary)).newSession()
    except PySparkException as error:
        raise UsageError("Spark does not start; it needs Java 17 or later, and a master that can be reached") from error
    if not hasattr(opened, "sparkContext"):
        raise UsageError("this program's session is one of Spark Connect, which can't remove what steps wrote; take a Spark of its own")
    if master and opened.sparkContext.master != master:
        raise UsageError(f"this program runs on the Spark of {opened.sparkContext.master} already; it can't be on {master} too")
    for name, value in SQL_SETTINGS.items():
        opened.conf.set(name, value)
    return opened


def _start(master: str | None, temporary: Location | None) -> SparkSession:
    folder = tempdirs.new_folder(temporary if isinstance(temporary, Path) and _is_local(master or "local") else None)
    log_settings = folder / "log4j2.properties"
    log_settings.write_text(LOGGING_OFF, encoding="utf-8")
    settings = {
        **QUIET,
        "spark.master": master or "local[*]",
        "spark.local.dir": os.fspath(folder),
        "spark.sql.warehouse.dir": os.fspath(folder / "warehouse"),
        "spark.driver.defaultJavaOptions": f"-Dlog4j2.configurationFile={log_settings.as_uri()}",
        "spark.executor.defaultJavaOptions": f"-Dlog4j2.configurationFile={log_settings.as_uri()}",
    }
    if _is_local(settings["spark.master"]):
        settings |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    builder = SparkSession.builder.appName("regard")
    for name, value in settings.items():
        builder = builder.config(name, value)
    started = builder.getOrCreate()
    started.sparkContext.setLogLevel("OFF")  # if a Java of Spark ran already, it has read another file
    return started


def _is_local(master: str) -> bool:
    """Whether the whole cluster is on this machine, so that no other machine has to reach the driver.

    >>> [_is_local(master) for master in ("local[2]", "local-cluster[2,1,1024]", "spark://127.0.0.1:7077", "spark://head:7077", "yarn")]
    [True, True, True, False, False]
    """
    return master.startswith(("local[", "local-cluster[", "spark://127.0.0.1:", "spark://localhost:")) or master == "local"
