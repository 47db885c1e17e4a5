"""Ties going cold, those that held longest first."""

from __future__ import annotations

from regard.engines.base import Engine
from regard.findings.base import Cooling
from regard.findings.guard import Guard
from regard.findings.words import moment, span
from regard.measures.rhythm import Rhythm

SHOWN = 30


def fading(engine: Engine, rhythm: Rhythm, guard: Guard, me: int | None) -> tuple[tuple[Cooling, ...], int]:
    """The first ties going cold (of `me`, or of all), and how many there are."""
    where = "WHERE $me IS NULL OR person = $me OR other = $me"
    total = engine.rows(f"SELECT count(*) FROM cooling {where}", {"me": me})[0][0]
    rows = engine.rows(
        f"""SELECT person, other, epoch_us(last), usual_gap_bins, p_before, p_now FROM cooling {where}
            ORDER BY (p_before - p_now) * bins DESC, person, other LIMIT $shown""",
        {"me": me, "shown": SHOWN},
    )
    guard.meet(person for row in rows for person in row[:2])
    found = []
    for person, other, last_us, gap, before, now in rows:
        one, two = (person, other) if other != me else (other, person)
        usually = f"about every {span(float(str(gap)) * rhythm.bin_us)}" if gap is not None else "in one stretch"
        found.append(
            Cooling(
                one="you" if one == me else guard.name(one),
                other=guard.name(two),
                last=moment(int(str(last_us))),
                usually=usually,
                silent=span(rhythm.until_us - int(str(last_us))),
                p_before=float(str(before)),
                p_now=float(str(now)),
            )
        )
    return tuple(found), int(str(total))
