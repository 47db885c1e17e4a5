"""Figures that an organisation may see, as values: a figure, a closed quarter, and all that a report is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from regard.base.text import MONTHS

Part = Literal["people", "talk", "channel"]
"""What the people of a quarter are counted by: all of them; how they talked; the channel in which they acted most."""

OTHER_CHANNELS = ""
"""The cell of all channels that are too small to be named, together."""


@dataclass(frozen=True)
class Figure:
    """About how many people, in tens, with the range that holds the true count 9 times in 10."""

    part: Part
    cell: str
    people: int
    low: int
    high: int


@dataclass(frozen=True)
class Quarter:
    """The figures of one closed quarter. What is not among them is withheld, for good."""

    start: date
    figures: tuple[Figure, ...]
    talk_noise: int = 1
    """How many times the usual noise the figures of talk have; never less than in an earlier quarter."""

    def figure(self, part: Part, cell: str = "") -> Figure | None:
        """The figure of a cell; None if it is withheld."""
        return next((figure for figure in self.figures if (figure.part, figure.cell) == (part, cell)), None)

    @property
    def end(self) -> date:
        """Its last day.

        >>> Quarter(date(2025, 10, 1), ()).end
        datetime.date(2025, 12, 31)
        """
        return (self.start + timedelta(days=93)).replace(day=1) - timedelta(days=1)

    @property
    def label(self) -> str:
        """Its months in words.

        >>> Quarter(date(2025, 4, 1), ()).label
        'Apr to Jun 2025'
        """
        return f"{MONTHS[self.start.month - 1]} to {MONTHS[self.end.month - 1]} {self.start.year}"


@dataclass(frozen=True)
class Publication:
    """All that an organisation's report is made of."""

    sources: tuple[str, ...]
    missing: tuple[str, ...]
    """What each source never tells, in words."""
    made_up: bool
    quarters: tuple[Quarter, ...]
    """In the order of time. A quarter in which everything is withheld is among them."""

    @property
    def until(self) -> datetime | None:
        """The last day of the last quarter; None if no quarter is closed."""
        return datetime.combine(self.quarters[-1].end, datetime.min.time(), UTC) if self.quarters else None

    def before(self, moment: date) -> Publication:
        """The same without the quarters that were not over at that moment."""
        return replace(self, quarters=tuple(quarter for quarter in self.quarters if quarter.end < moment))

    def with_cells(self, change: Callable[[str], str]) -> Publication:
        """The same with other names of channels."""
        quarters = (
            replace(quarter, figures=tuple(replace(figure, cell=change(figure.cell)) for figure in quarter.figures))
            for quarter in self.quarters
        )
        return replace(self, quarters=tuple(quarters))
