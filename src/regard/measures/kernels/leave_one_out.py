"""Leave-one-out personalised PageRank: the score of a node on walks that never touch another node.

The weight of a node u for a node v must not depend on v's own acts. So `leave_one_out` gives the score of u on walks that never touch v.
With G(x, u) the expected visits to u of a walk from x, this score is exactly s(u) - s(v) G(v, u) / G(v, v). It takes off what came through
v, and gives it to no other node.

If few nodes are ever visited, G is the inverse of a matrix. Otherwise the mass that sets out from v is pushed along the edges (Andersen,
Chung, Lang 2006) until the mass left at each node x is at most NEGLIGIBLE s(x). The mass that is not pushed can add no more than
NEGLIGIBLE r(u) to what came to u through v, with r the visits of a walk that starts from the scores. This bound is the same for every v.
A chain of other nodes between v and u hides nothing that matters.

All that the bound could hide is taken off as well, so a score may be too low and is never too high. A tolerance in the other direction
would be a gain that a thousand accounts could collect a thousand times.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from regard.measures.kernels.personalized_pagerank import CONTINUE, RESTART, CsrGraph, Floats, Indices, personalized_pagerank

MAX_RETURNS = CONTINUE / (1 - CONTINUE**2)
"""A walk that has left one node and not come back to it visits no other node more often than this. Two people back and forth come near."""
MAX_INVERTED_NODES = 1_500
"""The largest graph whose matrix is inverted: 1,500 nodes take a quarter of a second."""
NEGLIGIBLE = 1e-3
WORKSPACE = 1 << 23
"""Numbers in each of the three arrays that pushing needs: 170 MB in all."""


@dataclass(frozen=True)
class LeaveOneOutScores:
    """One score for each pair. A score is never too high, and too low by at most its error bound."""

    score: Floats
    error_bound: Floats


def leave_one_out(
    graph: CsrGraph, score: Floats, node: Indices, other: Indices, *, cap: float = np.inf, tolerance: float = 0.0
) -> LeaveOneOutScores:
    """For each pair, the score of `node` on walks that never touch `other`.

    `score` holds the score of each node of the graph on all walks, on any scale. Scores of `cap` or more count alike: if a score surely
    reaches `cap` without `other`, it is given as it is and nothing is taken off. If at most `tolerance` can have come through `other`,
    and the exact part would take long to find, all of that is taken off.

    >>> from regard.measures.kernels.personalized_pagerank import personalized_pagerank
    >>> chain = CsrGraph.from_edges(np.array([0, 0, 1]), np.array([1, 2, 2]), np.ones(3), 3)      # 0 gives to 1 and 2, 1 gives to 2
    >>> score = personalized_pagerank(chain, np.array([1.0, 0.0, 0.0]))
    >>> leave_one_out(chain, score, np.array([2]), np.array([1])).score.round(6).tolist()     # .15 x .85 / 2
    [0.06375]
    """
    has_edges = np.diff(graph.first) > 0
    # The most that can have come to `node` through `other`.
    through = np.where(has_edges[other], np.minimum(score[node], MAX_RETURNS * score[other]), 0.0)
    # If nothing can have come through, or enough is left without it, there is nothing to find out.
    unsure = (through > 0) & (score[node] - through < cap)
    exact = np.count_nonzero(score) <= MAX_INVERTED_NODES
    needed = np.flatnonzero(unsure if exact else unsure & (through > tolerance))
    removed = np.where(unsure, through, 0.0)
    result = LeaveOneOutScores(score[node] - removed, removed)
    if needed.size:
        visited, position = _visited_part(graph, score)
        pairs = visited, score[position >= 0], position[node[needed]], position[other[needed]]
        refined = _by_inversion(*pairs) if exact else _by_pushing(*pairs)
        result.score[needed], result.error_bound[needed] = refined.score, refined.error_bound
    return result


def _visited_part(graph: CsrGraph, score: Floats) -> tuple[CsrGraph, Indices]:
    """The nodes that are ever visited with the edges among them, and the position of each node of the graph there (-1: not visited)."""
    visited = score > 0
    position = np.where(visited, np.cumsum(visited) - 1, -1)
    source, target = position[graph.source], position[graph.target]
    kept = (source >= 0) & (target >= 0)
    counts = np.bincount(source[kept], minlength=np.count_nonzero(visited))
    return CsrGraph(np.concatenate([[0], np.cumsum(counts)]), target[kept], graph.share[kept]), position


def _by_inversion(graph: CsrGraph, score: Floats, node: Indices, other: Indices) -> LeaveOneOutScores:
    steps = np.zeros((graph.size, graph.size))
    steps[graph.source, graph.target] = CONTINUE * graph.share
    visits = np.linalg.inv(np.eye(graph.size) - steps)
    through = score[other] * visits[other, node] / visits[other, other]
    return LeaveOneOutScores(np.maximum(0.0, score[node] - through), np.zeros(node.size))


def _by_pushing(graph: CsrGraph, score: Floats, node: Indices, other: Indices) -> LeaveOneOutScores:
    # The mass left at node x is at most NEGLIGIBLE score[x]. All of it together visits u no more often than this.
    bound = NEGLIGIBLE * personalized_pagerank(graph, score) / RESTART
    through = np.zeros(node.size)
    order = np.argsort(other, kind="stable")
    starts, begins = np.unique(other[order], return_index=True)
    ends = np.append(begins[1:], order.size)
    push = _Push(graph, score)
    for first in range(0, starts.size, push.rows):
        batch = starts[first : first + push.rows]
        pairs = order[begins[first] : ends[first + batch.size - 1]]
        through[pairs] = push(batch, np.searchsorted(batch, other[pairs]), node[pairs])
    hidden = np.minimum(bound[node], score[node] - through)
    return LeaveOneOutScores(np.maximum(0.0, score[node] - through - hidden), hidden)


class _Push:
    """Pushes on the mass that passes through some nodes, each node on a row of its own, until the mass that is left is negligible.

    A cell is one node on one row. `pushed` is the mass that a cell has passed on, `residual` the mass that it has not.
    """

    def __init__(self, graph: CsrGraph, score: Floats) -> None:
        self.graph, self.score, self.limit = graph, score, NEGLIGIBLE * score
        self.rows = max(1, WORKSPACE // graph.size)
        self.share = CONTINUE * graph.share
        cells = self.rows * graph.size
        self.pushed, self.residual, self.mark = np.zeros(cells), np.zeros(cells), np.zeros(cells, dtype=np.int32)

    def __call__(self, batch: Indices, row: Indices, node: Indices) -> Floats:
        """The part of the score of `node` that passed through the batch's node of the same `row`; the true part is this or more."""
        size, first = self.graph.size, self.graph.first
        at, to, mass, touched = np.arange(batch.size), batch, self.score[batch], [np.zeros(0, dtype=np.int64)]
        while to.size:
            count = first[to + 1] - first[to]
            edge = np.arange(count.sum()) + np.repeat(first[to] - np.cumsum(count) + count, count)
            at, to, mass = np.repeat(at, count), self.graph.target[edge], self.share[edge] * np.repeat(mass, count)
            # Mass that comes back to the node of its row has been counted there, and does not count a second time.
            kept = np.flatnonzero(to != batch[at])
            to, cell = to[kept], at[kept] * size + to[kept]
            np.add.at(self.residual, cell, mass[kept])
            touched.append(cell)
            cell = self._distinct(cell[self.residual[cell] > self.limit[to]])
            mass = self.residual[cell]
            self.residual[cell] = 0
            self.pushed[cell] += mass
            at, to = cell // size, cell % size
        through: Floats = self.pushed[row * size + node]
        used = np.concatenate(touched)
        self.pushed[used] = self.residual[used] = 0
        return through

    def _distinct(self, cell: Indices) -> Indices:
        """Each cell once; sorting would take longer."""
        order = np.arange(cell.size, dtype=np.int32)
        self.mark[cell] = order
        distinct: Indices = cell[self.mark[cell] == order]
        return distinct
