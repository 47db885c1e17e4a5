"""Asked: questions without an answer in their thread, and what else meets them. Each case is counted by hand."""

from __future__ import annotations

from regard.record.schema import Act

from ...communities import act, answer, community, post, rows

FIRST = [*post(0, "ann", "first", "Anybody?"), answer(0.5, "bea", "ann", "first", "r")]
"""A post that was answered, so that the record has a reply."""
NOW = act(100, "zoe", "join")


def met(acts: list[Act]) -> dict[object, object]:
    """By item, what met the question."""
    with community([*FIRST, *acts, NOW], window_days=28) as study:
        return {row["item"]: row["met"] for row in rows(study, "asked")}


def reply(day: float, actor: str, target: str, item: str, parent: str, text: str, thread: str = "t") -> Act:
    """A reply with words."""
    return act(day, actor, "reply", target, item=item, parent=parent, thread=thread, text=text)


def chat(minute: float, actor: str, item: str, text: str, *named: str) -> list[Act]:
    """A message in a channel without threads, and the people it names, some minutes after day 90."""
    return [each._replace(channel="talk") for each in post(90 + minute / 1440, actor, item, text, *named)]


CHATTER = [each for n in range(9) for each in chat(-3000 + n, "ann" if n % 2 else "bea", f"c{n}", "Hm.")]
"""Enough talk to see that people chat here."""


def test_a_reply_that_asks_waits_until_somebody_replies_to_it_or_beside_it() -> None:
    thread = [*post(90, "ann", "t", "On saws."), reply(91, "bea", "ann", "q", "t", "Which one?")]
    assert met(thread) == {"q": None}
    assert met([*thread, reply(92, "cem", "ann", "x", "t", "The old one.")]) == {}
    assert met([*thread, reply(92, "cem", "bea", "x", "q", "The old one.")]) == {}
    assert met([*thread, reply(92, "bea", "ann", "x", "t", "I mean it.")]) == {"q": None}


def test_a_reply_without_words_or_question_asks_nothing() -> None:
    wordless = reply(91, "bea", "ann", "q", "t", "")._replace(text=None)
    assert met([*post(90, "ann", "t", "On saws."), wordless]) == {}
    assert met([*post(90, "ann", "t", "On saws."), reply(91, "bea", "ann", "q", "t", "Mine is blunt.")]) == {}


def test_in_a_branch_the_person_asked_answers_wherever_they_write_in_the_thread() -> None:
    thread = [
        *post(90, "ann", "t", "On saws."),
        reply(91, "bea", "ann", "a", "t", "Mine."),
        reply(92, "cem", "bea", "q", "a", "Which one?"),
    ]
    assert met(thread) == {"q": None}
    assert met([*thread, reply(93, "dua", "ann", "x", "t", "No.")]) == {"q": None}
    assert met([*thread, reply(93, "bea", "ann", "x", "t", "No.")]) == {}


def test_where_replies_form_chains_words_in_the_same_thread_within_a_day_are_beside() -> None:
    chain = [*post(90, "ann", "t", "On saws."), reply(91, "bea", "ann", "a", "t", "Mine."), reply(91.5, "ann", "bea", "b", "a", "Oh.")]
    chain += [reply(91.6, "bea", "ann", "c", "b", "Yes."), reply(92, "cem", "ann", "q", "b", "Which one do you mean?")]
    assert met([*chain, reply(92.9, "dua", "bea", "x", "a", "No.")]) == {"q": "beside"}
    assert met([*chain, reply(93.1, "dua", "bea", "x", "a", "No.")]) == {"q": None}


def test_the_asker_closes_a_question_by_words_that_close() -> None:
    question = post(90, "ann", "t", "Where is the saw?")
    assert met([*question, reply(91, "ann", "ann", "x", "t", "Update: it rains.")]) == {"t": None}
    assert met([*question, reply(91, "ann", "ann", "x", "t", "Never mind, found it.")]) == {"t": "own words"}
    assert met(post(90, "ann", "t", "~Where is the saw?~ On the wall.")) == {}


def test_a_mark_of_done_meets_a_question_and_a_mere_reaction_does_not() -> None:
    question = post(90, "ann", "t", "Where is the saw?")
    assert met([*question, act(91, "bea", "react", "ann", item="t", label="white_check_mark")]) == {"t": "done"}
    assert met([*question, act(91, "bea", "react", "ann", item="t", label="eyes")]) == {"t": None}
    assert met([*question, act(91, "ann", "thank", "bea", item="x", thread="t", label="accepted")]) == {"t": "done"}


def test_a_thread_that_was_closed_asks_nothing_more() -> None:
    closed = [each._replace(note="closed") for each in post(90, "ann", "t", "Where is the saw?")]
    assert met([*closed, reply(91, "bea", "ann", "r1", "t", "On the wall."), reply(92, "ann", "bea", "q", "r1", "Which one?")]) == {
        "q": "done"
    }


def test_in_a_chat_another_persons_words_within_a_day_are_beside() -> None:
    question = chat(0, "ann", "q", "Where is the saw?")
    assert met([*CHATTER, *question, *chat(1439, "bea", "x", "http://a.example/1")]) == {"q": "beside"}
    assert met([*CHATTER, *question, *chat(1, "ann", "x", "The old one.")]) == {"q": None}
    assert met([*CHATTER, *question, *chat(1, "ann", "x", "Ah, found it.")]) == {"q": "own words"}


def test_in_a_chat_later_words_answer_if_they_bring_no_address_and_ask_nothing_or_name_the_asker() -> None:
    question = chat(0, "ann", "q", "Where is the saw?")
    assert met([*CHATTER, *question, *chat(3000, "bea", "x", "On the wall.")]) == {"q": "beside"}
    assert met([*CHATTER, *question, *chat(3000, "bea", "x", "http://a.example/1")]) == {"q": None}
    assert met([*CHATTER, *question, *chat(3000, "bea", "x", "And the drill?")]) == {"q": None, "x": None}
    assert met([*CHATTER, *question, *chat(3000, "bea", "x", "http://a.example/1", "ann")]) == {"q": "beside"}
    assert met([*CHATTER, *question, *chat(8 * 1440, "bea", "x", "On the wall.")]) == {"q": None}


def test_slow_channels_and_those_with_threads_are_no_chats() -> None:
    slow = [each._replace(channel="talk") for n in range(9) for each in post(80 + n, "ann" if n % 2 else "bea", f"s{n}", "Hm.")]
    assert met([*slow, *chat(0, "ann", "q", "Where is the saw?"), *chat(60, "bea", "x", "Here.")]) == {"q": None}
    threaded = [reply(90.1, "cem", "ann", f"r{n}", f"c{n}", "Ok.", thread=f"c{n}") for n in range(9)]
    assert met([*CHATTER, *threaded, *chat(0, "ann", "q", "Where is the saw?"), *chat(60, "bea", "x", "Here.")]) == {"q": None}


def test_a_chat_without_any_reply_can_show_what_was_answered_beside() -> None:
    acts = [
        *CHATTER,
        *chat(0, "ann", "q", "Where is the saw?"),
        *chat(2000, "bea", "p", "And the drill?"),
        *chat(2001, "cem", "x", "There."),
    ]
    with community([*acts, NOW], window_days=28) as study:
        assert {row["item"]: row["met"] for row in rows(study, "asked")} == {"q": None, "p": "beside"}
        assert [row["item"] for row in rows(study, "unanswered")] == ["q"]


def test_a_mention_in_a_reply_stands_beside_the_reply() -> None:
    thread = [*post(90, "ann", "t", "On saws."), reply(91, "bea", "ann", "q", "t", "Which one, Cem?")]
    named = act(91, "bea", "mention", "cem", item="q", thread="t")
    with community([*FIRST, *thread, named, NOW], window_days=28) as study:
        assert [(row["target"], row["item"], row["with_post"]) for row in rows(study, "asked")] == [
            ("ann", "q", False),
            ("cem", None, True),
        ]
    assert met([*thread, named, reply(92, "dua", "bea", "x", "q", "The old one.")]) == {}
