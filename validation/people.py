"""Part of the page: who keeps people? Rank correlations of kept and of rank with the people who came back."""

from __future__ import annotations

from collections.abc import Sequence

from drawing import Axis, Dot, Series, rows
from set_results import ELSEWHERE, RETURNED, SetResult
from tables import Part, figure, picture, span, starred, table, with_range
from uncertainty import mean_of, range_of

from regard.evaluation.backtest.results import Range
from regard.evaluation.backtest.snapshot import SCORES
from regard.evaluation.baselines import RIVALS
from regard.evaluation.bootstrap import Resampling
from regard.measures.influence.evidence import ENOUGH_KEPT

LABELS = {score.name: score.label for score in SCORES} | {ELSEWHERE: "the best picked elsewhere"}
AGAINST = (*RIVALS, ELSEWHERE)


def section(sets: Sequence[SetResult], resampling: Resampling) -> Part:
    """The part about people."""
    lines = [
        "## Who keeps people?",
        "",
        "Spearman's rank correlation with the people who came back, over active people, mean over the moments: kept's own, and by how "
        "much kept "
        'is ahead of rank. "The best picked elsewhere" is the rank, of all 16, that did best on the other half of the people. Ranges of '
        "95 % are over draws of people; * marks differences clear of 0.",
        *picture("lead", "By how much kept is ahead of each kind of rank, in each set"),
        *table(
            [
                "set",
                "acts",
                "active people",
                "bin / window (d)",
                "people with somebody back before",
                "kept",
                *(f"over {LABELS[name]}" for name in AGAINST),
            ],
            [_row(result) for result in sets],
        ),
        "",
        "What `regard backtest` says of each:",
        "",
        *(f"- **{result.name}**: {result.backtest.verdict.sentence}{_dropped(result)}" for result in sets),
        "",
        "Means over sets, each counting alike; ranges are over draws of people within each set, not of sets.",
        *table(
            ["sets", "kept", *(f"over {LABELS[name]}" for name in AGAINST)],
            [
                [
                    f"{label}: {len(some)}",
                    with_range(mean_score(some, "kept", resampling), 3),
                    *(_over(some, name, resampling) for name in AGAINST),
                ]
                for label, some in _groups(sets)
            ],
        ),
        "",
        "Every score, mean over the sets that have it:",
        *table(["score", "sets", "Spearman", "kept ahead by"], _scores(sets, resampling)),
    ]
    return Part(lines, {"lead": _lead([result for result in sets if result.snapshots])})


def _row(result: SetResult) -> list[str]:
    origins = result.backtest.origins
    return [
        result.name,
        f"{result.backtest.acts:,}",
        span([origin.active for origin in origins]),
        "; ".join(dict.fromkeys(f"{origin.bin_days:g}/{origin.window_days:g}" for origin in origins)) or "–",
        f"{int(result.backtest.verdict.evidence):,}",
        with_range(spearman_of_kept(result), 3),
        *(starred(result.ahead(name)) for name in AGAINST),
    ]


def spearman_of_kept(result: SetResult) -> Range:
    """Spearman of kept itself with the people who returned."""
    return (
        range_of(float(result.resampled.observed[0, RETURNED]), result.drawn("kept"))
        if result.resampled.scores
        else Range(None, None, None)
    )


def _dropped(result: SetResult) -> str:
    dropped = len(result.backtest.dropped)
    return f" Dropped: {dropped} of {dropped + len(result.backtest.origins)} moments." if dropped else ""


def has_evidence(result: SetResult) -> bool:
    """Whether people of this set may be compared."""
    return result.backtest.verdict.evidence >= ENOUGH_KEPT


def _groups(sets: Sequence[SetResult]) -> list[tuple[str, list[SetResult]]]:
    groups = [
        ("all", [result for result in sets if result.snapshots]),
        (f"those with {ENOUGH_KEPT} people to whom somebody came back", [result for result in sets if has_evidence(result)]),
    ]
    return [(label, some) for label, some in groups if some]


def mean_score(sets: Sequence[SetResult], name: str, resampling: Resampling) -> Range:
    """Spearman of a score, mean over sets."""
    estimates = [score.spearman.returned for result in sets if (score := result.score(name))]
    return mean_of([Range(value, None, None) for value in estimates], [result.drawn(name) for result in sets], resampling.draws)


def mean_ahead(sets: Sequence[SetResult], name: str, resampling: Resampling) -> Range:
    """Spearman of kept less that of a rival, mean over sets."""
    return mean_of([result.ahead(name) for result in sets], [result.ahead_drawn(name) for result in sets], resampling.draws)


def _over(sets: Sequence[SetResult], name: str, resampling: Resampling) -> str:
    known = [value for result in sets if (value := result.ahead(name).estimate) is not None]
    return f"{starred(mean_ahead(sets, name, resampling))}; ahead on {sum(value > 0 for value in known)} of {len(known)}"


def _scores(sets: Sequence[SetResult], resampling: Resampling) -> list[list[str]]:
    cells = []
    for score in SCORES:
        some = [result for result in sets if result.score(score.name)]
        if some:
            ahead = "–" if score.name == "kept" else starred(mean_ahead(some, score.name, resampling))
            cells.append([score.label, figure(len(some), 0), with_range(mean_score(some, score.name, resampling), 3), ahead])
    return cells


def _lead(sets: Sequence[SetResult]) -> str:
    series = []
    for name in AGAINST:
        ranges = [(i, result.ahead(name)) for i, result in enumerate(sets)]
        known = [
            Dot(r.estimate, i, r.low, r.high) for i, r in ranges if r.estimate is not None and r.low is not None and r.high is not None
        ]
        series.append(Series(f"over {LABELS[name]}", known))
    description = "; ".join(
        f"{result.name}: " + ", ".join(f"{result.ahead(name).text} over {LABELS[name]}" for name in AGAINST) for result in sets
    )
    axis = Axis("kept ahead by (Spearman's rank correlation)", -0.4, 0.5, (-0.4, -0.2, 0, 0.2, 0.4))
    return rows("By how much kept is ahead of rank, in each set", description, axis, [result.name for result in sets], series)
