"""The contract of a source: what it reads, how it recognises an input, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from regard.record.schema import Account, Act, Batch, SqlBatch, View
from regard.sources.formats.bundle import Bundle

BATCH_ACTS = 20_000
"""Acts in a batch, and also accounts in a batch: about 10 MB in memory, and few enough calls into the engine."""

MAX_TEXT: Final = 20_000
"""Characters of a message that a record keeps. A source cuts longer messages."""


@dataclass(frozen=True)
class Options:
    """What the user may choose about reading."""

    text: bool = True
    """Keep the words of messages in the record."""
    private: bool = False
    """Read private channels and direct messages too."""
    mapping: Mapping[str, str] = field(default_factory=dict)
    """For tables: field of an act -> column of the file."""
    preset: str | None = None
    """For tables: a named layout."""

    bots: tuple[str, ...] = ()
    """Names or ids of accounts that are bots, whatever the input says of them."""

    def fingerprint(self) -> str:
        """The options that differ from the usual ones, as text; empty if none does. The same input under other options is read again.

        Bots are no part of it: the same acts are read with them, and the record marks them also when it passes the input over.
        """
        unusual = [] if self.text else ["no text"]
        unusual += ["private"] if self.private else []
        unusual += [f"{name}={column}" for name, column in sorted(self.mapping.items())] + ([self.preset] if self.preset else [])
        return " " + ", ".join(unusual) if unusual else ""


CERTAIN, LIKELY, FALLBACK = 1.0, 0.6, 0.1
"""Confidence of a recognition: a mark that no other format has; the usual shape; anything with columns."""


@dataclass(frozen=True)
class Recognition:
    """Why a source recognises an input as its own, and how sure it is. The source with the highest confidence reads the input."""

    confidence: float
    """From 0 to 1: `CERTAIN`, `LIKELY` or `FALLBACK`."""
    reason: str
    """In words, for people: "channels.json beside folders of days"."""


class Parsed(NamedTuple):
    """What one raw record (a message, a post, a comment) holds, or what a reader adds beside such records."""

    acts: Sequence[Act] = ()
    """The act that bears the record's words comes first."""
    accounts: Sequence[Account] = ()
    """The accounts that the record names. A reader drops those that it has handed over before."""
    notes: Sequence[str] = ()
    """Remarks for the coverage line, each of which counts once: "messages without an author"."""
    counts: Sequence[tuple[str, int]] = ()
    """Remarks with a number of their own, such as the likes of a post."""


@dataclass(frozen=True)
class Source:
    """One kind of input.

    `recognise` looks at the names and first bytes of a bundle. It gives a `Recognition` if this source can read the bundle, and None if
    it cannot. It must not raise on any bytes.

    `read` yields the input's acts in order, in batches (`batch_builder.batches` makes them). It never holds the whole input. It raises
    `Malformed` (file, line, what was expected) if the input is broken and `Unsafe` if it is hostile.

    `to_acts` turns one raw record, as the platform's export or interface gives it, into acts. It takes the record (any JSON value or
    row) and a small frozen context: channel, file, line, the options that matter. It is pure: the same arguments give the same result,
    and it changes neither of them. What must be remembered between records (roles, repeats) is the reader's task. It is None for a source
    whose rows the engine reads by itself.
    """

    name: str
    title: str
    about: str
    """One or two sentences: where a user gets this export, and what it holds."""
    recognise: Callable[[Bundle], Recognition | None]
    read: Callable[[Bundle, Options], Iterator[Batch | SqlBatch]]
    to_acts: Callable[..., Parsed] | None = None
    sensitive: tuple[str, ...] = ()
    """Fields of the export that are dropped while reading, such as "profile.email"; "profile.image_*" is every field that begins so."""
    view: View = "whole"
    missing: str = ""
    """What this platform's export never shows, in words for the coverage line."""
    private_notes: tuple[tuple[str, str], ...] = ()
    """The notes that count private talk left out, each with the word for what it counts: "conversations"."""
    own_ids: bool = True
    """Each act has an id of the platform: (item, kind, actor, target) names it. Otherwise equal rows are counted one by one."""
    renames: bool = False
    """Ids of accounts are names, which their owners may change. The platform then shows all that they wrote under the new name."""
