"""What all scenes share: the chance, the people, their ties and the journal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from regard.simulate.recorder import Journal, Message
from regard.simulate.rng import Dice
from regard.simulate.roles import People, Person
from regard.simulate.ties import Tie, TieKind

INTRODUCTIONS: Final = "introductions"
HELP: Final = "help"
SHOW: Final = "show-and-tell"
RANDOM: Final = "random"
NICHE: Final = "letterpress"
NEWS: Final = "announcements"


@dataclass(frozen=True)
class World:
    """The community while it is played."""

    dice: Dice
    people: People
    ties: Sequence[Tie]
    journal: Journal

    @property
    def weeks(self) -> int:
        """Weeks of the record, the last one perhaps not whole."""
        return self.journal.weeks

    def begin(self, author: Person, week: int, channel: str, text: str, mentions: Sequence[Person] = ()) -> Message | None:
        """A thread that the author opens at a likely time of the week."""
        return self.journal.post(author, self.journal.moment(author, week), channel, text, mentions)

    def stranger(self, person: Person, week: int, among: Sequence[Person] | None = None) -> Person | None:
        """Somebody whom the person has never met, met from now on."""
        return self.people.stranger(self.dice, person, week, among)

    def meetings(self, kind: TieKind) -> Iterator[tuple[Person, int, list[Person]]]:
        """Each person with the week and with those whose tie toward them stirs in it."""
        stirred: dict[tuple[str, int], list[Person]] = {}
        for tie in self.ties:
            if tie.kind == kind:
                for week in range(tie.began, self.weeks if tie.ended is None else tie.ended):
                    if week == tie.began or self.dice.chance(tie.chance):
                        stirred.setdefault((tie.toward, week), []).append(self.people.known[tie.person])
        for (toward, week), persons in stirred.items():
            yield self.people.known[toward], week, persons
