"""The acts of one GitHub thread: an issue or a pull request, with its comments and reviews.

- The thread itself is a `post`. A comment, a review and a comment on a line is each a `reply` to the person who opened the thread:
  threads are flat, and the archive does not say which comment another one answers. People named outside code and quotes are mentioned.
- A review without words that only holds comments on lines is no act: its comments are. A review that approves, or asks for changes, is an
  act with or without words. Merging, closing, labels and assigning are no acts; a thread closed by then is noted at its post.
- Comments have no id in the archive. Thread and time identify them. Their author does not: a new name would make a new comment.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from regard.record.schema import Account, Act
from regard.sources.base import MAX_TEXT, Parsed
from regard.sources.formats.json_fields import Fields, get_int, get_objects, get_str
from regard.sources.formats.timestamps import parse_iso
from regard.sources.github.accounts import find_author
from regard.sources.github.markdown import find_mentions, own_words

VERDICTS: Final = ("APPROVED", "CHANGES_REQUESTED", "DISMISSED")
"""States of a review that mean something without words. A dismissed review approved or asked for changes before."""

CLOSED: Final = "closed"
"""Note of an issue or pull request that was closed or merged when the archive was made: what it asks is settled."""
NO_THREAD: Final = "entries that are neither issue nor pull request"
NO_AUTHOR: Final = "comments without an author (the archive tells none after a pull request's first hundred)"
NO_TIME: Final = "times that cannot be read"
NO_WORDS: Final = "reviews that only hold comments on lines, which are counted themselves"
PENDING: Final = "reviews that were not sent"

_URL: Final = re.compile(r"https?://[^/]+/([^/]+/[^/]+)/(?:issues|pull)/")


class ThreadContext(NamedTuple):
    """What a thread takes from outside itself."""

    file: str
    line: int
    repo: str = ""
    """The repository that the archive names: owner/name. If it is empty, the thread's own address names it."""
    keep_text: bool = True


class _Thread(NamedTuple):
    """What the messages of a thread share."""

    id: str
    repo: str
    opener: str
    context: ThreadContext


def to_acts(raw: object, context: ThreadContext) -> Parsed:
    """The acts of one thread, that of its opener first; no act but a note for anything that is no thread.

    >>> issue = {"number": 7, "author": "Ann", "title": "Oven", "comments": [{"author": "bob", "body": "Ask @cleo"}]}
    >>> [(act.actor, act.kind, act.target) for act in to_acts(issue, ThreadContext("archive.json", 1, "a/b")).acts]
    [('ann', 'post', None), ('bob', 'reply', 'ann'), ('bob', 'mention', 'cleo')]
    """
    fields: Fields = raw if isinstance(raw, dict) else {}
    number, author = get_int(fields, "number"), find_author(fields)
    if number is None or author is None:
        return Parsed(accounts=[] if author is None else [author], notes=[NO_THREAD])
    url = _URL.match(get_str(fields, "url") or "")
    repo = context.repo or (url[1] if url else context.file)
    parts = list(_messages(fields, _Thread(f"{repo}#{number}", repo, author.id, context), author))
    return Parsed(
        [act for part in parts for act in part.acts],
        [account for part in parts for account in part.accounts],
        [note for part in parts for note in part.notes],
    )


def _messages(fields: Fields, thread: _Thread, author: Account) -> Iterator[Parsed]:
    body = "\n".join(filter(None, (get_str(fields, "title"), get_str(fields, "body"))))
    opening = _reply(thread, thread.id, author, fields, body)
    yield _with_mentions(
        opening._replace(kind="post", target=None, parent=None, label=_labels(fields), note=_closed(fields)), author, thread
    )
    items: Counter[str] = Counter()
    for comment in get_objects(fields.get("comments")):
        yield _comment(thread, comment, items)
    for review in get_objects(fields.get("reviews")):
        yield from _review(thread, review, items)


def _closed(fields: Fields) -> str | None:
    return CLOSED if get_str(fields, "state") in ("CLOSED", "MERGED") else None


def _labels(fields: Fields) -> str | None:
    labels = fields.get("labels")
    return ", ".join(name for name in labels if isinstance(name, str)) or None if isinstance(labels, list) else None


def _comment(thread: _Thread, comment: Fields, items: Counter[str]) -> Parsed:
    author = find_author(comment)
    if author is None:
        return Parsed(notes=[NO_AUTHOR])
    item = _unique(f"{thread.id}@{comment.get('createdAt')}", items)
    reply = _reply(thread, item, author, comment, get_str(comment, "body") or "")
    return _with_mentions(reply._replace(edited=comment.get("updatedAt") not in (None, comment.get("createdAt"))), author, thread)


def _review(thread: _Thread, review: Fields, items: Counter[str]) -> Iterator[Parsed]:
    author, state, body = find_author(review), get_str(review, "state"), get_str(review, "body")
    if author is None:
        yield Parsed(notes=[NO_AUTHOR])
        return
    if state == "PENDING":
        yield Parsed(accounts=[author], notes=[PENDING])
        return
    item = _unique(get_str(review, "id") or f"{thread.id}@{review.get('createdAt')}", items)
    if body or state in VERDICTS:
        label = state.lower().replace("_", " ") if state in VERDICTS else None
        yield _with_mentions(_reply(thread, item, author, review, body or "")._replace(label=label), author, thread)
    else:
        yield Parsed(accounts=[author], notes=[NO_WORDS])
    for comment in get_objects(review.get("comments")):
        name = _unique(f"{item}@{comment.get('createdAt')}", items)
        yield _with_mentions(_reply(thread, name, author, comment, get_str(comment, "body") or ""), author, thread)


def _reply(thread: _Thread, item: str, author: Account, fields: Fields, body: str) -> Act:
    """The act of one message, with all of its words."""
    when = parse_iso(fields.get("createdAt"))
    return Act(
        author.id,
        "reply",
        when.time,
        target=thread.opener,
        item=item,
        parent=thread.id,
        thread=thread.id,
        channel=thread.repo,
        text=own_words(body) or None,
        precision=when.precision,
        visibility="public",
        file=thread.context.file,
        line=thread.context.line,
    )


def _with_mentions(act: Act, author: Account, thread: _Thread) -> Parsed:
    """An act, with the words that the record keeps, and a mention of each other person whom its words name."""
    logins = find_mentions(act.text) if act.text else []
    kept = act._replace(text=act.text[:MAX_TEXT] if act.text and thread.context.keep_text else None)
    mentions = [
        act._replace(kind="mention", target=login, text=None, label=None) for login in logins if login not in (act.actor, act.target)
    ]
    return Parsed([kept, *mentions], [author], [NO_TIME] if act.time is None else [])


def _unique(item: str, items: Counter[str]) -> str:
    """The id, with a number after it from its second use on: two comments in one second are two."""
    items[item] += 1
    return item if items[item] == 1 else f"{item}/{items[item]}"
