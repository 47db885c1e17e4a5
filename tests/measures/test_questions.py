"""What asks, what closes, and what looks like advertising, by words alone."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.measures.questions import closes, has_links, is_foreign, is_mangled, letters, post_asks, reply_asks


def value(sql: str, text: str) -> object:
    """The value of SQL over one text."""
    row = duckdb.connect().execute(f"SELECT {sql} FROM (SELECT $text::VARCHAR AS t)", {"text": text}).fetchone()
    assert row is not None
    return row[0]


ASKS = [
    "Where is it?",
    "Where is it?  Thanks, Bo",
    "Have you seen https://a.example/?",
    "Is `x` right?",
    "What is L?pez' address?",
    "你好？",
    "Why?\n\nRegards,\nAnn\nhttps://a.example/long/address",
    "Can anyone lend me a saw",
    "I'd like some feedback on the new shelf.",
]
SILENT = [
    "It is there.",
    "vor?bergehend geschlossen",
    "See https://a.example/?q=1",
    "See [Is it open?](https://a.example/1) for more",
    'He said "is it open?"',
    "“Is it open?” is what he said",
    "> Is it open?\nIt is.",
    "~Is it open?~ Found it.",
    "`SELECT ?`",
    "```\nwhy?\n```",
    "It costs a lot (how much?) and breaks.",
    "/giphy why?",
    "!help me?",
    "??????????",
    "[solved] Where is it?",
    "Where is it?\nNever mind.",
    "",
]


@pytest.mark.parametrize("text", ASKS)
def test_these_ask(text: str) -> None:
    assert value(post_asks("t"), text) is True
    assert value(reply_asks("t"), text) is True


@pytest.mark.parametrize("text", SILENT)
def test_these_ask_nothing(text: str) -> None:
    assert value(post_asks("t"), text) is False
    assert value(reply_asks("t"), text) is False


def test_a_title_asks_however_long_the_post_and_the_middle_of_an_essay_does_not() -> None:
    words = "It went on and on. " * 200
    assert value(post_asks("t"), f"How do I oil it?\n{words}") is True
    assert value(post_asks("t"), f"On oil\n{words}And how? {words}") is False
    assert value(post_asks("t"), f"On oil\n{words}And how?") is True
    assert value(post_asks("t"), f"On oil\n{words}And how? " + "So. " * 40) is False


def test_a_reply_asks_at_its_end_or_soon_before_it_if_it_asks_somebody() -> None:
    after = " The hinge is old and the door is heavy, which does not help at all."
    assert value(reply_asks("t"), "Who cares about that?" + after) is False
    assert value(reply_asks("t"), "Did you oil the thing?" + after) is True
    assert value(reply_asks("t"), "Perhaps call it a saw?") is False
    assert value(reply_asks("t"), "Appeler ça une scie peut-être ?") is False
    assert value(reply_asks("t"), "Could you post the whole message and I'll have a look.") is True


@pytest.mark.parametrize(
    ("text", "closing"), [("Never mind, found it", True), ("Gelöst!", True), ("Thanks, but how?", False), ("It rains", False)]
)
def test_what_closes(text: str, closing: bool) -> None:
    assert value(closes("t"), text) is closing


def test_evidence_of_advertising() -> None:
    assert value(is_mangled("t"), "f?r gro?e und kle?ne") is True
    assert value(is_mangled("t"), "Is it? Why? How?") is False
    assert value(is_foreign("t"), "知ってびっくり利息に関する基礎知識だよみなさんは損してませんか") is True
    assert value(is_foreign("t"), "α and β are angles") is False
    assert value(has_links("t"), "http://a.example http://b.example http://c.example") is True
    assert value(has_links("t"), "http://a.example http://b.example") is False
    assert value(letters("t"), "Buy now! " * 9 + "http://a.example/1") == value(letters("t"), "Buy, now? " * 9 + "http://b.example/2")
    assert value(letters("t"), "Hello") is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_rules_and_a_mark_less_text_of_letters_asks_nothing(text: str) -> None:
    plain = "".join(character for character in text if character.isalpha())
    assert value(reply_asks("t"), text) in (True, False)
    assert value(post_asks("t"), plain[:5]) is False


@given(st.sampled_from(ASKS), st.sampled_from(["", "Hello. ", "So it broke.\n"]))
def test_words_before_a_question_change_nothing(question: str, before: str) -> None:
    assert value(reply_asks("t"), before + question) is True
