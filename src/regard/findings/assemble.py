"""All that a report says, put together from the measures' relations."""

from __future__ import annotations

from collections.abc import Sequence

from regard.engines.base import Engine
from regard.findings.asks import asks
from regard.findings.base import Audience, Method, Report
from regard.findings.cards import SHOWN, cards
from regard.findings.fading import fading
from regard.findings.fans import fans
from regard.findings.guard import Guard
from regard.findings.hides import hides
from regard.findings.holds import holds
from regard.findings.reach import reach_groups
from regard.findings.seen import coverage
from regard.findings.value import periods
from regard.findings.waits import waits
from regard.findings.weighed import weighed
from regard.findings.words import day, moment, span
from regard.measures.base import Measure
from regard.measures.rhythm import Rhythm

NEEDS = ("reached", "kept", "drawn", "ties", "cooling", "waiting", "openings", "activity")
"""Measures that must be made before."""
MINE_NEEDS = ("fans", "seeds", "vouched_ties")
"""Those that only a report about one person needs besides."""


def assemble(
    engine: Engine, rhythm: Rhythm, *, title: str, audience: Audience, me: int | None, measures: Sequence[Measure], version: str
) -> Report:
    """The report on relations that are made, for an audience; `me` is the person of a personal one."""
    guard = Guard.of(engine, audience)
    waiting, waiting_total = asks(engine, rhythm, guard, me)
    shown, people_total = cards(engine, rhythm.until_us, guard, me)
    cold, cold_total = fading(engine, rhythm, guard, me)
    over_time, activity_sentence = periods(engine, rhythm, guard, me)
    groups, response_sentence = reach_groups(engine, rhythm, guard, me)
    last = moment(rhythm.until_us - 1)
    return Report(
        title=title,
        made_up=bool(engine.rows("SELECT 1 FROM record.inputs WHERE made_up LIMIT 1")),
        audience=audience,
        me=guard.name(me) if me is not None else None,
        as_of=last,
        window=span(rhythm.window_us),
        bin=span(rhythm.bin_us),
        findings=(
            holds(engine, rhythm, me),
            waits(engine, rhythm, me),
            hides(engine, rhythm, me),
            *(() if me is None else (fans(engine, rhythm, guard, me), weighed(engine, guard, me))),
        ),
        asks=waiting,
        asks_total=waiting_total,
        cards=shown,
        people_total=people_total,
        plane_note=_plane_note(len(shown), people_total),
        cooling=cold,
        cooling_total=cold_total,
        periods=over_time,
        activity_sentence=activity_sentence,
        reach_groups=groups,
        response_sentence=response_sentence,
        coverage=coverage(engine, rhythm, guard),
        methods=tuple(_method(measure) for measure in measures if measure.table),
        settings=(
            ("Regard", version),
            ("last act seen", f"{day(last)}, {last:%H:%M} UTC"),
            ("bin", span(rhythm.bin_us) + ("" if rhythm.chosen else ", from the median gap between acts of the same pair")),
            ("window", span(rhythm.window_us) + ("" if rhythm.chosen else ", from the record's span and how much happens in it")),
            ("answer time", f"{span(rhythm.answer_us)}, within which nine of ten answers come"),
            ("acts between people", f"{rhythm.acts:,}"),
        ),
    )


def _plane_note(shown: int, total: int) -> str:
    note = "Ranges allow for chance, and for people and communities that grow or fade as they did before. On months held out of nine "
    note += "public records they held the truth for 94 % of people with more than three kept."
    if shown < total:
        most = SHOWN * 2 // 5
        note = f"Shown are the {most} with the widest reach, the {most} who keep most, and others evenly. {note}"
    return note


def _method(measure: Measure) -> Method:
    how = "; ".join(f"{column.name} ({column.unit}): {column.about}" for column in measure.columns)
    return Method(measure.name, measure.question, how, measure.cannot, measure.source)
