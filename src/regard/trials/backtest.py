"""Backtest: would `kept` have told who comes back, and better than rank, on this very record?

The record is looked at from several moments of its past. At each of them everything is derived from what lay before: the rhythm, the ties,
every score. Then what came in the window after is counted, and each score is judged by how well it told that. The moments themselves are
chosen from the whole record (after 55, 65 and 75 % of its acts between people), and only those count whose window lies inside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from regard.engines.catalogue import Name
from regard.events.dataset import Dataset
from regard.events.record import Record
from regard.findings.words import moment, span
from regard.measures.rhythm import Rhythm
from regard.studies import Settings, Study, for_engine
from regard.trials import judge
from regard.trials.bootstrap import Draws, Plan, against_best, bootstrap
from regard.trials.cut import SCORES, Cut, cut
from regard.trials.origins import Extent, extent
from regard.trials.outcome import Backtest, Dropped
from regard.trials.scores import PAIRS, Score
from regard.trials.targets import TARGETS
from regard.trials.verdict import verdict
from regard.watch import SILENT, Watch

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


def look(record: Record | Dataset, trial: Trial, watch: Watch = SILENT) -> Look:
    """Cut a record at each moment of a trial; errors as of `backtest`."""
    settings = trial.settings
    record = for_engine(record, settings)
    whole = extent(record, settings)
    one_in = max(1, -(-whole.people // JUDGED))
    cuts: list[Cut] = []
    dropped: list[Dropped] = []
    for at in trial.at or whole.origins if whole.acts else ():
        with Study(record, replace(settings, until=at), watch) as study:
            if why := _cannot(study.rhythm, whole):
                dropped.append(Dropped(moment(study.rhythm.until_us), why))
            else:
                cuts.append(cut(study, one_in=one_in))
    return Look(whole, tuple(cuts), tuple(dropped), one_in)


def _cannot(rhythm: Rhythm, whole: Extent) -> str | None:
    if not rhythm.acts:
        return "nobody had acted toward anybody before it"
    return None if whole.holds(rhythm) else f"the record ends before its window of {span(rhythm.window_us)} does"


def backtest(record: Record | Dataset, trial: Trial | None = None, *, title: str | None = None, watch: Watch = SILENT) -> Backtest:
    """Try `kept` against all kinds of rank on a record's own past.

    Raises MissingExtra without scikit-network, UsageError for a bin or window that can't be, and what opening the record raises.
    """
    trial = trial or Trial()
    seen, plan = look(record, trial, watch), Plan(trial.draws, trial.seed, watch)
    plan.watch.stage("drawing people", 4 * plan.draws, "draws")
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
    origins = tuple(judge.origin(one) for one in cuts)
    names = [score.name for score in draws.scores]
    means = judge.score_means(draws.scores, origins, draws.here, draws.correlations)
    elsewhere = judge.ranges(draws.elsewhere_here, draws.elsewhere)
    mean_log_ratio, median_ratio = judge.ratios(origins)
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
        best_afterwards=judge.best_afterwards(means),
        pair_scores=judge.pair_means(PAIRS, cuts, origins),
        reliability=judge.reliability(cuts, PAIRS[0].name),
        levels=judge.levels(cuts),
        mean_log_ratio=mean_log_ratio,
        median_ratio=median_ratio,
        coverage=judge.coverage(cuts),
        newcomers=judge.group(cuts, [one.active & one.newcomer for one in cuts], names, plan),
        others=judge.group(cuts, [one.active & ~one.newcomer for one in cuts], names, plan),
    )


def shared_scores(cuts: Sequence[Cut]) -> list[Score]:
    """The scores that all cuts have: a number that the platform tells at some of the moments only is not compared."""
    return [score for score in SCORES if cuts and all(score.name in one.scores for one in cuts)]


def _drawn_from(cuts: Sequence[Cut], names: Sequence[str]) -> Draws:
    """The active people of all cuts, to be drawn."""
    return Draws([judge.sample(one, one.active, names) for one in cuts], names, TARGETS)
