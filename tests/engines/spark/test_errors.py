"""Errors of Spark become Regard's own, without Spark's messages, which may quote a row."""

from __future__ import annotations

import pytest

pytest.importorskip("pyspark")

from py4j.protocol import Py4JNetworkError
from pyspark.errors import AnalysisException, PySparkException

from regard.engines.spark.errors import step_error
from regard.errors import DamagedRecord, EngineError, OutOfDisk, OutOfMemory, RegardError, StepFailed

pytestmark = pytest.mark.spark

LOST = "Job aborted due to stage failure: ... ExecutorLostFailure (executor 1 exited caused by one of the running tasks) Reason: "


@pytest.mark.parametrize(
    ("message", "kind", "words"),
    [
        (LOST + "Command exited with code 52; exit code 52", OutOfMemory, "spark.executor.memory"),
        (LOST + "Container killed by YARN for exceeding memory limits", OutOfMemory, "'ties'"),
        ("java.lang.OutOfMemoryError: Java heap space: dear diary", OutOfMemory, "spark.driver.memory"),
        ("java.io.IOException: No space left on device: dear diary", OutOfDisk, "more disk"),
        ("Job 7 cancelled because SparkContext was shut down: dear diary", EngineError, "Spark itself has ended"),
        ('because the return value of "org.apache.spark.SparkContext.dagScheduler()" is null', EngineError, "Spark itself has ended"),
        ("[FAILED_READ_FILE.FILE_NOT_EXIST] dear diary", DamagedRecord, "missing or damaged"),
        ("[CAST_INVALID_INPUT] The value 'dear diary' cannot be cast", StepFailed, "Spark gave up"),
    ],
)
def test_an_error_becomes_ours(message: str, kind: type[RegardError], words: str) -> None:
    error = step_error(PySparkException(message), "ties", "SELECT 1")
    assert type(error) is kind
    assert words in str(error)
    assert "'ties'" in str(error)
    assert "diary" not in str(error)


def test_words_about_the_sql_are_passed_on() -> None:
    error = step_error(AnalysisException("[UNRESOLVED_COLUMN] a column with name `x` cannot be resolved\n== SQL =="), "ties", "SELECT x")
    assert str(error) == "the step 'ties' failed: [UNRESOLVED_COLUMN] a column with name `x` cannot be resolved\nSELECT x"


def test_java_that_is_gone_has_no_words() -> None:
    class Mute(ConnectionError):
        def __str__(self) -> str:
            raise ConnectionRefusedError(111, "Connection refused")

    for error in (Mute(), ConnectionRefusedError(111, "Connection refused"), Py4JNetworkError("Answer from Java side is empty")):
        translated = step_error(error, "ties", "SELECT 1")
        assert str(translated).startswith("the step 'ties': Spark itself has ended")


def test_other_errors_are_not_ours() -> None:
    assert step_error(KeyError("x"), "ties", "SELECT 1") is None
