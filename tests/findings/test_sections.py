"""The contract of every section in the catalogue. It covers a new section without an edit here."""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest

from regard.engines.base import Engine
from regard.errors import StepFailed, UsageError
from regard.findings.assemble import assemble
from regard.findings.disclosure import AUDIENCES, Audience, Disclosure
from regard.findings.report import Report
from regard.findings.section import Content, Context, Section
from regard.findings.sections import catalogue
from regard.findings.sections.catalogue import PUBLIC_SECTIONS, SECTIONS, sections_for
from regard.findings.sections.coverage import COVERAGE
from regard.findings.sections.response import ReachGroup, Response
from regard.measures.catalogue import MEASURES
from regard.simulate.community import simulate
from regard.studies.report import report_of
from regard.studies.study import Study
from regard.surfaces.cli.terminal import as_json
from regard.surfaces.pages.page import render

from ..communities import act, community, post
from ..surfaces.parsed import Parsed
from ..surfaces.sample import HOSTILE

TEMPLATES = Path(sys.modules[render.__module__].__file__ or "").with_name("sections")
RECORDS = ("one act", "one person", "demo")

CASES = [(section, audience) for section in SECTIONS for audience in section.audiences]
"""Every section with each audience that sees it."""


def identify(value: object) -> str | None:
    """The name of a case."""
    return value.name if isinstance(value, Section) else None


@pytest.fixture(scope="module")
def studies() -> Iterator[dict[str, Study]]:
    """Records with next to nothing, with one person, and with many; every measure that a section needs is made."""
    demo = simulate(people=60, days=240, seed=3)
    with ExitStack() as stack:
        opened = {
            "one act": stack.enter_context(community([act(0, "ann", "message", "bea")])),
            "one person": stack.enter_context(
                community([each for day in range(5) for each in post(day, "ann", f"p{day}", "Is anybody here?")])
            ),
            "demo": stack.enter_context(community(demo.acts, accounts=demo.accounts)),
        }
        for study in opened.values():
            study.make(sorted({need for section in SECTIONS for need in section.all_needs(personal=True)}))
        yield opened


class PersonRow(NamedTuple):
    """A person."""

    person: int


def person_for(study: Study, audience: Audience) -> int | None:
    """The person whom a personal report is about: one with true fans, if anybody has any."""
    rows = study.engine.fetch(PersonRow, "SELECT person FROM people LEFT JOIN fans USING (person) ORDER BY fans DESC NULLS LAST, person")
    return rows[0].person if audience == "personal" else None


def context_of(study: Study, audience: Audience) -> Context:
    """What a section is built from, for an audience."""
    return Context(study.engine, study.timescale, Disclosure(study.engine), person_for(study, audience))


def report_with(study: Study, sections: Iterable[Section], audience: Audience) -> Report:
    """A report of these sections and the coverage, which its header shows."""
    chosen = dict.fromkeys([*sections, COVERAGE])
    me = person_for(study, audience)
    return assemble(
        study.engine,
        study.timescale,
        chosen,
        title="Ours",
        audience=audience,
        me=me,
        measures=tuple(MEASURES.values()),
        version="1",
        now_us=study.timescale.until_us,
    )


def with_text(value: Any, text: str) -> Any:
    """The value with `text` in place of every text inside it."""
    if isinstance(value, str):
        return text
    if isinstance(value, tuple):
        return tuple(with_text(part, text) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: with_text(getattr(value, field.name), text) for field in fields(value)})
    return value


def hostile(report: Report, text: str) -> Report:
    """The report with `text` in place of every text of its sections."""
    sections = (replace(built, data=with_text(built.data, text), findings=with_text(built.findings, text)) for built in report.sections)
    return replace(report, title=text, me=report.me and text, sections=tuple(sections))


def relations(engine: Engine) -> set[str]:
    """The names of all relations of a study."""
    return {str(row[0]) for row in engine.rows("SELECT table_name FROM duckdb_tables() WHERE temporary")}


def with_their_needs(measures: Iterable[str]) -> set[str]:
    """The measures, and all that they need."""
    return {name for measure in measures for name in (measure, *with_their_needs(MEASURES[measure].needs))}


def made_by(measures: Iterable[str]) -> set[str]:
    """The relations that these measures make."""
    return {part.name for measure in measures for part in MEASURES[measure].parts}


@contextmanager
def hidden(engine: Engine, names: Iterable[str]) -> Iterator[None]:
    """Relations that nobody can read for a while."""
    away = sorted(set(names) & relations(engine))
    for name in away:
        engine.rows(f"ALTER TABLE {name} RENAME TO {name}_hidden")
    try:
        yield
    finally:
        for name in away:
            engine.rows(f"ALTER TABLE {name}_hidden RENAME TO {name}")


def test_names_and_anchors_are_unique() -> None:
    for sections in (SECTIONS, PUBLIC_SECTIONS):
        for values in ([section.name for section in sections], [section.anchor for section in sections]):
            assert len(set(values)) == len(values)
            assert all(re.fullmatch("[a-z][a-z_]*", value) for value in values)


def test_each_template_belongs_to_one_section() -> None:
    files = [file for section in (*SECTIONS, *PUBLIC_SECTIONS) for file in (section.template, section.overlay) if file]
    assert sorted(files) == sorted(path.name for path in TEMPLATES.iterdir())


@pytest.mark.parametrize("section", SECTIONS, ids=identify)
def test_what_a_section_promises_before_a_record_is_read(section: Section) -> None:
    assert section.title
    assert section.audiences
    assert "organisation" not in section.audiences
    assert {*section.needs, *section.personal_needs} <= set(MEASURES)
    assert not set(section.needs) & set(section.personal_needs)
    # The navigation leads to the blocks of the page, and to each of them.
    assert bool(section.nav) == bool(section.template)


@pytest.mark.long
@pytest.mark.parametrize("record", RECORDS)
@pytest.mark.parametrize(("section", "audience"), CASES, ids=identify)
def test_a_section_is_built_and_shown(section: Section, audience: Audience, record: str, studies: dict[str, Study]) -> None:
    study = studies[record]
    context = context_of(study, audience)
    before = relations(study.engine)
    content = section.build(context)
    assert content == section.build(context)
    assert relations(study.engine) == before
    assert content.data is not None or content.findings
    assert (content.data is not None) or section.template is None
    assert content.data is None or is_dataclass(content.data)
    hash(content.data)  # frozen, and so is all inside it

    report = report_with(study, [section], audience)
    assert as_json(report.as_mapping())
    page = render(report)
    for finding in content.findings:
        assert html.escape(finding.sentence, quote=False) in page.replace("&#39;", "'").replace("&#34;", '"')
    if section.template:
        assert f'<a href="#{section.anchor}">{section.nav}</a>' in page
        assert f'<h2 id="h-{section.anchor}">{section.title_for(audience)}</h2>' in page
    assert Parsed(render(hostile(report, HOSTILE))).shape() == Parsed(render(hostile(report, "Ann"))).shape()


@pytest.mark.parametrize(("section", "audience"), CASES, ids=identify)
def test_the_needs_of_a_section_are_enough(section: Section, audience: Audience, studies: dict[str, Study]) -> None:
    study = studies["demo"]
    context = context_of(study, audience)
    others = set(MEASURES) - with_their_needs(section.all_needs(personal=audience == "personal"))
    with hidden(study.engine, made_by(others)):
        assert section.build(context)


@pytest.mark.parametrize("section", SECTIONS, ids=identify)
def test_each_need_of_a_section_is_needed(section: Section, studies: dict[str, Study]) -> None:
    study = studies["demo"]
    readers = {audience: context_of(study, audience) for audience in section.audiences}
    for need in section.needs:
        assert any(is_read(need, section, context) for context in readers.values()), need
    for need in section.personal_needs:
        assert is_read(need, section, readers["personal"]), need


def is_read(measure: str, section: Section, context: Context) -> bool:
    """Whether a section reads the relation of a measure."""
    with hidden(context.engine, [measure]):
        try:
            section.build(context)
        except (StepFailed, duckdb.Error) as error:
            return measure in str(error)
    return False


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_report_makes_the_measures_that_its_sections_need_and_no_others(audience: Audience) -> None:
    personal = audience == "personal"
    with community([act(day, "ann", "message", "bea") for day in range(9)]) as study:
        report_of(study, audience=audience, me="ann" if personal else None)
        needs = {need for section in sections_for(audience) for need in section.all_needs(personal=personal)}
        needed = with_their_needs(needs)
        assert {name for name in MEASURES if name in relations(study.engine)} == needed


def test_a_line_in_the_catalogue_is_all_that_a_report_needs_to_show_a_section(monkeypatch: pytest.MonkeyPatch) -> None:
    def build(context: Context) -> Content:
        people = context.engine.scalar(int, "SELECT count(*) FROM help")
        return Content(Response((ReachGroup("everybody", people, 1, 2, 1, 3),), "A sentence in a block."))

    new = Section(name="help", title="Help", nav="Help", build=build, needs=("help",), template="response.html.j2")
    monkeypatch.setattr(catalogue, "SECTIONS", (new, *SECTIONS))
    with community([act(day, "ann", "reply", "bea") for day in range(9)]) as study:
        report = report_of(study)
        page = render(report)
    assert page.index('<a href="#help">Help</a>') < page.index('<section id="help" class="help" aria-labelledby="h-help">')
    assert page.index('<section id="help"') < page.index('<section id="waits"')
    assert "A sentence in a block." in page
    assert '"help": {' in as_json(report.as_mapping())


def test_a_report_about_one_person_is_for_that_person_alone(studies: dict[str, Study]) -> None:
    study = studies["demo"]
    me = study.engine.scalar(str, "SELECT id FROM people WHERE person = 0")
    with pytest.raises(UsageError, match="about nobody in particular"):
        report_of(study, audience="organisation", me=me)
    assert [built.section for built in report_of(study, me=me).sections] == list(sections_for("personal"))
