"""What every source promises."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from regard.record.schema import Account, Act, Batch, SqlBatch, View
from regard.sources.formats.bundle import Bundle

BATCH_ACTS = 20_000
"""Acts a batch: about 10 MB in memory, and few enough calls into the engine."""

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

    def fingerprint(self) -> str:
        """Nothing for the usual options, else what tells these from them: the same input read otherwise is another reading."""
        unusual = [] if self.text else ["no text"]
        unusual += ["private"] if self.private else []
        unusual += [f"{name}={column}" for name, column in sorted(self.mapping.items())] + ([self.preset] if self.preset else [])
        return " " + ", ".join(unusual) if unusual else ""


CERTAIN, LIKELY, FALLBACK = 1.0, 0.6, 0.1
"""Confidence of a recognition: a mark that no other format has; the usual shape; anything with columns."""


@dataclass(frozen=True)
class Recognition:
    """Why a source takes an input for its own, and how sure it is. The source with the highest confidence reads the input."""

    confidence: float
    """From 0 to 1."""
    reason: str
    """In words, for people: "channels.json beside folders of days"."""


class Parsed(NamedTuple):
    """What one raw record (a message, a thread, a row) says: its acts, the accounts it names, and remarks for the coverage line."""

    acts: Sequence[Act] = ()
    accounts: Sequence[Account] = ()
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Source:
    """One kind of input.

    `recognise` looks at names and the first bytes of a bundle and says whether this source can read it; it must not raise on any
    bytes. `read` yields the input's acts in order, in batches; it raises `Malformed` (file, line, what was expected) where the
    input is broken and `Unsafe` where it is hostile, and never holds the whole input.
    """

    name: str
    title: str
    about: str
    """One or two sentences: where a user gets this export, what it holds."""
    recognise: Callable[[Bundle], bool]
    read: Callable[[Bundle, Options], Iterator[Batch | SqlBatch]]
    sensitive: tuple[str, ...] = ()
    """Fields of the export that are dropped on the way in."""
    view: View = "whole"
    missing: str = ""
    """What this platform's export never shows, in words for the coverage line."""
    own_ids: bool = True
    """Each act has an id of the platform: (item, kind, actor, target) names it. Otherwise equal rows are counted one by one."""
