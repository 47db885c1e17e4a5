"""A mailbox, split into its messages.

The format is mbox (RFC 4155) in all its variants: mboxo, mboxrd, mboxcl. Each message follows a From_ line such as
`From ann@example.org  Mon Apr  3 07:06:09 2006`. Before that line comes an empty line, or the start of the file.

The standard library's `mailbox.mbox` is not used, for two reasons. It reads the From_ line as ASCII and stops at the first archive that
holds other bytes there, and it takes every line of a body that begins with "From " for a new message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

from regard.sources.formats.bundle import CHUNK

MAX_MESSAGE: Final = 64 << 20
"""Bytes of a message that are kept. Only attachments come after so many."""
MAX_FROM_LINE: Final = 1_000
"""Bytes of a From_ line, its line feed included. A longer line is not one."""

_DAY, _MONTH = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)", r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_CLOCK, _ZONE = r" +\d{1,2}:\d\d(?::\d\d)?", r"(?: +(?:[+-]\d{4}|[A-Z]{1,5}))?"
_FROM_LINE = re.compile(
    (
        rf"From (\S{{1,320}}(?: (?:at|\(at\)|\(a\)) \S{{1,320}})?)[ \t]+"
        rf"({_DAY},? +(?:{_MONTH} +\d{{1,2}}{_CLOCK}{_ZONE} +\d{{4}}{_ZONE}|\d{{1,2}} {_MONTH} +\d{{4}}{_CLOCK}{_ZONE}))"
        rf"(?: remote from \S+)?\s*"
    ).encode()
)
# The first line of a git patch has the form of a From_ line. Inside a message it belongs to an attached patch.
_GIT_PATCH = re.compile(rb"From [0-9a-f]{40} ")
_HEADER_LINE = re.compile(rb"[!-9;-~]{1,100}[ \t]*:|>From ")
_NOT_DELIVERED_BY = frozenset({b"-", b"MAILER-DAEMON", b"nobody", b"mboxrd@z", b"git@z"})
"""Senders that mail programs, Python and public-inbox write when they make a mailbox. The date is then of that day, or of 1970."""
_START = b"\nFrom "
_OVERLAP = MAX_FROM_LINE + 8
_BOM = b"\xef\xbb\xbf"


class Message(NamedTuple):
    """One message as it lies in its mailbox."""

    line: int
    """Number of its From_ line in the file, counted from 1."""
    delivered: bytes
    """The delivery date in its From_ line. Empty if the date there is not the date of delivery."""
    header: bytes
    """The header section (RFC 5322), without the empty line that ends it."""
    body: bytes
    truncated: bool = False
    """True if the message is longer than `MAX_MESSAGE` bytes, so that its end is missing."""


class _FromLine(NamedTuple):
    line: int
    delivered: bytes


def delivery_date(line: bytes) -> bytes | None:
    """The delivery date of a From_ line. Empty if the date there is not the date of delivery; None if it is no From_ line.

    >>> delivery_date(b"From ann at example.org  Mon Apr  3 07:06:09 2006\\n"), delivery_date(b"From what I see it works.\\n")
    (b'Mon Apr  3 07:06:09 2006', None)
    """
    match = _FROM_LINE.fullmatch(line) if len(line) <= MAX_FROM_LINE else None
    if match is None or _GIT_PATCH.match(line):
        return None
    return b"" if match[1] in _NOT_DELIVERED_BY else match[2]


def begins_mailbox(start: bytes) -> bool:
    """Whether a file that starts with these bytes is a mailbox: a From_ line comes first, and a header field second.

    >>> begins_mailbox(b"\\n\\nFrom - Mon Apr  3 07:06:09 2006\\nSubject: hello\\n")
    True
    """
    first, _, rest = start.removeprefix(_BOM).lstrip(b"\r\n").partition(b"\n")
    return delivery_date(first) is not None and _HEADER_LINE.match(rest) is not None


def split_messages(stream: BinaryIO, chunk_size: int = CHUNK) -> Iterator[Message]:
    """The messages of a mailbox, in order. Bytes before the first From_ line are skipped.

    Memory holds one message and one chunk of `chunk_size` bytes.

    >>> import io
    >>> [(m.line, m.header) for m in split_messages(io.BytesIO(b"From a@b.org Mon Apr  3 07:06:09 2006\\nSubject: hello\\n\\nWell?\\n"))]
    [(1, b'Subject: hello')]
    """
    # Two line feeds stand for the empty line before the first From_ line. `line` is the number of the window's first line.
    window, line, search_from = bytearray(b"\n\n"), -1, 0
    current: _FromLine | None = None
    # The first MAX_MESSAGE bytes of the current message, as soon as it is longer than that.
    truncated = b""
    chunk = stream.read(chunk_size).removeprefix(_BOM)
    while True:
        window += chunk
        start = 0
        for position, delivered in _find_from_lines(window, search_from, is_last=not chunk):
            if current is not None:
                yield _message(current, truncated or bytes(window[start:position]), truncated=truncated != b"")
            line += window.count(b"\n", start, position)
            start, current, truncated = position, _FromLine(line, delivered), b""
        if not chunk:
            break
        if not truncated and len(window) - start > MAX_MESSAGE:
            truncated = bytes(window[start : start + MAX_MESSAGE])
        if truncated:
            # Drop the rest of the message, except its last bytes: the next From_ line may begin there.
            end = max(start, len(window) - _OVERLAP)
            line += window.count(b"\n", start, end)
            start = end
        del window[:start]
        search_from = max(0, len(window) - _OVERLAP)
        chunk = stream.read(chunk_size)
    if current is not None:
        yield _message(current, truncated or bytes(window[start:]), truncated=truncated != b"")


def _find_from_lines(window: bytearray, search_from: int, *, is_last: bool) -> Iterator[tuple[int, bytes]]:
    """Position and delivery date of each From_ line. A line without its end is left to the next chunk, unless this is the last."""
    position = window.find(_START, search_from)
    while position >= 0:
        start = position + 1
        if window[position - 1 : position] == b"\n" or window[position - 2 : position] == b"\n\r":
            end = window.find(b"\n", start, start + MAX_FROM_LINE)
            if end < 0 and is_last:
                end = len(window)
            if end >= 0 and (delivered := delivery_date(bytes(window[start:end]))) is not None:
                yield start, delivered
        position = window.find(_START, start)


def _message(from_line: _FromLine, data: bytes, *, truncated: bool) -> Message:
    header, body = split_header(data.partition(b"\n")[2])
    return Message(from_line.line, from_line.delivered, header, body, truncated)


def split_header(data: bytes) -> tuple[bytes, bytes]:
    """Header section and body of a message or part: the bytes before and after its first empty line."""
    for empty_line in (b"\n", b"\r\n"):
        if data.startswith(empty_line):
            return b"", data[len(empty_line) :]
    position = data.find(b"\n\n")
    with_cr = data.find(b"\n\r\n", 0, position if position >= 0 else len(data))
    if with_cr >= 0:
        return data[:with_cr], data[with_cr + 3 :]
    return (data[:position], data[position + 2 :]) if position >= 0 else (data, b"")
