"""What all tests share."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from regard.record.record import Record

from . import strategies as strategies  # sets how Hypothesis searches, before any test is collected
from .communities import empty


@pytest.fixture
def record() -> Iterator[Record]:
    """An empty record that goes with the test."""
    with empty() as made:
        yield made


@pytest.fixture(autouse=True, scope="session")
def _ctrl_c() -> Iterator[None]:
    """Ctrl-C arrives in tests however they were started: a job in the background begins with it ignored, and hands that on."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
