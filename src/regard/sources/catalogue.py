"""The sources there are, in the order in which they are asked whether an input is theirs."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import entry_points

from regard.errors import UnknownName, Unrecognised
from regard.sources.base import Source
from regard.sources.discourse.source import DISCOURSE
from regard.sources.formats.bundle import Bundle
from regard.sources.github.source import GITHUB
from regard.sources.mbox.source import MBOX
from regard.sources.slack.source import SLACK
from regard.sources.stackexchange.source import STACKEXCHANGE
from regard.sources.table.source import TABLE
from regard.sources.twitter.source import TWITTER

BUILT_IN: tuple[Source, ...] = (SLACK, STACKEXCHANGE, MBOX, DISCOURSE, GITHUB, TWITTER, TABLE)
"""The table comes last: it takes whatever has columns."""

GROUP = "regard.sources"
"""Entry points of this group are sources of other packages; each loads to a `Source`."""


def sources() -> Mapping[str, Source]:
    """Name -> source: the built-in ones and those of installed packages, which are asked first."""
    others = [point.load() for point in entry_points(group=GROUP)]
    return {source.name: source for source in (*others, *BUILT_IN)}


def named(name: str) -> Source:
    """The source of that name; raises UnknownName with the names there are."""
    known = sources()
    if name not in known:
        raise UnknownName("source", name, known)
    return known[name]


def recognised(bundle: Bundle) -> Source:
    """The first source that can read the bundle, by content; raises Unrecognised."""
    for source in sources().values():
        if source.recognise(bundle):
            return source
    if not bundle.names:
        raise Unrecognised(f"{bundle.title}: holds no files")
    inside = ", ".join(bundle.names[:5]) + (" ..." if len(bundle.names) > 5 else "")
    raise Unrecognised(
        f"{bundle.title}: no source knows this input (inside: {inside}). "
        f"Regard reads: {', '.join(sources())}. Say which with --source NAME, or map a table's columns with --map"
    )
