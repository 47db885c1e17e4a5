"""Mailing lists as mailboxes: mbox files, Pipermail's months, HyperKitty's exports.

A mailbox is messages one after another, each behind a line such as `From ann@example.org  Mon Apr  3 07:06:09 2006` (`mail_split`).
Where it comes from: Pipermail offers a file a month ("Downloadable version", 2006-April.txt.gz); HyperKitty has
`/archives/list/NAME/export/NAME.mbox.gz`; public-inbox gives `t.mbox.gz` for a thread; Google Takeout has one for each group or label;
mail programs save their folders so.

A message that answers none is a `post`, all others are a `reply`; the record finds whom it answers. A trailer that credits somebody
("Reported-by: Ann <ann@example.org>") is a `thank` from the one who sends it.

Traps. Archives mask addresses, and lists put their own in the sender's place (`mail_people`). Clocks may be wrong by years: then the
date of delivery is taken, which Pipermail tells without a zone. Ids may be missing, or stand in prose. The same message lies in the
archive of each list it was sent to, under one id: the record keeps it once.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from regard.errors import Malformed
from regard.record.schema import Act, Batch
from regard.sources.base import BATCH_ACTS, Options, Source
from regard.sources.formats.bundle import Bundle
from regard.sources.mbox.body import read_body
from regard.sources.mbox.context import DATE_OF_DELIVERY, channel, is_private, links, when
from regard.sources.mbox.headers import Headers, read_headers
from regard.sources.mbox.quoting import LONGEST_TEXT, own_words, thanks
from regard.sources.mbox.senders import Author, People, author
from regard.sources.mbox.split import LONGEST_MESSAGE, Message, begins_mailbox, messages

BATCH_CHARACTERS: Final = 16 << 20
"""Long messages fill a batch sooner."""
NO_AUTHOR: Final = "messages without an author"
VEILED: Final = "messages whose list hides the sender's address: known by name only"
PRIVATE: Final = "private messages left out"
DIGEST: Final = "digests left out"
ABSENCE: Final = "automatic replies left out"
NO_ID: Final = "messages without an id"
NO_TIME: Final = "messages without a date"
DELIVERED: Final = "dates of delivery taken, the sender's being missing or absurd"
CUT: Final = f"messages of more than {LONGEST_MESSAGE >> 20} MB read in part"
NAMELESS: Final = "thanks to people without an address left out"
NO_MAILBOX: Final = "files left out that are no mailbox"

_MONTHS: Final = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_MONTH = re.compile(rf"(\d{{4}}-)({'|'.join(_MONTHS)})\b")
_MAIL_NAME = re.compile(r"(?:.*\.)?(?:mbox|mbx|mail|txt|gz|bz2|xz|zst)|[^.]*", re.IGNORECASE)
_SAMPLE: Final = 20


@dataclass
class Reader:
    """Turns messages into acts, and keeps count of what it leaves out."""

    options: Options = field(default_factory=Options)
    people: People = field(default_factory=People)
    notes: Counter[str] = field(default_factory=Counter)

    def acts(self, message: Message, file: str) -> list[Act]:
        """The acts of one message, the one that bears its words first; none, and a note, for what nobody wrote."""
        headers = read_headers(message.head)
        who = author(headers)
        if who is None:
            return self._skip(NO_AUTHOR)
        automatic = headers.raw("auto-submitted").lower()  # RFC 3834: a word, and perhaps a comment
        if automatic.startswith(b"auto-replied") or headers.raw("precedence").lower() == b"auto_reply":
            return self._skip(ABSENCE)
        if is_private(headers) and not self.options.private:
            return self._skip(PRIVATE)
        reading = read_body(headers, message.body)
        if reading.digest:
            return self._skip(DIGEST)
        self.people.saw(who.id, who.name, automatic=automatic.startswith(b"auto-"))
        if who.veiled:
            self.notes[VEILED] += 1
        if message.cut:
            self.notes[CUT] += 1
        words = own_words(reading.text)
        act = self._act(headers, who, message, file, words)
        return [act, *self._thanks(act, words)] if "-by:" in words.lower() else [act]

    def _skip(self, note: str) -> list[Act]:
        self.notes[note] += 1
        return []

    def _act(self, headers: Headers, who: Author, message: Message, file: str, words: str) -> Act:
        item = self._item(headers)
        parents = links(headers, item)
        at = when(headers, message.stamp)
        if at.note == DATE_OF_DELIVERY or at.time is None:
            self.notes[NO_TIME if at.time is None else DELIVERED] += 1
        return Act(
            actor=who.id,
            kind="reply" if parents.answers else "post",
            time=at.time,
            item=item,
            parent=parents.candidates[0] if parents.candidates else None,
            ancestors="\n".join(parents.candidates[1:]) or None,
            thread=parents.thread if parents.answers else item,
            channel=channel(headers),
            text=self._text(headers, words, opens=not parents.answers),
            precision=at.precision,
            clock=at.clock,
            visibility="direct" if is_private(headers) else "members",
            note=at.note,
            file=file,
            line=message.line,
        )

    def _item(self, headers: Headers) -> str:
        if found := headers.ids("message-id"):
            return found[0]
        self.notes[NO_ID] += 1
        told = b"\n".join(headers.raw(name) for name in ("from", "date", "subject"))
        return "sha256:" + hashlib.sha256(told).hexdigest()[:32]

    def _text(self, headers: Headers, words: str, *, opens: bool) -> str | None:
        if not self.options.text:
            return None
        text = f"{headers.text('subject')}\n{words}".strip() if opens else words
        return text[:LONGEST_TEXT] or None

    def _thanks(self, act: Act, words: str) -> Iterator[Act]:
        told: set[str] = {act.actor}
        for trailer in thanks(words):
            if trailer.to is None:
                self.notes[NAMELESS] += 1
            elif trailer.to.id not in told:
                told.add(trailer.to.id)
                self.people.saw(trailer.to.id, trailer.to.name, mails=0)
                yield act._replace(kind="thank", target=trailer.to.id, label=trailer.label, parent=None, ancestors=None, text=None)


def in_order(names: list[str]) -> list[str]:
    """File names sorted, the months of Pipermail by the calendar.

    >>> in_order(["2006-May.txt", "2006-April.txt.gz"])
    ['2006-April.txt.gz', '2006-May.txt']
    """
    return sorted(names, key=lambda name: _MONTH.sub(lambda found: f"{found[1]}{_MONTHS.index(found[2]) + 1:02}", name))


def recognise(bundle: Bundle) -> bool:
    """Whether a mailbox is among the files, those first that are named like one."""
    likely = sorted(bundle.names, key=lambda name: _MAIL_NAME.fullmatch(name.rpartition("/")[2]) is None)
    return any(begins_mailbox(bundle.head(name)) for name in likely[:_SAMPLE])


def mailboxes(bundle: Bundle, notes: Counter[str]) -> Iterator[str]:
    """The names of the mailboxes, in order; raises Malformed where a file is broken, or none is a mailbox."""
    found = False
    for name in in_order(bundle.names):
        head = bundle.head(name)
        if begins_mailbox(head):
            found = True
            yield name
        elif head.strip():
            notes[NO_MAILBOX] += 1
        elif bundle.entries[name].packed:
            # Of a broken file nothing can be seen; a month without messages is empty and sound.
            with bundle.open(name) as stream:
                stream.read(1)
    if notes[NO_MAILBOX] and not found:
        raise Malformed(
            bundle.title, "a mailbox, which begins with a line such as 'From name@host Mon Apr  3 07:06:09 2006'", "there is none"
        )


def read(bundle: Bundle, options: Options) -> Iterator[Batch]:
    """The acts of all mailboxes in a bundle."""
    reader = Reader(options)
    acts: list[Act] = []
    characters = 0
    for name in mailboxes(bundle, reader.notes):
        with bundle.open(name) as stream:
            for message in messages(stream):
                found = reader.acts(message, name)
                acts += found
                characters += len(found[0].text or "") if found else 0
                if len(acts) >= BATCH_ACTS or characters >= BATCH_CHARACTERS:
                    yield Batch(acts, reader.people.fresh())
                    acts, characters = [], 0
    notes = tuple((note, count) for note, count in reader.notes.items() if count)
    yield Batch(acts, [*reader.people.fresh(), *reader.people.automata()], notes)


MBOX = Source(
    name="mbox",
    title="Mailing list (mbox, pipermail)",
    about=(
        "The archive of a mailing list: Pipermail's monthly files, a HyperKitty or public-inbox export, a mailbox saved by a mail program."
        " Holds every message with its author, time and the message it answers."
    ),
    recognise=recognise,
    read=read,
    sensitive=("To", "Cc", "Received and other traces of machines", "signatures", "attachments"),
    missing="who read a message, who follows the list, reactions, and answers sent to the author alone",
)
