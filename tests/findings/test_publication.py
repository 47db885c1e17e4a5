"""Figures for an organisation: counts by hand, what is shown and what is withheld, and an attack on them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

import identify_figures
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.findings import publication
from regard.findings.figures import OTHER_CHANNELS, Figure, Part, Quarter
from regard.findings.intervals import Z
from regard.findings.publication import CARRIED, NOISE, close, publish
from regard.findings.quarter_counts import SMALLEST_GROUP, Count, QuarterCounts, count_quarters
from regard.record.schema import Act
from regard.simulate.community import simulate
from regard.studies.study import Study

from ..communities import act, community, post, recorded, with_secret

SPRING = date(2007, 4, 1)
"""Days 90 to 180 of the communities made by hand."""
LEAST = 2 * Z * NOISE
"""No figure is smaller: twice the half of its range."""

parts: st.SearchStrategy[Part] = st.sampled_from(("people", "talk", "channel"))
cells = st.lists(
    st.builds(Count, st.just(SPRING), parts, st.text(max_size=3), st.integers(0, 3000)), max_size=12, unique_by=lambda count: count[1:3]
)


def around(*acts: Act, before: int = 5, after: int = 5) -> list[Act]:
    """The acts, and so many people who post only before or only after the spring."""
    early = [each for n in range(before) for each in post(n, f"early{n}", f"e{n}")]
    return [*early, *acts, *(each for n in range(after) for each in post(181 + n, f"late{n}", f"l{n}"))]


def counted(acts: list[Act]) -> dict[tuple[date, str, str], int]:
    """The counts of closed quarters."""
    with community(acts) as study:
        quarters = count_quarters(study.engine)
    return {(row.start, row.part, row.cell): row.people for quarter in quarters.values() for row in quarter.cells}


def test_counts_by_hand() -> None:
    talk = [
        act(10, "ann", "message", "bea"),  # both were here before
        act(11, "bea", "react", "ann"),
        act(95, "ann", "message", "bea"),
        act(96, "bea", "message", "ann"),
        act(97, "early0", "react", "ann"),  # one way
        act(98, "new1", "message", "bea"),  # bea does not respond
        act(99, "new2", "message", "new3"),
        act(100, "ann", "thank", "new2"),
    ]
    assert {key[1:]: people for key, people in counted(around(*talk)).items() if key[0] == SPRING} == {
        ("people", ""): 5,
        ("talk", "both ways"): 2,
        ("talk", "one way"): 1,
        ("talk", "new, without response"): 1,
        ("talk", "new, with response"): 1,
    }


def test_a_person_counts_in_the_channel_where_they_act_most() -> None:
    posts = [act(95 + n, who, "post", item=f"{who}{n}{channel}")._replace(channel=channel) for who, channel, often in (
        ("ann", "a", 2), ("ann", "b", 1), ("bea", "b", 1), ("bea", "a", 1)) for n in range(often)]  # fmt: skip
    private = act(95, "cid", "post", item="x")._replace(channel="board", visibility="direct")
    cells = {key[2]: people for key, people in counted(around(*posts, private)).items() if key[:2] == (SPRING, "channel")}
    assert cells == {"a": 2}


@pytest.mark.parametrize(("before", "after", "closed"), [(5, 5, True), (4, 5, False), (5, 4, False)])
def test_a_quarter_is_closed_by_five_people_before_and_after_it(before: int, after: int, closed: bool) -> None:
    starts = {key[0] for key in counted(around(act(95, "ann", "message", "bea"), before=before, after=after))}
    assert starts == ({SPRING} if closed else set())


@given(cells, st.integers(0, 20), st.integers(1, 5), st.text(max_size=8))
def test_no_figure_is_of_few_people_or_exact(rows: list[Count], carried: int, talk_noise: int, secret: str) -> None:
    counts = QuarterCounts(tuple(rows), carried)
    quarter = close(SPRING, counts, talk_noise, secret)
    assert quarter == close(SPRING, counts, talk_noise, secret)
    assert quarter.talk_noise >= max(talk_noise, carried / CARRIED)
    people = {(row.part, row.cell): row.people for row in rows}
    for figure in quarter.figures:
        assert figure.people >= LEAST * (quarter.talk_noise if figure.part == "talk" else 1) - 6
        assert figure.people % 10 == figure.low % 10 == figure.high % 10 == 0
        assert 0 <= figure.low < figure.people < figure.high
        if (figure.part, figure.cell) != ("channel", OTHER_CHANNELS):
            assert people[figure.part, figure.cell] >= SMALLEST_GROUP


def test_a_range_holds_the_count_nine_times_in_ten() -> None:
    counts = QuarterCounts((Count(SPRING, "people", "", 400),), 0)
    shown = [close(SPRING, counts, 1, str(n)).figures[0] for n in range(2000)]
    assert 0.9 <= sum(figure.low <= 400 <= figure.high for figure in shown) / len(shown) <= 0.95
    assert 397 < sum(figure.people for figure in shown) / len(shown) < 403


def test_small_channels_are_merged_or_withheld() -> None:
    def channels(*sizes: int) -> Quarter:
        rows = tuple(Count(SPRING, "channel", f"c{n}", people) for n, people in enumerate(sizes))
        return close(SPRING, QuarterCounts(rows, 0), 1, "secret")

    assert [figure.cell for figure in channels(900, *[30] * 40).figures] == ["c0", OTHER_CHANNELS]
    merged = channels(900, *[30] * 40).figure("channel", OTHER_CHANNELS)
    assert merged is not None
    assert merged.low <= 1200 <= merged.high
    assert [figure.cell for figure in channels(900, 9, 9).figures] == ["c0"]
    assert channels(4, 4).figures == ()


@pytest.fixture(scope="module")
def worlds() -> Iterator[identify_figures.Worlds]:
    """A quarter as it is, and without each of 150 people."""
    demo = simulate(people=150, days=240, seed=3)
    with community(demo.acts, accounts=demo.accounts) as study:
        yield identify_figures.worlds_of(study)


@pytest.mark.long
@pytest.mark.parametrize("of_two", [True, False])
def test_the_best_attack_does_hardly_better_than_chance(worlds: identify_figures.Worlds, of_two: bool) -> None:
    shares = identify_figures.share_right(worlds, 600, random.Random(1), of_two=of_two)
    assert shares["as published"] < 0.52
    assert shares["all noisy counts"] < 0.52
    assert shares["all counts, rounded to 5 and no noise"] > 0.6
    # The bound of the theory, for the person on whom most rests.
    assert identify_figures.farthest(worlds) < 0.12


@pytest.mark.long
def test_the_attack_finds_people_where_there_is_too_little_noise(worlds: identify_figures.Worlds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publication, "NOISE", 0.1)
    monkeypatch.setattr(identify_figures, "NOISE", 0.1)
    assert identify_figures.share_right(worlds, 600, random.Random(1), of_two=False)["as published"] > 0.6


def test_the_worlds_of_the_attack_are_those_of_records(worlds: identify_figures.Worlds) -> None:
    demo = simulate(people=150, days=240, seed=3)
    ids = [account.id for account in demo.accounts]
    with community(demo.acts, accounts=demo.accounts) as study:
        gone = study.person(ids[20])
        (start,) = worlds.everybody.carried
        summer = study.engine.scalar(int, f"SELECT epoch_us(CAST('{start}' AS TIMESTAMP))")
    stays = [each for each in demo.acts if gone.ids[0] not in (each.actor, each.target) or (each.time or 0) < summer]
    assert len(stays) < len(demo.acts)
    with community(stays, accounts=demo.accounts) as study:
        counts = count_quarters(study.engine)[start]
    without = worlds.without[gone.person]
    assert without.carried == {start: counts.carried}
    assert {(row.part, row.cell): row.people for row in counts.cells if row.part != "channel"} == {
        (cell.part, cell.name): people for cell, people in without.counts.items() if cell.part != "channel"
    }


def test_where_talk_rests_on_one_person_it_has_more_noise_for_good() -> None:
    """Seven newcomers whom `host` alone answers, in the spring; in the summer the host is gone."""
    spring = [each for n in range(7) for each in (act(95 + n, f"new{n}", "message", "host"), act(95.5 + n, "host", "message", f"new{n}"))]
    summer = [act(190 + n, f"early{n}", "message", "early0") for n in range(1, 4)]
    late = [each for n in range(5) for each in post(280 + n, f"last{n}", f"x{n}")]
    with recorded([*around(*spring), *summer, *late]) as record, Study(with_secret(record)) as study:
        assert [quarter.carried for quarter in count_quarters(study.engine).values()] == [7, 0]
        quarters = publish(study.engine, ()).quarters
    assert [quarter.talk_noise for quarter in quarters] == [4, 4]


def test_a_quarter_that_was_closed_stays_as_it_was() -> None:
    with recorded(around(act(95, "ann", "message", "bea"))) as record, Study(with_secret(record)) as study:
        told = Quarter(SPRING, (Figure("people", "", 990, 930, 1050),), 3)
        assert publish(study.engine, [told]).quarters == (told,)
        assert publish(study.engine, ()).quarters == (Quarter(SPRING, ()),)
