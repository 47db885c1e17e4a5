"""Origins: the moments of its past from which a record is evaluated, and whether the record contains the whole window after a moment."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from regard.base.text import utc_datetime
from regard.engines.base import Engine
from regard.evaluation.targets import ACTS
from regard.measures.timescale import Timescale
from regard.record.dataset import Dataset
from regard.record.record import Record
from regard.studies.engine import open_engine
from regard.studies.settings import Settings

SHARES = (0.55, 0.65, 0.75)
"""Shares of the record's acts that lie before each origin."""


@dataclass(frozen=True)
class Extent:
    """How much of a record can be evaluated."""

    acts: int
    """Acts between people."""
    people: int
    """People who acted toward others."""
    last_us: int
    """Time of the last act, in microseconds since 1970."""
    origins: tuple[datetime, ...]
    """The moments to evaluate from, in order of time."""

    def contains_window(self, timescale: Timescale) -> bool:
        """Whether the window after a study's moment ends inside the record."""
        return timescale.until_us + timescale.window_us <= self.last_us + 1


class _ExtentRow(NamedTuple):
    acts: int
    people: int
    last_us: int | None
    first_origin_us: int | None
    second_origin_us: int | None
    third_origin_us: int | None


def find_extent(record: Record | Dataset, settings: Settings | None = None) -> Extent:
    """The acts between people in a record, how many people act, and the moments after 55, 65 and 75 % of the acts.

    A record without such acts has no origins.
    """
    with closing(open_engine(record, settings or Settings())) as engine:
        return _find_extent(engine)


def _find_extent(engine: Engine) -> Extent:
    quantiles = ", ".join(f"quantile_disc(epoch_us(time), {share})" for share in SHARES)
    sql = f"SELECT count(*), count(DISTINCT actor), epoch_us(max(time)), {quantiles} FROM ({ACTS})"
    (row,) = engine.fetch(_ExtentRow, sql)
    if row.last_us is None:
        return Extent(0, 0, 0, ())
    times = {row.first_origin_us, row.second_origin_us, row.third_origin_us}
    return Extent(
        row.acts, row.people, row.last_us, tuple(utc_datetime(time) for time in sorted(time for time in times if time is not None))
    )
