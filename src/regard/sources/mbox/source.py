"""Archives of mailing lists as mailboxes: mbox files, Pipermail's monthly files, HyperKitty's exports.

A mailbox holds messages one after another, each after a From_ line (see `split.py`). Where a mailbox comes from:

- Pipermail offers one file a month ("Downloadable version", 2006-April.txt.gz).
- HyperKitty has `/archives/list/NAME/export/NAME.mbox.gz`, and public-inbox gives `t.mbox.gz` for a thread.
- Google Takeout has one for each group or label. Mail programs save their folders as one.

What is hard about archives: they mask addresses, and some lists put their own address in place of the sender's (`senders.py`). Clocks may
be wrong by years (`dates.py`). Ids may be missing, or stand in prose (`replies.py`). The same message, with one id, lies in the archive of
each list that it was sent to: the record keeps it once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from regard.errors import Malformed
from regard.record.schema import Batch
from regard.sources.base import CERTAIN, Options, Parsed, Recognition, Source
from regard.sources.batch_builder import batches
from regard.sources.formats.bundle import Bundle
from regard.sources.mbox.conversion import distrust_dates_of_conversion
from regard.sources.mbox.messages import PASSED_OVER, PRIVATE, MessageContext, is_automatic, to_acts
from regard.sources.mbox.senders import KnownAccounts
from regard.sources.mbox.separators import begins_mailbox
from regard.sources.mbox.split import split_messages

NO_MAILBOX: Final = "files left out that are no mailbox"

_MONTHS: Final = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_MONTH = re.compile(rf"(\d{{4}}-)({'|'.join(_MONTHS)})\b")
_MAILBOX_NAME = re.compile(r"(?:.*\.)?(?:mbox|mbx|mail|txt|gz|bz2|xz|zst)|[^.]*", re.IGNORECASE)
_MAX_FILES: Final = 20
"""Files whose first bytes are looked at to recognise a mailbox."""


def recognise(bundle: Bundle) -> Recognition | None:
    """Recognise a mailbox among the files by its first lines. Files that are named like a mailbox are looked at first."""
    likely_first = sorted(bundle.names, key=lambda name: _MAILBOX_NAME.fullmatch(name.rpartition("/")[2]) is None)
    for name in likely_first[:_MAX_FILES]:
        if begins_mailbox(bundle.head(name)):
            return Recognition(CERTAIN, f"{name} begins with a From_ line and a mail header")
    return None


def read(bundle: Bundle, options: Options) -> Iterator[Batch]:
    """The acts of all mailboxes in a bundle. Raises Malformed if a file is broken, or if none of the files is a mailbox."""
    yield from batches(_records(bundle, options))


def in_order(names: list[str]) -> list[str]:
    """File names sorted, with the months of Pipermail in the order of the calendar.

    >>> in_order(["2006-May.txt", "2006-April.txt.gz"])
    ['2006-April.txt.gz', '2006-May.txt']
    """
    return sorted(names, key=lambda name: _MONTH.sub(lambda match: f"{match[1]}{_MONTHS.index(match[2]) + 1:02}", name))


def _records(bundle: Bundle, options: Options) -> Iterator[Parsed]:
    """The content of each message of each mailbox."""
    accounts = KnownAccounts()
    n_mailboxes = n_others = 0
    for name in in_order(bundle.names):
        start = bundle.head(name)
        if begins_mailbox(start):
            n_mailboxes += 1
            yield from _messages(bundle, name, options, accounts)
        elif start.strip():
            n_others += 1
        elif bundle.entries[name].packed:
            # The file is either broken, and reading raises, or a month without messages.
            with bundle.open(name) as stream:
                stream.read(1)
    if n_others and not n_mailboxes:
        raise Malformed(
            bundle.title, "a mailbox, which begins with a line such as 'From name@host Mon Apr  3 07:06:09 2006'", "there is none"
        )
    yield Parsed(accounts=accounts.programs(), counts=[(NO_MAILBOX, n_others)])


def _messages(bundle: Bundle, name: str, options: Options, accounts: KnownAccounts) -> Iterator[Parsed]:
    with bundle.open(name) as stream:
        for mail, message in distrust_dates_of_conversion(split_messages(stream)):
            parsed = to_acts(mail, MessageContext(name, message.line, options.text, options.private))
            parsed = parsed._replace(counts=[(PASSED_OVER, message.passed_over)] if message.passed_over else [])
            yield parsed._replace(accounts=accounts.add_message(parsed.accounts, automatic=is_automatic(mail.headers)))


MBOX = Source(
    name="mbox",
    title="Mailing list (mbox, pipermail)",
    about=(
        "The archive of a mailing list: Pipermail's monthly files, a HyperKitty or public-inbox export, a mailbox saved by a mail program."
        " Holds every message with its author, time and the message it answers."
    ),
    recognise=recognise,
    read=read,
    to_acts=to_acts,
    sensitive=("To", "Cc", "Received and other traces of machines", "signatures", "attachments"),
    missing="who read a message, who follows the list, reactions, and answers sent to the author alone",
    private_notes=((PRIVATE, "messages"),),
)
