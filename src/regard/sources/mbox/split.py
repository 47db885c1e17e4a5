"""A mailbox, split into its messages.

The format is mbox (RFC 4155) in all its variants: mboxo, mboxrd, mboxcl. Each message follows a From_ line such as
`From ann@example.org  Mon Apr  3 07:06:09 2006`. Before that line comes an empty line, or the start of the file. Other forms of that line
are in `separators.py`.

The standard library's `mailbox.mbox` is not used, for two reasons. It reads the From_ line as ASCII and stops at the first archive that
holds other bytes there, and it takes every line of a body that begins with "From " for a new message.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

from regard.sources.formats.bundle import CHUNK
from regard.sources.mbox.separators import BOM, MAX_FROM_LINE, MAX_HEADER, begins_header, date_in_other_form, delivery_date, has_no_date

MAX_MESSAGE: Final = 64 << 20
"""Bytes of a message that are kept. Only attachments come after so many."""
_START = b"\nFrom "
_OVERLAP = MAX_FROM_LINE + MAX_HEADER + 8


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
    passed_over: int = 0
    """Lines in it that look like separators, but have no mail header below them."""


class _FromLine(NamedTuple):
    line: int
    delivered: bytes


class _Found(NamedTuple):
    """What lies in a window."""

    separators: list[tuple[int, bytes, int]]
    """Position and delivery date of each From_ line, and the number of lines passed over before it."""
    passed_over: int
    """Lines after the last From_ line that look like one and are none."""
    undecided: int
    """Where to go on when more bytes have come."""


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
    truncated, passed_over = b"", 0
    chunk = stream.read(chunk_size).removeprefix(BOM)
    while True:
        window += chunk
        start = 0
        found = _find_from_lines(window, search_from, is_last=not chunk)
        for position, delivered, passed_before in found.separators:
            if current is not None:
                data = truncated or bytes(window[start:position])
                yield _message(current, data, truncated=truncated != b"", passed_over=passed_over + passed_before)
            line += window.count(b"\n", start, position)
            start, current, truncated, passed_over = position, _FromLine(line, delivered), b"", 0
        passed_over += found.passed_over
        if not chunk:
            break
        if not truncated and len(window) - start > MAX_MESSAGE:
            truncated = bytes(window[start : start + MAX_MESSAGE])
        search_from = found.undecided
        if truncated:
            # Drop the rest of the message, except its last bytes: the next From_ line may begin there.
            end = max(start, len(window) - _OVERLAP)
            line += window.count(b"\n", start, end)
            start = end
        del window[:start]
        search_from = max(0, search_from - start)
        chunk = stream.read(chunk_size)
    if current is not None:
        yield _message(current, truncated or bytes(window[start:]), truncated=truncated != b"", passed_over=passed_over)


def _find_from_lines(window: bytearray, search_from: int, *, is_last: bool) -> _Found:
    """The From_ lines of a window. A line whose end or following header has not come is left to the next chunk, unless this is the last."""
    separators: list[tuple[int, bytes, int]] = []
    passed_over, position = 0, window.find(_START, search_from)
    while position >= 0:
        start = position + 1
        end = window.find(b"\n", start, start + MAX_FROM_LINE)
        if end < 0 and len(window) < start + MAX_FROM_LINE:
            if not is_last:
                break
            end = len(window)
        line = bytes(window[start:end]) if end >= 0 else b""
        is_apart = window[position - 1 : position] == b"\n" or window[position - 2 : position] == b"\n\r"
        delivered = delivery_date(line) if is_apart else None
        other = date_in_other_form(line) if delivered is None else None
        if other is not None or (delivered is None and is_apart and has_no_date(line)):
            if not is_last and len(window) < end + 1 + MAX_HEADER:
                break
            if begins_header(window, end + 1):
                delivered = other or b""
            else:
                passed_over += other is not None
        if delivered is not None:
            separators.append((start, delivered, passed_over))
            passed_over = 0
        position = window.find(_START, start)
    return _Found(separators, passed_over, position if position >= 0 else max(0, len(window) - len(_START)))


def _message(from_line: _FromLine, data: bytes, *, truncated: bool, passed_over: int) -> Message:
    header, body = split_header(data.partition(b"\n")[2])
    return Message(from_line.line, from_line.delivered, header, body, truncated, passed_over)


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
