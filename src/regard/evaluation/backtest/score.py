"""From snapshots to figures of scores: each origin on its own, then the means over origins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from regard.base.text import utc_datetime
from regard.evaluation import metrics
from regard.evaluation.backtest.results import (
    ByTarget,
    Figures,
    Group,
    GroupAhead,
    GroupScore,
    OriginPairScore,
    OriginResult,
    OriginScore,
    PairMean,
    Range,
    Ranges,
    ScoreMean,
)  # fmt: skip
from regard.evaluation.backtest.snapshot import Snapshot, pool_pairs
from regard.evaluation.baselines import RIVALS
from regard.evaluation.bootstrap import Correlations, Resampling, Sample, bootstrap, percentile_interval
from regard.evaluation.scores import By, PairScore, Score
from regard.evaluation.targets import TARGETS
from regard.measures.base import MICRO_DAY

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

NDCG_FIRST = 50
"""People at the top that NDCG looks at."""
OWN_ACTS = "acts_out"
"""The score that is given in the partial correlation."""
RETURNED = TARGETS.index("returned")


def finite(value: float) -> float | None:
    """The value, or None for NaN."""
    return float(value) if np.isfinite(value) else None


def by_target(values: Sequence[float] | Floats) -> Figures:
    """Figures in the order of the targets."""
    return ByTarget(*(finite(float(value)) for value in values))


def select_people(snapshot: Snapshot, members: Bools, names: Sequence[str]) -> Sample:
    """Some people of a snapshot, with the scores of these names and all targets."""
    targets = {name: values[members] for name, values in snapshot.targets.items()}
    return Sample(snapshot.positions[members], {name: snapshot.scores[name][members] for name in names}, targets)


def score_origin(snapshot: Snapshot) -> OriginResult:
    """All figures of one origin."""
    timescale, returned, pairs = snapshot.timescale, snapshot.targets["returned"], snapshot.pairs
    expected, actual = float(snapshot.scores["kept"].sum()), float(returned.sum())
    return OriginResult(
        at=utc_datetime(timescale.until_us),
        bin_days=timescale.bin_us / MICRO_DAY,
        window_days=timescale.window_us / MICRO_DAY,
        acts=timescale.acts,
        known=int(snapshot.positions.size),
        active=int(snapshot.active.sum()),
        newcomers=int((snapshot.active & snapshot.newcomer).sum()),
        evidence=snapshot.evidence,
        came_back=int((returned[snapshot.active] > 0).sum()),
        expected=expected,
        actual=actual,
        ratio=expected / actual if actual > 0 else None,
        pairs=int(pairs.returned.size),
        again=int(pairs.returned.sum()),
        scores=_score_people(snapshot),
        pair_scores=tuple(
            OriginPairScore(name, finite(metrics.auc(values, pairs.returned)), finite(metrics.average_precision(values, pairs.returned)))
            for name, values in pairs.scores.items()
        ),
    )


def _score_people(snapshot: Snapshot) -> tuple[OriginScore, ...]:
    names = [*snapshot.scores]
    active = select_people(snapshot, snapshot.active, names)
    correlations = Correlations([active], names, TARGETS).observed()
    own_acts = correlations[names.index(OWN_ACTS), RETURNED]
    return tuple(
        OriginScore(
            name,
            by_target(correlations[i]),
            finite(metrics.ndcg(snapshot.scores[name], snapshot.targets["returned"], NDCG_FIRST)),
            finite(metrics.partial(correlations[i, RETURNED], own_acts, metrics.spearman(active.scores[name], active.scores[OWN_ACTS]))),
        )
        for i, name in enumerate(names)
    )


def average_scores(
    scores: Sequence[Score], origins: Sequence[OriginResult], observed: Floats, drawn: Floats, ceilings: Mapping[str, float]
) -> tuple[ScoreMean, ...]:
    """Each score over all origins, from correlations (scores, targets) and their draws (scores, targets, draws); the first is `kept`."""
    return tuple(
        ScoreMean(
            score.name,
            score.label,
            score.by,
            score.name in RIVALS,
            by_target(observed[i]),
            finite(ceilings.get(score.name, np.nan)),
            _mean([result.ndcg for origin in origins for result in origin.scores if result.name == score.name]),
            _mean([result.partial for origin in origins for result in origin.scores if result.name == score.name]),
            ranges_by_target(observed[0] - observed[i], drawn[0] - drawn[i]),
        )
        for i, score in enumerate(scores)
    )


def range_of_draws(estimate: float, drawn: Floats) -> Range:
    """An estimate with the 95 % range of its draws (draws,)."""
    low, high = percentile_interval(drawn)
    return Range(finite(estimate), finite(low), finite(high))


def ranges_by_target(estimates: Floats, drawn: Floats) -> Ranges:
    """A range for each target, from (targets,) and (targets, draws)."""
    return ByTarget(*(range_of_draws(float(estimates[j]), drawn[j]) for j in range(len(TARGETS))))


def best_afterwards(means: Sequence[ScoreMean]) -> str | None:
    """The rank that correlates best with `returned` on these very people."""
    ranks = [(mean.spearman.returned, mean.name) for mean in means if mean.by is By.RANK and mean.spearman.returned is not None]
    return max(ranks)[1] if ranks else None


def average_pair_scores(
    scores: Sequence[PairScore], snapshots: Sequence[Snapshot], origins: Sequence[OriginResult]
) -> tuple[PairMean, ...]:
    """Each score of pairs over all origins."""
    results = [result for origin in origins for result in origin.pair_scores]
    return tuple(_average_pair_score(score, snapshots, [result for result in results if result.name == score.name]) for score in scores)


def _average_pair_score(score: PairScore, snapshots: Sequence[Snapshot], results: Sequence[OriginPairScore]) -> PairMean:
    auc, precision = _mean([result.auc for result in results]), _mean([result.average_precision for result in results])
    if not score.is_chance or not snapshots:
        return PairMean(score.name, score.label, auc, precision, None, None, None)
    chances, returned = pool_pairs(snapshots, score.name)
    figures = (finite(metric(chances, returned)) for metric in (metrics.brier, metrics.log_loss, metrics.slope))
    return PairMean(score.name, score.label, auc, precision, *figures)


def score_group(snapshots: Sequence[Snapshot], members: Sequence[Bools], names: Sequence[str], resampling: Resampling) -> Group:
    """Some of the active people on their own; `members` has one mask (people,) for each snapshot."""
    compared = [name for name in names if name in ("kept", *RIVALS)]
    every_score, rivals = (
        Correlations([select_people(snapshot, mask, some) for snapshot, mask in zip(snapshots, members, strict=True)], some, TARGETS)
        for some in (names, compared)
    )
    observed, drawn, figures = rivals.observed(), bootstrap(rivals, resampling), every_score.observed()
    kept, returned = (
        np.concatenate([np.zeros(0), *(values[mask] for values, mask in zip(columns, members, strict=True))])
        for columns in ([snapshot.scores["kept"] for snapshot in snapshots], [snapshot.targets["returned"] for snapshot in snapshots])
    )
    return Group(
        int(kept.size),
        int((returned > 0).sum()),
        float(kept.sum()),
        float(returned.sum()),
        tuple(GroupScore(name, by_target(figures[i])) for i, name in enumerate(names)),
        tuple(
            GroupAhead(name, range_of_draws(observed[0, RETURNED] - observed[i, RETURNED], drawn[0, RETURNED] - drawn[i, RETURNED]))
            for i, name in enumerate(compared)
            if i
        ),
    )


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None
