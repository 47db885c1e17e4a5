"""Targets counted by hand, and compared with what a later study sees."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given

from regard.evaluation.origins import SHARES, find_extent
from regard.evaluation.targets import ACTS, OUTCOMES, PAIRS_AFTER
from regard.studies.settings import Settings
from regard.studies.study import Study

from ..communities import START_US, act, community, moment, recorded
from ..strategies import Made, communities, examples
from .tiny import FUTURE, PAST, ids, tiny


class Outcome(NamedTuple):
    person: int
    contacted: int
    returned: int
    returned_late: int
    reciprocated: int
    wrote: int


def outcomes(study: Study) -> dict[str, tuple[int, ...]]:
    study.measure("ties")
    for step in (PAIRS_AFTER, OUTCOMES):
        study.engine.run(step, study.timescale.values)
    known = ids(study)
    rows = study.engine.fetch(Outcome, "SELECT person, contacted, returned, returned_late, reciprocated, wrote FROM outcomes")
    return {known[row.person]: tuple(row[1:]) for row in rows}


def test_targets_by_hand() -> None:
    with tiny() as study:
        assert outcomes(study) == {
            # bea, dua and hal contact ann. bea and dua had done so before. dua does so on day 27. Only with bea does it go both ways.
            "ann": (3, 2, 1, 1, 2),
            # ann and eli return. Day 24.9 is still in the first half. With ann it goes both ways. A bot does not count.
            "bea": (2, 2, 0, 1, 2),
            "hal": (1, 0, 0, 0, 0),
        }


def test_the_window_begins_at_the_origin_and_ends_before_its_end() -> None:
    edges = [act(20, "bea", "reply", "ann"), act(25, "dua", "reply", "ann"), act(30, "cem", "reply", "ann")]
    with tiny(edges) as study:
        assert outcomes(study) == {"ann": (2, 2, 1, 0, 2)}


def test_who_only_reacts_returns_and_does_not_write() -> None:
    # bea and cem react, and bea also thanks. dua shares, and hal, who is new, writes.
    acts = [act(21, "bea", "react", "ann"), act(22, "bea", "thank", "ann"), act(23, "cem", "react", "ann")]
    with tiny([*acts, act(24, "dua", "share", "ann"), act(25, "hal", "message", "ann")]) as study:
        assert outcomes(study) == {"ann": (4, 3, 0, 0, 1)}


def test_an_empty_future_has_no_outcomes() -> None:
    with tiny([act(90, "cem", "thank", "ann")]) as study:
        assert outcomes(study) == {}


@given(communities())
@examples(10)
def test_acts_of_past_and_future_are_what_a_later_study_sees(made: Made) -> None:
    with community(made.acts, accounts=made.accounts) as study:
        acts = study.engine.rows(f"SELECT actor, target, time FROM ({ACTS}) ORDER BY ALL", {})
        assert acts == study.engine.rows("SELECT actor, target, time FROM interactions ORDER BY ALL")


def test_origins_lie_after_shares_of_the_acts() -> None:
    with recorded(act(day, "ann", "message", "bea") for day in range(100)) as record:
        extent = find_extent(record)
        assert [origin - moment(0) for origin in extent.origins] == [timedelta(days=100 * share - 1) for share in SHARES]
        assert extent.acts == 100


def test_a_record_of_one_moment_has_one_origin_and_an_empty_one_none() -> None:
    with recorded(act(1, "ann", "message", "bea") for _ in range(3)) as record:
        assert len(find_extent(record).origins) == 1
    with recorded([act(1, "ann", "join")]) as record:
        assert find_extent(record).origins == ()


@pytest.mark.parametrize(("last", "contained"), [(30, True), (29.9, False)])
def test_a_window_counts_if_the_record_contains_all_of_it(last: float, contained: bool) -> None:
    acts = [*PAST, *FUTURE[:3], act(last, "ann", "reply", "bea")]
    with recorded(acts) as record, Study(record, Settings(moment(20), 1, 10)) as study:
        # One microsecond is tolerated: the window does not include its end.
        assert find_extent(record).contains_window(study.timescale) is contained


def test_times_are_utc() -> None:
    with recorded([act(1, "ann", "message", "bea")]) as record:
        assert find_extent(record).origins == (datetime.fromtimestamp(START_US // 1_000_000, UTC) + timedelta(days=1),)
