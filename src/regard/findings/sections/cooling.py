"""Ties going cold, those that held longest first."""

from __future__ import annotations

from regard.base.text import duration, utc_datetime
from regard.engines.base import Engine
from regard.findings.disclosure import Disclosure
from regard.findings.report import Cooling
from regard.measures.timescale import Timescale

SHOWN = 30


def cooling(engine: Engine, timescale: Timescale, disclosure: Disclosure, me: int | None) -> tuple[tuple[Cooling, ...], int]:
    """The first ties going cold (of `me`, or of all), and how many there are."""
    where = "WHERE $me IS NULL OR person = $me OR other = $me"
    total = engine.rows(f"SELECT count(*) FROM cooling {where}", {"me": me})[0][0]
    rows = engine.rows(
        f"""SELECT person, other, epoch_us(last), usual_gap_bins, p_before, p_now FROM cooling {where}
            ORDER BY (p_before - p_now) * bins DESC, person, other LIMIT $shown""",
        {"me": me, "shown": SHOWN},
    )
    disclosure.prefetch(person for row in rows for person in row[:2])
    found = []
    for person, other, last_us, gap, before, now in rows:
        one, two = (person, other) if other != me else (other, person)
        usually = f"about every {duration(float(str(gap)) * timescale.bin_us)}" if gap is not None else "in one stretch"
        found.append(
            Cooling(
                one="you" if one == me else disclosure.name(one),
                other=disclosure.name(two),
                last=utc_datetime(int(str(last_us))),
                usually=usually,
                silent=duration(timescale.until_us - int(str(last_us))),
                p_before=float(str(before)),
                p_now=float(str(now)),
            )
        )
    return tuple(found), int(str(total))
