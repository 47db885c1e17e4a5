"""Response: the share of openings answered in time, drawn toward the community's where there are few."""

from __future__ import annotations

import pytest

from regard.record.schema import Act

from ...communities import act, answer, column, community, only_row, post, rows
from ...oracles import number

LATE = [act(60, "zoe", "join")]


def asks(person: str, answered: int, unanswered: int) -> list[Act]:
    """Posts on different days, the first of them answered within a day by hub."""
    acts = []
    for n in range(answered + unanswered):
        acts += post(n + 1, person, f"{person}{n}")
        acts += [answer(n + 1.5, "hub", person, f"{person}{n}", f"{person}{n}r")] if n < answered else []
    return acts


def test_the_share_counted_by_hand() -> None:
    # ann 3 of 4, bea 0 of 4: the community's share is 3.5 / 9; ann's (3 + 4 x 3.5/9) / 8, bea's (0 + 4 x 3.5/9) / 8.
    with community(asks("ann", 3, 1) + asks("bea", 0, 4) + LATE) as study:
        assert column(study, "response", "person", "openings") == {"ann": 4, "bea": 4}
        assert column(study, "response", "person", "answered") == {"ann": 3, "bea": 0}
        share = column(study, "response", "person", "share")
        assert share == {"ann": pytest.approx((3 + 14 / 9) / 8), "bea": pytest.approx((14 / 9) / 8)}
        low = column(study, "response", "person", "low")
        spread = 1.6449 * (number(share["ann"]) * (1 - number(share["ann"])) / 9) ** 0.5
        assert low == {"ann": pytest.approx(number(share["ann"]) - spread), "bea": 0}


def test_one_opening_says_little_and_many_say_much() -> None:
    with community(asks("ann", 1, 0) + asks("bea", 20, 0) + asks("cem", 0, 20) + LATE) as study:
        width = {row["person"]: number(row["high"]) - number(row["low"]) for row in rows(study, "response")}
        share = column(study, "response", "person", "share")
        assert width["ann"] > width["bea"]
        assert number(share["cem"]) < number(share["ann"]) < number(share["bea"])


def test_openings_whose_time_is_not_over_are_left_out() -> None:
    acts = asks("ann", 1, 0) + post(10, "ann", "new") + [answer(10.1, "hub", "ann", "new", "r")]
    with community(acts + LATE, until=11) as study:
        assert column(study, "response", "person", "openings") == {"ann": 1}


def test_a_post_and_the_mentions_in_it_are_one() -> None:
    with community([*post(1, "ann", "p", None, "bea", "cem"), answer(1.5, "bea", "ann", "p", "r"), *LATE]) as study:
        assert (only_row(study, "response")["openings"], only_row(study, "response")["answered"]) == (1, 1)


def test_without_openings_there_is_nobody() -> None:
    with community([act(1, "ann", "reply", "bea"), *LATE]) as study:
        assert rows(study, "response") == []
