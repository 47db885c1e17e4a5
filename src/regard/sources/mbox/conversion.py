"""Finds messages whose Date header tells when their mailbox was converted, not when they were sent.

Some conversions give all messages one Date. Then the From_ lines, with the dates of delivery, still tell the truth.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, groupby, islice
from typing import Final, NamedTuple

from regard.sources.mbox.dates import parse_date
from regard.sources.mbox.messages import Mail
from regard.sources.mbox.split import Message

ENOUGH: Final = 3
"""Messages in a row with one Date that show a conversion. Two may be sent in the same second, and delivered late."""
MIN_SPREAD: Final = 86_400 * 1_000_000
"""Microseconds between deliveries of such messages, at least."""


class Placed(NamedTuple):
    """A mail, and the message of the mailbox that it was read from."""

    mail: Mail
    message: Message


def distrust_dates_of_conversion(messages: Iterable[Message]) -> Iterator[Placed]:
    """The mails of messages, in order. Memory holds `ENOUGH` of them."""
    placed = (Placed(Mail.of(message), message) for message in messages)
    for date, alike in groupby(placed, key=lambda each: each.mail.headers.raw("date")):
        first = list(islice(alike, ENOUGH)) if date else []
        is_conversion = len(first) == ENOUGH and _is_conversion(first)
        for each in chain(first, alike):
            is_trusted = not (is_conversion and each.mail.delivered)
            yield each if is_trusted else each._replace(mail=each.mail._replace(trust_date=False))


def _is_conversion(alike: list[Placed]) -> bool:
    """Whether these are different messages, delivered on different days."""
    deliveries = [parse_date(each.mail.delivered.decode("latin_1")) for each in alike]
    times = [delivery.time for delivery in deliveries if delivery is not None]
    ids = {each.mail.headers.raw("message-id") or each.message.line for each in alike}
    return len(times) == len(ids) == len(alike) and max(times) - min(times) >= MIN_SPREAD
