"""A section: one idea that a report shows in one place, and all that has to be known to show it.

`sections/catalogue.py` lists the sections. Needs, order, navigation, page and JSON of a report follow from that list.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from regard.engines.base import Engine
from regard.findings.disclosure import Audience, Disclosure
from regard.findings.figures import Publication
from regard.findings.intervals import Interval
from regard.measures.timescale import Timescale


@dataclass(frozen=True)
class Finding:
    """One sentence that may be said."""

    heading: str
    sentence: str
    """With its range in words, or "too little to tell"."""
    caveat: str
    """What the sentence can't say."""
    interval: Interval | None
    """The number that the sentence rests on; None if there is too little to tell."""
    basis: str = "relationships"
    """What the cases behind the number are, in the plural: the `n` of its interval counts them."""
    to_do: str = ""
    """What a reader may do about it; empty if there is nothing."""


@dataclass(frozen=True)
class Context:
    """What a section is built from."""

    engine: Engine
    """It has the relations of the measures that the section needs."""
    timescale: Timescale
    disclosure: Disclosure
    me: int | None
    """The person that a personal report is about; None for a report on everybody."""
    ended: bool = False
    """Whether the record ended more than a window ago."""


class Content(NamedTuple):
    """What a section has to show in one report."""

    data: object | None = None
    """A frozen dataclass for the section's template; None for a section of sentences only."""
    findings: tuple[Finding, ...] = ()
    """Its sentences, shown at the top of the report."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """The place of one idea in a report. It is known before any record is read."""

    name: str
    """Its key in JSON, and its anchor on the page unless `own_anchor` is set."""
    title: str
    """Its heading on the page."""
    personal_title: str = ""
    """The heading for the audience "personal"; empty for the same as all others."""
    ended_title: str = ""
    """The heading in a report on a record that ended long ago; empty for the same as in any other."""
    nav: str = ""
    """A few words for the navigation; empty for a section without a block on the page."""
    template: str | None = None
    """The file of its block on the page, in surfaces/pages/sections; None for a section of sentences only."""
    overlay: str | None = None
    """A second file there, for what opens over the page; it comes last on the page."""
    own_anchor: str = ""
    """Its anchor on the page, if it differs from the name."""
    folded: bool = False
    """Whether its block opens on demand: the first screen is for what to do."""
    wide: bool = False
    """Whether its block holds a chart across the whole page."""

    @property
    def anchor(self) -> str:
        """Its anchor on the page."""
        return self.own_anchor or self.name

    def title_for(self, audience: Audience, *, ended: bool = False) -> str:
        """Its heading for an audience; `ended` if the record ended long ago."""
        return (ended and self.ended_title) or (audience == "personal" and self.personal_title) or self.title


@dataclass(frozen=True, kw_only=True)
class Section(Block):
    """One idea of a report for the community or for one person; `build` makes its content for one report."""

    build: Callable[[Context], Content]
    needs: tuple[str, ...]
    """The measures whose relations `build` reads."""
    personal_needs: tuple[str, ...] = ()
    """The measures that it reads besides in a report about one person."""
    audiences: tuple[Audience, ...] = ("community", "personal")
    """Who sees it. An organisation sees no such section, since `build` can read whatever the record holds."""

    def all_needs(self, *, personal: bool) -> tuple[str, ...]:
        """The measures whose relations `build` reads, in a report on everybody or in one about one person."""
        return (*self.needs, *self.personal_needs) if personal else self.needs


@dataclass(frozen=True, kw_only=True)
class PublicSection(Block):
    """One idea of a report for an organisation. Its `build` sees published figures and nothing else of the record."""

    build: Callable[[Publication], Content]


@dataclass(frozen=True)
class BuiltSection:
    """A section with its content for one report."""

    section: Block
    data: object | None
    findings: tuple[Finding, ...] = ()
