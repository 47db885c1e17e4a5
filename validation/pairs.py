"""Part of the page: which pairs act again? The chances of pairs compared with other scores of pairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from drawing import Axis, Dot, Series, dots
from pair_figures import CHANCE, FIGURES, LABELS, OTHERS, Chances, PairFigures, chances, mean, mean_ahead, slope, with_figures
from set_results import SetResult, part_largest
from tables import Part, figure, listed, picture, span, starred, table, with_range
from uncertainty import ratio

from regard.evaluation.backtest.results import Range
from regard.evaluation.bootstrap import Resampling

TENTHS = 10


def section(sets: Sequence[SetResult], figures: Sequence[PairFigures], resampling: Resampling) -> Part:
    """The part about pairs."""
    pooled = chances(sets)
    tenths = [(label, *row) for label, some in part_largest(sets) for row in _tenths(chances(some), resampling)]
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
            [
                *(_row(result, own, number) for result, own in zip(sets, figures, strict=True)),
                _mean_row(figures, number, resampling, pooled),
            ],
        )
    lines += ["", "Pairs by their chance:"]
    lines += picture("pairs", "The chance of a pair to act again against the share that did, in tenths")
    lines += table(
        ["", "p_return", "pairs", "said, mean", "acted again"],
        [
            [label, f"{i / 10:g} to {(i + 1) / 10:g}", f"{n:,}", figure(predicted, 3), with_range(again, 3)]
            for label, i, n, predicted, again in tenths
        ],
    )
    return Part(lines, {"pairs": _reliability(tenths)})


def _row(result: SetResult, own: PairFigures, number: int) -> list[str]:
    counts = [span([origin.pairs for origin in result.backtest.origins]), span([origin.again for origin in result.backtest.origins])]
    cells = [with_range(own.of(CHANCE, number), 3), *(starred(own.ahead(other, number)) for other in OTHERS)]
    return [result.name, *counts, *cells, *([with_range(slope(chances([result]), result.resampling))] if number == 0 else [])]


def _mean_row(figures: Sequence[PairFigures], number: int, resampling: Resampling, pooled: Chances) -> list[str]:
    cells = [
        with_range(mean(figures, number, resampling), 3),
        *(starred(mean_ahead(figures, other, number, resampling)) for other in OTHERS),
    ]
    return [
        f"mean of {len(with_figures(figures))}",
        "",
        "",
        *cells,
        *([f"pooled {with_range(slope(pooled, resampling))}"] if number == 0 else []),
    ]


def in_short(sets: Sequence[SetResult], figures: Sequence[PairFigures], resampling: Resampling) -> str:
    """The result over all sets, in one paragraph."""
    parts = [
        f"{what} of p_return {with_range(mean(figures, number, resampling), 3)}, "
        + ", ".join(f"{starred(mean_ahead(figures, other, number, resampling))} over {LABELS[other]}" for other in OTHERS)
        for number, what in enumerate(FIGURES)
    ]
    slopes = [
        f"{label} {with_range(slope(chances(some), resampling))} ({chances(some).predicted.size:,} pairs)"
        for label, some in dict([("all sets", list(sets)), *part_largest(sets)[:1]]).items()
    ]
    return (
        f"Means over {len(with_figures(figures))} sets: {'; '.join(parts)}. Slope of the reliability line, 1 where chances are what "
        f"they say: {listed(slopes)}."
    )


def _tenths(pairs: Chances, resampling: Resampling) -> Iterator[tuple[int, int, float, Range]]:
    """Pairs by their chance: the number of the tenth, how many pairs, their mean chance, and the share that acted again."""
    tenth = np.minimum(TENTHS - 1, (pairs.predicted * TENTHS).astype(np.int64))
    for number in range(TENTHS):
        some = tenth == number
        if some.any():
            again = ratio(pairs.returned[some], np.ones(int(some.sum())), pairs.who[some], resampling)
            yield number, int(some.sum()), float(pairs.predicted[some].mean()), again


def _reliability(tenths: Sequence[tuple[str, int, int, float, Range]]) -> str:
    series = [
        Series(
            label, [Dot(predicted, r.estimate or 0.0, r.low or 0.0, r.high or 0.0) for name, _, _, predicted, r in tenths if name == label]
        )
        for label in dict.fromkeys(label for label, *_ in tenths)
    ]
    description = "; ".join(
        f"{group.label}: {dot.x:.2f} said, {dot.y:.2f} acted again, between {dot.low:.2f} and {dot.high:.2f}"
        for group in series
        for dot in group.dots
    )
    marks = (0, 0.2, 0.4, 0.6, 0.8, 1)
    axes = Axis("p_return: the chance that was said", 0, 1, marks), Axis("the share that acted again", 0, 1, marks)
    return dots("Reliability of the chances of pairs, in tenths", description, axes, series)
