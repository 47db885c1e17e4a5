"""The acts of rows of invented dumps, one test a trap: bounties, acceptances, names, odd values."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.record.schema import Account

from .dumps import Rows, answer, comment, everything, question, site, vote


@pytest.mark.parametrize("offers", [["4"], ["4", "4"]])
def test_one_giver_of_bounties_is_known(tmp_path: Path, offers: list[str]) -> None:
    votes = [vote(8, 1, UserId=user, BountyAmount="50") for user in offers] + [vote(9, 2, BountyAmount="50")]
    read = everything(site(tmp_path, {"posts": [question(1, 1), answer(2, 1, 2)], "votes": votes}))
    assert [(act.actor, act.target) for act in read.of("thank")] == [("4", "2")]


@pytest.mark.parametrize(
    ("votes", "note"),
    [
        ([vote(8, 1, UserId="4"), vote(8, 1, UserId="5"), vote(9, 2)], "bounties whose sender or answer is not known"),
        ([vote(9, 2, BountyAmount="50")], "bounties whose sender or answer is not known"),
        ([vote(8, 1, UserId="4"), vote(9, 77)], "bounties whose sender or answer is not known"),
        ([vote(8, 1, UserId="4"), vote(9, 1)], "bounties that ended without an award"),
        ([vote(8, 1, UserId="4", BountyAmount="50"), vote(9, 2, BountyAmount="25")], "bounties halved and given by the site"),
    ],
)
def test_a_bounty_nobody_is_known_to_give_is_no_thanks(tmp_path: Path, votes: Rows, note: str) -> None:
    read = everything(site(tmp_path, {"posts": [question(1, 1), answer(2, 1, 2)], "votes": votes}))
    assert read.of("thank") == []
    assert read.notes[note] == 1


def test_an_award_may_name_its_giver(tmp_path: Path) -> None:
    votes = [vote(8, 1, UserId="4"), vote(8, 1, UserId="5"), vote(9, 2, UserId="5")]
    read = everything(site(tmp_path, {"posts": [question(1, 1), answer(2, 1, 2)], "votes": votes}))
    assert [act.actor for act in read.of("thank")] == ["5"]


def test_an_accepted_answer_that_is_gone_is_counted(tmp_path: Path) -> None:
    read = everything(site(tmp_path, {"posts": [question(1, 1, AcceptedAnswerId="5")]}))
    assert read.of("thank") == []
    assert read.notes["thanks whose sender or answer is not known"] == 1


def test_one_acceptance_voted_twice_is_one_thanks(tmp_path: Path) -> None:
    posts = [question(1, 1, AcceptedAnswerId="2"), answer(2, 1, 2)]
    read = everything(site(tmp_path, {"posts": posts, "votes": [vote(1, 2), vote(1, 2)]}))
    assert len(read.of("thank")) == 1


def test_posts_out_of_order_are_found_all_the_same(tmp_path: Path) -> None:
    posts = [answer(7, 3, 2), question(9, 5), question(3, 1, AcceptedAnswerId="7")]
    read = everything(site(tmp_path, {"posts": posts, "votes": [vote(1, 7), vote(5, 3, UserId="8")]}))
    assert [(act.actor, act.target, act.item, act.thread) for act in read.of("thank")] == [("1", "2", "p7", "p3")]
    assert [(act.actor, act.target) for act in read.of("react")] == [("8", "1")]


def test_a_name_that_fits_two_people_is_no_mention(tmp_path: Path) -> None:
    users = [{"Id": str(id), "DisplayName": name} for id, name in ((1, "Olga"), (2, "Mark A"), (3, "Mark B"), (4, "Nan"))]
    comments = [comment(1, 1, 2, "x"), comment(2, 1, 3, "y"), comment(3, 1, 4, "@Mark no"), comment(4, 1, 4, "@MarkB, yes")]
    read = everything(site(tmp_path, {"users": users, "posts": [question(1, 1)], "comments": comments}))
    assert [(act.item, act.target) for act in read.of("mention")] == [("c4", "3")]


def test_a_deleted_commenter_is_found_by_name(tmp_path: Path) -> None:
    by_deleted = {"Id": "1", "PostId": "1", "UserDisplayName": "user88", "Text": "x", "CreationDate": "2024-01-01T00:00:00.000"}
    read = everything(site(tmp_path, {"posts": [question(1, 1)], "comments": [by_deleted, comment(2, 1, 4, "@user88 yes")]}))
    assert [(act.item, act.target) for act in read.of("mention")] == [("c2", "name:user88")]


def test_long_texts_are_cut(tmp_path: Path) -> None:
    long = "a" * 30_000
    files = {"posts": [question(1, 1, Body=f"<p>{long}</p>")], "comments": [comment(1, 1, 2, long)]}
    assert [len(act.text or "") for act in everything(site(tmp_path, files)).acts] == [20_000, 20_000]


@pytest.mark.parametrize("text", ["", "soon", "2024-13-01T00:00:00.000", "2024-01-01T00:00:00+02:00", "9" * 10_000])
def test_a_time_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    read = everything(site(tmp_path, {"posts": [question(1, 1, CreationDate=text)]}))
    assert [(act.time, act.precision) for act in read.acts] == [(None, "none")]
    assert read.notes["times that cannot be read"] == 1


@pytest.mark.parametrize(
    ("row", "note"),
    [
        ({}, "posts that are neither question nor answer"),
        (question(1, 1, Id="4294967296123"), "posts without a usable id"),
        (question(1, 1, Id="1.0"), "posts without a usable id"),
        (question(1, 1, PostTypeId="2"), "posts without a usable id"),
        (question(1, 1, OwnerUserId=""), "posts without an owner"),
        (question(1, 1, OwnerUserId="name:Ann"), "posts without an owner"),
    ],
)
def test_an_odd_row_is_skipped_and_counted(tmp_path: Path, row: dict[str, str], note: str) -> None:
    read = everything(site(tmp_path, {"posts": [row, question(9, 1)]}))
    assert [act.item for act in read.acts] == ["p9"]
    assert read.notes[note] == 1


def test_odd_users_and_points(tmp_path: Path) -> None:
    users = [{"DisplayName": "x"}, {"Id": "x"}, {"Id": "5", "Reputation": "1e999"}, {"Id": "6", "DisplayName": " ", "Reputation": "-3"}]
    read = everything(site(tmp_path, {"users": users}))
    assert read.accounts == [Account("5"), Account("6", points=-3.0)]
    assert read.notes["users without a usable id"] == 2


@given(data=st.data())
def test_any_values_are_read_into_sound_acts(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    values = st.one_of(
        st.sampled_from(["1", "2", "3", "5", "8", "9", "-1", "007", "@Ann", "<p", "&#99999;", "&#xD800;", "2024-01-01T00:00:00.000"]),
        st.text(st.characters(min_codepoint=32, codec="utf-8", exclude_characters="\ufffe\uffff"), max_size=20),
    )
    columns = "Id PostTypeId ParentId AcceptedAnswerId OwnerUserId OwnerDisplayName UserId UserDisplayName PostId VoteTypeId BountyAmount "
    columns += "CreationDate Body Text Title Tags DisplayName Reputation CommunityOwnedDate LastEditDate"
    row = st.dictionaries(st.sampled_from(columns.split()), values)
    rows = st.fixed_dictionaries({root: st.lists(row, max_size=6) for root in ("users", "posts", "comments", "votes")})
    read = everything(site(tmp_path_factory.mktemp("any"), data.draw(rows)))
    ids = {account.id for account in read.accounts if account.id.startswith("name:") or account.id == "-1"}
    for act in read.acts:
        repr(act).encode()
        (act.text or "").encode()
        assert act.actor
        assert (act.time is None) == (act.precision == "none")
        assert act.kind in ("reply", "react") or act.target is not None or act.kind == "post"
        assert act.actor in ids or act.actor.lstrip("-").isdigit()
