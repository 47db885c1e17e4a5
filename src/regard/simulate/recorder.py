"""The recorder notes all acts while the community is played, and puts them in order at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Final, NamedTuple

from regard.record.schema import Act, Kind
from regard.simulate.rng import DAY, HOUR, SECOND, Rng
from regard.simulate.roles import Person

ITEM_KINDS: Final[tuple[Kind, ...]] = ("post", "reply", "share")
"""Acts that make an item of their own. All other acts point at an item."""


class Message(NamedTuple):
    """An item that others can answer, share or react to."""

    number: int
    author: str
    time: int
    thread: int
    channel: str


class DraftAct(NamedTuple):
    """An act whose items still have working numbers. Their final numbers follow the order of time."""

    time: int
    actor: str
    kind: Kind
    target: str | None = None
    item: int | None = None
    parent: int | None = None
    thread: int | None = None
    channel: str | None = None
    text: str | None = None
    label: str | None = None


def _repeat_indices(weights: Sequence[int]) -> tuple[int, ...]:
    """Each index as often as its weight."""
    return tuple(index for index, weight in enumerate(weights) for _ in range(weight))


HOURS: Final = _repeat_indices((1, 0, 0, 0, 0, 0, 1, 3, 6, 9, 10, 9, 7, 8, 9, 8, 8, 7, 6, 6, 7, 6, 4, 2))
"""The hours of a day by a person's own clock. Each hour stands as often as people write in it."""
WEEKDAY_WEIGHTS: Final = (6, 6, 6, 6, 5, 2, 2)
"""Monday first."""


class Recorder:
    """All acts so far. Times are in microseconds UTC.

    An act that would come after the last day is not recorded, and nothing can follow from it. So a method that makes a message gives None
    for such an act, and a method that is given None does nothing.
    """

    def __init__(self, rng: Rng, start: datetime, days: int) -> None:
        self.rng = rng
        self.days = days
        self.weeks = -(-days // 7)
        self.start = int(start.timestamp()) * SECOND
        self.end = self.start + days * DAY
        self.drafts: list[DraftAct] = []
        self._items = 0
        self._days_of_week = _repeat_indices([WEEKDAY_WEIGHTS[(start.weekday() + day) % 7] for day in range(7)])

    def random_time(self, person: Person, week: int) -> int:
        """A time in that week at which the person may write."""
        day = 7 * week + self.rng.choice(self._days_of_week)
        if day >= self.days:
            day = 7 * week + self.rng.integer_below(self.days - 7 * week)
        return self.random_time_of_day(person, day)

    def random_time_of_day(self, person: Person, day: int) -> int:
        """A time on that day (of UTC) at which the person may write."""
        hour = (self.rng.choice(HOURS) - person.zone) % 24
        return self.start + day * DAY + hour * HOUR + self.rng.integer_below(HOUR)

    def post(self, author: Person, time: int, channel: str, text: str, mentions: Sequence[Person] = ()) -> Message | None:
        """Open a thread. The text begins with the first names of the people whom it mentions."""
        called = "".join(f"@{person.name.split()[0]} " for person in mentions)
        number = self._next_number()
        message = self._record(DraftAct(time, author.id, "post", None, number, None, number, channel, called + text))
        for person in mentions if message is not None else ():
            self.drafts.append(DraftAct(time, author.id, "mention", person.id, number, None, number, channel))
        return message

    def reply(self, author: Person, parent: Message | None, text: str, delay: int) -> Message | None:
        """Answer a message, `delay` microseconds later."""
        if parent is None:
            return None
        context = (parent.author, self._next_number(), parent.number, parent.thread, parent.channel)
        return self._record(DraftAct(parent.time + delay, author.id, "reply", *context, text))

    def share(self, actor: Person, shared: Message | None, delay: int) -> Message | None:
        """Pass a message on. The share is an item of its own, which others can share in turn. Its parent is the message passed on."""
        if shared is None:
            return None
        context = (shared.author, self._next_number(), shared.number, shared.thread, shared.channel)
        return self._record(DraftAct(shared.time + delay, actor.id, "share", *context))

    def react(self, actor: Person, message: Message | None, label: str, delay: int) -> None:
        """React with an emoji. Its time is in whole seconds, as on platforms that give it at all."""
        if message is not None:
            time = (message.time + delay) // SECOND * SECOND
            context = (message.author, message.number, None, message.thread, message.channel)
            self._record(DraftAct(time, actor.id, "react", *context, None, label))

    def thank(self, actor: Person, answer: Message | None, delay: int) -> None:
        """Mark a message as the accepted answer."""
        if answer is not None:
            context = (answer.author, answer.number, None, answer.thread, answer.channel)
            self._record(DraftAct(answer.time + delay, actor.id, "thank", *context, None, "accepted"))

    def act_without_item(self, actor: Person, kind: Kind, target: Person | None, time: int) -> None:
        """Follow, unfollow or join."""
        self._record(DraftAct(time, actor.id, kind, None if target is None else target.id))

    def acts(self) -> Iterator[Act]:
        """All acts by time. Items are numbered in the order of their time."""
        names: dict[int, str] = {}
        for draft in sorted(self.drafts, key=attrgetter("time")):
            if draft.item is not None and draft.item not in names:
                names[draft.item] = f"m{len(names) + 1:06d}"
            yield _act(draft, names)

    def _next_number(self) -> int:
        self._items += 1
        return self._items

    def _record(self, draft: DraftAct) -> Message | None:
        if draft.time >= self.end:
            return None
        self.drafts.append(draft)
        if draft.kind not in ITEM_KINDS:
            return None
        assert draft.item is not None
        assert draft.thread is not None
        assert draft.channel is not None
        return Message(draft.item, draft.actor, draft.time, draft.thread, draft.channel)


def _act(draft: DraftAct, names: dict[int, str]) -> Act:
    return Act(
        actor=draft.actor,
        kind=draft.kind,
        time=draft.time,
        target=draft.target,
        item=None if draft.item is None else names[draft.item],
        parent=None if draft.parent is None else names[draft.parent],
        thread=None if draft.thread is None else names[draft.thread],
        channel=draft.channel,
        text=draft.text,
        label=draft.label,
        lang="en" if draft.text is not None else None,
        precision="s" if draft.kind == "react" else "us",
    )
