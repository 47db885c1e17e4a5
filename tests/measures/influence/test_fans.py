"""Fans: who comes back in three or more bins of the next window."""

from __future__ import annotations

import pytest
from hypothesis import given

from ...communities import act, column, community, only_row, rows
from ...oracles import number
from ...strategies import Made, communities, examples


def test_fans_are_the_sum_of_the_chances_to_come_three_times() -> None:
    acts = [act(day, "ann", "message", "cem") for day in range(60)]
    acts += [act(day, "bea", "message", "cem") for day in range(0, 60, 4)]
    acts += [act(day, "cem", "reply", "ann") for day in range(0, 60, 2)] + [act(5, "dua", "react", "cem")]
    with community(acts, bin_days=1, window_days=14) as study:
        chances = {str(row["actor"]): number(row["p_fan"]) for row in rows(study, "ties") if row["target"] == "cem"}
        mine = only_row(study, "fans", person="cem")
        assert mine["fans"] == pytest.approx(sum(chances.values()))
        assert chances["ann"] > 0.9 > chances["bea"] > chances["dua"]
        assert mine["sure"] == 1  # bea may be likely enough, but cem never acted toward her
        assert column(study, "fans", "person", "sure") == {"cem": 1, "ann": 1}


def test_who_comes_once_a_window_is_kept_and_no_fan() -> None:
    acts = [act(day, "ann", "message", "bea") for day in range(0, 300, 10)] + [act(day, "bea", "reply", "ann") for day in range(300)]
    with community(acts, bin_days=1, window_days=10) as study:
        seldom, often = only_row(study, "ties", actor="ann"), only_row(study, "ties", actor="bea")
        assert number(seldom["p_return"]) > 0.4
        assert number(seldom["p_fan"]) < 0.2 * number(seldom["p_return"])
        assert number(often["p_fan"]) > 0.95 * number(often["p_return"])
        assert column(study, "fans", "person", "sure") == {"ann": 1, "bea": 0}


def test_a_window_of_two_bins_has_no_fans() -> None:
    acts = [act(day, a, "message", b) for day in range(60) for a, b in (("ann", "bea"), ("bea", "ann"))]
    with community(acts, bin_days=1, window_days=2) as study:
        assert [(row["fans"], row["low"], row["high"], row["sure"]) for row in rows(study, "fans")] == [(0, 0, 0, 0)] * 2


@given(communities())
@examples(12)
def test_fans_are_among_those_kept(sample: Made) -> None:
    with community(sample.acts, accounts=sample.accounts) as study:
        ties, kept = rows(study, "ties"), {row["person"]: row for row in rows(study, "kept")}
        assert all(number(tie["p_fan"]) <= number(tie["p_return"]) for tie in ties)
        fan_rows = rows(study, "fans")
        assert {row["person"] for row in fan_rows} == set(kept)
        for row in fan_rows:
            mine = kept[row["person"]]
            assert 0 <= number(row["fans"]) <= number(mine["kept"])
            assert 0 <= number(row["low"]) <= number(row["high"]) <= number(mine["ties"])
            assert number(row["sure"]) <= 2 * number(row["fans"])
