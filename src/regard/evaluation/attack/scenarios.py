"""What attackers do: the acts that are planted into a copy of what the measures start from.

An attacker is a real person with fake accounts. Each account acts five times on the attacker, in different bins of the last window, and
is answered each time; it acts three times on other accounts of the farm; and it writes to two honest people, who reply with chance .05.
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
REPLY = 0.05


@dataclass(frozen=True)
class Mode:
    """One way to go about it."""

    name: str
    about: str
    replies: int
    """In how many bins an honest person who replies does so."""
    accomplices: int = 0
    """Real people who act on every account of their part of the farm, in two bins."""
    close: bool = False
    """Whether an account acts on one other of the farm in three bins, and not once on three: it knows that one act counts for nothing."""


MODES = (
    Mode("one-off", "whom the spam reaches replies once", 1),
    Mode("twice", "whom the spam reaches replies in two bins", 2),
    Mode("close farm", "the same, and the farm acts repeatedly within itself", 2, close=True),
    Mode("accomplices", "the same, and three real people act repeatedly on the farm", 2, accomplices=3, close=True),
)


@dataclass(frozen=True)
class Ground:
    """What an attack finds: who can be written to, and when one can act."""

    active: Ints
    """Honest people who acted in the last window."""
    free: int
    """The first person number that nobody has."""
    until_us: int
    bin_us: int
    bins: int
    """Bins that acts are spread over, the last ones."""


@dataclass(frozen=True)
class Planted:
    """Acts to plant: who, toward whom, when."""

    actor: Ints
    target: Ints
    time: Ints

    @property
    def arrays(self) -> Arrays:
        """As a study takes them."""
        return {"actor": self.actor.astype(np.int32), "target": self.target.astype(np.int32), "time": self.time}


@dataclass(frozen=True)
class Farm:
    """One attacker's accounts, what they and others do, and what it took."""

    attacker: int
    accounts: Ints
    acts: Planted
    replies: int
    """Honest people won, each counted once for each account they replied to."""
    helpers: int
    """Accomplices."""


class _Diary:
    """Collects acts, each in a bin counted back from the end."""

    def __init__(self, ground: Ground, dice: np.random.Generator) -> None:
        self.ground, self.dice = ground, dice
        self.acts: list[tuple[Ints, Ints, Ints]] = []

    def bins(self, rows: int, count: int) -> Ints:
        """So many different bins for each row, or all there are."""
        order = np.argsort(self.dice.random((rows, self.ground.bins)), axis=1)
        return np.asarray(order[:, :count], dtype=np.int64)

    def write(self, actor: Ints, target: Ints, bins: Ints, *, answered: bool = False) -> None:
        """Each actor acts on its target once in each of the bins of its row; answers come later in the same bin."""
        actor, target = np.repeat(actor, bins.shape[1]), np.repeat(target, bins.shape[1])
        before_end = self.dice.integers(1, self.ground.bin_us, bins.size) + 1
        self.acts.append((actor, target, self._time(bins.ravel(), before_end)))
        if answered:
            self.acts.append((target, actor, self._time(bins.ravel(), before_end // 2)))

    def _time(self, bins: Ints, before_end: Ints) -> Ints:
        return self.ground.until_us - bins * self.ground.bin_us - before_end

    def planted(self) -> Planted:
        """All of it."""
        parts = self.acts or [(np.zeros(0, dtype=np.int64),) * 3]
        return Planted(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def farm(ground: Ground, mode: Mode, attacker: int, size: int, helpers: Ints, dice: np.random.Generator, *, before: int = 0) -> Farm:
    """An attacker's farm of so many accounts; `before` numbers after `ground.free` are taken by other farms."""
    diary = _Diary(ground, dice)
    accounts = ground.free + before + np.arange(size)
    everyone = np.full(size, attacker)
    diary.write(accounts, everyone, diary.bins(size, ON_ATTACKER), answered=True)
    if size > 1 and mode.close:
        diary.write(accounts, np.roll(accounts, -1), diary.bins(size, IN_FARM))
    elif size > 1:
        others = accounts[(np.arange(size)[:, None] + dice.integers(1, size, (size, IN_FARM))) % size]
        diary.write(np.repeat(accounts, IN_FARM), others.ravel(), diary.bins(size * IN_FARM, 1))
    honest = ground.active[ground.active != attacker]
    # Two different people: one who is reached twice could reply twice.
    writer, reader = np.repeat(accounts, SPAM), honest[np.argsort(dice.random((size, honest.size)), axis=1)[:, :SPAM]].ravel()
    diary.write(writer, reader, diary.bins(writer.size, 1))
    won = dice.random(writer.size) < REPLY
    diary.write(reader[won], writer[won], diary.bins(int(won.sum()), mode.replies))
    helpers = helpers[: mode.accomplices]
    for part, helper in enumerate(helpers):
        mine = accounts[part :: helpers.size]
        diary.write(np.full(mine.size, helper), mine, diary.bins(mine.size, 2))
    return Farm(attacker, accounts, diary.planted(), int(won.sum()), int(helpers.size))


def pod(ground: Ground, members: Ints, dice: np.random.Generator) -> Planted:
    """Real people who act on each other in every bin."""
    diary = _Diary(ground, dice)
    one, other = (side.ravel() for side in np.meshgrid(members, members, indexing="ij"))
    apart = one != other
    every = np.broadcast_to(np.arange(ground.bins), (int(apart.sum()), ground.bins))
    diary.write(one[apart], other[apart], every)
    return diary.planted()


def joined(parts: list[Planted]) -> Planted:
    """Acts of several plans as one."""
    return Planted(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("actor", "target", "time")))
