"""Where the acts are written down while the community lives, and put in order at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Final, NamedTuple

from regard.record.schema import Act, Kind
from regard.simulate.rng import DAY, HOUR, SECOND, Dice
from regard.simulate.roles import Person

OPENING_KINDS: Final[tuple[Kind, ...]] = ("post", "reply", "share")
"""Acts that make an item; all others point at one."""


class Message(NamedTuple):
    """Something that others can answer, share or react to."""

    number: int
    author: str
    time: int
    thread: int
    channel: str


class Draft(NamedTuple):
    """An act whose items have working numbers still; the final ones follow time."""

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


def _table(weights: Sequence[int]) -> tuple[int, ...]:
    return tuple(place for place, weight in enumerate(weights) for _ in range(weight))


HOURS: Final = _table((1, 0, 0, 0, 0, 0, 1, 3, 6, 9, 10, 9, 7, 8, 9, 8, 8, 7, 6, 6, 7, 6, 4, 2))
"""The hours of a day by a person's own clock, each as often as people write in it."""
WEEKDAY_WEIGHTS: Final = (6, 6, 6, 6, 5, 2, 2)
"""Monday first."""


class Journal:
    """All acts so far. An act that would come after the last day is not written, and nothing can follow from it.

    So what makes a message may give None, and whatever is asked to follow from None does nothing. Times are in microseconds UTC.
    """

    def __init__(self, dice: Dice, start: datetime, days: int) -> None:
        self.dice = dice
        self.days = days
        self.weeks = -(-days // 7)
        self.start = int(start.timestamp()) * SECOND
        self.end = self.start + days * DAY
        self.drafts: list[Draft] = []
        self._items = 0
        self._days_of_week = _table([WEEKDAY_WEIGHTS[(start.weekday() + day) % 7] for day in range(7)])

    def moment(self, person: Person, week: int) -> int:
        """A time in that week at which the person may write."""
        day = 7 * week + self.dice.pick(self._days_of_week)
        if day >= self.days:
            day = 7 * week + self.dice.below(self.days - 7 * week)
        return self.moment_of_day(person, day)

    def moment_of_day(self, person: Person, day: int) -> int:
        """A time on that day (of UTC) at which the person may write."""
        hour = (self.dice.pick(HOURS) - person.zone) % 24
        return self.start + day * DAY + hour * HOUR + self.dice.below(HOUR)

    def post(self, author: Person, time: int, channel: str, text: str, mentions: Sequence[Person] = ()) -> Message | None:
        """Opens a thread; who is mentioned is called by the first name."""
        called = "".join(f"@{person.name.split()[0]} " for person in mentions)
        number = self._number()
        message = self._write(Draft(time, author.id, "post", None, number, None, number, channel, called + text))
        for person in mentions if message is not None else ():
            self.drafts.append(Draft(time, author.id, "mention", person.id, number, None, number, channel))
        return message

    def reply(self, author: Person, parent: Message | None, text: str, after: int) -> Message | None:
        """Answers a message, `after` microseconds later."""
        if parent is None:
            return None
        place = (parent.author, self._number(), parent.number, parent.thread, parent.channel)
        return self._write(Draft(parent.time + after, author.id, "reply", *place, text))

    def share(self, actor: Person, shared: Message | None, after: int) -> Message | None:
        """Passes a message on; the share is an item of its own, which can be shared in turn, and its parent is what it passes on."""
        if shared is None:
            return None
        place = (shared.author, self._number(), shared.number, shared.thread, shared.channel)
        return self._write(Draft(shared.time + after, actor.id, "share", *place))

    def react(self, actor: Person, message: Message | None, label: str, after: int) -> None:
        """Reacts with an emoji; the time is told to the second, as platforms do that tell it at all."""
        if message is not None:
            time = (message.time + after) // SECOND * SECOND
            self._write(Draft(time, actor.id, "react", message.author, message.number, None, message.thread, message.channel, None, label))

    def thank(self, actor: Person, answer: Message | None, after: int) -> None:
        """Marks a message as the accepted answer."""
        if answer is not None:
            place = (answer.author, answer.number, None, answer.thread, answer.channel)
            self._write(Draft(answer.time + after, actor.id, "thank", *place, None, "accepted"))

    def toward(self, actor: Person, kind: Kind, target: Person | None, time: int) -> None:
        """A follow, unfollow or join, which has no item."""
        self._write(Draft(time, actor.id, kind, None if target is None else target.id))

    def acts(self) -> Iterator[Act]:
        """All acts by time; items are numbered in the order in which they came to be."""
        names: dict[int, str] = {}
        for draft in sorted(self.drafts, key=attrgetter("time")):
            if draft.item is not None and draft.item not in names:
                names[draft.item] = f"m{len(names) + 1:06d}"
            yield _act(draft, names)

    def _number(self) -> int:
        self._items += 1
        return self._items

    def _write(self, draft: Draft) -> Message | None:
        if draft.time >= self.end:
            return None
        self.drafts.append(draft)
        if draft.kind not in OPENING_KINDS:
            return None
        assert draft.item is not None
        assert draft.thread is not None
        assert draft.channel is not None
        return Message(draft.item, draft.actor, draft.time, draft.thread, draft.channel)


def _act(draft: Draft, names: dict[int, str]) -> Act:
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
