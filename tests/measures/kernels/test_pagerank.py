"""The PageRank kernel against networkx, and on graphs whose scores follow from symmetry."""

from __future__ import annotations

import networkx as nx  # type: ignore[import-untyped]
import numpy as np
import pytest

from regard.measures.kernels.pagerank import Floats, Indices, pagerank


def random_graph(seed: int) -> tuple[Indices, Indices, Floats, int]:
    """A random graph with weights. Some people only receive, and some have no edge at all."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(2, 60))
    pairs = rng.integers(0, size, (int(rng.integers(1, 4 * size)), 2))
    pairs = np.unique(pairs[(pairs[:, 0] != pairs[:, 1]) & (pairs[:, 0] % 3 != 0)], axis=0)
    return pairs[:, 0], pairs[:, 1], rng.integers(1, 50, len(pairs)).astype(np.float64), size


@pytest.mark.parametrize("seed", range(40))
def test_scores_are_those_of_networkx(seed: int) -> None:
    source, target, weight, size = random_graph(seed)
    graph = nx.DiGraph()
    graph.add_nodes_from(range(size))
    graph.add_weighted_edges_from(zip(source.tolist(), target.tolist(), weight.tolist(), strict=True))
    theirs = nx.pagerank(graph, alpha=0.85, tol=1e-12, max_iter=1_000)
    mine = pagerank(source, target, weight, size)
    np.testing.assert_allclose(mine.scores, [theirs[person] for person in range(size)], atol=1e-6)
    assert mine.scores.sum() == pytest.approx(1)
    assert mine.residual < 1e-7


def test_a_ring_ranks_everybody_alike() -> None:
    people = np.arange(7)
    np.testing.assert_allclose(pagerank(people, np.roll(people, 1), np.ones(7), 7).scores, 1 / 7)


def test_the_middle_of_a_star_by_hand() -> None:
    # Three people point at person 0, who points at nobody: s0 = .15/4 + .85 (s1 + s2 + s3 + s0/4); the others have .15/4 + .85 s0/4.
    scores = pagerank(np.array([1, 2, 3]), np.zeros(3, dtype=np.int64), np.ones(3), 4).scores
    outer = 1 / (4 + 3 * 0.85)
    assert scores.tolist() == pytest.approx([1 - 3 * outer, outer, outer, outer], abs=1e-6)


def test_a_heavier_edge_carries_more() -> None:
    scores = pagerank(np.array([0, 0]), np.array([1, 2]), np.array([3.0, 1.0]), 3).scores
    assert scores[1] > scores[2] > scores[0]


def test_nobody_has_no_scores() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert pagerank(none, none, np.zeros(0), 0).scores.size == 0


def test_people_without_any_edge_share_evenly() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert pagerank(none, none, np.zeros(0), 4).scores.tolist() == [0.25] * 4
