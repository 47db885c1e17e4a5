"""The acts of one Discourse post.

- A post has the id "topic/number", which is also its address: the post it answers is given by number within the topic. Its own `id` is
  used nowhere in the export.
- The first post of a topic is a `post`, each other one a `reply`. The forum gives no number for a reply to the topic or its first post
  (in 4,661 posts of one forum, none answers number 1): such a reply is to the person who opened the topic.
- A quote of a post other than the one answered is a `share` of its author's post. A mention outside quotes is a `mention`.
- An accepted answer is a `thank`, by the person who accepted it if the forum names that person, otherwise by the person who opened the
  topic. The forum does not give its time.
- Likes are counts without names, and no acts. Their sum is a note.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from regard.record.schema import Account, Act, ActorType
from regard.sources.base import MAX_TEXT, Parsed
from regard.sources.discourse.cooked import Cooked, fold_username, parse_cooked
from regard.sources.formats.json_fields import Fields, get_int, get_object, get_objects, get_str
from regard.sources.formats.timestamps import parse_iso

REGULAR: Final = 1
STAFF: Final = 2
WHISPER: Final = 4
"""Of `post_type`. 2 is a post that its author, of the staff, highlights; forums before 2014 gave it to notices too. 3 is a notice of
moderation, such as "closed this topic"."""
LIKE: Final = 2
"""Of `actions_summary`. The others are bookmarks and flags."""

NO_POST: Final = "entries that are no posts"
NO_AUTHOR: Final = "posts without an author"
NO_TIME: Final = "times that cannot be read"
NOTICE: Final = "notices of moderation"
REMOVED: Final = "posts deleted or hidden"
PRIVATE: Final = "private messages and whispers left out"
LIKES: Final = "likes, of which the forum tells the number and not the names"
NO_OPENER: Final = "accepted answers in topics whose opener is not known"


class Topic(NamedTuple):
    """What a topic's page says of the topic, as far as its posts need it. A page of posts of many topics says nothing."""

    id: int | None = None
    title: str | None = None
    category: int | None = None
    is_private: bool = False
    """Whether it is a private message."""
    accepted_number: int | None = None
    """The number of the post that is the accepted answer."""
    accepter: str | None = None
    """The username of the person who accepted it."""
    opener: str | None = None
    """The username of the person who opened the topic."""


class MessageContext(NamedTuple):
    """What a post takes from outside itself."""

    file: str
    line: int
    topic: Topic = Topic()
    keep_text: bool = True
    keep_private: bool = False
    """Read private messages and whispers too."""


class PostId(NamedTuple):
    """The address of a post."""

    topic: int
    number: int


def to_acts(raw: object, context: MessageContext) -> Parsed:
    """The acts of one post: the one that bears its words, its shares and mentions, and the thank for an accepted answer.

    No act but a note for anything that is no post or is not to be read. An accepted answer gives a thank only if the topic names the person
    who accepted it or the person who opened the topic; otherwise it gives the note `NO_OPENER`.
    """
    post: Fields = raw if isinstance(raw, dict) else {}
    id, author = post_id(post, context), get_username(post, "username")
    if id is None:
        return Parsed(notes=[NO_POST])
    if author is None:
        return Parsed(notes=[NO_AUTHOR])
    reason = _reason_to_skip(post, context)
    if reason == PRIVATE:
        return Parsed(notes=[PRIVATE])
    n_likes = _count_likes(post)
    likes = [(LIKES, n_likes)] if n_likes else []
    if reason is not None:
        return Parsed(notes=[reason], counts=likes)
    content = parse_cooked(get_str(post, "cooked") or "")
    act = _post_act(post, context, id, author, content)
    acts, notes = [act, *_shares_and_mentions(act, content)], [] if act.time is not None else [NO_TIME]
    if is_accepted(post, id, context):
        asker = context.topic.accepter or context.topic.opener
        if asker is None:
            notes.append(NO_OPENER)
        else:
            acts.append(thank(act, asker))
    return Parsed(acts, [_account(author, post)], notes, likes)


def get_username(fields: Fields, key: str) -> str | None:
    """The username in a field, as the forum compares it; None if there is none, or nothing but blanks.

    >>> get_username({"username": " Ann"}, "username"), get_username({"username": " "}, "username")
    ('ann', None)
    """
    return fold_username(get_str(fields, key) or "") or None


def post_id(post: Fields, context: MessageContext) -> PostId | None:
    """The address of a post; None for an entry that is no post."""
    topic, number = get_int(post, "topic_id") or context.topic.id, get_int(post, "post_number")
    return None if topic is None or number is None else PostId(topic, number)


def is_accepted(post: Fields, id: PostId, context: MessageContext) -> bool:
    """Whether a post is the accepted answer of its topic."""
    return post.get("accepted_answer") is True or context.topic.accepted_number == id.number


def read_topic(page: Fields) -> Topic:
    """What a topic's page says of the topic, but for who opened it."""
    accepted = get_object(page, "accepted_answer")
    return Topic(
        get_int(page, "id"),
        get_str(page, "title"),
        get_int(page, "category_id"),
        page.get("archetype") == "private_message",
        get_int(accepted, "post_number"),
        get_username(accepted, "accepter_username"),
    )


def thank(answer: Act, asker: str) -> Act:
    """The act by which somebody accepts an answer."""
    return answer._replace(
        actor=asker, kind="thank", target=answer.actor, label="accepted", parent=None, text=None, precision="none", edited=False
    )


def _post_act(post: Fields, context: MessageContext, id: PostId, author: str, content: Cooked) -> Act:
    opens, answered = id.number == 1, get_int(post, "reply_to_post_number")
    when = parse_iso(post.get("created_at"))
    title = (get_str(post, "topic_title") or context.topic.title) if opens else None
    category = get_int(post, "category_id") or context.topic.category
    return Act(
        author,
        "post" if opens else "reply",
        when.time,
        target=get_username(get_object(post, "reply_to_user"), "username") if answered and not opens else None,
        item=f"{id.topic}/{id.number}",
        parent=None if opens else f"{id.topic}/{answered or 1}",
        thread=f"{id.topic}/1",
        channel=None if category is None else f"category {category}",
        text="\n".join(filter(None, (title, content.text)))[:MAX_TEXT] or None if context.keep_text else None,
        precision=when.precision,
        visibility="direct" if context.topic.is_private else "members",
        edited=(get_int(post, "version") or 1) > 1,
        file=context.file,
        line=context.line,
    )


def _shares_and_mentions(act: Act, content: Cooked) -> list[Act]:
    # A post addresses the person it answers and those it quotes besides: naming them is no further act.
    quoted = [quote.user for quote in content.quotes if quote.item is None or quote.item != act.parent]
    shared = [user for user in dict.fromkeys(quoted) if user not in (act.actor, act.target)]
    mentioned = [user for user in content.mentions if user not in (act.actor, act.target, *shared)]
    row = act._replace(text=None)
    return [
        *(row._replace(kind="share", target=user, parent=None, label="quote") for user in shared),
        *(row._replace(kind="mention", target=user) for user in mentioned),
    ]


def _count_likes(post: Fields) -> int:
    likes = (get_int(action, "count") or 0 for action in get_objects(post.get("actions_summary")) if action.get("id") == LIKE)
    return sum(max(0, count) for count in likes)


def _reason_to_skip(post: Fields, context: MessageContext) -> str | None:
    kind = post.get("post_type", REGULAR)
    if not context.keep_private and (context.topic.is_private or kind == WHISPER):
        return PRIVATE
    if kind not in (REGULAR, STAFF, WHISPER) or (kind == STAFF and _is_of_forum(post)):
        return NOTICE
    is_removed = post.get("user_deleted") is True or post.get("hidden") is True or post.get("deleted_at") is not None
    return REMOVED if is_removed else None


def _is_of_forum(post: Fields) -> bool:
    """Whether the forum itself wrote a post of the staff's: what was done to a topic, not what somebody said."""
    number = get_int(post, "user_id")
    return get_str(post, "action_code") is not None or (number is not None and number < 0)


def _account(id: str, post: Fields) -> Account:
    number = get_int(post, "user_id")
    # Numbers below zero are the forum's own, of every forum: -1 is its voice, the others are robots.
    kind: ActorType | None = None if number is None or number >= 0 else "system" if number == -1 else "bot"
    key = str(number) if number is not None and number > 0 else None
    name = get_str(post, "name") or get_str(post, "username")
    return Account(id, name, kind, title=get_str(post, "user_title"), role=_role(post), key=key)


def _role(post: Fields) -> str | None:
    if post.get("admin") is True:
        return "admin"
    if post.get("moderator") is True:
        return "moderator"
    level = get_int(post, "trust_level")
    return None if level is None else f"trust level {level}"
