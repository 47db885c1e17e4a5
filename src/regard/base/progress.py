"""Progress: how long work reports what it is doing. The caller decides how to show it; the default shows nothing."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Receives reports about stages of work, and about steps within a stage."""

    def stage(self, name: str, total: int | None = None, unit: str = "") -> None:
        """A stage begins, and the stage before it has ended. `total` is its size in `unit`s, None if nobody knows it."""

    def advance(self, count: int) -> None:
        """`count` more units of the stage are done."""


class NullProgress:
    """Shows nothing."""

    def stage(self, name: str, total: int | None = None, unit: str = "") -> None:
        """Show nothing."""

    def advance(self, count: int) -> None:
        """Show nothing."""


NO_PROGRESS = NullProgress()
