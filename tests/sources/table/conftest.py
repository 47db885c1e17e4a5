"""What the tests of tables share."""

from __future__ import annotations

from pathlib import Path

import pytest

from .logs import Log


@pytest.fixture
def log(tmp_path: Path) -> Log:
    """Reads small tables into a record."""
    return Log(tmp_path)
