"""A mailbox split into messages (mbox: RFC 4155 and its older kin, mboxo, mboxrd and mboxcl).

A message begins behind a line such as `From ann@example.org  Mon Apr  3 07:06:09 2006` that has an empty line, or nothing, above it.
Bytes are split here and not by `mailbox.mbox`: that reads the line as ASCII and stops at the first archive that holds something else, and
it takes every line of a body that begins with "From " for a new message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

from regard.sources.formats.bundle import CHUNK

LONGEST_MESSAGE: Final = 64 << 20
"""Bytes of a message that are held; behind these there are only attachments."""
LONGEST_ENVELOPE: Final = 1_000

_DAY, _MONTH = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)", r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_CLOCK, _ZONE = r" +\d{1,2}:\d\d(?::\d\d)?", r"(?: +(?:[+-]\d{4}|[A-Z]{1,5}))?"
_ENVELOPE = re.compile(
    (
        rf"From (\S{{1,320}}(?: (?:at|\(at\)|\(a\)) \S{{1,320}})?)[ \t]+"
        rf"({_DAY},? +(?:{_MONTH} +\d{{1,2}}{_CLOCK}{_ZONE} +\d{{4}}{_ZONE}|\d{{1,2}} {_MONTH} +\d{{4}}{_CLOCK}{_ZONE}))"
        rf"(?: remote from \S+)?\s*"
    ).encode()
)
# The first line of a patch by git has the form of a line between messages; inside a message it is an attachment.
_PATCH = re.compile(rb"From [0-9a-f]{40} ")
_HEADER = re.compile(rb"[!-9;-~]{1,100}[ \t]*:|>From ")
_UNDATED = frozenset({b"-", b"MAILER-DAEMON", b"nobody", b"mboxrd@z", b"git@z"})
"""Senders that mail programs, Python and public-inbox write when they make a mailbox: the date is that day's, or 1970."""
_MARK = b"\nFrom "
_OVERLAP = LONGEST_ENVELOPE + 8
_BOM = b"\xef\xbb\xbf"


class Message(NamedTuple):
    """One message as it lies in its mailbox."""

    line: int
    """Of the line that announces it, counted from 1."""
    stamp: bytes
    """The date of delivery in that line; empty where it is another."""
    head: bytes
    body: bytes
    cut: bool = False
    """The end is missing, for there is more of it than LONGEST_MESSAGE."""


class _Begun(NamedTuple):
    line: int
    stamp: bytes


def delivery(line: bytes) -> bytes | None:
    """The date in a line between two messages, empty where it is not that of delivery; None for any other line.

    >>> delivery(b"From ann at example.org  Mon Apr  3 07:06:09 2006\\n"), delivery(b"From what I see it works.\\n")
    (b'Mon Apr  3 07:06:09 2006', None)
    """
    found = _ENVELOPE.fullmatch(line) if len(line) <= LONGEST_ENVELOPE else None
    if found is None or _PATCH.match(line):
        return None
    return b"" if found[1] in _UNDATED else found[2]


def begins_mailbox(head: bytes) -> bool:
    """Whether a file that begins so is a mailbox: a line that announces a message, then a header.

    >>> begins_mailbox(b"\\n\\nFrom - Mon Apr  3 07:06:09 2006\\nSubject: hello\\n")
    True
    """
    first, _, rest = head.removeprefix(_BOM).lstrip(b"\r\n").partition(b"\n")
    return delivery(first) is not None and _HEADER.match(rest) is not None


def messages(stream: BinaryIO, chunk_size: int = CHUNK) -> Iterator[Message]:
    """The messages of a mailbox, in its order; only one, and a chunk, is held. What stands above the first one is passed over.

    >>> import io
    >>> [(m.line, m.head) for m in messages(io.BytesIO(b"From a@b.org Mon Apr  3 07:06:09 2006\\nSubject: hello\\n\\nWell?\\n"))]
    [(1, b'Subject: hello')]
    """
    # Two line ends stand for the empty line above the first one.
    window, line, sought = bytearray(b"\n\n"), -1, 0
    current: _Begun | None = None
    held = b""
    chunk = stream.read(chunk_size).removeprefix(_BOM)
    while True:
        window += chunk
        begin = 0
        for at, stamp in _boundaries(window, sought, ends=not chunk):
            if current is not None:
                yield _message(current, held or bytes(window[begin:at]), cut=held != b"")
            line += window.count(b"\n", begin, at)
            begin, current, held = at, _Begun(line, stamp), b""
        if not chunk:
            break
        if not held and len(window) - begin > LONGEST_MESSAGE:
            held = bytes(window[begin : begin + LONGEST_MESSAGE])
        if held:
            past = max(begin, len(window) - _OVERLAP)
            line += window.count(b"\n", begin, past)
            begin = past
        del window[:begin]
        sought = max(0, len(window) - _OVERLAP)
        chunk = stream.read(chunk_size)
    if current is not None:
        yield _message(current, held or bytes(window[begin:]), cut=held != b"")


def _boundaries(window: bytearray, sought: int, *, ends: bool) -> Iterator[tuple[int, bytes]]:
    """Where messages begin, and the dates of their delivery. A line whose end is not there yet waits for the next chunk."""
    at = window.find(_MARK, sought)
    while at >= 0:
        begin = at + 1
        if window[at - 1 : at] == b"\n" or window[at - 2 : at] == b"\n\r":
            end = window.find(b"\n", begin, begin + LONGEST_ENVELOPE)
            if end < 0 and ends:
                end = len(window)
            if end >= 0 and (stamp := delivery(bytes(window[begin:end]))) is not None:
                yield begin, stamp
        at = window.find(_MARK, begin)


def _message(begun: _Begun, data: bytes, *, cut: bool) -> Message:
    head, body = split_head(data.partition(b"\n")[2])
    return Message(begun.line, begun.stamp, head, body, cut)


def split_head(data: bytes) -> tuple[bytes, bytes]:
    """What stands above the first empty line of a message or part, and what below it."""
    for blank in (b"\n", b"\r\n"):
        if data.startswith(blank):
            return b"", data[len(blank) :]
    at = data.find(b"\n\n")
    wide = data.find(b"\n\r\n", 0, at if at >= 0 else len(data))
    if wide >= 0:
        return data[:wide], data[wide + 3 :]
    return (data[:at], data[at + 2 :]) if at >= 0 else (data, b"")
