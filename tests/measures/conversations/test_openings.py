"""Openings: what begins a conversation, and what answers it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from regard.record.schema import Account, Act
from regard.studies.study import Study

from ...communities import DAY, HOUR, Row, act, answer, community, post, rows, when
from ...oracles import integer

LATE = [act(60, "zoe", "join")]
"""An act that opens nothing, so that everybody's time to answer is over."""
CHORUS = [act(2 * n, *(("yin", "message", "yol") if n % 2 else ("yol", "message", "yin"))) for n in range(30)]
"""Two who answer each other every second day: whatever the others do, the answer time is two days."""


@contextmanager
def observed(acts: list[Act], *, until: float | None = None, bots: tuple[str, ...] = ()) -> Iterator[Study]:
    with community([*acts, *CHORUS, *LATE], until=until, accounts=[Account(bot, actor_type="bot") for bot in bots]) as study:
        assert study.timescale.answer_us == 2 * DAY
        yield study


def openings(acts: list[Act], *, until: float | None = None, bots: tuple[str, ...] = ()) -> list[Row]:
    """The openings of all but the chorus."""
    with observed(acts, until=until, bots=bots) as study:
        return [row for row in rows(study, "openings") if row["person"] != "yol"]


def summarise(opened: list[Row]) -> list[tuple[object, ...]]:
    """Who opened, to whom, and after how many hours came an answer."""
    hours = [None if row["answered_after"] is None else integer(row["answered_after"]) / HOUR for row in opened]
    return [(row["person"], row["target"], hour) for row, hour in zip(opened, hours, strict=True)]


def test_a_post_is_answered_by_the_first_reply_of_somebody_else_in_its_thread() -> None:
    acts = [
        *post(1, "ann", "p"),
        answer(2, "ann", "ann", "p", "r1"),
        answer(3.5, "bea", "ann", "p", "r2"),
        answer(4, "cem", "ann", "p", "r3"),
    ]
    acts += [answer(1.5, "dua", "eli", "q", "r4")]  # another thread
    assert summarise(openings(acts)) == [("ann", None, 60)]


def test_a_reply_to_somebody_else_in_the_thread_answers_the_post_too() -> None:
    acts = [*post(1, "ann", "p"), answer(1.25, "ann", "ann", "p", "r1"), act(2, "bea", "reply", "cem", item="r2", thread="p")]
    assert summarise(openings(acts)) == [("ann", None, 24)]


def test_bots_and_reactions_answer_nothing() -> None:
    acts = [*post(1, "ann", "p"), answer(1.1, "robot", "ann", "p", "r"), act(1.2, "bea", "react", "ann", item="p", label="+1")]
    assert summarise(openings(acts, bots=("robot",))) == [("ann", None, None)]


def test_a_late_answer_is_an_answer_and_not_in_time() -> None:
    row = openings([*post(1, "ann", "p"), answer(31, "bea", "ann", "p", "r")])[0]
    assert (row["answered_after"], row["in_time"]) == (30 * DAY, False)


@pytest.mark.parametrize(("days", "in_time"), [(0, True), (2, True), (2.001, False)])
def test_in_time_is_within_the_answer_time(days: float, in_time: bool) -> None:
    assert openings([*post(1, "ann", "p"), answer(1 + days, "bea", "ann", "p", "r")])[0]["in_time"] is in_time


def test_while_the_answer_time_runs_nothing_is_said_not_even_of_those_answered() -> None:
    # Else the quickly answered would count and the others not yet. At day 42 the two days since the posts of day 40 are just not over.
    acts = [*post(1, "cem", "o"), *post(40, "ann", "p"), *post(40, "bea", "q"), answer(40.5, "bea", "ann", "p", "r")]
    by_item = {row["item"]: row for row in openings(acts, until=42)}
    assert {item: row["answered_after"] for item, row in by_item.items()} == {"o": None, "p": 12 * HOUR, "q": None}
    assert {item: row["in_time"] for item, row in by_item.items()} == {"o": False, "p": None, "q": None}
    assert {row["item"]: row["in_time"] for row in openings(acts, until=42.001)} == {"o": False, "p": True, "q": False}


def test_without_a_single_reply_posts_are_no_openings() -> None:
    assert openings(post(1, "ann", "p", "Who knows?")) == []


def test_without_a_single_reply_a_mention_in_a_post_is_the_opening() -> None:
    row = openings(post(1, "ann", "p", "Who knows?", "bea"))[0]
    assert (row["target"], row["with_post"]) == ("bea", False)


def test_a_mention_in_a_post_opens_beside_the_post() -> None:
    acts = [*post(1, "ann", "p", None, "bea", "cem"), act(2, "bea", "message", "ann"), answer(3, "dua", "ann", "p", "r")]
    opened = openings(acts)
    assert sorted(summarise(opened), key=str) == [("ann", "bea", 24), ("ann", "cem", None), ("ann", None, 48)]
    assert {row["target"]: row["with_post"] for row in opened} == {None: False, "bea": True, "cem": True}


def test_a_message_at_the_moment_of_a_post_is_no_mention_in_it() -> None:
    acts = [*post(1, "ann", "p"), act(1, "ann", "message", "bea"), answer(2, "cem", "ann", "p", "r")]
    assert {row["target"]: row["with_post"] for row in openings(acts)} == {None: False, "bea": False}


def test_only_the_first_word_after_a_silence_opens() -> None:
    # Days 1 to 2 are one talk; on day 10 a new one begins; the last words of both open nothing.
    acts = [act(1, "ann", "message", "bea"), act(1.2, "bea", "message", "ann"), act(2, "ann", "message", "bea")]
    acts += [act(10, "bea", "message", "ann"), act(10.5, "ann", "message", "bea"), act(10.6, "ann", "message", "bea")]
    assert summarise(openings(acts)) == [("ann", "bea", pytest.approx(4.8)), ("bea", "ann", 12)]


def test_silence_is_longer_than_the_answer_time() -> None:
    for gap, opened in ((2, 1), (2 + 1 / DAY, 2)):
        assert len(openings([act(1, "ann", "message", "bea"), act(1 + gap, "ann", "message", "bea")])) == opened


def test_a_message_answered_after_a_silence_is_answered() -> None:
    # The answer a week later begins a new talk itself, which nobody answers.
    assert summarise(openings([act(1, "ann", "message", "bea"), act(8, "bea", "message", "ann")])) == [
        ("ann", "bea", 168),
        ("bea", "ann", None),
    ]


def test_a_talk_that_begins_with_a_reply_or_a_reaction_was_opened_elsewhere() -> None:
    acts = [
        act(1, "ann", "reply", "bea"),
        act(1.5, "ann", "message", "bea"),
        act(1, "cem", "react", "dua"),
        act(2, "cem", "message", "dua"),
    ]
    assert summarise(openings(acts)) == [("cem", "dua", None)]


def test_a_reaction_or_a_thank_does_not_answer_a_message() -> None:
    acts = [
        act(1, "ann", "message", "bea"),
        act(1.1, "bea", "react", "ann"),
        act(1.2, "bea", "thank", "ann"),
        act(1.3, "bea", "share", "ann"),
    ]
    assert summarise(openings(acts)) == [("ann", "bea", None)]


def test_the_same_message_twice_at_the_same_moment_is_one_opening() -> None:
    assert summarise(openings([act(1, "ann", "message", "bea")] * 3)) == [("ann", "bea", None)]


def test_of_two_who_write_at_the_same_moment_the_smaller_number_opens() -> None:
    both = [act(1, "bea", "message", "ann"), act(1, "ann", "message", "bea")]
    assert summarise(openings(both)) == summarise(openings(both[::-1])) == [("ann", "bea", 0)]


def test_later_posts_of_a_thread_open_nothing() -> None:
    # A table may call every row a post. ann's on day 1 opens the thread; cem's answers of day 2 count for it, not for bea's post.
    acts = [
        act(1, "ann", "post", item="1", thread="t"),
        act(3, "bea", "post", item="2", thread="t"),
        act(4, "ann", "post", item="3", thread="t"),
    ]
    acts += [act(2, "cem", "reply", item="4", thread="t"), act(5, "cem", "reply", item="5", thread="t")]
    assert summarise(openings(acts)) == [("ann", None, 24)]


def test_posts_without_a_thread_are_openings_nobody_can_answer() -> None:
    acts = [act(1, "ann", "post"), act(1, "ann", "post"), act(2, "bea", "reply", "ann")]
    assert summarise(openings(acts)) == [("ann", None, None)] * 2


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        (None, True),  # no words are kept: it may ask
        ("How?", True),
        ("Like this.", False),
        ("See https://example.org/?a=b", False),
        ("See https://example.org/?a=b and tell me?", True),
        ("なぜ？", True),
        ("لماذا؟", True),
        ("", False),
    ],
)
def test_what_asks(text: str | None, question: bool) -> None:
    acts = [act(1, "ann", "post", item="p", thread="p", text=text), act(3, "bea", "message", "ann", item="m", text=text)]
    acts += [
        act(1, "ann", "mention", "cem", item="p", thread="p"),
        act(5, "dua", "message", "eli", text=text),
        act(9, "ann", "reply", "zoe"),
    ]
    assert [row["question"] for row in openings(acts)] == [question] * 4


def test_the_row_of_a_post_is_its_row_in_the_record() -> None:
    with observed([*post(1, "ann", "p"), act(2, "bea", "reply", "ann", item="r", parent="p"), *post(3, "cem", "q")]) as study:
        opened = [row for row in rows(study, "openings") if row["target"] is None]
        assert len(opened) == 2
        for row in opened:
            item = study.engine.rows("SELECT item FROM record.acts WHERE rowid = $act", {"act": integer(row["act"])})
            assert item == [(row["item"],)]
            assert row["time"] == {"p": when(1), "q": when(3)}[str(row["item"])]


def test_the_earlier_of_equal_moments_is_the_same_in_any_order_of_the_acts() -> None:
    acts = [act(1, "ann", "message", "bea", text="No."), act(1, "ann", "message", "bea", text="Or yes?"), act(1, "ann", "mention", "bea")]
    assert openings(acts) == openings(acts[::-1])
    assert [row["question"] for row in openings(acts)] == [True]
