"""Help and helpers: who answered whom, who was thanked, who came back."""

from __future__ import annotations

import pytest

from regard.measures.conversations.help import THANKS
from regard.record.schema import Account

from ...communities import act, answer, column, community, only_row, post, rows
from ...oracles import number

NOW = act(50, "zoe", "join")


def test_threads_are_counted_not_replies() -> None:
    # bea replied three times in two threads of ann's, and once in a thread of her own.
    acts = [*post(1, "ann", "p"), answer(2, "bea", "ann", "p", "r1"), answer(3, "bea", "cem", "p", "r2"), *post(4, "ann", "q")]
    acts += [answer(5, "bea", "ann", "q", "r3"), *post(6, "bea", "s"), answer(7, "bea", "bea", "s", "r4"), NOW]
    with community(acts) as study:
        row = only_row(study, "help")
        assert (row["helper"], row["helped"], row["answered"], row["thanked"], row["came_back"]) == ("bea", "ann", 2, 0, False)


def test_a_reply_that_knows_only_its_parent_helps_too() -> None:
    with community(
        [*post(1, "ann", "p"), act(2, "bea", "reply", item="r", parent="p"), act(3, "cem", "reply", item="s", parent="r"), NOW]
    ) as study:
        assert [(row["helper"], row["helped"]) for row in rows(study, "help")] == [("bea", "ann"), ("cem", "ann")]


def test_only_the_first_post_of_a_thread_asked() -> None:
    acts = [
        act(1, "ann", "post", item="1", thread="t"),
        act(2, "bea", "post", item="2", thread="t"),
        answer(3, "cem", "bea", "t", "3"),
        NOW,
    ]
    with community(acts) as study:
        assert [(row["helper"], row["helped"]) for row in rows(study, "help")] == [("cem", "ann")]


def test_thanks_are_marks_of_acceptance_and_reactions_that_mean_it() -> None:
    labels = ("pray", "Raised_Hands", "🙏", "🙏🏿", "accepted", "+1", "heart", None)
    acts = [act(1, f"p{n}", "react", "bea", label=label) for n, label in enumerate(labels)]
    acts += [act(1, "ann", "thank", "bea"), act(2, "ann", "thank", "bea"), act(None, "ann", "thank", "bea"), act(1, "bea", "thank", "bea")]
    with community([*acts, NOW]) as study:
        thanked = column(study, "help", "helped", "thanked")
        assert thanked == {"ann": 3, "p0": 1, "p1": 1, "p2": 1, "p3": 1, "p4": 1}
        assert only_row(study, "helpers")["thanked"] == 6


def test_signs_of_thanks_come_in_all_colours_of_skin() -> None:
    assert {"🙏", "🙌🏻", "🙏🏽", "🙌🏿"} < set(THANKS)


def test_thanks_to_come_are_not_seen_and_bots_neither_help_nor_thank() -> None:
    acts = [*post(1, "ann", "p"), answer(2, "robot", "ann", "p", "r"), act(3, "robot", "thank", "ann"), act(4, "ann", "thank", "robot")]
    acts += [act(30, "ann", "thank", "bea"), answer(40, "bea", "ann", "p", "s")]
    with community(acts, accounts=[Account("robot", actor_type="bot")], until=30) as study:
        assert rows(study, "help") == []


@pytest.mark.parametrize(("days", "came_back"), [(0.9, False), (1, False), (1.01, True), (30, True)])
def test_came_back_is_an_act_toward_the_helper_more_than_a_bin_after_the_first_answer(days: float, came_back: bool) -> None:
    acts = [
        *post(1, "ann", "p"),
        answer(2, "bea", "ann", "p", "r1"),
        answer(2.5, "bea", "ann", "p", "r2"),
        act(2 + days, "ann", "react", "bea"),
        NOW,
    ]
    with community(acts, bin_days=1) as study:
        assert only_row(study, "help")["came_back"] is came_back


def test_the_helper_coming_back_is_not_the_helped_coming_back() -> None:
    acts = [
        *post(1, "ann", "p"),
        answer(2, "bea", "ann", "p", "r1"),
        act(20, "bea", "message", "ann"),
        act(20, "ann", "message", "cem"),
        NOW,
    ]
    with community(acts, bin_days=1) as study:
        assert only_row(study, "help")["came_back"] is False


def test_helpers_add_up_their_help() -> None:
    # bea answered ann (2 threads), cem and dua; ann thanked, and so did eli whom bea never answered; ann and cem came back.
    acts = [a for n, name in enumerate(("ann", "ann", "cem", "dua")) for a in post(n + 1, name, f"p{n}")]
    acts += [answer(n + 1.5, "bea", name, f"p{n}", f"r{n}") for n, name in enumerate(("ann", "ann", "cem", "dua"))]
    acts += [
        act(5, "ann", "thank", "bea"),
        act(5, "eli", "thank", "bea"),
        act(20, "ann", "message", "bea"),
        act(20, "cem", "reply", "bea"),
        NOW,
    ]
    with community(acts, bin_days=1) as study:
        row = only_row(study, "helpers")
        counts = [row[name] for name in ("person", "people", "answered", "thanked", "came_back")]
        assert counts == ["bea", 3, 4, 2, 2]
        assert row["thanked_share"] == pytest.approx(2 / 5)  # 1 of 3, one more of each kind added
        half = 1.6449 * (0.4 * 0.6 / 6) ** 0.5
        assert (number(row["low"]), number(row["high"])) == pytest.approx((0.4 - half, 0.4 + half))
