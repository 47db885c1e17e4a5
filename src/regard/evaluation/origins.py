"""Origins: from which moments of its past a record is looked at, and whether what came after is all there."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from regard.base.text import utc_datetime
from regard.engines.base import Engine
from regard.measures.timescale import Timescale
from regard.record.dataset import Dataset
from regard.record.record import Record
from regard.record.schema import INTERACTION_KINDS
from regard.studies.engine import open_engine
from regard.studies.settings import Settings

SHARES = (0.55, 0.65, 0.75)
"""Where the record is cut: after so much of its acts."""

ACTS = f"""
    SELECT a.person AS actor, b.person AS target, e.time
    FROM record.acts e JOIN record.accounts a ON a.account = e.actor JOIN record.accounts b ON b.account = e.target
    WHERE a.person <> b.person AND a.actor_type = 'person' AND b.actor_type = 'person' AND e.time IS NOT NULL
        AND e.kind IN ({", ".join(f"'{kind}'" for kind in INTERACTION_KINDS)})
"""
"""Acts between different people at a known time: what the relation `interactions` holds of the past, here of past and future."""


@dataclass(frozen=True)
class Extent:
    """What of a record can be tried: its acts between people, how many people, the last act, and the moments to look from."""

    acts: int
    people: int
    """Those who acted toward others."""
    last_us: int
    origins: tuple[datetime, ...]

    def holds(self, timescale: Timescale) -> bool:
        """Whether the window after the moment looked from lies inside the record."""
        return timescale.until_us + timescale.window_us <= self.last_us + 1


def extent(record: Record | Dataset, settings: Settings | None = None) -> Extent:
    """The acts between people in a record, how many act, and the moments at which 55, 65 and 75 % lie before; none without such acts."""
    with closing(open_engine(record, settings or Settings())) as engine:
        return _extent(engine)


def _extent(engine: Engine) -> Extent:
    cuts = ", ".join(f"quantile_disc(epoch_us(time), {share})" for share in SHARES)
    count, people, last, *cut = engine.rows(f"SELECT count(*), count(DISTINCT actor), epoch_us(max(time)), {cuts} FROM ({ACTS})")[0]
    if last is None:
        return Extent(0, 0, 0, ())
    times = sorted({int(str(time)) for time in cut})
    return Extent(int(str(count)), int(str(people)), int(str(last)), tuple(utc_datetime(time) for time in times))
