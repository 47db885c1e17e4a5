"""Part of the page: what failed, and on which sets kept is no better than rank. The sentences follow from the figures by rules."""

from __future__ import annotations

from collections.abc import Sequence

import attack_figures
import numpy as np
import trust
from levels import coverage_by_group, window_ratios
from pair_figures import CHANCE, FIGURES, LABELS, OTHERS, PairFigures, chances, slope
from people import AGAINST
from people import LABELS as RANKS
from set_results import SetResult, active, people_of
from tables import Part, clear_sign, listed, percent, with_range
from uncertainty import share

from regard.evaluation.attack.results import Attack
from regard.evaluation.backtest.results import Range
from regard.evaluation.bootstrap import Resampling
from regard.measures.influence.evidence import ENOUGH_KEPT

FAR_OFF = 1.5
"""The largest factor between what was expected and what happened that is no failure."""
HELD = (0.85, 0.95)
"""Shares that count as coverage of 90 %."""
SLOPE = (0.9, 1.1)
"""Slopes of the reliability line that count as 1."""
MIN_OVER_3 = 40
"""A set with fewer people with kept over 3 is not judged by its coverage."""


def section(
    sets: Sequence[SetResult], figures: Sequence[PairFigures], attacks: Sequence[Attack], trusted: trust.Trust, resampling: Resampling
) -> Part:
    """The part about failures."""
    observed = [result for result in sets if result.snapshots]
    kept = (*_verdicts(sets), *_ranks(observed), *_levels(observed), *_coverage(observed), *_pairs(sets, figures, resampling))
    lines = (*kept, *attack_figures.failures(attacks), *trust.failures(sets, trusted))
    return Part(["## What failed, and where rank does as well", "", *(f"- {line}" for line in lines)])


def _verdicts(sets: Sequence[SetResult]) -> list[str]:
    lines = []
    for word, start in (
        ("too little", "**Too little to tell**"),
        ("same", "**Rank does as well**, by the verdict of `regard backtest`,"),
        ("rank", "**Rank does better**"),
    ):
        some = [f"{result.name} ({_evidence(result)})" for result in sets if result.backtest.verdict.word == word]
        if some:
            lines.append(f"{start} on {len(some)} of {len(sets)} sets: {listed(some)}.")
    return (
        [*lines, f"Numbers in brackets are people to whom somebody had come back before; under {ENOUGH_KEPT} nothing is said."]
        if lines
        else []
    )


def _evidence(result: SetResult) -> str:
    return f"{int(result.backtest.verdict.evidence):,}" if result.snapshots else "no window fits"


def _ranks(sets: Sequence[SetResult]) -> list[str]:
    lines = []
    for name in AGAINST:
        unclear, behind = (_named(sets, name, sign) for sign in (0, -1))
        if behind:
            lines.append(f"Kept is clearly **behind {RANKS[name]}** on {listed(behind)}.")
        if unclear:
            lines.append(f"Kept is **not clearly ahead of {RANKS[name]}** on {len(unclear)} of {len(sets)} sets: {listed(unclear)}.")
    return lines


def _named(sets: Sequence[SetResult], name: str, sign: int) -> list[str]:
    return [f"{result.name} ({result.ahead(name).text})" for result in sets if clear_sign(result.ahead(name)) == sign]


def _levels(sets: Sequence[SetResult]) -> list[str]:
    ratios = [(result, ratio) for result in sets for ratio in window_ratios(result) if ratio.estimate]
    off = [f"{result.name} {with_range(ratio)}" for result, ratio in ratios if abs(np.log(ratio.estimate or 1)) > np.log(FAR_OFF)]
    if not off:
        return [f"No window's level was off by more than {FAR_OFF} times, of {len(ratios)}."]
    return [
        f"**Levels were off by more than {FAR_OFF} times** (said over came) in {len(off)} of {len(ratios)} windows: {', '.join(off)}. "
        "Whole communities grow and fade, and the past hardly tells when."
    ]


def _coverage(sets: Sequence[SetResult]) -> list[str]:
    people = people_of(sets, active)
    lines = []
    if people.kept.size:
        some = people.select(people.high > 0)
        few, nobody = (share(mask, people.who) for mask in (people.kept < 0.5, people.high == 0))
        wide = ": **too wide to be called 90 %**, because counts are whole and small" if people.held.mean() > HELD[1] else ""
        lines.append(
            f"The 90 % range held {percent(share(people.held, people.who))} of {people.kept.size:,} active people{wide}. {percent(few)} "
            f"of them were said to keep under half a person, and of {percent(nobody)} the range is 0 to 0. Of the {some.kept.size:,} "
            f"others it held {percent(share(some.held, some.who))}."
        )
    for result in sets:
        for name, n, covered in coverage_by_group(result):
            if name == "kept over 3" and n >= MIN_OVER_3 and _outside(covered, HELD):
                word = "wide" if (covered.estimate or 0) > HELD[1] else "narrow"
                lines.append(
                    f"On {result.name} the range of people with kept over 3 is **too {word}**: it held {percent(covered)} of {n:,}."
                )
    return lines


def _pairs(sets: Sequence[SetResult], figures: Sequence[PairFigures], resampling: Resampling) -> list[str]:
    lines = []
    known = [(result, own) for result, own in zip(sets, figures, strict=True) if np.isfinite(own.observed[CHANCE]).all()]
    for number, what in enumerate(FIGURES):
        for other in OTHERS:
            unclear = [
                f"{result.name} ({own.ahead(other, number).text})" for result, own in known if clear_sign(own.ahead(other, number)) <= 0
            ]
            if unclear:
                lines.append(f"Pairs: in {what} p_return is **not clearly ahead of {LABELS[other]}** on {listed(unclear)}.")
    slopes = [(result.name, slope(chances([result]), result.resampling)) for result, _ in known]
    off = [f"{name} {with_range(value)}" for name, value in slopes if _outside(value, SLOPE)]
    if off:
        lines.append(
            f"Chances of pairs are **not what they say** (slope beyond {SLOPE[0]} to {SLOPE[1]}) on {listed(off)}; all together "
            f"{with_range(slope(chances([result for result, _ in known]), resampling))}."
        )
    return lines


def _outside(value: Range, ends: tuple[float, float]) -> bool:
    return value.estimate is not None and not ends[0] <= value.estimate <= ends[1]
