"""Splitting a mailbox into its messages."""

from __future__ import annotations

import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.sources.mbox import split as split_module
from regard.sources.mbox.separators import begins_mailbox, delivery_date
from regard.sources.mbox.split import Message, split_header, split_messages

DATE = b"Mon Apr  3 07:06:09 2006"
LINE = b"From ann at example.org  " + DATE + b"\n"


def split(data: bytes, chunk_size: int = 1 << 20) -> list[Message]:
    return list(split_messages(io.BytesIO(data), chunk_size))


@pytest.mark.parametrize(
    ("line", "date"),
    [
        (b"From ann at example.org  Mon Apr  3 07:06:09 2006\n", DATE),  # Pipermail
        (b"From ann@example.org Mon Apr  3 07:06:09 2006\r\n", DATE),
        (b"From ann (at) example.org Mon Apr  3 07:06:09 2006", DATE),
        ("From ann at “example.org”  Mon Apr  3 07:06:09 2006\n".encode(), DATE),
        (b"From ann at \xff\xfe  Mon Apr  3 07:06:09 2006\n", DATE),
        (b"From 179@xxx Mon Mar 04 11:20:34 +0000 2024\n", b"Mon Mar 04 11:20:34 +0000 2024"),  # Google Takeout
        (b"From ann@example.org Mon, 3 Apr 2006 07:06:09 +0200\n", b"Mon, 3 Apr 2006 07:06:09 +0200"),
        (b"From ann@example.org Mon Apr  3 07:06 CEST 2006 remote from host\n", b"Mon Apr  3 07:06 CEST 2006"),
        (b"From - Mon Apr  3 07:06:09 2006\n", b""),  # Thunderbird
        (b"From mboxrd@z Thu Jan  1 00:00:00 1970\n", b""),  # public-inbox
    ],
)
def test_lines_between_messages(line: bytes, date: bytes) -> None:
    assert delivery_date(line) == date


@pytest.mark.parametrize(
    "line",
    [
        b"From what I see it works.\n",
        b"From ann@example.org\n",
        b"From the meeting on Mon Apr  3 07:06:09 2006\n",
        b"From ann at home at last  Mon Apr  3 07:06:09 2006\n",
        b"From Mon Apr  3 07:06:09 2006\n",
        b"From ann@example.org  Mon Apr  3 07:06:09 2006 and so on\n",
        b">From ann@example.org  Mon Apr  3 07:06:09 2006\n",
        b"from ann@example.org  Mon Apr  3 07:06:09 2006\n",
        b"From " + b"5fa9" * 10 + b" Mon Sep 17 00:00:00 2001\n",  # a patch by git
        b"From " + b"a" * 1_000 + b"  Mon Apr  3 07:06:09 2006\n",
    ],
)
def test_other_lines(line: bytes) -> None:
    assert delivery_date(line) is None
    assert [message.body for message in split(LINE + b"Subject: x\n\nfirst\n\n" + line + b"last\n")] == [b"first\n\n" + line + b"last\n"]


def test_messages_lie_between_lines() -> None:
    messages = split(b"\xef\xbb\xbf\n" + LINE + b"Subject: a\n\none\n\n" + LINE + b"Subject: b\n\n" + LINE + b"Subject: c")
    assert messages == [
        Message(2, DATE, b"Subject: a", b"one\n\n"),
        Message(7, DATE, b"Subject: b", b""),
        Message(10, DATE, b"Subject: c", b""),
    ]


def test_a_line_without_an_empty_one_above_it_begins_nothing() -> None:
    assert [message.body for message in split(LINE + b"Subject: a\n\none\n" + LINE)] == [b"one\n" + LINE]


HEADER = b"From: Bea <bea@x.org>\nSubject: b\n"


@pytest.mark.parametrize(
    "line",
    [
        b"From ann@example.org Tue Jan  2 10:00:00 2024",
        b'From "Lee, Ann" <ann@example.org> Tue Jan  2 10:00:00 2024',
        b"From Ann Lee <ann@example.org> Tue Jan  2 10:00:00 2024",
        b"From  Tue Jan  2 10:00:00 2024",
        b"From ann@example.org 2024-01-02T10:00:00+02:00",
        b"From ann@example.org 2024-01-02 10:00:00",
        b"From ann@example.org 2024-01-02",
        b"From ann@example.org Di Jan  2 10:00:00 2024",
        b"From ann@example.org Mar. 2 janv. 2024 10:00:00 +0100",
        "From ann@example.org 火 1月  2 10:00:00 2024".encode(),
        "From ann@example.org máj 12. 2.1.2024 10:00".encode()[:21] + b"2.1.2024 10:00",
        b"From ann@example.org Tue Jan  2 10:00:00 GMT+0200 2024",
        b"From ann@example.org Tue Jan 2 2024 10:00:00",
        b"From ann@example.org Tuesday, January 2, 2024 10:00:00 AM",
        b"From ann@example.org 02-Jan-2024 10:00:00 +0000",
        b"From ann@example.org 1704189600",
        b"From ann@example.org 20240102T100000Z",
        "From ann@example.org mardi 2 janvier 2024 à 10:00:00".encode(),
        "From ann@example.org 2024年1月2日 10:00:00".encode(),
    ],
)
@pytest.mark.parametrize("gap", [b"", b"\n", b"\r\n"])
def test_lines_of_other_forms_begin_a_message_before_a_mail_header(line: bytes, gap: bytes) -> None:
    data = LINE + b"Subject: a\n\none\n" + gap + line + b"\n"
    assert [(m.header, m.passed_over) for m in split(data + HEADER + b"\ntwo\n")] == [(b"Subject: a", 0), (HEADER[:-1], 0)]
    for chunk_size in (7, 100):
        assert split(data + HEADER + b"\ntwo\n", chunk_size) == split(data + HEADER + b"\ntwo\n")
    assert begins_mailbox(line + b"\n" + HEADER + b"\ntwo\n")


@pytest.mark.parametrize("line", [b"From x", b"From ann@example.org", b"From ann at example.org\r", b"From Ann Lee <ann@example.org> "])
def test_a_line_without_a_date_begins_a_message_before_a_mail_header(line: bytes) -> None:
    data = LINE + b"Subject: a\n\none\n\n" + line + b"\n" + HEADER + b"\ntwo\n"
    assert [(m.header, m.delivered, m.passed_over) for m in split(data)] == [(b"Subject: a", DATE, 0), (HEADER[:-1], b"", 0)]
    for chunk_size in (7, 100):
        assert split(data, chunk_size) == split(data)
    assert begins_mailbox(line + b"\n" + HEADER + b"\ntwo\n")


@pytest.mark.parametrize(
    ("gap", "line", "below"),
    [
        (b"", b"From there", HEADER),  # no empty line above it
        (b"\n", b"From there", b"From: Bea <bea@x.org>\n"),  # one field of a header
        (b"\n", b"From there", b"Subject: b\nDate: today\n"),  # nobody's header
        (b"\n", b"From there", b"From: Bea\nSubject: b\nand so on\n"),  # words among the fields
        (b"\n", b"From there", b"\n" + HEADER),
        (b"\n", b">From there", HEADER),
        (b"\n", b"From what I see", HEADER),
        (b"\n", b"From " + b"5fa9" * 10, HEADER),  # a patch by git
        (b"\n", b"From ", HEADER),
    ],
)
def test_a_line_without_a_date_is_prose_otherwise(gap: bytes, line: bytes, below: bytes) -> None:
    body = b"one\n" + gap + line + b"\n" + below + b"\ntwo\n"
    assert [(m.body, m.passed_over) for m in split(LINE + b"Subject: a\n\n" + body)] == [(body, 0)]


@pytest.mark.parametrize("below", [b"two\n", b"\n" + HEADER, b"From: here\nto there\n", b"Subject: only this\n\n", b""])
def test_a_line_without_a_mail_header_is_passed_over_and_counted(below: bytes) -> None:
    line = b"From ann@example.org 2024-01-02 10:00:00\n"
    [message] = split(LINE + b"Subject: a\n\none\n" + line + below)
    assert (message.body, message.passed_over) == (b"one\n" + line + below, 1)


@pytest.mark.parametrize(
    "line",
    [
        b"From what I see",
        b"From Ann's mail of 2 Jan 2024 10:00:",
        b"From 10:00 on 2 Jan 2024",
        b"From " + b"5fa9" * 10 + b" Mon Sep 17 00:00:00 2001",
    ],
)
def test_prose_above_a_mail_header_stays(line: bytes) -> None:
    [message] = split(LINE + b"Subject: a\n\none\n" + line + b"\n" + HEADER + b"\ntwo\n")
    assert message.passed_over == 0


def test_a_long_mail_header_is_one_whose_end_has_not_come() -> None:
    long = HEADER + b"".join(b"Received: by %d\n\tfor you\n" % n for n in range(5_000)) + b"\n"
    line = b"From ann@example.org 2024-01-02 10:00:00\n"
    assert [message.body for message in split(LINE + b"Subject: a\n\none\n" + line + long + b"two\n")] == [b"one\n", b"two\n"]
    assert all(begins_mailbox((line + long)[:size]) for size in range(4_000, 4_096))


@pytest.mark.parametrize(
    "line",
    [
        b"From : 2024-01-01\n",
        b"From : 2024-01-01\na: b\na: b\n",
        b"\nFrom" + b" " * 990 + b"\n",
        b"From " + b" " * 99 + b"<a>" + b" " * 800 + b"\n",
    ],
    ids=["a separator and a header field", "fields below it", "blanks", "blanks around an address"],
)
def test_hostile_lines_cost_no_more_than_others(line: bytes) -> None:
    # The square of a line's length, or of the lines in a header, would be 4 s to a minute. It takes 0.7 s at most.
    data = LINE + b"From: a@b.org\nDate: x\n\n" + line * (4_000_000 // len(line))
    before = time.process_time()
    assert [message.line for message in split(data)] == [1]
    assert time.process_time() - before < 2


def test_what_stands_above_the_first_message_is_passed_over() -> None:
    assert split(b"a cover sheet\n\n" + LINE + b"Subject: a\n\none")[0].line == 3
    assert split(b"a cover sheet\n") == split(b"") == []


def test_line_ends_may_be_mixed() -> None:
    data = LINE.replace(b"\n", b"\r\n") + b"Subject: a\r\n\r\none\r\n\r\n" + LINE + b"Subject: b\n\ntwo\n"
    assert [(message.line, message.header, message.body) for message in split(data)] == [
        (1, b"Subject: a\r", b"one\r\n\r\n"),
        (6, b"Subject: b", b"two\n"),
    ]


def test_a_message_without_headers_has_none() -> None:
    assert split(LINE + b"\nbody\n")[0] == Message(1, DATE, b"", b"body\n")


@given(
    st.lists(st.sampled_from([LINE, b"\n", b"\r\n", b"x\n", b"From here\n", b"Subject: a\n", LINE[:-1], b"From "]), max_size=30),
    st.integers(1, 2_000),
)
def test_the_size_of_chunks_changes_nothing(pieces: list[bytes], chunk_size: int) -> None:
    data = b"".join(pieces)
    assert split(data, chunk_size) == split(data)


@given(st.lists(st.lists(st.sampled_from([b"From here on\n", b"\n", b"x\n", b">From a\n"]), max_size=6), max_size=5))
def test_every_message_is_found_again(bodies: list[list[bytes]]) -> None:
    data = b"".join(LINE + b"Subject: a\n\n" + b"".join(body) + b"\n" for body in bodies)
    messages = split(data)
    assert [message.body for message in messages] == [b"".join(body) + b"\n" for body in bodies]
    assert [data.split(b"\n")[message.line - 1] + b"\n" for message in messages] == [LINE] * len(bodies)


@pytest.mark.parametrize("chunk_size", [100, 1_000, 5_000, 1 << 20])
def test_too_long_a_message_loses_its_end_only(monkeypatch: pytest.MonkeyPatch, chunk_size: int) -> None:
    monkeypatch.setattr(split_module, "MAX_MESSAGE", 10_000)
    long = LINE + b"Subject: long\n\n" + b"x" * 50_000 + b"\n" + b"y\n" * 50_000 + b"\n"
    first, second, third = split(LINE + b"Subject: a\n\none\n\n" + long + LINE + b"Subject: b\n\ntwo\n", chunk_size)
    assert (first.body, second.header, second.line) == (b"one\n\n", b"Subject: long", 6)
    assert second.body[:5_000] == b"x" * 5_000
    assert (third.body, third.line) == (b"two\n", 6 + long.count(b"\n"))
    assert (first.truncated, third.truncated) == (False, False)
    if chunk_size < 1 << 20:  # what comes in one chunk is there anyway
        assert second.truncated
        assert len(second.body) < 10_000


@pytest.mark.parametrize(
    ("start", "is_mailbox"),
    [
        (LINE + b"From: ann at example.org (Ann)\n", True),
        (b"\xef\xbb\xbf\r\n\r\n" + LINE + b"Return-Path: <a@b>\r\n", True),
        (LINE + b">From ann Mon\n", True),
        (LINE + b"\nno header\n", False),
        (LINE, False),
        (b"From: ann@example.org\n\nbody", False),
        (b"", False),
    ],
)
def test_how_a_mailbox_begins(start: bytes, is_mailbox: bool) -> None:
    assert begins_mailbox(start) is is_mailbox


@given(st.binary(max_size=100))
def test_any_bytes_may_be_asked(data: bytes) -> None:
    assert begins_mailbox(data) in (True, False)
    assert not begins_mailbox(b"\0" + LINE + data)


def test_the_head_ends_at_the_first_empty_line() -> None:
    assert split_header(b"a: 1\nb: 2\n\none\n\ntwo") == (b"a: 1\nb: 2", b"one\n\ntwo")
    assert split_header(b"a: 1\r\n\r\none\n\ntwo") == (b"a: 1\r", b"one\n\ntwo")
    assert split_header(b"\r\nbody") == (b"", b"body")
    assert split_header(b"a: 1") == (b"a: 1", b"")
