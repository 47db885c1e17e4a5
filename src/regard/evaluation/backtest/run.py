"""Backtest: would `kept` have predicted who comes back, and better than rank, on this very record?

The record is evaluated from several origins, moments of its past. At each origin everything is derived from the acts before it: the
timescale, the ties, every score. Then the outcomes in the window after are counted, and each score is judged by how well it predicted them.
The origins themselves are chosen from the whole record (after 55, 65 and 75 % of its acts between people). An origin counts only if its
window ends inside the record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from regard.base.progress import NO_PROGRESS, Progress
from regard.base.text import duration, utc_datetime
from regard.engines.catalogue import Name
from regard.evaluation.backtest import calibration, score
from regard.evaluation.backtest.ceiling import ceilings
from regard.evaluation.backtest.results import Backtest, Dropped
from regard.evaluation.backtest.snapshot import SCORES, Snapshot, take_snapshot
from regard.evaluation.backtest.verdict import decide
from regard.evaluation.bootstrap import Correlations, Resampling, bootstrap, compare_with_best
from regard.evaluation.origins import Extent, find_extent
from regard.evaluation.scores import PAIRS, By, Score
from regard.evaluation.targets import TARGETS
from regard.measures.timescale import Timescale
from regard.record.dataset import Dataset
from regard.record.record import Record
from regard.studies.engine import prepare_record
from regard.studies.settings import Settings
from regard.studies.study import Study

Floats = NDArray[np.float64]

MAX_PEOPLE = 300_000
"""About how many people are evaluated at most. Of a larger record, one in so many is taken, in the order of ids."""


@dataclass(frozen=True)
class Trial:
    """The settings of a backtest. What is None or empty is derived from the record."""

    at: tuple[datetime, ...] = ()
    """The origins. A datetime without a zone is UTC."""
    bin_days: float | None = None
    window_days: float | None = None
    memory_limit: str | None = None
    seed: int = 1
    draws: int = 2_000
    """Bootstrap draws of people."""
    coefficients: Path | None = None
    """See `Settings`; so are the next three."""
    temporary: str | None = None
    engine: Name = "duckdb"
    master: str | None = None

    @property
    def settings(self) -> Settings:
        """The settings of each study, without its moment."""
        shared = None, self.bin_days, self.window_days, self.memory_limit, self.temporary, self.coefficients
        return Settings(*shared, engine=self.engine, master=self.master)


@dataclass(frozen=True)
class Observations:
    """A record as observed from its past: the snapshots, and the moments that could not be origins."""

    extent: Extent
    snapshots: tuple[Snapshot, ...]
    dropped: tuple[Dropped, ...]
    one_in: int
    """One of so many people is evaluated."""


@dataclass(frozen=True)
class Resampled:
    """Rank correlations of the people as they are, and in all draws of them. The first of the scores is `kept`."""

    scores: Sequence[Score]
    people: int
    """Different people who may be drawn."""
    observed: Floats
    """(scores, targets)"""
    drawn: Floats
    """(scores, targets, draws)"""
    best_elsewhere: Floats
    """(targets,): `kept` less the rank that was best on the other half of the people."""
    best_elsewhere_drawn: Floats
    """(targets, draws)"""


def observe(record: Record | Dataset, trial: Trial, progress: Progress = NO_PROGRESS) -> Observations:
    """Take a snapshot of a record at each origin of a trial; raises what `backtest` raises."""
    settings = trial.settings
    record = prepare_record(record, settings)
    extent = find_extent(record, settings)
    one_in = max(1, -(-extent.people // MAX_PEOPLE))
    snapshots: list[Snapshot] = []
    dropped: list[Dropped] = []
    for at in trial.at or extent.origins if extent.acts else ():
        with Study(record, replace(settings, until=at), progress) as study:
            if reason := _reason_to_drop(study.timescale, extent):
                dropped.append(Dropped(utc_datetime(study.timescale.until_us), reason))
            else:
                snapshots.append(take_snapshot(study, one_in=one_in))
    return Observations(extent, tuple(snapshots), tuple(dropped), one_in)


def _reason_to_drop(timescale: Timescale, extent: Extent) -> str | None:
    if not timescale.acts:
        return "nobody had acted toward anybody before it"
    return None if extent.contains_window(timescale) else f"the record ends before its window of {duration(timescale.window_us)} does"


def backtest(
    record: Record | Dataset, trial: Trial | None = None, *, title: str | None = None, progress: Progress = NO_PROGRESS
) -> Backtest:
    """Compare `kept` with all kinds of rank on a record's own past.

    Raises MissingExtra without scikit-network, UsageError for an impossible bin or window, and what opening the record raises.
    """
    trial = trial or Trial()
    observations, resampling = observe(record, trial, progress), Resampling(trial.draws, trial.seed, progress)
    progress.stage("drawing people", 4 * resampling.draws, "draws")
    return summarise(observations, resample_people(observations.snapshots, resampling), resampling, title or record.path.stem)


def resample_people(snapshots: Sequence[Snapshot], resampling: Resampling) -> Resampled:
    """Draw the active people of all snapshots again and again, and correlate each time."""
    scores = shared_scores(snapshots)
    ranks = ["kept", *(score.name for score in scores if score.by is By.RANK)]
    every_score, every_rank = _correlations(snapshots, [score.name for score in scores]), _correlations(snapshots, ranks)
    observed, drawn = every_score.observed(), bootstrap(every_score, resampling)
    return Resampled(scores, every_score.people, observed, drawn, *compare_with_best(every_rank, resampling))


def summarise(observations: Observations, resampled: Resampled, resampling: Resampling, title: str) -> Backtest:
    """All figures of a backtest and the verdict."""
    snapshots, extent = observations.snapshots, observations.extent
    origins = tuple(score.score_origin(snapshot) for snapshot in snapshots)
    names = [score.name for score in resampled.scores]
    means = score.average_scores(
        resampled.scores, origins, resampled.observed, resampled.drawn, ceilings(snapshots, names, resampling.seed)
    )
    best_elsewhere = score.ranges_by_target(resampled.best_elsewhere, resampled.best_elsewhere_drawn)
    mean_log_ratio, median_ratio = calibration.summarise_ratios(origins)
    return Backtest(
        title=title,
        version=version("regard"),
        acts=extent.acts,
        verdict=decide(extent.acts, origins, means, best_elsewhere.returned),
        origins=origins,
        dropped=observations.dropped,
        judged=resampled.people,
        one_in=observations.one_in,
        draws=resampling.draws,
        seed=resampling.seed,
        scores=means,
        best_elsewhere=best_elsewhere,
        best_afterwards=score.best_afterwards(means),
        pair_scores=score.average_pair_scores(PAIRS, snapshots, origins),
        reliability=calibration.group_pairs(snapshots, PAIRS[0].name),
        levels=calibration.group_people(snapshots),
        mean_log_ratio=mean_log_ratio,
        median_ratio=median_ratio,
        coverage=calibration.measure_coverage(snapshots),
        newcomers=score.score_group(snapshots, [snapshot.active & snapshot.newcomer for snapshot in snapshots], names, resampling),
        others=score.score_group(snapshots, [snapshot.active & ~snapshot.newcomer for snapshot in snapshots], names, resampling),
    )


def shared_scores(snapshots: Sequence[Snapshot]) -> list[Score]:
    """The scores that all snapshots have. A number that the platform gives at some origins only is not compared."""
    return [score for score in SCORES if snapshots and all(score.name in snapshot.scores for snapshot in snapshots)]


def _correlations(snapshots: Sequence[Snapshot], names: Sequence[str]) -> Correlations:
    """Correlations over the active people of all snapshots."""
    return Correlations([score.select_people(snapshot, snapshot.active, names) for snapshot in snapshots], names, TARGETS)
