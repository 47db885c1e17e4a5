"""What an act and an account are, in the form in which every source gives them.

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

WORD_KINDS: Final[tuple[Kind, ...]] = ("reply", "mention", "message", "thank")
"""Kinds by which one person says something to another: conversation. A reaction and a share say nothing of their own."""

INTERACTION_KINDS: Final[tuple[Kind, ...]] = (*WORD_KINDS, "share", "react")
"""Kinds that are attention of one person to another. A follow or a join is reach, never influence."""


class Act(NamedTuple):
    """One act as a source read it. People, items, threads and channels are the platform's own ids, as text and unchanged.

    `time` is in microseconds since 1970-01-01 UTC. It is None, with `precision` "none", if the platform gives no time.
    Most replies name only their `parent` item. Their `target` is None, and the record finds the parent's author in a second pass.
    `ancestors` holds more candidates for the parent, nearest first, separated by line feeds; the first one that the record knows is taken.
    `thread` may be None for a reply: the record takes the parent's thread.
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
    """The name of a reaction, a rating or a tag: the content of the act in one word."""
    lang: str | None = None
    precision: Precision = "us"
    clock: Clock = "server"
    visibility: Visibility = "members"
    edited: bool = False
    note: str | None = None
    """Why this row may count for less than it seems to ("reactor list truncated")."""
    file: str | None = None
    line: int | None = None
    other_ids: str | None = None
    """More ids that the item bears, separated by line feeds: a reply may name it by any of them."""


class Account(NamedTuple):
    """One identity on one platform. None means that this input does not give the value; the record then keeps the one that it has."""

    id: str
    name: str | None = None
    actor_type: ActorType | None = None
    followers: int | None = None
    points: float | None = None
    title: str | None = None
    role: str | None = None
    key: str | None = None
    """What the platform knows the account by for good (a number), where `id` is a name that its owner may change."""


@dataclass(frozen=True)
class Batch:
    """A part of an input that fits into memory (a few ten thousand acts)."""

    acts: Sequence[Act] = ()
    accounts: Sequence[Account] = ()
    notes: Sequence[tuple[str, int]] = ()
    """Remarks with counts for the coverage line, such as ("private channels left out", 3). Counts of equal remarks are added."""


@dataclass(frozen=True)
class SqlBatch:
    """A part of an input that DuckDB reads itself, given as SQL. Its columns have the names of `Act`'s fields.

    Missing columns get Act's defaults. The SQL casts ids to text, and `time` to a TIMESTAMP in UTC. `file` is the name for error messages.
    """

    sql: str
    file: str
    notes: Sequence[tuple[str, int]] = ()
