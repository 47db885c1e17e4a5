"""Ctrl-C stops a long statement at once, and leaves a connection that can be used."""

from __future__ import annotations

import _thread
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from regard.engines.duckdb.connection import connect
from regard.engines.duckdb.statements import execute, interruptible
from regard.errors import RegardError
from regard.record.ingest import InputInfo
from regard.record.record import Counts, Record
from regard.record.schema import Act, Batch, SqlBatch

LONG = "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE hash(a.range, b.range) = 3"
pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends signals")


def press_after(seconds: float, times: int = 1) -> list[float]:
    """Press Ctrl-C after a while; the list gets the moment."""
    moments: list[float] = []

    def press() -> None:
        for _ in range(times):
            time.sleep(seconds)
            moments.append(time.monotonic())
            os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=press, daemon=True).start()
    return moments


def test_a_long_statement_stops_at_once() -> None:
    connection = connect()
    moments = press_after(0.3)
    with pytest.raises(KeyboardInterrupt):
        execute(connection, LONG)
    assert time.monotonic() - moments[0] < 2
    assert execute(connection, "SELECT 1") == [(1,)]
    connection.close()


def test_pressing_again_and_again_leaves_the_connection_at_rest() -> None:
    connection = connect()
    press_after(0.1, times=3)
    caught = 0
    end = time.monotonic() + 0.8
    while time.monotonic() < end:
        try:
            execute(connection, LONG if caught == 0 else "SELECT 1")
            time.sleep(0.01)
        except KeyboardInterrupt:
            caught += 1
    assert 1 <= caught <= 3  # who presses while the statement is being stopped presses for the same stop
    assert execute(connection, "SELECT 1") == [(1,)]
    connection.close()


class Pressed:
    """A lock; just after it was waited for, somebody presses Ctrl-C."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.release = self._lock.release
        self.waits = 0

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """As a lock's; the second time it is had, the press comes before anybody hears of it."""
        had = self._lock.acquire(blocking, timeout)
        self.waits += 1
        if self.waits == 2:
            raise KeyboardInterrupt
        return had


def test_a_press_when_the_work_is_just_done_is_no_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = connect()
    with monkeypatch.context() as patch:
        patch.setattr(_thread, "allocate_lock", Pressed)
        with pytest.raises(KeyboardInterrupt):
            execute(connection, "SELECT 1")
    assert execute(connection, "SELECT 1") == [(1,)]
    connection.close()


@pytest.mark.parametrize("starts", [False, True])
def test_a_press_before_the_work_is_begun_is_no_wait_for_ever(monkeypatch: pytest.MonkeyPatch, *, starts: bool) -> None:
    connection, begun = connect(), []
    start = _thread.start_new_thread

    def pressed(work: Callable[[], object], arguments: tuple[()]) -> int:
        def late() -> None:
            time.sleep(0.1)
            work()

        if starts:
            start(late, arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(_thread, "start_new_thread", pressed)
        with pytest.raises(KeyboardInterrupt):
            interruptible(connection, lambda: begun.append(True))
    time.sleep(0.2)
    assert not begun
    assert execute(connection, "SELECT 1") == [(1,)]
    connection.close()


def test_errors_come_from_the_statement() -> None:
    connection = connect()
    with pytest.raises(duckdb.ConversionException):
        execute(connection, "SELECT CAST('x' AS INTEGER)")
    with pytest.raises(ZeroDivisionError):
        interruptible(connection, lambda: 1 // 0)
    connection.close()


def test_statements_run_on_other_threads_too() -> None:
    results: list[object] = []
    thread = threading.Thread(target=lambda: results.append(execute(connect(), "SELECT 1")))
    thread.start()
    thread.join()
    assert results == [[(1,)]]


def test_an_append_that_is_stopped_keeps_nothing_of_that_input(tmp_path: Path) -> None:
    record = Record.at(tmp_path / "a.regard")
    record.append(InputInfo("chat", "first"), [Batch([Act("a", "post", 1_709_294_400_000_000, item="1")])])
    endless = f"SELECT 'x' AS actor, 'post' AS kind, CAST(({LONG}) AS VARCHAR) AS item, TIMESTAMP '2024-01-01' AS time"
    moments = press_after(0.5)
    with pytest.raises(KeyboardInterrupt):
        record.append(InputInfo("table", "second", own_ids=False), [SqlBatch(endless, "a.csv")])
    assert time.monotonic() - moments[0] < 2
    assert Record.open(record.path).counts() == Counts(1, 1, 1, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["a.regard"]


def test_the_stop_is_no_error_of_ours() -> None:
    assert not issubclass(KeyboardInterrupt, RegardError)
