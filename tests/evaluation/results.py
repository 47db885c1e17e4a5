"""Invented results of a backtest, so that a surface can be tested without any record."""

from __future__ import annotations

from datetime import UTC, datetime

from regard.evaluation.backtest.results import (
    Backtest,
    ByTarget,
    Coverage,
    Dropped,
    Figures,
    Group,
    GroupAhead,
    GroupScore,
    Level,
    OriginPairScore,
    OriginResult,
    OriginScore,
    PairMean,
    Range,
    ScoreMean,
)
from regard.evaluation.backtest.verdict import decide
from regard.evaluation.scores import By

UNKNOWN = Range(None, None, None)


def every(value: float | None) -> Figures:
    """The same value for each target."""
    return ByTarget(value, value, value, value, value)


def mean(name: str, label: str, kept: float | None, ahead: Range, by: By = By.RANK, rival: bool = False) -> ScoreMean:
    """A score over all origins."""
    return ScoreMean(
        name,
        label,
        by,
        rival,
        every(kept),
        0.66 if kept else None,
        0.7 if kept else None,
        0.31 if kept else None,
        ByTarget(ahead, ahead, ahead, ahead, ahead),
    )


def rivals(*ahead: tuple[float, float]) -> tuple[ScoreMean, ...]:
    """Some of the rivals, each with the range by which kept is ahead of it."""
    names = ("people_ever", "decayed", "recent")
    labels = ("distinct people ever", "decayed acts in", "recent people")
    return tuple(
        mean(name, label, 0.5, Range((low + high) / 2, low, high), rival=True)
        for name, label, (low, high) in zip(names, labels, ahead, strict=True)
    )


def origin(evidence: int = 80, came_back: int = 70) -> OriginResult:
    """One origin."""
    return OriginResult(
        at=datetime(2024, 5, 1, 8, 30, tzinfo=UTC), bin_days=1.0, window_days=28.0, acts=12_345, known=900, active=400, newcomers=120,
        evidence=evidence, came_back=came_back, expected=310.5, actual=290.0, ratio=310.5 / 290, pairs=2_000, again=290,
        scores=(OriginScore("kept", every(0.6), 0.71, None),), pair_scores=(OriginPairScore("p_return", 0.8, 0.3),),
    )  # fmt: skip


def sample() -> Backtest:
    """A backtest with something in every place, and one score of each kind."""
    scores = (
        mean("kept", "kept", 0.612, Range(0.0, 0.0, 0.0), By.REGARD),
        mean("alive_model", "BG/BB alone", 0.601, Range(0.011, -0.002, 0.02), By.PART),
        *rivals((0.02, 0.08), (0.011, 0.045), (0.017, 0.05)),
        mean("k_core", "k-core", None, UNKNOWN),
        mean("followers", "followers", -0.05, Range(0.662, 0.5, 0.8), By.PLATFORM),
    )
    origins = (origin(), origin(70, 60))
    group = Group(800, 130, 601.0, 580.0, (GroupScore("kept", every(0.6)),), (GroupAhead("recent", Range(0.03, -0.01, 0.07)),))
    return Backtest(
        title="a community",
        version="0.1",
        acts=20_000,
        verdict=decide(20_000, origins, scores, Range(0.036, 0.018, 0.057)),
        origins=origins,
        dropped=(Dropped(datetime(2024, 9, 1, tzinfo=UTC), "the record ends before its window of 28 days does"),),
        judged=512,
        one_in=1,
        draws=2_000,
        seed=1,
        scores=scores,
        best_elsewhere=ByTarget(*(Range(0.036, 0.018, 0.057),) * 5),
        best_afterwards="decayed",
        pair_scores=(
            PairMean("p_return", "p_return", 0.878, 0.21, 0.06, 0.192, 0.97),
            PairMean("acts", "acts", 0.7, 0.1, None, None, None),
        ),
        reliability=(Level(0.0, 0.1, 3_000, 90.5, 88.0), Level(0.1, 0.2, 0, 0.0, 0.0), Level(0.9, None, 40, 38.2, 37.0)),
        levels=(Level(0.0, 0.5, 500, 80.1, 71.0), Level(10.0, None, 3, 36.6, 31.0)),
        mean_log_ratio=0.07,
        median_ratio=1.07,
        coverage=(Coverage("active", 700, 0.94), Coverage("over 3", 60, 0.9), Coverage("newcomers", 0, None)),
        newcomers=group,
        others=group,
    )
