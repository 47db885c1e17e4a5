"""The one batch builder: what raw records hold, gathered into batches that fit into memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from regard.record.schema import Account, Act, Batch
from regard.sources.base import BATCH_ACTS, Parsed

BATCH_TEXT = 8 << 20
"""Characters of text in a batch. A batch of long messages holds fewer acts than `BATCH_ACTS`."""


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
