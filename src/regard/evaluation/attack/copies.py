"""A record as it is, and copies of it with attackers in them.

A copy has the timescale of the record: else a farm would change what a bin is, and nothing could be compared. What is planted is there
before anything is fitted. A copy can also be made whose chances are fitted on the record as it is, which shows what being there at the
fit brings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from regard.base.text import utc_datetime
from regard.evaluation.attack.frozen_fits import CleanFits
from regard.evaluation.attack.measure import OURS, SCORES, Bought, Look, bought, look
from regard.evaluation.attack.planting import with_fits, with_planted
from regard.evaluation.attack.scenarios import MODES, ON_ATTACKER, Farm, Ground, Ints, Mode, Planted, farm, joined, pod
from regard.measures.base import MICRO_DAY
from regard.record.dataset import Dataset
from regard.record.record import Record
from regard.studies.study import Study

TOGETHER = 600
"""Accounts that farms planted in one copy have at most, all of them together; a larger farm has a copy of its own."""
FEWEST = 20
"""Active people below which there is no middle to draw attackers from."""
ACTIVE = "SELECT DISTINCT actor FROM interactions WHERE time >= make_timestamp($until_us - $window_us) ORDER BY actor"


@dataclass(frozen=True)
class Seen:
    """One attacker in one copy."""

    farm: Farm
    after: Look
    bought: Bought
    among: Ints
    """Honest active people it is held against; itself is one of them."""


class Copies:
    """What is planted where, drawn with one seed."""

    def __init__(self, record: Record | Dataset, study: Study, fits: CleanFits, seed: int, done: Callable[[int], None]) -> None:
        timescale = study.timescale
        self._record, self._fits, self._seed, self._done = record, fits, seed, done
        self._settings = replace(
            study.settings,
            until=utc_datetime(timescale.until_us),
            bin_days=timescale.bin_us / MICRO_DAY,
            window_days=timescale.window_us / MICRO_DAY,
        )
        self.before = look(study)
        active = np.asarray(study.engine.arrays(ACTIVE, timescale.values)["actor"], dtype=np.int64)
        free = int(str(study.engine.rows("SELECT coalesce(max(person) + 1, 0) FROM people")[0][0]))
        self.ground = Ground(active, free, timescale.until_us, timescale.bin_us, max(timescale.window_bins, ON_ATTACKER))
        self.middle = self._middle()

    def _middle(self) -> Ints:
        active = self.ground.active
        if active.size < FEWEST:
            return active[:0]
        at = np.array([self.before.percentile("kept", int(person), active) for person in active])
        return active[(at >= 0.4) & (at <= 0.6)]

    def dice(self, *what: int) -> np.random.Generator:
        """Dice that fall the same for the same purpose."""
        return np.random.default_rng([self._seed, *what])

    def attackers(self, number: int) -> Ints:
        """So many people from the middle, or all who are there."""
        return np.sort(self.dice(0).permutation(self.middle)[:number])

    def raid(self, mode: Mode, size: int, attackers: Ints, *, clean: bool = False) -> list[Seen]:
        """All attackers, each with a farm of that size; `clean` where chances are fitted on the record as it is."""
        groups = np.array_split(attackers, self.number(size, attackers))
        return [one for group in groups for one in self._group(mode, size, group, clean=clean)]

    def number(self, size: int, attackers: Ints) -> int:
        """How many copies that takes."""
        return -(-attackers.size // max(1, TOGETHER // size))

    def _group(self, mode: Mode, size: int, group: Ints, *, clean: bool) -> Iterator[Seen]:
        farms = []
        for nth, attacker in enumerate(group.tolist()):
            # The same for the same attacker, whoever else is in the copy.
            dice, helpers = self.dice(1, attacker, size, MODES.index(mode)), self.dice(6, attacker).permutation(self.middle)
            helpers = helpers[~np.isin(helpers, group)]
            farms.append(farm(self.ground, mode, attacker, size, helpers, dice, before=nth * size))
        with self._copy(joined([one.acts for one in farms]), clean=clean) as study:
            after = look(study, OURS if clean else SCORES)
            brought = bought(study, farms)
        self._done(1)
        others = self.ground.active[~np.isin(self.ground.active, group)]
        for one, mine in zip(farms, brought, strict=True):
            yield Seen(one, after, mine, np.append(others, one.attacker))

    def pods(self, groups: Sequence[Ints]) -> Look:
        """Everybody's scores where each of these groups is a pod."""
        dice = self.dice(2)
        with self._copy(joined([pod(self.ground, members, dice) for members in groups])) as study:
            after = look(study, OURS)
        self._done(1)
        return after

    def _copy(self, planted: Planted, *, clean: bool = False) -> Study:
        catalogue = with_planted(planted.arrays)
        return Study(self._record, self._settings, catalogue=with_fits(self._fits.made, catalogue) if clean else catalogue)
