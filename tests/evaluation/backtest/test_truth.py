"""The protocol of the validity page, small: simulated communities, in which we know who comes back to whom and who plays the numbers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from regard.evaluation import metrics
from regard.evaluation.backtest.run import Trial, observe
from regard.evaluation.backtest.snapshot import Snapshot, pool_pairs
from regard.simulate.community import Simulation, simulate

from ...communities import recorded

pytestmark = pytest.mark.long

SEEDS = (1, 2, 3, 4)


class Observed(NamedTuple):
    """A simulated community and its snapshots at three origins."""

    simulation: Simulation
    snapshots: tuple[Snapshot, ...]

    def roles(self, score: str, snapshot: Snapshot, first: int) -> list[str]:
        """The roles of the people who are first by a score."""
        ids = sorted(account.id for account in self.simulation.accounts)
        role = {truth.person: str(truth.role) for truth in self.simulation.truth}
        return [role[ids[snapshot.positions[i]]] for i in np.argsort(-snapshot.scores[score], kind="stable")[:first]]


def observe_community(seed: int) -> Observed:
    simulation = simulate(people=150, days=180, seed=seed)
    with recorded(simulation.acts, simulation.accounts) as record:
        return Observed(simulation, observe(record, Trial()).snapshots)


@pytest.fixture(scope="module")
def communities() -> list[Observed]:
    return [observe_community(seed) for seed in SEEDS]


@pytest.fixture(scope="module")
def snapshots(communities: list[Observed]) -> list[Snapshot]:
    return [snapshot for community in communities for snapshot in community.snapshots]


def spearman(snapshot: Snapshot, score: str) -> float:
    return metrics.spearman(snapshot.scores[score][snapshot.active], snapshot.targets["returned"][snapshot.active])


def test_three_moments_of_each_are_seen(communities: list[Observed]) -> None:
    assert [len(community.snapshots) for community in communities] == [3] * len(SEEDS)
    assert all(snapshot.evidence >= 30 for community in communities for snapshot in community.snapshots)


@pytest.mark.parametrize(("rival", "by"), [("people_ever", 0.05), ("decayed", 0.01), ("recent", 0.05), ("followers", 0.2)])
def test_kept_predicts_better_than_rank_who_comes_back(snapshots: list[Snapshot], rival: str, by: float) -> None:
    assert np.mean([spearman(snapshot, "kept") - spearman(snapshot, rival) for snapshot in snapshots]) > by


def test_nine_of_ten_ranges_hold_what_came(snapshots: list[Snapshot]) -> None:
    held = np.concatenate([snapshot.covered[snapshot.scores["kept"] > 3] for snapshot in snapshots])
    assert held.size > 300
    assert 0.8 <= held.mean() <= 0.99


def test_ranges_are_no_wider_than_they_must_be(snapshots: list[Snapshot]) -> None:
    # A range from nothing to all ties would hold everybody.
    wide = [
        (snapshot.high - snapshot.low)[over] / snapshot.scores["kept"][over]
        for snapshot in snapshots
        for over in [snapshot.scores["kept"] > 3]
    ]
    assert np.median(np.concatenate(wide)) < 2


def test_the_level_is_within_a_factor_of_two(snapshots: list[Snapshot]) -> None:
    ratios = [snapshot.scores["kept"].sum() / snapshot.targets["returned"].sum() for snapshot in snapshots]
    assert all(0.5 < ratio < 2 for ratio in ratios)


def test_pairs_are_predicted_better_than_by_their_own_history(snapshots: list[Snapshot]) -> None:
    def mean(name: str) -> float:
        return float(np.mean([metrics.auc(snapshot.pairs.scores[name], snapshot.pairs.returned) for snapshot in snapshots]))

    assert mean("p_return") > mean("alive_model")
    assert mean("p_return") > max(mean(name) for name in ("acts", "decayed", "last")) + 0.01


def test_chances_of_pairs_are_what_they_say(snapshots: list[Snapshot]) -> None:
    assert 0.9 < metrics.slope(*pool_pairs(snapshots, "p_return")) < 1.1


def test_bought_followers_and_pods_are_not_among_the_first_by_kept(communities: list[Observed]) -> None:
    for community in communities:
        first = sum(truth.role == "builder" for truth in community.simulation.truth)
        for snapshot in community.snapshots:
            assert set(community.roles("kept", snapshot, first)) <= {"builder", "helper"}
            # People who play the numbers lead in the numbers. Otherwise nothing would be tested here.
            assert set(community.roles("followers", snapshot, 3)) == {"broadcaster"}
            assert "broadcaster" in community.roles("people_ever", snapshot, 3)
