"""A community as plain Python objects: settled acts, and what happened by one moment."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from regard.record.schema import INTERACTION_KINDS, Act

Floats = NDArray[np.float64]
Row = tuple[object, ...]
"""The values of one row, in the order in which its measure declares its columns."""
Pair = tuple[str, str]
DAY = 86_400_000_000
MESSAGES = ("post", "reply", "message")
TALK = ("reply", "mention", "message")
KIND_ORDER = ("post", "reply", "mention", "message")


def moment(time_us: int) -> datetime:
    """A time as relations show it."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time_us)).replace(tzinfo=None)


def stamp(act: Act) -> int:
    """The time of an act that has one."""
    assert act.time is not None
    return act.time


def number(value: object) -> float:
    """A value of a row that is known to be a number."""
    assert isinstance(value, int | float)
    return float(value)


def integer(value: object) -> int:
    """A value of a row that is known to be a whole number."""
    assert isinstance(value, int)
    return value


def settled(acts: Sequence[Act], merged: Mapping[str, str] | None = None) -> list[Act]:
    """The acts as the record makes them before any measure sees them.

    People are merged, replies have a target and a thread, and mentions that only address the person replied to are left out.
    """
    items = {act.item: act for act in acts if act.kind in MESSAGES and act.item is not None}

    def thread_of(act: Act) -> str | None:
        if act.thread is not None or act.kind != "reply" or act.parent is None:
            return act.thread
        parent = items.get(act.parent)
        return act.parent if parent is None else thread_of(parent) or act.parent

    def target_of(act: Act) -> str | None:
        if act.target is None and act.kind == "reply" and act.parent in items:
            return items[act.parent].actor
        return act.target

    resolved = [act._replace(target=target_of(act), thread=thread_of(act)) for act in acts]
    replied = {(act.item, act.actor, act.target, act.time) for act in resolved if act.kind == "reply" and act.item and act.time is not None}
    kept = [a for a in resolved if not (a.kind == "mention" and (a.item, a.actor, a.target, a.time) in replied)]
    names = merged or {}
    return [a._replace(actor=names.get(a.actor, a.actor), target=names.get(a.target, a.target) if a.target else None) for a in kept]


class Interaction(NamedTuple):
    """An act toward somebody."""

    time: int
    actor: str
    kind: str
    target: str
    question: bool


@dataclass(frozen=True)
class World:
    """Settled acts, viewed from one moment."""

    acts: Sequence[Act]
    until: int
    bots: frozenset[str] = frozenset()
    followers: Mapping[str, int] = field(default_factory=dict)

    @property
    def known(self) -> list[Act]:
        """Acts at a known time before the moment."""
        return [act for act in self.acts if act.time is not None and act.time < self.until]

    def before(self, act: Act) -> bool:
        """Whether nothing says that the act is later than the moment."""
        return act.time is None or act.time < self.until

    def is_question(self, act: Act) -> bool:
        """Whether the text of the act's message holds a question mark, or the message has no text."""
        mine = [a.text for a in self.acts if a.text is not None and a.item == act.item] if act.item is not None else [act.text]
        texts = [re.sub(r"https?://\S+", "", text) for text in mine if text is not None]
        return not texts or any(re.search("[?\uff1f\u061f\u2047\u2048\u037e\u055e]", text) for text in texts)

    @cached_property
    def interactions(self) -> list[Interaction]:
        """Acts between different people who are no bots."""
        return [
            Interaction(stamp(act), act.actor, act.kind, act.target, self.is_question(act))
            for act in self.known
            if act.kind in INTERACTION_KINDS and act.target and act.target != act.actor and not {act.actor, act.target} & self.bots
        ]

    @cached_property
    def posts(self) -> list[Act]:
        """Posts of people."""
        return [act for act in self.known if act.kind == "post" and act.actor not in self.bots]

    @cached_property
    def openers(self) -> list[Act]:
        """Posts that start their thread. A post without a thread is a thread of its own."""
        threads: dict[str, list[Act]] = defaultdict(list)
        alone: list[Act] = []
        for act in self.posts:
            thread = act.thread or act.item
            (threads[thread] if thread else alone).append(act)
        return alone + [min(posts, key=lambda a: (stamp(a), a.actor, a.item or "\uffff")) for posts in threads.values()]

    @cached_property
    def times(self) -> dict[Pair, list[int]]:
        """The times at which somebody acted toward somebody."""
        times: dict[Pair, list[int]] = defaultdict(list)
        for each in self.interactions:
            times[each.actor, each.target].append(each.time)
        return times
