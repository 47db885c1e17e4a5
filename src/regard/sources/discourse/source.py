"""Discourse: posts and topics as the forum's interface gives them, in JSON files or JSON lines.

Anybody who may read a forum may fetch `/posts.json` page by page, or `/t/ID.json` topic by topic; a file may hold one post, one topic,
one page of posts, an array of these, or one a line. Fields: `PostSerializer` and `TopicViewSerializer` of the forum's code.

- A post has the id "topic/number", which is also its address: what it answers is told by number within the topic. Its own `id` names
  nothing there.
- The first post of a topic is a `post`, each other one a `reply`. The forum writes no number for one that answers the topic or its first
  post (in 4,661 posts of one forum, none answers number 1): it is to whoever opened the topic.
- A quote of another post than the one answered is a `share` of its author's, a mention outside quotes a `mention`.
- An accepted answer is a `thank`, by whoever accepted it where the forum tells, else by whoever opened the topic; when is not told.
- Likes are counts without names, and no acts; their sum is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, NamedTuple

from regard.record.schema import Account, Act, ActorType, Batch
from regard.sources.base import MAX_TEXT, Options, Source
from regard.sources.batch_builder import BatchBuilder
from regard.sources.discourse.cooked import Cooked, cooked, username
from regard.sources.formats.bundle import Bundle
from regard.sources.formats.json_fields import Fields, get_int, get_object, get_objects, get_str
from regard.sources.formats.json_stream import values
from regard.sources.formats.timestamps import parse_iso

REGULAR: Final = 1
WHISPER: Final = 4
"""Of `post_type`; 2 and 3 are notices of moderation, such as "closed this topic"."""
LIKE: Final = 2
"""Of `actions_summary`; the others are bookmarks and flags."""

NO_POST: Final = "entries that are no posts"
NO_AUTHOR: Final = "posts without an author"
NO_TIME: Final = "times that cannot be read"
NOTICE: Final = "notices of moderation"
GONE: Final = "posts deleted or hidden"
PRIVATE: Final = "private messages and whispers left out"
LIKES: Final = "likes, of which the forum tells the number and not the names"
NOT_HELD: Final = "posts that a topic's page names and leaves to further pages"
NO_OPENER: Final = "accepted answers in topics whose opener is not known"
OTHER_FILES: Final = "files that hold no posts left out"

HEAD: Final = 256 << 10
MOST_FILES: Final = 200
"""Files that are looked at to recognise a forum: among so many one holds posts."""
_JSON: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]")
_POST: Final = re.compile(rb'"post_number"\s*:\s*\d')
_TOPIC: Final = re.compile(rb'"topic_id"\s*:\s*\d')
_STREAM: Final = re.compile(rb'"post_stream"\s*:\s*\{')


class Page(NamedTuple):
    """Where a post stands: what it takes from outside itself."""

    file: str
    line: int
    topic: Fields
    private: bool


class Accepted(NamedTuple):
    """An accepted answer, until it is known who opened the topic."""

    topic: int
    answer: Act


@dataclass
class Reader(BatchBuilder):
    """Turns raw posts into acts, and keeps count of what it leaves out."""

    options: Options
    _known: dict[str, Account] = field(default_factory=dict)
    _openers: dict[int, str] = field(default_factory=dict)
    _accepted: list[Accepted] = field(default_factory=list)

    def acts(self, post: Fields, page: Page) -> list[Act]:
        """The acts of one post, the one that bears its words first; none, and a note, for what is no post or not to be read."""
        topic, number = get_int(post, "topic_id") or get_int(page.topic, "id"), get_int(post, "post_number")
        if topic is None or number is None:
            return self._skip(NO_POST)
        name = get_str(post, "username")
        if name is None:
            return self._skip(NO_AUTHOR)
        author = username(name)
        if number == 1:
            self._openers[topic] = author
        private = page.private or page.topic.get("archetype") == "private_message"
        why_not = _why_not(post, private=private and not self.options.private, whispers=self.options.private)
        if why_not != PRIVATE:
            self._count_likes(post)
        if why_not is not None:
            return self._skip(why_not)
        self._meet(author, name, post)
        said = cooked(get_str(post, "cooked") or "")
        told = self._told(post, page, f"{topic}/{number}", author, said)._replace(visibility="direct" if private else "members")
        if post.get("accepted_answer") is True or get_int(get_object(page.topic, "accepted_answer"), "post_number") == number:
            self._accept(told, page, topic)
        return [told, *self._named(told, said)]

    def thanks(self) -> Iterator[Act]:
        """The accepted answers of all posts read."""
        for topic, answer in self._accepted:
            opener = answer.actor or self._openers.get(topic)
            if opener is None:
                self.notes[NO_OPENER] += 1
            else:
                yield answer._replace(actor=opener)

    def _told(self, post: Fields, page: Page, item: str, author: str, said: Cooked) -> Act:
        topic, _, number = item.partition("/")
        opens, answered = number == "1", get_int(post, "reply_to_post_number")
        when = parse_iso(post.get("created_at"))
        if when.time is None:
            self.notes[NO_TIME] += 1
        title = (get_str(post, "topic_title") or get_str(page.topic, "title")) if opens else None
        category = get_int(post, "category_id") or get_int(page.topic, "category_id")
        to = get_str(get_object(post, "reply_to_user"), "username") if answered and not opens else None
        return Act(
            author,
            "post" if opens else "reply",
            when.time,
            target=username(to) if to else None,
            item=item,
            parent=None if opens else f"{topic}/{answered or 1}",
            thread=f"{topic}/1",
            channel=None if category is None else f"category {category}",
            text="\n".join(filter(None, (title, said.words)))[:MAX_TEXT] or None if self.options.text else None,
            precision=when.precision,
            edited=(get_int(post, "version") or 1) > 1,
            file=page.file,
            line=page.line,
        )

    def _named(self, told: Act, said: Cooked) -> list[Act]:
        # Whom a post answers, and whom it quotes besides, it addresses by that: naming them is no further act.
        quoted = [quote.user for quote in said.quotes if quote.item is None or quote.item != told.parent]
        shares = [user for user in dict.fromkeys(quoted) if user not in (told.actor, told.target)]
        mentions = [user for user in said.mentions if user not in (told.actor, told.target, *shares)]
        row = told._replace(text=None)
        return [
            *(row._replace(kind="share", target=user, parent=None, label="quote") for user in shares),
            *(row._replace(kind="mention", target=user) for user in mentions),
        ]

    def _accept(self, answer: Act, page: Page, topic: int) -> None:
        accepter = get_str(get_object(page.topic, "accepted_answer"), "accepter_username")
        thank = answer._replace(
            actor=username(accepter) if accepter else "", kind="thank", target=answer.actor, label="accepted", parent=None
        )
        self._accepted.append(Accepted(topic, thank._replace(text=None, precision="none", edited=False)))

    def _count_likes(self, post: Fields) -> None:
        for action in get_objects(post.get("actions_summary")):
            if action.get("id") == LIKE and (count := get_int(action, "count")) and count > 0:
                self.notes[LIKES] += count

    def _meet(self, author: str, name: str, post: Fields) -> None:
        number = get_int(post, "user_id")
        # Numbers below zero are the forum's own: -1 is its voice, the others are robots.
        kind: ActorType | None = None if number is None or number >= 0 else "system" if number == -1 else "bot"
        account = Account(author, get_str(post, "name") or name, kind, title=get_str(post, "user_title"), role=_role(post))
        if self._known.get(author) != account:
            self._known[author] = account
            self.fresh.append(account)

    def _skip(self, note: str) -> list[Act]:
        self.notes[note] += 1
        return []


def recognise(bundle: Bundle) -> bool:
    """Whether one of the files begins with what Discourse writes of a post or a topic."""
    return any(_holds_posts(bundle.head(name, HEAD)) for name in islice(bundle.names, MOST_FILES))


def read(bundle: Bundle, options: Options) -> Iterator[Batch]:
    """The posts of all files, then the accepted answers. Raises Malformed (file, line) and Unsafe as `json_stream.values` does."""
    reader = Reader(options)
    yield from reader.batches(_messages(bundle, reader))


def _messages(bundle: Bundle, reader: Reader) -> Iterator[list[Act]]:
    for name in bundle.names:
        if not _holds_posts(bundle.head(name, HEAD)):
            reader.notes[OTHER_FILES] += 1
            continue
        for line, value in values(bundle, name):
            for post, page in _posts(value, name, line, reader):
                yield reader.acts(post, page)
    for thank in reader.thanks():
        yield [thank]


def _holds_posts(head: bytes) -> bool:
    return _JSON.match(head) is not None and bool(_STREAM.search(head) or (_POST.search(head) and _TOPIC.search(head)))


def _posts(value: object, file: str, line: int, reader: Reader) -> Iterator[tuple[Fields, Page]]:
    """The posts of one JSON value: a topic's, a page's, or itself."""
    fields: Fields = value if isinstance(value, dict) else {}
    stream = get_object(fields, "post_stream")
    if stream:
        held, listed = list(get_objects(stream.get("posts"))), stream.get("stream")
        reader.notes[NOT_HELD] += max(0, len(listed) - len(held)) if isinstance(listed, list) else 0
        yield from ((post, Page(file, line, fields, private=False)) for post in held)
        return
    for page in ("latest_posts", "private_posts", "posts"):
        if isinstance(fields.get(page), list):
            yield from ((post, Page(file, line, {}, private=page == "private_posts")) for post in get_objects(fields[page]))
            return
    yield fields, Page(file, line, {}, private=False)


def _why_not(post: Fields, *, private: bool, whispers: bool) -> str | None:
    kind = post.get("post_type", REGULAR)
    if private or (kind == WHISPER and not whispers):
        return PRIVATE
    if kind not in (REGULAR, WHISPER):
        return NOTICE
    gone = post.get("user_deleted") is True or post.get("hidden") is True or post.get("deleted_at") is not None
    return GONE if gone else None


def _role(post: Fields) -> str | None:
    if post.get("admin") is True:
        return "admin"
    if post.get("moderator") is True:
        return "moderator"
    level = get_int(post, "trust_level")
    return None if level is None else f"trust level {level}"


DISCOURSE: Final = Source(
    name="discourse",
    title="Discourse forum",
    about=(
        "Posts or topics of a Discourse forum as its interface gives them: the JSON of /posts.json or /t/ID.json, page by page, in a "
        "folder, a zip or one file of JSON lines. Private messages and whispers are read only when asked for."
    ),
    recognise=recognise,
    read=read,
    sensitive=(
        *("avatar_template", "user_date_of_birth", "reads", "readers_count", "incoming_link_count", "link_counts", "raw", "raw_email"),
        *("flair_*", "badges_granted", "edit_reason", "reviewable_*", "current_user_reaction", "bookmarked", "details"),
    ),
    missing=(
        "who liked what, who read what, followers, deleted posts and earlier wordings, when an answer was accepted; roles are as of the "
        "day of the export"
    ),
)
