"""Baselines: counted by hand; graph scores compared with networkx and slow loops."""

from __future__ import annotations

from math import log

import networkx as nx  # type: ignore[import-untyped]
import numpy as np
import pytest

from regard.engines.base import Arrays
from regard.errors import MissingExtra
from regard.evaluation import graph_baselines
from regard.evaluation.backtest.snapshot import SCORES
from regard.evaluation.baselines import BASELINES, FROM_PLATFORM, RIVALS
from regard.evaluation.passivity import influence
from regard.evaluation.scores import PAIRS, REGARD, By
from regard.record.schema import Account

from ..communities import act, at, community, moment
from .tiny import scored, tiny

pytestmark = pytest.mark.long

SQL = {score.name: score.sql for score in SCORES}

BY_HAND = {
    "people_ever": {"ann": 3, "bea": 2, "dua": 1},
    "acts_in": {"ann": 6, "bea": 2, "dua": 1},
    "acts_out": {"ann": 2, "bea": 3, "cem": 1, "dua": 2, "eli": 1},
    "people_out": {"ann": 2, "bea": 1, "cem": 1, "dua": 1, "eli": 1},
    # ann: bea 3, dua 2, cem 1; two of them acted twice or more.
    "h_index": {"ann": 2, "bea": 1, "dua": 1},
    # People who act toward ann have 2 (bea), 1 (dua) and 0 (cem) people acting toward them; bea has ann (3) and eli (0); dua has ann (3).
    "lu_h_index": {"ann": 1, "bea": 1, "dua": 1},
    "two_way": {"ann": 2, "bea": 1, "dua": 1},
    # In the window before, days 10 to 20; and in billionths, people ever.
    "recent": {"ann": 2 + 3e-9, "bea": 1 + 2e-9, "dua": 1 + 1e-9},
}


@pytest.mark.parametrize("name", BY_HAND)
def test_counts_by_hand(name: str) -> None:
    with tiny() as study:
        study.measure("ties")
        assert scored(study, SQL[name]) == BY_HAND[name]


def test_acts_that_decay_by_hand() -> None:
    with tiny() as study:
        study.measure("ties")
        slow, fast = scored(study, SQL["decayed"]), scored(study, SQL["decayed_fast"])
    assert slow["dua"] == pytest.approx(1e9 * 0.5 ** (7 / 10))  # seven days ago, half after ten
    assert slow["bea"] == pytest.approx(1e9 * (0.5 ** (16 / 10) + 0.5 ** (2 / 10)))
    assert fast["dua"] == pytest.approx(1e9 * 0.5 ** (7 / 2.5))


def test_people_who_decay_by_hand() -> None:
    with tiny() as study:
        study.measure("ties")
        scores = scored(study, SQL["decayed_people"])
    # Each person counts once, by their last act: dua has ann's of seven days ago, bea those of ann and eli.
    assert scores["dua"] == pytest.approx(1e9 * 0.5 ** (7 / 10))
    assert scores["bea"] == pytest.approx(1e9 * (0.5 ** (16 / 10) + 0.5 ** (2 / 10)))
    assert scores["ann"] < 3e9


def test_last_seen_is_ones_own_last_act() -> None:
    with tiny() as study:
        study.measure("ties")
        assert scored(study, SQL["last_seen"]) == {
            name: at(day) for name, day in (("ann", 13), ("bea", 12), ("cem", 3), ("dua", 19), ("eli", 18))
        }


def test_scores_from_the_platform() -> None:
    accounts = [Account("ann", followers=7, points=2.5, role="trust level 3"), Account("bea", role="moderator")]
    with community([act(1, "ann", "message", "bea")], accounts=accounts) as study:
        scores = {score.name: scored(study, score.sql) for score in FROM_PLATFORM}
    assert scores == {"followers": {"ann": 7}, "points": {"ann": 2.5}, "trust_level": {"ann": 3}}


def test_the_lists_hold_together() -> None:
    names = [score.name for score in SCORES]
    assert len(names) == len(set(names))
    assert all(name.isidentifier() for name in [*names, *(score.name for score in PAIRS)])
    assert {*RIVALS} < {score.name for score in BASELINES}
    assert REGARD[0].name == "kept"
    assert {score.by for score in BASELINES} == {By.RANK}


# --- graphs


def random_edges(seed: int) -> Arrays:
    """Ties as `graph_baselines.EDGES` gives them, among people whose numbers are not their positions."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(3, 40))
    pairs = np.unique(rng.integers(0, size, (int(rng.integers(2, 5 * size)), 2)), axis=0)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    if not len(pairs):
        pairs = np.array([[0, 1]])
    acts = rng.integers(1, 30, len(pairs))
    counted = {(int(a), int(b)): int(n) for (a, b), n in zip(pairs, acts, strict=True)}
    back = np.array([counted.get((int(b), int(a)), 0) for a, b in pairs])
    numbers = {"actor_person": 1000 - pairs[:, 0], "target_person": 1000 - pairs[:, 1]}
    return {
        "actor": pairs[:, 0],
        "target": pairs[:, 1],
        **numbers,
        "acts": acts,
        "acts_back": back,
        "first": rng.integers(0, 99, len(pairs)),
    }


def as_graph(edges: Arrays) -> nx.DiGraph:
    graph = nx.DiGraph()
    for source, target, acts in zip(*(edges[name].tolist() for name in ("actor_person", "target_person", "acts")), strict=True):
        graph.add_edge(source, target, weight=float(acts))
    return graph


def by_person(edges: Arrays, name: str) -> dict[int, float]:
    ranks = graph_baselines.rank_graph(edges, {})
    return dict(zip(ranks["person"].tolist(), ranks[name].tolist(), strict=True))


@pytest.mark.parametrize("seed", range(25))
def test_cores_are_those_of_networkx(seed: int) -> None:
    edges = random_edges(seed)
    assert by_person(edges, "k_core") == nx.core_number(as_graph(edges).to_undirected())


@pytest.mark.parametrize("seed", range(25))
def test_eigentrust_is_a_walk_that_begins_at_the_trusted(seed: int) -> None:
    edges = random_edges(seed)
    theirs = as_graph(edges)
    partners = {person: sum(theirs.has_edge(other, person) and theirs.has_edge(person, other) for other in theirs) for person in theirs}
    since = dict.fromkeys(theirs, 10**9)
    for source, first in zip(edges["actor_person"].tolist(), edges["first"].tolist(), strict=True):
        since[source] = min(since[source], first)
    trusted = sorted(theirs, key=lambda person: (-partners[person], since[person], -person))[:10]
    # A person who trusts nobody trusts the trusted people, as in the paper.
    wanted = nx.pagerank(theirs, alpha=0.85, personalization=dict.fromkeys(trusted, 1), tol=1e-12, max_iter=1_000)
    assert by_person(edges, "eigentrust") == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize("seed", range(25))
def test_authorities_are_those_of_networkx(seed: int) -> None:
    edges = random_edges(seed)
    theirs = as_graph(edges)
    matrix = nx.to_numpy_array(theirs, weight=None)
    values = np.linalg.svd(matrix, compute_uv=False)
    if values[0] - values[1] < 1e-3:
        pytest.skip("two directions are equally strong: authorities are not defined")
    for _, _, data in theirs.edges(data=True):
        data["weight"] = 1.0
    _, wanted = nx.hits(theirs, tol=1e-12, max_iter=10_000)
    mine = by_person(edges, "hits")
    total = sum(mine.values())
    assert {person: score / total for person, score in mine.items()} == pytest.approx(wanted, abs=1e-6)


def test_two_people_and_nobody_have_scores() -> None:
    one = {"actor": [0], "target": [1], "actor_person": [5], "target_person": [9], "acts": [3], "acts_back": [0], "first": [0]}
    edges = {name: np.array(values) for name, values in one.items()}
    assert by_person(edges, "hits")[9] == pytest.approx(1)
    assert graph_baselines.rank_graph({name: values[:0] for name, values in edges.items()}, {})["hits"].size == 0


def test_equal_components_have_equal_authorities_each_time() -> None:
    pairs = np.array([[0, 1], [2, 3], [4, 5]])
    zeros = np.zeros(3, dtype=np.int64)
    edges = {
        "actor": pairs[:, 0], "target": pairs[:, 1], "actor_person": pairs[:, 0], "target_person": pairs[:, 1],
        "acts": zeros + 1, "acts_back": zeros, "first": zeros,
    }  # fmt: skip
    assert by_person(edges, "hits") == {0: 0, 1: 1, 2: 0, 3: 1, 4: 0, 5: 1}


def slow_influence(taken: dict[tuple[int, int], float], size: int) -> list[float]:
    """The formulas of the paper, over a dictionary of edges (who offers, who takes up)."""
    scores, passive = [1 / size] * size, [1 / size] * size
    for _ in range(1_000):
        passive = [
            sum(
                (1 - w) / max(1e-300, sum(1 - v for (k, _), v in taken.items() if k == i)) * scores[i]
                for (i, j), w in taken.items()
                if j == person
            )
            for person in range(size)
        ]
        passive = [value / sum(passive) for value in passive] if sum(passive) else [1 / size] * size
        scores = [
            sum(w / sum(v for (_, k), v in taken.items() if k == j) * passive[j] for (i, j), w in taken.items() if i == person)
            for person in range(size)
        ]
        scores = [value / sum(scores) for value in scores]
    return scores


@pytest.mark.parametrize("seed", range(6))
def test_influence_is_that_of_a_slow_loop(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pairs = np.unique(rng.integers(0, 8, (20, 2)), axis=0)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    taken = rng.uniform(0.05, 0.95, len(pairs))
    wanted = slow_influence({(int(i), int(j)): float(w) for (i, j), w in zip(pairs, taken, strict=True)}, 8)
    np.testing.assert_allclose(influence(pairs[:, 0], pairs[:, 1], taken, 8), wanted, atol=1e-7)


def test_without_the_library_the_error_has_the_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(graph_baselines, "import_module", missing)
    with tiny() as study:
        study.measure("ties")
        study.engine.run(graph_baselines.POSITIONS, {})
        with pytest.raises(MissingExtra, match=r"pip install 'regard\[backtest\]'"):
            study.engine.run(graph_baselines.GRAPH_RANKS, {})


def test_a_half_life_is_a_window() -> None:
    assert log(2) == pytest.approx(0.6931471805599453)
    with community([act(0, "ann", "message", "bea")], until=10, bin_days=1, window_days=10) as study:
        study.measure("ties")
        assert scored(study, SQL["decayed"]) == {"bea": pytest.approx(5e8)}
        assert study.timescale.until_us == int(moment(10).timestamp() * 1e6)
