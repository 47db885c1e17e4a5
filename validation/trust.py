"""Part of the page: what the weight of `vouched` costs, what it can and cannot do, on two public records of stated trust."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from advogato import BRIDGES, FAKES, FARMS, HELD_OUT, INSIDE, OURS, SPLITS, Farms, HeldOut, hold_out, plant_farms
from bitcoin import WALKS, Rated, evaluate_ratings
from numpy.typing import NDArray
from set_results import SetResult
from tables import Part, clear_sign, figure, listed, starred, table, with_range
from uncertainty import mean_of, range_of

from regard.evaluation.backtest.results import Range
from regard.evaluation.bootstrap import Resampling

Floats = NDArray[np.float64]

MOST_LOST = 0.02
"""The most rank correlation that the weight may cost on a set."""
HIGHEST = 0.39
"""The largest share of certified people who may stand below the best fake, if fakes certify each other at random. A first prototype
reached it."""
CITES = (
    "Levien 2009, KONECT (Advogato); Kumar, Spezzano, Subrahmanian, Faloutsos 2016, KONECT (Bitcoin alpha); Cheng and Friedman 2005 (no "
    "score that treats all alike tells a farm from a community)"
)


@dataclass(frozen=True)
class Trust:
    """The results on both records; None for a record that is not in the data folder."""

    farms: Farms | None
    held_out: HeldOut | None
    rated: Rated | None


def evaluate_trust(data: Path, resampling: Resampling) -> Trust:
    """Evaluate the weight on both records."""
    return Trust(plant_farms(data), hold_out(data), evaluate_ratings(data, resampling))


def section(sets: Sequence[SetResult], trust: Trust, resampling: Resampling) -> Part:
    """The part about the weight."""
    some = [result for result in sets if result.snapshots]
    lines = [
        "## What can the weight do, and what not?",
        "",
        "`kept_vouched` counts a person by how much others vouch for them: a walk from seeds along attention given again and again. It is "
        "a price on fake accounts. **It can** keep accounts that nobody but their owner comes back to from counting, and bound what any "
        "number of them brings by the attention that real people give them. **It can't** tell who is honest, nor see through somebody "
        "whom others really came back to; and it costs some of what kept tells, because real newcomers look like new accounts.",
        *_lost(some, resampling),
        *(_farms(trust.farms) if trust.farms else _missing("Advogato")),
        *(_held_out(trust.held_out) if trust.held_out else []),
        *(_rated(trust.rated) if trust.rated else _missing("Bitcoin alpha")),
        "",
        f"Sources: {CITES}.",
    ]
    return Part(lines)


def failures(sets: Sequence[SetResult], trust: Trust) -> Iterator[str]:
    """Sentences about sets on which the weight costs too much, and about tests that it does not pass."""
    dear = [f"{result.name} ({lost(result).text})" for result in sets if result.snapshots and (lost(result).estimate or 0) > MOST_LOST]
    if dear:
        yield f"The weight **costs more than {figure(MOST_LOST)}** of rank correlation (BG/BB less kept, vouched for) on {listed(dear)}."
    if trust.farms and (share := float(trust.farms.spread[OURS].mean())) > HIGHEST:
        yield f"On Advogato the best fake **stands above {share:.0%}** of certified people, and {HIGHEST:.0%} were allowed.".replace(
            "%", " %"
        )
    if trust.rated:
        worse = [f"{name} ({_aucs(trust.rated, name)})" for name in WALKS if all(_differs_from_chance(trust.rated, name, -1))]
        if worse:
            yield (
                "On Bitcoin alpha people who are later rated below zero are **told worse than by chance**, after each of "
                f"{len(trust.rated.days)} shares of the ratings, by {listed(worse)}."
            )


def lost(result: SetResult) -> Range:
    """Spearman of the alive model alone less that of the same with weights."""
    spearman = {name: score.spearman.returned for name in ("alive_model", "kept_vouched") if (score := result.score(name))}
    without, weighted = spearman.get("alive_model"), spearman.get("kept_vouched")
    return range_of(float("nan") if without is None or weighted is None else without - weighted, _lost_drawn(result))


def _lost_drawn(result: SetResult) -> Floats:
    return result.drawn("alive_model") - result.drawn("kept_vouched")


def _lost(sets: Sequence[SetResult], resampling: Resampling) -> list[str]:
    mean = mean_of([lost(result) for result in sets], [_lost_drawn(result) for result in sets], resampling.draws)
    rows = [[result.name, *(_spearman(result, name) for name in ("alive_model", "kept_vouched")), starred(lost(result))] for result in sets]
    return [
        "",
        "**What it costs**: Spearman's rank correlation with the people who came back, with every pair's chance from its own past alone "
        f"(BG/BB), without and with the weight, at the same moments as above. No set should lose more than {figure(MOST_LOST)}.",
        *table(["set", "BG/BB alone", "kept, vouched for", "lost"], [*rows, ["mean", "", "", starred(mean)]] if rows else []),
    ]


def _spearman(result: SetResult, name: str) -> str:
    score = result.score(name)
    estimate = None if score is None else score.spearman.returned
    return with_range(range_of(float("nan") if estimate is None else estimate, result.drawn(name)), 3)


def _farms(farms: Farms) -> list[str]:
    result = "reached" if farms.spread[OURS].mean() <= HIGHEST else "missed"
    return [
        "",
        f"**Fakes among real people**: {farms.people:,} people of Advogato, who certify each other ({farms.certificates:,} certificates), "
        f"and {FAKES} fakes. {BRIDGES} honest people are taken in and certify one fake each; each fake certifies {INSIDE} others, or these "
        f"and one that all of them certify. The best fake stands above this share of certified people: mean and highest of {FARMS} farms.",
        *table(
            ["counted by", "they certify each other", "and all of them one"],
            [[name, _mean_and_highest(farms.spread[name]), _mean_and_highest(farms.close[name])] for name in farms.spread],
        ),
        "",
        f"At most {figure(HIGHEST)} was asked of the weight for the first kind: {result}. A farm that puts all it has behind one account "
        "brings it further.",
    ]


def _held_out(held_out: HeldOut) -> list[str]:
    return [
        "",
        f"**Held out**: {HELD_OUT:.0%}".replace("%", " %")
        + " of the certificates are put aside, and the others counted. How well does that "
        f"rank {held_out.people:,} people by the certificates put aside, and those who have such by their level? Spearman's rank "
        f"correlation, mean of {SPLITS} splits (lowest to highest).",
        *table(
            ["counted by", "how many", "at which level"],
            [[name, _mean_and_ends(held_out.number[name]), _mean_and_ends(held_out.level[name])] for name in held_out.number],
        ),
        "",
        f"Best for how many: {_best(held_out.number)}; for the level: {_best(held_out.level)}.",
    ]


def _best(correlations: Mapping[str, Floats]) -> str:
    return max(correlations, key=lambda name: float(correlations[name].mean()))


def _mean_and_ends(values: Floats) -> str:
    return f"{figure(float(values.mean()))} ({figure(float(values.min()))} to {figure(float(values.max()))})"


def _mean_and_highest(values: Floats) -> str:
    return f"{figure(float(values.mean()))} ({figure(float(values.max()))})"


def _rated(rated: Rated) -> list[str]:
    days, first = rated.days, rated.days[0]
    below = [name for name in first.aucs if all(_differs_from_chance(rated, name, -1))]
    above = [name for name in first.aucs if all(_differs_from_chance(rated, name, 1))]
    return [
        "",
        f"**Not a judgement of character**: of {rated.ratings:,} ratings on Bitcoin alpha {rated.below:,} are below zero. From those above "
        "zero before a day, who is rated below zero on average after it? How often somebody else is ranked above one of them (AUC; .5 is "
        "chance), with ranges over draws of people.",
        *table(
            ["ranked by", *(f"after {day.share:.0%} of the ratings".replace("%", " %") for day in days)],
            [
                *([name, *(with_range(day.aucs[name]) for day in days)] for name in first.aucs),
                ["people (below zero)", *(f"{day.people:,} ({day.below:,})" for day in days)],
            ],
        ),
        "",
        f"Worse than chance at every moment: {listed(below)}. Better at every moment: {listed(above)}. A walk follows what was said until "
        "then, and who is rated badly later may have been rated well by many.",
        "",
        "**Who draws new raters there?** Spearman's rank correlation with the number of people who rate somebody above zero for the first "
        "time after the day, over everybody who was rated above zero before it. Nobody rates "
        "the same person twice here: kept is but a count that forgets.",
        *table(
            ["ranked by", *(f"after {day.share:.0%} of the ratings".replace("%", " %") for day in days)],
            [
                *([name, *(with_range(day.new_raters[name]) for day in days)] for name in first.new_raters),
                ["people", *(f"{day.known:,}" for day in days)],
            ],
        ),
    ]


def _differs_from_chance(rated: Rated, name: str, sign: int) -> list[bool]:
    """For each day, whether the AUC of a score is clearly above (sign 1) or below (sign -1) one half."""
    return [clear_sign(_less_half(day.aucs[name])) == sign for day in rated.days]


def _less_half(auc: Range) -> Range:
    return Range(*(None if value is None else value - 0.5 for value in (auc.estimate, auc.low, auc.high)))


def _aucs(rated: Rated, name: str) -> str:
    return ", ".join(figure(day.aucs[name].estimate) for day in rated.days)


def _missing(name: str) -> list[str]:
    return ["", f"Not in the data folder: {name}."]
