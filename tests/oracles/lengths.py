"""The timescale by the docstring of measures/timescale.py."""

from __future__ import annotations

from itertools import pairwise
from statistics import median

import numpy as np

from .world import DAY, TALK, World, stamp


def timescale(world: World) -> tuple[int, int, int]:
    """Bin, window and answer time."""
    starts = [each.time for each in world.interactions] or [stamp(act) for act in world.posts] or [world.until - DAY]
    span = max(world.until - min(starts), 1)
    bin_us = _bin(world, span)
    window = next(long for long, least in ((364, 28), (84, 7), (28, 1), (2, 0)) if bin_us >= least * DAY) * DAY
    bins = max(1, int(min(window, span / 5) // bin_us))
    while bins * bin_us * 2 < span and sum(each.time >= world.until - bins * bin_us for each in world.interactions) < 150:
        bins *= 2
    return bin_us, bins * bin_us, _answer_time(world, bins * bin_us)


def _bin(world: World, span: int) -> int:
    if span < 30 * DAY:
        return DAY // 4
    gaps = [b - a for times in world.times.values() for a, b in pairwise(sorted(times))]
    gap = median(gaps) / DAY if gaps else 7.0
    days = 1 if gap < 7**0.5 else 7 if gap < 14 else 28
    return next(d for d in (1, 7, 28, 84, 364) if d >= days and (span / (d * DAY) < 1000 or d == 364)) * DAY


def _answer_time(world: World, window: int) -> int:
    gaps = []
    for pair in {frozenset(pair) for pair in world.times}:
        talk = sorted(each for each in world.interactions if each.kind in TALK and {each.actor, each.target} == pair)
        gaps += [b.time - a.time for a, b in pairwise(talk) if a.actor != b.actor and b.time - a.time <= window]
    usual = round(float(np.quantile(gaps, 0.9))) if gaps else 2 * DAY
    return max(DAY // 24, min(usual, window))
