"""Who wrote a message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.record.schema import Account
from regard.sources.mbox.headers import Headers
from regard.sources.mbox.senders import Address, Author, People, address, addresses, author, is_automaton

MUNGED = b"Ann Lee via Talk <talk@example.org>"


@pytest.mark.parametrize(
    ("value", "who", "name"),
    [
        ("ann@example.org", "ann@example.org", None),
        ("<ann@example.org>", "ann@example.org", None),
        ("Ann@Example.ORG", "ann@example.org", None),
        ("Ann Lee <ann@example.org>", "ann@example.org", "Ann Lee"),
        ("Lee, Ann <ann@example.org>", "ann@example.org", "Lee, Ann"),
        ('"Lee, Ann" <ann@example.org>', "ann@example.org", "Lee, Ann"),
        (r'"Ann \"A\" Lee" <ann@example.org>', "ann@example.org", 'Ann "A" Lee'),
        ('"ann@old.example <x@y>" <ann@example.org>', "ann@example.org", "ann@old.example <x@y>"),
        ("ann@example.org (Ann Lee)", "ann@example.org", "Ann Lee"),
        # Pipermail's masks
        ("ann at example.org (Ann Lee)", "ann@example.org", "Ann Lee"),
        ("ann at example.org (Ann (at work) Lee)", "ann@example.org", "Ann (at work) Lee"),
        ("ann at example.org ()", "ann@example.org", None),
        ("ann at example.org (Bo @ work)", "ann@example.org", "Bo @ work"),
        ("ann (at) example.org (Ann)", "ann@example.org", "Ann"),
        ("ann (a) example.org", "ann@example.org", None),
        ("ann(at)example.org", "ann@example.org", None),
        ("Ann <ann at example.org>", "ann@example.org", "Ann"),
        ("Ann at Home <ann@example.org>", "ann@example.org", "Ann at Home"),
        # encoded words
        ("=?utf-8?q?=C3=96z=2C_Bea?= <bea@example.org>", "bea@example.org", "Öz, Bea"),
        ('"=?utf-8?q?=C3=96z?=" <bea@example.org>', "bea@example.org", "Öz"),
        ("bea at example.org (=?ISO-8859-1?Q?=D6z?=)", "bea@example.org", "Öz"),
        ("=?utf-8?q?Bea_=3Cbea=40example=2Eorg=3E?=", "bea@example.org", "Bea"),
        ("'Ann' <mailto:ann@example.org>", "ann@example.org", "Ann"),
        ("undisclosed <hidden>, Ann <ann@example.org.>", "ann@example.org", "undisclosed <hidden>, Ann"),
        ("root@localhost", "root@localhost", None),
    ],
)
def test_addresses_as_archives_show_them(value: str, who: str, name: str | None) -> None:
    assert address(value) == Address(who, name)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Ann",
        "<>",
        "@",
        "ann@",
        "@example.org",
        "ann at",
        "Ann Lee",
        '"ann"',
        "bogus@does.not.exist.com ()",
        "a@b@c",
        "a" * 400 + "@b.org",
    ],
)
def test_no_address(value: str) -> None:
    assert address(value) is None


def test_people_with_one_local_part_stay_apart() -> None:
    assert address("jo at a.example (Jo)") != address("jo at b.example (Jo)")


@given(st.text(st.characters(codec="utf-8"), max_size=100))
def test_any_text_may_be_asked_for_an_address(value: str) -> None:
    found = address(value)
    assert found is None or (found.id == found.id.lower() and found.id.count("@") == 1 and not any(map(str.isspace, found.id)))


def test_several_addresses() -> None:
    assert [each.id for each in addresses('"Lee, Ann" <ann@x.org>, bea@x.org,, "unclosed, Cem <cem@x.org>')] == [
        "ann@x.org",
        "bea@x.org",
        "cem@x.org",
    ]


@pytest.mark.parametrize(
    "headers",
    [
        {"reply-to": b"ann@x.org"},
        {"reply-to": b"Talk <talk@example.org>, Ann <ann@x.org>"},
        {"x-mailman-original-from": b"Ann <ann@x.org>", "reply-to": b"other@x.org"},
        {"x-original-from": b"ann@x.org"},
        {"reply-to": b"Ann <ann@x.org>", "list-post": b"<mailto:talk@example.org>"},
    ],
)
def test_the_sender_behind_a_list(headers: dict[str, bytes]) -> None:
    assert author(Headers({"from": MUNGED, "list-id": b"<talk.example.org>", **headers})) == Author("ann@x.org", "Ann Lee")


def test_a_list_is_known_by_its_id_its_address_or_its_name() -> None:
    named = b"'Ann Lee' via The Talkers <talk@example.org>"
    for header, value in (("list-id", b"<talk.example.org>"), ("list-post", b"<mailto:talk@example.org>")):
        assert author(Headers({"from": named, "reply-to": b"ann@x.org", header: value})) == Author("ann@x.org", "Ann Lee")
    assert author(Headers({"from": MUNGED, "reply-to": b"ann@x.org"})) == Author("ann@x.org", "Ann Lee")
    # Not a list: somebody who writes through another service keeps the address.
    assert author(Headers({"from": named, "reply-to": b"ann@x.org"})) == Author("talk@example.org", "'Ann Lee' via The Talkers"[1:])


def test_reply_to_counts_only_where_the_list_hides_the_sender() -> None:
    headers = {"from": b"Ann <ann@x.org>", "reply-to": b"talk@example.org", "list-id": b"<talk.example.org>"}
    assert author(Headers(headers)) == Author("ann@x.org", "Ann")


def test_a_list_that_hides_the_address_altogether() -> None:
    headers = {"from": MUNGED, "reply-to": b"Talk <talk@example.org>"}
    assert author(Headers(headers)) == Author("ann lee via talk@example.org", "Ann Lee", veiled=True)


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("noreply@x.org", None),
        ("no-reply+7@x.org", None),
        ("list-no-reply@x.org", None),
        ("donotreply@x.org", None),
        ("mailer-daemon@x.org", None),
        ("syzbot+1f2e@x.org", None),
        ("patchwork-bot+net@x.org", None),
        ("tip-bot2@x.org", None),
        ("notifications@x.org", None),
        ("lkp@x.org", "kernel test robot"),
        ("git@x.org", "Ann Lee via GitHub"),
        ("jira@x.org", None),
        ("x@x.org", "Ann (Jira)"),
        ("x@x.org", "dependabot[bot]"),
    ],
)
def test_automata(who: str, name: str | None) -> None:
    assert is_automaton(who, name)


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("ann@noreply.example.org", None),
        ("12345+ann@users.noreply.github.com", "Ann"),
        ("talbot@x.org", "Talbot"),
        ("abbot2@x.org", None),
        ("bot-fan@x.org", "Bot Fan"),
        ("ann@bot.example.org", "Ann"),
        ("postman@x.org", None),
    ],
)
def test_people_are_no_automata(who: str, name: str | None) -> None:
    assert not is_automaton(who, name)


def test_accounts_are_told_when_they_are_new_or_get_a_name() -> None:
    people = People()
    people.saw("a@x", None)
    people.saw("b@x", "Bea")
    assert people.fresh() == [Account("a@x"), Account("b@x", "Bea")]
    people.saw("a@x", "Ann")
    people.saw("a@x", "Other")
    people.saw("b@x", "Other")
    assert people.fresh() == [Account("a@x", "Ann")]
    assert people.fresh() == []


def test_more_than_half_of_an_automatons_messages_are_automatic() -> None:
    people = People()
    for automatic in (True, True, False):
        people.saw("cron@x", None, automatic=automatic)
    for automatic in (True, False):
        people.saw("ann@x", "Ann", automatic=automatic)
    people.saw("named@x", None, mails=0)
    assert people.automata() == [Account("cron@x", None, "bot")]
