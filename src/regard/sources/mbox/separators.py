"""The lines between the messages of a mailbox, in the form of the format's text (RFC 4155) and in the forms that programs write.

A line of the known form after an empty line is a separator. Other forms also occur in prose: no empty line above, a whole From header in
the line, no sender, a date in ISO form or in another language. Such a line is a separator only if a mail header follows it. A line
with a sender and no date is one only if an empty line is above it, too.
"""

from __future__ import annotations

import re
from typing import Final

MAX_FROM_LINE: Final = 1_000
"""Bytes of a From_ line, its line feed included. A longer line is not one."""
MAX_HEADER: Final = 16_384
"""Bytes after a line of another form in which a mail header is looked for."""
BOM: Final = b"\xef\xbb\xbf"

_DAY, _MONTH = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)", r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_CLOCK, _ZONE = r" +\d{1,2}:\d\d(?::\d\d)?", r"(?: +(?:[+-]\d{4}|[A-Z]{1,5}))?"
_DATE = rf"{_DAY},? +(?:{_MONTH} +\d{{1,2}}{_CLOCK}{_ZONE} +\d{{4}}{_ZONE}|\d{{1,2}} {_MONTH} +\d{{4}}{_CLOCK}{_ZONE})"
_FROM_LINE = re.compile(rf"From (\S{{1,320}}(?: (?:at|\(at\)|\(a\)) \S{{1,320}})?)[ \t]+({_DATE})(?: remote from \S+)?\s*".encode())

_WORD = r"[A-Za-z\x80-\xff]{1,40}[.,]{0,2}"
_ANY_MONTH = r"\d{0,2}[A-Za-z\x80-\xff]{2,40}[.,]?"
_ANY_CLOCK, _ANY_ZONE = (
    r" +(?:\xc3\xa0 +|um +|at +)?\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?: [AP]M)?",
    r"(?: *(?:Z|[A-Z]{2,5}|(?:GMT|UTC)?[+-]\d\d:?\d\d))?",
)
_ISO = rf"\d{{4}}[-/]\d\d[-/]\d\d(?:(?:T|(?= )){_ANY_CLOCK.replace(' +', ' *')})?{_ANY_ZONE}"
_NUMBERS = (
    rf"\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}}{_ANY_CLOCK}{_ANY_ZONE}|\d{{1,2}}-[A-Za-z]{{3}}-\d{{4}}{_ANY_CLOCK}{_ANY_ZONE}"
    rf"|\d{{8}}T?\d{{6}}Z?|\d{{9,10}}|\d{{4}}\xe5\xb9\xb4\d{{1,2}}\xe6\x9c\x88\d{{1,2}}\xe6\x97\xa5{_ANY_CLOCK}{_ANY_ZONE}"
)
_LOCAL = (
    rf"(?:{_WORD} +)?(?:{_ANY_MONTH} +\d{{1,2}}[.,]?{_ANY_CLOCK}{_ANY_ZONE} +\d{{4}}{_ANY_ZONE}"
    rf"|{_ANY_MONTH} +\d{{1,2}},? +\d{{4}},?{_ANY_CLOCK}{_ANY_ZONE}"
    rf"|\d{{1,2}}\.? +{_ANY_MONTH} +\d{{4}}{_ANY_CLOCK}{_ANY_ZONE})"
)
_SENDER = r"(?:\"[^\"\n]{0,200}\" *<[^<>\n]{1,320}>|[^<>\n]{0,200}<[^<>\n]{1,320}>|\S{1,320}(?: (?:at|\(at\)|\(a\)|\[at\]) \S{1,320})?)"
# Runs of blanks are possessive: given back blank by blank, each line would take the square of its length.
_OTHER_LINE = rf"From[ \t]++(?:({_SENDER})[ \t]++)?({_ISO}|{_NUMBERS}|{_LOCAL})(?: remote from \S+)?"
_OTHER_FORM = re.compile(rf"{_OTHER_LINE}\s*".encode("latin_1"))
_SENDER_ALONE = re.compile(rf"From[ \t]++{_SENDER}\s*".encode("latin_1"))
_KNOWN_DATE = re.compile(rf"{_DATE}|{_ISO}".encode("latin_1"))

# The first line of a git patch has the form of a From_ line. Inside a message it belongs to an attached patch.
_GIT_PATCH = re.compile(rb"From [0-9a-f]{40} ")
_HEADER_LINE = re.compile(rb"[!-9;-~]{1,100}[ \t]*:|>From ")
# A line that looks like a separator ("From : 2024-01-01") ends a header. So no line is looked at after more than one such line.
_HEADER = re.compile(
    rf"(?![ \t])(?:(?!{_OTHER_LINE}[ \t\r]*(?:\n|\Z))(?:[!-9;-~]{{1,100}}[ \t]*:|>From |[ \t])[^\n]*(?:\n|\Z))+".encode("latin_1")
)
_MAIL_FIELDS = (re.compile(rb"^From[ \t]*:", re.I | re.M), re.compile(rb"^(?:Date|Message-ID|Subject|Received)[ \t]*:", re.I | re.M))
_NOT_DELIVERED_BY = frozenset({b"-", b"MAILER-DAEMON", b"nobody", b"mboxrd@z", b"git@z"})
"""Senders that mail programs, Python and public-inbox write when they make a mailbox. The date is then of that day, or of 1970."""


def delivery_date(line: bytes) -> bytes | None:
    """The delivery date of a From_ line. Empty if the date there is not the date of delivery; None if it is no From_ line.

    >>> delivery_date(b"From ann at example.org  Mon Apr  3 07:06:09 2006\\n"), delivery_date(b"From what I see it works.\\n")
    (b'Mon Apr  3 07:06:09 2006', None)
    """
    match = _FROM_LINE.fullmatch(line) if len(line) <= MAX_FROM_LINE else None
    return None if match is None or _GIT_PATCH.match(line) else _delivered(match)


def date_in_other_form(line: bytes) -> bytes | None:
    """The delivery date of a line that looks like a separator, of whatever form; empty if the date can't be read. None for other lines.

    >>> date_in_other_form(b'From "Ann" <ann@x.org> Tue Jan  2 10:02:00 2024'), date_in_other_form(b"From a@x.org mar. 2 janv. 2024 10:00")
    (b'Tue Jan  2 10:02:00 2024', b'')
    """
    match = _OTHER_FORM.fullmatch(line) if len(line) <= MAX_FROM_LINE else None
    return None if match is None or _GIT_PATCH.match(line) else _delivered(match)


def has_no_date(line: bytes) -> bool:
    """Whether a line has the form of a separator, but for the date that it lacks. Prose may have it too: "From there".

    >>> has_no_date(b"From ann@example.org"), has_no_date(b"From what I see")
    (True, False)
    """
    return len(line) <= MAX_FROM_LINE and _SENDER_ALONE.fullmatch(line) is not None and not _GIT_PATCH.match(line.rstrip() + b" ")


def _delivered(match: re.Match[bytes]) -> bytes:
    return b"" if match[1] in _NOT_DELIVERED_BY or not _KNOWN_DATE.fullmatch(match[2]) else match[2]


def begins_header(data: bytes | bytearray, start: int = 0) -> bool:
    """Whether a mail header begins here: nothing but header fields up to the first empty line, the sender's and another among them.

    >>> begins_header(b"From: a@x.org\\nSubject: hi\\n\\nhello"), begins_header(b"From: here\\nto there\\n\\n")
    (True, False)
    """
    end = min(len(data), start + MAX_HEADER)
    header = _HEADER.match(data, start, end)
    if header is None:
        return False
    is_whole = header.end() == end or data[header.end() : header.end() + 2].startswith((b"\n", b"\r\n"))
    is_cut = data.find(b"\n", header.end(), end) < 0
    return (is_whole or is_cut) and all(field.search(header[0]) for field in _MAIL_FIELDS)


def begins_mailbox(start: bytes) -> bool:
    """Whether a file that starts with these bytes is a mailbox: a From_ line comes first, and a header field second.

    >>> begins_mailbox(b"\\n\\nFrom - Mon Apr  3 07:06:09 2006\\nSubject: hello\\n")
    True
    """
    first, _, rest = start.removeprefix(BOM).lstrip(b"\r\n").partition(b"\n")
    if delivery_date(first) is not None:
        return _HEADER_LINE.match(rest) is not None
    return (date_in_other_form(first) is not None or has_no_date(first)) and begins_header(rest)
