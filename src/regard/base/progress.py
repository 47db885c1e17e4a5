"""How long work tells what it is doing. Whoever shows it decides how; the default is silence."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told of stages and of steps within them."""

    def stage(self, name: str, total: int | None = None, unit: str = "") -> None:
        """A stage begins; `total` in `unit`s where it is known. The one before has ended."""

    def advance(self, count: int) -> None:
        """So many units more of the stage are done."""


class NullProgress:
    """Shows nothing."""

    def stage(self, name: str, total: int | None = None, unit: str = "") -> None:
        """Nothing."""

    def advance(self, count: int) -> None:
        """Nothing."""


NO_PROGRESS = NullProgress()
