"""Part of the page: what failed, and where kept is no better than rank, said by rules from the figures."""

from __future__ import annotations

from collections.abc import Sequence

import attacked
import numpy as np
import trust
from doubt import share
from levels import held, window_ratios
from pair_figures import CHANCE, FIGURES, LABELS, OTHERS, Told, chances, slope
from people import AGAINST
from people import LABELS as RANKS
from tables import Part, clear, listed, percent, ranged
from tried import Tried, active, people_of

from regard.evaluation.attack.results import Attack
from regard.evaluation.backtest.results import Range
from regard.evaluation.bootstrap import Plan
from regard.measures.influence.evidence import ENOUGH_KEPT

FAR_OFF = 1.5
HELD = (0.85, 0.95)
SLOPE = (0.9, 1.1)
ENOUGH = 40
"""People with kept over 3 below whom a set's coverage is not judged."""


def section(sets: Sequence[Tried], found: Sequence[Told], raids: Sequence[Attack], weighed: trust.Trust, plan: Plan) -> Part:
    """What failed."""
    seen = [one for one in sets if one.cuts]
    kept = (*_verdicts(sets), *_ranks(seen), *_levels(seen), *_coverage(seen), *_pairs(sets, found, plan))
    lines = (*kept, *attacked.failed(raids), *trust.failed(sets, weighed))
    return Part(["## What failed, and where rank does as well", "", *(f"- {line}" for line in lines)])


def _verdicts(sets: Sequence[Tried]) -> list[str]:
    lines = []
    for word, said in (
        ("too little", "**Too little to tell**"),
        ("same", "**Rank does as well**, by the verdict of `regard backtest`,"),
        ("rank", "**Rank does better**"),
    ):
        some = [f"{one.name} ({_evidence(one)})" for one in sets if one.found.verdict.word == word]
        if some:
            lines.append(f"{said} on {len(some)} of {len(sets)} sets: {listed(some)}.")
    return (
        [*lines, f"Numbers in brackets are people to whom somebody had come back before; under {ENOUGH_KEPT} nothing is said."]
        if lines
        else []
    )


def _evidence(one: Tried) -> str:
    return f"{int(one.found.verdict.evidence):,}" if one.cuts else "no window fits"


def _ranks(sets: Sequence[Tried]) -> list[str]:
    lines = []
    for name in AGAINST:
        unclear, behind = (_named(sets, name, way) for way in (0, -1))
        if behind:
            lines.append(f"Kept is clearly **behind {RANKS[name]}** on {listed(behind)}.")
        if unclear:
            lines.append(f"Kept is **not clearly ahead of {RANKS[name]}** on {len(unclear)} of {len(sets)} sets: {listed(unclear)}.")
    return lines


def _named(sets: Sequence[Tried], name: str, way: int) -> list[str]:
    return [f"{one.name} ({one.ahead(name).told})" for one in sets if clear(one.ahead(name)) == way]


def _levels(sets: Sequence[Tried]) -> list[str]:
    told = [(one, ratio) for one in sets for ratio in window_ratios(one) if ratio.estimate]
    off = [f"{one.name} {ranged(ratio)}" for one, ratio in told if abs(np.log(ratio.estimate or 1)) > np.log(FAR_OFF)]
    if not off:
        return [f"No window's level was off by more than {FAR_OFF} times, of {len(told)}."]
    return [
        f"**Levels were off by more than {FAR_OFF} times** (said over came) in {len(off)} of {len(told)} windows: {', '.join(off)}. "
        "Whole communities grow and fade, and the past hardly tells when."
    ]


def _coverage(sets: Sequence[Tried]) -> list[str]:
    people = people_of(sets, active)
    lines = []
    if people.kept.size:
        some = people.of(people.high > 0)
        few, nobody = (share(mask, people.who) for mask in (people.kept < 0.5, people.high == 0))
        wide = ": **too wide to be called 90 %**, because counts are whole and small" if people.held.mean() > HELD[1] else ""
        lines.append(
            f"The 90 % range held {percent(share(people.held, people.who))} of {people.kept.size:,} active people{wide}. {percent(few)} "
            f"of them were said to keep under half a person, and of {percent(nobody)} the range is 0 to 0. Of the {some.kept.size:,} "
            f"others it held {percent(share(some.held, some.who))}."
        )
    for one in sets:
        for name, n, found in held(one):
            if name == "kept over 3" and n >= ENOUGH and _outside(found, HELD):
                word = "wide" if (found.estimate or 0) > HELD[1] else "narrow"
                lines.append(f"On {one.name} the range of people with kept over 3 is **too {word}**: it held {percent(found)} of {n:,}.")
    return lines


def _pairs(sets: Sequence[Tried], found: Sequence[Told], plan: Plan) -> list[str]:
    lines = []
    told = [(one, mine) for one, mine in zip(sets, found, strict=True) if np.isfinite(mine.here[CHANCE]).all()]
    for number, what in enumerate(FIGURES):
        for other in OTHERS:
            unclear = [f"{one.name} ({mine.ahead(other, number).told})" for one, mine in told if clear(mine.ahead(other, number)) <= 0]
            if unclear:
                lines.append(f"Pairs: in {what} p_return is **not clearly ahead of {LABELS[other]}** on {listed(unclear)}.")
    wrong = [(one.name, slope(chances([one]), one.plan)) for one, _ in told]
    off = [f"{name} {ranged(one)}" for name, one in wrong if _outside(one, SLOPE)]
    if off:
        lines.append(
            f"Chances of pairs are **not what they say** (slope beyond {SLOPE[0]} to {SLOPE[1]}) on {listed(off)}; all together "
            f"{ranged(slope(chances([one for one, _ in told]), plan))}."
        )
    return lines


def _outside(found: Range, ends: tuple[float, float]) -> bool:
    return found.estimate is not None and not ends[0] <= found.estimate <= ends[1]
