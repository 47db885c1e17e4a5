"""Ranks that need the whole graph: k-core and EigenTrust by scikit-network, HITS by scipy's sparse products, influence-passivity.

An edge goes from who acts to the one acted toward. People stand in the order of their ids, so that the same acts give the same scores.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from regard.engines.base import Arrays, ArrayStep, Step, Values
from regard.errors import MissingExtra
from regard.evaluation.passivity import influence

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]

DIGITS = 9
ROUNDS = 1_000
CLOSE = 1e-12
MOST_TIES = 5_000_000
"""Beyond so many ties there are no graph ranks in a backtest: libraries want the whole graph in memory, 100 bytes and more a tie."""
TRUSTED = 10
"""People whom EigenTrust takes as trusted beforehand: those with the most two-way partners, of whom the earliest."""

PLACES = Step("places", "SELECT person, row_number() OVER (ORDER BY id, person) - 1 AS place FROM people")
"""Everybody in the record, numbered by id: person numbers depend on the order in which acts were read."""

EDGES = """
    SELECT a.place AS actor, b.place AS target, a.person AS actor_person, b.person AS target_person, p.acts,
        coalesce(r.acts, 0) AS acts_back, epoch_us(p.first) AS first
    FROM pairs p JOIN places a ON a.person = p.actor JOIN places b ON b.person = p.target
        LEFT JOIN pairs r ON r.actor = p.target AND r.target = p.actor
"""


class Graph(NamedTuple):
    """The ties between people numbered from 0."""

    people: NDArray[np.int64]
    """Their person numbers."""
    source: NDArray[np.int64]
    target: NDArray[np.int64]
    acts: Floats
    back: Floats
    """Acts the other way."""
    first: NDArray[np.int64]

    @property
    def size(self) -> int:
        """How many people."""
        return int(self.people.size)


def _graph(edges: Arrays) -> Graph:
    actor, target = (np.asarray(edges[name], dtype=np.int64) for name in ("actor", "target"))
    places, ends = np.unique(np.concatenate([actor, target]), return_inverse=True)
    people = np.zeros(places.size, dtype=np.int64)
    people[ends] = np.concatenate([edges["actor_person"], edges["target_person"]])
    acts, back = (np.asarray(edges[name], dtype=np.float64) for name in ("acts", "acts_back"))
    return Graph(people, ends[: actor.size], ends[actor.size :], acts, back, np.asarray(edges["first"], dtype=np.int64))


def ranks(edges: Arrays, _: Values) -> Arrays:
    """All graph scores of everybody with a tie; raises MissingExtra where scikit-network is not installed."""
    graph = _graph(edges)
    scores = {"hits": _authority, "k_core": _cores, "eigentrust": _eigentrust, "influence_passivity": _influence}
    found = {name: np.round(score(graph), DIGITS) if graph.size else np.zeros(0) for name, score in scores.items()}
    return {"person": graph.people, **found}


GRAPH_RANKS = ArrayStep("graph_ranks", EDGES, ranks)


def _part(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingExtra("a backtest, which holds kept against k-core, HITS and EigenTrust,", "backtest") from error


def _matrix(graph: Graph, weight: Floats) -> csr_matrix:
    return _part("scipy.sparse").csr_matrix((weight, (graph.source, graph.target)), shape=(graph.size, graph.size))


def _authority(graph: Graph) -> Floats:
    """HITS on links, by the power iteration of Kleinberg's paper (1999).

    scikit-network begins at a random vector: where two groups are equally strong, no two of its answers are alike.
    """
    links = _matrix(graph, np.ones(graph.source.size))
    back = links.T.tocsr()
    scores = np.ones(graph.size)
    for _ in range(ROUNDS):
        fresh = back @ (links @ scores)
        fresh /= fresh.max()
        moved = float(np.abs(fresh - scores).max())
        scores = fresh
        if moved < CLOSE:
            break
    return np.asarray(scores, dtype=np.float64)


def _cores(graph: Graph) -> Floats:
    """The k-core of people joined by an act either way."""
    links = _matrix(graph, np.ones(graph.source.size))
    either = (links + links.T).tocsr()
    return np.asarray(_part("sknetwork.topology").get_core_decomposition(either), dtype=np.float64)


def _eigentrust(graph: Graph) -> Floats:
    """A walk along acts that starts anew at the trusted (Kamvar, Schlosser, Garcia-Molina 2003); who trusts nobody trusts them.

    The library keeps the walk at dead ends, so that there must be none: each has an edge to all the trusted.
    """
    restart = _trusted(graph)
    links = _matrix(graph, graph.acts)
    dead = (np.bincount(graph.source, minlength=graph.size) == 0).astype(np.float64)
    sparse = _part("scipy.sparse")
    closed = (links + sparse.csr_matrix(dead[:, None]) @ sparse.csr_matrix(restart[None, :])).tocsr()
    walk = _part("sknetwork.ranking").PageRank(damping_factor=0.85, n_iter=ROUNDS, tol=CLOSE)
    return np.asarray(walk.fit_predict(closed, restart), dtype=np.float64)


def _trusted(graph: Graph) -> Floats:
    """1 for each of the trusted, 0 for the others."""
    partners = np.bincount(graph.target[graph.back > 0], minlength=graph.size)
    since = np.full(graph.size, np.iinfo(np.int64).max)
    np.minimum.at(since, graph.source, graph.first)
    chosen = np.lexsort((since, -partners))[:TRUSTED]
    restart = np.zeros(graph.size)
    restart[chosen] = 1
    return restart


def _influence(graph: Graph) -> Floats:
    """What someone offers another are acts toward them, and acts back are what was taken up; who comes unasked took up all."""
    return influence(graph.target, graph.source, np.minimum(1, graph.acts / np.maximum(1, graph.back)), graph.size)
