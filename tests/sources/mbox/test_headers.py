"""Headers as archives hold them: folds, encoded words, charsets that lie, ids in prose, clocks."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.header import Header
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.sources.mbox.headers import (
    Headers,
    Moment,
    decode,
    decode_words,
    from_base64,
    message_ids,
    moment,
    one_line,
    read_headers,
    sound,
)

NOON = 1_711_972_800_000_000
"""2024-04-01 12:00:00 UTC."""
HOUR = 3_600_000_000


def test_headers_are_unfolded_and_the_first_of_two_counts() -> None:
    block = b">From old\r\nSUBJECT : one\r\n\ttwo\r\n  three\r\nno header\r\nSubject: four\r\nDate:\r\n"
    assert read_headers(block).values == {"subject": b"one two three", "date": b""}


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
    ("told", "charset"),
    [
        ("text/plain; charset=utf-8", "utf-8"),
        ('text/plain;\n format=flowed; Charset = "us-ascii"', "us-ascii"),
        ("text/plain; xcharset=a", ""),
    ],
)
def test_parameters(told: str, charset: str) -> None:
    assert read_headers(f"Content-Type: {told}\n".encode()).parameter("charset") == charset


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        ("Öz".encode(), "utf-8", "Öz"),
        ("Öz".encode("latin-1"), "iso-8859-1", "Öz"),
        ("Öz".encode("latin-1"), "utf-8", "�z"),  # a lie: what does not fit is replaced
        ("Öz".encode(), "us-ascii", "Öz"),
        ("Öz".encode("latin-1"), "us-ascii", "Öz"),
        ("Öz".encode("latin-1"), "unknown-8bit", "Öz"),
        ("Öz".encode(), "x-made-up", "Öz"),
        ("回復".encode("gb18030"), "GB18030", "回復"),
        ("回復".encode("iso-2022-jp"), "ISO-2022-JP", "回復"),
        ("привет".encode("koi8-r"), "KOI8-R", "привет"),
        (b"abc", "base64", "abc"),  # a codec of Python's, and no charset
        (b"abc", "rot13", "abc"),
        (b"abc", "unicode\0escape", "abc"),
        (b"a\0b", "", "ab"),
        (b"+2AA-", "utf-7", "�"),  # half a character
    ],
)
def test_charsets(data: bytes, charset: str, text: str) -> None:
    assert decode(data, charset) == text


@given(st.binary(max_size=60), st.one_of(st.text(max_size=20), st.sampled_from(["utf-7", "hz", "utf-16", "idna", "punycode", "undefined"])))
def test_any_bytes_in_any_charset_become_text_that_can_be_written(data: bytes, charset: str) -> None:
    text = decode(data, charset)
    assert "\0" not in text
    text.encode("utf-8")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        ("=?utf-8?Q?G=C3=B6ran?= Ek", "Göran Ek"),
        ("=?ISO-8859-1*en?Q?G=F6ran_E?=", "Göran E"),
        ("a =?utf-8?b?w7Y=?= b", "a ö b"),
        ("=?utf-8?b?w7Y=?=\t=?utf-8?b?w7Y=?=", "öö"),
        ("=?utf-8?b?w7Y=?= =?latin1?q?=F6?=", "öö"),
        ("=?utf-8?b?w7?= =?utf-8?b?tg?=", "ö"),  # without padding
        ("=?utf-8?b?ww==?= =?utf-8?b?tg==?=", "ö"),  # cut within a character
        ("=?utf-8?b?*?=", ""),
        ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
        ("=?broken", "=?broken"),
    ],
)
def test_encoded_words(value: str, text: str) -> None:
    assert decode_words(value) == text


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=80), st.sampled_from(["utf-8", "gb18030"]))
def test_what_the_standard_library_encodes_is_read_again(text: str, charset: str) -> None:
    encoded = Header(text, charset).encode(linesep="\n").replace("\n ", " ")
    assert decode_words(encoded) == text


@pytest.mark.parametrize("data", [b"", b"=", b"a", b"ab", b"abc", b"abcd", b"abcde", b"\xff\0 a b\n"])
def test_cut_base64_never_raises(data: bytes) -> None:
    assert len(from_base64(data)) == len(re.sub(rb"[^a-z]", b"", data)) * 6 // 8


def test_text_is_made_sound_and_short_of_controls() -> None:
    assert sound("a\0\ud800b") == "a�b"
    assert one_line(" a\x07\tb\x85\nc ") == "a b c"


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
    ],
)
def test_ids(value: str, ids: list[str]) -> None:
    assert message_ids(value) == ids


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Mon, 1 Apr 2024 12:00:00 +0000", Moment(NOON, True)),
        ("Mon, 1 Apr 2024 12:00:00 -0000", Moment(NOON, True)),
        ("1 Apr 2024 14:00:00 +0200", Moment(NOON, True)),
        ("Mon, 01 Apr 2024 07:00:00 -0500 (EST)", Moment(NOON, True)),
        ("Mon,  1 Apr 24 12:00 GMT", Moment(NOON, True)),
        ("Thu, 1 Apr 99 12:00:00 UT", Moment(NOON - 9_132 * 24 * HOUR, True)),
        ("Mon, 1 Apr 2024 07:00:00 EST", Moment(NOON, True)),
        ("Mon, 1 Apr 2024 12:00:00", Moment(NOON, False)),
        ("Mon, 1 Apr 2024 12:00:00 MESZ", Moment(NOON, False)),
        ("Mon, 1 Apr 2024 12:00:00 +9900", Moment(NOON, False)),
        ("Mon Apr  1 12:00:00 2024", Moment(NOON, False)),
        ("Mon Apr 01 14:00:00 +0200 2024", Moment(NOON, True)),
        ("Mon Apr  1 14:00:00 2024 +0200", Moment(NOON, True)),
        ("Mon, 1 Apr 2024 11:59:60 +0000", Moment(NOON - 1_000_000, True)),  # a leap second stays in its minute
        ("Mon, 31 Feb 2024 12:00:00 +0000", None),
        ("Mon, 1 Apr 2024 25:00:00 +0000", None),
        ("Thu, 1 Jan 1970 00:00:00 +0000", None),
        ("Mon, 1 Apr 2101 12:00:00 +0000", None),
        ("Mon, 1 Apr " + "9" * 5_000 + " 12:00:00 +0000", None),
        ("tomorrow", None),
        ("\0", None),
        ("", None),
    ],
)
def test_moments(value: str, expected: Moment | None) -> None:
    assert moment(value) == expected


@given(
    st.datetimes(datetime(1971, 1, 2), datetime(2100, 12, 30)),
    st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
def test_what_the_standard_library_writes_is_read_again(when: datetime, zone: timezone) -> None:
    there = when.replace(microsecond=0, tzinfo=zone)
    assert moment(format_datetime(there)) == Moment((there - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1), True)
    written = there.replace(tzinfo=UTC).ctime()
    assert moment(written) == Moment((there.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1), False)


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_no_text_is_too_odd_for_a_clock(value: str) -> None:
    found = moment(value)
    assert found is None or found.time >= 31_536_000 * 10**6 - 24 * HOUR
