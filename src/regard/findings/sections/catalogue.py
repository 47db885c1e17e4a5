"""The sections of a report, in the order in which it shows them. A new section is one line here."""

from __future__ import annotations

from regard.findings.disclosure import Audience
from regard.findings.section import PublicSection, Section
from regard.findings.sections.activity import ACTIVITY
from regard.findings.sections.channels import CHANNELS
from regard.findings.sections.cohesion import COHESION
from regard.findings.sections.cooling import COOLING
from regard.findings.sections.coverage import COVERAGE
from regard.findings.sections.fans import FANS
from regard.findings.sections.limits import LIMITS
from regard.findings.sections.people import PEOPLE
from regard.findings.sections.quarters import QUARTERS
from regard.findings.sections.reach_vs_kept import REACH_VS_KEPT
from regard.findings.sections.response import RESPONSE
from regard.findings.sections.same_people import SAME_PEOPLE
from regard.findings.sections.trust import TRUST
from regard.findings.sections.unanswered import UNANSWERED

SECTIONS: tuple[Section, ...] = (
    COHESION,
    UNANSWERED,
    REACH_VS_KEPT,
    FANS,
    TRUST,
    PEOPLE,
    COOLING,
    ACTIVITY,
    RESPONSE,
    SAME_PEOPLE,
    COVERAGE,
)


PUBLIC_SECTIONS: tuple[PublicSection, ...] = (QUARTERS, CHANNELS, LIMITS)
"""The sections of an organisation's report."""


def sections_for(audience: Audience) -> tuple[Section, ...]:
    """The sections that the community or a person sees."""
    return tuple(section for section in SECTIONS if audience in section.audiences)
