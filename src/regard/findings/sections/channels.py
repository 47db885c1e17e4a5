"""Channels: about how many people have their main channel where, in the last quarter that is over. For an organisation."""

from __future__ import annotations

from dataclasses import dataclass

from regard.findings.figures import OTHER_CHANNELS, Figure, Publication
from regard.findings.section import Content, PublicSection


@dataclass(frozen=True)
class Channels:
    """The channels of the last quarter that are large enough, by name, and all others together."""

    label: str
    """The quarter in words; empty if none is closed."""
    channels: tuple[Figure, ...]
    others: Figure | None
    """None if too few people are in them, or none has a name to be other than."""


def build(publication: Publication) -> Content:
    """The channels of the last closed quarter."""
    if not publication.quarters:
        return Content(Channels("", (), None))
    last = publication.quarters[-1]
    named = (figure for figure in last.figures if figure.part == "channel" and figure.cell != OTHER_CHANNELS)
    in_order = tuple(sorted(named, key=lambda figure: (figure.cell.casefold(), figure.cell)))
    return Content(Channels(last.label, in_order, last.figure("channel", OTHER_CHANNELS) if in_order else None))


CHANNELS = PublicSection(name="channels", title="Channels", nav="Channels", build=build, template="channels.html.j2")
