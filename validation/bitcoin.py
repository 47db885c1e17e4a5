"""Bitcoin alpha (KONECT): do scores of the ratings above zero before a day predict who is distrusted later, and who gets new raters?

People rate each other from -10 to 10. Some of the people known before a day are rated below zero on average afterwards. How often does a
score rank one of the others above one of them? 1 means always, .5 is chance. And how well does the score rank everybody by the number of
people who rate them above zero for the first time afterwards?
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pair_figures import MAX_DRAWS, SortedPairs
from uncertainty import range_of

from regard.base.text import utc_datetime
from regard.evaluation.backtest.results import Range
from regard.evaluation.bootstrap import Correlations, Resampling, Sample, bootstrap, resample
from regard.record.ingest import InputInfo
from regard.record.record import Record
from regard.record.schema import Act, Batch
from regard.studies.settings import Settings
from regard.studies.study import Study

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

PATH = "bitcoin-alpha/out.soc-sign-bitcoinalpha"
SHARES = (0.5, 0.65, 0.75)
"""Shares of the ratings that lie before each day."""
SCORES = {
    "distinct people": "SELECT person, people AS score FROM reached",
    "PageRank": "SELECT person, pagerank AS score FROM rank WHERE pagerank IS NOT NULL",
    "kept": "SELECT person, kept AS score FROM kept",
    "kept, vouched for": "SELECT person, kept_vouched AS score FROM vouched_kept",
    "the walk's share of steps": "SELECT person, score FROM vouched",
    "vouched": "SELECT person, vouched AS score FROM vouched",
}
WALKS = ("PageRank", "the walk's share of steps", "vouched")


@dataclass(frozen=True)
class RatedDay:
    """One day: how many of the known people were rated below zero later, and how well each score predicted it."""

    share: float
    """Share of the ratings before it."""
    people: int
    """Known people who were rated afterwards."""
    below: int
    """Those of them who were rated below zero."""
    aucs: Mapping[str, Range]
    """By score: how often it ranks one of the others above one of these."""
    known: int
    """People whom anybody had rated above zero before."""
    new_raters: Mapping[str, Range]
    """By score: Spearman's rank correlation with the number of new raters, over the known people."""


@dataclass(frozen=True)
class Rated:
    """All days."""

    ratings: int
    below: int
    """Ratings below zero."""
    days: tuple[RatedDay, ...]


def evaluate_ratings(data: Path, resampling: Resampling) -> Rated | None:
    """How well each score predicts who is rated below zero later; None if Bitcoin alpha is not in the data folder."""
    if not (data / PATH).exists():
        return None
    rows = np.loadtxt(data / PATH, comments="%")
    rows = rows[np.argsort(rows[:, 3], kind="stable")]
    with Record.temporary() as record:
        record.append(InputInfo("table", "Bitcoin alpha", own_ids=False), [Batch(_acts(rows))])
        return Rated(len(rows), int((rows[:, 2] < 0).sum()), tuple(_evaluate_day(record, rows, share, resampling) for share in SHARES))


def _acts(rows: Floats) -> list[Act]:
    """Ratings above zero."""
    return [Act(str(int(a)), "thank", int(at * 1_000_000), str(int(b))) for a, b, rating, at in rows.tolist() if rating > 0]


def _evaluate_day(record: Record, rows: Floats, share: float, resampling: Resampling) -> RatedDay:
    day = rows[int(share * len(rows)), 3]
    later = rows[rows[:, 3] >= day]
    people, row = np.unique(later[:, 1].astype(np.int64), return_inverse=True)
    mean = dict(zip(people.tolist(), (np.bincount(row, later[:, 2]) / np.bincount(row)).tolist(), strict=True))
    with Study(record, Settings(until=utc_datetime(int(day * 1_000_000)))) as study:
        scores = _scores(study)
    known = scores[next(iter(SCORES))]
    rated = [person for person in known if person in mean]
    good = np.array([mean[person] >= 0 for person in rated])
    aucs = {name: auc(np.array([values[person] for person in rated]), good, resampling) for name, values in scores.items()}
    return RatedDay(share, len(rated), int((~good).sum()), aucs, len(known), _correlate(scores, _new_raters(rows, day), resampling))


def _new_raters(rows: Floats, day: float) -> Counter[int]:
    """How many people rated each person above zero from that day on and had not done so before."""
    before, after = (
        {(int(a), int(b)) for a, b, rating, at in rows.tolist() if rating > 0 and (at >= day) == late} for late in (False, True)
    )
    return Counter(target for _, target in after - before)


def _correlate(scores: Mapping[str, Mapping[int, float]], new_raters: Counter[int], resampling: Resampling) -> dict[str, Range]:
    people = [*scores[next(iter(SCORES))]]
    values = {name: np.array([score[person] for person in people]) for name, score in scores.items()}
    sample = Sample(np.arange(len(people)), values, {"new_raters": np.array([float(new_raters[person]) for person in people])})
    correlations = Correlations([sample], tuple(values), ("new_raters",))
    observed, drawn = correlations.observed(), bootstrap(correlations, Resampling(min(resampling.draws, MAX_DRAWS), resampling.seed))
    return {name: range_of(float(observed[i, 0]), drawn[i, 0]) for i, name in enumerate(values)}


class _ScoreRow(NamedTuple):
    id: int
    score: float


def _scores(study: Study) -> dict[str, dict[int, float]]:
    """By score: the value of everybody toward whom anybody had acted, by id."""
    for name in ("reached", "rank", "kept", "vouched_kept"):
        study.measure(name)
    joins = "JOIN people p ON p.person = s.person JOIN kept k ON k.person = s.person"
    return {
        name: {row.id: row.score for row in study.engine.fetch(_ScoreRow, f"SELECT p.id, s.score FROM ({sql}) s {joins} ORDER BY s.person")}
        for name, sql in SCORES.items()
    }


def auc(score: Floats, good: Bools, resampling: Resampling) -> Range:
    """How often one of the good people scores above one of the others, with a range over draws of people.

    >>> auc(np.array([3.0, 2, 1]), np.array([True, True, False]), Resampling(100, 1)).estimate
    1.0
    """
    people = SortedPairs(score, good)
    weights = resample(np.random.default_rng(resampling.seed), good.size, min(resampling.draws, MAX_DRAWS))
    return range_of(float(people.figures(np.ones((good.size, 1)))[0, 0]), people.figures(weights)[0])
