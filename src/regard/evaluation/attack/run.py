"""Attack: what would it cost to buy influence in this very record?

Attackers are drawn from the middle of the active people, by kept (40th to 60th percentile). What they do is planted into copies of what the
measures start from; everything is measured anew there and held against the record without them. Nothing is ever written to the record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

import numpy as np

from regard.base.progress import NO_PROGRESS, Progress
from regard.evaluation.attack.copies import Copies, Seen
from regard.evaluation.attack.frozen_fits import CleanFits
from regard.evaluation.attack.measure import OURS, SCORES, Floats, Look
from regard.evaluation.attack.planting import with_fits
from regard.evaluation.attack.results import Attack, Clean, Mean, Pods, PodScore, Raid, Seeds, Standing
from regard.evaluation.attack.scenarios import MODES, Ints, Mode
from regard.evaluation.attack.verdict import verdict
from regard.measures.base import MICRO_DAY
from regard.record.dataset import Dataset
from regard.record.record import Record
from regard.studies.study import Settings, Study

SIZES = (10, 100, 1000)
POD = 10
PODS = 3
NAMES = 10
DRAWS = 2_000

SEEDS = "SELECT s.why, p.name FROM seeds s JOIN people p ON p.person = s.person ORDER BY s.why <> 'elder', s.since, p.name"


@dataclass(frozen=True)
class Plan:
    """How an attack is made; what is None the record decides."""

    attackers: int = 4
    random_seed: int = 1
    until: datetime | None = None
    bin_days: float | None = None
    window_days: float | None = None
    memory_limit: str | None = None
    seeds: tuple[str, ...] = ()
    sizes: tuple[int, ...] = SIZES
    """Accounts in a farm."""


def attack(record: Record | Dataset, plan: Plan | None = None, *, title: str | None = None, progress: Progress = NO_PROGRESS) -> Attack:
    """Try to buy influence in a record, and tell what it cost.

    Raises UsageError for a bin or window that can't be, UnknownName for seeds that nobody is, and what opening the record raises.
    """
    plan = plan or Plan()
    settings = Settings(plan.until, plan.bin_days, plan.window_days, plan.memory_limit, seeds=plan.seeds)
    fits = CleanFits()
    with Study(record, settings, progress, catalogue=with_fits(fits.watched)) as study:
        copies = Copies(record, study, fits, plan.random_seed, progress.advance)
        seeds = _seeds(study)
        gate = bool(study.engine.rows("SELECT bool_or(gate) FROM vouched")[0][0])
    attackers, active = copies.attackers(plan.attackers), copies.ground.active
    needed = [copies.number(size, attackers) for size in plan.sizes]
    progress.stage("attacking", len(MODES) * (sum(needed) + needed[-1]) + 1, "copies")
    raids = tuple(_raids(copies, attackers, plan.sizes)) if attackers.size else ()
    return Attack(
        title=title or record.path.stem,
        version=version("regard"),
        acts=study.timescale.acts,
        people=copies.ground.free,
        active=int(active.size),
        bin_days=study.timescale.bin_us / MICRO_DAY,
        window_days=study.timescale.window_us / MICRO_DAY,
        gate=gate,
        seeds=seeds,
        random_seed=plan.random_seed,
        verdict=verdict(raids, int(active.size), gate=gate),
        raids=raids,
        pods=_pods(copies) if raids else None,
    )


def _raids(copies: Copies, attackers: Ints, sizes: Sequence[int]) -> list[Raid]:
    mean = _Means(copies.dice(3), attackers.size)
    found: list[Raid] = []
    for mode in MODES:
        for size in sizes:
            seen = copies.raid(mode, size, attackers)
            clean = copies.raid(mode, size, attackers, clean=True) if size == sizes[-1] else []
            # What the same farm buys without accomplices is told by the raid of that size before.
            alone = next((one.price for one in reversed(found) if one.accounts == size), None)
            found.append(_raid(copies.before, mode, seen, clean, mean, alone, -(-attackers.size // copies.number(size, attackers))))
    return found


def _raid(before: Look, mode: Mode, seen: list[Seen], clean: list[Seen], mean: _Means, alone: Mean | None, at_once: int) -> Raid:
    replies = np.array([one.farm.replies for one in seen], dtype=np.float64)
    people = np.array([one.bought.vouched for one in seen])
    helpers = float(max(one.farm.helpers for one in seen))
    extra = people - (alone.mean if alone else 0) * replies
    return Raid(
        mode=mode.name,
        about=mode.about,
        accounts=int(seen[0].farm.accounts.size),
        attackers=len(seen),
        at_once=at_once,
        standings=tuple(
            Standing(one.name, one.label, mean.of(_percentiles(before, one.name, seen)), mean.of(_percentiles(None, one.name, seen)))
            for one in SCORES
            if one.name in before.scores
        ),
        kept=mean.of([one.bought.kept for one in seen]),
        vouched=mean.of(people),
        bound=mean.of([one.bought.bound for one in seen]),
        within=all(one.bought.vouched <= one.bought.bound + 1e-6 for one in (*seen, *clean)),
        replies=mean.of(replies),
        helpers=int(helpers),
        price=mean.ratio(people, replies) if replies.any() and not helpers else None,
        price_helper=mean.of(extra / helpers) if helpers else None,
        clean=Clean(
            mean.of([one.bought.kept for one in clean]),
            mean.of([one.bought.vouched for one in clean]),
            mean.of(_percentiles(None, "kept", clean)),
            mean.of(_percentiles(None, "kept_vouched", clean)),
        )
        if clean
        else None,
    )


def _percentiles(look: Look | None, name: str, seen: Sequence[Seen]) -> list[float]:
    """Where each attacker stands by a score, in one look or in its own copy."""
    return [(look or one.after).percentile(name, one.farm.attacker, one.among) for one in seen]


def _pods(copies: Copies) -> Pods | None:
    active = copies.ground.active
    drawn = copies.dice(4).permutation(active)[: PODS * POD]
    groups = [drawn[start : start + POD] for start in range(0, drawn.size - POD + 1, POD)]
    if not groups:
        return None
    before, after = copies.before, copies.pods(groups)
    mean = _Means(copies.dice(5), len(groups))
    others = active[~np.isin(active, drawn)]

    def standing(look: Look, name: str, members: Ints) -> float:
        return float(np.mean([look.percentile(name, int(person), np.append(others, person)) for person in members]))

    scores = []
    for score in OURS:
        gains = [after.scores[score.name][members] - before.scores[score.name][members] for members in groups]
        scores.append(
            PodScore(
                score.name,
                score.label,
                each=mean.of([float(gain.mean()) for gain in gains]),
                together=mean.of([float(gain.sum()) for gain in gains]),
                before=mean.of([standing(before, score.name, members) for members in groups]),
                after=mean.of([standing(after, score.name, members) for members in groups]),
            )
        )
    return Pods(POD, len(groups), tuple(scores))


class _Means:
    """Means of one figure each, and of the same drawn again."""

    def __init__(self, dice: np.random.Generator, number: int) -> None:
        self._drawn = dice.integers(0, number, (DRAWS, number))

    def of(self, values: Sequence[float] | Floats) -> Mean:
        """Of one figure of each."""
        return self.ratio(values, np.ones(len(values)))

    def ratio(self, top: Sequence[float] | Floats, bottom: Floats) -> Mean:
        """Of all of one figure over all of another; where there is none of the other in a draw, that draw tells nothing."""
        tops = np.asarray(top, dtype=np.float64)
        over, under = tops[self._drawn].sum(axis=1), bottom[self._drawn].sum(axis=1)
        low, high = np.quantile(over[under > 0] / under[under > 0], [0.05, 0.95])
        return Mean(float(tops.sum() / bottom.sum()), float(low), float(high))


def _seeds(study: Study) -> Seeds:
    rows = [(str(why), str(name)) for why, name in study.engine.rows(SEEDS)]
    reasons = [why for why, _ in rows]
    return Seeds(len(rows), {why: reasons.count(why) for why in dict.fromkeys(reasons)}, tuple(name for _, name in rows[:NAMES]))
