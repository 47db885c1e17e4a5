"""A report, put together from the sections and from what all of them share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from regard.base.text import day, duration, utc_datetime
from regard.engines.base import Engine
from regard.findings.disclosure import Audience, Disclosure
from regard.findings.report import Method, Report
from regard.findings.section import BuiltSection, Context, Section
from regard.measures.base import Measure
from regard.measures.timescale import Timescale


def assemble(
    engine: Engine,
    timescale: Timescale,
    sections: Iterable[Section],
    *,
    title: str,
    audience: Audience,
    me: int | None,
    measures: Sequence[Measure],
    version: str,
) -> Report:
    """The report for an audience; `me` is the person of a personal one.

    The engine must have the relations of the measures that the sections need. `measures` are those that the report explains.
    """
    disclosure = Disclosure.of(engine, audience)
    context = Context(engine, timescale, disclosure, me)
    return Report(
        title=title,
        made_up=bool(engine.rows("SELECT 1 FROM record.inputs WHERE made_up LIMIT 1")),
        audience=audience,
        me=disclosure.name(me) if me is not None else None,
        as_of=utc_datetime(timescale.until_us - 1),
        window=duration(timescale.window_us),
        bin=duration(timescale.bin_us),
        sections=tuple(BuiltSection(section, *section.build(context)) for section in sections),
        methods=tuple(_method(measure) for measure in measures if measure.table),
        settings=_settings(timescale, version),
    )


def _settings(timescale: Timescale, version: str) -> tuple[tuple[str, str], ...]:
    last = utc_datetime(timescale.until_us - 1)
    return (
        ("Regard", version),
        ("last act seen", f"{day(last)}, {last:%H:%M} UTC"),
        ("bin", duration(timescale.bin_us) + ("" if timescale.chosen else ", from the median gap between acts of the same pair")),
        ("window", duration(timescale.window_us) + ("" if timescale.chosen else ", from the record's span and how much happens in it")),
        ("answer time", f"{duration(timescale.answer_us)}, within which nine of ten answers come"),
        ("acts between people", f"{timescale.acts:,}"),
    )


def _method(measure: Measure) -> Method:
    how = "; ".join(f"{column.name} ({column.unit}): {column.about}" for column in measure.columns)
    return Method(measure.name, measure.question, how, measure.cannot, measure.source)
