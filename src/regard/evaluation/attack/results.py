"""What an attack tells: every figure, as frozen values. None stands where a figure can't be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Word = Literal["dear", "cheap", "too little"]


@dataclass(frozen=True)
class Mean:
    """A mean over attackers, and where 90 of 100 means of as many attackers drawn again lie."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Standing:
    """Where the attacker stands among active people by one score, 0 to 1."""

    name: str
    label: str
    before: Mean
    after: Mean


@dataclass(frozen=True)
class Clean:
    """The same attack, chances fitted on the record without it: what it gains by being there when they are fitted is the difference."""

    kept: Mean
    vouched: Mean
    percentile_kept: Mean
    percentile_vouched: Mean


@dataclass(frozen=True)
class Raid:
    """One way to go about it, with so many accounts."""

    mode: str
    about: str
    accounts: int
    attackers: int
    at_once: int
    """Attackers planted in one copy of the record."""
    standings: tuple[Standing, ...]
    kept: Mean
    """People the accounts bring, as `kept` counts them."""
    vouched: Mean
    """The same by `kept_vouched`: people bought."""
    bound: Mean
    """The most that any accounts could have brought with the attention that these won."""
    within: bool
    """Whether the bound held for every attacker."""
    replies: Mean
    """Honest people who replied, once for each account they replied to."""
    helpers: int
    price: Mean | None
    """People bought for each reply won; None where nobody replied, and with accomplices."""
    price_helper: Mean | None
    """People bought for each accomplice, beyond what the replies buy."""
    clean: Clean | None
    """Of the largest farms only."""


@dataclass(frozen=True)
class PodScore:
    """What the members of pods gain by one count of people."""

    name: str
    label: str
    each: Mean
    together: Mean
    """People, for all members of a pod."""
    before: Mean
    """Percentile of a member."""
    after: Mean


@dataclass(frozen=True)
class Pods:
    """Real people who act on each other in every bin of the last window."""

    members: int
    pods: int
    scores: tuple[PodScore, ...]


@dataclass(frozen=True)
class Verdict:
    """What may be said."""

    word: Word
    """`dear`: one-off replies buy nothing worth a mention; `cheap`: they do; `too little` people to try it on."""
    sentence: str


@dataclass(frozen=True)
class Seeds:
    """From whom the walk starts, in the record without attackers."""

    people: int
    why: dict[str, int]
    names: tuple[str, ...]
    """Some of them, elders first."""


@dataclass(frozen=True)
class Attack:
    """All that an attack tells, in the order in which it is shown."""

    title: str
    version: str
    acts: int
    people: int
    active: int
    bin_days: float
    window_days: float
    gate: bool
    """Whether attention given in a single bin carries nothing."""
    seeds: Seeds
    random_seed: int
    verdict: Verdict
    raids: tuple[Raid, ...]
    pods: Pods | None
