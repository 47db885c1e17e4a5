"""The results of a backtest: every figure, as frozen values. None stands for a figure that cannot be computed.

The JSON of `regard backtest` has the names of the fields, or the name in a field's metadata (`json`). See docs/backtest.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Literal, TypeVar

from regard.evaluation.scores import By

T = TypeVar("T")
Word = Literal["kept", "same", "rank", "too little"]


@dataclass(frozen=True)
class Range:
    """An estimate with its 95 % range over bootstrap draws of people."""

    estimate: float | None
    low: float | None
    high: float | None

    @property
    def text(self) -> str:
        """The difference as text, in thousandths.

        >>> Range(0.0281, -0.011, 0.045).text, Range(None, None, None).text
        ('+.028 [−.011, +.045]', '–')
        """
        if self.estimate is None:
            return "–"
        if self.low is None or self.high is None:
            return signed(self.estimate)
        return f"{signed(self.estimate)} [{signed(self.low)}, {signed(self.high)}]"


def signed(value: float) -> str:
    """A small difference with its sign, in thousandths.

    >>> signed(0.0281), signed(-0.1), signed(0.00001)
    ('+.028', '−.100', '.000')
    """
    text = f"{abs(value):.3f}".removeprefix("0")
    return text if text == ".000" else f"{'+' if value > 0 else '−'}{text}"


@dataclass(frozen=True)
class ByTarget(Generic[T]):
    """One figure for each of the targets (targets.py). JSON and printed tables have short names for them."""

    contacted: T = field(metadata={"json": "resp"})
    """Distinct people who act toward someone in the window."""
    returned: T = field(metadata={"json": "kept"})
    """Those of them who had acted toward that person before."""
    returned_late: T = field(metadata={"json": "late"})
    """Those of the returned who act in the window's second half."""
    reciprocated: T = field(metadata={"json": "recip"})
    """People with whom it goes both ways in the window."""
    wrote: T = field(metadata={"json": "words"})
    """Those of the returned who do so by words, and not only by a reaction or share."""


Figures = ByTarget[float | None]
Ranges = ByTarget[Range]


@dataclass(frozen=True)
class Verdict:
    """What may be said of the record."""

    word: Word
    """`kept`: ahead of every rival; `same`: not shown ahead of some; `rank`: behind a rank; `too little`: the data cannot decide."""
    sentence: str
    evidence: float
    """People to whom somebody came back in the window before the origin, mean over the origins."""
    thin: bool
    """Whether the evidence is enough and not plenty: between 30 and 60 people."""


@dataclass(frozen=True)
class Dropped:
    """A moment that could not be an origin, and why."""

    at: datetime
    why: str


@dataclass(frozen=True)
class OriginScore:
    """One score at one origin."""

    name: str
    spearman: Figures
    """Rank correlation over active people."""
    ndcg: float | None
    """Normalised discounted cumulative gain of the first 50 of all known people, with `returned` as gain."""
    partial: float | None
    """Partial rank correlation with `returned`, given the person's own acts."""


@dataclass(frozen=True)
class OriginPairScore:
    """One score of pairs at one origin."""

    name: str
    auc: float | None
    average_precision: float | None


@dataclass(frozen=True)
class OriginResult:
    """All figures of one origin."""

    at: datetime
    bin_days: float
    window_days: float
    acts: int
    """Acts between people before the origin."""
    known: int
    """People who had acted or been acted toward."""
    active: int
    """People who had acted within the window before. They are ranked."""
    newcomers: int
    """Active people who were first seen within that window."""
    evidence: int
    """People to whom somebody came back within that window."""
    came_back: int
    """Active people to whom somebody came back in the window after."""
    expected: float
    """The sum of `kept` over all known people."""
    actual: float
    """The sum of the people who returned to them."""
    ratio: float | None
    """Expected over actual."""
    pairs: int
    """Ordered pairs that had acted."""
    again: int
    """Those that acted again in the window after."""
    scores: tuple[OriginScore, ...]
    pair_scores: tuple[OriginPairScore, ...]


@dataclass(frozen=True)
class ScoreMean:
    """One score over all origins, and how far `kept` is ahead of it."""

    name: str
    label: str
    by: By
    rival: bool
    """Whether the verdict rests on it."""
    spearman: Figures
    ceiling: float | None
    """What its Spearman with `returned` would be if the chances behind `kept` were exactly true. For `kept`, nothing can do better then."""
    ndcg: float | None
    partial: float | None
    ahead: Ranges
    """Spearman of `kept` less that of this score, with its range."""


@dataclass(frozen=True)
class PairMean:
    """One score of pairs. AUC and average precision are means over origins, the other figures are of all pairs of all origins together."""

    name: str
    label: str
    auc: float | None
    average_precision: float | None
    brier: float | None
    log_loss: float | None
    slope: float | None
    """Slope of the reliability line, 1 if the chances are calibrated. The last three figures are None for a score that is no chance."""


@dataclass(frozen=True)
class Level:
    """People, or pairs, with a similar prediction: how much was expected of them together, and what happened."""

    low: float
    high: float | None
    """None for the last level, which has no upper end."""
    n: int
    expected: float
    actual: float


@dataclass(frozen=True)
class Coverage:
    """How often the 90 % range of `kept` contained the number of people who returned. A person counts once for each origin."""

    group: Literal["active", "over 3", "newcomers"]
    """Active people toward whom anybody ever acted; everybody with `kept` over 3; newcomers among those active people."""
    people: int
    held: float | None
    """Share of people whose range contained the number."""


@dataclass(frozen=True)
class GroupScore:
    """One score within a group of people."""

    name: str
    spearman: Figures


@dataclass(frozen=True)
class GroupAhead:
    """`kept` against one rival within a group of people."""

    name: str
    ahead: Range
    """Spearman of `kept` less that of the rival, with the people who returned."""


@dataclass(frozen=True)
class Group:
    """Newcomers, or the other active people, judged on their own. A person counts once for each origin."""

    people: int
    came_back: int
    """People of the group to whom somebody came back."""
    expected: float
    actual: float
    scores: tuple[GroupScore, ...]
    rivals: tuple[GroupAhead, ...]


@dataclass(frozen=True)
class Backtest:
    """All results of a backtest, in the order in which they are shown."""

    title: str
    version: str
    acts: int
    """Acts between people in the whole record."""
    verdict: Verdict
    origins: tuple[OriginResult, ...]
    dropped: tuple[Dropped, ...]
    judged: int
    """Different people who were active at any origin."""
    one_in: int
    """One of so many people of the record was evaluated, with all pairs toward them; 1 except for very large records."""
    draws: int
    seed: int
    scores: tuple[ScoreMean, ...]
    best_elsewhere: Ranges
    """Spearman of `kept` less that of the rank which was best on the other half of the people, both ways."""
    best_afterwards: str | None
    """The rank that correlates best with `returned` on these very people. Picked in hindsight, so its `ahead` is no fair comparison."""
    pair_scores: tuple[PairMean, ...]
    reliability: tuple[Level, ...]
    """Pairs by their chance to act again, in tenths."""
    levels: tuple[Level, ...]
    """Active people by `kept`."""
    mean_log_ratio: float | None
    """Mean over origins of |log(expected / actual)|."""
    median_ratio: float | None
    coverage: tuple[Coverage, ...]
    newcomers: Group
    others: Group
