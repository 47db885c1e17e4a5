"""The whole way: from a record to a verdict, honest where there is nothing to tell, and blind to what came after."""

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
from regard.evaluation.backtest.snapshot import Cut, cut
from regard.record.record import Record
from regard.record.schema import Act
from regard.simulate.community import Simulation, simulate
from regard.studies.study import Settings, Study

from ...communities import act, moment, post, recorded
from ...strategies import Made, communities, examples
from ..tiny import BOT, FUTURE, PAST, UNTIL, WINDOW

DRAWS = 1_000
BY_HAND = Trial((moment(UNTIL),), 1, WINDOW, draws=DRAWS)


@pytest.fixture(scope="module")
def simulation() -> Simulation:
    return simulate(people=120, days=200, seed=7)


@pytest.fixture(scope="module")
def crowd(simulation: Simulation) -> Iterator[Record]:
    """The record of the simulated community."""
    with recorded(simulation.acts, simulation.accounts) as record:
        yield record


@pytest.fixture(scope="module")
def cuts(simulation: Simulation, crowd: Record) -> list[Cut]:
    """The simulated community at three moments."""
    found = []
    for day in (100, 130, 160):
        with Study(crowd, Settings(simulation.start.replace(hour=0) + (moment(day) - moment(0)), 1, 28)) as study:
            found.append(cut(study))
    return found


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


@pytest.fixture(scope="module")
def watched(crowd: Record) -> tuple[Backtest, Counting]:
    """A backtest of the simulated community, and the progress that it was told."""
    progress = Counting()
    return backtest(crowd, Trial(draws=DRAWS), progress=progress), progress


@pytest.fixture(scope="module")
def tried(watched: tuple[Backtest, Counting]) -> Backtest:
    return watched[0]


# --- by hand


def test_a_tiny_record_by_hand() -> None:
    # Past the last act there must be one more: else the window would be cut off.
    with recorded([*PAST, *FUTURE], BOT) as record:
        found = backtest(record, BY_HAND)
    (origin,) = found.origins
    # ann, bea, dua, eli acted in days 10 to 20; cem on day 3 only. dua and eli came first in these days.
    assert (origin.known, origin.active, origin.newcomers) == (5, 4, 2)
    # Nine acts; bea came back to ann on day 12, after day 1.
    assert (origin.acts, origin.evidence) == (9, 1)
    # bea to ann, dua to ann, ann to bea, eli to bea again; cem to ann and ann to dua not.
    assert (origin.pairs, origin.again, origin.came_back, origin.actual) == (6, 4, 2, 4)
    assert found.verdict.word == "too little"
    assert found.acts == 9 + 7


@pytest.mark.long
def test_of_very_many_people_some_are_looked_at(simulation: Simulation, crowd: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(moment(160) - moment(0) + simulation.start, 1, 28)
    with Study(crowd, settings) as study:
        every, third = cut(study), cut(study, one_in=3)
        monkeypatch.setattr("regard.evaluation.backtest.snapshot.MOST_TIES", 3)
        without = cut(study)
    there = every.place % 3 == 0
    assert 10 < third.place.size < every.place.size / 2
    assert third.place.tolist() == every.place[there].tolist()
    for name, values in every.scores.items():
        assert third.scores[name].tolist() == values[there].tolist()
    assert np.unique(third.pairs.toward).tolist() == np.unique(every.pairs.toward[every.pairs.toward % 3 == 0]).tolist()
    assert third.pairs.again.size == np.count_nonzero(every.pairs.toward % 3 == 0)
    assert {*every.scores} - {*without.scores} == {"hits", "k_core", "eigentrust", "influence_passivity"}
    assert without.scores["pagerank"].tolist() == every.scores["pagerank"].tolist()


@pytest.mark.long
def test_a_record_of_very_many_people_is_backtested_on_some(crowd: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regard.evaluation.backtest.run.JUDGED", 50)
    found = backtest(crowd, Trial(draws=DRAWS))
    assert found.one_in == 3
    assert 10 < found.judged <= 40


def test_a_window_that_the_record_does_not_hold_is_dropped_and_told() -> None:
    with recorded([*PAST, *FUTURE[:6]], BOT) as record:
        found = backtest(record, BY_HAND)
    assert not found.origins
    assert [(dropped.at, "ends before" in dropped.why) for dropped in found.dropped] == [(moment(UNTIL), True)]


# --- nothing to tell


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
        found = backtest(record, Trial(draws=DRAWS))
    assert found.verdict.word == "too little"
    assert found.verdict.sentence.startswith("Too little to tell: ")


def test_a_moment_before_the_first_act_is_dropped() -> None:
    with recorded([*PAST, *FUTURE], BOT) as record:
        found = backtest(record, replace(BY_HAND, at=(moment(0.5),)))
    assert [dropped.why for dropped in found.dropped] == ["nobody had acted toward anybody before it"]


@given(communities())
@examples(5)
def test_an_empty_future_is_too_little_to_tell(made: Made) -> None:
    later = [Act("ann", "message", made.until + 400 * 86_400_000_000, "bea")]
    with recorded([*made.acts, *later], made.accounts) as record:
        last = moment((made.until - int(moment(0).timestamp() * 1e6)) / 86_400_000_000)
        found = backtest(record, Trial((last,), 1, 7, draws=DRAWS))
    assert found.verdict.word == "too little"
    assert sum(origin.actual for origin in found.origins) == 0


@pytest.mark.long
def test_many_people_and_an_empty_future_are_too_little_to_tell(simulation: Simulation) -> None:
    later = simulation.acts[-1].time
    assert later is not None
    far = Act(simulation.accounts[0].id, "message", later + 99 * 86_400_000_000, simulation.accounts[1].id)
    end = simulation.start + (moment(201) - moment(0))
    with recorded([*simulation.acts, far], simulation.accounts) as record:
        found = backtest(record, Trial((end,), 1, 28, draws=DRAWS))
    assert found.verdict.evidence > 60
    assert "nobody came back" in found.verdict.sentence


# --- traps


@pytest.mark.long
def test_nothing_after_the_cut_reaches_a_score(simulation: Simulation, cuts: list[Cut]) -> None:
    until = simulation.start + (moment(130) - moment(0))
    known = [one for one in simulation.acts if one.time is not None and one.time < int(until.timestamp() * 1e6)]
    with recorded(known, simulation.accounts) as record, Study(record, Settings(until, 1, 28)) as study:
        blind = cut(study)
    seeing = cuts[1]
    assert not any(values.any() for values in blind.targets.values())
    assert seeing.targets["kept"].any()
    for name, values in seeing.scores.items():
        np.testing.assert_array_equal(values, blind.scores[name], name)
    for name in ("low", "high", "active", "newcomer", "tied"):
        np.testing.assert_array_equal(getattr(seeing, name), getattr(blind, name), name)
    assert seeing.evidence == blind.evidence
    assert {name: np.sort(values).tolist() for name, values in seeing.pairs.scores.items()} == {
        name: np.sort(values).tolist() for name, values in blind.pairs.scores.items()
    }


@pytest.mark.long
def test_the_order_of_the_rows_changes_nothing(simulation: Simulation, tried: Backtest) -> None:
    acts = random.Random(3).sample(simulation.acts, len(simulation.acts))
    with recorded(acts, simulation.accounts) as record:
        assert backtest(record, Trial(draws=DRAWS)) == tried


@given(communities(), st.randoms(use_true_random=False))
@examples(4)
def test_the_order_of_the_rows_changes_nothing_in_any_community(made: Made, dice: random.Random) -> None:
    turned = dice.sample(made.acts, len(made.acts))
    with recorded(made.acts, made.accounts) as record, recorded(turned, made.accounts) as other:
        assert backtest(record, Trial(draws=DRAWS)) == backtest(other, Trial(draws=DRAWS))


def test_the_watch_is_told_of_every_draw(watched: tuple[Backtest, Counting]) -> None:
    _, progress = watched
    assert progress.done == progress.total == 4 * DRAWS


# --- known truth


def means(one: Cut, simulation: Simulation, role: str) -> dict[str, float]:
    """Of the people of a role: what was told of them and how many were kept, on average."""
    ids = sorted(account.id for account in simulation.accounts)
    members = {truth.person for truth in simulation.truth if truth.role == role}
    mask = np.array([ids[place] in members for place in one.place])
    return {"came": one.targets["kept"][mask].mean(), **{name: values[mask].mean() for name, values in one.scores.items()}}


@pytest.mark.long
def test_builders_stand_above_broadcasters_in_kept_and_below_in_followers(simulation: Simulation, cuts: list[Cut]) -> None:
    for one in cuts:
        builder, broadcaster = (means(one, simulation, role) for role in ("builder", "broadcaster"))
        assert builder["came"] > 2.5 * broadcaster["came"]
        assert builder["followers"] * 100 < broadcaster["followers"]
        assert builder["people_ever"] * 2 < broadcaster["people_ever"]
        assert builder["kept"] / builder["people_ever"] > 2 * broadcaster["kept"] / broadcaster["people_ever"]
    assert builder["kept"] > broadcaster["kept"]


def test_kept_beats_followers_where_followers_tell_nothing(tried: Backtest) -> None:
    told = next(score for score in tried.scores if score.name == "followers")
    assert told.by == "told"
    assert told.ahead.kept.low is not None
    assert told.ahead.kept.low > 0


def test_a_simulated_community_has_every_figure(tried: Backtest) -> None:
    assert len(tried.origins) + len(tried.dropped) == 3
    assert tried.verdict.evidence > 30
    assert tried.judged <= 120
    kept = tried.scores[0]
    assert kept.name == "kept"
    assert kept.ahead.kept.estimate == 0
    for score in tried.scores:
        assert score.spearman.kept is not None
        here = [one.spearman.kept for origin in tried.origins for one in origin.scores if one.name == score.name]
        assert score.spearman.kept == pytest.approx(np.mean([value for value in here if value is not None]))
        assert score.ahead.kept.estimate == pytest.approx(kept.spearman.kept - score.spearman.kept)  # type: ignore[operator]
        assert score.ahead.kept.low is not None
        assert score.ahead.kept.high is not None
        assert score.ahead.kept.low <= score.ahead.kept.high
    assert tried.newcomers.people + tried.others.people == sum(origin.active for origin in tried.origins)
    assert sum(level.n for level in tried.levels) == sum(origin.active for origin in tried.origins)
    assert sum(level.n for level in tried.reliability) == sum(origin.pairs for origin in tried.origins)
    assert sum(level.actual for level in tried.reliability) == sum(origin.again for origin in tried.origins)
    by_pairs, by_people = (sum(values) for values in ([x.expected for x in tried.reliability], [o.expected for o in tried.origins]))
    assert by_pairs == pytest.approx(by_people, abs=1e-5)
    assert sum(origin.actual for origin in tried.origins) == sum(origin.again for origin in tried.origins)


@pytest.mark.long
def test_the_same_seed_gives_the_same_figures_and_another_other_ranges(crowd: Record, tried: Backtest) -> None:
    other = backtest(crowd, Trial(draws=DRAWS, seed=2))
    assert other.scores[2].spearman == tried.scores[2].spearman
    assert other.scores[2].ahead != tried.scores[2].ahead


@pytest.mark.long
def test_a_report_loads_nothing_of_the_extra() -> None:
    code = (
        "import sys, tempfile, regard.surfaces.cli as cli; folder = tempfile.mkdtemp();"
        "cli.run(['demo', '--people', '20', '--days', '30', '-q', '-o', folder + '/demo.html']);"
        "print([m for m in ('scipy', 'sknetwork', 'sklearn') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip().splitlines()[-1] == "[]"
