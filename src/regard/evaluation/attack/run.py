"""Attack: what would it cost to buy influence in this very record?

Attackers are drawn from the middle of the active people, by kept (40th to 60th percentile). Their acts are planted into copies of the base
relations. Everything is measured anew there and compared with the record without attackers. Nothing is ever written to the record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import NamedTuple

from regard.base.progress import NO_PROGRESS, Progress
from regard.evaluation.attack.copies import Copies
from regard.evaluation.attack.frozen_fits import CleanFits
from regard.evaluation.attack.planting import with_fits
from regard.evaluation.attack.results import Attack, Seeds
from regard.evaluation.attack.scenarios import MODES
from regard.evaluation.attack.summary import form_pods, raid_each_size
from regard.evaluation.attack.verdict import decide
from regard.measures.base import MICRO_DAY
from regard.record.dataset import Dataset
from regard.record.record import Record
from regard.studies.settings import Settings
from regard.studies.study import Study

SIZES = (10, 100, 1000)
SEED_NAMES = 10
"""The most names of seeds in the results."""

SEEDS = "SELECT s.why, p.name FROM seeds s JOIN people p ON p.person = s.person ORDER BY s.why <> 'elder', s.since, p.name"


class _SeedRow(NamedTuple):
    why: str
    name: str


@dataclass(frozen=True)
class Plan:
    """The settings of an attack. What is None or empty is derived from the record."""

    attackers: int = 4
    random_seed: int = 1
    until: datetime | None = None
    bin_days: float | None = None
    window_days: float | None = None
    memory_limit: str | None = None
    seeds: tuple[str, ...] = ()
    """Ids or names of people from whom trust starts."""
    sizes: tuple[int, ...] = SIZES
    """Accounts in a farm."""


def attack(record: Record | Dataset, plan: Plan | None = None, *, title: str | None = None, progress: Progress = NO_PROGRESS) -> Attack:
    """Try to buy influence in copies of a record, and report what it costs.

    Raises UsageError for an impossible bin or window, UnknownName for seeds who are not in the record, and what opening the record raises.
    """
    plan = plan or Plan()
    settings = Settings(plan.until, plan.bin_days, plan.window_days, plan.memory_limit, seeds=plan.seeds)
    fits = CleanFits()
    with Study(record, settings, progress, catalogue=with_fits(fits.recording)) as study:
        copies = Copies(record, study, fits, plan.random_seed, progress.advance)
        seeds = _seeds(study)
        gate = study.engine.scalar(bool, "SELECT coalesce(bool_or(gate), false) FROM vouched")
    attackers, active = copies.attackers(plan.attackers), copies.environment.active
    needed = [copies.copies_for(size, attackers) for size in plan.sizes]
    progress.stage("attacking", len(MODES) * (sum(needed) + needed[-1]) + 1, "copies")
    raids = tuple(raid_each_size(copies, attackers, plan.sizes)) if attackers.size else ()
    return Attack(
        title=title or record.path.stem,
        version=version("regard"),
        acts=study.timescale.acts,
        people=copies.environment.next_person,
        active=int(active.size),
        bin_days=study.timescale.bin_us / MICRO_DAY,
        window_days=study.timescale.window_us / MICRO_DAY,
        gate=gate,
        seeds=seeds,
        random_seed=plan.random_seed,
        verdict=decide(raids, int(active.size), gate=gate),
        raids=raids,
        pods=form_pods(copies) if raids else None,
    )


def _seeds(study: Study) -> Seeds:
    rows = study.engine.fetch(_SeedRow, SEEDS)
    reasons = [row.why for row in rows]
    return Seeds(len(rows), {why: reasons.count(why) for why in dict.fromkeys(reasons)}, tuple(row.name for row in rows[:SEED_NAMES]))
