"""Limits: what an organisation can't see in its report, and why."""

from __future__ import annotations

from regard.findings.figures import Publication
from regard.findings.section import Content, PublicSection
from regard.findings.sections.coverage import COVERAGE, Coverage
from regard.findings.source_names import source_name

WHY = (
    "Nothing about one person is here: no name, words, relationship, question or time. Colleagues who know who wrote when and where could "
    "otherwise tell who is meant.",
    "A random amount is added to every figure, once and for all, so that nobody can find out from it whether one person took part.",
    "A figure is withheld where the random amount could outweigh it: below about 120 people, and more for channels taken "
    "together and where the talk of many rests on one person.",
    "A quarter that is over is counted once. Its figures stay as they are, whoever joins, leaves or is removed later.",
)


def build(publication: Publication) -> Content:
    """Where the record comes from, what its sources never tell, and what is withheld."""
    line = f"Read from {' and '.join(map(source_name, publication.sources))}."
    return Content(Coverage(line, (), (), (*WHY, *publication.missing)))


LIMITS = PublicSection(
    name=COVERAGE.name, own_anchor=COVERAGE.own_anchor, title=COVERAGE.title, nav=COVERAGE.nav, build=build, template="limits.html.j2"
)
