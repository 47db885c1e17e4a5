"""A report, put together from the sections and from what all of them share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from regard.base.text import day, duration, utc_datetime
from regard.engines.base import Engine
from regard.findings.disclosure import Audience, Disclosure
from regard.findings.figures import Publication
from regard.findings.mask import mask
from regard.findings.publication import FIGURES, NOISE
from regard.findings.report import Method, Report
from regard.findings.section import BuiltSection, Context, PublicSection, Section
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
    now_us: int,
    masked: bool = False,
) -> Report:
    """The report for the community, or for one person, who is `me`; `masked` hides e-mail addresses, phone numbers and keys.

    The engine must have the relations of the measures that the sections need. `measures` are those that the report explains. `now_us` is
    the reader's clock: of a record that ended long before, nobody waits today.
    """
    disclosure = Disclosure(engine, masked)
    made_up = bool(engine.rows("SELECT 1 FROM record.inputs WHERE made_up LIMIT 1"))
    ended = not made_up and now_us - timescale.until_us > timescale.window_us
    context = Context(engine, timescale, disclosure, me, ended)
    return Report(
        title=title,
        made_up=made_up,
        audience=audience,
        me=disclosure.name(me) if me is not None else None,
        as_of=utc_datetime(timescale.until_us - 1),
        ended=ended,
        window=duration(timescale.window_us),
        bin=duration(timescale.bin_us),
        sections=tuple(BuiltSection(section, *section.build(context)) for section in sections),
        methods=tuple(_method(measure) for measure in measures if measure.table),
        settings=_settings(timescale, version),
    )


def assemble_public(
    publication: Publication, sections: Iterable[PublicSection], *, title: str, version: str, masked: bool = True
) -> Report:
    """The report for an organisation, made of published figures alone; `masked` hides addresses, numbers and keys in names of channels."""
    if masked:
        publication = publication.with_cells(mask)
    return Report(
        title=title,
        made_up=publication.made_up,
        audience="organisation",
        me=None,
        as_of=publication.until,
        ended=False,
        window="",
        bin="",
        sections=tuple(BuiltSection(section, *section.build(publication)) for section in sections),
        methods=(FIGURES,),
        settings=(("Regard", version), ("noise", f"a standard deviation of {NOISE:g} people on each count")),
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
