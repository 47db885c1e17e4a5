"""What a backtest tells: every figure, as frozen values. None stands where a figure can't be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Literal, TypeVar

from regard.evaluation.scores import By

T = TypeVar("T")
Word = Literal["kept", "same", "rank", "too little"]


@dataclass(frozen=True)
class Range:
    """An estimate with its 95 % range over draws of people."""

    estimate: float | None
    low: float | None
    high: float | None

    @property
    def told(self) -> str:
        """In words.

        >>> Range(0.0281, -0.011, 0.045).told, Range(None, None, None).told
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
    """One figure for each of the four targets."""

    resp: T
    """Distinct people who act toward someone in the window."""
    kept: T
    """Those of them who had before."""
    late: T
    """Kept, and acting in the window's second half."""
    recip: T
    """People with whom it goes both ways in the window."""


Figures = ByTarget[float | None]
Ranges = ByTarget[Range]


@dataclass(frozen=True)
class Verdict:
    """What may be said of the record."""

    word: Word
    """`kept`: kept tells better than rank; `same`: rank does as well; `rank`: rank does better; `too little`: it can't be told."""
    sentence: str
    evidence: float
    """People to whom somebody came back in the window before, mean over the origins."""
    thin: bool
    """Whether the evidence is enough and not plenty: between 30 and 60 people."""


@dataclass(frozen=True)
class Dropped:
    """A moment that could not be looked from, and why."""

    at: datetime
    why: str


@dataclass(frozen=True)
class ScoreHere:
    """One score at one origin."""

    name: str
    spearman: Figures
    """Rank correlation over active people."""
    ndcg: float | None
    """Normalised discounted cumulative gain of the first 50 of all known people, on kept."""
    partial: float | None
    """Rank correlation with kept, given the person's own acts."""


@dataclass(frozen=True)
class PairHere:
    """One score of pairs at one origin."""

    name: str
    auc: float | None
    average_precision: float | None


@dataclass(frozen=True)
class OriginResult:
    """One moment that the record was looked at from."""

    at: datetime
    bin_days: float
    window_days: float
    acts: int
    """Acts between people before it."""
    known: int
    """People who had acted or been acted toward."""
    active: int
    """Those who had acted within the window before: they are ranked."""
    newcomers: int
    """Those of the active who were first seen within it."""
    evidence: int
    """People to whom somebody came back within it."""
    came_back: int
    """Active people to whom somebody came back in the window after."""
    expected: float
    """Kept, added up over all known people."""
    actual: float
    """What came."""
    ratio: float | None
    """Expected over actual."""
    pairs: int
    """Ordered pairs that had acted."""
    again: int
    """Those that acted again in the window after."""
    scores: tuple[ScoreHere, ...]
    pair_scores: tuple[PairHere, ...]


@dataclass(frozen=True)
class ScoreMean:
    """One score over all origins, and how far `kept` is ahead of it."""

    name: str
    label: str
    by: By
    """Whose it is: `regard`, a `part` of it, `rank`, or `told` by the platform as of the day of the export."""
    rival: bool
    """Whether the verdict rests on it."""
    spearman: Figures
    ndcg: float | None
    partial: float | None
    ahead: Ranges
    """Spearman of `kept` minus this one's, with its range."""


@dataclass(frozen=True)
class PairMean:
    """One score of pairs; AUC and average precision are means over origins, the others are of all pairs of all origins together."""

    name: str
    label: str
    auc: float | None
    average_precision: float | None
    brier: float | None
    log_loss: float | None
    slope: float | None
    """Of the reliability line: 1 where chances are what they say. The last three are None for what is no chance."""


@dataclass(frozen=True)
class Level:
    """People, or pairs, who were told about the same: how much was expected of them, and what came."""

    low: float
    high: float | None
    """None for all above."""
    n: int
    expected: float
    actual: float


@dataclass(frozen=True)
class Coverage:
    """How often the 90 % range of kept held what came; people count once an origin."""

    group: Literal["active", "over 3", "newcomers"]
    """Active people toward whom anybody ever acted; everybody with kept over 3; those of the active who were new."""
    people: int
    held: float | None


@dataclass(frozen=True)
class GroupScore:
    """One score among some of the people."""

    name: str
    spearman: Figures


@dataclass(frozen=True)
class GroupAhead:
    """Kept against one rival among some of the people."""

    name: str
    ahead: Range
    """Spearman of `kept` minus the rival's, with what was kept."""


@dataclass(frozen=True)
class Group:
    """Newcomers, or the others, judged by themselves; people count once an origin."""

    people: int
    came_back: int
    """Those to whom somebody came back."""
    expected: float
    actual: float
    scores: tuple[GroupScore, ...]
    rivals: tuple[GroupAhead, ...]


@dataclass(frozen=True)
class Backtest:
    """All that a backtest tells, in the order in which it is shown."""

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
    """One of so many people of the record was looked at, with all pairs toward them; 1 but for very large records."""
    draws: int
    seed: int
    scores: tuple[ScoreMean, ...]
    best_elsewhere: Ranges
    """Spearman of kept minus that of the rank which was best on the other half of the people, both ways."""
    best_afterwards: str | None
    """The rank that was best on these very people, on kept: picked in hindsight, its `ahead` is no fair comparison."""
    pair_scores: tuple[PairMean, ...]
    reliability: tuple[Level, ...]
    """Pairs by their chance to act again, in tenths."""
    levels: tuple[Level, ...]
    """Active people by kept."""
    mean_log_ratio: float | None
    """Mean over origins of |log(expected / actual)|."""
    median_ratio: float | None
    coverage: tuple[Coverage, ...]
    newcomers: Group
    others: Group
