"""Who is later distrusted on Bitcoin alpha (KONECT), and who draws new raters? Does any score of the ratings above zero before a day tell?

People rate each other from -10 to 10. Of those known before a day, some are rated below zero on average afterwards. How often does a score
rank one of the others above one of them? 1 is always, .5 is chance. And how well does it rank all of them by the people who rate them
above zero for the first time afterwards?
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from doubt import range_of
from numpy.typing import NDArray
from pair_figures import MOST_DRAWS, Sorted

from regard.base.text import utc_datetime
from regard.evaluation.backtest.results import Range
from regard.evaluation.bootstrap import Draws, Plan, Sample, bootstrap, resampled
from regard.record.ingest import InputInfo
from regard.record.record import Record
from regard.record.schema import Act, Batch
from regard.studies.study import Settings, Study

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

PLACE = "bitcoin-alpha/out.soc-sign-bitcoinalpha"
CUTS = (0.5, 0.65, 0.75)
"""Shares of the ratings after which is looked."""
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
class Cut:
    """One day: of so many known people, how many were rated below zero later; and how well each score told them."""

    share: float
    people: int
    below: int
    told: Mapping[str, Range]
    known: int
    """People whom anybody had rated above zero."""
    new: Mapping[str, Range]
    """Spearman's rank correlation of each score with the number of new raters, over these."""


@dataclass(frozen=True)
class Rated:
    """All days."""

    ratings: int
    below: int
    cuts: tuple[Cut, ...]


def rated(data: Path, plan: Plan) -> Rated | None:
    """How well each score tells who is rated below zero later; None where Bitcoin alpha is not in the data folder."""
    if not (data / PLACE).exists():
        return None
    rows = np.loadtxt(data / PLACE, comments="%")
    rows = rows[np.argsort(rows[:, 3], kind="stable")]
    with Record.temporary() as record:
        record.append(InputInfo("table", "Bitcoin alpha", own_ids=False), [Batch(_acts(rows))])
        return Rated(len(rows), int((rows[:, 2] < 0).sum()), tuple(_cut(record, rows, share, plan) for share in CUTS))


def _acts(rows: Floats) -> list[Act]:
    """Ratings above zero."""
    return [Act(str(int(a)), "thank", int(at * 1_000_000), str(int(b))) for a, b, rating, at in rows.tolist() if rating > 0]


def _cut(record: Record, rows: Floats, share: float, plan: Plan) -> Cut:
    day = rows[int(share * len(rows)), 3]
    late = rows[rows[:, 3] >= day]
    rated_, at = np.unique(late[:, 1].astype(np.int64), return_inverse=True)
    mean = dict(zip(rated_.tolist(), (np.bincount(at, late[:, 2]) / np.bincount(at)).tolist(), strict=True))
    with Study(record, Settings(until=utc_datetime(int(day * 1_000_000)))) as study:
        scores = _scores(study)
    known = [person for person in scores[next(iter(SCORES))] if person in mean]
    good = np.array([mean[person] >= 0 for person in known])
    told = {name: auc(np.array([values[person] for person in known]), good, plan) for name, values in scores.items()}
    return Cut(
        share, len(known), int((~good).sum()), told, len(scores[next(iter(SCORES))]), _foretold(scores, _new_raters(rows, day), plan)
    )


def _new_raters(rows: Floats, day: float) -> Counter[int]:
    """How many people rated each one above zero from that day on, and had not before."""
    before, after = (
        {(int(a), int(b)) for a, b, rating, at in rows.tolist() if rating > 0 and (at >= day) == late} for late in (False, True)
    )
    return Counter(target for _, target in after - before)


def _foretold(scores: Mapping[str, Mapping[int, float]], came: Counter[int], plan: Plan) -> dict[str, Range]:
    people = [*scores[next(iter(SCORES))]]
    values = {name: np.array([score[person] for person in people]) for name, score in scores.items()}
    sample = Sample(np.arange(len(people)), values, {"came": np.array([float(came[person]) for person in people])})
    draws = Draws([sample], tuple(values), ("came",))
    here, drawn = draws.here(), bootstrap(draws, Plan(min(plan.draws, MOST_DRAWS), plan.seed))
    return {name: range_of(float(here[i, 0]), drawn[i, 0]) for i, name in enumerate(values)}


def _scores(study: Study) -> dict[str, dict[int, float]]:
    """Scores by the id of everybody toward whom anybody had acted."""
    for name in ("reached", "rank", "kept", "vouched_kept"):
        study.measure(name)
    return {
        name: {
            int(str(person)): float(str(score))
            for person, score in study.engine.rows(
                f"SELECT p.id, s.score FROM ({sql}) s JOIN people p ON p.person = s.person JOIN kept k ON k.person = s.person "
                "ORDER BY s.person"
            )
        }
        for name, sql in SCORES.items()
    }


def auc(score: Floats, good: Bools, plan: Plan) -> Range:
    """How often one of the good is above one of the others, with a range over draws of people.

    >>> auc(np.array([3.0, 2, 1]), np.array([True, True, False]), Plan(100, 1)).estimate
    1.0
    """
    some = Sorted(score, good)
    draws = resampled(np.random.default_rng(plan.seed), good.size, min(plan.draws, MOST_DRAWS))
    return range_of(float(some.figures(np.ones((good.size, 1)))[0, 0]), some.figures(draws)[0])
