"""Targets counted by hand, and held against what a later study sees."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given

from regard.evaluation.origins import ACTS, SHARES, extent
from regard.evaluation.targets import AHEAD, CAME
from regard.studies.study import Settings, Study

from ..communities import START_US, act, community, moment, recorded
from ..strategies import Made, communities, examples
from .tiny import FUTURE, PAST, ids, tiny


def came(study: Study) -> dict[str, tuple[int, ...]]:
    study.measure("ties")
    for part in (AHEAD, CAME):
        study.engine.run(part, study.timescale.values)
    known = ids(study)
    rows = study.engine.rows("SELECT person, resp, kept, late, recip FROM came")
    return {known[int(str(person))]: tuple(int(str(value)) for value in values) for person, *values in rows}


def test_targets_by_hand() -> None:
    with tiny() as study:
        assert came(study) == {
            # bea, dua and hal come; bea and dua had come before; dua comes on day 27; only with bea does it go both ways.
            "ann": (3, 2, 1, 1),
            # ann and eli come again; 24.9 is still the first half; ann both ways. A bot does not count.
            "bea": (2, 2, 0, 1),
            "hal": (1, 0, 0, 0),
        }


def test_the_window_begins_at_the_cut_and_ends_before_its_end() -> None:
    edges = [act(20, "bea", "reply", "ann"), act(25, "dua", "reply", "ann"), act(30, "cem", "reply", "ann")]
    with tiny(edges) as study:
        assert came(study) == {"ann": (2, 2, 1, 0)}


def test_nothing_comes_in_an_empty_future() -> None:
    with tiny([act(90, "cem", "thank", "ann")]) as study:
        assert came(study) == {}


@given(communities())
@examples(10)
def test_what_is_ahead_is_what_a_later_study_sees(made: Made) -> None:
    with community(made.acts, accounts=made.accounts) as study:
        whole = study.engine.rows(f"SELECT actor, target, time FROM ({ACTS}) ORDER BY ALL", {})
        assert whole == study.engine.rows("SELECT actor, target, time FROM interactions ORDER BY ALL")


def test_origins_lie_after_shares_of_the_acts() -> None:
    with recorded(act(day, "ann", "message", "bea") for day in range(100)) as record:
        found = extent(record)
        assert [origin - moment(0) for origin in found.origins] == [timedelta(days=100 * share - 1) for share in SHARES]
        assert found.acts == 100


def test_a_record_of_one_moment_has_one_origin_and_an_empty_one_none() -> None:
    with recorded(act(1, "ann", "message", "bea") for _ in range(3)) as record:
        assert len(extent(record).origins) == 1
    with recorded([act(1, "ann", "join")]) as record:
        assert extent(record).origins == ()


@pytest.mark.parametrize(("last", "whole"), [(30, True), (29.9, False)])
def test_a_window_counts_where_the_record_holds_all_of_it(last: float, whole: bool) -> None:
    acts = [*PAST, *FUTURE[:3], act(last, "ann", "reply", "bea")]
    with recorded(acts) as record, Study(record, Settings(moment(20), 1, 10)) as study:
        # One microsecond is granted: the window ends before its end.
        assert extent(record).holds(study.timescale) is whole


def test_times_are_utc() -> None:
    with recorded([act(1, "ann", "message", "bea")]) as record:
        assert extent(record).origins == (datetime.fromtimestamp(START_US // 1_000_000, UTC) + timedelta(days=1),)
