"""From cuts to figures: each origin by itself, then all of them together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from regard.base.text import utc_datetime
from regard.evaluation import metrics
from regard.evaluation.backtest.results import (
    ByTarget,
    Coverage,
    Figures,
    Group,
    GroupAhead,
    GroupScore,
    Level,
    OriginResult,
    PairHere,
    PairMean,
    Range,
    ScoreHere,
    ScoreMean,
)  # fmt: skip
from regard.evaluation.backtest.snapshot import Cut
from regard.evaluation.baselines import RIVALS
from regard.evaluation.bootstrap import Draws, Plan, Sample, between, bootstrap
from regard.evaluation.scores import PairScore, Score
from regard.evaluation.targets import TARGETS
from regard.measures.base import MICRO_DAY

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FIRST = 50
"""People at the top whom NDCG looks at."""
OWN = "acts_out"
"""The score that is given in the partial correlation."""
KEPT = TARGETS.index("kept")
LEVELS = (0.0, 0.5, 1.0, 3.0, 10.0)
TENTHS = tuple(n / 10 for n in range(10))


def known(value: float) -> float | None:
    """A figure, or None for one that can't be told."""
    return float(value) if np.isfinite(value) else None


def by_target(values: Sequence[float] | Floats) -> Figures:
    """Four figures in the order of the targets."""
    resp, kept, late, recip = (known(float(value)) for value in values)
    return ByTarget(resp, kept, late, recip)


def sample(cut: Cut, members: Bools, names: Sequence[str]) -> Sample:
    """Some people of a cut."""
    targets = {name: values[members] for name, values in cut.targets.items()}
    return Sample(cut.place[members], {name: cut.scores[name][members] for name in names}, targets)


def origin(cut: Cut) -> OriginResult:
    """What was seen, and how each score did, at one origin."""
    timescale, came = cut.timescale, cut.targets["kept"]
    expected, actual = float(cut.scores["kept"].sum()), float(came.sum())
    return OriginResult(
        at=utc_datetime(timescale.until_us),
        bin_days=timescale.bin_us / MICRO_DAY,
        window_days=timescale.window_us / MICRO_DAY,
        acts=timescale.acts,
        known=int(cut.place.size),
        active=int(cut.active.sum()),
        newcomers=int((cut.active & cut.newcomer).sum()),
        evidence=cut.evidence,
        came_back=int((came[cut.active] > 0).sum()),
        expected=expected,
        actual=actual,
        ratio=expected / actual if actual > 0 else None,
        pairs=int(cut.pairs.again.size),
        again=int(cut.pairs.again.sum()),
        scores=_scores(cut),
        pair_scores=tuple(
            PairHere(name, known(metrics.auc(values, cut.pairs.again)), known(metrics.average_precision(values, cut.pairs.again)))
            for name, values in cut.pairs.scores.items()
        ),
    )


def _scores(cut: Cut) -> tuple[ScoreHere, ...]:
    names = [*cut.scores]
    mine = sample(cut, cut.active, names)
    found = Draws([mine], names, TARGETS).here()
    given = found[names.index(OWN), KEPT]
    return tuple(
        ScoreHere(
            name,
            by_target(found[i]),
            known(metrics.ndcg(cut.scores[name], cut.targets["kept"], FIRST)),
            known(metrics.partial(found[i, KEPT], given, metrics.spearman(mine.scores[name], mine.scores[OWN]))),
        )
        for i, name in enumerate(names)
    )


def score_means(scores: Sequence[Score], origins: Sequence[OriginResult], here: Floats, drawn: Floats) -> tuple[ScoreMean, ...]:
    """Each score over all origins; `here` is (scores, targets), `new_contacts` (scores, targets, draws), the first of them `kept`."""
    return tuple(
        ScoreMean(
            score.name,
            score.label,
            score.by,
            score.name in RIVALS,
            by_target(here[i]),
            _mean([one.ndcg for origin in origins for one in origin.scores if one.name == score.name]),
            _mean([one.partial for origin in origins for one in origin.scores if one.name == score.name]),
            ranges(here[0] - here[i], drawn[0] - drawn[i]),
        )
        for i, score in enumerate(scores)
    )


def ahead(estimate: float, draws: Floats) -> Range:
    """A difference and its 95 % range."""
    low, high = between(draws)
    return Range(known(estimate), known(low), known(high))


def ranges(here: Floats, drawn: Floats) -> ByTarget[Range]:
    """A difference for each target: (targets,), and (targets, draws)."""
    resp, kept, late, recip = (ahead(float(here[j]), drawn[j]) for j in range(len(TARGETS)))
    return ByTarget(resp, kept, late, recip)


def best_afterwards(means: Sequence[ScoreMean]) -> str | None:
    """The rank that did best on these very people."""
    told = [(mean.spearman.kept, mean.name) for mean in means if mean.by == "rank" and mean.spearman.kept is not None]
    return max(told)[1] if told else None


def pair_means(scores: Sequence[PairScore], cuts: Sequence[Cut], origins: Sequence[OriginResult]) -> tuple[PairMean, ...]:
    """Each score of pairs over all origins."""
    return tuple(
        _pair_mean(score, cuts, [one for origin in origins for one in origin.pair_scores if one.name == score.name]) for score in scores
    )


def _pair_mean(score: PairScore, cuts: Sequence[Cut], here: Sequence[PairHere]) -> PairMean:
    auc, precision = _mean([one.auc for one in here]), _mean([one.average_precision for one in here])
    if not score.chance or not cuts:
        return PairMean(score.name, score.label, auc, precision, None, None, None)
    chances, again = pooled(cuts, score.name)
    told = (known(figure(chances, again)) for figure in (metrics.brier, metrics.log_loss, metrics.slope))
    return PairMean(score.name, score.label, auc, precision, *told)


def pooled(cuts: Sequence[Cut], name: str) -> tuple[Floats, Bools]:
    """A score of pairs, and whether they acted again, over all cuts."""
    return np.concatenate([cut.pairs.scores[name] for cut in cuts]), np.concatenate([cut.pairs.again for cut in cuts])


def reliability(cuts: Sequence[Cut], name: str) -> tuple[Level, ...]:
    """Pairs by their chance, in tenths."""
    return _levels(*pooled(cuts, name), TENTHS) if cuts else ()


def levels(cuts: Sequence[Cut]) -> tuple[Level, ...]:
    """Active people by kept."""
    if not cuts:
        return ()
    expected = np.concatenate([cut.scores["kept"][cut.active] for cut in cuts])
    return _levels(expected, np.concatenate([cut.targets["kept"][cut.active] for cut in cuts]), LEVELS)


def _levels(expected: Floats, actual: Floats | Bools, borders: Sequence[float]) -> tuple[Level, ...]:
    place = np.digitize(expected, borders) - 1
    counts, total, came = (np.bincount(place, weights, len(borders)) for weights in (None, expected, actual))
    ends = (*borders[1:], None)
    return tuple(
        Level(low, high, int(counts[i]), float(total[i]), float(came[i])) for i, (low, high) in enumerate(zip(borders, ends, strict=True))
    )


def ratios(origins: Sequence[OriginResult]) -> tuple[float | None, float | None]:
    """Mean |log(expected / actual)| and the median of expected / actual."""
    told = [origin.ratio for origin in origins if origin.ratio]
    return (float(np.mean(np.abs(np.log(told)))), float(median(told))) if told else (None, None)


def coverage(cuts: Sequence[Cut]) -> tuple[Coverage, ...]:
    """How often the range of kept held what came."""
    groups: tuple[tuple[Literal["active", "over 3", "newcomers"], Callable[[Cut], Bools]], ...] = (
        ("active", lambda cut: cut.active & cut.tied),
        ("over 3", lambda cut: cut.scores["kept"] > 3),
        ("newcomers", lambda cut: cut.active & cut.tied & cut.newcomer),
    )
    found = []
    for name, members in groups:
        held = np.concatenate([np.zeros(0, dtype=bool), *(cut.covered[members(cut)] for cut in cuts)])
        found.append(Coverage(name, int(held.size), float(held.mean()) if held.size else None))
    return tuple(found)


def group(cuts: Sequence[Cut], members: Sequence[Bools], names: Sequence[str], plan: Plan) -> Group:
    """Some of the active people by themselves."""
    compared = [name for name in names if name in ("kept", *RIVALS)]
    whole, few = (
        Draws([sample(cut, mask, some) for cut, mask in zip(cuts, members, strict=True)], some, TARGETS) for some in (names, compared)
    )
    here, drawn, found = few.here(), bootstrap(few, plan), whole.here()
    kept, came = (
        np.concatenate([np.zeros(0), *(values[mask] for values, mask in zip(columns, members, strict=True))])
        for columns in ([cut.scores["kept"] for cut in cuts], [cut.targets["kept"] for cut in cuts])
    )
    return Group(
        int(kept.size),
        int((came > 0).sum()),
        float(kept.sum()),
        float(came.sum()),
        tuple(GroupScore(name, by_target(found[i])) for i, name in enumerate(names)),
        tuple(
            GroupAhead(name, ahead(here[0, KEPT] - here[i, KEPT], drawn[0, KEPT] - drawn[i, KEPT])) for i, name in enumerate(compared) if i
        ),
    )


def _mean(values: Sequence[float | None]) -> float | None:
    told = [value for value in values if value is not None]
    return float(np.mean(told)) if told else None
