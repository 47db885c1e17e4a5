"""Who will come back to whom: every tie with its beginning, its strength and its end.

Ties follow the alive model (a relative of BG/BB: Fader, Hardie, Shang 2010) with bins of one week. While a tie is alive, the person acts
in each week with a fixed chance. After each week the tie dies with another fixed chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import Final, Literal, NamedTuple

from regard.simulate.rng import Rng
from regard.simulate.roles import People, Person, Role

TieKind = Literal["circle", "pair", "help", "fan", "pod", "downline"]
TWO_WAY: Final[tuple[TieKind, ...]] = ("circle", "pair", "help")
"""Kinds whose meetings make both people act. A pod's ties go both ways too, but each direction is made on its own."""


class Tie(NamedTuple):
    """A person who acts toward another again and again, by construction. A two-way tie stands as two."""

    person: str
    toward: str
    kind: TieKind
    began: int
    """The first week in which the person may act. In all kinds but pod and downline the person acts in it."""
    ended: int | None
    """The first week without the tie. None if the tie is alive at the end of the record."""
    chance: float
    """The chance to act toward the other in a later week while the tie is alive."""


class TieHabit(NamedTuple):
    """How people of a role keep their ties."""

    kind: TieKind
    slots: int
    """Ties at a time. A new tie follows within four weeks after one has died."""
    chance: float
    """The chance to act in a week."""
    quit: float
    """The chance that a tie dies after a week."""


TIE_HABITS: Final[dict[Role, TieHabit]] = {
    "builder": TieHabit("circle", 20, 0.35, 0.012),
    "helper": TieHabit("help", 12, 0.25, 0.015),
    "broadcaster": TieHabit("fan", 4, 0.30, 0.03),
    "ordinary": TieHabit("pair", 1, 0.25, 0.03),
    "newcomer": TieHabit("pair", 1, 0.25, 0.03),
}
PEOPLE_PER_TIE = 8
"""Nobody has ties with more than one in eight of a small community at a time."""
POD_POSTS, POD_ANSWERS = 0.4, 0.9
"""A member's chance to post in a week, and each other member's chance to praise the post."""
SHARES_OF_TOP, SHARES_OF_SHARE = 0.7, 0.6
"""A recruiter's chance to share the weekly post of the recruiter above, and a recruit's chance to share that share."""


def create_ties(rng: Rng, people: People, weeks: int) -> list[Tie]:
    """All ties of the community. A two-way tie stands once, toward the person in whose slot it lives."""
    ties: list[Tie] = []
    for person in people.everyone:
        habit = TIE_HABITS.get(person.role)
        if habit is not None and (habit.kind != "pair" or rng.bernoulli(0.5)):
            ties.extend(_habitual_ties(rng, people, person, habit, weeks))
    ties.extend(_pod_ties(people))
    ties.extend(_downline_ties(people, weeks))
    return ties


def with_reverse_ties(ties: Sequence[Tie]) -> list[Tie]:
    """The ties, followed by the other direction of those that are two-way."""
    reverse = [tie._replace(person=tie.toward, toward=tie.person) for tie in ties if tie.kind in TWO_WAY]
    return [*ties, *reverse]


def _habitual_ties(rng: Rng, people: People, toward: Person, habit: TieHabit, weeks: int) -> Iterator[Tie]:
    for _ in range(min(habit.slots, max(1, len(people.everyone) // PEOPLE_PER_TIE))):
        week = toward.first_full_week + (rng.integer_below(2) if rng.bernoulli(0.6) else rng.integer_below(max(1, weeks * 3 // 5)))
        while week < weeks:
            ended = _end_of_tie(rng, week, habit.quit, weeks)
            person = people.meet_stranger(rng, toward, week)
            if person is not None:
                yield Tie(person.id, toward.id, habit.kind, week, ended, habit.chance)
            if ended is None:
                break
            week = ended + rng.integer_below(4)


def _end_of_tie(rng: Rng, began: int, quit_chance: float, weeks: int) -> int | None:
    for week in range(began + 1, weeks):
        if rng.bernoulli(quit_chance):
            return week
    return None


def _pod_ties(people: People) -> Iterator[Tie]:
    for members in people.pods():
        for person, other in permutations(members, 2):
            people.meet(person, other)
            yield Tie(person.id, other.id, "pod", 0, None, POD_POSTS * POD_ANSWERS)


def _downline_ties(people: People, weeks: int) -> Iterator[Tie]:
    for person in people.everyone:
        if person.upline is not None:
            upline = people.by_id[person.upline]
            people.meet(person, upline)
            chance = SHARES_OF_TOP if upline.upline is None else SHARES_OF_TOP * SHARES_OF_SHARE
            began = max(person.first_full_week, upline.first_full_week)
            if began < weeks:
                yield Tie(person.id, upline.id, "downline", began, None, chance)
