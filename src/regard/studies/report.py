"""From a study to a report: the measures that its sections need, then the sections."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version

from regard.base.text import utc_datetime
from regard.errors import UsageError
from regard.findings.assemble import assemble, assemble_public
from regard.findings.disclosure import Audience
from regard.findings.publication import publish
from regard.findings.report import Report
from regard.findings.sections.catalogue import PUBLIC_SECTIONS, sections_for
from regard.measures.catalogue import MEASURES
from regard.studies.ledger import ledger_path, read_ledger, write_ledger
from regard.studies.study import Study


def report_of(
    study: Study,
    *,
    title: str | None = None,
    audience: Audience = "community",
    me: str | None = None,
    mask: bool | None = None,
    now: datetime | None = None,
) -> Report:
    """The report on a study; with `me`, the id or name of a person, it is about that person's ties only.

    `now` is the reader's clock, by which a record may have ended long ago.

    `mask` hides e-mail addresses, phone numbers and keys in texts; None means for an organisation only. Raises UnknownName if nobody has
    the id or name `me`, UsageError for an organisation's report about one person, or on a record that does not stay.
    """
    title = title or study.record.path.stem
    if audience == "organisation":
        if me is not None:
            raise UsageError("an organisation's report is about nobody in particular; for one person's own report leave out the view")
        return _public_report(study, title=title, mask=mask is not False)
    person = study.person(me).person if me is not None else None
    reader: Audience = audience if person is None else "personal"
    sections = sections_for(reader)
    needs = {name for section in sections for name in section.all_needs(personal=person is not None)}
    study.make([name for name in MEASURES if name in needs])
    study.progress.stage("finding what may be said")
    return assemble(
        study.engine,
        study.timescale,
        sections,
        title=title,
        audience=reader,
        me=person,
        measures=tuple(MEASURES.values()),
        version=version("regard"),
        now_us=int((now or datetime.now(UTC)).timestamp() * 1e6),
        masked=mask is True,
    )


def _public_report(study: Study, *, title: str, mask: bool) -> Report:
    """The report for an organisation. The quarters that it closes are in the ledger before anybody sees them."""
    path = ledger_path(study.record)
    closed = read_ledger(path)
    study.progress.stage("counting the quarters that are over")
    publication = publish(study.engine, closed)
    if publication.quarters != closed:
        write_ledger(path, publication.quarters)
    publication = publication.before(utc_datetime(study.timescale.until_us).date())
    return assemble_public(publication, PUBLIC_SECTIONS, title=title, version=version("regard"), masked=mask)
