"""Attacks on a simulated community: what they buy, compared with a slow count, and never more than the bound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from regard.evaluation.attack import copies as attack_copies
from regard.evaluation.attack.copies import Copies
from regard.evaluation.attack.frozen_fits import CleanFits
from regard.evaluation.attack.planting import with_fits, with_planted
from regard.evaluation.attack.results import Attack, Mean, Raid, Standing
from regard.evaluation.attack.run import Plan, attack
from regard.evaluation.attack.scenarios import MODES
from regard.evaluation.attack.verdict import decide, rise_of
from regard.record.record import Record
from regard.record.schema import Act
from regard.simulate.community import Simulation, simulate
from regard.studies.study import Study

from ...cases import mostly_long
from ...communities import act, recorded
from ...measures.trust.test_vouched import walked
from ...oracles import number

pytestmark = pytest.mark.long

SIZES = (4, 40)


@pytest.fixture(scope="module")
def demo() -> Simulation:
    return simulate(people=70, days=240, seed=4)


@pytest.fixture(scope="module")
def record(demo: Simulation) -> Iterator[Record]:
    with recorded(demo.acts, demo.accounts) as record:
        yield record


@pytest.fixture(scope="module")
def town() -> Iterator[Record]:
    """A smaller one, for what is tried whole several times."""
    small = simulate(people=40, days=120, seed=4)
    with recorded(small.acts, small.accounts) as made:
        yield made


@pytest.fixture(scope="module")
def copies(record: Record) -> Copies:
    fits = CleanFits()
    with Study(record, catalogue=with_fits(fits.recording)) as study:
        return Copies(record, study, fits, 1, lambda _: None)


@pytest.fixture(scope="module")
def tried(record: Record) -> Attack:
    return attack(record, Plan(attackers=2, sizes=SIZES))


def find_raid(result: Attack, mode: str, size: int) -> Raid:
    (raid,) = (raid for raid in result.raids if raid.mode == mode and raid.accounts == size)
    return raid


def find_standing(raid: Raid, name: str) -> Standing:
    (standing,) = (standing for standing in raid.standings if standing.name == name)
    return standing


# --- planting


def test_planting_leaves_the_record_as_it_was(record: Record, copies: Copies) -> None:
    before = record.path.read_bytes()
    copies.raid(MODES[0], 10, copies.attackers(1))
    assert record.path.read_bytes() == before


def test_planted_acts_are_there_and_new_people_have_names(record: Record) -> None:
    with Study(record) as study:
        timescale, people = study.timescale, len(study.people)
    acts = {"actor": np.array([0, 5000, 5000]), "target": np.array([5000, 0, 1]), "time": np.array([timescale.until_us - 7] * 3)}
    with Study(record, catalogue=with_planted(acts)) as study:
        assert len(study.people) == people + 1
        assert study.timescale.acts == timescale.acts + 3
        result = {(row["actor"], row["target"]) for row in study.ties.rows()}
        assert {(0, 5000), (5000, 0), (5000, 1)} <= result
        names = {row["person"]: row["name"] for row in study.people.rows()}
        assert names[5000] == "planted 5000"


# --- results


def test_one_off_replies_buy_nothing_and_move_nobody_up(tried: Attack) -> None:
    assert tried.gate
    for size in SIZES:
        result = find_raid(tried, "one-off", size)
        assert result.vouched.mean == result.bound.mean == 0
        assert find_standing(result, "kept_vouched").after.mean <= find_standing(result, "kept_vouched").before.mean + 0.1
    assert find_raid(tried, "one-off", 40).kept.mean > 10
    assert find_standing(find_raid(tried, "one-off", 40), "people_ever").after.mean > 0.95
    moved = round(100 * rise_of(max((raid for raid in tried.raids if raid.mode == "one-off"), key=lambda raid: raid.accounts)))
    assert tried.verdict.word == ("dear" if moved <= 3 else "cheap")
    assert moved <= 10


def test_the_bound_holds_in_every_run_and_is_not_idle(tried: Attack) -> None:
    assert all(raid.within for raid in tried.raids)
    assert all(raid.vouched.mean <= raid.bound.mean for raid in tried.raids)
    assert find_raid(tried, "accomplices", 40).bound.mean > find_raid(tried, "accomplices", 40).vouched.mean > 0.5


def test_more_buys_more(tried: Attack) -> None:
    for size in SIZES:
        accomplices, close = find_raid(tried, "accomplices", size), find_raid(tried, "close farm", size)
        assert accomplices.vouched.mean > close.vouched.mean
        assert accomplices.price is None
        assert accomplices.price_helper is not None
        assert accomplices.helpers == 3


def test_price_is_people_for_each_reply(tried: Attack) -> None:
    for raid in tried.raids:
        if raid.price is not None and raid.replies.mean:
            assert raid.price.mean == pytest.approx(raid.vouched.mean / raid.replies.mean)


def test_only_the_largest_farms_are_fitted_without_them_too(tried: Attack) -> None:
    assert all((raid.clean is not None) == (raid.accounts == SIZES[-1]) for raid in tried.raids)
    largest = find_raid(tried, "one-off", 40)
    assert largest.clean is not None
    assert largest.clean.kept.mean != largest.kept.mean
    assert largest.clean.vouched.mean == 0


def test_a_pod_gains_no_more_than_its_members(tried: Attack) -> None:
    assert tried.pods is not None
    gained = {score.name: score for score in tried.pods.scores}
    assert gained["kept"].together.mean > 40
    assert 0 < gained["kept_share"].together.high <= tried.pods.members
    assert gained["kept"].each.mean == pytest.approx(gained["kept"].together.mean / tried.pods.members)


def test_means_lie_in_their_ranges(tried: Attack) -> None:
    for raid in tried.raids:
        for mean in (raid.kept, raid.vouched, raid.bound, raid.replies, *(standing.after for standing in raid.standings)):
            assert mean.low - 1e-9 <= mean.mean <= mean.high + 1e-9


def test_the_same_seed_gives_the_same_result(town: Record) -> None:
    plan = Plan(attackers=1, sizes=(5,))
    first = attack(town, plan)
    assert first == attack(town, plan)
    assert first.raids != attack(town, replace(plan, random_seed=2)).raids


def test_chosen_seeds_are_in_the_result(record: Record, demo: Simulation) -> None:
    seed = next(act.actor for act in demo.acts if act.target)
    result = attack(record, Plan(attackers=1, sizes=(5,), seeds=(seed,)))
    assert result.seeds.people == 1
    assert result.seeds.why == {"chosen": 1}


# --- a slow count


@pytest.mark.parametrize("mode", mostly_long(MODES, 1, lambda mode: str(mode.name)))
def test_what_is_bought_and_the_bound_by_a_slow_count(copies: Copies, record: Record, mode: object) -> None:
    (attempt,) = copies.raid(next(known for known in MODES if known is mode), 12, copies.attackers(1))
    attacker, accounts = attempt.farm.attacker, set(attempt.farm.accounts.tolist())
    with copies._copy(attempt.farm.acts) as study:
        ties = study.ties.rows()
        people = {int(number(row["person"])): row for row in study.vouched.rows()}
    weights = {(int(number(t["actor"])), int(number(t["target"]))): float(np.log(number(t["bins"])) ** 2) for t in ties}
    start = {person: 1.0 for person, row in people.items() if row["seed"]}
    enough = number(next(iter(people.values()))["full_weight_score"]) * sum(walked(weights, start).values())
    without = walked(weights, start, attacker)
    chances = {int(number(t["actor"])): number(t["p_return"]) for t in ties if t["target"] == attacker}
    alone = {int(number(t["actor"])): number(t["p_return_alive"]) for t in ties if t["target"] == attacker}
    bought = sum(min(1, without.get(account, 0) / enough) * alone[account] for account in accounts)
    total = {person: sum(weight for (actor, _), weight in weights.items() if actor == person) for person in people}
    handed = sum(
        without[actor] * weight / total[actor]
        for (actor, target), weight in weights.items()
        if weight and target in accounts and actor not in accounts and actor != attacker and actor in without
    )
    assert attempt.bought.vouched == pytest.approx(bought, abs=0.02)
    assert attempt.bought.bound == pytest.approx(0.85 / 0.15 * handed / enough, abs=1e-6)
    assert attempt.bought.kept == pytest.approx(sum(chances[account] for account in accounts), abs=1e-6)
    assert record.path.exists()


def test_attackers_in_one_copy_do_as_they_would_alone(copies: Copies, monkeypatch: pytest.MonkeyPatch) -> None:
    attackers = copies.attackers(3)
    for mode in MODES[:3]:
        together = copies.raid(mode, 10, attackers)
        monkeypatch.setattr(attack_copies, "MAX_ACCOUNTS", 10)
        alone = copies.raid(mode, 10, attackers)
        monkeypatch.undo()
        for first, second in zip(together, alone, strict=True):
            assert first.farm.attacker == second.farm.attacker
            assert first.farm.replies == second.farm.replies
            np.testing.assert_array_equal(first.farm.acts.time, second.farm.acts.time)
            assert first.bought.vouched == pytest.approx(second.bought.vouched, abs=0.25)
            assert first.after.percentile("kept_vouched", first.farm.attacker, first.among) == pytest.approx(
                second.after.percentile("kept_vouched", first.farm.attacker, first.among), abs=0.15
            )


def test_chances_fitted_on_the_record_as_it_is_stay_what_they_were(copies: Copies, record: Record) -> None:
    (attempt,) = copies.raid(MODES[0], 40, copies.attackers(1))
    with Study(record) as study:
        before = {(row["actor"], row["target"]): row["p_return_alive"] for row in study.ties.rows()}
    for clean in (True, False):
        with copies._copy(attempt.farm.acts, clean=clean) as study:
            after = {(row["actor"], row["target"]): row["p_return_alive"] for row in study.ties.rows()}
        same = all(abs(number(after[pair]) - number(chance)) < 2e-9 for pair, chance in before.items())
        assert same is clean


# --- odd records and the verdict


def test_too_few_people_are_too_little_to_tell() -> None:
    with recorded([act(day, "ann", "message", "bea") for day in range(9)]) as record:
        result = attack(record)
    assert result.verdict.word == "too little"
    assert "2 people" in result.verdict.sentence or "1 people" in result.verdict.sentence
    assert result.raids == ()
    assert result.pods is None


def crowd() -> list[Act]:
    """Thirty people who write to each other in turn, hardly ever twice to the same person."""
    return [act(n % 25, f"p{n % 30:02d}", "message", f"p{(n + 1 + n // 30) % 30:02d}") for n in range(300)]


def test_if_hardly_any_pair_repeats_the_verdict_says_that_acting_once_counts() -> None:
    with recorded(crowd()) as record:
        result = attack(record, Plan(attackers=1, sizes=(20,), bin_days=1, window_days=5))
    assert not result.gate
    assert "acting once counts" in result.verdict.sentence
    assert all(raid.within for raid in result.raids)


def raid_of(vouched: float, after: float) -> Raid:
    def mean(value: float) -> Mean:
        return Mean(value, value, value)

    standings = (Standing("people_ever", "people", mean(0.5), mean(1)), Standing("kept_vouched", "kept", mean(0.5), mean(after)))
    return Raid(
        "one-off", "", 1000, 1, 1, standings, mean(500), mean(vouched), mean(1), within=True, replies=mean(100), helpers=0,
        price=mean(0), price_helper=None, clean=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("vouched", "after", "word"), [(0.05, 0.529, "dear"), (0.0, 0.2, "dear"), (0.06, 0.5, "cheap"), (0.0, 0.54, "cheap")]
)
def test_the_verdict_follows_its_rule(vouched: float, after: float, word: str) -> None:
    assert decide([raid_of(vouched, after)], 100, gate=True).word == word
