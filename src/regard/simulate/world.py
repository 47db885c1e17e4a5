"""What all scenes share: the random numbers, the people, their ties and the recorder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from regard.simulate.recorder import Message, Recorder
from regard.simulate.rng import Rng
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

    rng: Rng
    people: People
    ties: Sequence[Tie]
    recorder: Recorder

    @property
    def weeks(self) -> int:
        """The weeks of the record. The last week may be shorter than seven days."""
        return self.recorder.weeks

    def open_thread(self, author: Person, week: int, channel: str, text: str, mentions: Sequence[Person] = ()) -> Message | None:
        """Let the author open a thread at a likely time of the week."""
        return self.recorder.post(author, self.recorder.random_time(author, week), channel, text, mentions)

    def meet_stranger(self, person: Person, week: int, among: Sequence[Person] | None = None) -> Person | None:
        """A person whom this person has not met before; see `People.meet_stranger`."""
        return self.people.meet_stranger(self.rng, person, week, among)

    def meetings(self, kind: TieKind) -> Iterator[tuple[Person, int, list[Person]]]:
        """Each person, each week in which ties toward the person are active, and the people of those ties."""
        active: dict[tuple[str, int], list[Person]] = {}
        for tie in self.ties:
            if tie.kind == kind:
                for week in range(tie.began, self.weeks if tie.ended is None else tie.ended):
                    if week == tie.began or self.rng.bernoulli(tie.chance):
                        active.setdefault((tie.toward, week), []).append(self.people.by_id[tie.person])
        for (toward, week), persons in active.items():
            yield self.people.by_id[toward], week, persons
