"""Batches as they fill: acts of message after message, with the accounts and notes that came up meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from regard.record.schema import Account, Act, Batch
from regard.sources.base import BATCH_ACTS, Parsed

BATCH_TEXT = 8 << 20
"""Characters of text a batch: fewer acts than `BATCH_ACTS` where messages are long."""


@dataclass(kw_only=True)
class BatchBuilder:
    """What a source's reader gathers beside acts."""

    notes: Counter[str] = field(default_factory=Counter)
    fresh: list[Account] = field(default_factory=list)
    """Accounts met since the last batch."""

    def batches(self, messages: Iterable[list[Act]]) -> Iterator[Batch]:
        """The acts of messages in batches, none divided, and a last batch for what is left."""
        acts, size = list[Act](), 0
        for message in messages:
            acts += message
            size += sum(len(act.text) for act in message if act.text is not None)
            if len(acts) >= BATCH_ACTS or size >= BATCH_TEXT:
                yield self._batch(acts)
                acts, size = [], 0
        yield self._batch(acts)

    def _batch(self, acts: list[Act]) -> Batch:
        batch = Batch(acts, self.fresh, tuple((note, count) for note, count in self.notes.items() if count))
        self.fresh = []
        self.notes.clear()
        return batch


def batches(parsed: Iterable[Parsed]) -> Iterator[Batch]:
    """Batches of what raw records hold. No record is divided between two batches, and the last batch holds what is left.

    >>> act = Act("ann", "post", 0, text="Hello")
    >>> records = [Parsed([act, act], notes=["edited"], counts=[("likes", 3)]), Parsed([act], notes=["edited"])]
    >>> [(len(batch.acts), batch.notes) for batch in batches(records)]
    [(3, (('edited', 2), ('likes', 3)))]
    """
    acts, accounts, notes, size = list[Act](), list[Account](), Counter[str](), 0
    for record in parsed:
        acts += record.acts
        accounts += record.accounts
        for note in record.notes:
            notes[note] += 1
        for note, count in record.counts:
            notes[note] += count
        for act in record.acts:
            size += len(act.text) if act.text is not None else 0
        if len(acts) >= BATCH_ACTS or len(accounts) >= BATCH_ACTS or size >= BATCH_TEXT:
            yield Batch(acts, accounts, _counted(notes))
            acts, accounts, notes, size = [], [], Counter(), 0
    yield Batch(acts, accounts, _counted(notes))


def _counted(notes: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple((note, count) for note, count in notes.items() if count)
