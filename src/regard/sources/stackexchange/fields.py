"""Single values of a row of a Stack Exchange dump: ids, times, tags, people, and the @names of a comment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias
from unicodedata import normalize

from regard.record.schema import Account
from regard.sources.formats.timestamps import NEVER, Moment

Row: TypeAlias = Mapping[str, str]
"""The attributes of a row. An attribute that is missing is NULL."""

MAX_ID: Final = 2**31 - 1
"""The largest id that is accepted. The largest site has given 80 million ids to posts, and four bytes an id keep memory small."""
MAX_NAME: Final = 200
"""Characters of a display name that are kept."""
COMMUNITY: Final = "-1"
"""The id of the user Community, in whose name the site itself acts."""

_EPOCH = datetime(1970, 1, 1)
_AT_NAME = re.compile(r"(?<![\w@/.])@(\S{3,80})")
_CODE = re.compile(r"`[^`\n]*`")
_ACCENT = re.compile("[\u0300-\u036f]")
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
"""Letters that no accent makes, as plain ones."""
_WORD = re.compile(r"\w{3,}")
_UNUSUAL_ID = re.compile(r"-?[0-9]{1,18}")
_DELETED = "name:"


def parse_id(text: str | None) -> int | None:
    """An id as a number. None unless the text is a number from 1 to `MAX_ID`, written in the usual way.

    >>> parse_id("42"), parse_id("-1"), parse_id("042"), parse_id("4e9"), parse_id("99999999999"), parse_id(None)
    (42, None, None, None, None, None)
    """
    if text is None or len(text) > 10 or not (text.isascii() and text.isdigit()) or text[0] == "0":
        return None
    value = int(text)
    return value if value <= MAX_ID else None


def person_id(user: str | None, name: str | None) -> str | None:
    """The id of the person behind a row's user id and display name; None if the row names nobody.

    Only the display name is left of a deleted person. Then the id begins with "name:", so that it is no user's id. Equal names get equal
    ids: nothing shows whether they were one person.

    >>> person_id("5", "Ann"), person_id("-1", None), person_id(None, "user88"), person_id(None, " ")
    ('5', '-1', 'name:user88', None)
    """
    if user and (parse_id(user) is not None or _UNUSUAL_ID.fullmatch(user)):
        return user
    name = name[:MAX_NAME].strip() if name else ""
    return _DELETED + name if name else None


def unlisted_account(person: str) -> Account | None:
    """The account of a person whose id is no usual user id: Community and the deleted. None for others: Users.xml describes them.

    >>> unlisted_account("name:user88")
    Account(id='name:user88', name='user88', actor_type='deleted', followers=None, points=None, title=None, role=None, key=None)
    """
    if parse_id(person) is not None:
        return None
    if person.startswith(_DELETED):
        return Account(person, person.removeprefix(_DELETED), "deleted")
    return Account(person, None, "system" if person == COMMUNITY else None)


class PostIds(NamedTuple):
    """What identifies a post: a question or an answer."""

    id: int
    question: int
    """The question that an answer answers; the post itself if it is a question."""
    owner: str | None
    accepted: int | None
    """The answer that the asker has accepted."""
    editor: str | None = None
    """The last person who edited it."""


def is_post(row: Row) -> bool:
    """Whether a row of Posts.xml is a question or an answer, and not a wiki page of a tag, a moderator's text or the like."""
    return row.get("PostTypeId") in ("1", "2")


def post_ids(row: Row) -> PostIds | None:
    """The ids of a question or answer; None if the row is no post, or has no usable ids."""
    id = parse_id(row.get("Id"))
    question = id if row.get("PostTypeId") == "1" else parse_id(row.get("ParentId"))
    if not is_post(row) or id is None or question is None:
        return None
    owner = person_id(row.get("OwnerUserId"), row.get("OwnerDisplayName"))
    editor = person_id(row.get("LastEditorUserId"), row.get("LastEditorDisplayName"))
    return PostIds(id, question, owner, parse_id(row.get("AcceptedAnswerId")), editor)


class CommentIds(NamedTuple):
    """What identifies a comment."""

    id: int
    post: int
    author: str | None


def comment_ids(row: Row) -> CommentIds | None:
    """The ids of a comment; None if they are not usable."""
    id, post = parse_id(row.get("Id")), parse_id(row.get("PostId"))
    if id is None or post is None:
        return None
    return CommentIds(id, post, person_id(row.get("UserId"), row.get("UserDisplayName")))


def display_name(row: Row) -> str:
    """The display name of a user; empty if there is none."""
    return row.get("DisplayName", "")[:MAX_NAME].strip()


def parse_time(text: str | None) -> Moment:
    """The exact time of a post or comment. The dump writes it in UTC, without a zone, and with milliseconds.

    >>> parse_time("2018-03-12T17:00:45.567")
    Moment(time=1520874045567000, precision='ms')
    >>> parse_time("yesterday")
    Moment(time=None, precision='none')
    """
    if text is None or not 19 <= len(text) <= 28:
        return NEVER
    try:
        since = datetime.fromisoformat(text.removesuffix("Z")) - _EPOCH
    except (ValueError, TypeError):  # TypeError: a zone, which the dump never writes
        return NEVER
    # Integers throughout: total_seconds() is a float and loses the last digits.
    time = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    return Moment(time, "ms" if since.microseconds or len(text) > 20 else "s")


def parse_day(text: str | None) -> Moment:
    """The day of a vote. The dump replaces the time of day by midnight, so that voters stay unknown.

    >>> parse_day("2018-03-12T00:00:00.000")
    Moment(time=1520812800000000, precision='day')
    """
    return NEVER if text is None else _day(text[:10])


@lru_cache(maxsize=8192)
def _day(date: str) -> Moment:
    time = parse_time(f"{date}T00:00:00").time
    return NEVER if time is None else Moment(time, "day")


def tags_to_text(tags: str | None) -> str | None:
    """A question's tags, separated by spaces. The dump writes `<a><b>` until 2023 and `|a|b|` since.

    >>> tags_to_text("<qubit><quantum-gate>"), tags_to_text("|qubit|quantum-gate|"), tags_to_text("")
    ('qubit quantum-gate', 'qubit quantum-gate', None)
    """
    if not tags:
        return None
    return " ".join(tags[:1_000].replace("<", " ").replace(">", " ").replace("|", " ").split()) or None


def fold_name(name: str) -> str:
    """A display name in the form in which @names are compared: without spaces, case and accents.

    >>> fold_name("Mark S"), fold_name("José Ñ"), fold_name("Søren")
    ('marks', 'josen', 'soren')
    """
    folded = "".join(name.split()).casefold()
    return folded if folded.isascii() else _ACCENT.sub("", normalize("NFKD", folded)).translate(_PLAIN)


def at_names(text: str) -> Iterator[tuple[str, ...]]:
    """The @names of a comment, outside code. Each is a tuple of the names that it may mean, likeliest first.

    Punctuation may belong to the sentence or to the name ("@Mr.X", "@Ann's point"). The name with it comes first, the name without it next.
    A name of fewer than three characters is none.

    >>> list(at_names("@Ann: yes")), list(at_names("I agree with @José's point, `@code`; mail@home, @Al"))
    ([('ann',)], [("jose's", 'jose')])
    """
    if "@" in text:
        for match in _AT_NAME.finditer(_CODE.sub(" ", text)):
            name = fold_name(match[1]).rstrip(".,:;!?)\"'")
            word = _WORD.match(name)
            names = dict.fromkeys((name, word[0]) if word else (name,))
            if readings := tuple(name for name in names if len(name) >= 3):
                yield readings
