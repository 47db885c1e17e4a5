"""Single values of a Stack Exchange dump: ids, times, tags, HTML bodies, and the @name a comment begins with."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from html import unescape
from typing import Final

from regard.sources.base import MAX_TEXT as MAX_TEXT
from regard.sources.formats.timestamps import NEVER as NEVER
from regard.sources.formats.timestamps import Moment as Moment

MAX_ID: Final = 2**31 - 1
"""The largest id taken. The largest site has given out 80 million to posts; four bytes an id keep the memory small."""
MAX_NAME: Final = 200
MAX_BODY: Final = 10 * MAX_TEXT
"""Characters of HTML looked at: markup is seldom the larger part, and never nine tenths."""

_EPOCH = datetime(1970, 1, 1)
_MARKUP = re.compile(r"<[^<>]*>")  # without "<" inside, so that a million of them are not a million scans
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_AT = re.compile(r"@(\S{3,80})")
_WORD = re.compile(r"\w{3,}")


def number(text: str | None) -> int | None:
    """An id as a number, where it is one from 1 to `MAX_ID` written in the usual way; else None.

    >>> number("42"), number("-1"), number("042"), number("4e9"), number("99999999999"), number(None)
    (42, None, None, None, None, None)
    """
    if text is None or len(text) > 10 or not (text.isascii() and text.isdigit()) or text[0] == "0":
        return None
    value = int(text)
    return value if value <= MAX_ID else None


def moment(text: str | None) -> Moment:
    """The time of a post or comment, which the dump writes in UTC, without a zone and with milliseconds; exact.

    >>> moment("2018-03-12T17:00:45.567")
    Moment(time=1520874045567000, precision='ms')
    >>> moment("yesterday")
    Moment(time=None, precision='none')
    """
    if text is None or not 19 <= len(text) <= 28:
        return NEVER
    try:
        since = datetime.fromisoformat(text.removesuffix("Z")) - _EPOCH
    except (ValueError, TypeError):  # TypeError: a zone, which the dump never writes
        return NEVER
    # Integers all the way: total_seconds() is a float, and loses the last digits.
    time = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    return Moment(time, "ms" if since.microseconds or len(text) > 20 else "s")


def day(text: str | None) -> Moment:
    """The date of a vote. The dump takes the time of day away, to keep voters unknown, and leaves midnight.

    >>> day("2018-03-12T00:00:00.000")
    Moment(time=1520812800000000, precision='day')
    """
    return NEVER if text is None else _day(text[:10])


@lru_cache(maxsize=8192)
def _day(date: str) -> Moment:
    time = moment(f"{date}T00:00:00").time
    return NEVER if time is None else Moment(time, "day")


def tags(text: str | None) -> str | None:
    """A question's tags, apart by spaces, from either way of writing them: `<a><b>` until 2023, `|a|b|` since.

    >>> tags("<qubit><quantum-gate>"), tags("|qubit|quantum-gate|"), tags("")
    ('qubit quantum-gate', 'qubit quantum-gate', None)
    """
    if not text:
        return None
    return " ".join(text[:1_000].replace("<", " ").replace(">", " ").replace("|", " ").split()) or None


def plain(html: str) -> str:
    """The words of a post's body: markup off first, then entities decoded, once.

    Blocks end with a line feed in the dump's HTML, so words on both sides of a tag stay apart by themselves; `<br>` alone may not.

    >>> plain("<p>Is <code>a &lt; b</code>?<br>Or &amp;lt;?</p>")
    'Is a < b?\\nOr &lt;?'
    """
    body = html[:MAX_BODY]
    if "<" in body:
        body = _MARKUP.sub("", _BREAK.sub("\n", body) if "<br" in body else body)
    if "&" in body:
        with suppress(ValueError):  # "&#" and more than 4,300 digits: Python's limit on reading numbers
            body = unescape(body)
    return body.strip()


def fold(name: str) -> str:
    """A display name as an @name is compared with it: without spaces, without case.

    >>> fold("Mark S")
    'marks'
    """
    return "".join(name.split()).casefold()


def addressed(text: str) -> tuple[str, ...]:
    """What the @name at the beginning of a comment may say, likeliest first; empty where there is none of three characters.

    Punctuation belongs to the sentence or to the name ("@Mr.X", "@Ann's point"): the name with it is tried first, then without.

    >>> addressed("@Ann: yes"), addressed("@Ann's point"), addressed("@Al no"), addressed("mail@home")
    (('ann',), ("ann's", 'ann'), (), ())
    """
    found = _AT.match(text)
    if found is None:
        return ()
    name = found[1].casefold().rstrip(".,:;!?)\"'")
    word = _WORD.match(name)
    either = (name, word[0]) if word else (name,)
    return tuple(dict.fromkeys(form for form in either if len(form) >= 3))
