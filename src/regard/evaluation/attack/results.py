"""The results of an attack: every figure, as frozen values. None stands for a figure that cannot be computed.

The JSON of `regard attack` has the names of the fields. See docs/attack.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Word = Literal["dear", "cheap", "too little"]


@dataclass(frozen=True)
class Mean:
    """A mean over attackers, with the 90 % range of the means of as many attackers drawn again."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Standing:
    """The attacker's percentile among active people by one score, from 0 to 1."""

    name: str
    label: str
    before: Mean
    after: Mean


@dataclass(frozen=True)
class Clean:
    """The same attack, with models fitted on the record without it. The difference is what the attack gains by influencing the fits."""

    kept: Mean
    vouched: Mean
    percentile_kept: Mean
    percentile_vouched: Mean


@dataclass(frozen=True)
class Raid:
    """One mode of attack, with one number of accounts."""

    mode: str
    about: str
    accounts: int
    attackers: int
    at_once: int
    """Attackers planted in one copy of the record."""
    standings: tuple[Standing, ...]
    kept: Mean
    """People that the accounts bring, as `kept` counts them."""
    vouched: Mean
    """The same as `kept_vouched` counts them: the people bought."""
    bound: Mean
    """The most that any accounts could bring with the attention that these accounts won."""
    within: bool
    """Whether the bound held for every attacker."""
    replies: Mean
    """Honest people who replied, each counted once for each account they replied to."""
    helpers: int
    """Accomplices."""
    price: Mean | None
    """People bought for each reply won; None if nobody replied, or with accomplices."""
    price_helper: Mean | None
    """People bought for each accomplice, beyond the people that the replies buy."""
    clean: Clean | None
    """For the largest farms only."""


@dataclass(frozen=True)
class PodScore:
    """What the members of pods gain by one score."""

    name: str
    label: str
    each: Mean
    """People, for one member."""
    together: Mean
    """People, for all members of a pod."""
    before: Mean
    """Percentile of a member."""
    after: Mean


@dataclass(frozen=True)
class Pods:
    """Real people who act on each other in every bin of the last window."""

    members: int
    """Members of each pod."""
    pods: int
    scores: tuple[PodScore, ...]


@dataclass(frozen=True)
class Verdict:
    """What may be said of the record."""

    word: Word
    """`dear`: one-off replies buy next to nothing; `cheap`: they buy something; `too little`: too few people to try it on."""
    sentence: str


@dataclass(frozen=True)
class Seeds:
    """The people from whom the walk of `vouched` starts, in the record without attackers."""

    people: int
    why: dict[str, int]
    """How many people are seeds for each reason."""
    names: tuple[str, ...]
    """Some of them, elders first."""


@dataclass(frozen=True)
class Attack:
    """All results of an attack, in the order in which they are shown."""

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
