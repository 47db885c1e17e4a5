"""Part of the page: what the weight `vouched` costs, what it can do, and what not, on two public records of trust that people stated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from advogato import BRIDGES, FAKES, FARMS, HELD_OUT, INSIDE, OURS, SPLITS, Farms, Held, farms, held_out
from bitcoin import WALKS, Rated, rated
from doubt import mean_of, range_of
from numpy.typing import NDArray
from tables import Part, clear, figure, listed, ranged, starred, table
from tried import Tried

from regard.evaluation.backtest.results import Range
from regard.evaluation.bootstrap import Plan

Floats = NDArray[np.float64]

MOST_LOST = 0.02
"""Rank correlation that the weight may cost on a set."""
HIGHEST = 0.39
"""Where the best fake may stand if fakes certify each other at random: a first prototype reached that."""
CITES = (
    "Levien 2009, KONECT (Advogato); Kumar, Spezzano, Subrahmanian, Faloutsos 2016, KONECT (Bitcoin alpha); Cheng and Friedman 2005 (no "
    "score that treats all alike tells a farm from a community)"
)


@dataclass(frozen=True)
class Trust:
    """What was found on both records; None where one is not in the data folder."""

    farms: Farms | None
    held: Held | None
    rated: Rated | None


def found(data: Path, plan: Plan) -> Trust:
    """Try the weight on both."""
    return Trust(farms(data), held_out(data), rated(data, plan))


def section(sets: Sequence[Tried], trust: Trust, plan: Plan) -> Part:
    """What it can and can't do."""
    some = [one for one in sets if one.cuts]
    lines = [
        "## What can the weight do, and what not?",
        "",
        "`kept_vouched` counts a person by how much others vouch for them: a walk from seeds along attention given again and again. It is "
        "a price on fake accounts. **It can** keep accounts that nobody but their owner comes back to from counting, and bound what any "
        "number of them brings by the attention that real people give them. **It can't** tell who is honest, nor see through somebody "
        "whom others really came back to; and it costs some of what kept tells, because real newcomers look like new accounts.",
        *_lost(some, plan),
        *(_farms(trust.farms) if trust.farms else _missing("Advogato")),
        *(_held(trust.held) if trust.held else []),
        *(_rated(trust.rated) if trust.rated else _missing("Bitcoin alpha")),
        "",
        f"Sources: {CITES}.",
    ]
    return Part(lines)


def failed(sets: Sequence[Tried], trust: Trust) -> Iterator[str]:
    """What the weight costs too much, and where it does not do what it should."""
    dear = [f"{one.name} ({lost(one).told})" for one in sets if one.cuts and (lost(one).estimate or 0) > MOST_LOST]
    if dear:
        yield f"The weight **costs more than {figure(MOST_LOST)}** of rank correlation (BG/BB less kept, vouched for) on {listed(dear)}."
    if trust.farms and (place := float(trust.farms.spread[OURS].mean())) > HIGHEST:
        yield f"On Advogato the best fake **stands above {place:.0%}** of certified people, and {HIGHEST:.0%} were allowed.".replace(
            "%", " %"
        )
    if trust.rated:
        worse = [f"{name} ({_aucs(trust.rated, name)})" for name in WALKS if all(_beside_chance(trust.rated, name, -1))]
        if worse:
            yield (
                "On Bitcoin alpha people who are later rated below zero are **told worse than by chance**, after each of "
                f"{len(trust.rated.cuts)} shares of the ratings, by {listed(worse)}."
            )


def lost(one: Tried) -> Range:
    """Spearman of BG/BB alone less that of the same counted by the weight."""
    here = {name: score.spearman.kept for name in ("alive_model", "kept_vouched") if (score := one.score(name))}
    free, weighed = here.get("alive_model"), here.get("kept_vouched")
    return range_of(float("nan") if free is None or weighed is None else free - weighed, _lost_drawn(one))


def _lost_drawn(one: Tried) -> Floats:
    return one.drawn("alive_model") - one.drawn("kept_vouched")


def _lost(sets: Sequence[Tried], plan: Plan) -> list[str]:
    mean = mean_of([lost(one) for one in sets], [_lost_drawn(one) for one in sets], plan.draws)
    rows = [[one.name, *(_spearman(one, name) for name in ("alive_model", "kept_vouched")), starred(lost(one))] for one in sets]
    return [
        "",
        "**What it costs**: Spearman's rank correlation with the people who came back, with every pair's chance from its own past alone "
        f"(BG/BB), without and with the weight, at the same moments as above. No set should lose more than {figure(MOST_LOST)}.",
        *table(["set", "BG/BB alone", "kept, vouched for", "lost"], [*rows, ["mean", "", "", starred(mean)]] if rows else []),
    ]


def _spearman(one: Tried, name: str) -> str:
    score = one.score(name)
    here = None if score is None else score.spearman.kept
    return ranged(range_of(float("nan") if here is None else here, one.drawn(name)), 3)


def _farms(told: Farms) -> list[str]:
    reached = "reached" if told.spread[OURS].mean() <= HIGHEST else "missed"
    return [
        "",
        f"**Fakes among real people**: {told.people:,} people of Advogato, who certify each other ({told.certificates:,} certificates), "
        f"and {FAKES} fakes. {BRIDGES} honest people are taken in and certify one fake each; each fake certifies {INSIDE} others, or these "
        f"and one that all of them certify. The best fake stands above this share of certified people: mean and highest of {FARMS} farms.",
        *table(
            ["counted by", "they certify each other", "and all of them one"],
            [[name, _place(told.spread, name), _place(told.close, name)] for name in told.spread],
        ),
        "",
        f"At most {figure(HIGHEST)} was asked of the weight for the first kind: {reached}. A farm that puts all it has behind one account "
        "brings it further.",
    ]


def _held(told: Held) -> list[str]:
    return [
        "",
        f"**Held out**: {HELD_OUT:.0%}".replace("%", " %")
        + " of the certificates are put aside, and the others counted. How well does that "
        f"rank {told.people:,} people by the certificates put aside, and those who have such by their level? Spearman's rank correlation, "
        f"mean of {SPLITS} splits (lowest to highest).",
        *table(
            ["counted by", "how many", "at which level"],
            [[name, _spread(told.number[name]), _spread(told.level[name])] for name in told.number],
        ),
        "",
        f"Best for how many: {_best(told.number)}; for the level: {_best(told.level)}.",
    ]


def _best(told: Mapping[str, Floats]) -> str:
    return max(told, key=lambda name: float(told[name].mean()))


def _spread(values: Floats) -> str:
    return f"{figure(float(values.mean()))} ({figure(float(values.min()))} to {figure(float(values.max()))})"


def _place(places: Mapping[str, Floats], name: str) -> str:
    return f"{figure(float(places[name].mean()))} ({figure(float(places[name].max()))})"


def _rated(told: Rated) -> list[str]:
    below = [name for name in told.cuts[0].told if all(_beside_chance(told, name, -1))]
    above = [name for name in told.cuts[0].told if all(_beside_chance(told, name, 1))]
    return [
        "",
        f"**Not a judgement of character**: of {told.ratings:,} ratings on Bitcoin alpha {told.below:,} are below zero. From those above "
        "zero before a day, who is rated below zero on average after it? How often somebody else is ranked above one of them (AUC; .5 is "
        "chance), with ranges over draws of people.",
        *table(
            ["ranked by", *(f"after {cut.share:.0%} of the ratings".replace("%", " %") for cut in told.cuts)],
            [
                *([name, *(ranged(cut.told[name]) for cut in told.cuts)] for name in told.cuts[0].told),
                ["people (below zero)", *(f"{cut.people:,} ({cut.below:,})" for cut in told.cuts)],
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
            ["ranked by", *(f"after {cut.share:.0%} of the ratings".replace("%", " %") for cut in told.cuts)],
            [
                *([name, *(ranged(cut.new[name]) for cut in told.cuts)] for name in told.cuts[0].new),
                ["people", *(f"{cut.known:,}" for cut in told.cuts)],
            ],
        ),
    ]


def _beside_chance(told: Rated, name: str, way: int) -> list[bool]:
    """At each moment, whether a score is clear of chance that way."""
    return [clear(_less_half(cut.told[name])) == way for cut in told.cuts]


def _less_half(auc: Range) -> Range:
    return Range(*(None if value is None else value - 0.5 for value in (auc.estimate, auc.low, auc.high)))


def _aucs(told: Rated, name: str) -> str:
    return ", ".join(figure(cut.told[name].estimate) for cut in told.cuts)


def _missing(name: str) -> list[str]:
    return ["", f"Not in the data folder: {name}."]
