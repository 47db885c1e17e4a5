"""Unanswered: questions of the last window that got no answer."""

from __future__ import annotations

from datetime import datetime

from regard.simulate.community import simulate

from ...communities import act, answer, column, community, only_row, post, rows, when

REPLY = answer(0.5, "bea", "ann", "first", "r")
FIRST = [*post(0, "ann", "first", "Anybody?"), REPLY]
"""A post that was answered, so that the record has a reply. It also makes ann no newcomer after day 30."""
NOW = act(100, "zoe", "join")


def test_an_ask_without_an_answer_waits_and_others_do_not() -> None:
    acts = [*FIRST, *post(90, "ann", "p", "Who knows?"), *post(91, "bea", "q", "Me too?"), answer(92, "cem", "bea", "q", "r2")]
    acts += [*post(93, "cem", "s", "That is so."), act(94, "dua", "react", "cem", item="s"), NOW]
    with community(acts, window_days=28) as study:
        row = only_row(study, "unanswered")
        assert (row["person"], row["item"], row["target"], row["time"]) == ("ann", "p", None, when(90))
        assert (row["newcomer"], row["before"], row["with_post"]) == (False, 1, False)


def test_the_last_window_counts_and_never_more_than_twelve_weeks() -> None:
    acts = [*FIRST, *post(71.5, "ann", "old", "Who?"), *post(72.5, "ann", "new", "Who?"), NOW]
    with community(acts, until=100, bin_days=1, window_days=28) as study:
        assert [row["item"] for row in rows(study, "unanswered")] == ["new"]  # 28 days before day 100 is day 72
    with community([*FIRST, *post(15.9, "ann", "old", "Who?"), *post(16.1, "ann", "new", "Who?"), NOW], until=100, window_days=99) as study:
        assert [row["item"] for row in rows(study, "unanswered")] == ["new"]  # 84 days before day 100 is day 16


def test_a_message_waits_till_the_other_writes_back_however_late() -> None:
    acts = [*FIRST, act(80, "ann", "message", "bea", text="When?"), act(80, "cem", "message", "dua", text="Where?")]
    acts += [act(95, "bea", "reply", "ann", item="x", parent="y"), NOW]
    with community(acts, window_days=28) as study:
        assert [(row["person"], row["target"]) for row in rows(study, "unanswered")] == [("cem", "dua")]


def test_the_last_word_of_a_talk_waits_for_nothing() -> None:
    acts = [
        act(90, "ann", "message", "bea", text="Why?"),
        act(90.1, "bea", "message", "ann", text="So."),
        act(90.2, "ann", "message", "bea", text="Ok?"),
    ]
    with community([*FIRST, *acts, NOW], window_days=28) as study:
        assert rows(study, "unanswered") == []


def test_a_mention_waits_beside_its_post() -> None:
    acts = [*FIRST, *post(90, "ann", "p", "Bea, when?", "bea"), answer(91, "cem", "ann", "p", "r2"), NOW]
    with community(acts, window_days=28) as study:
        row = only_row(study, "unanswered")
        assert (row["target"], row["with_post"], row["item"], row["act"]) == ("bea", True, None, None)


def test_a_newcomer_came_at_most_thirty_days_or_a_window_before() -> None:
    acts = [*FIRST, act(60, "cem", "join"), act(59, "dua", "join"), act(80, "eli", "follow", "ann")]
    acts += [a for name in ("cem", "dua", "eli", "ann") for a in post(90, name, f"p-{name}", "Who?")] + [NOW]
    with community(acts, window_days=60) as study:
        assert column(study, "unanswered", "person", "newcomer") == {"cem": True, "dua": False, "eli": True, "ann": False}
    with community(acts, window_days=14) as study:
        assert column(study, "unanswered", "person", "newcomer") == {"cem": False, "dua": False, "eli": True, "ann": False}


def test_before_counts_earlier_openings_that_were_answered() -> None:
    # Answered: days 0, 81 and 91. Unanswered since days 80 and 90, and two at once since day 92.
    acts = [*FIRST]
    for day, answered in ((80, False), (81, True), (90, False), (91, True), (92, False)):
        acts += post(day, "ann", f"p{day}", "Who?", *(["cem"] if day == 91 else []))
        acts += [answer(day + 0.5, "bea", "ann", f"p{day}", f"r{day}")] if answered else []
    acts += [act(91.2, "cem", "message", "ann"), *post(92, "ann", "again", "Who?"), NOW]
    with community(acts, window_days=28) as study:
        assert column(study, "unanswered", "item", "before") == {"p80": 1, "p90": 2, "p92": 3, "again": 3}


def test_what_was_asked_at_the_same_moment_was_not_asked_earlier() -> None:
    acts = [*post(90, "cem", "p", "Who?"), *post(90, "cem", "q", "Who?"), answer(91, "bea", "cem", "q", "r2"), NOW]
    with community([*FIRST, *acts], window_days=28) as study:
        assert column(study, "unanswered", "item", "before") == {"p": 0}


def test_a_record_without_replies_shows_messages_that_wait_and_no_posts() -> None:
    acts = [*post(90, "ann", "p", "Who?"), act(91, "ann", "message", "bea", text="Who?"), *post(92, "cem", "q", "Dua?", "dua"), NOW]
    with community(acts, window_days=28) as study:
        assert [(row["person"], row["target"], row["with_post"]) for row in rows(study, "unanswered")] == [
            ("ann", "bea", False),
            ("cem", "dua", False),
        ]


def test_posts_waiting_in_a_demo_are_those_that_nobody_answered() -> None:
    demo = simulate(people=60, days=100, seed=5)
    texts = {act.item: act.text or "" for act in demo.acts if act.kind == "post"}
    bots = {account.id for account in demo.accounts if account.actor_type == "bot"}
    author = {act.item: act.actor for act in demo.acts if act.kind == "post"}
    asked = {item for item in demo.unanswered if "?" in texts[item] and author[item] not in bots}
    with community(demo.acts, accounts=demo.accounts, until=days_until(demo.start) + demo.days, bin_days=1, window_days=28) as study:
        # For the demo's own list a bot's reply is an answer. For this measure it is not.
        assert asked <= {row["item"] for row in rows(study, "unanswered")}
        by_bots = {act.thread for act in demo.acts if act.kind == "reply" and act.actor in bots}
        assert {row["item"] for row in rows(study, "unanswered")} - asked - {None} <= by_bots
        assert asked


def days_until(start: datetime) -> int:
    return (start.replace(tzinfo=None) - when(0)).days


def test_one_row_an_opening() -> None:
    acts = [*FIRST, *post(90, "ann", "p", "Bea? Cem?", "bea", "cem"), *[act(90, "ann", "message", "dua", text="You?")] * 3, NOW]
    with community([*acts, act(90, "ann", "thank", "bea")], window_days=28) as study:
        addressed = [(row["target"], row["with_post"]) for row in rows(study, "unanswered")]
        assert addressed == [("bea", True), ("cem", True), ("dua", False), (None, False)]


def test_seen_by_counts_other_people_who_reacted() -> None:
    acts = [
        *FIRST,
        *post(90, "ann", "p", "Who knows?"),
        *(act(91, who, "react", "ann", item="p", label="eyes") for who in ("bea", "cem", "cem", "ann")),
    ]
    with community([*acts, NOW], window_days=28) as study:
        assert column(study, "unanswered", "item", "seen_by") == {"p": 2}
