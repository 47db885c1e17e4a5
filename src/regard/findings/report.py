"""The report: a header and its sections. All arithmetic is done before.

All names and texts have passed `Disclosure`, and all that an organisation sees was made from a `Publication`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import TypeVar

from regard.findings.disclosure import Audience
from regard.findings.section import BuiltSection, Finding

Data = TypeVar("Data")


@dataclass(frozen=True)
class Method:
    """One measure, as the report explains it."""

    name: str
    question: str
    how: str
    cannot: str
    source: str


@dataclass(frozen=True)
class Report:
    """All that a report shows, in its order."""

    title: str
    made_up: bool
    """Whether the community was simulated; shown wherever the report is."""
    audience: Audience
    me: str | None
    as_of: datetime | None
    """The last act seen, in UTC. For an organisation, the end of the last closed quarter; None if there is none."""
    ended: bool
    """Whether the record ended more than a window before the report was made: everything in it is as of then."""
    window: str
    """The window in words: "28 days". Empty for an organisation, as is `bin`."""
    bin: str
    """The bin in words."""
    sections: tuple[BuiltSection, ...]
    methods: tuple[Method, ...]
    settings: tuple[tuple[str, str], ...]
    """Name and value: versions, parameters, last act seen."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The sentences of all sections."""
        return tuple(finding for built in self.sections for finding in built.findings)

    @property
    def blocks(self) -> tuple[BuiltSection, ...]:
        """The sections that have a block on the page."""
        return tuple(built for built in self.sections if built.section.template)

    def section(self, name: str) -> BuiltSection:
        """The section of that name; raises KeyError if this report has none."""
        return {built.section.name: built for built in self.sections}[name]

    def data(self, kind: type[Data]) -> Data:
        """The data of the section whose data is a `kind`; raises KeyError if this report has none."""
        for built in self.sections:
            if isinstance(built.data, kind):
                return built.data
        raise KeyError(kind.__name__)

    def as_mapping(self) -> dict[str, object]:
        """The report for programs: the header, all findings, and the data of each section by its name."""
        header: dict[str, object] = {field.name: getattr(self, field.name) for field in fields(self)}
        findings = [{"name": built.section.name, **asdict(finding)} for built in self.sections for finding in built.findings]
        sections = {built.section.name: built.data for built in self.sections if built.data is not None}
        return header | {"findings": findings, "sections": sections}
