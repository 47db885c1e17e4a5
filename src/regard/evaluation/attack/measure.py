"""Measuring an attack: everybody's scores in a record with attackers in it, and the people that an attacker's accounts buy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from regard.engines.sql import billionths
from regard.errors import MissingExtra
from regard.evaluation.attack.scenarios import Farm, Ints
from regard.evaluation.baselines import BASELINES
from regard.evaluation.graph_baselines import GRAPH_RANKS, POSITIONS
from regard.evaluation.scores import By, Score
from regard.measures.kernels.personalized_pagerank import max_score_within, personalized_pagerank
from regard.measures.trust.attention import attention_graph
from regard.studies.study import Study

Floats = NDArray[np.float64]

GRAPH_SCORES = ("k_core", "eigentrust")
RANKS = tuple(score for score in BASELINES if score.name in ("people_ever", "acts_in", "pagerank", *GRAPH_SCORES))
KEPT_SCORES = (
    Score("kept", "kept", "SELECT person, kept AS score FROM kept", By.REGARD, needs=("kept",)),
    Score(
        "kept_vouched", "kept, vouched for", "SELECT person, kept_vouched AS score FROM vouched_kept", By.REGARD, needs=("vouched_kept",)
    ),
    Score(
        "kept_share", "kept, nobody more than one", "SELECT person, kept_share AS score FROM vouched_kept", By.REGARD,
        needs=("vouched_kept",),
    ),
)  # fmt: skip
SCORES = (*RANKS, *KEPT_SCORES)

WALK_TIES = """
    SELECT t.actor, t.target, t.bins, v.gate AS repeats, v.score, v.full_weight_score, v.seed
    FROM ties t JOIN vouched v ON v.person = t.actor ORDER BY t.actor, t.target
"""
"""The ties that the walk of `vouched` follows, with what `vouched` says of the actor."""

BOUGHT = f"""
    SELECT coalesce(sum({billionths("t.p_return")}), 0) / 1e9,
        coalesce(sum({billionths("t.p_return_alive * w.weight")}), 0) / 1e9
    FROM ties t JOIN vouched_ties w ON w.actor = t.actor AND w.target = t.target
    WHERE t.target = $attacker AND t.actor >= $first AND t.actor <= $last
"""
"""One row: what the accounts with numbers from $first to $last add to the attacker's `kept` and `kept_vouched`."""


@dataclass(frozen=True)
class ScoreTable:
    """Everybody's scores: for each name an array (people,) that is indexed by person number."""

    scores: Mapping[str, Floats]

    def percentile(self, name: str, person: int, among: Ints) -> float:
        """The share of the others who score less, plus half of the share who score the same.

        >>> table = ScoreTable({"kept": np.array([3.0, 1, 2, 2])})
        >>> table.percentile("kept", 2, np.array([0, 1, 2, 3]))
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
    """The most that any accounts could bring with the attention that these accounts won."""


class _KeptRow(NamedTuple):
    kept: float
    vouched: float


def measure_scores(study: Study, scores: Sequence[Score] = SCORES) -> ScoreTable:
    """Everybody's scores, without those that need an extra which is not installed."""
    for name in dict.fromkeys(name for score in scores for name in score.needs):
        study.measure(name)
    if any(score.name in GRAPH_SCORES for score in scores) and not _make_graph_ranks(study):
        scores = [score for score in scores if score.name not in GRAPH_SCORES]
    size = study.engine.scalar(int, "SELECT max(person) + 1 FROM people")
    return ScoreTable({score.name: _by_person(study, score, size) for score in scores})


def _make_graph_ranks(study: Study) -> bool:
    """Make the relation of graph ranks; False if the extra for it is not installed."""
    study.engine.run(POSITIONS, study.timescale.values)
    try:
        study.engine.run(GRAPH_RANKS, study.timescale.values)
    except MissingExtra:
        return False
    return True


def _by_person(study: Study, score: Score, size: int) -> Floats:
    rows = study.engine.arrays(score.sql, study.timescale.values)
    values = np.zeros(size)
    values[np.asarray(rows["person"], dtype=np.int64)] = np.asarray(rows["score"], dtype=np.float64)
    return values


def measure_bought(study: Study, farms: Sequence[Farm]) -> list[Bought]:
    """What each farm brings to its attacker, and the bound on it."""
    ties = study.engine.arrays(WALK_TIES)
    people, actor, _, graph = attention_graph(ties)
    start = np.zeros(people.size)
    start[actor[np.asarray(ties["seed"], dtype=np.bool_)]] = 1
    full_weight = float(personalized_pagerank(graph, start).sum()) * float(np.asarray(ties["full_weight_score"], dtype=np.float64)[0])
    results = []
    for farm in farms:
        values = {"attacker": farm.attacker, "first": int(farm.accounts[0]), "last": int(farm.accounts[-1])}
        (row,) = study.engine.fetch(_KeptRow, BOUGHT, values)
        node = int(np.searchsorted(people, farm.attacker))
        start_without = start.copy()
        start_without[node] = 0
        graph_without = graph.without_node(node)
        visits = personalized_pagerank(graph_without, start_without)
        most = max_score_within(graph_without, visits, start_without, np.isin(people, farm.accounts))
        results.append(Bought(row.kept, row.vouched, most / full_weight))
    return results
