"""Addresses as archives show them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.sources.mbox.addresses import Address, masked_name, parse_address, parse_addresses


@pytest.mark.parametrize(
    ("value", "id", "name"),
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
        # spelled in words
        ("ann [at] x [dot] org", "ann@x.org", None),
        ("Ann Lee <ann at x dot org>", "ann@x.org", "Ann Lee"),
        ("ann(at)x(dot)y(dot)org (Ann)", "ann@x.y.org", "Ann"),
        ("ann {AT} x {DOT} org", "ann@x.org", None),
        ("Dot at Home <dot@x.org>", "dot@x.org", "Dot at Home"),
        # rewritten by a list
        ("Ann <ann=40y.org@dmarc.ietf.org>", "ann@y.org", "Ann"),
        ("Ann <ann@y.org.INVALID>", "ann@y.org", "Ann"),
        ("Ann <ann@y.invalid>", "ann@y.invalid", "Ann"),
        ("Ann <ann () x ! org>", "ann@x.org", "Ann"),
        ("Ann <ann＠x.org>", "ann@x.org", "Ann"),
        ("Ann <ann&#64;x.org>", "ann@x.org", "Ann"),
        ("<ann=lee@y.org>", "ann=lee@y.org", None),
        ("Ann <ann@xxx.lanl.gov>", "ann@xxx.lanl.gov", "Ann"),
        ("Ann <foo..bar@x.org>", "foo..bar@x.org", "Ann"),
    ],
)
def test_addresses_as_archives_show_them(value: str, id: str, name: str | None) -> None:
    assert parse_address(value) == Address(id, name)


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
    assert parse_address(value) is None


MASKS = [
    "ann@domain.hidden",
    "a•••@x.org",
    "address@hidden",
    "joh...@gmail.com",
    "xxxx@xxxx",
    "j***@x.org",
    "ann@xxxxx.xxx",
    "ann@...",
    "a@hidden.invalid",
    "***@***.org",
]


@pytest.mark.parametrize("mask", MASKS)
def test_a_mask_is_no_address_but_may_have_a_name(mask: str) -> None:
    for value, name in (
        (f"Ann Lee <{mask}>", "Ann Lee"),
        (f"{mask} (Ann Lee)", "Ann Lee"),
        (mask, ""),
        (f'"Lee, Ann" <{mask}>', "Lee, Ann"),
    ):
        assert (parse_address(value), masked_name(value)) == (None, name)


def test_what_stands_in_the_place_of_an_address() -> None:
    assert masked_name("Ann Lee <[email\xa0protected]>") == "Ann Lee"
    assert masked_name("Ann Lee <hidden>") == masked_name("Ann Lee <[hidden email]>") == "Ann Lee"
    assert masked_name("Ann Lee <ann@x.org>") is masked_name("Ann Lee") is masked_name("") is None


def test_people_with_one_local_part_stay_apart() -> None:
    assert parse_address("jo at a.example (Jo)") != parse_address("jo at b.example (Jo)")


@given(st.text(st.characters(codec="utf-8"), max_size=100))
def test_any_text_may_be_asked_for_an_address(value: str) -> None:
    address = parse_address(value)
    assert address is None or (address.id == address.id.lower() and address.id.count("@") == 1 and not any(map(str.isspace, address.id)))


def test_several_addresses() -> None:
    assert [address.id for address in parse_addresses('"Lee, Ann" <ann@x.org>, bea@x.org,, "unclosed, Cem <cem@x.org>')] == [
        "ann@x.org",
        "bea@x.org",
        "cem@x.org",
    ]
