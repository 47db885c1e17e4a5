"""Ties and what follows from them: kept, fans, excess, cooling."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from math import exp
from typing import NamedTuple

from regard.measures.kernels.alive_model import Grid
from regard.measures.timescale import Timescale

from .alive_model import chances
from .world import Pair, Row, World, moment


class State(NamedTuple):
    """Active bins after the first, bins from the first to the last of them, and bins since the first."""

    x: int
    t: int
    n: int


class Tie(NamedTuple):
    """A row of `ties`."""

    actor: str
    target: str
    acts: int
    words: int
    bins: int
    first: datetime
    last: datetime
    p_alive: float
    p_return: float
    p_words: float
    p_return_alive: float
    p_fan: float
    p_alive_before: float | None
    two_way: bool
    acts_back: int
    gap_bins: float | None
    silent_bins: int


def ages(world: World, r: Timescale) -> dict[Pair, list[int]]:
    """How many bins ago each pair was active, oldest first."""
    return {pair: sorted({(world.until - 1 - time) // r.bin_us for time in times}, reverse=True) for pair, times in world.times.items()}


def state(active: Sequence[int], now: int = 0) -> State | None:
    """The state of a tie as it stood so many bins ago."""
    known = [age - now for age in active if age >= now]
    return State(len(known) - 1, known[0] - known[-1], known[0]) if known else None


def words_ages(world: World, r: Timescale, pair: Pair) -> list[int]:
    """How many bins ago each act of a pair by words lies."""
    return [
        (world.until - 1 - each.time) // r.bin_us
        for each in world.interactions
        if (each.actor, each.target) == pair and each.kind in ("reply", "mention", "message", "thank")
    ]


def words_share(world: World, r: Timescale) -> float:
    """Of all pairs that had written a window ago and acted since, and one more that wrote, the share that wrote since."""
    by_words = [words_ages(world, r, pair) for pair, active in ages(world, r).items() if active[-1] < r.window_bins]
    wrote = [words for words in by_words if words and max(words) >= r.window_bins]
    return (1 + sum(min(words) < r.window_bins for words in wrote)) / (1 + len(wrote))


def ties(world: World, r: Timescale, grid: Grid, p_return: Mapping[Pair, float]) -> list[Tie]:
    """The rows of `ties`, with a given prior and given chances of the return model (see return_model.py)."""
    rows = []
    share = words_share(world, r)
    for (actor, target), active in ages(world, r).items():
        now, then = state(active), state(active, r.window_bins)
        assert now is not None
        times, back = world.times[actor, target], world.times.get((target, actor), [])
        words = len(words_ages(world, r, (actor, target)))
        history = (len(times), words, len(active), moment(min(times)), moment(max(times)))
        before = chances(grid, *then, r.window_bins).p_alive if then else None
        gap = (active[0] - active[-1]) / (len(active) - 1) if len(active) > 1 else None
        alive = chances(grid, *now, r.window_bins)
        returns = p_return[actor, target]
        p_fan = returns * round(alive.p_return_3, 9) / round(alive.p_return, 9) if round(alive.p_return, 9) else 0.0
        predicted = (alive.p_alive, returns, returns * share if words else 0.0, alive.p_return, p_fan)
        rows.append(Tie(actor, target, *history, *predicted, before, bool(back), len(back), gap, active[-1]))
    return rows


def _by_target(ties: Iterable[Tie]) -> dict[str, list[Tie]]:
    groups: dict[str, list[Tie]] = defaultdict(list)
    for tie in ties:
        groups[tie.target].append(tie)
    return groups


def kept(ties: Iterable[Tie], spread: float) -> list[Row]:
    """The rows of `kept` without its interval. `spread` is the squared relative error beyond chance."""
    rows: list[Row] = []
    for person, mine in _by_target(ties).items():
        mean = sum(tie.p_return for tie in mine)
        variance = sum(tie.p_return * (1 - tie.p_return) for tie in mine) + spread * mean**2
        rows.append((person, mean, len(mine), sum(tie.p_return for tie in mine if tie.two_way), sum(tie.p_words for tie in mine), variance))
    return rows


def fans(ties: Iterable[Tie]) -> list[Row]:
    """The rows of `fans` without its interval."""
    return [
        (person, sum(tie.p_fan for tie in mine), sum(tie.two_way and tie.p_fan >= 0.5 for tie in mine))
        for person, mine in _by_target(ties).items()
    ]


def excess(world: World, r: Timescale, ties: Iterable[Tie]) -> list[Row]:
    """The rows of `excess`."""
    recent = {pair: sum(age < r.window_bins for age in active) for pair, active in ages(world, r).items()}
    total = max(1, sum(recent.values()))
    rows: list[Row] = []
    for person, mine in _by_target(ties).items():
        share = sum(bins for (_, target), bins in recent.items() if target == person) / total
        given = [sum(bins for (actor, _), bins in recent.items() if actor == tie.actor) for tie in mine]
        baseline = [1 - exp(-bins * share) for bins in given]
        rows.append((person, sum(max(0.0, t.p_return - p) for t, p in zip(mine, baseline, strict=True)), sum(baseline)))
    return rows


def cooling(ties: Iterable[Tie]) -> list[Row]:
    """The rows of `cooling`."""
    by_pair = {(tie.actor, tie.target): tie for tie in ties}
    rows: list[Row] = []
    for (person, other), forth in by_pair.items():
        back = by_pair.get((other, person))
        if person > other or back is None or forth.p_alive_before is None or back.p_alive_before is None:
            continue
        before, now = (forth.p_alive_before + back.p_alive_before) / 2, (forth.p_alive + back.p_alive) / 2
        gaps = [tie.gap_bins for tie in (forth, back) if tie.gap_bins is not None]
        if forth.bins + back.bins >= 6 and before >= 0.5 > now:
            bins, last, silent = forth.bins + back.bins, max(forth.last, back.last), min(forth.silent_bins, back.silent_bins)
            rows.append((person, other, bins, last, sum(gaps) / len(gaps), silent, before, now))
    return rows
