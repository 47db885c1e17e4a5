"""The acts that are planted, one by farm."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pytest

from regard.evaluation.attack.scenarios import IN_FARM, MODES, ON_ATTACKER, Environment, Farm, Mode, concatenate, plan_farm, plan_pod

UNTIL, BIN = 10_000_000, 1_000
ENVIRONMENT = Environment(np.arange(10, 60), 100, UNTIL, BIN, 8)
ATTACKER = 30
HELPERS = np.array([20, 21, 22, 23])
ONE_OFF, TWICE, CLOSE, ACCOMPLICES = MODES


def planted(mode: Mode, size: int = 40, seed: int = 3) -> Farm:
    return plan_farm(ENVIRONMENT, mode, ATTACKER, size, HELPERS, np.random.default_rng(seed))


def bins(farm: Farm) -> dict[tuple[int, int], list[int]]:
    """The bins of each pair's acts, counted back from the end."""
    ages = defaultdict(list)
    for actor, target, time in zip(farm.acts.actor.tolist(), farm.acts.target.tolist(), farm.acts.time.tolist(), strict=True):
        ages[actor, target].append((UNTIL - 1 - time) // BIN)
    return ages


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: str(mode.name))
def test_each_account_acts_five_times_on_the_attacker_and_is_answered(mode: Mode) -> None:
    farm = planted(mode)
    acts = bins(farm)
    assert farm.accounts.tolist() == list(range(100, 140))
    for account in farm.accounts.tolist():
        assert len(set(acts[account, ATTACKER])) == len(acts[account, ATTACKER]) == ON_ATTACKER
        assert sorted(acts[ATTACKER, account]) == sorted(acts[account, ATTACKER])
    assert farm.acts.time.max() < UNTIL
    assert {age for ages in acts.values() for age in ages} == set(range(ENVIRONMENT.bins))


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: str(mode.name))
def test_each_account_writes_to_two_different_honest_people(mode: Mode) -> None:
    farm = planted(mode)
    for account in farm.accounts.tolist():
        written = [target for actor, target in bins(farm) if actor == account and 10 <= target < 60 and target != ATTACKER]
        assert len(written) == 2
        assert all(len(bins(farm)[account, target]) == 1 for target in written)


def test_a_reply_fills_as_many_bins_as_the_mode_says_and_is_counted() -> None:
    for mode, times in ((ONE_OFF, 1), (TWICE, 2), (CLOSE, 2)):
        farm = planted(mode, 200)
        replies = {pair: ages for pair, ages in bins(farm).items() if pair[0] < 60 and pair[0] != ATTACKER}
        assert farm.replies == len(replies)
        assert 5 < farm.replies < 40  # 20 of 400 are expected
        assert {len(set(ages)) for ages in replies.values()} == {times}
        assert set(replies) <= {(reader, writer) for writer, reader in bins(farm)}
        assert farm.helpers == 0


def test_a_farm_acts_on_itself_and_a_close_one_repeatedly() -> None:
    spread, close = bins(planted(TWICE)), bins(planted(CLOSE))
    for acts in (spread, close):
        inside = {pair: ages for pair, ages in acts.items() if min(pair) >= 100}
        assert all(actor != target for actor, target in inside)
        assert set(Counter(actor for (actor, _), ages in inside.items() for _ in ages).values()) == {IN_FARM}
    assert {len(set(ages)) for pair, ages in close.items() if min(pair) >= 100} == {3}
    assert sum(len(ages) == 1 for pair, ages in spread.items() if min(pair) >= 100) > 50


def test_accomplices_share_the_farm_among_them() -> None:
    farm = planted(ACCOMPLICES)
    assert farm.helpers == 3
    helped = {
        target: actor for (actor, target), ages in bins(farm).items() if actor in HELPERS[:3] and len(set(ages)) == 2 and target >= 100
    }
    assert set(farm.accounts.tolist()) <= set(helped)
    assert all(13 <= times <= 15 for times in Counter(helped.values()).values())


def test_a_single_account_has_nobody_to_act_on_in_its_farm() -> None:
    for mode in MODES:
        assert not [pair for pair in bins(planted(mode, 1)) if min(pair) >= 100]


def test_the_same_seed_plants_the_same_acts() -> None:
    first, again, other = planted(CLOSE), planted(CLOSE), planted(CLOSE, seed=4)
    np.testing.assert_array_equal(first.acts.time, again.acts.time)
    assert first.acts.time.size != other.acts.time.size or (first.acts.time != other.acts.time).any()


def test_members_of_a_pod_act_on_each_other_in_every_bin() -> None:
    acts = plan_pod(ENVIRONMENT, np.array([11, 12, 13]), np.random.default_rng(1))
    bins_by_pair = defaultdict(set)
    for actor, target, time in zip(acts.actor.tolist(), acts.target.tolist(), acts.time.tolist(), strict=True):
        bins_by_pair[actor, target].add((UNTIL - 1 - time) // BIN)
    assert len(bins_by_pair) == 6
    assert all(ages == set(range(ENVIRONMENT.bins)) for ages in bins_by_pair.values())
    assert concatenate([acts, acts]).actor.size == 2 * acts.actor.size
