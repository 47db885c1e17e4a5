"""What an act and an account are, in the form every source hands over.

An act is one row: `actor` did `kind` toward `target` at `time`. One message gives several rows that share its `item`: a `post` for a
message that opens a thread, or a `reply`, and a `mention` for each person named in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, get_args

Kind = Literal["post", "reply", "mention", "message", "share", "react", "thank", "follow", "unfollow", "join"]
Precision = Literal["us", "ms", "s", "min", "day", "none"]
Clock = Literal["server", "client", "localclock"]
ActorType = Literal["person", "bot", "system", "deleted", "group"]
Visibility = Literal["public", "unlisted", "followers", "members", "direct"]
View = Literal["whole", "ego", "chat"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
PRECISIONS: Final[tuple[Precision, ...]] = get_args(Precision)
CLOCKS: Final[tuple[Clock, ...]] = get_args(Clock)
ACTOR_TYPES: Final[tuple[ActorType, ...]] = get_args(ActorType)
VISIBILITIES: Final[tuple[Visibility, ...]] = get_args(Visibility)

INTERACTION_KINDS: Final[tuple[Kind, ...]] = ("reply", "mention", "message", "share", "react", "thank")
"""Kinds that are attention from one person to another. A follow or a join is reach, never influence."""


class Act(NamedTuple):
    """One act as a source read it. People, items, threads and channels are the platform's own ids, as text, never changed.

    `time` is in microseconds since 1970-01-01 UTC, and None where the platform tells none (with `precision` "none").
    A reply usually knows only its `parent` item: leave `target` None then, and the record finds the parent's author in a second
    pass. `ancestors` holds further candidates for the parent, nearest first, separated by a line feed; the first that the record
    knows is taken. `thread` may be None for a reply: the record takes the parent's.
    """

    actor: str
    kind: Kind
    time: int | None
    target: str | None = None
    item: str | None = None
    parent: str | None = None
    ancestors: str | None = None
    thread: str | None = None
    channel: str | None = None
    text: str | None = None
    label: str | None = None
    """The name of a reaction, a rating, a tag: what the act says in one word."""
    lang: str | None = None
    precision: Precision = "us"
    clock: Clock = "server"
    visibility: Visibility = "members"
    edited: bool = False
    note: str | None = None
    """Why this row may weigh less than it looks ("reactor list truncated")."""
    file: str | None = None
    line: int | None = None


class Account(NamedTuple):
    """One identity on one platform. None means that this input does not say, and leaves what the record knows as it is."""

    id: str
    name: str | None = None
    actor_type: ActorType | None = None
    followers: int | None = None
    points: float | None = None
    title: str | None = None
    role: str | None = None


@dataclass(frozen=True)
class Batch:
    """A piece of an input, small enough for memory (a few ten thousand acts)."""

    acts: Sequence[Act] = ()
    accounts: Sequence[Account] = ()
    notes: Sequence[tuple[str, int]] = ()
    """Counted remarks for the coverage line, such as ("private channels left out", 3). Equal remarks are added up."""


@dataclass(frozen=True)
class SqlBatch:
    """A piece of an input that the engine reads by itself: SQL whose columns bear the names of `Act`'s fields.

    Missing columns are filled with Act's defaults. Ids are cast to text in the SQL, and `time` is a TIMESTAMP in UTC. `file` is the
    name that an error tells.
    """

    sql: str
    file: str
    notes: Sequence[tuple[str, int]] = ()
