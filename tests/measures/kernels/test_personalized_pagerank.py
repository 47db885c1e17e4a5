"""The walk kernel against networkx, and scores apart from a node against a walk built anew without it."""

from __future__ import annotations

import networkx as nx  # type: ignore[import-untyped]
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.measures.kernels import leave_one_out as kernel
from regard.measures.kernels import personalized_pagerank
from regard.measures.kernels.leave_one_out import MOST_RETURNS, leave_one_out
from regard.measures.kernels.personalized_pagerank import KEPT, RESTART, CsrGraph, Floats, Indices

from ...strategies import examples


def drawn(seed: int, most: int = 40) -> tuple[CsrGraph, Floats]:
    """A random graph with dead ends, and where its walk starts."""
    dice = np.random.default_rng(seed)
    size = int(dice.integers(2, most))
    pairs = dice.integers(0, size, (int(dice.integers(1, 4 * size)), 2))
    pairs = np.unique(pairs[(pairs[:, 0] != pairs[:, 1]) & (pairs[:, 0] % 5 != 0)], axis=0)
    start = np.zeros(size)
    seeds = dice.choice(size, int(dice.integers(1, min(5, size) + 1)), replace=False)
    start[seeds] = 1 / seeds.size
    return personalized_pagerank.edges(pairs[:, 0], pairs[:, 1], dice.integers(1, 50, len(pairs)).astype(np.float64), size), start


def everybody(size: int) -> tuple[Indices, Indices]:
    """All ordered pairs of different nodes."""
    node, other = np.divmod(np.arange(size * size), size)
    return node[node != other], other[node != other]


def rebuilt(graph: CsrGraph, start: Floats, absorbing: int) -> Floats:
    """Visits of the walk that ends when it comes to a node, by solving it anew."""
    steps = np.zeros((graph.size, graph.size))
    steps[graph.source, graph.target] = KEPT * graph.share
    steps[absorbing] = 0
    begin = start.copy()
    begin[absorbing] = 0
    return np.asarray(RESTART * begin @ np.linalg.inv(np.eye(graph.size) - steps))


def anew(graph: CsrGraph, start: Floats, node: Indices, other: Indices) -> Floats:
    """What `apart` should find, one walk for each `other`."""
    without = np.stack([rebuilt(graph, start, v) for v in range(graph.size)])
    return np.asarray(without[other, node])


@pytest.fixture
def pushing(monkeypatch: pytest.MonkeyPatch) -> None:
    """No graph is small enough to be inverted."""
    monkeypatch.setattr(kernel, "FEW", 0)


@pytest.mark.parametrize("seed", range(30))
def test_visits_are_the_personalised_pagerank_of_networkx(seed: int) -> None:
    graph, start = drawn(seed)
    theirs = nx.DiGraph()
    theirs.add_nodes_from(range(graph.size))
    theirs.add_weighted_edges_from(zip(graph.source.tolist(), graph.target.tolist(), graph.share.tolist(), strict=True))
    seeds = {node: float(share) for node, share in enumerate(start)}
    # There dead ends hand back to the seeds, which adds to every score alike.
    expected = nx.pagerank(theirs, alpha=KEPT, personalization=seeds, dangling=seeds, tol=1e-13, max_iter=10_000)
    seen = personalized_pagerank.visits(graph, start)
    np.testing.assert_allclose(seen / seen.sum(), [expected[node] for node in range(graph.size)], atol=1e-9)


@pytest.mark.parametrize("seed", range(40))
def test_apart_is_the_walk_built_anew(seed: int) -> None:
    graph, start = drawn(seed)
    node, other = everybody(graph.size)
    found = leave_one_out(graph, personalized_pagerank.visits(graph, start), node, other)
    np.testing.assert_allclose(found.score, anew(graph, start, node, other), atol=1e-9)
    assert not found.too_low.any()


@pytest.mark.usefixtures("pushing")
@pytest.mark.parametrize("seed", range(40))
def test_pushing_to_the_end_is_the_walk_built_anew(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "NEGLIGIBLE", 1e-13)
    graph, start = drawn(seed)
    node, other = everybody(graph.size)
    found = leave_one_out(graph, personalized_pagerank.visits(graph, start), node, other)
    np.testing.assert_allclose(found.score, anew(graph, start, node, other), atol=1e-9)


@pytest.mark.usefixtures("pushing")
@pytest.mark.parametrize("allowed", [0.0, 1e-4, 1e-2])
@pytest.mark.parametrize("negligible", [1e-3, 0.3])
@pytest.mark.parametrize("seed", range(15))
def test_pushing_is_never_too_high_and_as_low_as_it_says(
    seed: int, negligible: float, allowed: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel, "NEGLIGIBLE", negligible)
    graph, start = drawn(seed)
    node, other = everybody(graph.size)
    found = leave_one_out(graph, personalized_pagerank.visits(graph, start), node, other, allowed=allowed)
    truth = anew(graph, start, node, other)
    assert (found.score <= truth + 1e-11).all()
    assert (found.score >= truth - found.too_low - 1e-11).all()
    assert (found.score >= 0).all()
    if negligible < 0.1:
        assert found.too_low.max() <= max(allowed, 0.05 * float(truth.max()))


@pytest.mark.usefixtures("pushing")
@pytest.mark.parametrize("seed", range(10))
def test_batches_of_any_size_find_the_same(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    graph, start = drawn(seed)
    node, other = everybody(graph.size)
    seen = personalized_pagerank.visits(graph, start)
    whole = leave_one_out(graph, seen, node, other)
    monkeypatch.setattr(kernel, "WORKSPACE", 1)
    single = leave_one_out(graph, seen, node, other)
    np.testing.assert_allclose(single.score, whole.score, atol=1e-12)


@given(st.integers(0, 10**6), st.floats(0.01, 0.5))
@examples(30)
def test_from_enough_on_nothing_else_changes(seed: int, share: float) -> None:
    graph, start = drawn(seed, 12)
    node, other = everybody(graph.size)
    seen = personalized_pagerank.visits(graph, start)
    enough = share * float(seen.max())
    found = leave_one_out(graph, seen, node, other, enough=enough)
    truth = anew(graph, start, node, other)
    np.testing.assert_allclose(np.minimum(found.score, enough), np.minimum(truth, enough), atol=1e-9)


@given(st.integers(0, 10**6))
@examples(30)
def test_nothing_takes_off_more_than_the_most_returns(seed: int) -> None:
    graph, start = drawn(seed, 12)
    node, other = everybody(graph.size)
    seen = personalized_pagerank.visits(graph, start)
    assert (seen[node] - anew(graph, start, node, other) <= MOST_RETURNS * seen[other] + 1e-9).all()


def test_two_who_only_see_each_other_come_near_the_most_returns() -> None:
    # 0 gives all to 1, which goes back and forth with 2: taking off no more than the score of 0 would not do.
    graph = personalized_pagerank.edges(np.array([0, 1, 2]), np.array([1, 2, 1]), np.ones(3), 3)
    seen = personalized_pagerank.visits(graph, np.array([1.0, 0.0, 0.0]))
    assert seen[1] == pytest.approx(MOST_RETURNS * seen[0])
    assert leave_one_out(graph, seen, np.array([1]), np.array([0])).score.tolist() == pytest.approx([0.0], abs=1e-12)


@pytest.mark.usefixtures("pushing")
@pytest.mark.parametrize("links", [1, 2, 10, 40])
def test_a_long_chain_hides_nothing(links: int) -> None:
    # Seed 0 gives to 1, 1 to 2, ... and to nobody else: what reaches the end has been everywhere before.
    graph = personalized_pagerank.edges(np.arange(links + 1), np.arange(1, links + 2), np.ones(links + 1), links + 2)
    start = np.zeros(links + 2)
    start[0] = 1
    seen = personalized_pagerank.visits(graph, start)
    found = leave_one_out(graph, seen, np.array([links + 1]), np.array([1]), allowed=1e-3)
    assert found.score[0] == 0


@pytest.mark.parametrize("seed", range(40))
def test_no_set_gets_more_than_the_most_within_also_apart(seed: int) -> None:
    graph, start = drawn(seed)
    dice = np.random.default_rng(seed)
    inside = dice.random(graph.size) < dice.uniform(0.1, 0.9)
    for node in range(graph.size):
        # Walks that never touch `node`, which may be one of the set: then what others give it counts for nothing.
        away, begin = personalized_pagerank.without(graph, node), start.copy()
        begin[node] = 0
        score = personalized_pagerank.visits(away, begin)
        np.testing.assert_allclose(np.delete(score, node), np.delete(rebuilt(graph, start, node), node), atol=1e-9)
        inside_without = inside & (np.arange(graph.size) != node)
        assert score[inside_without].sum() <= personalized_pagerank.most_within(away, score, begin, inside_without) + 1e-9


def test_a_set_that_keeps_all_to_itself_gets_the_most() -> None:
    # 0 gives half of all to 1 and half to 3; 1 and 2 only see each other.
    graph = personalized_pagerank.edges(np.array([0, 0, 1, 2]), np.array([1, 3, 2, 1]), np.ones(4), 4)
    start = np.array([1.0, 0, 0, 0])
    score = personalized_pagerank.visits(graph, start)
    inside = np.array([False, True, True, False])
    assert score[inside].sum() == pytest.approx(personalized_pagerank.most_within(graph, score, start, inside))


def test_edges_of_no_weight_are_none() -> None:
    graph = personalized_pagerank.edges(np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([0.0, 2.0, 0.0]), 3)
    assert graph.source.tolist() == [0]
    assert graph.target.tolist() == [2]


def test_nobody_and_nowhere() -> None:
    none = np.zeros(0, dtype=np.int64)
    graph = personalized_pagerank.edges(none, none, np.zeros(0), 0)
    assert personalized_pagerank.visits(graph, np.zeros(0)).size == 0
    still = personalized_pagerank.edges(none, none, np.zeros(0), 2)
    assert personalized_pagerank.visits(still, np.array([0.5, 0.5])).tolist() == [0.075, 0.075]
    assert personalized_pagerank.visits(still, np.zeros(2)).tolist() == [0, 0]
    assert leave_one_out(still, np.ones(2), np.array([0]), np.array([1])).score.tolist() == [1]
