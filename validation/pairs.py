"""Part of the page: which of somebody's people come back? Chances of pairs against what else could tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from doubt import ratio
from drawing import Axis, Dot, Series, dots
from pair_figures import CHANCE, FIGURES, LABELS, OTHERS, Chances, Told, chances, known, mean, mean_ahead, slope
from tables import Part, figure, listed, picture, ranged, span, starred, table
from tried import Tried, parted

from regard.evaluation.backtest.results import Range
from regard.evaluation.bootstrap import Plan

TENTHS = 10


def section(sets: Sequence[Tried], found: Sequence[Told], plan: Plan) -> Part:
    """Chances of pairs."""
    pooled = chances(sets)
    tenths = [(label, *tenth) for label, some in parted(sets) for tenth in _tenths(chances(some), plan)]
    lines = [
        "## Which pairs act again?",
        "",
        "All ordered pairs that had acted before the moment; means over a set's moments. Ranges are over draws of the people acted "
        "toward, with all pairs toward them.",
    ]
    for number, what in enumerate(FIGURES):
        lines += ["", f"{what[0].upper()}{what[1:]}: p_return, and by how much it is ahead."]
        lines += table(
            ["set", "pairs", "acted again", "p_return", *(f"over {LABELS[name]}" for name in OTHERS), *(["slope"] if number == 0 else [])],
            [*(_row(one, mine, number) for one, mine in zip(sets, found, strict=True)), _mean_row(found, number, plan, pooled)],
        )
    lines += ["", "Pairs by their chance:"]
    lines += picture("pairs", "The chance of a pair to act again against the share that did, in tenths")
    lines += table(
        ["", "p_return", "pairs", "said, mean", "acted again"],
        [[label, f"{i / 10:g} to {(i + 1) / 10:g}", f"{n:,}", figure(said, 3), ranged(again, 3)] for label, i, n, said, again in tenths],
    )
    return Part(lines, {"pairs": _reliability(tenths)})


def _row(one: Tried, mine: Told, number: int) -> list[str]:
    counts = [span([origin.pairs for origin in one.found.origins]), span([origin.again for origin in one.found.origins])]
    cells = [ranged(mine.of(CHANCE, number), 3), *(starred(mine.ahead(other, number)) for other in OTHERS)]
    return [one.name, *counts, *cells, *([ranged(slope(chances([one]), one.plan))] if number == 0 else [])]


def _mean_row(found: Sequence[Told], number: int, plan: Plan, pooled: Chances) -> list[str]:
    cells = [ranged(mean(found, number, plan), 3), *(starred(mean_ahead(found, other, number, plan)) for other in OTHERS)]
    return [f"mean of {len(known(found))}", "", "", *cells, *([f"pooled {ranged(slope(pooled, plan))}"] if number == 0 else [])]


def in_short(sets: Sequence[Tried], found: Sequence[Told], plan: Plan) -> str:
    """All sets together."""
    parts = [
        f"{what} of p_return {ranged(mean(found, number, plan), 3)}, "
        + ", ".join(f"{starred(mean_ahead(found, other, number, plan))} over {LABELS[other]}" for other in OTHERS)
        for number, what in enumerate(FIGURES)
    ]
    slopes = [
        f"{label} {ranged(slope(chances(some), plan))} ({chances(some).said.size:,} pairs)"
        for label, some in dict([("all sets", list(sets)), *parted(sets)[:1]]).items()
    ]
    return (
        f"Means over {len(known(found))} sets: {'; '.join(parts)}. Slope of the reliability line, 1 where chances are what they say: "
        f"{listed(slopes)}."
    )


def _tenths(found: Chances, plan: Plan) -> Iterator[tuple[int, int, float, Range]]:
    """Pairs by their chance: the tenth, how many, the mean of what was said, and the share that acted again."""
    place = np.minimum(TENTHS - 1, (found.said * TENTHS).astype(np.int64))
    for number in range(TENTHS):
        some = place == number
        if some.any():
            again = ratio(found.again[some], np.ones(int(some.sum())), found.who[some], plan)
            yield number, int(some.sum()), float(found.said[some].mean()), again


def _reliability(tenths: Sequence[tuple[str, int, int, float, Range]]) -> str:
    series = [
        Series(label, [Dot(said, r.estimate or 0.0, r.low or 0.0, r.high or 0.0) for name, _, _, said, r in tenths if name == label])
        for label in dict.fromkeys(label for label, *_ in tenths)
    ]
    words = "; ".join(
        f"{one.label}: {dot.x:.2f} said, {dot.y:.2f} acted again, between {dot.low:.2f} and {dot.high:.2f}"
        for one in series
        for dot in one.dots
    )
    marks = (0, 0.2, 0.4, 0.6, 0.8, 1)
    axes = Axis("p_return: the chance that was said", 0, 1, marks), Axis("the share that acted again", 0, 1, marks)
    return dots("Reliability of the chances of pairs, in tenths", words, axes, series)
