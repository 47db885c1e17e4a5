"""A made-up community: its people, all their acts, and the truth about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

from regard.errors import UsageError
from regard.record.schema import Account, Act, Batch
from regard.simulate import reach, talk
from regard.simulate.recorder import Recorder
from regard.simulate.rng import DAY, Rng
from regard.simulate.roles import People, Person, Truth, create_people
from regard.simulate.ties import Tie, create_ties, with_reverse_ties
from regard.simulate.world import World

BATCH_ACTS = 20_000
FEWEST_PEOPLE, FEWEST_DAYS = 10, 14
UNANSWERED_DAYS: Final = 28
"""A question counts as unanswered only if it is at most so many days older than the end."""


@dataclass(frozen=True)
class Simulation:
    """A community and the truth about it. The order of every tuple depends on the arguments of `simulate` alone."""

    acts: tuple[Act, ...] = field(repr=False)
    """Sorted by time."""
    accounts: tuple[Account, ...] = field(repr=False)
    """Sorted by id, like `truth`."""
    truth: tuple[Truth, ...] = field(repr=False)
    ties: tuple[Tie, ...] = field(repr=False)
    """Everybody who comes back to somebody by construction. Any other two people meet once, or twice if one of them broadcasts."""
    unanswered: tuple[str, ...] = field(repr=False)
    """Items that open a thread in the last 28 days with a question or a mention, and that nobody else has answered, by time."""
    seed: int
    days: int
    start: datetime
    """The first midnight, UTC."""

    def batches(self) -> Iterator[Batch]:
        """The acts in batches, as a source gives them. The accounts come with the first batch."""
        for start in range(0, len(self.acts), BATCH_ACTS):
            yield Batch(self.acts[start : start + BATCH_ACTS], () if start else self.accounts)


def simulate(*, people: int = 240, days: int = 240, seed: int = 7, start: date = date(2025, 3, 3)) -> Simulation:
    """Play a community of so many people for so many days. The same arguments give the same acts on every machine.

    There are about 100 acts a person in 240 days. A community under 100 people has no pods and no trees of recruits; one under 20 people
    has no announcer and no bot. Raises UsageError if there are fewer than 10 people or 14 days, or if the seed is negative.

    >>> small = simulate(people=10, days=14)
    >>> len(small.accounts), small.acts[0].kind, small.acts == simulate(people=10, days=14).acts
    (10, 'post', True)
    """
    if people < FEWEST_PEOPLE or days < FEWEST_DAYS or seed < 0:
        needs = f"at least {FEWEST_PEOPLE} people, {FEWEST_DAYS} days and a seed from 0 on"
        raise UsageError(f"a made-up community needs {needs}; found {people}, {days} and {seed}")
    rng = Rng(seed)
    midnight = datetime(start.year, start.month, start.day, tzinfo=UTC)
    recorder = Recorder(rng, midnight, days)
    everybody = create_people(rng, people, days)
    # All ties are made before the first act. So strangers, who meet once, are never people with a tie.
    world = World(rng, everybody, create_ties(rng, everybody, recorder.weeks), recorder)
    _play(world)
    acts = tuple(recorder.acts())
    unanswered = _unanswered(acts, recorder.end - UNANSWERED_DAYS * DAY)
    ties = with_reverse_ties(world.ties)
    return Simulation(acts, _accounts(everybody), _truth(everybody, ties), tuple(ties), unanswered, seed, days, midnight)


def _play(world: World) -> None:
    talks = talk.play_circles(world)
    talk.play_pairs(world)
    talk.play_helpers(world)
    talk.play_everyday(world)
    talk.play_newcomers(world)
    reach.play_broadcasts(world)
    reach.play_follow_churn(world)
    reach.play_news(world)
    reach.play_pods(world)
    reach.play_recruiting(world)
    reach.play_offers(world, talks)
    reach.play_repeaters(world)


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
    """The unanswered items, found from the acts: an answer may have been planned for a time after the last day."""
    questions: dict[str, str] = {}
    mentioned = {act.item for act in acts if act.kind == "mention"}
    for act in acts:
        if act.item is None or act.time is None or act.time < since:
            continue
        if act.kind == "post" and ("?" in (act.text or "") or act.item in mentioned):
            questions[act.item] = act.actor
        if act.kind == "reply" and act.thread is not None and questions.get(act.thread, act.actor) != act.actor:
            del questions[act.thread]
    return tuple(questions)
