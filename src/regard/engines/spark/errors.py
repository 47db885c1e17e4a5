"""Translates Spark's errors for people. Spark's messages may quote rows, so only names of conditions and messages about SQL pass."""

from __future__ import annotations

from py4j.protocol import Py4JError, Py4JJavaError
from pyspark.errors import AnalysisException, ParseException, PySparkException

from regard.errors import DamagedRecord, EngineError, OutOfDisk, OutOfMemory, RegardError, StepFailed

MEMORY = ("OutOfMemoryError", "exit code 52", "exit code 137", "Container killed", "exceeding memory limits", "CANNOT_ACQUIRE_MEMORY")
DISK = ("No space left on device", "Disk quota exceeded")
FILES = ("FAILED_READ_FILE", "FileNotFoundException", "PATH_NOT_FOUND", "is not a Parquet file", "UNABLE_TO_INFER_SCHEMA")
ENDED = ("SparkContext was shut down", "stopped SparkContext", 'SparkContext.dagScheduler()" is null')
"""The last is a NullPointerException of Spark 4.3, if its context ends while a command is being completed."""
HINT = "spark.driver.memory or spark.executor.memory"


def step_error(error: Exception, name: str, sql: str) -> RegardError | None:
    """Translate an error of Spark; None for an error that is not Spark's.

    >>> step_error(ValueError("no"), "ties", "SELECT 1")
    """
    if not isinstance(error, (PySparkException, Py4JError, ConnectionError)):
        return None
    text = _message(error)
    if any(words in text for words in MEMORY):
        return OutOfMemory(name, HINT)
    if any(words in text for words in ENDED) or not isinstance(error, (PySparkException, Py4JJavaError)):
        return EngineError(f"the step {name!r}: Spark itself has ended, most often for want of memory; raise it with {HINT}")
    if any(words in text for words in DISK):
        return OutOfDisk(name, HINT)
    if any(words in text for words in FILES):
        return DamagedRecord(f"the step {name!r}: a file of the dataset is missing or damaged; write the dataset again")
    if isinstance(error, (AnalysisException, ParseException)):
        return StepFailed(name, sql, text.splitlines()[0])
    condition = error.getCondition() if isinstance(error, PySparkException) else None
    return StepFailed(name, sql, f"Spark gave up ({condition or type(error).__name__})")


def _message(error: Exception) -> str:
    # Python asks Java for the message. If Java has ended by now, nothing more is known.
    try:
        return str(error)
    except (ConnectionError, Py4JError):
        return ENDED[0]
