"""A record as it is, and copies of it with attackers in them.

A copy has the timescale of the record. Otherwise a farm would change the bin, and nothing could be compared. The acts are planted before
any model is fitted. A copy can also use the models fitted on the record without attackers, which shows what an attack gains by influencing
the fits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from regard.base.text import utc_datetime
from regard.evaluation.attack.frozen_fits import CleanFits
from regard.evaluation.attack.measure import KEPT_SCORES, SCORES, Bought, ScoreTable, measure_bought, measure_scores
from regard.evaluation.attack.planting import with_fits, with_planted
from regard.evaluation.attack.scenarios import (
    MODES,
    ON_ATTACKER,
    Environment,
    Farm,
    Ints,
    Mode,
    PlantedActs,
    concatenate,
    plan_farm,
    plan_pod,
)  # fmt: skip
from regard.measures.base import MICRO_DAY
from regard.record.dataset import Dataset
from regard.record.record import Record
from regard.studies.study import Study

MAX_ACCOUNTS = 600
"""The most accounts that all farms in one copy have together. A larger farm has a copy of its own."""
MIN_ACTIVE = 20
"""With fewer active people there is no middle to draw attackers from."""
ACTIVE = "SELECT DISTINCT actor FROM interactions WHERE time >= make_timestamp($until_us - $window_us) ORDER BY actor"


@dataclass(frozen=True)
class Attempt:
    """One attacker in one copy."""

    farm: Farm
    after: ScoreTable
    bought: Bought
    among: Ints
    """Honest active people that the attacker is compared with, and the attacker."""


class Copies:
    """The copies of one record. Everything that is drawn comes from one seed."""

    def __init__(self, record: Record | Dataset, study: Study, fits: CleanFits, seed: int, done: Callable[[int], None]) -> None:
        timescale = study.timescale
        self._record, self._fits, self._seed, self._done = record, fits, seed, done
        self._settings = replace(
            study.settings,
            until=utc_datetime(timescale.until_us),
            bin_days=timescale.bin_us / MICRO_DAY,
            window_days=timescale.window_us / MICRO_DAY,
        )
        self.before = measure_scores(study)
        active = np.asarray(study.engine.arrays(ACTIVE, timescale.values)["actor"], dtype=np.int64)
        next_person = study.engine.scalar(int, "SELECT coalesce(max(person) + 1, 0) FROM people")
        bins = max(timescale.window_bins, ON_ATTACKER)
        self.environment = Environment(active, next_person, timescale.until_us, timescale.bin_us, bins)
        self.middle = self._middle()

    def _middle(self) -> Ints:
        """Active people from the 40th to the 60th percentile by `kept`; nobody if few people are active."""
        active = self.environment.active
        if active.size < MIN_ACTIVE:
            return active[:0]
        percentiles = np.array([self.before.percentile("kept", int(person), active) for person in active])
        return active[(percentiles >= 0.4) & (percentiles <= 0.6)]

    def rng(self, *purpose: int) -> np.random.Generator:
        """A random generator that gives the same numbers for the same purpose."""
        return np.random.default_rng([self._seed, *purpose])

    def attackers(self, number: int) -> Ints:
        """So many people from the middle, or all of the middle if there are fewer."""
        return np.sort(self.rng(0).permutation(self.middle)[:number])

    def raid(self, mode: Mode, size: int, attackers: Ints, *, clean: bool = False) -> list[Attempt]:
        """Let each attacker try it with a farm of that size; with `clean`, the models are those of the record without attackers."""
        groups = np.array_split(attackers, self.copies_for(size, attackers))
        return [attempt for group in groups for attempt in self._raid_together(mode, size, group, clean=clean)]

    def copies_for(self, size: int, attackers: Ints) -> int:
        """How many copies a raid needs."""
        return -(-attackers.size // max(1, MAX_ACCOUNTS // size))

    def _raid_together(self, mode: Mode, size: int, group: Ints, *, clean: bool) -> Iterator[Attempt]:
        farms = []
        for number, attacker in enumerate(group.tolist()):
            # The same numbers for the same attacker, no matter which other attackers are in the copy.
            rng, helpers = self.rng(1, attacker, size, MODES.index(mode)), self.rng(6, attacker).permutation(self.middle)
            helpers = helpers[~np.isin(helpers, group)]
            farms.append(plan_farm(self.environment, mode, attacker, size, helpers, rng, offset=number * size))
        with self._copy(concatenate([farm.acts for farm in farms]), clean=clean) as study:
            after = measure_scores(study, KEPT_SCORES if clean else SCORES)
            bought = measure_bought(study, farms)
        self._done(1)
        others = self.environment.active[~np.isin(self.environment.active, group)]
        for farm, result in zip(farms, bought, strict=True):
            yield Attempt(farm, after, result, np.append(others, farm.attacker))

    def score_pods(self, groups: Sequence[Ints]) -> ScoreTable:
        """Everybody's scores if each of these groups is a pod."""
        rng = self.rng(2)
        with self._copy(concatenate([plan_pod(self.environment, members, rng) for members in groups])) as study:
            after = measure_scores(study, KEPT_SCORES)
        self._done(1)
        return after

    def _copy(self, planted: PlantedActs, *, clean: bool = False) -> Study:
        catalogue = with_planted(planted.arrays)
        return Study(self._record, self._settings, catalogue=with_fits(self._fits.frozen, catalogue) if clean else catalogue)
