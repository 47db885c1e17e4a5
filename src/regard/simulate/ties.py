"""Who will come back to whom: every tie with its beginning, its strength and its end.

The world is the one that BG/BB assumes (Fader, Hardie and Shang 2010), one bin a week: while a tie is alive, the person acts with a fixed
chance each week, and after each week the tie dies with another fixed chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import Final, Literal, NamedTuple

from regard.simulate.rng import Dice
from regard.simulate.roles import People, Person, Role

TieKind = Literal["circle", "pair", "help", "fan", "pod", "downline"]
TWO_WAY: Final[tuple[TieKind, ...]] = ("circle", "pair", "help")
"""In each meeting both act. A pod's ties are two-way too, but drawn one direction at a time."""


class Tie(NamedTuple):
    """A person who acts toward another again and again, by construction. A two-way tie stands as two."""

    person: str
    toward: str
    kind: TieKind
    began: int
    """The first week in which the person may act; in all kinds but pod and downline the person does."""
    ended: int | None
    """The first week without; None where the tie is alive at the end of the record."""
    chance: float
    """The chance to act toward the other in a later week while the tie is alive."""


class Habit(NamedTuple):
    """How people of a role keep their ties."""

    kind: TieKind
    slots: int
    """Ties at a time; one that dies is followed by a new one within four weeks."""
    chance: float
    quit: float
    """The chance that a tie dies after a week."""


HABITS: Final[dict[Role, Habit]] = {
    "builder": Habit("circle", 20, 0.35, 0.012),
    "helper": Habit("help", 12, 0.25, 0.015),
    "broadcaster": Habit("fan", 4, 0.30, 0.03),
    "ordinary": Habit("pair", 1, 0.25, 0.03),
    "newcomer": Habit("pair", 1, 0.25, 0.03),
}
LARGEST_CIRCLE = 8
"""Nobody has ties with more than one in eight of a small community at a time."""
POD_POSTS, POD_ANSWERS = 0.4, 0.9
"""A member's chance to post in a week, and each other's chance to praise it."""
SHARES_OF_TOP, SHARES_OF_SHARE = 0.7, 0.6
"""A recruiter's chance to share the weekly post of the one above, and a recruit's chance to share that share."""


def lay(dice: Dice, people: People, weeks: int) -> list[Tie]:
    """All ties of the community; a two-way tie once, toward the person in whose slot it lives."""
    ties: list[Tie] = []
    for person in people.everyone:
        habit = HABITS.get(person.role)
        if habit is not None and (habit.kind != "pair" or dice.chance(0.5)):
            ties.extend(_slots(dice, people, person, habit, weeks))
    ties.extend(_pods(people))
    ties.extend(_downlines(people, weeks))
    return ties


def both_ways(ties: Sequence[Tie]) -> list[Tie]:
    """The ties with the other direction of those that are two-way."""
    back = [tie._replace(person=tie.toward, toward=tie.person) for tie in ties if tie.kind in TWO_WAY]
    return [*ties, *back]


def _slots(dice: Dice, people: People, toward: Person, habit: Habit, weeks: int) -> Iterator[Tie]:
    for _ in range(min(habit.slots, max(1, len(people.everyone) // LARGEST_CIRCLE))):
        week = toward.since + (dice.below(2) if dice.chance(0.6) else dice.below(max(1, weeks * 3 // 5)))
        while week < weeks:
            ended = _end(dice, week, habit.quit, weeks)
            person = people.stranger(dice, toward, week)
            if person is not None:
                yield Tie(person.id, toward.id, habit.kind, week, ended, habit.chance)
            if ended is None:
                break
            week = ended + dice.below(4)


def _end(dice: Dice, began: int, quit_chance: float, weeks: int) -> int | None:
    for week in range(began + 1, weeks):
        if dice.chance(quit_chance):
            return week
    return None


def _pods(people: People) -> Iterator[Tie]:
    for members in people.pods():
        for one, other in permutations(members, 2):
            people.meet(one, other)
            yield Tie(one.id, other.id, "pod", 0, None, POD_POSTS * POD_ANSWERS)


def _downlines(people: People, weeks: int) -> Iterator[Tie]:
    for person in people.everyone:
        if person.upline is not None:
            upline = people.known[person.upline]
            people.meet(person, upline)
            chance = SHARES_OF_TOP if upline.upline is None else SHARES_OF_TOP * SHARES_OF_SHARE
            if max(person.since, upline.since) < weeks:
                yield Tie(person.id, upline.id, "downline", max(person.since, upline.since), None, chance)
