"""Scores of a walk kept away from a node.

What a node u is worth to a node v must not rest on v itself: `apart` gives the score of u on walks that never touched v. With
G(x, u) the visits to u of a walk from x, that is s(u) - s(v) G(v, u) / G(v, v), exactly: what came through v is taken off, nothing is
shared out anew. Where few nodes are ever visited G is a matrix inverted. Elsewhere the mass that sets out from v is pushed along the edges
(Andersen, Chung, Lang 2006) until what is left at a node x is at most NEGLIGIBLE s(x). What has not been pushed then can add no more than
NEGLIGIBLE r(u) to what u had through v, r being the visits of a walk that starts from the scores: the bound is the same for every v, and
what hides behind a chain of others is found as long as it matters. All that the bound could hide is taken off too: a score may be too low,
and is never too high. A tolerance in the other direction could be earned a thousand times over by a thousand accounts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from regard.measures.kernels.personalized_pagerank import KEPT, RESTART, CsrGraph, Floats, Indices, visits

MOST_RETURNS = KEPT / (1 - KEPT**2)
"""No node is visited more often than this by a walk that has left another and not come back to it; two people back and forth come near."""
FEW = 1_500
"""Nodes for which a matrix is inverted: 1,500 take a quarter of a second."""
NEGLIGIBLE = 1e-3
WORKSPACE = 1 << 23
"""Numbers held at once while pushing, three times: 170 MB."""


@dataclass(frozen=True)
class Apart:
    """Scores on walks that never touched another node: never too high, and too low by so much at most."""

    score: Floats
    too_low: Floats


def leave_one_out(graph: CsrGraph, score: Floats, node: Indices, other: Indices, *, enough: float = np.inf, allowed: float = 0.0) -> Apart:
    """For each pair the score of `node` on walks that never touched `other`.

    `score` are visits, scaled as one likes. From `enough` on scores are not told apart: what surely reaches that is given as it is,
    without `other`'s part taken off. Where no more than `allowed` can have come through `other`, and finding out would take long, all of
    that is taken off.

    >>> from regard.measures.kernels.personalized_pagerank import edges
    >>> chain = edges(np.array([0, 0, 1]), np.array([1, 2, 2]), np.ones(3), 3)      # 0 gives to 1 and 2, 1 to 2
    >>> seen = visits(chain, np.array([1.0, 0.0, 0.0]))
    >>> leave_one_out(chain, seen, np.array([2]), np.array([1])).score.round(6).tolist()     # .15 x .85 / 2
    [0.06375]
    """
    gives = np.diff(graph.first) > 0
    most = np.where(gives[other], np.minimum(score[node], MOST_RETURNS * score[other]), 0.0)
    # Where even the most that could have come through v leaves enough, or none could have, there is nothing to find out.
    unsure = (most > 0) & (score[node] - most < enough)
    exact = np.count_nonzero(score) <= FEW
    asked = np.flatnonzero(unsure if exact else unsure & (most > allowed))
    off = np.where(unsure, most, 0.0)
    found, too_low = score[node] - off, off
    if asked.size:
        near, at = _visited(graph, score)
        pairs = near, score[at >= 0], at[node[asked]], at[other[asked]]
        part = _inverted(*pairs) if exact else _pushed(*pairs)
        found[asked], too_low[asked] = part.score, part.too_low
    return Apart(found, too_low)


def _visited(graph: CsrGraph, score: Floats) -> tuple[CsrGraph, Indices]:
    """The part of the graph that is ever visited, and where each node is in it (-1: nowhere)."""
    there = score > 0
    at = np.where(there, np.cumsum(there) - 1, -1)
    source, target = at[graph.source], at[graph.target]
    kept = (source >= 0) & (target >= 0)
    counts = np.bincount(source[kept], minlength=np.count_nonzero(there))
    return CsrGraph(np.concatenate([[0], np.cumsum(counts)]), target[kept], graph.share[kept]), at


def _inverted(graph: CsrGraph, score: Floats, node: Indices, other: Indices) -> Apart:
    steps = np.zeros((graph.size, graph.size))
    steps[graph.source, graph.target] = KEPT * graph.share
    seen = np.linalg.inv(np.eye(graph.size) - steps)
    through = score[other] * seen[other, node] / seen[other, other]
    return Apart(np.maximum(0.0, score[node] - through), np.zeros(node.size))


def _pushed(graph: CsrGraph, score: Floats, node: Indices, other: Indices) -> Apart:
    # What nobody has pushed on from x is at most NEGLIGIBLE score[x]; all of it together reaches u no oftener than this.
    bound = NEGLIGIBLE * visits(graph, score) / RESTART
    through = np.zeros(node.size)
    order = np.argsort(other, kind="stable")
    starts, begins = np.unique(other[order], return_index=True)
    ends = np.append(begins[1:], order.size)
    push = _Push(graph, score)
    for first in range(0, starts.size, push.rows):
        batch = starts[first : first + push.rows]
        of = order[begins[first] : ends[first + batch.size - 1]]
        through[of] = push(batch, np.searchsorted(batch, other[of]), node[of])
    hidden = np.minimum(bound[node], score[node] - through)
    return Apart(np.maximum(0.0, score[node] - through - hidden), hidden)


class _Push:
    """Pushes what passes through some nodes, each on its own row, until what is left is negligible."""

    def __init__(self, graph: CsrGraph, score: Floats) -> None:
        self.graph, self.score, self.limit = graph, score, NEGLIGIBLE * score
        self.rows = max(1, WORKSPACE // graph.size)
        self.share = KEPT * graph.share
        cells = self.rows * graph.size
        self.done, self.left, self.mark = np.zeros(cells), np.zeros(cells), np.zeros(cells, dtype=np.int32)

    def __call__(self, batch: Indices, row: Indices, node: Indices) -> Floats:
        """What of the score of `node` had passed through the node of `row` in the batch: at least so much."""
        size, first = self.graph.size, self.graph.first
        at, to, mass, touched = np.arange(batch.size), batch, self.score[batch], [np.zeros(0, dtype=np.int64)]
        while to.size:
            count = first[to + 1] - first[to]
            edge = np.arange(count.sum()) + np.repeat(first[to] - np.cumsum(count) + count, count)
            at, to, mass = np.repeat(at, count), self.graph.target[edge], self.share[edge] * np.repeat(mass, count)
            # It has been through there, and does not count a second time.
            on = np.flatnonzero(to != batch[at])
            to, cell = to[on], at[on] * size + to[on]
            np.add.at(self.left, cell, mass[on])
            touched.append(cell)
            cell = self._once(cell[self.left[cell] > self.limit[to]])
            mass = self.left[cell]
            self.left[cell] = 0
            self.done[cell] += mass
            at, to = cell // size, cell % size
        through: Floats = self.done[row * size + node]
        used = np.concatenate(touched)
        self.done[used] = self.left[used] = 0
        return through

    def _once(self, cell: Indices) -> Indices:
        """Each cell once; a sort would take longer."""
        order = np.arange(cell.size, dtype=np.int32)
        self.mark[cell] = order
        once: Indices = cell[self.mark[cell] == order]
        return once
