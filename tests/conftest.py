"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from regard.events.record import Record


@pytest.fixture
def record() -> Iterator[Record]:
    """An empty record that goes with the test."""
    with Record.temporary() as made:
        yield made
