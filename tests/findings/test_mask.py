"""Masks: what must go, what must stay, and any text at all."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.findings.mask import mask, mask_name

PLAIN = (
    "see you on 2025-03-14 at 10:00:00, or on 14.03.2025, or on 3/14/2025",
    "version 1.2.3.4 of 192.168.100.200 took 10,000,000 steps in 0.1234567 s, 12345678 in all",
    "@ada and @bo.lee: issue #1234567, order 0815, pages 100-200, https://weir.example/t/12345678/3?page=4",
    "from 00:15 to 00:30 on 2024-01-01T10:00:00+00:00; 1 000 000 euros; ISBN 978-3-16-148410-0",
    "the password is easy: nobody knows the secret: ask them; tokens: many",
    "SELECT_ALL_THE_PEOPLE_WHO_ACTED_IN_A_LONG_CONSTANT, a-very-long-slug-of-many-words-in-a-link",
)

EMAILS = ("ann@weir.example", "a.b+c@x-y.co.uk", "o'neil_99@mail.example.org")
PHONES = ("+49 30 1234567", "+1 (415) 555-2671", "0049301234567", "(415) 555-2671", "415-555-2671", "0171 1234567", "030/1234567")
SECRETS = (
    "xoxb-1234567890-abcdefghij",
    "ghp_0123456789abcdef0123456789abcdef0123",
    "github_pat_11ABCDEFG0abcdefghij",
    "sk-proj1234567890abcdef",
    "AKIAIOSFODNN7EXAMPLE",
    "AIzaSyA1234567890abcdefghijklmnopqrstuv",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc_DEF-123456",
    "9e3c2c7deadbeef9e3c2c7deadbeef9e",
    "Zk3mP0qRs7TuVwXyZ1aB2cD3eF4gH5iJ",
    "hooks.slack.com/services/T000/B000/abcd1234",
    "password: hunter22",
    "api_key=abc123def",
    "token = 'abc123def",
    "xapp-1-A111-222-abcdef",
    "Bearer abcdef123456.xyz",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----",
)


@pytest.mark.parametrize("text", PLAIN)
def test_words_dates_and_numbers_stay(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    ("secret", "mark"), [*((e, "[e-mail]") for e in EMAILS), *((p, "[phone]") for p in PHONES), *((s, "[secret]") for s in SECRETS)]
)
@pytest.mark.parametrize("around", ["{}", "({})", "<{}>", '"{}",', "first\n{}\nlast", "mine: {}; yours?"])
def test_addresses_numbers_and_keys_go(secret: str, mark: str, around: str) -> None:
    assert mask(around.format(secret)) == around.format(mark)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG", "export AWS_[secret]"),
        ('{"client_secret": "ab12cd34"}', '{"client_[secret]"}'),
        ("max_tokens=4096, token_count = 12345", "max_tokens=4096, token_count = 12345"),
        ("_ann@weir.example_", "[e-mail]_"),
        ("<tel:+14155552671|call>", "<tel:[phone]|call>"),
    ],
)
def test_settings_json_and_markup_hide_nothing(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_the_user_and_the_password_in_an_address_go() -> None:
    assert mask("https://ann:pass1@weir.example/x") == "https://[secret]@weir.example/x"


@given(st.text() | st.text(alphabet="a1@.-+0 ()/:=[]eyJAB\n"))
def test_masking_again_changes_nothing(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(st.text(alphabet="ab c\n", max_size=20), st.sampled_from(EMAILS + PHONES + SECRETS), st.text(alphabet="ab c\n", max_size=20))
def test_nothing_of_it_is_left_whatever_stands_beside_it(before: str, secret: str, after: str) -> None:
    masked = mask(f"{before} {secret} {after}")
    assert secret not in masked
    assert masked.startswith(before)
    assert masked.endswith(after)


def test_a_name_that_is_an_address_keeps_what_tells_people_apart() -> None:
    assert [mask_name(name) for name in ("Ann", "ann@weir.example", "Ann <ann@weir.example>")] == ["Ann", "ann@…", "Ann <[e-mail]>"]


@pytest.mark.parametrize(
    "part", ["a", "a.", "1 ", "+1 ", "a@b.", "_", "eyJa-", "aA1", "0", "password ", "-----BEGIN PRIVATE KEY-----", "//a:", "(01"]
)
def test_a_hostile_text_takes_no_time(part: str) -> None:
    start = time.process_time()
    mask(part * (100_000 // len(part)))
    assert time.process_time() - start < 2
