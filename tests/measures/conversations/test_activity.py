"""Activity and value, period by period. Day 0 of the communities is Monday, 1 January 2007."""

from __future__ import annotations

from datetime import date

import pytest

from regard.record.schema import Account

from ...communities import act, answer, column, community, only_row, post, rows


def test_a_week_counted_by_hand() -> None:
    # Week of 1 January: ann and bea both ways, ann toward cem one way; posts of ann and dua; eli is only acted toward.
    acts = [
        act(0, "ann", "message", "bea"),
        act(6.9, "bea", "react", "ann"),
        act(1, "ann", "message", "cem"),
        act(2, "ann", "message", "eli"),
    ]
    acts += [*post(3, "ann", "p"), *post(4, "dua", "q"), answer(8, "bea", "ann", "p", "r"), act(30, "ann", "post", item="s", thread="s")]
    with community(acts) as study:
        week = only_row(study, "activity", period=date(2007, 1, 1))
        assert (week["people"], week["acts"], week["two_way"]) == (3, 6, 1)
        assert (week["openings"], week["answered"], week["whole"]) == (5, 2, True)  # bea's reaction answers no message; her reply does
        assert column(study, "activity", "period", "people") == {date(2007, 1, 1): 3, date(2007, 1, 8): 1, date(2007, 1, 29): 1}


def test_both_ways_must_be_within_the_period() -> None:
    acts = [
        act(1, "ann", "message", "bea"),
        act(8, "bea", "message", "ann"),
        act(14, "ann", "message", "bea"),
        act(15, "bea", "message", "ann"),
    ]
    with community(acts) as study:
        assert column(study, "activity", "period", "two_way") == {date(2007, 1, 1): 0, date(2007, 1, 8): 0, date(2007, 1, 15): 1}


def test_a_period_is_whole_when_the_record_covers_its_end() -> None:
    acts = [act(1, "ann", "message", "bea"), act(8, "bea", "message", "ann")]
    with community(acts, until=14) as study:
        assert column(study, "activity", "period", "whole") == {date(2007, 1, 1): True, date(2007, 1, 8): True}
    with community(acts, until=13.999) as study:
        assert column(study, "activity", "period", "whole") == {date(2007, 1, 1): True, date(2007, 1, 8): False}


@pytest.mark.parametrize(
    ("days", "periods"),
    [
        (190, [date(2007, 1, 1), date(2007, 7, 9)]),  # weeks
        (210, [date(2007, 1, 1), date(2007, 7, 1)]),  # months
        (3_640, [date(2007, 1, 1), date(2016, 12, 1)]),
        (3_660, [date(2007, 1, 1), date(2017, 1, 1)]),  # quarters
        (3_800, [date(2007, 1, 1), date(2017, 4, 1)]),
    ],
)
def test_periods_grow_with_the_record(days: int, periods: list[date]) -> None:
    with community([act(0, "ann", "message", "bea"), act(days, "bea", "message", "ann")]) as study:
        assert list(column(study, "activity", "period", "acts")) == periods


def test_two_hundred_days_are_told_by_the_month() -> None:
    with community([act(0, "ann", "message", "bea"), act(190, "bea", "message", "ann")], until=200) as study:
        assert list(column(study, "activity", "period", "acts")) == [date(2007, 1, 1), date(2007, 7, 1)]


def test_a_record_of_posts_alone_has_the_periods_of_its_posts() -> None:
    with community([*post(0, "ann", "p"), *post(1_000, "ann", "q")]) as study:
        assert column(study, "activity", "period", "acts") == {date(2007, 1, 1): 1, date(2009, 9, 1): 1}


def test_a_month_and_a_quarter_end_where_the_next_begins() -> None:
    with community([act(0, "ann", "message", "bea"), act(334, "bea", "message", "ann")], until=365) as study:
        assert column(study, "activity", "period", "whole") == {date(2007, 1, 1): True, date(2007, 12, 1): True}


def test_bots_oneself_and_unknown_times_are_no_activity() -> None:
    acts = [
        act(1, "robot", "message", "ann"),
        act(1, "robot", "post", item="p"),
        act(1, "ann", "reply", "ann"),
        act(None, "ann", "post", item="q"),
    ]
    with community([*acts, act(1, "ann", "join")], accounts=[Account("robot", actor_type="bot")]) as study:
        assert rows(study, "activity") == []


def test_a_mention_in_a_post_is_not_counted_as_a_second_opening() -> None:
    acts = [*post(1, "ann", "p", None, "bea", "cem"), answer(2, "bea", "ann", "p", "r")]
    with community(acts) as study:
        row = only_row(study, "activity")
        assert (row["openings"], row["answered"], row["acts"]) == (1, 1, 4)
