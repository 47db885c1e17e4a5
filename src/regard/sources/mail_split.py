"""A mailbox split into messages (mbox: RFC 4155 and its older kin, mboxo, mboxrd and mboxcl).

A message begins behind a line such as `From ann@example.org  Mon Apr  3 07:06:09 2006` that has an empty line, or nothing, above it.
Bytes are split here and not by `mailbox.mbox`: that reads the line as ASCII and stops at the first archive that holds something else, and
it takes every line of a body that begins with "From " for a new message.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

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
_EMPTY = (b"\n", b"\r\n")
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


class Envelope(NamedTuple):
    """What a line between messages tells."""

    stamp: bytes


def envelope(line: bytes) -> Envelope | None:
    """What the line between two messages tells; None for any other line.

    >>> envelope(b"From ann at example.org  Mon Apr  3 07:06:09 2006\\n"), envelope(b"From what I see it works.\\n")
    (Envelope(stamp=b'Mon Apr  3 07:06:09 2006'), None)
    """
    found = _ENVELOPE.fullmatch(line) if len(line) <= LONGEST_ENVELOPE else None
    if found is None or _PATCH.match(line):
        return None
    return Envelope(b"" if found[1] in _UNDATED else found[2])


def begins_mailbox(head: bytes) -> bool:
    """Whether a file that begins so is a mailbox: a line that announces a message, then a header.

    >>> begins_mailbox(b"\\n\\nFrom - Mon Apr  3 07:06:09 2006\\nSubject: hello\\n")
    True
    """
    first, _, rest = head.removeprefix(_BOM).lstrip(b"\r\n").partition(b"\n")
    return envelope(first) is not None and _HEADER.match(rest) is not None


def messages(lines: Iterable[bytes]) -> Iterator[Message]:
    """The messages in the lines of a mailbox. What stands above the first one is passed over."""
    begin, told = 0, Envelope(b"")
    head: list[bytes] = []
    body: list[bytes] = []
    part, size, empty = head, 0, True
    for number, line in enumerate(lines, 1):
        if number == 1:
            line = line.removeprefix(_BOM)
        if empty and line.startswith(b"From ") and (next_told := envelope(line)):
            if begin:
                yield Message(begin, told.stamp, b"".join(head), b"".join(body), size > LONGEST_MESSAGE)
            begin, told, head, body = number, next_told, [], []
            part, size, empty = head, 0, False
            continue
        empty = line in _EMPTY
        if empty and part is head:
            part = body
            continue
        size += len(line)
        if size <= LONGEST_MESSAGE:
            part.append(line)
    if begin:
        yield Message(begin, told.stamp, b"".join(head), b"".join(body), size > LONGEST_MESSAGE)
