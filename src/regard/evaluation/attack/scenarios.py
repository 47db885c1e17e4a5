"""Scenarios: what attackers do, as acts to be planted into a copy of the base relations.

An attacker is a real person with fake accounts. Each account acts five times on the attacker, in different bins of the last window, and the
attacker answers each time. It acts three times on other accounts of the farm. It writes to two honest people, and each of them replies with
probability .05.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.engines.base import Arrays

Ints = NDArray[np.int64]

ON_ATTACKER = 5
IN_FARM = 3
SPAM = 2
P_REPLY = 0.05


@dataclass(frozen=True)
class Mode:
    """One way to attack."""

    name: str
    about: str
    replies: int
    """In how many bins an honest person replies, if they reply."""
    accomplices: int = 0
    """Real people who act, in two bins, on every account of their share of the farm."""
    close: bool = False
    """Whether an account acts on one other account in three bins, instead of once on each of three. A single act carries no weight."""


MODES = (
    Mode("one-off", "whom the spam reaches replies once", 1),
    Mode("twice", "whom the spam reaches replies in two bins", 2),
    Mode("close farm", "the same, and the farm acts repeatedly within itself", 2, close=True),
    Mode("accomplices", "the same, and three real people act repeatedly on the farm", 2, accomplices=3, close=True),
)


@dataclass(frozen=True)
class Environment:
    """The record as attackers find it: the people they can write to, and the bins in which they can act."""

    active: Ints
    """Honest people who acted in the last window."""
    next_person: int
    """The first person number that nobody has."""
    until_us: int
    bin_us: int
    bins: int
    """The number of bins, at the end of the record, that acts are spread over."""


@dataclass(frozen=True)
class PlantedActs:
    """Acts to plant. The arrays are (acts,); `time` is in microseconds since 1970."""

    actor: Ints
    target: Ints
    time: Ints

    @property
    def arrays(self) -> Arrays:
        """The acts in the form that a study takes."""
        return {"actor": self.actor.astype(np.int32), "target": self.target.astype(np.int32), "time": self.time}


@dataclass(frozen=True)
class Farm:
    """One attacker's accounts, all acts that belong to the attack, and the effort."""

    attacker: int
    accounts: Ints
    acts: PlantedActs
    replies: int
    """Honest people who reply, each counted once for each account they reply to."""
    helpers: int
    """Accomplices."""


class _ActWriter:
    """Collects acts. Each act lies in a bin that is counted back from the end of the record."""

    def __init__(self, environment: Environment, rng: np.random.Generator) -> None:
        self.environment, self.rng = environment, rng
        self.acts: list[tuple[Ints, Ints, Ints]] = []

    def draw_bins(self, rows: int, count: int) -> Ints:
        """`count` different bins for each row, or all bins if there are fewer: (rows, count)."""
        order = np.argsort(self.rng.random((rows, self.environment.bins)), axis=1)
        return np.asarray(order[:, :count], dtype=np.int64)

    def write(self, actor: Ints, target: Ints, bins: Ints, *, answered: bool = False) -> None:
        """Each actor acts on its target once in each of the bins of its row. If `answered`, the target acts back later in the same bin."""
        actor, target = np.repeat(actor, bins.shape[1]), np.repeat(target, bins.shape[1])
        before_end = self.rng.integers(1, self.environment.bin_us, bins.size) + 1
        self.acts.append((actor, target, self._time(bins.ravel(), before_end)))
        if answered:
            self.acts.append((target, actor, self._time(bins.ravel(), before_end // 2)))

    def _time(self, bins: Ints, before_end: Ints) -> Ints:
        return self.environment.until_us - bins * self.environment.bin_us - before_end

    def planted(self) -> PlantedActs:
        """All acts written."""
        acts = self.acts or [(np.zeros(0, dtype=np.int64),) * 3]
        return PlantedActs(*(np.concatenate(column) for column in zip(*acts, strict=True)))


def plan_farm(
    environment: Environment, mode: Mode, attacker: int, size: int, helpers: Ints, rng: np.random.Generator, *, offset: int = 0
) -> Farm:
    """An attacker's farm of `size` accounts. Other farms take the first `offset` numbers from `environment.next_person` on."""
    writer = _ActWriter(environment, rng)
    accounts = environment.next_person + offset + np.arange(size)
    writer.write(accounts, np.full(size, attacker), writer.draw_bins(size, ON_ATTACKER), answered=True)
    if size > 1 and mode.close:
        writer.write(accounts, np.roll(accounts, -1), writer.draw_bins(size, IN_FARM))
    elif size > 1:
        others = accounts[(np.arange(size)[:, None] + rng.integers(1, size, (size, IN_FARM))) % size]
        writer.write(np.repeat(accounts, IN_FARM), others.ravel(), writer.draw_bins(size * IN_FARM, 1))
    honest = environment.active[environment.active != attacker]
    # Each account writes to two different people: a person who gets two messages could reply twice.
    sender, reader = np.repeat(accounts, SPAM), honest[np.argsort(rng.random((size, honest.size)), axis=1)[:, :SPAM]].ravel()
    writer.write(sender, reader, writer.draw_bins(sender.size, 1))
    replies = rng.random(sender.size) < P_REPLY
    writer.write(reader[replies], sender[replies], writer.draw_bins(int(replies.sum()), mode.replies))
    helpers = helpers[: mode.accomplices]
    for number, helper in enumerate(helpers):
        share = accounts[number :: helpers.size]
        writer.write(np.full(share.size, helper), share, writer.draw_bins(share.size, 2))
    return Farm(attacker, accounts, writer.planted(), int(replies.sum()), int(helpers.size))


def plan_pod(environment: Environment, members: Ints, rng: np.random.Generator) -> PlantedActs:
    """The acts of a pod: real people who act on each other in every bin."""
    writer = _ActWriter(environment, rng)
    actor, target = (side.ravel() for side in np.meshgrid(members, members, indexing="ij"))
    different = actor != target
    every_bin = np.broadcast_to(np.arange(environment.bins), (int(different.sum()), environment.bins))
    writer.write(actor[different], target[different], every_bin)
    return writer.planted()


def concatenate(plans: list[PlantedActs]) -> PlantedActs:
    """The acts of several plans as one."""
    return PlantedActs(*(np.concatenate([getattr(plan, name) for plan in plans]) for name in ("actor", "target", "time")))
