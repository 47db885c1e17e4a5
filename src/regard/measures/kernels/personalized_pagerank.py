"""Personalised PageRank: a random walk that restarts at given nodes (Haveliwala 2002).

The walk starts at a node that is drawn from `start`. Before each step it ends with chance RESTART. Otherwise it follows an edge out of its
node, in proportion to the edges' weights. At a node without edges it ends. The score of a node is the number of visits to it, times
RESTART.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

RESTART = 0.15
CONTINUE = 1 - RESTART
TOLERANCE = 1e-12


@dataclass(frozen=True)
class CsrGraph:
    """A weighted directed graph, its edges grouped by source (compressed sparse rows).

    The edges of node x are target[first[x] : first[x + 1]]. Each has its share of all weight that leaves x.
    """

    first: Indices
    target: Indices
    share: Floats

    @staticmethod
    def from_edges(source: Indices, target: Indices, weight: Floats, size: int) -> CsrGraph:
        """The graph of `size` nodes with these edges, sorted by source and target. Edges of weight 0 are left out.

        >>> CsrGraph.from_edges(np.array([1, 0, 0]), np.array([0, 1, 2]), np.array([2.0, 1.0, 3.0]), 3).share.tolist()
        [0.25, 0.75, 1.0]
        """
        kept = np.flatnonzero(weight > 0)
        kept = kept[np.lexsort((target[kept], source[kept]))]
        source, target, weight = source[kept], target[kept], weight[kept]
        out_weight = np.bincount(source, weight, size)
        return CsrGraph(np.concatenate([[0], np.cumsum(np.bincount(source, minlength=size))]), target, weight / out_weight[source])

    @property
    def size(self) -> int:
        """The number of nodes."""
        return self.first.size - 1

    @property
    def source(self) -> Indices:
        """The source of each edge."""
        return np.repeat(np.arange(self.size), np.diff(self.first))

    def without_node(self, node: int) -> CsrGraph:
        """The same graph without the edges to and from a node. The shares of the other edges stay as they are.

        >>> CsrGraph.from_edges(np.array([0, 0]), np.array([1, 2]), np.ones(2), 3).without_node(1).share.tolist()
        [0.5]
        """
        kept = (self.source != node) & (self.target != node)
        counts = np.bincount(self.source[kept], minlength=self.size)
        return CsrGraph(np.concatenate([[0], np.cumsum(counts)]), self.target[kept], self.share[kept])


def personalized_pagerank(graph: CsrGraph, start: Floats) -> Floats:
    """The visits to each node, times RESTART. If `start` adds up to 1 and there are no dead ends, the scores add up to 1.

    >>> ring = CsrGraph.from_edges(np.array([0, 1]), np.array([1, 0]), np.ones(2), 2)
    >>> personalized_pagerank(ring, np.array([1.0, 0.0])).round(6).tolist()          # .15 (1 + .85² + .85⁴ ...)
    [0.540541, 0.459459]
    """
    source, share = graph.source, CONTINUE * graph.share
    moving: Floats = RESTART * start
    visits = moving.copy()
    negligible = TOLERANCE * float(start.sum())
    while float(moving.sum()) > negligible:
        moving = np.asarray(np.bincount(graph.target, share * moving[source], graph.size), dtype=np.float64)
        visits += moving
    return visits


def max_score_within(graph: CsrGraph, score: Floats, start: Floats, inside: NDArray[np.bool_]) -> float:
    """The most that the scores of a set of nodes can add up to, whatever edges run among the nodes of the set.

    A walk that enters the set, or starts in it, makes 1 / RESTART steps on average at most, all of them inside. So the bound is
    start(S) + (1 - a) / a times the score that edges from outside hand in, with a = RESTART. `score` must be the scores on this graph from
    this start.

    >>> ring = CsrGraph.from_edges(np.array([0, 1]), np.array([1, 0]), np.ones(2), 2)
    >>> start = np.array([1.0, 0.0])
    >>> score = personalized_pagerank(ring, start)
    >>> round(max_score_within(ring, score, start, np.array([False, True])), 6)     # .85 / .15 x .540541
    3.063063
    """
    entering = ~inside[graph.source] & inside[graph.target]
    handed_in = float((score[graph.source[entering]] * graph.share[entering]).sum())
    return float(start[inside].sum()) + CONTINUE / RESTART * handed_in
