"""Backtest: would `kept` have told who comes back, and better than rank, on this very record?

The record is looked at from several moments of its past. At each of them everything is derived from what lay before: the timescale, the
ties, every score. Then what came in the window after is counted, and each score is judged by how well it told that. The moments
themselves are chosen from the whole record (after 55, 65 and 75 % of its acts between people), and only those count whose window lies
inside it.
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
from regard.evaluation.backtest import score
from regard.evaluation.backtest.results import Backtest, Dropped
from regard.evaluation.backtest.snapshot import SCORES, Cut, cut
from regard.evaluation.backtest.verdict import verdict
from regard.evaluation.bootstrap import Draws, Plan, against_best, bootstrap
from regard.evaluation.origins import Extent, extent
from regard.evaluation.scores import PAIRS, Score
from regard.evaluation.targets import TARGETS
from regard.measures.timescale import Timescale
from regard.record.dataset import Dataset
from regard.record.record import Record
from regard.studies.engine import prepare_record
from regard.studies.study import Settings, Study

Floats = NDArray[np.float64]

JUDGED = 300_000
"""People who are looked at, at most about; of more every so-manyth in the order of their ids."""


@dataclass(frozen=True)
class Trial:
    """How a backtest is made; what is None the record decides."""

    at: tuple[datetime, ...] = ()
    """Moments to look from; else chosen. Without a zone they are UTC."""
    bin_days: float | None = None
    window_days: float | None = None
    memory_limit: str | None = None
    seed: int = 1
    draws: int = 2_000
    coefficients: Path | None = None
    """See `Settings`."""
    temporary: str | None = None
    engine: Name = "duckdb"
    master: str | None = None
    """Where relations are run, as `Settings` has it."""

    @property
    def settings(self) -> Settings:
        """Those of each study, but for the moment looked from."""
        given = None, self.bin_days, self.window_days, self.memory_limit, self.temporary, self.coefficients
        return Settings(*given, engine=self.engine, master=self.master)


@dataclass(frozen=True)
class Look:
    """A record looked at from its past: the cuts, and the moments that could not be looked from."""

    whole: Extent
    cuts: tuple[Cut, ...]
    dropped: tuple[Dropped, ...]
    one_in: int
    """One of so many people is looked at."""


@dataclass(frozen=True)
class Drawn:
    """Rank correlations of the people as they are, and in all draws of them; the first of the scores is `kept`."""

    scores: Sequence[Score]
    people: int
    """Different people who may be drawn."""
    here: Floats
    """(scores, targets)"""
    correlations: Floats
    """(scores, targets, draws)"""
    elsewhere_here: Floats
    """(targets,): `kept` minus the rank that was best on the other half of the people."""
    elsewhere: Floats
    """(targets, draws)"""


def look(record: Record | Dataset, trial: Trial, progress: Progress = NO_PROGRESS) -> Look:
    """Cut a record at each moment of a trial; errors as of `backtest`."""
    settings = trial.settings
    record = prepare_record(record, settings)
    whole = extent(record, settings)
    one_in = max(1, -(-whole.people // JUDGED))
    cuts: list[Cut] = []
    dropped: list[Dropped] = []
    for at in trial.at or whole.origins if whole.acts else ():
        with Study(record, replace(settings, until=at), progress) as study:
            if why := _cannot(study.timescale, whole):
                dropped.append(Dropped(utc_datetime(study.timescale.until_us), why))
            else:
                cuts.append(cut(study, one_in=one_in))
    return Look(whole, tuple(cuts), tuple(dropped), one_in)


def _cannot(timescale: Timescale, whole: Extent) -> str | None:
    if not timescale.acts:
        return "nobody had acted toward anybody before it"
    return None if whole.holds(timescale) else f"the record ends before its window of {duration(timescale.window_us)} does"


def backtest(
    record: Record | Dataset, trial: Trial | None = None, *, title: str | None = None, progress: Progress = NO_PROGRESS
) -> Backtest:
    """Try `kept` against all kinds of rank on a record's own past.

    Raises MissingExtra without scikit-network, UsageError for a bin or window that can't be, and what opening the record raises.
    """
    trial = trial or Trial()
    seen, plan = look(record, trial, progress), Plan(trial.draws, trial.seed, progress)
    plan.progress.stage("drawing people", 4 * plan.draws, "draws")
    return judged(seen, drawn(seen.cuts, plan), plan, title or record.path.stem)


def drawn(cuts: Sequence[Cut], plan: Plan) -> Drawn:
    """The active people of all cuts, drawn again and again."""
    scores = shared_scores(cuts)
    ranks = ["kept", *(score.name for score in scores if score.by == "rank")]
    everybody = _drawn_from(cuts, [score.name for score in scores])
    return Drawn(scores, everybody.people, everybody.here(), bootstrap(everybody, plan), *against_best(_drawn_from(cuts, ranks), plan))


def judged(seen: Look, draws: Drawn, plan: Plan, title: str) -> Backtest:
    """All figures of what was seen."""
    cuts = seen.cuts
    origins = tuple(score.origin(one) for one in cuts)
    names = [score.name for score in draws.scores]
    means = score.score_means(draws.scores, origins, draws.here, draws.correlations)
    elsewhere = score.ranges(draws.elsewhere_here, draws.elsewhere)
    mean_log_ratio, median_ratio = score.ratios(origins)
    return Backtest(
        title=title,
        version=version("regard"),
        acts=seen.whole.acts,
        verdict=verdict(seen.whole.acts, origins, means, elsewhere.kept),
        origins=origins,
        dropped=seen.dropped,
        judged=draws.people,
        one_in=seen.one_in,
        draws=plan.draws,
        seed=plan.seed,
        scores=means,
        best_elsewhere=elsewhere,
        best_afterwards=score.best_afterwards(means),
        pair_scores=score.pair_means(PAIRS, cuts, origins),
        reliability=score.reliability(cuts, PAIRS[0].name),
        levels=score.levels(cuts),
        mean_log_ratio=mean_log_ratio,
        median_ratio=median_ratio,
        coverage=score.coverage(cuts),
        newcomers=score.group(cuts, [one.active & one.newcomer for one in cuts], names, plan),
        others=score.group(cuts, [one.active & ~one.newcomer for one in cuts], names, plan),
    )


def shared_scores(cuts: Sequence[Cut]) -> list[Score]:
    """The scores that all cuts have: a number that the platform tells at some of the moments only is not compared."""
    return [score for score in SCORES if cuts and all(score.name in one.scores for one in cuts)]


def _drawn_from(cuts: Sequence[Cut], names: Sequence[str]) -> Draws:
    """The active people of all cuts, to be drawn."""
    return Draws([score.sample(one, one.active, names) for one in cuts], names, TARGETS)
