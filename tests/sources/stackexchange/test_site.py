"""What the reading of a dump remembers of a site."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from regard.sources.stackexchange.fields import parse_time
from regard.sources.stackexchange.people import IdPositions, People
from regard.sources.stackexchange.posts import MAX_COMMENTERS, Posts
from regard.sources.stackexchange.rows import to_acts
from regard.sources.stackexchange.site import Acceptance, Offer, RowContext, SiteIndex

QUESTION = {"Id": "1", "PostTypeId": "1", "OwnerUserId": "7", "AcceptedAnswerId": "2"}
ANSWER = {"Id": "2", "PostTypeId": "2", "ParentId": "1", "OwnerDisplayName": "user88"}


@given(st.lists(st.integers(1, 30)))
def test_numbering_is_a_dict_that_keeps_the_first(ids: list[int]) -> None:
    positions, truth = IdPositions(), dict[int, int]()
    for position, id in enumerate(ids):
        assert positions.add(id) == position
        truth.setdefault(id, position)
    assert len(positions) == len(ids)
    assert [positions.find(id) for id in range(32)] == [truth.get(id, -1) for id in range(32)]


def test_voices_are_the_owner_and_the_newest_commenters() -> None:
    posts = Posts()
    posts.add(5, owner=1)
    posts.add(6, owner=2)
    for author in range(1_000, 1_500):
        posts.add_comment(0, author)
    assert posts.participants(0) == {1, *range(1_500 - MAX_COMMENTERS, 1_500)}
    assert posts.participants(1) == {2}


@given(st.datetimes())
def test_times_are_exact(when: object) -> None:
    text = str(when).replace(" ", "T")
    moment = parse_time(text)
    assert moment.time is not None
    seconds_text, _, part = text.partition(".")
    seconds = parse_time(seconds_text).time
    assert seconds is not None
    assert moment.time == seconds + int((part + "000000")[:6])


@given(st.lists(st.sampled_from(["5", "-1", "042", "99999999999", "name:Ann", "name:5"])))
def test_a_person_has_one_code_and_one_id(ids: list[str]) -> None:
    people, codes = People(), dict[str, int]()
    for id in ids:
        if id != "5":
            assert people.add(id) == (id not in codes)
        codes[id] = people.code(id)
    assert len(set(codes.values())) == len(codes)
    assert [people.id(code) for code in codes.values()] == list(codes)
    assert people.code(None) == people.code("name:Bea") == 0


def test_an_acceptance_is_dated_once() -> None:
    site = SiteIndex()
    site.add_person("name:user88")
    for row in (QUESTION, ANSWER):
        site.add("posts", row)
    assert site.acceptance(2) == Acceptance("7", 2)
    assert list(site.undated_acceptances()) == [Acceptance("7", 2)]
    site.add("votes", {"VoteTypeId": "1", "PostId": "2"})
    assert site.acceptance(2) is None
    assert list(site.undated_acceptances()) == []


def test_what_a_site_knows_of_posts() -> None:
    site = SiteIndex()
    site.add_person("name:user88")
    for row in (QUESTION, ANSWER):
        site.add("posts", row)
    site.add("votes", {"VoteTypeId": "8", "PostId": "1", "UserId": "9", "BountyAmount": "50"})
    assert [(site.has_post(post), site.owner(post), site.thread(post), site.is_question(post)) for post in (1, 2, 3, None)] == [
        (True, "7", 1, True),
        (True, "name:user88", 1, False),
        (False, None, 3, False),
        (False, None, None, False),
    ]
    assert (list(site.offers(2)), list(site.offers(1)), list(site.offers(3))) == ([Offer("9", "50")], [], [])


def test_without_a_site_a_row_still_has_its_own_act() -> None:
    comment = {"Id": "4", "PostId": "2", "UserId": "9", "Text": "@user88 yes"}
    parsed = to_acts(comment, RowContext("comments", "Comments.xml", 3))
    assert [(act.actor, act.kind, act.parent) for act in parsed.acts] == [("9", "reply", "p2")]
    assert to_acts(None, RowContext("posts", "Posts.xml", 3)).notes == ["posts that are neither question nor answer"]
