"""The protocol of the validity page, small: on made-up communities in which it is known who comes back to whom, and who plays numbers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from regard.evaluation import metrics
from regard.evaluation.backtest import score
from regard.evaluation.backtest.run import Trial, look
from regard.evaluation.backtest.snapshot import Cut
from regard.simulate.community import Simulation, simulate

from ...communities import recorded

pytestmark = pytest.mark.long

SEEDS = (1, 2, 3, 4)


class Made(NamedTuple):
    """A community and what was seen of it at three moments."""

    simulation: Simulation
    cuts: tuple[Cut, ...]

    def roles(self, score: str, cut: Cut, first: int) -> list[str]:
        """The roles of those who stand first by a score."""
        ids = sorted(account.id for account in self.simulation.accounts)
        role = {truth.person: str(truth.role) for truth in self.simulation.truth}
        return [role[ids[cut.place[i]]] for i in np.argsort(-cut.scores[score], kind="stable")[:first]]


def made(seed: int) -> Made:
    simulation = simulate(people=150, days=180, seed=seed)
    with recorded(simulation.acts, simulation.accounts) as record:
        return Made(simulation, look(record, Trial()).cuts)


@pytest.fixture(scope="module")
def all_made() -> list[Made]:
    return [made(seed) for seed in SEEDS]


@pytest.fixture(scope="module")
def cuts(all_made: list[Made]) -> list[Cut]:
    return [cut for one in all_made for cut in one.cuts]


def spearman(cut: Cut, score: str) -> float:
    return metrics.spearman(cut.scores[score][cut.active], cut.targets["kept"][cut.active])


def test_three_moments_of_each_are_seen(all_made: list[Made]) -> None:
    assert [len(one.cuts) for one in all_made] == [3] * len(SEEDS)
    assert all(cut.evidence >= 30 for one in all_made for cut in one.cuts)


@pytest.mark.parametrize(("rival", "by"), [("people_ever", 0.05), ("decayed", 0.01), ("recent", 0.05), ("followers", 0.2)])
def test_kept_tells_better_than_rank_who_comes_back(cuts: list[Cut], rival: str, by: float) -> None:
    assert np.mean([spearman(cut, "kept") - spearman(cut, rival) for cut in cuts]) > by


def test_nine_of_ten_ranges_hold_what_came(cuts: list[Cut]) -> None:
    held = np.concatenate([cut.covered[cut.scores["kept"] > 3] for cut in cuts])
    assert held.size > 300
    assert 0.8 <= held.mean() <= 0.99


def test_ranges_are_no_wider_than_they_must_be(cuts: list[Cut]) -> None:
    # A range from nothing to all ties would hold everybody.
    wide = [(cut.high - cut.low)[over] / cut.scores["kept"][over] for cut in cuts for over in [cut.scores["kept"] > 3]]
    assert np.median(np.concatenate(wide)) < 2


def test_the_level_is_within_a_factor_of_two(cuts: list[Cut]) -> None:
    ratios = [cut.scores["kept"].sum() / cut.targets["kept"].sum() for cut in cuts]
    assert all(0.5 < ratio < 2 for ratio in ratios)


def test_pairs_are_told_better_than_by_their_own_history(cuts: list[Cut]) -> None:
    def mean(name: str) -> float:
        return float(np.mean([metrics.auc(cut.pairs.scores[name], cut.pairs.again) for cut in cuts]))

    assert mean("p_return") > mean("alive_model")
    assert mean("p_return") > max(mean(name) for name in ("acts", "decayed", "last")) + 0.01


def test_chances_of_pairs_are_what_they_say(cuts: list[Cut]) -> None:
    assert 0.9 < metrics.slope(*score.pooled(cuts, "p_return")) < 1.1


def test_bought_followers_and_pods_are_not_among_the_first_by_kept(all_made: list[Made]) -> None:
    for one in all_made:
        first = sum(truth.role == "builder" for truth in one.simulation.truth)
        for cut in one.cuts:
            assert set(one.roles("kept", cut, first)) <= {"builder", "helper"}
            # Those who play the numbers lead in the numbers: else nothing would be tried here.
            assert set(one.roles("followers", cut, 3)) == {"broadcaster"}
            assert "broadcaster" in one.roles("people_ever", cut, 3)
