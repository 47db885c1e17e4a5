"""Ranks that need the whole graph: k-core and EigenTrust by scikit-network, HITS by scipy's sparse products, influence-passivity.

An edge goes from the person who acts to the person acted toward. People stand in the order of their ids, so that the same acts give the
same scores.
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

DECIMALS = 9
MAX_ITERATIONS = 1_000
TOLERANCE = 1e-12
MAX_TIES = 5_000_000
"""With more ties a backtest has no graph ranks: the libraries hold the whole graph in memory and need 100 bytes and more for each tie."""
TRUSTED = 10
"""People whom EigenTrust trusts from the start: those with the most two-way partners, and among equals those who acted earliest."""

POSITIONS = Step("positions", "SELECT person, row_number() OVER (ORDER BY id, person) - 1 AS position FROM people")
"""A number for everybody in the record, in the order of ids. Person numbers cannot serve: they depend on the order of reading."""

EDGES = """
    SELECT a.position AS actor, b.position AS target, a.person AS actor_person, b.person AS target_person, p.acts,
        coalesce(r.acts, 0) AS acts_back, epoch_us(p.first) AS first
    FROM pairs p JOIN positions a ON a.person = p.actor JOIN positions b ON b.person = p.target
        LEFT JOIN pairs r ON r.actor = p.target AND r.target = p.actor
"""


class Graph(NamedTuple):
    """The ties between people, who are numbered from 0 in the order of their ids. Arrays are (people,) or (ties,)."""

    people: NDArray[np.int64]
    """(people,): person numbers of the record."""
    source: NDArray[np.int64]
    target: NDArray[np.int64]
    acts: Floats
    acts_back: Floats
    """Acts of the target toward the source."""
    first: NDArray[np.int64]
    """Time of the first act, in microseconds."""

    @property
    def size(self) -> int:
        """The number of people."""
        return int(self.people.size)


def _graph(edges: Arrays) -> Graph:
    actor, target = (np.asarray(edges[name], dtype=np.int64) for name in ("actor", "target"))
    positions, nodes = np.unique(np.concatenate([actor, target]), return_inverse=True)
    people = np.zeros(positions.size, dtype=np.int64)
    people[nodes] = np.concatenate([edges["actor_person"], edges["target_person"]])
    acts, acts_back = (np.asarray(edges[name], dtype=np.float64) for name in ("acts", "acts_back"))
    return Graph(people, nodes[: actor.size], nodes[actor.size :], acts, acts_back, np.asarray(edges["first"], dtype=np.int64))


def rank_graph(edges: Arrays, _: Values) -> Arrays:
    """All graph scores of everybody with a tie; raises MissingExtra if scikit-network is not installed."""
    graph = _graph(edges)
    scores = {"hits": _authority, "k_core": _cores, "eigentrust": _eigentrust, "influence_passivity": _influence}
    columns = {name: np.round(score(graph), DECIMALS) if graph.size else np.zeros(0) for name, score in scores.items()}
    return {"person": graph.people, **columns}


GRAPH_RANKS = ArrayStep("graph_ranks", EDGES, rank_graph)


def _extra(module: str) -> ModuleType:
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingExtra("a backtest, which holds kept against k-core, HITS and EigenTrust,", "backtest") from error


def _matrix(graph: Graph, weight: Floats) -> csr_matrix:
    return _extra("scipy.sparse").csr_matrix((weight, (graph.source, graph.target)), shape=(graph.size, graph.size))


def _authority(graph: Graph) -> Floats:
    """HITS authority on unweighted links, by the power iteration of Kleinberg's paper (1999).

    scikit-network starts at a random vector. If two groups are equally strong, its answer differs from call to call.
    """
    links = _matrix(graph, np.ones(graph.source.size))
    back = links.T.tocsr()
    scores = np.ones(graph.size)
    for _ in range(MAX_ITERATIONS):
        updated = back @ (links @ scores)
        updated /= updated.max()
        change = float(np.abs(updated - scores).max())
        scores = updated
        if change < TOLERANCE:
            break
    return np.asarray(scores, dtype=np.float64)


def _cores(graph: Graph) -> Floats:
    """The k-core number of each person, in the undirected graph of people joined by an act in either direction."""
    links = _matrix(graph, np.ones(graph.source.size))
    undirected = (links + links.T).tocsr()
    return np.asarray(_extra("sknetwork.topology").get_core_decomposition(undirected), dtype=np.float64)


def _eigentrust(graph: Graph) -> Floats:
    """A walk along acts that restarts at the trusted people (Kamvar, Schlosser, Garcia-Molina 2003).

    A person who acts toward nobody trusts the trusted people, as in the paper. The library would keep the walk at such a dead end, so each
    dead end gets an edge to every trusted person.
    """
    restart = _trusted(graph)
    links = _matrix(graph, graph.acts)
    dead_end = (np.bincount(graph.source, minlength=graph.size) == 0).astype(np.float64)
    sparse = _extra("scipy.sparse")
    closed = (links + sparse.csr_matrix(dead_end[:, None]) @ sparse.csr_matrix(restart[None, :])).tocsr()
    walk = _extra("sknetwork.ranking").PageRank(damping_factor=0.85, n_iter=MAX_ITERATIONS, tol=TOLERANCE)
    return np.asarray(walk.fit_predict(closed, restart), dtype=np.float64)


def _trusted(graph: Graph) -> Floats:
    """1 for each trusted person, 0 for the others."""
    partners = np.bincount(graph.target[graph.acts_back > 0], minlength=graph.size)
    since = np.full(graph.size, np.iinfo(np.int64).max)
    np.minimum.at(since, graph.source, graph.first)
    chosen = np.lexsort((since, -partners))[:TRUSTED]
    restart = np.zeros(graph.size)
    restart[chosen] = 1
    return restart


def _influence(graph: Graph) -> Floats:
    """Influence, with acts as offers: one's acts toward another are an offer, and the other's acts back are what they took up.

    A person who acts toward somebody who never acted toward them took up all.
    """
    return influence(graph.target, graph.source, np.minimum(1, graph.acts / np.maximum(1, graph.acts_back)), graph.size)
