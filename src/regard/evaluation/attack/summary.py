"""Summaries of attacks: means over attackers and pods, with ranges over bootstrap draws of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from regard.evaluation.attack.copies import Attempt, Copies
from regard.evaluation.attack.measure import KEPT_SCORES, SCORES, Floats, ScoreTable
from regard.evaluation.attack.results import Clean, Mean, Pods, PodScore, Raid, Standing
from regard.evaluation.attack.scenarios import MODES, Ints, Mode

POD_MEMBERS = 10
PODS = 3
DRAWS = 2_000
"""Bootstrap draws of attackers."""


def raid_each_size(copies: Copies, attackers: Ints, sizes: Sequence[int]) -> list[Raid]:
    """Let the attackers try each mode with farms of each size, and average over the attackers."""
    mean = _ResampledMeans(copies.rng(3), attackers.size)
    raids: list[Raid] = []
    for mode in MODES:
        for size in sizes:
            attempts = copies.raid(mode, size, attackers)
            clean = copies.raid(mode, size, attackers, clean=True) if size == sizes[-1] else []
            # The last raid of the same size had no accomplices. It shows what the replies alone buy.
            price = next((raid.price for raid in reversed(raids) if raid.accounts == size), None)
            at_once = -(-attackers.size // copies.copies_for(size, attackers))
            raids.append(_raid(copies.before, mode, attempts, clean, mean, price, at_once))
    return raids


def _raid(
    before: ScoreTable,
    mode: Mode,
    attempts: list[Attempt],
    clean: list[Attempt],
    mean: _ResampledMeans,
    price_alone: Mean | None,
    at_once: int,
) -> Raid:
    replies = np.array([attempt.farm.replies for attempt in attempts], dtype=np.float64)
    people = np.array([attempt.bought.vouched for attempt in attempts])
    helpers = float(max(attempt.farm.helpers for attempt in attempts))
    beyond_replies = people - (price_alone.mean if price_alone else 0) * replies
    return Raid(
        mode=mode.name,
        about=mode.about,
        accounts=int(attempts[0].farm.accounts.size),
        attackers=len(attempts),
        at_once=at_once,
        standings=tuple(
            Standing(
                score.name,
                score.label,
                mean.of(_percentiles(before, score.name, attempts)),
                mean.of(_percentiles(None, score.name, attempts)),
            )
            for score in SCORES
            if score.name in before.scores
        ),
        kept=mean.of([attempt.bought.kept for attempt in attempts]),
        vouched=mean.of(people),
        bound=mean.of([attempt.bought.bound for attempt in attempts]),
        within=all(attempt.bought.vouched <= attempt.bought.bound + 1e-6 for attempt in (*attempts, *clean)),
        replies=mean.of(replies),
        helpers=int(helpers),
        price=mean.ratio(people, replies) if replies.any() and not helpers else None,
        price_helper=mean.of(beyond_replies / helpers) if helpers else None,
        clean=_clean(clean, mean) if clean else None,
    )


def _clean(attempts: list[Attempt], mean: _ResampledMeans) -> Clean:
    return Clean(
        mean.of([attempt.bought.kept for attempt in attempts]),
        mean.of([attempt.bought.vouched for attempt in attempts]),
        mean.of(_percentiles(None, "kept", attempts)),
        mean.of(_percentiles(None, "kept_vouched", attempts)),
    )


def _percentiles(scores: ScoreTable | None, name: str, attempts: Sequence[Attempt]) -> list[float]:
    """Each attacker's percentile by a score, in one table or, without one, in the attacker's own copy."""
    return [(scores or attempt.after).percentile(name, attempt.farm.attacker, attempt.among) for attempt in attempts]


def form_pods(copies: Copies) -> Pods | None:
    """Let active people form pods, and average over the pods; None if there are too few people for one."""
    active = copies.environment.active
    drawn = copies.rng(4).permutation(active)[: PODS * POD_MEMBERS]
    groups = [drawn[start : start + POD_MEMBERS] for start in range(0, drawn.size - POD_MEMBERS + 1, POD_MEMBERS)]
    if not groups:
        return None
    before, after = copies.before, copies.score_pods(groups)
    mean = _ResampledMeans(copies.rng(5), len(groups))
    others = active[~np.isin(active, drawn)]

    def percentile(scores: ScoreTable, name: str, members: Ints) -> float:
        return float(np.mean([scores.percentile(name, int(person), np.append(others, person)) for person in members]))

    results = []
    for score in KEPT_SCORES:
        gains = [after.scores[score.name][members] - before.scores[score.name][members] for members in groups]
        results.append(
            PodScore(
                score.name,
                score.label,
                each=mean.of([float(gain.mean()) for gain in gains]),
                together=mean.of([float(gain.sum()) for gain in gains]),
                before=mean.of([percentile(before, score.name, members) for members in groups]),
                after=mean.of([percentile(after, score.name, members) for members in groups]),
            )
        )
    return Pods(POD_MEMBERS, len(groups), tuple(results))


class _ResampledMeans:
    """Means over attackers (or pods) with ranges over bootstrap draws of them. All means are taken on the same draws."""

    def __init__(self, rng: np.random.Generator, number: int) -> None:
        self._drawn = rng.integers(0, number, (DRAWS, number))

    def of(self, values: Sequence[float] | Floats) -> Mean:
        """The mean of one value for each."""
        return self.ratio(values, np.ones(len(values)))

    def ratio(self, numerator: Sequence[float] | Floats, denominator: Floats) -> Mean:
        """The sum of one value over the sum of another. A draw in which the second sum is 0 is left out of the range."""
        values = np.asarray(numerator, dtype=np.float64)
        over, under = values[self._drawn].sum(axis=1), denominator[self._drawn].sum(axis=1)
        low, high = np.quantile(over[under > 0] / under[under > 0], [0.05, 0.95])
        return Mean(float(values.sum() / denominator.sum()), float(low), float(high))
