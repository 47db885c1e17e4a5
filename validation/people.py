"""Part of the page: who keeps people? Rank correlations of kept and of rank with those who came back."""

from __future__ import annotations

from collections.abc import Sequence

from doubt import mean_of, range_of
from drawing import Axis, Dot, Series, rows
from tables import Part, figure, picture, ranged, span, starred, table
from tried import ELSEWHERE, KEPT, Tried

from regard.evaluation.backtest.results import Range
from regard.evaluation.backtest.snapshot import SCORES
from regard.evaluation.baselines import RIVALS
from regard.evaluation.bootstrap import Plan
from regard.measures.influence.evidence import ENOUGH_KEPT

LABELS = {score.name: score.label for score in SCORES} | {ELSEWHERE: "the best picked elsewhere"}
AGAINST = (*RIVALS, ELSEWHERE)


def section(sets: Sequence[Tried], plan: Plan) -> Part:
    """People."""
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
            [_row(one) for one in sets],
        ),
        "",
        "What `regard backtest` says of each:",
        "",
        *(f"- **{one.name}**: {one.found.verdict.sentence}{_dropped(one)}" for one in sets),
        "",
        "Means over sets, each counting alike; ranges are over draws of people within each set, not of sets.",
        *table(
            ["sets", "kept", *(f"over {LABELS[name]}" for name in AGAINST)],
            [
                [f"{label}: {len(some)}", ranged(mean_score(some, "kept", plan), 3), *(_over(some, name, plan) for name in AGAINST)]
                for label, some in _groups(sets)
            ],
        ),
        "",
        "Every score, mean over the sets that have it:",
        *table(["score", "sets", "Spearman", "kept ahead by"], _scores(sets, plan)),
    ]
    return Part(lines, {"lead": _lead([one for one in sets if one.cuts])})


def _row(one: Tried) -> list[str]:
    origins = one.found.origins
    return [
        one.name,
        f"{one.found.acts:,}",
        span([origin.active for origin in origins]),
        "; ".join(dict.fromkeys(f"{origin.bin_days:g}/{origin.window_days:g}" for origin in origins)) or "–",
        f"{int(one.found.verdict.evidence):,}",
        ranged(kept(one), 3),
        *(starred(one.ahead(name)) for name in AGAINST),
    ]


def kept(one: Tried) -> Range:
    """Spearman of kept itself."""
    return range_of(float(one.draws.here[0, KEPT]), one.drawn("kept")) if one.draws.scores else Range(None, None, None)


def _dropped(one: Tried) -> str:
    dropped = len(one.found.dropped)
    return f" Dropped: {dropped} of {dropped + len(one.found.origins)} moments." if dropped else ""


def enough(one: Tried) -> bool:
    """Whether anything may be said of who keeps more than whom."""
    return one.found.verdict.evidence >= ENOUGH_KEPT


def _groups(sets: Sequence[Tried]) -> list[tuple[str, list[Tried]]]:
    groups = [
        ("all", [one for one in sets if one.cuts]),
        (f"those with {ENOUGH_KEPT} people to whom somebody came back", [one for one in sets if enough(one)]),
    ]
    return [(label, some) for label, some in groups if some]


def mean_score(sets: Sequence[Tried], name: str, plan: Plan) -> Range:
    """Spearman of a score over sets."""
    told = [score.spearman.kept for one in sets if (score := one.score(name))]
    return mean_of([Range(value, None, None) for value in told], [one.drawn(name) for one in sets], plan.draws)


def mean_ahead(sets: Sequence[Tried], name: str, plan: Plan) -> Range:
    """Kept less a rival over sets."""
    return mean_of([one.ahead(name) for one in sets], [one.ahead_drawn(name) for one in sets], plan.draws)


def _over(sets: Sequence[Tried], name: str, plan: Plan) -> str:
    told = [one.ahead(name).estimate for one in sets]
    known = [value for value in told if value is not None]
    return f"{starred(mean_ahead(sets, name, plan))}; ahead on {sum(value > 0 for value in known)} of {len(known)}"


def _scores(sets: Sequence[Tried], plan: Plan) -> list[list[str]]:
    found = []
    for score in SCORES:
        some = [one for one in sets if one.score(score.name)]
        if some:
            ahead = "–" if score.name == "kept" else starred(mean_ahead(some, score.name, plan))
            found.append([score.label, figure(len(some), 0), ranged(mean_score(some, score.name, plan), 3), ahead])
    return found


def _lead(sets: Sequence[Tried]) -> str:
    series = []
    for name in AGAINST:
        told = [(i, one.ahead(name)) for i, one in enumerate(sets)]
        found = [Dot(r.estimate, i, r.low, r.high) for i, r in told if r.estimate is not None and r.low is not None and r.high is not None]
        series.append(Series(f"over {LABELS[name]}", found))
    words = "; ".join(f"{one.name}: " + ", ".join(f"{one.ahead(name).told} over {LABELS[name]}" for name in AGAINST) for one in sets)
    axis = Axis("kept ahead by (Spearman's rank correlation)", -0.4, 0.5, (-0.4, -0.2, 0, 0.2, 0.4))
    return rows("By how much kept is ahead of rank, in each set", words, axis, [one.name for one in sets], series)
