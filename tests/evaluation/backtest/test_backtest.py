"""From a record to a verdict: honest if there is nothing to measure, and blind to what happened after the origin."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.evaluation.backtest.results import Backtest
from regard.evaluation.backtest.run import Trial, backtest
from regard.evaluation.backtest.snapshot import Snapshot, take_snapshot
from regard.evaluation.scores import By
from regard.record.schema import Act
from regard.simulate.community import Simulation, simulate
from regard.studies.settings import Settings
from regard.studies.study import Study

from ...communities import act, moment, post, recorded
from ...strategies import Made, communities, examples
from ..tiny import BOT, FUTURE, PAST, UNTIL, WINDOW

pytestmark = pytest.mark.long

DRAWS = 1_000
BY_HAND = Trial((moment(UNTIL),), 1, WINDOW, draws=DRAWS)


@pytest.fixture(scope="module")
def simulation() -> Simulation:
    return simulate(people=120, days=200, seed=7)


@pytest.fixture(scope="module")
def snapshots(simulation: Simulation) -> list[Snapshot]:
    """The simulated community at three origins."""
    result = []
    with recorded(simulation.acts, simulation.accounts) as record:
        for day in (100, 130, 160):
            with Study(record, Settings(simulation.start.replace(hour=0) + (moment(day) - moment(0)), 1, 28)) as study:
                result.append(take_snapshot(study))
    return result


@pytest.fixture(scope="module")
def tried(simulation: Simulation) -> Iterator[Backtest]:
    with recorded(simulation.acts, simulation.accounts) as record:
        yield backtest(record, Trial(draws=DRAWS))


# --- by hand


def test_a_tiny_record_by_hand() -> None:
    # One act must lie after the window. Otherwise the record would end before the window does.
    with recorded([*PAST, *FUTURE], BOT) as record:
        result = backtest(record, BY_HAND)
    (origin,) = result.origins
    # ann, bea, dua, eli acted in days 10 to 20; cem on day 3 only. dua and eli came first in these days.
    assert (origin.known, origin.active, origin.newcomers) == (5, 4, 2)
    # Nine acts; bea came back to ann on day 12, after day 1.
    assert (origin.acts, origin.evidence) == (9, 1)
    # bea to ann, dua to ann, ann to bea, eli to bea again; cem to ann and ann to dua not.
    assert (origin.pairs, origin.again, origin.came_back, origin.actual) == (6, 4, 2, 4)
    assert result.verdict.word == "too little"
    assert result.acts == 9 + 7


def test_of_very_many_people_some_are_evaluated(simulation: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(moment(160) - moment(0) + simulation.start, 1, 28)
    with recorded(simulation.acts, simulation.accounts) as record, Study(record, settings) as study:
        every, third = take_snapshot(study), take_snapshot(study, one_in=3)
        monkeypatch.setattr("regard.evaluation.backtest.snapshot.MAX_TIES", 3)
        without = take_snapshot(study)
    taken = every.positions % 3 == 0
    assert 10 < third.positions.size < every.positions.size / 2
    assert third.positions.tolist() == every.positions[taken].tolist()
    for name, values in every.scores.items():
        assert third.scores[name].tolist() == values[taken].tolist()
    assert np.unique(third.pairs.targets).tolist() == np.unique(every.pairs.targets[every.pairs.targets % 3 == 0]).tolist()
    assert third.pairs.returned.size == np.count_nonzero(every.pairs.targets % 3 == 0)
    assert {*every.scores} - {*without.scores} == {"hits", "k_core", "eigentrust", "influence_passivity"}
    assert without.scores["pagerank"].tolist() == every.scores["pagerank"].tolist()


def test_a_record_of_very_many_people_is_backtested_on_some(simulation: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regard.evaluation.backtest.run.MAX_PEOPLE", 50)
    with recorded(simulation.acts, simulation.accounts) as record:
        result = backtest(record, Trial(draws=DRAWS))
    assert result.one_in == 3
    assert 10 < result.judged <= 40


def test_a_window_that_the_record_does_not_contain_is_dropped_with_a_reason() -> None:
    with recorded([*PAST, *FUTURE[:6]], BOT) as record:
        result = backtest(record, BY_HAND)
    assert not result.origins
    assert [(dropped.at, "ends before" in dropped.why) for dropped in result.dropped] == [(moment(UNTIL), True)]


# --- nothing to measure


ODD: dict[str, list[Act]] = {
    "only posts": [*post(1, "ann", "p", "Who?"), *post(9, "bea", "q")],
    "one person": [*post(1, "ann", "p"), act(3, "ann", "message", "ann")],
    "one act": [act(1, "ann", "message", "bea")],
    "one moment": [act(1, "ann", "message", "bea"), act(1, "bea", "reply", "ann")],
    "no times": [act(None, "ann", "message", "bea")],
    "one week": [act(n / 9, "ann" if n % 3 else "cem", "reply", "bea" if n % 2 else "dua") for n in range(63)],
    "no pair repeats": [act(n, f"p{n}", "message", f"q{n}") for n in range(90)],
    "one pair for ever": [act(n, "ann", "message", "bea") for n in range(200)],
}


@pytest.mark.parametrize("name", ODD)
def test_odd_records_get_an_honest_answer(name: str) -> None:
    with recorded(ODD[name]) as record:
        result = backtest(record, Trial(draws=DRAWS))
    assert result.verdict.word == "too little"
    assert result.verdict.sentence.startswith("Too little to tell: ")


def test_a_moment_before_the_first_act_is_dropped() -> None:
    with recorded([*PAST, *FUTURE], BOT) as record:
        result = backtest(record, replace(BY_HAND, at=(moment(0.5),)))
    assert [dropped.why for dropped in result.dropped] == ["nobody had acted toward anybody before it"]


@given(communities())
@examples(5)
def test_an_empty_future_is_too_little_to_tell(made: Made) -> None:
    later = [Act("ann", "message", made.until + 400 * 86_400_000_000, "bea")]
    with recorded([*made.acts, *later], made.accounts) as record:
        last = moment((made.until - int(moment(0).timestamp() * 1e6)) / 86_400_000_000)
        result = backtest(record, Trial((last,), 1, 7, draws=DRAWS))
    assert result.verdict.word == "too little"
    assert sum(origin.actual for origin in result.origins) == 0


def test_many_people_and_an_empty_future_are_too_little_to_tell(simulation: Simulation) -> None:
    later = simulation.acts[-1].time
    assert later is not None
    far = Act(simulation.accounts[0].id, "message", later + 99 * 86_400_000_000, simulation.accounts[1].id)
    end = simulation.start + (moment(201) - moment(0))
    with recorded([*simulation.acts, far], simulation.accounts) as record:
        result = backtest(record, Trial((end,), 1, 28, draws=DRAWS))
    assert result.verdict.evidence > 60
    assert "nobody came back" in result.verdict.sentence


# --- traps


def test_nothing_after_the_origin_reaches_a_score(simulation: Simulation, snapshots: list[Snapshot]) -> None:
    until = simulation.start + (moment(130) - moment(0))
    known = [one for one in simulation.acts if one.time is not None and one.time < int(until.timestamp() * 1e6)]
    with recorded(known, simulation.accounts) as record, Study(record, Settings(until, 1, 28)) as study:
        blind = take_snapshot(study)
    seeing = snapshots[1]
    assert not any(values.any() for values in blind.targets.values())
    assert seeing.targets["returned"].any()
    for name, values in seeing.scores.items():
        np.testing.assert_array_equal(values, blind.scores[name], name)
    for name in ("low", "high", "active", "newcomer", "tied"):
        np.testing.assert_array_equal(getattr(seeing, name), getattr(blind, name), name)
    assert seeing.evidence == blind.evidence
    assert {name: np.sort(values).tolist() for name, values in seeing.pairs.scores.items()} == {
        name: np.sort(values).tolist() for name, values in blind.pairs.scores.items()
    }


def test_the_order_of_the_rows_changes_nothing(simulation: Simulation, tried: Backtest) -> None:
    acts = random.Random(3).sample(simulation.acts, len(simulation.acts))
    with recorded(acts, simulation.accounts) as record:
        assert backtest(record, Trial(draws=DRAWS)) == tried


@given(communities(), st.randoms(use_true_random=False))
@examples(4)
def test_the_order_of_the_rows_changes_nothing_in_any_community(made: Made, rng: random.Random) -> None:
    shuffled = rng.sample(made.acts, len(made.acts))
    with recorded(made.acts, made.accounts) as record, recorded(shuffled, made.accounts) as other:
        assert backtest(record, Trial(draws=DRAWS)) == backtest(other, Trial(draws=DRAWS))


class Counting:
    """A progress that counts."""

    def __init__(self) -> None:
        self.total, self.done = 0, 0

    def stage(self, name: str, total: int | None = None, unit: str = "") -> None:
        self.total = total or 0
        assert name
        assert unit == "draws" or not total

    def advance(self, count: int) -> None:
        self.done += count


def test_progress_advances_with_every_draw(simulation: Simulation) -> None:
    progress = Counting()
    with recorded(simulation.acts, simulation.accounts) as record:
        backtest(record, Trial(draws=DRAWS), progress=progress)
    assert progress.done == progress.total == 4 * DRAWS


# --- known truth


def means(snapshot: Snapshot, simulation: Simulation, role: str) -> dict[str, float]:
    """The means over the people of a role: every score, and how many people returned to them."""
    ids = sorted(account.id for account in simulation.accounts)
    members = {truth.person for truth in simulation.truth if truth.role == role}
    mask = np.array([ids[position] in members for position in snapshot.positions])
    scores = {name: values[mask].mean() for name, values in snapshot.scores.items()}
    return {"returned": snapshot.targets["returned"][mask].mean(), **scores}


def test_builders_stand_above_broadcasters_in_kept_and_below_in_followers(simulation: Simulation, snapshots: list[Snapshot]) -> None:
    for snapshot in snapshots:
        builder, broadcaster = (means(snapshot, simulation, role) for role in ("builder", "broadcaster"))
        assert builder["returned"] > 2.5 * broadcaster["returned"]
        assert builder["followers"] * 100 < broadcaster["followers"]
        assert builder["people_ever"] * 2 < broadcaster["people_ever"]
        assert builder["kept"] / builder["people_ever"] > 2 * broadcaster["kept"] / broadcaster["people_ever"]
    assert builder["kept"] > broadcaster["kept"]


def test_kept_beats_followers_if_followers_predict_nothing(tried: Backtest) -> None:
    followers = next(score for score in tried.scores if score.name == "followers")
    assert followers.by is By.PLATFORM
    assert followers.ahead.returned.low is not None
    assert followers.ahead.returned.low > 0


def test_a_simulated_community_has_every_figure(tried: Backtest) -> None:
    assert len(tried.origins) + len(tried.dropped) == 3
    assert tried.verdict.evidence > 30
    assert tried.judged <= 120
    kept = tried.scores[0]
    assert kept.name == "kept"
    assert kept.ahead.returned.estimate == 0
    for score in tried.scores:
        assert score.spearman.returned is not None
        by_origin = [result.spearman.returned for origin in tried.origins for result in origin.scores if result.name == score.name]
        assert score.spearman.returned == pytest.approx(np.mean([value for value in by_origin if value is not None]))
        assert score.ahead.returned.estimate == pytest.approx(kept.spearman.returned - score.spearman.returned)  # type: ignore[operator]
        assert score.ahead.returned.low is not None
        assert score.ahead.returned.high is not None
        assert score.ahead.returned.low <= score.ahead.returned.high
    assert tried.newcomers.people + tried.others.people == sum(origin.active for origin in tried.origins)
    assert sum(level.n for level in tried.levels) == sum(origin.active for origin in tried.origins)
    assert sum(level.n for level in tried.reliability) == sum(origin.pairs for origin in tried.origins)
    assert sum(level.actual for level in tried.reliability) == sum(origin.again for origin in tried.origins)
    by_pairs, by_people = (sum(values) for values in ([x.expected for x in tried.reliability], [o.expected for o in tried.origins]))
    assert by_pairs == pytest.approx(by_people, abs=1e-5)
    assert sum(origin.actual for origin in tried.origins) == sum(origin.again for origin in tried.origins)


def test_the_same_seed_gives_the_same_figures_and_another_other_ranges(simulation: Simulation, tried: Backtest) -> None:
    with recorded(simulation.acts, simulation.accounts) as record:
        other = backtest(record, Trial(draws=DRAWS, seed=2))
    assert other.scores[2].spearman == tried.scores[2].spearman
    assert other.scores[2].ahead != tried.scores[2].ahead


def test_a_report_loads_nothing_of_the_extra() -> None:
    code = (
        "import sys, tempfile, regard.surfaces.cli as cli; folder = tempfile.mkdtemp();"
        "cli.run(['demo', '--people', '20', '--days', '30', '-q', '-o', folder + '/demo.html']);"
        "print([m for m in ('scipy', 'sknetwork', 'sklearn') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip().splitlines()[-1] == "[]"
