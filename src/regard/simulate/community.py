"""A made-up community: who is who, all that they did, and the truth about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

from regard.errors import UsageError
from regard.record.schema import Account, Act, Batch
from regard.simulate import reach, talk
from regard.simulate.recorder import Journal
from regard.simulate.rng import DAY, Dice
from regard.simulate.roles import People, Person, Truth, cast
from regard.simulate.ties import Tie, both_ways, lay
from regard.simulate.world import World

BATCH_ACTS = 20_000
FEWEST_PEOPLE, FEWEST_DAYS = 10, 14
WAITING_DAYS: Final = 28
"""How far back from the end an ask still counts as waiting."""


@dataclass(frozen=True)
class Simulation:
    """A community and the truth about it. All tuples are in an order that depends on the arguments of `simulate` alone."""

    acts: tuple[Act, ...] = field(repr=False)
    """Sorted by time."""
    accounts: tuple[Account, ...] = field(repr=False)
    """Sorted by id, as `truth`."""
    truth: tuple[Truth, ...] = field(repr=False)
    ties: tuple[Tie, ...] = field(repr=False)
    """Everybody who comes back to somebody by construction; any other two people meet once, or twice where one broadcasts."""
    unanswered: tuple[str, ...] = field(repr=False)
    """Items that open a thread in the last 28 days with a question or a mention, and that nobody else has answered; by time."""
    seed: int
    days: int
    start: datetime
    """The first midnight, UTC."""

    def batches(self) -> Iterator[Batch]:
        """The acts as a source hands them over; the accounts come with the first batch."""
        for place in range(0, len(self.acts), BATCH_ACTS):
            yield Batch(self.acts[place : place + BATCH_ACTS], () if place else self.accounts)


def simulate(*, people: int = 240, days: int = 240, seed: int = 7, start: date = date(2025, 3, 3)) -> Simulation:
    """Plays a community of so many people for so many days; the same arguments give the same acts on every machine.

    About 100 acts a person in 240 days. Under 100 people there are no pods and no trees of recruits, and under 20 nobody announces and
    there is no bot. Raises UsageError where there are fewer than 10 people or 14 days, or where the seed is negative.

    >>> small = simulate(people=10, days=14)
    >>> len(small.accounts), small.acts[0].kind, small.acts == simulate(people=10, days=14).acts
    (10, 'post', True)
    """
    if people < FEWEST_PEOPLE or days < FEWEST_DAYS or seed < 0:
        needs = f"at least {FEWEST_PEOPLE} people, {FEWEST_DAYS} days and a seed from 0 on"
        raise UsageError(f"a made-up community needs {needs}; found {people}, {days} and {seed}")
    dice = Dice(seed)
    midnight = datetime(start.year, start.month, start.day, tzinfo=UTC)
    journal = Journal(dice, midnight, days)
    everybody = cast(dice, people, days)
    # All ties are laid before the first act: strangers, who meet once, are then never people with a tie.
    world = World(dice, everybody, lay(dice, everybody, journal.weeks), journal)
    _play(world)
    acts = tuple(journal.acts())
    waiting = _unanswered(acts, journal.end - WAITING_DAYS * DAY)
    ties = both_ways(world.ties)
    return Simulation(acts, _accounts(everybody), _truth(everybody, ties), tuple(ties), waiting, seed, days, midnight)


def _play(world: World) -> None:
    talks = talk.circles(world)
    talk.pairs(world)
    talk.clinics(world)
    talk.everyday(world)
    talk.newcomers(world)
    reach.broadcasts(world)
    reach.follow_churn(world)
    reach.news(world)
    reach.pods(world)
    reach.recruiting(world)
    reach.offers(world, talks)
    reach.repeaters(world)


def _accounts(people: People) -> tuple[Account, ...]:
    return tuple(_account(person) for person in people.everyone)


def _account(person: Person) -> Account:
    return Account(
        id=person.id,
        name=person.name,
        actor_type="bot" if person.role == "bot" else "person",
        followers=person.followers,
        title="Announcements" if person.role == "announcer" else None,
    )


def _truth(people: People, ties: Sequence[Tie]) -> tuple[Truth, ...]:
    fans = Counter(tie.toward for tie in ties if tie.ended is None)
    return tuple(
        Truth(person.id, person.role, person.followers, fans[person.id], person.pod, person.upline, person.link, person.arrived)
        for person in people.everyone
    )


def _unanswered(acts: Sequence[Act], since: int) -> tuple[str, ...]:
    """The acts themselves are asked, for an answer may have been due after the last day."""
    asks: dict[str, str] = {}
    mentioned = {act.item for act in acts if act.kind == "mention"}
    for act in acts:
        if act.item is None or act.time is None or act.time < since:
            continue
        if act.kind == "post" and ("?" in (act.text or "") or act.item in mentioned):
            asks[act.item] = act.actor
        if act.kind == "reply" and act.thread is not None and asks.get(act.thread, act.actor) != act.actor:
            del asks[act.thread]
    return tuple(asks)
