"""Personalised PageRank against networkx, and leave-one-out scores against a walk that ends at the node left out."""

from __future__ import annotations

import networkx as nx  # type: ignore[import-untyped]
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.measures.kernels import leave_one_out as kernel
from regard.measures.kernels.leave_one_out import MAX_RETURNS, leave_one_out
from regard.measures.kernels.personalized_pagerank import (
    CONTINUE,
    RESTART,
    CsrGraph,
    Floats,
    Indices,
    max_score_within,
    personalized_pagerank,
)

from ...strategies import examples


def random_graph(seed: int, most: int = 40) -> tuple[CsrGraph, Floats]:
    """A random graph with dead ends, and the share of the walk that starts at each node."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(2, most))
    pairs = rng.integers(0, size, (int(rng.integers(1, 4 * size)), 2))
    pairs = np.unique(pairs[(pairs[:, 0] != pairs[:, 1]) & (pairs[:, 0] % 5 != 0)], axis=0)
    start = np.zeros(size)
    seeds = rng.choice(size, int(rng.integers(1, min(5, size) + 1)), replace=False)
    start[seeds] = 1 / seeds.size
    return CsrGraph.from_edges(pairs[:, 0], pairs[:, 1], rng.integers(1, 50, len(pairs)).astype(np.float64), size), start


def all_pairs(size: int) -> tuple[Indices, Indices]:
    """All ordered pairs of different nodes."""
    node, other = np.divmod(np.arange(size * size), size)
    return node[node != other], other[node != other]


def walk_absorbed_by(graph: CsrGraph, start: Floats, absorbing: int) -> Floats:
    """Scores of the walk that ends when it comes to a node, by solving the linear equations."""
    steps = np.zeros((graph.size, graph.size))
    steps[graph.source, graph.target] = CONTINUE * graph.share
    steps[absorbing] = 0
    begin = start.copy()
    begin[absorbing] = 0
    return np.asarray(RESTART * begin @ np.linalg.inv(np.eye(graph.size) - steps))


def exact_scores(graph: CsrGraph, start: Floats, node: Indices, other: Indices) -> Floats:
    """What `leave_one_out` should give: one walk for each `other`."""
    without = np.stack([walk_absorbed_by(graph, start, v) for v in range(graph.size)])
    return np.asarray(without[other, node])


@pytest.fixture
def pushing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes every graph too large to be inverted."""
    monkeypatch.setattr(kernel, "MAX_INVERTED_NODES", 0)


@pytest.mark.parametrize("seed", range(30))
def test_visits_are_the_personalised_pagerank_of_networkx(seed: int) -> None:
    graph, start = random_graph(seed)
    theirs = nx.DiGraph()
    theirs.add_nodes_from(range(graph.size))
    theirs.add_weighted_edges_from(zip(graph.source.tolist(), graph.target.tolist(), graph.share.tolist(), strict=True))
    seeds = {node: float(share) for node, share in enumerate(start)}
    # In networkx dead ends hand back to the seeds, which raises every score by the same factor.
    expected = nx.pagerank(theirs, alpha=CONTINUE, personalization=seeds, dangling=seeds, tol=1e-13, max_iter=10_000)
    score = personalized_pagerank(graph, start)
    np.testing.assert_allclose(score / score.sum(), [expected[node] for node in range(graph.size)], atol=1e-9)


@pytest.mark.parametrize("seed", range(40))
def test_leave_one_out_is_the_walk_that_ends_at_the_node(seed: int) -> None:
    graph, start = random_graph(seed)
    node, other = all_pairs(graph.size)
    result = leave_one_out(graph, personalized_pagerank(graph, start), node, other)
    np.testing.assert_allclose(result.score, exact_scores(graph, start, node, other), atol=1e-9)
    assert not result.error_bound.any()


@pytest.mark.usefixtures("pushing")
@pytest.mark.parametrize("seed", range(40))
def test_pushing_to_the_end_is_the_walk_that_ends_at_the_node(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "NEGLIGIBLE", 1e-13)
    graph, start = random_graph(seed)
    node, other = all_pairs(graph.size)
    result = leave_one_out(graph, personalized_pagerank(graph, start), node, other)
    np.testing.assert_allclose(result.score, exact_scores(graph, start, node, other), atol=1e-9)


@pytest.mark.usefixtures("pushing")
@pytest.mark.parametrize("tolerance", [0.0, 1e-4, 1e-2])
@pytest.mark.parametrize("negligible", [1e-3, 0.3])
@pytest.mark.parametrize("seed", range(15))
def test_pushing_is_never_too_high_and_as_low_as_it_says(
    seed: int, negligible: float, tolerance: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel, "NEGLIGIBLE", negligible)
    graph, start = random_graph(seed)
    node, other = all_pairs(graph.size)
    result = leave_one_out(graph, personalized_pagerank(graph, start), node, other, tolerance=tolerance)
    truth = exact_scores(graph, start, node, other)
    assert (result.score <= truth + 1e-11).all()
    assert (result.score >= truth - result.error_bound - 1e-11).all()
    assert (result.score >= 0).all()
    if negligible < 0.1:
        assert result.error_bound.max() <= max(tolerance, 0.05 * float(truth.max()))


@pytest.mark.usefixtures("pushing")
@pytest.mark.parametrize("seed", range(10))
def test_batches_of_any_size_find_the_same(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    graph, start = random_graph(seed)
    node, other = all_pairs(graph.size)
    score = personalized_pagerank(graph, start)
    together = leave_one_out(graph, score, node, other)
    monkeypatch.setattr(kernel, "WORKSPACE", 1)
    single = leave_one_out(graph, score, node, other)
    np.testing.assert_allclose(single.score, together.score, atol=1e-12)


@given(st.integers(0, 10**6), st.floats(0.01, 0.5))
@examples(30)
def test_a_cap_changes_no_score_below_it(seed: int, share: float) -> None:
    graph, start = random_graph(seed, 12)
    node, other = all_pairs(graph.size)
    score = personalized_pagerank(graph, start)
    cap = share * float(score.max())
    result = leave_one_out(graph, score, node, other, cap=cap)
    truth = exact_scores(graph, start, node, other)
    np.testing.assert_allclose(np.minimum(result.score, cap), np.minimum(truth, cap), atol=1e-9)


@given(st.integers(0, 10**6))
@examples(30)
def test_nothing_takes_off_more_than_the_most_returns(seed: int) -> None:
    graph, start = random_graph(seed, 12)
    node, other = all_pairs(graph.size)
    score = personalized_pagerank(graph, start)
    assert (score[node] - exact_scores(graph, start, node, other) <= MAX_RETURNS * score[other] + 1e-9).all()


def test_two_who_only_see_each_other_come_near_the_most_returns() -> None:
    # 0 gives all to 1, and 1 and 2 give all to each other. It would not suffice to take off the score of 0.
    graph = CsrGraph.from_edges(np.array([0, 1, 2]), np.array([1, 2, 1]), np.ones(3), 3)
    score = personalized_pagerank(graph, np.array([1.0, 0.0, 0.0]))
    assert score[1] == pytest.approx(MAX_RETURNS * score[0])
    assert leave_one_out(graph, score, np.array([1]), np.array([0])).score.tolist() == pytest.approx([0.0], abs=1e-12)


@pytest.mark.usefixtures("pushing")
@pytest.mark.parametrize("links", [1, 2, 10, 40])
def test_a_long_chain_hides_nothing(links: int) -> None:
    # Seed 0 gives to 1, 1 to 2, and so on, each to nobody else. All that reaches the end has been at every node before.
    graph = CsrGraph.from_edges(np.arange(links + 1), np.arange(1, links + 2), np.ones(links + 1), links + 2)
    start = np.zeros(links + 2)
    start[0] = 1
    score = personalized_pagerank(graph, start)
    result = leave_one_out(graph, score, np.array([links + 1]), np.array([1]), tolerance=1e-3)
    assert result.score[0] == 0


@pytest.mark.parametrize("seed", range(40))
def test_no_set_gets_more_than_the_bound_with_one_node_left_out_too(seed: int) -> None:
    graph, start = random_graph(seed)
    rng = np.random.default_rng(seed)
    inside = rng.random(graph.size) < rng.uniform(0.1, 0.9)
    for node in range(graph.size):
        # Walks that never touch `node`, which may be in the set. What others give to it then counts for nothing.
        away, begin = graph.without_node(node), start.copy()
        begin[node] = 0
        score = personalized_pagerank(away, begin)
        np.testing.assert_allclose(np.delete(score, node), np.delete(walk_absorbed_by(graph, start, node), node), atol=1e-9)
        inside_without = inside & (np.arange(graph.size) != node)
        assert score[inside_without].sum() <= max_score_within(away, score, begin, inside_without) + 1e-9


def test_a_set_that_keeps_all_to_itself_gets_the_most() -> None:
    # 0 gives half to 1 and half to 3; 1 and 2 give all to each other.
    graph = CsrGraph.from_edges(np.array([0, 0, 1, 2]), np.array([1, 3, 2, 1]), np.ones(4), 4)
    start = np.array([1.0, 0, 0, 0])
    score = personalized_pagerank(graph, start)
    inside = np.array([False, True, True, False])
    assert score[inside].sum() == pytest.approx(max_score_within(graph, score, start, inside))


def test_edges_of_no_weight_are_none() -> None:
    graph = CsrGraph.from_edges(np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([0.0, 2.0, 0.0]), 3)
    assert graph.source.tolist() == [0]
    assert graph.target.tolist() == [2]


def test_nobody_and_nowhere() -> None:
    none = np.zeros(0, dtype=np.int64)
    graph = CsrGraph.from_edges(none, none, np.zeros(0), 0)
    assert personalized_pagerank(graph, np.zeros(0)).size == 0
    still = CsrGraph.from_edges(none, none, np.zeros(0), 2)
    assert personalized_pagerank(still, np.array([0.5, 0.5])).tolist() == [0.075, 0.075]
    assert personalized_pagerank(still, np.zeros(2)).tolist() == [0, 0]
    assert leave_one_out(still, np.ones(2), np.array([0]), np.array([1])).score.tolist() == [1]
