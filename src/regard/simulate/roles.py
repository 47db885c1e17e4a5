"""Who lives in the community: roles, when people arrive, whom they know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from regard.simulate import words
from regard.simulate.rng import Dice

Role = Literal["builder", "helper", "broadcaster", "recruiter", "pod", "repeater", "newcomer", "ordinary", "announcer", "bot"]
"""What a person does, by construction.

builder      talks with a circle for months, both ways
helper       answers asks; those who asked thank and come back. The first helper gives the same useful link again and again (innocent)
broadcaster  many followers and posts, noticed once by many, answers nobody; follows and unfollows
recruiter    brings people in, and has their shares flow up the tree; replies with offers to people who never asked
pod          one of eight who praise each other within minutes
repeater     posts one link again and again; nobody answers
newcomer     arrives late and follows dozens on the first day, as from a starter pack (innocent); half of their asks wait
ordinary     a few ties, an ask now and then; with an `upline`, a recruit who shares what the recruiter posts
announcer    posts news and says so in its title (innocent)
bot          greets and posts digests, marked as a bot (innocent)
"""

ONE_IN: Final[tuple[tuple[Role, int], ...]] = (("builder", 17), ("helper", 24), ("broadcaster", 40), ("repeater", 60), ("newcomer", 12))
"""One person in so many has the role, and there is always at least one."""

FOLLOWERS: Final[dict[Role, tuple[int, int]]] = {
    "builder": (40, 180),
    "helper": (25, 140),
    "broadcaster": (3_000, 60_000),
    "recruiter": (300, 1_500),
    "pod": (120, 500),
    "repeater": (10, 60),
    "newcomer": (0, 12),
    "ordinary": (5, 70),
    "announcer": (150, 400),
    "bot": (0, 5),
}
"""What the platform tells on an account. Followers never act: those of a broadcaster are mostly outside of the community."""

POD_SIZE = 8
GROUP_FROM = 100
"""One pod and one tree of recruits for so many people; a community that is smaller has neither."""


class Truth(NamedTuple):
    """What was decided about one person before the first act."""

    person: str
    role: Role
    followers: int
    fans: int
    """People who come back by construction: those with a tie toward this person that is alive at the end."""
    pod: str | None = None
    upline: str | None = None
    """The recruiter who brought this person in."""
    link: str | None = None
    """The link that this person repeats."""
    arrived: int = 0
    """Day of arrival; 0 for those who were there from the start."""


@dataclass(frozen=True)
class Person:
    """Somebody as the simulation knows them."""

    id: str
    name: str
    role: Role
    followers: int
    zone: int
    """Hours that the person's clock is ahead of UTC."""
    arrived: int = 0
    pod: str | None = None
    upline: str | None = None
    link: str | None = None

    @property
    def since(self) -> int:
        """The first week that lies wholly after the arrival."""
        return self.arrived // 7 + 1 if self.arrived else 0


class People:
    """Everybody, and who has had to do with whom."""

    def __init__(self, everyone: Sequence[Person]) -> None:
        self.everyone = sorted(everyone, key=lambda person: person.id)
        self.known = {person.id: person for person in self.everyone}
        self._of: dict[tuple[Role, ...], list[Person]] = {}
        self.crowd = self.of("ordinary", "newcomer", "builder", "helper")
        """Those who notice, answer and befriend people of their own accord."""
        self.settled = [person for person in self.everyone if not person.arrived and person.role != "bot"]
        """Those who were there from the start: what a starter pack would list."""
        self._met: dict[str, set[str]] = {person.id: {person.id} for person in self.everyone}

    def of(self, *roles: Role) -> Sequence[Person]:
        """Those with one of the roles, ordered by id."""
        if roles not in self._of:
            self._of[roles] = [person for person in self.everyone if person.role in roles]
        return self._of[roles]

    def pods(self) -> list[list[Person]]:
        """The members of each pod."""
        pods: dict[str, list[Person]] = {}
        for person in self.everyone:
            if person.pod is not None:
                pods.setdefault(person.pod, []).append(person)
        return list(pods.values())

    def meet(self, one: Person, other: Person) -> None:
        """From now on they are no strangers."""
        self._met[one.id].add(other.id)
        self._met[other.id].add(one.id)

    def first_meeting(self, one: Person, other: Person) -> bool:
        """Whether they were strangers; then they have met."""
        if other.id in self._met[one.id]:
            return False
        self.meet(one, other)
        return True

    def stranger(self, dice: Dice, person: Person, week: int, among: Sequence[Person] | None = None) -> Person | None:
        """Somebody there in that week whom the person has never met, or None where none is soon found; then they have met.

        As ties are laid first, through this same door, an act of strangers never falls on a pair with a tie: who comes back to whom
        is told by the ties alone.
        """
        pool = self.crowd if among is None else among
        for _ in range(12):
            other = dice.pick(pool)
            if other.since <= week and self.first_meeting(person, other):
                return other
        return None


class Part(NamedTuple):
    """A role before it is given to somebody."""

    role: Role
    arrived: int = 0
    pod: str | None = None
    upline: int | None = None
    """Place of the recruiter in the list of parts."""
    link: str | None = None


def cast(dice: Dice, count: int, days: int) -> People:
    """So many people; roles fall on ids by chance, so that no id tells its role."""
    parts = _parts(dice, count, days)
    numbers = dice.shuffled(range(count))
    surnames = words.surnames(dice)
    return People([_person(dice, part, place, numbers, surnames) for place, part in enumerate(parts)])


def _person(dice: Dice, part: Part, place: int, numbers: Sequence[int], surnames: Sequence[str]) -> Person:
    own_name = f"{words.first_name(dice, place)} {surnames[place % len(surnames)]}"
    return Person(
        id=_id(numbers[place]),
        name={"announcer": "Workshop News", "bot": "Welcome Bot"}.get(part.role, own_name),
        role=part.role,
        followers=dice.between(*FOLLOWERS[part.role]),
        zone=dice.pick((0, 0, 1, 1, 1, 2, 2, -5, 8)),
        arrived=part.arrived,
        pod=part.pod,
        upline=None if part.upline is None else _id(numbers[part.upline]),
        link=part.link,
    )


def _id(number: int) -> str:
    return f"u{number:03d}"


def _parts(dice: Dice, count: int, days: int) -> list[Part]:
    parts: list[Part] = []
    for role, one_in in ONE_IN:
        parts.extend(_alike(dice, role, max(1, count // one_in), days))
    for group in range(count // GROUP_FROM):
        parts.extend([Part("pod", pod=f"pod{group + 1}")] * POD_SIZE)
        parts.extend(_tree(dice, len(parts), days))
    if count >= 20:
        parts.extend([Part("announcer"), Part("bot")])
    return parts + [Part("ordinary")] * (count - len(parts))


def _alike(dice: Dice, role: Role, count: int, days: int) -> Iterator[Part]:
    for number in range(count):
        arrived = int(days * (0.6 + 0.35 * dice.uniform())) if role == "newcomer" else 0
        link = f"{words.HOST}/offer/{number + 1}" if role == "repeater" else None
        if role == "helper" and number == 0:
            link = f"{words.HOST}/guide/first-steps"
        yield Part(role, arrived, link=link)


def _tree(dice: Dice, top: int, days: int) -> list[Part]:
    """A recruiter, two recruiters under them, and three recruits under each of the two."""
    parts = [Part("recruiter")]
    for _ in range(2):
        middle = top + len(parts)
        arrived = 1 + int(days * 0.15 * dice.uniform())
        parts.append(Part("recruiter", arrived, upline=top))
        parts.extend(Part("ordinary", arrived + 1 + int(days * 0.3 * dice.uniform()), upline=middle) for _ in range(3))
    return parts
