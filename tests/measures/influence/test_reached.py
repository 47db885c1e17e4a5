"""Reached: everybody who ever acted toward someone or followed them, or the followers that the platform tells."""

from __future__ import annotations

from regard.record.schema import Account

from ...communities import act, column, community, only_row, post, rows


def test_distinct_people_are_counted_once_whatever_they_did() -> None:
    # Toward ann: bea three times, cem once. Toward bea: ann.
    acts = [act(1, "bea", "message", "ann"), act(2, "bea", "react", "ann"), act(3, "bea", "share", "ann")]
    acts += [act(4, "cem", "thank", "ann"), act(5, "ann", "reply", "bea")]
    with community(acts) as study:
        assert column(study, "reached", "person", "reached") == {"ann": 2, "bea": 1}


def test_a_follow_reaches_and_is_no_recent_act() -> None:
    acts = [act(9, "bea", "follow", "ann"), act(10, "cem", "message", "ann"), act(10, "ann", "unfollow", "dua"), act(10, "dua", "join")]
    with community(acts) as study:
        row = only_row(study, "reached", person="ann")
        assert (row["people"], row["recent"], row["recent_per_100"]) == (2, 1, 50)
        assert [row["person"] for row in rows(study, "reached")] == ["ann"]  # neither an unfollow nor a join reaches anybody


def test_a_follow_at_an_unknown_time_counts_and_one_to_come_does_not() -> None:
    acts = [act(None, "bea", "follow", "ann"), act(5, "cem", "follow", "ann"), act(1, "ann", "post", item="p")]
    with community(acts, until=5) as study:
        assert only_row(study, "reached")["people"] == 1


def test_who_acts_and_follows_is_one_person() -> None:
    acts = [act(1, "bea", "follow", "ann"), act(2, "bea", "message", "ann"), act(3, "bea", "follow", "ann")]
    with community(acts) as study:
        assert only_row(study, "reached")["people"] == 1


def test_oneself_and_bots_reach_nobody() -> None:
    acts = [
        act(1, "ann", "reply", "ann"),
        act(1, "ann", "follow", "ann"),
        act(2, "robot", "reply", "ann"),
        act(2, "robot", "follow", "ann"),
    ]
    with community([*acts, act(3, "bea", "message", "ann")], accounts=[Account("robot", actor_type="bot")]) as study:
        assert column(study, "reached", "person", "people") == {"ann": 1}


def test_the_platforms_count_stands_where_it_is_larger() -> None:
    acts = [act(1, "bea", "message", "ann"), act(1, "cem", "message", "ann"), act(1, "ann", "message", "bea")]
    accounts = [Account("ann", followers=400), Account("bea", followers=0), Account("dua", followers=7), Account("eli", followers=0)]
    with community(acts, accounts=accounts) as study:
        assert column(study, "reached", "person", "reached") == {"ann": 400, "bea": 1, "dua": 7}
        assert column(study, "reached", "person", "followers") == {"ann": 400, "bea": 0, "dua": 7}
        assert column(study, "reached", "person", "recent_per_100") == {"ann": 0.5, "bea": 100, "dua": 0}


def test_recent_is_the_last_window() -> None:
    # A window of 10 days: day 90 to day 100. The act on day 90 is one microsecond too early for it.
    acts = [act(0, "bea", "message", "ann"), act(90, "cem", "message", "ann"), act(90.5, "dua", "message", "ann"), act(100, "ann", "join")]
    with community(acts, bin_days=1, window_days=10) as study:
        assert only_row(study, "reached")["recent"] == 1
    with community(acts, bin_days=1, window_days=10, until=100) as study:
        assert only_row(study, "reached")["recent"] == 2


def test_two_accounts_of_one_person_are_one() -> None:
    acts = [
        act(1, "bea", "message", "ann"),
        act(2, "bea2", "message", "ann"),
        act(3, "bea", "message", "bea2"),
        act(4, "cem", "reply", "bea2"),
    ]
    with community(acts, merged=[("bea", "bea2")]) as study:
        assert column(study, "reached", "person", "people") == {"ann": 1, "bea": 1}


def test_posts_alone_reach_nobody_who_could_be_counted() -> None:
    with community([*post(1, "ann", "p"), *post(2, "bea", "q")]) as study:
        assert rows(study, "reached") == []


def test_words_reactions_and_follows_are_told_apart() -> None:
    # bea writes and reacts, cem thanks, dua reacts twice, eli shares, flo only follows. A window of 10 days ends on day 100.
    acts = [act(1, "bea", "react", "ann"), act(2, "bea", "reply", "ann"), act(3, "cem", "thank", "ann"), act(95, "bea", "react", "ann")]
    acts += [act(4, "dua", "react", "ann"), act(95, "dua", "react", "ann"), act(5, "eli", "share", "ann"), act(6, "flo", "follow", "ann")]
    acts += [act(96, "cem", "mention", "ann")]
    with community(acts, until=100, bin_days=1, window_days=10) as study:
        row = only_row(study, "reached", person="ann")
        assert (row["people"], row["by_words"], row["by_reactions"]) == (5, 2, 2)
        assert (row["recent"], row["recent_by_words"]) == (3, 1)  # bea wrote long ago, and only reacted since


def test_whom_people_only_reacted_to_is_told_so() -> None:
    acts = [act(day, who, "react", "ann") for day, who in enumerate(("bea", "cem", "dua"))]
    with community([*acts, act(9, "ann", "message", "bea")]) as study:
        assert column(study, "reached", "person", "by_words") == {"ann": 0, "bea": 1}
        assert column(study, "reached", "person", "by_reactions") == {"ann": 3, "bea": 0}
