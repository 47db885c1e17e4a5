"""A cut: everybody known before a moment, what was measured of them from the past alone, and what came in the window after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from regard.engines.base import Values
from regard.evaluation.baselines import BASELINES, TOLD
from regard.evaluation.graph_baselines import GRAPH_RANKS, MOST_TIES, PLACES
from regard.evaluation.scores import PAIRS, REGARD, PairScore, Score
from regard.evaluation.targets import AHEAD, CAME, TARGETS
from regard.measures.influence.evidence import EVIDENCE
from regard.measures.timescale import Timescale
from regard.studies.study import Study

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Indices = NDArray[np.int64]

SCORES = (*REGARD, *BASELINES, *TOLD)
"""Everything that people are told by."""
TOLD_SHARE = 0.5
"""A number that the platform tells of fewer than half of the active people ranks the platform's reporting, not people."""


@dataclass(frozen=True)
class Pairs:
    """Ordered pairs that acted before the cut, sorted by what is said of them."""

    scores: Mapping[str, Floats]
    again: Bools
    """Whether they acted again within the window."""
    toward: Indices
    """The places of the people acted toward."""


@dataclass(frozen=True)
class Cut:
    """One record at one moment. Arrays of people stand in the order of their places; a place is the same in all cuts of a record."""

    timescale: Timescale
    place: Indices
    active: Bools
    """Acted within the window before."""
    newcomer: Bools
    """First seen within the window before."""
    scores: Mapping[str, Floats]
    targets: Mapping[str, Floats]
    low: Floats
    """Ends of the 90 % range of `kept`; 0 for people toward whom nobody ever acted."""
    high: Floats
    tied: Bools
    """Whether anybody ever acted toward them."""
    pairs: Pairs
    evidence: int
    """People to whom somebody came back in the window before."""

    @cached_property
    def covered(self) -> Bools:
        """Whether the range of `kept` held those who came back."""
        return (self.targets["kept"] >= self.low) & (self.targets["kept"] <= self.high)


def cut(study: Study, scores: Sequence[Score] = SCORES, pairs: Sequence[PairScore] = PAIRS, *, one_in: int = 1) -> Cut:
    """A study's people and pairs with their scores, and what came: the one place that looks past the moment looked from.

    `one_in` so many people are looked at, the same ones in every cut, with all pairs toward them.
    """
    for needed in dict.fromkeys(name for score in scores for name in (*score.needs, "kept")):
        study.measure(needed)
    values = {**study.timescale.values, "one_in": one_in}
    for part in (PLACES, AHEAD, CAME):
        study.engine.run(part, values)
    if int(str(study.engine.rows("SELECT count(*) FROM ties")[0][0])) <= MOST_TIES:
        study.engine.run(GRAPH_RANKS, values)
    else:
        scores = [score for score in scores if GRAPH_RANKS.name not in score.sql]
    found = study.engine.arrays(_people(scores), values)
    names = (*(score.name for score in scores), *(f"came_{name}" for name in TARGETS), "low", "high")
    whole = {name: np.asarray(found[name], dtype=np.float64) for name in names}
    active = np.asarray(found["active"], dtype=bool)
    told = [score.name for score in scores if score.by != "told" or _is_told(whole[score.name], active)]
    return Cut(
        study.timescale,
        np.asarray(found["place"], dtype=np.int64),
        active,
        np.asarray(found["newcomer"], dtype=bool),
        {name: np.nan_to_num(whole[name]) for name in told},
        {name: whole[f"came_{name}"] for name in TARGETS},
        whole["low"],
        whole["high"],
        np.asarray(found["tied"], dtype=bool),
        _pairs_of(study, pairs, values),
        int(str(study.engine.rows(EVIDENCE, values)[0][0])),
    )


def _people(scores: Sequence[Score]) -> str:
    """SQL for one row for each person who acted, or was acted toward, before the cut."""
    columns = "".join(f", {_filled(score, i)} AS {score.name}" for i, score in enumerate(scores))
    joins = " ".join(f"LEFT JOIN ({score.sql}) s{i} ON s{i}.person = n.person" for i, score in enumerate(scores))
    came = "".join(f", coalesce(c.{name}, 0) AS came_{name}" for name in TARGETS)
    return f"""
        WITH known AS (
            SELECT person, max(acted) >= make_timestamp($until_us - $window_us) AS active,
                min(first) >= make_timestamp($until_us - $window_us) AS newcomer
            FROM (SELECT actor AS person, last AS acted, first FROM pairs UNION ALL SELECT target, NULL, first FROM pairs) GROUP BY person)
        SELECT p.place, coalesce(n.active, false) AS active, n.newcomer, k.person IS NOT NULL AS tied,
            coalesce(k.low, 0) AS low, coalesce(k.high, 0) AS high{came}{columns}
        FROM known n JOIN places p ON p.person = n.person LEFT JOIN kept k ON k.person = n.person
            LEFT JOIN came c ON c.person = n.person {joins}
        WHERE p.place % $one_in = 0 ORDER BY p.place"""


def _filled(score: Score, place: int) -> str:
    column = f"CAST(s{place}.score AS DOUBLE)"
    return f"coalesce({column}, CAST('nan' AS DOUBLE))" if score.by == "told" else f"coalesce({column}, 0)"


def _is_told(values: Floats, active: Bools) -> bool:
    return bool(active.any()) and float(np.isfinite(values[active]).mean()) >= TOLD_SHARE


def _pairs_of(study: Study, scores: Sequence[PairScore], values: Values) -> Pairs:
    columns = "".join(f", CAST(s{i}.score AS DOUBLE) AS {score.name}" for i, score in enumerate(scores))
    joins = " ".join(f"JOIN ({score.sql}) s{i} ON s{i}.actor = t.actor AND s{i}.target = t.target" for i, score in enumerate(scores))
    # In the order of their values: sums of floats are then the same whatever the order of the rows.
    found = study.engine.arrays(
        f"""SELECT a.actor IS NOT NULL AS again{columns}, p.place AS toward FROM pairs t {joins} JOIN places p ON p.person = t.target
            LEFT JOIN ahead a ON a.actor = t.actor AND a.target = t.target WHERE p.place % $one_in = 0 ORDER BY ALL""",
        values,
    )
    said = {score.name: np.asarray(found[score.name], dtype=np.float64) for score in scores}
    return Pairs(said, np.asarray(found["again"], dtype=bool), np.asarray(found["toward"], dtype=np.int64))
