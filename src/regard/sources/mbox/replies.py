"""Which earlier message a message answers: its References and In-Reply-To headers (RFC 5322, section 3.6.4)."""

from __future__ import annotations

from typing import Final, NamedTuple

from regard.sources.mbox.headers import Headers

MAX_ANCESTORS: Final = 32
"""Ids of earlier messages kept besides the parent's. They bridge the gaps of an archive."""


class ReplyLinks(NamedTuple):
    """What a message answers."""

    is_reply: bool
    candidates: list[str]
    """Ids of earlier messages that may be the parent, nearest first."""
    thread: str | None
    """Id of the message that began the thread; None if the headers do not name it."""


def reply_links(headers: Headers, item: str) -> ReplyLinks:
    """What the message with the id `item` answers: the last id of References, or otherwise the first of In-Reply-To.

    The subject does not count: a message with "Re:" and neither header answers nothing.

    >>> reply_links(Headers({"references": b"<1@x.org> <2@x.org>", "in-reply-to": b"<3@x.org> (Ann's message)"}), "4@x.org")
    ReplyLinks(is_reply=True, candidates=['2@x.org', '1@x.org', '3@x.org'], thread='1@x.org')
    """
    references, in_reply_to = headers.ids("references"), headers.ids("in-reply-to")
    candidates = dict.fromkeys([*references[-MAX_ANCESTORS - 1 :][::-1], *in_reply_to[:MAX_ANCESTORS]])
    candidates.pop(item, None)
    # Prose without an id still means a reply. A message that names only itself answers nothing.
    is_prose = not in_reply_to and headers.raw("in-reply-to").strip(b"<> ") != b""
    return ReplyLinks(bool(candidates) or is_prose, list(candidates), references[0] if references else None)
