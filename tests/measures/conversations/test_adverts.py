"""Adverts: posts of people with whom nobody ever dealt, and whose words speak for advertising."""

from __future__ import annotations

import pytest

from regard.record.schema import Act

from ...communities import act, answer, column, community, post, rows

FIRST = [*post(0, "ann", "first", "Anybody?"), answer(0.5, "bea", "ann", "first", "r")]
OFFER = "Dear friends, the finest watches are here for you and for all, and the price is low?"
LINKS = "Is it http://a.example http://b.example http://c.example you want?"
USUAL = [each for n in range(40) for each in post(1 + n, "ann", f"u{n}", "It rains.")]


def flags(acts: list[Act]) -> dict[object, object]:
    """By person, whether a post of theirs looks like advertising."""
    with community([*FIRST, *USUAL, *acts, act(100, "zoe", "join")], window_days=28) as study:
        return column(study, "adverts", "person", "advert")


def test_an_unanswered_newcomer_is_no_advertiser() -> None:
    assert flags(post(90, "cem", "p", "How do I join? My page is http://a.example")) == {"cem": False}


@pytest.mark.parametrize(
    "text", [LINKS, "Gro?e Uhren f?r gro?e Leute, wollen Sie?", "知ってびっくり利息に関する基礎知識だよみなさんは損してませんか？"]
)
def test_links_and_letters_speak_for_it(text: str) -> None:
    assert flags(post(90, "cem", "p", text)) == {"cem": True}


def test_copies_speak_for_it() -> None:
    assert flags([*post(90, "cem", "p", OFFER), *post(91, "dua", "q", OFFER + " 2")]) == {"cem": True, "dua": True}
    assert flags([*post(90, "cem", "p", OFFER), *post(91, "dua", "q", "Hello all")]) == {"cem": False, "dua": False}


def test_whoever_dealt_with_somebody_is_nobody_of_this_table() -> None:
    offer = post(90, "cem", "p", LINKS)
    assert flags([*offer, answer(91, "bea", "cem", "p", "x")]) == {}
    assert flags([*offer, answer(91, "cem", "ann", "first", "x")]) == {}
    assert flags([*offer, act(91, "bea", "react", "cem", item="p")]) == {}
    assert flags([*offer, act(91, "cem", "mention", "bea")]) == {"cem": True}


def test_the_usual_letters_of_a_record_speak_for_nothing() -> None:
    japanese = "知ってびっくり利息に関する基礎知識だよみなさんは損してませんか？"
    usual = [each for n in range(9) for each in post(1 + n, "ann", f"j{n}", japanese)]
    with community([*FIRST, *usual, *post(90, "cem", "p", japanese + "！"), act(100, "zoe", "join")], window_days=28) as study:
        assert column(study, "adverts", "person", "odd") == {"cem": False}


def test_a_listed_question_says_whether_it_looks_like_advertising() -> None:
    with community(
        [*FIRST, *USUAL, *post(90, "cem", "p", LINKS), *post(91, "dua", "q", "Who?"), act(100, "zoe", "join")], window_days=28
    ) as study:
        assert {row["item"]: row["advert"] for row in rows(study, "unanswered")} == {"p": True, "q": False}
