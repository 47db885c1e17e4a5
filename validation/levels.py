"""Part of the page: are as many people kept as was said, and does the range hold them?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from doubt import range_of, ratio, share
from drawing import Axis, Dot, Series, dots
from tables import Part, figure, percent, picture, ranged, table
from tried import People, Tried, active, newcomers, over_3, parted, people_of

from regard.evaluation.backtest.results import Range
from regard.evaluation.bootstrap import Plan

BORDERS = (0.0, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
FEWEST = 10
"""People below whom a group is too small for a dot."""
GROUPS = (("active people", active), ("kept over 3", over_3), ("newcomers", newcomers))


def section(sets: Sequence[Tried], plan: Plan) -> Part:
    """Levels and ranges."""
    parts = [(label, bins(people_of(some, active))) for label, some in parted(sets)]
    lines = [
        "## Are as many kept as was said?",
        "",
        "Active people of all sets toward whom anybody had ever acted, by their `kept`; who was active at three moments counts three "
        "times. Ranges of means are over draws of people; the last column but one is where nine of ten of these people lay.",
        *picture("kept", "Kept as it was said against the people who came back, in groups by kept"),
        *table(
            ["", "kept", "people", "said, mean", "came back, mean", "came / said", "nine of ten had", "the 90 % range held"],
            [_row(label, name, some, plan) for label, found in parts for name, some in found],
        ),
        *picture("coverage", "How often the 90 % range of kept held those who came back, by the size of kept"),
        "",
        "In each set: what was said of everybody, over what came, at each moment (ranges over draws of people; they do not hold the "
        "luck of a whole community), and how often the 90 % range held.",
        *table(["set", "said / came", *(part for name, _ in GROUPS for part in (name, "held"))], [_set(one) for one in sets]),
    ]
    return Part(lines, {"kept": _kept(parts), "coverage": _coverage(parts)})


def bins(people: People) -> list[tuple[str, People]]:
    """People by kept, in groups that are large enough."""
    found = [(_name(i), people.of(np.digitize(people.kept, BORDERS) - 1 == i)) for i in range(len(BORDERS))]
    return [(name, some) for name, some in found if some.kept.size >= FEWEST]


def _name(place: int) -> str:
    low = f"{BORDERS[place]:g}"
    return f"{low} to {BORDERS[place + 1]:g}" if place + 1 < len(BORDERS) else f"{low} and more"


def _row(label: str, name: str, some: People, plan: Plan) -> list[str]:
    low, high = nine_of_ten(some)
    ones = np.ones_like(some.came)
    return [
        label,
        name,
        f"{some.kept.size:,} ({np.unique(some.who).size:,} different)",
        figure(float(some.kept.mean())),
        ranged(ratio(some.came, ones, some.who, plan)),
        ranged(ratio(some.came, some.kept, some.who, plan)),
        f"{low:g} to {high:g}",
        percent(share(some.held, some.who)),
    ]


def nine_of_ten(some: People) -> tuple[float, float]:
    """Between how many people who came back nine of ten of these people lay."""
    low, high = (float(np.quantile(some.came, at, method="closest_observation")) for at in (0.05, 0.95))
    return low, high


def window_ratios(one: Tried) -> list[Range]:
    """What was said over what came, at each moment of a set."""
    found = []
    for cut in one.cuts:
        kept, came = cut.scores["kept"], cut.targets["kept"]
        found.append(ratio(kept, came, cut.place, one.plan))
    return found


def held(one: Tried) -> list[tuple[str, int, Range]]:
    """How often the range held, by group: people, different people among them, share."""
    groups = ((name, people_of([one], members)) for name, members in GROUPS)
    return [(name, some.kept.size, share(some.held, some.who)) for name, some in groups]


def _set(one: Tried) -> list[str]:
    told = "; ".join(ranged(found) for found in window_ratios(one))
    return [one.name, told or "–", *(cell for _, n, found in held(one) for cell in (f"{n:,}", percent(found)))]


def in_short(sets: Sequence[Tried]) -> str:
    """All sets together, and without one that would speak for all."""
    groups = [("all sets", [one for one in sets if one.cuts]), *parted(sets)[:1]]
    return " ".join(_short(label, some) for label, some in dict(groups).items() if some)


def _short(label: str, sets: Sequence[Tried]) -> str:
    parts = [(name, people_of(sets, members)) for name, members in GROUPS]
    shares = "; ".join(f"{name} {percent(share(some.held, some.who))} of {some.kept.size:,}" for name, some in parts)
    told = [found.estimate for one in sets for found in window_ratios(one) if found.estimate]
    if not told:
        return f"{label[0].upper()}{label[1:]}: the 90 % range held {shares}."
    logs = np.abs(np.log(told))
    again = np.random.default_rng(1).integers(0, logs.size, (2_000, logs.size))
    mean = range_of(float(logs.mean()), logs[again].mean(axis=1))
    median = range_of(float(np.median(told)), np.median(np.array(told)[again], axis=1))
    return (
        f"{label[0].upper()}{label[1:]}: the 90 % range held {shares}; of {logs.size} windows the mean of |log(said / came)| is "
        f"{ranged(mean)} and the median of said / came {ranged(median)} (ranges over draws of windows)."
    )


def _kept(parts: Sequence[tuple[str, Sequence[tuple[str, People]]]]) -> str:
    series = [
        Series(label, [Dot(float(some.kept.mean()), float(some.came.mean()), *nine_of_ten(some)) for _, some in found])
        for label, found in parts
    ]
    every = [dot for one in series for dot in one.dots]
    words = "; ".join(
        f"{one.label}: {dot.x:.2f} said, {dot.y:.2f} came, nine of ten between {dot.low:g} and {dot.high:g}"
        for one in series
        for dot in one.dots
    )
    top = max([100.0, *(max(dot.x, dot.high) for dot in every)])
    axes = (
        Axis("kept: people said to come back", 0, top, _marks(top), bent=True),
        Axis("people who came back", 0, top, _marks(top), bent=True),
    )
    return dots("Kept against those who came back: means, and where nine of ten people lay", words, axes, series)


def _coverage(parts: Sequence[tuple[str, Sequence[tuple[str, People]]]]) -> str:
    series = [Series(label, [_covered(some) for _, some in found]) for label, found in parts]
    every = [dot for one in series for dot in one.dots]
    words = "; ".join(
        f"{one.label}, kept {dot.x:.2f}: {dot.y:.0%} held, between {dot.low:.0%} and {dot.high:.0%}" for one in series for dot in one.dots
    )
    top, low = max([100.0, *(dot.x for dot in every)]), min([0.7, *(dot.low for dot in every)])
    axes = (
        Axis("kept: people said to come back", 0, top, _marks(top), bent=True),
        Axis("the 90 % range held", low, 1, [tenth / 10 for tenth in range(11) if tenth / 10 >= low], percent=True),
    )
    return dots("How often the 90 % range of kept held, by its size", words, axes, series, level=0.9)


def _covered(some: People) -> Dot:
    found = share(some.held, some.who)
    return Dot(float(some.kept.mean()), *(value or 0.0 for value in (found.estimate, found.low, found.high)))


def _marks(top: float) -> list[float]:
    return [value for value in (0, 1, 3, 10, 30, 100, 300, 1_000) if value <= top]
