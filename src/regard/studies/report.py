"""From a study to a report: the measures that its sections need, then the sections."""

from __future__ import annotations

from importlib.metadata import version

from regard.findings.assemble import assemble
from regard.findings.disclosure import Audience
from regard.findings.report import Report
from regard.findings.sections.catalogue import sections_for
from regard.measures.catalogue import MEASURES
from regard.studies.study import Study


def report_of(study: Study, *, title: str | None = None, audience: Audience = "community", me: str | None = None) -> Report:
    """The report on a study; with `me`, the id or name of a person, it is about that person's ties only.

    Raises UnknownName if nobody has the id or name `me`.
    """
    person = study.person(me).person if me is not None else None
    personal = person is not None
    sections = sections_for(audience, personal=personal)
    needs = {name for section in sections for name in section.all_needs(personal=personal)}
    study.make([name for name in MEASURES if name in needs])
    study.progress.stage("finding what may be said")
    return assemble(
        study.engine,
        study.timescale,
        sections,
        title=title or study.record.path.stem,
        audience="personal" if personal and audience == "community" else audience,
        me=person,
        measures=tuple(MEASURES.values()),
        version=version("regard"),
    )
