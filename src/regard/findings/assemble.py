"""All that a report says, put together from the measures' relations."""

from __future__ import annotations

from collections.abc import Sequence

from regard.base.text import day, duration, utc_datetime
from regard.engines.base import Engine
from regard.findings.disclosure import Disclosure
from regard.findings.report import Audience, Method, Report
from regard.findings.sections.activity import periods
from regard.findings.sections.cohesion import cohesion
from regard.findings.sections.cooling import cooling
from regard.findings.sections.coverage import coverage
from regard.findings.sections.fans import fans
from regard.findings.sections.people import SHOWN, cards
from regard.findings.sections.reach_vs_kept import reach_vs_kept
from regard.findings.sections.response import reach_groups
from regard.findings.sections.trust import trust
from regard.findings.sections.unanswered import unanswered
from regard.findings.sections.unanswered_list import unanswered_list
from regard.measures.base import Measure
from regard.measures.timescale import Timescale

NEEDS = ("reached", "kept", "new_contacts", "ties", "cooling", "unanswered", "openings", "activity")
"""Measures that must be made before."""
MINE_NEEDS = ("fans", "seeds", "vouched_ties")
"""Those that only a report about one person needs besides."""


def assemble(
    engine: Engine, timescale: Timescale, *, title: str, audience: Audience, me: int | None, measures: Sequence[Measure], version: str
) -> Report:
    """The report on relations that are made, for an audience; `me` is the person of a personal one."""
    disclosure = Disclosure.of(engine, audience)
    waiting, waiting_total = unanswered_list(engine, timescale, disclosure, me)
    shown, people_total = cards(engine, timescale.until_us, disclosure, me)
    cold, cold_total = cooling(engine, timescale, disclosure, me)
    over_time, activity_sentence = periods(engine, timescale, disclosure, me)
    groups, response_sentence = reach_groups(engine, timescale, disclosure, me)
    last = utc_datetime(timescale.until_us - 1)
    return Report(
        title=title,
        made_up=bool(engine.rows("SELECT 1 FROM record.inputs WHERE made_up LIMIT 1")),
        audience=audience,
        me=disclosure.name(me) if me is not None else None,
        as_of=last,
        window=duration(timescale.window_us),
        bin=duration(timescale.bin_us),
        findings=(
            cohesion(engine, timescale, me),
            unanswered(engine, timescale, me),
            reach_vs_kept(engine, timescale, me),
            *(() if me is None else (fans(engine, timescale, disclosure, me), trust(engine, disclosure, me))),
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
        coverage=coverage(engine, timescale, disclosure),
        methods=tuple(_method(measure) for measure in measures if measure.table),
        settings=(
            ("Regard", version),
            ("last act seen", f"{day(last)}, {last:%H:%M} UTC"),
            ("bin", duration(timescale.bin_us) + ("" if timescale.chosen else ", from the median gap between acts of the same pair")),
            ("window", duration(timescale.window_us) + ("" if timescale.chosen else ", from the record's span and how much happens in it")),
            ("answer time", f"{duration(timescale.answer_us)}, within which nine of ten answers come"),
            ("acts between people", f"{timescale.acts:,}"),
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
