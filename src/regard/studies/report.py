"""From a study to a report: the measures it needs, then what may be said of them."""

from __future__ import annotations

from importlib.metadata import version

from regard.findings.assemble import MINE_NEEDS, NEEDS, assemble
from regard.findings.report import Audience, Report
from regard.measures.catalogue import MEASURES
from regard.studies.study import Study


def report_of(study: Study, *, title: str | None = None, audience: Audience = "community", me: str | None = None) -> Report:
    """What a report on this study says; with `me`, the id or name of a person, it is about their ties only.

    Raises UnknownName where nobody is called `me`.
    """
    person = study.person(me).person if me is not None else None
    study.make(NEEDS if person is None else (*NEEDS, *MINE_NEEDS))
    study.progress.stage("finding what may be said")
    return assemble(
        study.engine,
        study.timescale,
        title=title or study.record.path.stem,
        audience="personal" if person is not None and audience == "community" else audience,
        me=person,
        measures=tuple(MEASURES.values()),
        version=version("regard"),
    )
