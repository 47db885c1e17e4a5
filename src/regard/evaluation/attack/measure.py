"""What a record with attackers in it shows: everybody's scores, and what an attacker's accounts bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.errors import MissingExtra
from regard.evaluation.attack.scenarios import Farm, Ints
from regard.evaluation.baselines import BASELINES
from regard.evaluation.graph_baselines import GRAPH_RANKS, PLACES
from regard.evaluation.scores import Score
from regard.measures.kernels import personalized_pagerank
from regard.measures.trust.attention import attention_graph
from regard.studies.study import Study

Floats = NDArray[np.float64]

BY_GRAPH = ("k_core", "eigentrust")
RANKS = tuple(score for score in BASELINES if score.name in ("people_ever", "acts_in", "pagerank", *BY_GRAPH))
OURS = (
    Score("kept", "kept", "SELECT person, kept AS score FROM kept", by="regard", needs=("kept",)),
    Score(
        "kept_vouched", "kept, vouched for", "SELECT person, kept_vouched AS score FROM vouched_kept", by="regard", needs=("vouched_kept",)
    ),
    Score(
        "kept_share", "kept, nobody more than one", "SELECT person, kept_share AS score FROM vouched_kept", by="regard",
        needs=("vouched_kept",),
    ),
)  # fmt: skip
SCORES = (*RANKS, *OURS)

GIVEN = """
    SELECT t.actor, t.target, t.bins, v.gate AS repeats, v.score, v.full_weight_score, v.seed
    FROM ties t JOIN vouched v ON v.person = t.actor ORDER BY t.actor, t.target
"""

BOUGHT = """
    SELECT coalesce(sum(CAST(round(t.p_return * 1e9) AS BIGINT)), 0) / 1e9,
        coalesce(sum(CAST(round(t.p_return_alive * w.weight * 1e9) AS BIGINT)), 0) / 1e9
    FROM ties t JOIN vouched_ties w ON w.actor = t.actor AND w.target = t.target
    WHERE t.target = $attacker AND t.actor >= $first AND t.actor <= $last
"""


@dataclass(frozen=True)
class Look:
    """Scores by name, each by person number."""

    scores: Mapping[str, Floats]

    def of(self, name: str, person: int) -> float:
        """One person's score."""
        return float(self.scores[name][person])

    def percentile(self, name: str, person: int, among: Ints) -> float:
        """The share of the others who score less, and half of those who score the same.

        >>> look = Look({"kept": np.array([3.0, 1, 2, 2])})
        >>> look.percentile("kept", 2, np.array([0, 1, 2, 3]))
        0.5
        """
        values = self.scores[name]
        others = values[among[among != person]]
        return float(((others < values[person]).sum() + (others == values[person]).sum() / 2) / max(1, others.size))


@dataclass(frozen=True)
class Bought:
    """What an attacker's accounts bring, in people expected to come back."""

    kept: float
    vouched: float
    bound: float
    """The most that any accounts could have brought with the attention that these won."""


def look(study: Study, scores: Sequence[Score] = SCORES) -> Look:
    """Everybody's scores; those that need an extra which is not installed are left out."""
    for name in dict.fromkeys(name for score in scores for name in score.needs):
        study.measure(name)
    if any(score.name in BY_GRAPH for score in scores) and not _graph_ranks(study):
        scores = [score for score in scores if score.name not in BY_GRAPH]
    size = int(str(study.engine.rows("SELECT max(person) + 1 FROM people")[0][0]))
    return Look({score.name: _by_person(study, score, size) for score in scores})


def _graph_ranks(study: Study) -> bool:
    study.engine.run(PLACES, study.timescale.values)
    try:
        study.engine.run(GRAPH_RANKS, study.timescale.values)
    except MissingExtra:
        return False
    return True


def _by_person(study: Study, score: Score, size: int) -> Floats:
    found = study.engine.arrays(score.sql, study.timescale.values)
    values = np.zeros(size)
    values[np.asarray(found["person"], dtype=np.int64)] = np.asarray(found["score"], dtype=np.float64)
    return values


def bought(study: Study, farms: Sequence[Farm]) -> list[Bought]:
    """What each farm brings to its attacker, and the bound on it."""
    ties = study.engine.arrays(GIVEN)
    people, actor, _, graph = attention_graph(ties)
    start = np.zeros(people.size)
    start[actor[np.asarray(ties["seed"], dtype=np.bool_)]] = 1
    unit = float(personalized_pagerank.visits(graph, start).sum()) * float(np.asarray(ties["full_weight_score"], dtype=np.float64)[0])
    found = []
    for one in farms:
        span = {"attacker": one.attacker, "first": int(one.accounts[0]), "last": int(one.accounts[-1])}
        kept, vouched = (float(str(value)) for value in study.engine.rows(BOUGHT, span)[0])
        node = int(np.searchsorted(people, one.attacker))
        begin = start.copy()
        begin[node] = 0
        away = personalized_pagerank.without(graph, node)
        most = personalized_pagerank.most_within(away, personalized_pagerank.visits(away, begin), begin, np.isin(people, one.accounts))
        found.append(Bought(kept, vouched, most / unit))
    return found
