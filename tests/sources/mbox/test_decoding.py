"""Charsets that lie, encoded words and broken base64."""

from __future__ import annotations

import re
from email.header import Header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.sources.mbox.decoding import decode, decode_base64, decode_words, make_storable, to_one_line


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
    assert len(decode_base64(data)) == len(re.sub(rb"[^a-z]", b"", data)) * 6 // 8


def test_text_is_made_sound_and_short_of_controls() -> None:
    assert make_storable("a\0\ud800b") == "a�b"
    assert to_one_line(" a\x07\tb\x85\nc ") == "a b c"
