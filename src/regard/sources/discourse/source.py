"""Discourse: posts and topics as the forum's interface gives them, in JSON files or JSON lines.

Anybody who may read a forum may fetch `/posts.json` page by page, or `/t/ID.json` topic by topic. A file may hold one post, one topic,
one page of posts, an array of these, or one a line. Fields: `PostSerializer` and `TopicViewSerializer` of the forum's code. `posts` turns
one post into acts. This module reads the posts in order, and remembers who opened which topic.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from regard.record.schema import Account, Act, Batch
from regard.sources.base import CERTAIN, Options, Parsed, Recognition, Source
from regard.sources.batch_builder import batches
from regard.sources.discourse.posts import (
    NO_OPENER,
    PRIVATE,
    MessageContext,
    Topic,
    get_username,
    is_accepted,
    post_id,
    read_topic,
    thank,
    to_acts,
)
from regard.sources.formats.bundle import Bundle
from regard.sources.formats.json_fields import Fields, get_object, get_objects
from regard.sources.formats.json_stream import values

NOT_HELD: Final = "posts that a topic's page names and leaves to further pages"
OTHER_FILES: Final = "files that hold no posts left out"

HEAD: Final = 256 << 10
"""Bytes of a file that are looked at to recognise it."""
MOST_FILES: Final = 200
"""Files that are looked at to recognise a forum: among so many one holds posts."""
_JSON: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]")
_POST: Final = re.compile(rb'"post_number"\s*:\s*\d')
_TOPIC: Final = re.compile(rb'"topic_id"\s*:\s*\d')
_STREAM: Final = re.compile(rb'"post_stream"\s*:\s*\{')


class Accepted(NamedTuple):
    """An accepted answer, until it is known who opened the topic."""

    topic: int
    answer: Act
    accepter: str | None


class Topics:
    """What posts say of other posts: who opened a topic, which answer was accepted. Also the accounts handed over, as last seen."""

    def __init__(self) -> None:
        self._openers: dict[int, str] = {}
        self._accepted: list[Accepted] = []
        self._accounts: dict[str, Account] = {}

    def parse(self, post: Fields, context: MessageContext) -> Parsed:
        """The acts of one post, but for thanks: these follow when every opener is known."""
        id, author = post_id(post, context), get_username(post, "username")
        if id is not None and author is not None and id.number == 1:
            self._openers[id.topic] = author
        parsed = to_acts(post, context)
        if id is None or not parsed.acts:
            return parsed
        if is_accepted(post, id, context):
            answer = parsed.acts[0]._replace(text=None)
            self._accepted.append(Accepted(id.topic, answer, context.topic.accepter))
            parsed = parsed._replace(
                acts=[act for act in parsed.acts if act.kind != "thank"], notes=[note for note in parsed.notes if note != NO_OPENER]
            )
        return parsed._replace(accounts=[account for account in parsed.accounts if self._is_new(account)])

    def thanks(self) -> Iterator[Parsed]:
        """The thanks for all accepted answers of the posts parsed."""
        for topic, answer, accepter in self._accepted:
            asker = accepter or self._openers.get(topic)
            yield Parsed(notes=[NO_OPENER]) if asker is None else Parsed([thank(answer, asker)])

    def _is_new(self, account: Account) -> bool:
        is_new = self._accounts.get(account.id) != account
        self._accounts[account.id] = account
        return is_new


def recognise(bundle: Bundle) -> Recognition | None:
    """By the first bytes of the files: what Discourse writes of a post or a topic."""
    for name in islice(bundle.names, MOST_FILES):
        head = bundle.head(name, HEAD)
        if _holds_posts(head):
            keys = "post_stream" if _STREAM.search(head) else "post_number and topic_id"
            return Recognition(CERTAIN, f"{name} holds JSON with the keys {keys}")
    return None


def read(bundle: Bundle, options: Options) -> Iterator[Batch]:
    """The posts of all files, then the accepted answers. Raises Malformed (file, line) and Unsafe as `json_stream.values` does."""
    yield from batches(_records(bundle, options))


def _records(bundle: Bundle, options: Options) -> Iterator[Parsed]:
    topics = Topics()
    for name in bundle.names:
        if not _holds_posts(bundle.head(name, HEAD)):
            yield Parsed(notes=[OTHER_FILES])
            continue
        for line, value in values(bundle, name):
            page: Fields = value if isinstance(value, dict) else {}
            context = MessageContext(name, line, keep_text=options.text, keep_private=options.private)
            yield Parsed(counts=[(NOT_HELD, _count_not_held(page))])
            for post, its_context in _posts(page, context):
                yield topics.parse(post, its_context)
    yield from topics.thanks()


def _holds_posts(head: bytes) -> bool:
    return _JSON.match(head) is not None and bool(_STREAM.search(head) or (_POST.search(head) and _TOPIC.search(head)))


def _posts(page: Fields, context: MessageContext) -> Iterator[tuple[Fields, MessageContext]]:
    """The posts of one JSON object: a topic's, a page's, or the object itself."""
    stream = get_object(page, "post_stream")
    if stream:
        topic_context = context._replace(topic=read_topic(page))
        yield from ((post, topic_context) for post in get_objects(stream.get("posts")))
        return
    for key in ("latest_posts", "private_posts", "posts"):
        if isinstance(page.get(key), list):
            page_context = context._replace(topic=Topic(is_private=key == "private_posts"))
            yield from ((post, page_context) for post in get_objects(page[key]))
            return
    yield page, context


def _count_not_held(page: Fields) -> int:
    """Posts that a topic's page lists by number and does not hold."""
    stream = get_object(page, "post_stream")
    listed, held = stream.get("stream"), sum(1 for _ in get_objects(stream.get("posts")))
    return max(0, len(listed) - held) if isinstance(listed, list) else 0


DISCOURSE: Final = Source(
    name="discourse",
    title="Discourse forum",
    about=(
        "Posts or topics of a Discourse forum as its interface gives them: the JSON of /posts.json or /t/ID.json, page by page, in a "
        "folder, a zip or one file of JSON lines. Private messages and whispers are read only when asked for."
    ),
    recognise=recognise,
    read=read,
    to_acts=to_acts,
    sensitive=(
        *("avatar_template", "user_date_of_birth", "reads", "readers_count", "incoming_link_count", "link_counts", "raw", "raw_email"),
        *("flair_*", "badges_granted", "edit_reason", "reviewable_*", "current_user_reaction", "bookmarked", "details"),
    ),
    missing=(
        "who liked what, who read what, followers, deleted posts and earlier wordings, when an answer was accepted; roles are as of the "
        "day of the export"
    ),
    private_notes=((PRIVATE, "posts"),),
    renames=True,
)
