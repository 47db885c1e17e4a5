"""A snapshot: everybody known before an origin, their scores from the past alone, and what happened in the window after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from regard.engines.base import Values
from regard.evaluation.baselines import BASELINES, FROM_PLATFORM
from regard.evaluation.graph_baselines import GRAPH_RANKS, MAX_TIES, POSITIONS
from regard.evaluation.scores import PAIRS, REGARD, By, PairScore, Score
from regard.evaluation.targets import OUTCOMES, PAIRS_AFTER, TARGETS
from regard.measures.influence.evidence import EVIDENCE
from regard.measures.timescale import Timescale
from regard.studies.study import Study

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Indices = NDArray[np.int64]

SCORES = (*REGARD, *BASELINES, *FROM_PLATFORM)
"""All scores of people."""
MIN_REPORTED = 0.5
"""A number that the platform gives for a smaller share of the active people ranks the platform's reporting, not people."""


@dataclass(frozen=True)
class PairOutcomes:
    """Ordered pairs that acted before the origin, in the order of their values. Arrays are (pairs,)."""

    scores: Mapping[str, Floats]
    returned: Bools
    """Whether the pair acted again within the window after."""
    targets: Indices
    """Positions of the people acted toward."""


@dataclass(frozen=True)
class Snapshot:
    """One record at one origin. Arrays are (people,), in the order of the people's positions."""

    timescale: Timescale
    positions: Indices
    """A number for each person in the order of ids; the same in all snapshots of a record."""
    active: Bools
    """Whether they acted within the window before."""
    newcomer: Bools
    """Whether they were first seen within the window before."""
    scores: Mapping[str, Floats]
    targets: Mapping[str, Floats]
    """Outcomes in the window after, by the names in targets.py."""
    low: Floats
    """Lower end of the 90 % range of `kept`; 0 for people toward whom nobody ever acted."""
    high: Floats
    """Upper end."""
    tied: Bools
    """Whether anybody ever acted toward them."""
    pairs: PairOutcomes
    evidence: int
    """People to whom somebody came back in the window before."""

    @cached_property
    def covered(self) -> Bools:
        """Whether the range of `kept` contains the number of people who returned."""
        return (self.targets["returned"] >= self.low) & (self.targets["returned"] <= self.high)


def take_snapshot(study: Study, scores: Sequence[Score] = SCORES, pairs: Sequence[PairScore] = PAIRS, *, one_in: int = 1) -> Snapshot:
    """A study's people and pairs with their scores and outcomes. Only this function reads acts after the study's moment.

    One of `one_in` people is taken, the same people in every snapshot, with all pairs toward them.
    """
    for measure in dict.fromkeys(name for score in scores for name in (*score.needs, "kept")):
        study.measure(measure)
    values = {**study.timescale.values, "one_in": one_in}
    for step in (POSITIONS, PAIRS_AFTER, OUTCOMES):
        study.engine.run(step, values)
    if study.engine.scalar(int, "SELECT count(*) FROM ties") <= MAX_TIES:
        study.engine.run(GRAPH_RANKS, values)
    else:
        scores = [score for score in scores if GRAPH_RANKS.name not in score.sql]
    columns = study.engine.arrays(_people_sql(scores), values)
    names = (*(score.name for score in scores), *(f"target_{name}" for name in TARGETS), "low", "high")
    floats = {name: np.asarray(columns[name], dtype=np.float64) for name in names}
    active = np.asarray(columns["active"], dtype=bool)
    usable = [score.name for score in scores if score.by is not By.PLATFORM or _is_reported(floats[score.name], active)]
    return Snapshot(
        study.timescale,
        np.asarray(columns["position"], dtype=np.int64),
        active,
        np.asarray(columns["newcomer"], dtype=bool),
        {name: np.nan_to_num(floats[name]) for name in usable},
        {name: floats[f"target_{name}"] for name in TARGETS},
        floats["low"],
        floats["high"],
        np.asarray(columns["tied"], dtype=bool),
        _pair_outcomes(study, pairs, values),
        study.engine.scalar(int, EVIDENCE, values),
    )


def _people_sql(scores: Sequence[Score]) -> str:
    """SQL for one row for each person who acted, or was acted toward, before the origin."""
    columns = "".join(f", {_filled(score, i)} AS {score.name}" for i, score in enumerate(scores))
    joins = " ".join(f"LEFT JOIN ({score.sql}) s{i} ON s{i}.person = n.person" for i, score in enumerate(scores))
    targets = "".join(f", coalesce(o.{name}, 0) AS target_{name}" for name in TARGETS)
    return f"""
        WITH known AS (
            SELECT person, max(acted) >= make_timestamp($until_us - $window_us) AS active,
                min(first) >= make_timestamp($until_us - $window_us) AS newcomer
            FROM (SELECT actor AS person, last AS acted, first FROM pairs UNION ALL SELECT target, NULL, first FROM pairs) GROUP BY person)
        SELECT p.position, coalesce(n.active, false) AS active, n.newcomer, k.person IS NOT NULL AS tied,
            coalesce(k.low, 0) AS low, coalesce(k.high, 0) AS high{targets}{columns}
        FROM known n JOIN positions p ON p.person = n.person LEFT JOIN kept k ON k.person = n.person
            LEFT JOIN outcomes o ON o.person = n.person {joins}
        WHERE p.position % $one_in = 0 ORDER BY p.position"""


def _filled(score: Score, number: int) -> str:
    column = f"CAST(s{number}.score AS DOUBLE)"
    return f"coalesce({column}, CAST('nan' AS DOUBLE))" if score.by is By.PLATFORM else f"coalesce({column}, 0)"


def _is_reported(values: Floats, active: Bools) -> bool:
    return bool(active.any()) and float(np.isfinite(values[active]).mean()) >= MIN_REPORTED


def _pair_outcomes(study: Study, scores: Sequence[PairScore], values: Values) -> PairOutcomes:
    columns = "".join(f", CAST(s{i}.score AS DOUBLE) AS {score.name}" for i, score in enumerate(scores))
    joins = " ".join(f"JOIN ({score.sql}) s{i} ON s{i}.actor = t.actor AND s{i}.target = t.target" for i, score in enumerate(scores))
    # The rows stand in the order of their values, so that sums of floats do not depend on the order of the record's rows.
    rows = study.engine.arrays(
        f"""SELECT a.actor IS NOT NULL AS returned{columns}, p.position AS target
            FROM pairs t {joins} JOIN positions p ON p.person = t.target
            LEFT JOIN pairs_after a ON a.actor = t.actor AND a.target = t.target WHERE p.position % $one_in = 0 ORDER BY ALL""",
        values,
    )
    by_score = {score.name: np.asarray(rows[score.name], dtype=np.float64) for score in scores}
    return PairOutcomes(by_score, np.asarray(rows["returned"], dtype=bool), np.asarray(rows["target"], dtype=np.int64))


def pool_pairs(snapshots: Sequence[Snapshot], name: str) -> tuple[Floats, Bools]:
    """A score of pairs and whether they acted again, over all snapshots; one snapshot or more."""
    scores = np.concatenate([snapshot.pairs.scores[name] for snapshot in snapshots])
    return scores, np.concatenate([snapshot.pairs.returned for snapshot in snapshots])
