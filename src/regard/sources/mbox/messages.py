"""The acts of one mail message.

- A message that answers none is a `post`; any other is a `reply`. The record finds the author of the parent.
- A trailer that gives credit ("Reported-by: Ann <ann@example.org>") is a `thank` from the sender of the message.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final, NamedTuple

from regard.record.schema import Account, Act
from regard.sources.base import MAX_TEXT, Parsed
from regard.sources.mbox.addresses import masked_name
from regard.sources.mbox.body import read_body
from regard.sources.mbox.dates import DATE_OF_DELIVERY, SendTime, send_time
from regard.sources.mbox.headers import Headers, read_headers
from regard.sources.mbox.quoting import find_thanks, own_words
from regard.sources.mbox.replies import reply_links
from regard.sources.mbox.senders import Sender, find_sender, to_account
from regard.sources.mbox.split import MAX_MESSAGE, Message, split_header

NO_AUTHOR: Final = "messages without an author"
HIDDEN_SENDER: Final = "messages whose list hides the sender's address: known by name only"
MASKED_SENDER: Final = "messages whose archive masks the sender's address: known by name only, within the list"
MASKED_NOBODY: Final = "messages left out whose sender's address is masked and who has no name"
PRIVATE: Final = "private messages left out"
MASKED: Final = "sender's address masked"
"""Note of an act whose actor is a name."""
DIGEST: Final = "digests left out"
AUTOMATIC_REPLY: Final = "automatic replies left out"
NO_ID: Final = "messages without an id"
NO_TIME: Final = "messages without a date"
DELIVERED: Final = "dates of delivery taken, the sender's being missing or absurd"
ONE_DATE: Final = "dates of delivery taken, the sender's being the same on messages of different days"
UNKNOWN_ZONE: Final = "dates in a zone that is not known or has a name of several (BST, CST, IST): delivery taken, or right to the day"
TRUNCATED: Final = f"messages of more than {MAX_MESSAGE >> 20} MB read in part"
PASSED_OVER: Final = "lines that look like separators passed over"
NO_ADDRESS: Final = "thanks to people without an address left out"


class Mail(NamedTuple):
    """One message (RFC 5322) with its header fields read."""

    headers: Headers
    body: bytes
    delivered: bytes = b""
    """The delivery date in its From_ line, if it comes from a mailbox."""
    truncated: bool = False
    """True if the end of the message is missing."""
    trust_date: bool = True
    """False if the Date header is that of messages of different days, so that it tells when the mailbox was converted."""

    @classmethod
    def of(cls, message: Message) -> Mail:
        """The mail in a message of a mailbox."""
        return cls(read_headers(message.header), message.body, message.delivered, message.truncated)


class MessageContext(NamedTuple):
    """What the acts of a message take from outside it."""

    file: str
    line: int
    """Number of the message's From_ line in the file."""
    keep_text: bool = True
    private: bool = False
    """Read private messages too."""


def to_acts(raw: object, context: MessageContext) -> Parsed:
    """The acts of one message: a `Mail`, or the bytes of a message. Anything else is a message without an author.

    An automatic reply and a digest have no act, since nobody wrote them. A private message has one only if the context allows it.

    >>> [act.kind for act in to_acts(b"From: ann@x.org\\nIn-Reply-To: <1@x.org>\\n\\nYes.", MessageContext("list.mbox", 1)).acts]
    ['reply']
    """
    mail = _to_mail(raw)
    sender = None if mail is None else find_sender(mail.headers)
    if mail is None or sender is None:
        is_masked = mail is not None and masked_name(mail.headers.plain("from")) is not None
        return Parsed(notes=[MASKED_NOBODY if is_masked else NO_AUTHOR])
    headers = mail.headers
    if _is_automatic_reply(headers):
        return Parsed(notes=[AUTOMATIC_REPLY])
    if _is_private(headers) and not context.private:
        return Parsed(notes=[PRIVATE])
    body = read_body(headers, mail.body)
    if body.is_digest:
        return Parsed(notes=[DIGEST])
    words = own_words(body.text)
    ids = headers.own_ids()
    sent = send_time(headers, mail.delivered, trust_date=mail.trust_date)
    act = _act(headers, ids or [_derived_id(headers, words)], sender, sent, words, context)
    thanks = _thanks(act, words)
    remarks = {
        HIDDEN_SENDER: sender.is_hidden,
        MASKED_SENDER: sender.is_masked,
        TRUNCATED: mail.truncated,
        NO_ID: not ids,
        NO_TIME: sent.time is None,
        UNKNOWN_ZONE: sent.is_zone_unknown and mail.trust_date,
        ONE_DATE: not mail.trust_date,
        DELIVERED: sent.note == DATE_OF_DELIVERY and mail.trust_date and not sent.is_zone_unknown,
    }
    return Parsed(
        [act, *thanks.acts],
        [to_account(sender.id, sender.name), *thanks.accounts],
        [*(note for note, applies in remarks.items() if applies), *thanks.notes],
    )


def is_automatic(headers: Headers) -> bool:
    """Whether the message is marked as sent by a program (RFC 3834). Its sender may still be a person."""
    return headers.raw("auto-submitted").lower().startswith(b"auto-")


def _to_mail(raw: object) -> Mail | None:
    if isinstance(raw, bytes):
        header, body = split_header(raw)
        return Mail(read_headers(header), body)
    return raw if isinstance(raw, Mail) else None


def _is_automatic_reply(headers: Headers) -> bool:
    # A comment may follow the word (RFC 3834).
    return headers.raw("auto-submitted").lower().startswith(b"auto-replied") or headers.raw("precedence").lower() == b"auto_reply"


def _is_private(headers: Headers) -> bool:
    """Whether the message lies in a person's own mailbox at Google and came through no list. Other mailboxes have no mark for this."""
    return headers.raw("x-gm-thrid") != b"" and headers.raw("list-id") == b"" and headers.raw("x-google-groups") == b""


def _derived_id(headers: Headers, words: str) -> str:
    """An id for a message without an id, derived from its sender, date, subject and words: a copy in another archive gets the same id."""
    content = [*(headers.raw(name) for name in ("from", "date", "subject")), " ".join(words.split()).encode()]
    return "sha256:" + hashlib.sha256(b"\n".join(content)).hexdigest()[:32]


def _act(headers: Headers, ids: Sequence[str], sender: Sender, sent: SendTime, words: str, context: MessageContext) -> Act:
    item, *other_ids = ids
    links = reply_links(headers, item)
    return Act(
        actor=sender.id,
        kind="reply" if links.is_reply else "post",
        time=sent.time,
        item=item,
        parent=links.candidates[0] if links.candidates else None,
        ancestors="\n".join(links.candidates[1:]) or None,
        thread=links.thread if links.is_reply else item,
        channel=headers.channel(),
        text=_text(headers, words, with_subject=not links.is_reply) if context.keep_text else None,
        precision=sent.precision,
        clock=sent.clock,
        visibility="direct" if _is_private(headers) else "members",
        note="; ".join(filter(None, (MASKED if sender.is_masked else None, sent.note))) or None,
        file=context.file,
        line=context.line,
        other_ids="\n".join(other_ids) or None,
    )


def _text(headers: Headers, words: str, *, with_subject: bool) -> str | None:
    text = f"{headers.text('subject')}\n{words}".strip() if with_subject else words
    return text[:MAX_TEXT] or None


def _thanks(act: Act, words: str) -> Parsed:
    """A `thank` for each person whom the trailers credit, except the sender."""
    receivers: dict[str, Account] = {}
    acts: list[Act] = []
    notes: list[str] = []
    for trailer in find_thanks(words):
        receiver = trailer.receiver
        if receiver is None:
            notes.append(NO_ADDRESS)
        elif receiver.id not in (act.actor, *receivers):
            receivers[receiver.id] = to_account(receiver.id, receiver.name)
            acts.append(
                act._replace(kind="thank", target=receiver.id, label=trailer.label, parent=None, ancestors=None, text=None, other_ids=None)
            )
    return Parsed(acts, list(receivers.values()), notes)
