"""The readable part of a message, whatever the shape of the message."""

from __future__ import annotations

import base64
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.sources.mbox.body import MAX_PARTS, ReadableBody, read_body
from regard.sources.mbox.headers import Headers

PLAIN = b"Content-Type: text/plain\n\nwords\n"
HTML = b"Content-Type: text/html\n\n<p>page</p>\n"


def read(body: bytes, content_type: str = "", coding: str = "", subject: str = "") -> ReadableBody:
    headers = {"content-type": content_type.encode(), "content-transfer-encoding": coding.encode(), "subject": subject.encode()}
    return read_body(Headers({name: value for name, value in headers.items() if value}), body)


def parts(*contents: bytes, boundary: str = "b", last: bytes = b"--") -> bytes:
    mark = b"--" + boundary.encode()
    return b"preamble\n" + b"".join(mark + b"\n" + content + b"\n" for content in contents) + mark + last + b"\nepilogue\n"


@pytest.mark.parametrize("kind", ["", "text/plain", "TEXT/PLAIN; charset=utf-8", "text", "=?broken"])
def test_a_message_in_one_piece(kind: str) -> None:
    assert read(b"words\r\nmore\r", kind) == ReadableBody("words\nmore\n")


@pytest.mark.parametrize("kind", ["image/png", "application/pgp-encrypted", "message/rfc822", "text/calendar"])
def test_other_kinds_hold_no_words(kind: str) -> None:
    assert read(b"words", kind) == ReadableBody("")


def test_codings() -> None:
    words = "Grüße, 回復\n" * 5
    data = words.encode()
    assert read(base64.encodebytes(data), "text/plain; charset=utf-8", "BASE64").text == words
    assert read(quopri.encodestring(data), "text/plain; charset=utf-8", "Quoted-Printable").text == words
    assert read(data, "text/plain; charset=utf-8", "x-uuencode").text == words
    assert read(base64.encodebytes(data)[:7], "text/plain; charset=utf-8", "base64").text == "Grü�"


@pytest.mark.parametrize("kind", ["mixed", "alternative", "signed", "related", "made-up"])
def test_plain_text_comes_before_a_page(kind: str) -> None:
    assert read(parts(HTML, PLAIN), f"multipart/{kind}; boundary=b").text.strip() == "words"
    assert read(parts(HTML), f"multipart/{kind}; boundary=b").text == "page"


def test_parts_in_parts() -> None:
    inner = b'Content-Type: multipart/alternative; boundary="b-inner"\n\n' + parts(HTML, PLAIN, boundary="b-inner")
    assert read(parts(inner, b"\nthird"), "multipart/mixed; boundary=b").text.strip() == "words"


def test_attachments_and_forwarded_messages_are_not_read() -> None:
    attached = b"Content-Type: text/plain\nContent-Disposition: Attachment; filename=a.txt\n\nsecret\n"
    forwarded = b"Content-Type: message/rfc822\n\nSubject: secret\n\nsecret\n"
    assert read(parts(attached, forwarded, PLAIN), "multipart/mixed; boundary=b").text.strip() == "words"
    assert read(parts(attached, forwarded), "multipart/mixed; boundary=b") == ReadableBody("")


def test_nothing_behind_the_last_mark_counts() -> None:
    assert read(parts(HTML) + b"--b\n" + PLAIN, "multipart/mixed; boundary=b").text == "page"


def test_a_last_part_may_be_cut() -> None:
    assert read(b"--b\n" + PLAIN, "multipart/mixed; boundary=b").text.strip() == "words"


@pytest.mark.parametrize("kind", ["multipart/mixed", "multipart/mixed; boundary=other", 'multipart/mixed; boundary=""'])
def test_without_its_marks_a_message_is_read_as_it_stands(kind: str) -> None:
    assert read(b"words\n--b\n", kind).text == "words\n--b\n"


@pytest.mark.parametrize(
    ("kind", "subject"),
    [("multipart/digest; boundary=b", "x"), ("multipart/mixed; boundary=b", "x"), ("text/plain", "Talk Digest, Vol 12, Issue 5")],
)
def test_digests(kind: str, subject: str) -> None:
    digest = b"Content-Type: multipart/digest; boundary=c\n\n--c\n\nSubject: a\n\nothers' words\n--c--\n"
    assert read(parts(digest), kind, subject=subject) == ReadableBody("", is_digest=True)


def test_an_answer_to_a_digest_is_none() -> None:
    assert read(b"words", subject="Re: Talk Digest, Vol 12, Issue 5") == ReadableBody("words")


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<p>One.</p><p>Two<br/>three</p>", "One.\nTwo\nthree"),
        ("a <b>bold</b>\n word", "a bold word"),
        ("&lt;b&gt; &amp;amp; caf&eacute; &#8364;", "<b> &amp; café €"),  # decoded once
        ("<style>p {}</style><SCRIPT>x<p>y</SCRIPT ><title>t</title>words", "words"),
        ("mine<blockquote>hers<blockquote>his</blockquote>hers</blockquote>mine", "mine\nmine"),
        ("</blockquote>words", "words"),
        ("a<!-- secret > <p> -->b<!-->c", "abc"),
        ("1 < 2 and <3", "1 < 2 and <3"),
        ("a<unclosed", "a"),
        ("a<script>never closed", "a"),
        ("<?php x ?><!DOCTYPE html>words", "words"),
    ],
)
def test_pages(page: str, words: str) -> None:
    assert read(page.encode(), "text/html; charset=utf-8").text == words


@pytest.mark.parametrize("piece", ["<!--", "<a ", "</", "<", "&#", "<script>", "<blockquote>", "<p>\n", "<a b='", "<![CDATA["])
def test_a_page_made_to_exhaust_its_reader(piece: str) -> None:
    # Python's html.parser takes minutes for some of these.
    assert len(read((piece * (500_000 // len(piece))).encode(), "text/html").text) <= 500_000


def test_thousands_of_parts_within_each_other() -> None:
    deep = b"".join(b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (level, level + 1) for level in range(5_000))
    assert read(deep, "multipart/mixed; boundary=b0") == ReadableBody("")
    same = b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 5_000
    assert read(same, "multipart/mixed; boundary=b") == ReadableBody("")


def test_only_the_first_parts_are_looked_at() -> None:
    picture = b"Content-Type: image/png\n\nx"
    assert read(parts(*[picture] * (MAX_PARTS - 2), PLAIN), "multipart/mixed; boundary=b").text.strip() == "words"
    assert read(parts(*[picture] * 10_000, PLAIN), "multipart/mixed; boundary=b") == ReadableBody("")


@given(st.binary(max_size=200), st.sampled_from(["", "text/html", "multipart/mixed; boundary=b", "text/plain; charset=utf-7"]))
def test_any_body_may_be_read(body: bytes, kind: str) -> None:
    for coding in ("", "base64", "quoted-printable"):
        for data in (body, b"--b\n" + body, b"--b\n\n" + body):
            text = read(data, kind, coding).text
            assert "\0" not in text
            text.encode("utf-8")
