"""A walk that starts anew at given nodes (personalised PageRank; Haveliwala 2002).

The walk starts at a node drawn from `start`, and before each step it ends with chance RESTART; else it follows an edge out of the node it
is at, by weight. At a node without edges it ends. `visits` gives how often each node is seen; scores are the visits as shares of all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

RESTART = 0.15
KEPT = 1 - RESTART
CLOSE = 1e-12


@dataclass(frozen=True)
class CsrGraph:
    """Edges by their source: those of node x are target[first[x] : first[x + 1]], each with its share of all that x gives."""

    first: Indices
    target: Indices
    share: Floats

    @property
    def size(self) -> int:
        """How many nodes there are."""
        return self.first.size - 1

    @property
    def source(self) -> Indices:
        """The source of each edge."""
        return np.repeat(np.arange(self.size), np.diff(self.first))


def edges(source: Indices, target: Indices, weight: Floats, size: int) -> CsrGraph:
    """Edges in order, without those of no weight.

    >>> edges(np.array([1, 0, 0]), np.array([0, 1, 2]), np.array([2.0, 1.0, 3.0]), 3).share.tolist()
    [0.25, 0.75, 1.0]
    """
    some = np.flatnonzero(weight > 0)
    some = some[np.lexsort((target[some], source[some]))]
    source, target, weight = source[some], target[some], weight[some]
    given = np.bincount(source, weight, size)
    return CsrGraph(np.concatenate([[0], np.cumsum(np.bincount(source, minlength=size))]), target, weight / given[source])


def visits(graph: CsrGraph, start: Floats) -> Floats:
    """How often each node is seen, times RESTART: with `start` adding up to 1 and no dead ends they add up to 1.

    >>> ring = edges(np.array([0, 1]), np.array([1, 0]), np.ones(2), 2)
    >>> visits(ring, np.array([1.0, 0.0])).round(6).tolist()          # .15 (1 + .85² + .85⁴ ...)
    [0.540541, 0.459459]
    """
    source, share = graph.source, KEPT * graph.share
    moving: Floats = RESTART * start
    seen = moving.copy()
    enough = CLOSE * float(start.sum())
    while float(moving.sum()) > enough:
        moving = np.asarray(np.bincount(graph.target, share * moving[source], graph.size), dtype=np.float64)
        seen += moving
    return seen


def without(graph: CsrGraph, node: int) -> CsrGraph:
    """The same edges but for those to and from a node; what others gave it is given to nobody else.

    >>> without(edges(np.array([0, 0]), np.array([1, 2]), np.ones(2), 3), 1).share.tolist()
    [0.5]
    """
    kept = (graph.source != node) & (graph.target != node)
    counts = np.bincount(graph.source[kept], minlength=graph.size)
    return CsrGraph(np.concatenate([[0], np.cumsum(counts)]), graph.target[kept], graph.share[kept])


def most_within(graph: CsrGraph, score: Floats, start: Floats, inside: NDArray[np.bool_]) -> float:
    """The most that the scores of a set of nodes can add up to, however the edges among them run.

    A walk that enters the set, or starts there, makes 1 / RESTART steps at most, all of them inside: start(S) + (1 - a) / a of what the
    scores outside hand in. Scores are visits on this graph from this start.

    >>> ring = edges(np.array([0, 1]), np.array([1, 0]), np.ones(2), 2)
    >>> start = np.array([1.0, 0.0])
    >>> round(most_within(ring, visits(ring, start), start, np.array([False, True])), 6)     # .85 / .15 x .540541
    3.063063
    """
    entering = ~inside[graph.source] & inside[graph.target]
    handed = float((score[graph.source[entering]] * graph.share[entering]).sum())
    return float(start[inside].sum()) + KEPT / RESTART * handed
