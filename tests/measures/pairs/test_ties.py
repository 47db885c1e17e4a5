"""Ties: acts and bins of ordered pairs, counted by hand. Only bins count for the chances."""

from __future__ import annotations

import pytest

from regard.record.schema import Account

from ...communities import act, column, community, only_row, rows, when
from ...oracles import number


def test_acts_bins_first_and_last() -> None:
    # Bins of a day count back from day 10: ann acts toward bea on day 0.5 (bin 9), twice on day 3 (bin 6) and on day 9.9 (bin 0).
    acts = [
        act(0.5, "ann", "message", "bea"),
        act(3.2, "ann", "react", "bea"),
        act(3.7, "ann", "thank", "bea"),
        act(9.9, "ann", "share", "bea"),
    ]
    with community(acts, until=10, bin_days=1, window_days=2) as study:
        row = only_row(study, "ties")
        assert (row["acts"], row["bins"], row["silent_bins"]) == (4, 3, 0)
        assert (row["first"], row["last"]) == (when(0.5), when(9.9))
        assert row["gap_bins"] == 4.5  # from bin 9 to bin 0 in two steps
        assert (row["two_way"], row["acts_back"]) == (False, 0)


def test_a_bin_ends_where_the_moment_looked_from_says() -> None:
    # From day 10, a bin begins at day 8 and one at day 9. An act at the very start of a bin is in it.
    acts = [act(8, "ann", "message", "bea"), act(9, "ann", "message", "bea")]
    with community(acts, until=10, bin_days=1, window_days=1) as study:
        assert only_row(study, "ties")["bins"] == 2
    with community(acts, until=10.5, bin_days=2, window_days=2) as study:
        assert (only_row(study, "ties")["bins"], only_row(study, "ties")["silent_bins"]) == (2, 0)  # 8 is before 8.5, 9 after it


def test_a_thousand_messages_in_one_bin_are_one() -> None:
    few = [act(day + 0.5, "ann", "message", "bea") for day in (0, 3, 9)]
    many = few + [act(3.5 + i / 10_000, "ann", "message", "bea") for i in range(1_000)]
    with community(few, until=10, bin_days=1, window_days=2) as study, community(many, until=10, bin_days=1, window_days=2) as loud:
        quiet_row, loud_row = only_row(study, "ties"), only_row(loud, "ties")
        assert (quiet_row["acts"], loud_row["acts"]) == (3, 1_003)
        for name in ("bins", "p_alive", "p_return", "p_return_alive", "p_fan", "p_alive_before", "gap_bins", "silent_bins"):
            assert quiet_row[name] == loud_row[name]


def test_each_direction_is_a_tie_of_its_own() -> None:
    acts = [act(1, "ann", "message", "bea"), act(2, "bea", "reply", "ann"), act(3, "bea", "react", "ann"), act(4, "bea", "message", "cem")]
    with community(acts) as study:
        by_pair = {(row["actor"], row["target"]): (row["acts"], row["two_way"], row["acts_back"]) for row in rows(study, "ties")}
        assert by_pair == {("ann", "bea"): (1, True, 2), ("bea", "ann"): (2, True, 1), ("bea", "cem"): (1, False, 0)}


def test_oneself_bots_posts_follows_and_unknown_times_make_no_tie() -> None:
    acts = [
        act(1, "ann", "reply", "ann"),
        act(1, "robot", "reply", "ann"),
        act(1, "ann", "reply", "robot"),
        act(1, "ann", "post", item="p"),
    ]
    acts += [act(1, "ann", "follow", "bea"), act(1, "ann", "unfollow", "bea"), act(None, "ann", "message", "bea")]
    with community(acts, accounts=[Account("robot", actor_type="bot")]) as study:
        assert rows(study, "ties") == []


def test_who_just_acted_is_alive_and_who_fell_silent_is_less_so() -> None:
    acts = [act(day, name, "message", "hub") for name in ("a", "b", "c", "d", "e") for day in range(0, 100, 2)]
    acts += [act(day, name, "message", "hub") for name in ("v", "w", "x", "y", "z") for day in range(0, 30, 2)]
    acts += [act(day, "often", "message", "hub") for day in range(0, 60, 2)] + [
        act(day, "seldom", "message", "hub") for day in (0, 20, 40, 58)
    ]
    with community(acts, until=100, bin_days=1, window_days=28) as study:
        alive = column(study, "ties", "actor", "p_alive")
        p_return = column(study, "ties", "actor", "p_return")
        assert number(alive["a"]) > 0.9 > 0.1 > number(alive["z"])
        assert number(p_return["a"]) > 0.9 > 0.1 > number(p_return["z"])
        # Forty days of silence mean more for somebody who came every other day than for somebody who came every twenty.
        assert number(alive["often"]) < number(alive["seldom"])
        before = column(study, "ties", "actor", "p_alive_before")
        assert number(before["often"]) > number(alive["often"])


def test_a_tie_younger_than_a_window_has_no_before() -> None:
    acts = [act(70, "ann", "message", "bea"), act(95, "cem", "message", "bea"), act(71, "cem", "message", "dua"), act(100, "dua", "join")]
    with community(acts, until=99, bin_days=1, window_days=28) as study:
        before = {(row["actor"], row["target"]): row["p_alive_before"] for row in rows(study, "ties")}
        assert before["cem", "bea"] is None
        assert before["cem", "dua"] is None  # its act is in the 28th bin before day 99, the first bin of the window
        assert before["ann", "bea"] == pytest.approx(1)  # its act is in the last bin before the window


def test_before_is_how_a_tie_stood_a_window_ago() -> None:
    # cem did what ann did, but a window of five days later. So cem's tie is now as ann's was then, whatever ann did since.
    acts = [act(day, "ann", "message", "bea") for day in (0, 3, 9, 18, 19)] + [act(day + 5, "cem", "message", "dua") for day in (0, 3, 9)]
    with community(acts, until=20, bin_days=1, window_days=5) as study:
        assert only_row(study, "ties", actor="ann")["p_alive_before"] == only_row(study, "ties", actor="cem")["p_alive"]
        assert only_row(study, "ties", actor="ann")["p_alive"] != only_row(study, "ties", actor="cem")["p_alive"]


def test_four_years_of_days_do_not_underflow() -> None:
    acts = [act(day, "ann", "message", "bea") for day in range(1_461)] + [
        act(0, "bea", "reply", "ann"),
        act(1_460, "cem", "message", "ann"),
    ]
    acts += [act(day, "cem", "message", "bea") for day in range(0, 700)]
    with community(acts, bin_days=1, window_days=28) as study:
        for row in rows(study, "ties"):
            for name in ("p_alive", "p_return", "p_alive_before"):
                assert row[name] is None or 0 <= number(row[name]) <= 1
        assert number(only_row(study, "ties", actor="ann")["p_return"]) > 0.99
        silent = only_row(study, "ties", actor="cem", target="bea")  # daily for 700 days, silent for 760
        assert number(silent["p_return_alive"]) < 0.001
        assert number(silent["p_return"]) < 0.4  # by the pretrained slopes: the history is long, and cem is still active


def test_one_row_for_each_ordered_pair() -> None:
    acts = [act(day % 17 + i / 10, a, "message", b) for day in range(20) for i, (a, b) in enumerate([("x", "y"), ("y", "x"), ("x", "z")])]
    with community(acts * 2) as study:
        assert sorted((row["actor"], row["target"]) for row in rows(study, "ties")) == [("x", "y"), ("x", "z"), ("y", "x")]


def test_bins_of_minutes_and_long_windows_do_not_overflow() -> None:
    acts = [act(day / 20, *pair) for day in range(20) for pair in (("ann", "message", "bea"), ("bea", "message", "ann"))]
    with community(acts, bin_days=1 / 1440, window_days=28) as study:
        assert [number(row["bins"]) for row in rows(study, "ties")] == [20, 20]


def test_words_are_told_from_reactions_and_shares() -> None:
    acts = [act(1, "ann", kind, "bea") for kind in ("reply", "mention", "message", "thank", "react", "share")]
    with community([*acts, act(2, "cem", "react", "bea"), act(3, "cem", "share", "bea")]) as study:
        assert [(row["actor"], row["acts"], row["words"]) for row in rows(study, "ties")] == [("ann", 6, 4), ("cem", 2, 0)]
        assert [row["p_words"] == 0 for row in rows(study, "ties")] == [False, True]


def test_who_only_writes_writes_again_whenever_they_act_again() -> None:
    with community([act(day, who, "message", "ann") for day in (1, 8, 30) for who in ("bea", "cem")]) as study:
        assert [row["p_words"] for row in rows(study, "ties")] == [row["p_return"] for row in rows(study, "ties")]


def test_the_share_that_writes_is_that_of_the_last_window() -> None:
    # Until day 100, in a window of 10 days: bea, cem and dua had written and act again, of whom dua writes. eli had only reacted, flo is
    # new, gus had written and is silent. With one more that wrote: 2 of 4.
    before = [act(day, who, "reply", "ann") for day in (10, 50) for who in ("bea", "cem", "dua", "gus")] + [act(9, "eli", "react", "ann")]
    since = [act(95, "bea", "react", "ann"), act(95, "cem", "share", "ann"), act(95, "dua", "thank", "ann"), act(96, "dua", "react", "ann")]
    since += [act(95, "eli", "reply", "ann"), act(95, "flo", "reply", "ann")]
    with community([*before, *since], until=100, bin_days=1, window_days=10) as study:
        chances = {str(row["actor"]): (number(row["p_words"]), number(row["p_return"])) for row in rows(study, "ties")}
        assert all(p_words == pytest.approx(p_return / 2, abs=1e-9) for p_words, p_return in chances.values())
        assert chances.keys() == {"bea", "cem", "dua", "eli", "flo", "gus"}
