"""All sources, and which of them reads an input."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import entry_points
from typing import NamedTuple

from regard.errors import RegardError, UnknownName, Unrecognised
from regard.sources.base import CERTAIN, Recognition, Source
from regard.sources.discourse.source import DISCOURSE
from regard.sources.formats.bundle import Bundle
from regard.sources.github.source import GITHUB
from regard.sources.mbox.source import MBOX
from regard.sources.signatures import is_no_table, look_alike
from regard.sources.slack.source import SLACK
from regard.sources.stackexchange.source import STACKEXCHANGE
from regard.sources.table.source import TABLE
from regard.sources.twitter.source import TWITTER

BUILT_IN: tuple[Source, ...] = (SLACK, STACKEXCHANGE, MBOX, DISCOURSE, GITHUB, TWITTER, TABLE)
"""The order decides between sources that are equally sure."""

GROUP = "regard.sources"
"""Entry points of this group are sources of other packages; each loads to a `Source`."""


class Match(NamedTuple):
    """The source that reads an input, and why."""

    source: Source
    recognition: Recognition | None = None
    """None if the user named the source."""


def sources() -> Mapping[str, Source]:
    """Name -> source: those of installed packages first, then the built-in ones."""
    others = [point.load() for point in entry_points(group=GROUP)]
    return {source.name: source for source in (*others, *BUILT_IN)}


def named(name: str) -> Source:
    """The source of that name; raises UnknownName with the names there are."""
    known = sources()
    if name not in known:
        raise UnknownName("source", name, known)
    return known[name]


def best_match(bundle: Bundle) -> Match | None:
    """The source that recognises the bundle with the highest confidence, the first of equals; None if no source does.

    The table does not recognise formats of other kinds whose rows would give no ties (see `signatures`).

    Raises RegardError for a source (of another package) whose `recognise` gives anything but a `Recognition` or None.
    """
    best: Match | None = None
    confidence = -1.0
    for source in sources().values():
        recognition = _recognition(source, bundle)
        if recognition is not None and recognition.confidence > confidence:
            best, confidence = Match(source, recognition), recognition.confidence
        if confidence >= CERTAIN:
            break
    return None if best is not None and best.source is TABLE and is_no_table(bundle) else best


def recognised(bundle: Bundle) -> Match:
    """As `best_match`, but raises Unrecognised if no source recognises the bundle."""
    match = best_match(bundle)
    if match is not None:
        return match
    if not bundle.names:
        unreadable = f" that can be read; {bundle.n_unreadable} in it may not be read or lie too deep" if bundle.n_unreadable else ""
        raise Unrecognised(f"{bundle.title}: holds no files{unreadable}")
    if (known := look_alike(bundle)) is not None:
        raise Unrecognised(
            f"{bundle.title}: this looks like {known.name}; not read yet. Regard reads: {', '.join(sources())}. "
            "If it is something else, say which with --source NAME"
        )
    inside = ", ".join(bundle.names[:5]) + (" ..." if len(bundle.names) > 5 else "")
    raise Unrecognised(
        f"{bundle.title}: no source knows this input (inside: {inside}). "
        f"Regard reads: {', '.join(sources())}. Say which with --source NAME, or map a table's columns with --map"
    )


def _recognition(source: Source, bundle: Bundle) -> Recognition | None:
    answer: object = source.recognise(bundle)
    if answer is None or isinstance(answer, Recognition):
        return answer
    raise RegardError(
        f"the source {source.name!r} answers {answer!r} when asked whether an input is its own; this version of Regard expects a "
        "Recognition (how sure it is, and why) or None. Update the package that brings this source, or remove it"
    )
