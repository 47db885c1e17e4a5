"""Who lives in the community: the people, their roles, when they arrive, and whom they have met."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from regard.simulate import words
from regard.simulate.rng import Rng

Role = Literal["builder", "helper", "broadcaster", "recruiter", "pod", "repeater", "newcomer", "ordinary", "announcer", "bot"]
"""What a person does, by construction.

builder      talks with a circle for months, both ways
helper       answers questions; those who asked thank and come back. The first helper gives the same useful link each time (innocent)
broadcaster  has many followers and posts, is noticed once by many, answers nobody, follows and unfollows
recruiter    brings people in, whose shares flow up the tree; replies with offers to people who never asked
pod          is one of eight who praise each other within minutes
repeater     posts one link again and again; nobody answers
newcomer     arrives late and follows dozens on the first day, as from a starter pack (innocent); half of their questions stay unanswered
ordinary     has a few ties and a question now and then; with an `upline`, is a recruit who shares what the recruiter posts
announcer    posts news and says so in its title (innocent)
bot          greets and posts digests, and is marked as a bot (innocent)
"""

PEOPLE_PER_ROLE: Final[tuple[tuple[Role, int], ...]] = (
    ("builder", 17),
    ("helper", 24),
    ("broadcaster", 40),
    ("repeater", 60),
    ("newcomer", 12),
)
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
"""The range of the follower count that the platform gives. Followers never act: those of a broadcaster are mostly outside the community."""

POD_SIZE = 8
PEOPLE_PER_GROUP = 100
"""There is one pod and one tree of recruits for so many people. A smaller community has neither."""


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
    """The day of arrival; 0 for people who were there from the start."""


@dataclass(frozen=True)
class Person:
    """A person as the simulation knows them."""

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
    def first_full_week(self) -> int:
        """The first week that lies entirely after the arrival."""
        return self.arrived // 7 + 1 if self.arrived else 0


class People:
    """Everybody, and who has met whom."""

    def __init__(self, everyone: Sequence[Person]) -> None:
        self.everyone = sorted(everyone, key=lambda person: person.id)
        self.by_id = {person.id: person for person in self.everyone}
        self._with_roles: dict[tuple[Role, ...], list[Person]] = {}
        self.crowd = self.with_role("ordinary", "newcomer", "builder", "helper")
        """People who notice, answer and befriend others of their own accord."""
        self.settled = [person for person in self.everyone if not person.arrived and person.role != "bot"]
        """People who were there from the start: those whom a starter pack would list."""
        self._met: dict[str, set[str]] = {person.id: {person.id} for person in self.everyone}

    def with_role(self, *roles: Role) -> Sequence[Person]:
        """The people with one of the roles, ordered by id."""
        if roles not in self._with_roles:
            self._with_roles[roles] = [person for person in self.everyone if person.role in roles]
        return self._with_roles[roles]

    def pods(self) -> list[list[Person]]:
        """The members of each pod."""
        pods: dict[str, list[Person]] = {}
        for person in self.everyone:
            if person.pod is not None:
                pods.setdefault(person.pod, []).append(person)
        return list(pods.values())

    def meet(self, person: Person, other: Person) -> None:
        """Let two people meet. From now on they are no strangers."""
        self._met[person.id].add(other.id)
        self._met[other.id].add(person.id)

    def meet_first_time(self, person: Person, other: Person) -> bool:
        """Let two people meet, and say whether they were strangers before."""
        if other.id in self._met[person.id]:
            return False
        self.meet(person, other)
        return True

    def meet_stranger(self, rng: Rng, person: Person, week: int, among: Sequence[Person] | None = None) -> Person | None:
        """Let the person meet someone new who is there in that week. Gives None if 12 tries find nobody.

        Ties are made first, and by this same method. So an act between strangers never falls on a pair with a tie, and the ties alone
        decide who comes back to whom.
        """
        pool = self.crowd if among is None else among
        for _ in range(12):
            other = rng.choice(pool)
            if other.first_full_week <= week and self.meet_first_time(person, other):
                return other
        return None


class RoleSlot(NamedTuple):
    """A role that is not yet given to a person."""

    role: Role
    arrived: int = 0
    pod: str | None = None
    upline: int | None = None
    """The index of the recruiter in the list of slots."""
    link: str | None = None


def create_people(rng: Rng, count: int, days: int) -> People:
    """`count` people. Roles fall on ids at random, so that no id reveals its role."""
    slots = _role_slots(rng, count, days)
    numbers = rng.shuffled(range(count))
    surnames = words.surnames(rng)
    return People([_person(rng, slot, index, numbers, surnames) for index, slot in enumerate(slots)])


def _person(rng: Rng, slot: RoleSlot, index: int, numbers: Sequence[int], surnames: Sequence[str]) -> Person:
    own_name = f"{words.first_name(rng, index)} {surnames[index % len(surnames)]}"
    return Person(
        id=_id(numbers[index]),
        name={"announcer": "Workshop News", "bot": "Welcome Bot"}.get(slot.role, own_name),
        role=slot.role,
        followers=rng.integer_between(*FOLLOWERS[slot.role]),
        zone=rng.choice((0, 0, 1, 1, 1, 2, 2, -5, 8)),
        arrived=slot.arrived,
        pod=slot.pod,
        upline=None if slot.upline is None else _id(numbers[slot.upline]),
        link=slot.link,
    )


def _id(number: int) -> str:
    return f"u{number:03d}"


def _role_slots(rng: Rng, count: int, days: int) -> list[RoleSlot]:
    slots: list[RoleSlot] = []
    for role, people_per_role in PEOPLE_PER_ROLE:
        slots.extend(_slots_of_role(rng, role, max(1, count // people_per_role), days))
    for group in range(count // PEOPLE_PER_GROUP):
        slots.extend([RoleSlot("pod", pod=f"pod{group + 1}")] * POD_SIZE)
        slots.extend(_recruiting_tree(rng, len(slots), days))
    if count >= 20:
        slots.extend([RoleSlot("announcer"), RoleSlot("bot")])
    return slots + [RoleSlot("ordinary")] * (count - len(slots))


def _slots_of_role(rng: Rng, role: Role, count: int, days: int) -> Iterator[RoleSlot]:
    for number in range(count):
        arrived = int(days * (0.6 + 0.35 * rng.uniform())) if role == "newcomer" else 0
        link = f"{words.HOST}/offer/{number + 1}" if role == "repeater" else None
        if role == "helper" and number == 0:
            link = f"{words.HOST}/guide/first-steps"
        yield RoleSlot(role, arrived, link=link)


def _recruiting_tree(rng: Rng, top: int, days: int) -> list[RoleSlot]:
    """A recruiter, two recruiters under them, and three recruits under each of the two. `top` is the index of the first slot."""
    slots = [RoleSlot("recruiter")]
    for _ in range(2):
        middle = top + len(slots)
        arrived = 1 + int(days * 0.15 * rng.uniform())
        slots.append(RoleSlot("recruiter", arrived, upline=top))
        slots.extend(RoleSlot("ordinary", arrived + 1 + int(days * 0.3 * rng.uniform()), upline=middle) for _ in range(3))
    return slots
