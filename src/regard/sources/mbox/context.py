"""What surrounds a message's words: when it was said, where, and to which earlier message.

Clocks: the Date header is the sender's, and some are wrong by years. The date of delivery in the line above the message is a server's;
Pipermail writes it in the server's own zone and does not say which, so it may be off by hours.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from regard.record.schema import Clock, Precision
from regard.sources.mbox.headers import Headers, moment

MOST_ANCESTORS: Final = 32
"""Ids of earlier messages kept beside the parent: enough to bridge the gaps of an archive."""
FURTHEST_DATE: Final = 366 * 86_400 * 1_000_000
"""Microseconds. A Date header further than this from the delivery tells of a clock that was never set."""

DATE_OF_DELIVERY: Final = "date of delivery"
NO_ZONE: Final = "clock without a zone, read as UTC"
"""Notes of an act: what its time is worth."""


class When(NamedTuple):
    """The time of an act, and how far it can be trusted."""

    time: int | None
    precision: Precision = "s"
    clock: Clock = "client"
    note: str | None = None


class Links(NamedTuple):
    """What a message answers."""

    answers: bool
    candidates: list[str]
    """Ids of earlier messages, nearest first."""
    thread: str | None


def links(headers: Headers, item: str) -> Links:
    """What a message answers: the last id of References, else the first of In-Reply-To; subjects count for nothing.

    >>> links(Headers({"references": b"<1@x.org> <2@x.org>", "in-reply-to": b"<3@x.org> (Ann's message)"}), "4@x.org")
    Links(answers=True, candidates=['2@x.org', '1@x.org', '3@x.org'], thread='1@x.org')
    """
    references, answered = headers.ids("references"), headers.ids("in-reply-to")
    nearest = dict.fromkeys([*references[-MOST_ANCESTORS - 1 :][::-1], *answered[:MOST_ANCESTORS]])
    nearest.pop(item, None)
    # Prose without an id still says that something is answered; a message that names only itself answers nothing.
    prose = not answered and headers.raw("in-reply-to").strip(b"<> ") != b""
    return Links(bool(nearest) or prose, list(nearest), references[0] if references else None)


def when(headers: Headers, stamp: bytes) -> When:
    """The time of the Date header, or that of delivery where it is missing or absurd."""
    told = moment(headers.plain("date"))
    # Dates of one year are near enough, and most are; the year ends the line.
    if told is not None and stamp and b" %b " % stamp[-4:] in headers.raw("date"):
        return When(told.time, note=None if told.zoned else NO_ZONE)
    delivered = moment(stamp.decode("latin_1"))
    if told is not None and (delivered is None or abs(told.time - delivered.time) <= FURTHEST_DATE):
        return When(told.time, note=None if told.zoned else NO_ZONE)
    if delivered is not None:
        return When(delivered.time, clock="server", note=DATE_OF_DELIVERY)
    return When(None, "none")


def channel(headers: Headers) -> str | None:
    """The list's id (RFC 2919). A tag in the subject is no substitute: people change subjects.

    >>> channel(Headers({"list-id": b"People who talk <Talk.example.org>"}))
    'talk.example.org'
    """
    told = headers.plain("list-id").lower()
    inside = told.rpartition("<")[2].partition(">")[0].strip()
    return None if not inside or " " in inside else inside


def is_private(headers: Headers) -> bool:
    """Whether a message comes from a person's own mailbox at Google and through no list. Other mailboxes do not tell."""
    return headers.raw("x-gm-thrid") != b"" and headers.raw("list-id") == b""
