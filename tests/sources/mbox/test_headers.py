"""Header fields as archives hold them: folds, parameters, ids in prose."""

from __future__ import annotations

import pytest

from regard.sources.mbox.headers import Headers, parse_message_ids, read_headers


def test_headers_are_unfolded_and_the_first_of_two_counts() -> None:
    section = b">From old\r\nSUBJECT : one\r\n\ttwo\r\n  three\r\nno header\r\nSubject: four\r\nDate:\r\n"
    assert read_headers(section).values == {"subject": b"one two three", "date": b""}


@pytest.mark.parametrize("name", [b"To", b"Cc", b"Bcc", b"Received", b"X-Originating-IP", b"Return-Path", b"User-Agent"])
def test_what_tells_of_others_is_not_kept(name: bytes) -> None:
    assert read_headers(name + b": secret@example.org\n").values == {}


def test_a_missing_header_is_empty() -> None:
    none = Headers({})
    assert (none.raw("from"), none.plain("from"), none.text("from"), none.ids("references"), none.parameter("charset")) == (
        b"",
        "",
        "",
        [],
        "",
    )


@pytest.mark.parametrize(
    ("field", "charset"),
    [
        ("text/plain; charset=utf-8", "utf-8"),
        ('text/plain;\n format=flowed; Charset = "us-ascii"', "us-ascii"),
        ("text/plain; xcharset=a", ""),
    ],
)
def test_parameters(field: str, charset: str) -> None:
    assert read_headers(f"Content-Type: {field}\n".encode()).parameter("charset") == charset


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        ("<1@example.org>", ["1@example.org"]),
        ("<1@a.org><2@b.org>, <3@c.org>", ["1@a.org", "2@b.org", "3@c.org"]),
        ("<1.qm at web.example.org>", ["1.qm@web.example.org"]),
        ("<a$b$@c@d.org>", ["a$b$@c@d.org"]),
        ("<long\n id@x.org>", ["longid@x.org"]),
        ("<no-at-sign>", ["no-at-sign"]),
        ('Message from Ann of "Mon, 3 Apr" <1@a.org>', ["1@a.org"]),
        ("1@a.org 2@b.org", ["1@a.org", "2@b.org"]),
        ("1 at a.org", ["1@a.org"]),
        ("your message at noon today", []),
        ("<>", []),
        ("@", []),
        ("", []),
        ("<1\0@a.org\x07>", ["1@a.org"]),
        # escaped in transport
        ("<ab%2Bc%241@x.org>", ["ab+c$1@x.org"]),
        ("%3C17@x.org%3E", ["17@x.org"]),
        ("<100%sure@x.org>", ["100%sure@x.org"]),
        ("&lt;17@x.org&gt; &lt;18@x.org&gt;", ["17@x.org", "18@x.org"]),
        ("=?utf-8?q?=3C14=40x=2Eorg=3E?=", ["14@x.org"]),
        ("1234567", ["1234567"]),
        ("yesterday", []),
    ],
)
def test_ids(value: str, ids: list[str]) -> None:
    assert parse_message_ids(value) == ids


@pytest.mark.parametrize(
    ("section", "ids"),
    [
        (b"Message-ID: <1@x>\n", ["1@x"]),
        (b"Message-ID: <1@x>\nSubject: a\nMessage-Id: <2@x>\n", ["2@x", "1@x"]),
        (b"Message-ID: <1@x>\nMessage-ID: <1@x>\n", ["1@x"]),
        (b"Message-ID: <1@x>\nMessage-ID:\n", ["1@x"]),
        (b"Message-ID: <1@x> <2@x>\n", ["1@x"]),
        (b"Message-ID:\n", []),
        (b"Subject: a\n", []),
    ],
)
def test_the_last_of_several_own_ids_comes_first(section: bytes, ids: list[str]) -> None:
    assert read_headers(section).own_ids() == ids
