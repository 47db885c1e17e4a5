"""Part of the page: do as many people return as kept predicts, and does the 90 % range contain the number?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from drawing import Axis, Dot, Series, dots
from set_results import People, SetResult, active, newcomers, over_3, part_largest, people_of
from tables import Part, figure, percent, picture, table, with_range
from uncertainty import range_of, ratio, share

from regard.evaluation.backtest.results import Range
from regard.evaluation.bootstrap import Resampling

BORDERS = (0.0, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
MIN_PEOPLE = 10
"""A group with fewer people is too small for a dot."""
GROUPS = (("active people", active), ("kept over 3", over_3), ("newcomers", newcomers))


def section(sets: Sequence[SetResult], resampling: Resampling) -> Part:
    """The part about levels and ranges."""
    parts = [(label, by_kept(people_of(some, active))) for label, some in part_largest(sets)]
    lines = [
        "## Are as many kept as was said?",
        "",
        "Active people of all sets toward whom anybody had ever acted, by their `kept`; who was active at three moments counts three "
        "times. Ranges of means are over draws of people; the last column but one is where nine of ten of these people lay.",
        *picture("kept", "Kept as it was said against the people who came back, in groups by kept"),
        *table(
            ["", "kept", "people", "said, mean", "came back, mean", "came / said", "nine of ten had", "the 90 % range held"],
            [_row(label, name, some, resampling) for label, groups in parts for name, some in groups],
        ),
        *picture("coverage", "How often the 90 % range of kept held those who came back, by the size of kept"),
        "",
        "In each set: what was said of everybody, over what came, at each moment (ranges over draws of people; they do not hold the "
        "luck of a whole community), and how often the 90 % range held.",
        *table(["set", "said / came", *(part for name, _ in GROUPS for part in (name, "held"))], [_set(result) for result in sets]),
    ]
    return Part(lines, {"kept": _kept(parts), "coverage": _coverage(parts)})


def by_kept(people: People) -> list[tuple[str, People]]:
    """People by kept, in groups that are large enough."""
    level = np.digitize(people.kept, BORDERS) - 1
    groups = [(_name(i), people.select(level == i)) for i in range(len(BORDERS))]
    return [(name, some) for name, some in groups if some.kept.size >= MIN_PEOPLE]


def _name(level: int) -> str:
    low = f"{BORDERS[level]:g}"
    return f"{low} to {BORDERS[level + 1]:g}" if level + 1 < len(BORDERS) else f"{low} and more"


def _row(label: str, name: str, some: People, resampling: Resampling) -> list[str]:
    low, high = nine_of_ten(some)
    ones = np.ones_like(some.returned)
    return [
        label,
        name,
        f"{some.kept.size:,} ({np.unique(some.who).size:,} different)",
        figure(float(some.kept.mean())),
        with_range(ratio(some.returned, ones, some.who, resampling)),
        with_range(ratio(some.returned, some.kept, some.who, resampling)),
        f"{low:g} to {high:g}",
        percent(share(some.held, some.who)),
    ]


def nine_of_ten(some: People) -> tuple[float, float]:
    """The 5 % and 95 % quantiles of the number of people who returned."""
    low, high = (float(np.quantile(some.returned, level, method="closest_observation")) for level in (0.05, 0.95))
    return low, high


def window_ratios(result: SetResult) -> list[Range]:
    """The sum of kept over the number of people who returned, at each origin of a set."""
    return [
        ratio(snapshot.scores["kept"], snapshot.targets["returned"], snapshot.positions, result.resampling) for snapshot in result.snapshots
    ]


def coverage_by_group(result: SetResult) -> list[tuple[str, int, Range]]:
    """How often the range held: for each group its name, the number of people, and the share."""
    groups = ((name, people_of([result], members)) for name, members in GROUPS)
    return [(name, some.kept.size, share(some.held, some.who)) for name, some in groups]


def _set(result: SetResult) -> list[str]:
    ratios = "; ".join(with_range(value) for value in window_ratios(result))
    return [result.name, ratios or "–", *(cell for _, n, covered in coverage_by_group(result) for cell in (f"{n:,}", percent(covered)))]


def in_short(sets: Sequence[SetResult]) -> str:
    """The result over all sets, and without a set that would decide for all, in one paragraph."""
    groups = [("all sets", [result for result in sets if result.snapshots]), *part_largest(sets)[:1]]
    return " ".join(_short(label, some) for label, some in dict(groups).items() if some)


def _short(label: str, sets: Sequence[SetResult]) -> str:
    parts = [(name, people_of(sets, members)) for name, members in GROUPS]
    shares = "; ".join(f"{name} {percent(share(some.held, some.who))} of {some.kept.size:,}" for name, some in parts)
    ratios = [value.estimate for result in sets for value in window_ratios(result) if value.estimate]
    if not ratios:
        return f"{label[0].upper()}{label[1:]}: the 90 % range held {shares}."
    logs = np.abs(np.log(ratios))
    drawn = np.random.default_rng(1).integers(0, logs.size, (2_000, logs.size))
    mean = range_of(float(logs.mean()), logs[drawn].mean(axis=1))
    median = range_of(float(np.median(ratios)), np.median(np.array(ratios)[drawn], axis=1))
    return (
        f"{label[0].upper()}{label[1:]}: the 90 % range held {shares}; of {logs.size} windows the mean of |log(said / came)| is "
        f"{with_range(mean)} and the median of said / came {with_range(median)} (ranges over draws of windows)."
    )


def _kept(parts: Sequence[tuple[str, Sequence[tuple[str, People]]]]) -> str:
    series = [
        Series(label, [Dot(float(some.kept.mean()), float(some.returned.mean()), *nine_of_ten(some)) for _, some in groups])
        for label, groups in parts
    ]
    every = [dot for group in series for dot in group.dots]
    description = "; ".join(
        f"{group.label}: {dot.x:.2f} said, {dot.y:.2f} came, nine of ten between {dot.low:g} and {dot.high:g}"
        for group in series
        for dot in group.dots
    )
    top = max([100.0, *(max(dot.x, dot.high) for dot in every)])
    axes = (
        Axis("kept: people said to come back", 0, top, _marks(top), bent=True),
        Axis("people who came back", 0, top, _marks(top), bent=True),
    )
    return dots("Kept against those who came back: means, and where nine of ten people lay", description, axes, series)


def _coverage(parts: Sequence[tuple[str, Sequence[tuple[str, People]]]]) -> str:
    series = [Series(label, [_covered(some) for _, some in groups]) for label, groups in parts]
    every = [dot for group in series for dot in group.dots]
    description = "; ".join(
        f"{group.label}, kept {dot.x:.2f}: {dot.y:.0%} held, between {dot.low:.0%} and {dot.high:.0%}"
        for group in series
        for dot in group.dots
    )
    top, low = max([100.0, *(dot.x for dot in every)]), min([0.7, *(dot.low for dot in every)])
    axes = (
        Axis("kept: people said to come back", 0, top, _marks(top), bent=True),
        Axis("the 90 % range held", low, 1, [tenth / 10 for tenth in range(11) if tenth / 10 >= low], percent=True),
    )
    return dots("How often the 90 % range of kept held, by its size", description, axes, series, level=0.9)


def _covered(some: People) -> Dot:
    held = share(some.held, some.who)
    return Dot(float(some.kept.mean()), *(value or 0.0 for value in (held.estimate, held.low, held.high)))


def _marks(top: float) -> list[float]:
    return [value for value in (0, 1, 3, 10, 30, 100, 300, 1_000) if value <= top]
