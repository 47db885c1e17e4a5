"""The acts of one Slack message.

A message that opens a thread or stands alone is a `post`. In a thread it is a `reply` to the person who opened the thread (Slack nests
no deeper). People named in it are mentioned. Each name under a reaction is a `react`, at the time of its message with precision "none",
because Slack keeps no other time. In direct conversations a message is a `message` to each other member.

`ts` is the id of a message within its conversation: as a float it would lose its last digits. Edits keep the last wording only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from regard.record.schema import Account, Act, Visibility
from regard.sources.base import Parsed
from regard.sources.formats.json_fields import Fields, get_object, get_str
from regard.sources.formats.timestamps import epoch_microseconds
from regard.sources.slack.layout import Conversation
from regard.sources.slack.mrkdwn import find_mentions, to_text
from regard.sources.slack.users import APP_FOR_PERSON, SLACKBOT, Author, Directory, find_author, make_account

SPOKEN: Final = frozenset({None, "thread_broadcast", "file_share", "file_comment", "me_message", "bot_message"})
"""Subtypes in which somebody says something. All others are notices of the system (who joined, a new topic, a huddle). One of those,
`reply_broadcast`, announced in the channel, before 2018, a reply that the export holds as a message of its own."""

# Eleven digits reach the year 5138. A number in place of text has already lost its last digits and names no message.
TS: Final = re.compile(r"\d{1,11}(?:\.\d{1,6})?", re.ASCII)

NO_MESSAGE: Final = "entries that are not messages"
NOTICE: Final = "joins, leaves and other notices"
TOMBSTONE: Final = "deleted messages"
BAD_TS: Final = "messages without a sound timestamp"
NO_AUTHOR: Final = "messages without an author"
ODD_REACTION: Final = "reactions that cannot be read"
SHORT_LIST: Final = "reactor list truncated"


class MessageContext(NamedTuple):
    """What a message takes from outside itself."""

    conversation: Conversation
    file: str
    line: int
    directory: Directory = Directory()
    keep_text: bool = True
    thread_app: str | None = None
    """The app that opened the message's thread in somebody's name, if one did; `parent_user_id` in the replies names the person."""


def to_acts(raw: object, context: MessageContext) -> Parsed:
    """The acts of one message, the one that bears its words first; no act but a note for anything that is no message."""
    message: Fields = raw if isinstance(raw, dict) else {"type": None}
    subtype = message.get("subtype")
    if message.get("type", "message") != "message" or not (subtype is None or isinstance(subtype, str)):
        return Parsed(notes=[NO_MESSAGE])
    if subtype not in SPOKEN:
        return Parsed(notes=[TOMBSTONE if subtype == "tombstone" else NOTICE])
    ts = _sound_ts(message.get("ts"))
    if ts is None:
        return Parsed(notes=[BAD_TS])
    author = find_author(message, context.directory)
    if author is None:
        return Parsed(notes=[NO_AUTHOR])
    act = _message_act(message, ts, author, context)
    accounts = [author.account] + ([make_account(act.target)] if act.target is not None else [])
    if act.visibility == "direct":
        acts = _direct_messages(act, context.conversation.members, message.get("user"))
    else:
        mentions = _mentions(act, message)
        accounts += [account for _, account in mentions]
        acts = [act, *(mention for mention, _ in mentions)]
    notes: list[str] = []
    for reaction in _reactions(act, message, notes):
        acts.append(reaction)
        accounts.append(make_account(reaction.actor))
    return Parsed(acts, accounts, notes)


def opens_thread_for_person(act: Act, raw: object) -> bool:
    """Whether a message's first act opens a thread, and its author is an app that acts for a person."""
    return act.note == APP_FOR_PERSON and act.item == act.thread and isinstance(raw, dict) and "thread_ts" in raw


def _message_act(message: Fields, ts: str, author: Author, context: MessageContext) -> Act:
    conversation = context.conversation
    item, thread = f"{conversation.id}:{ts}", f"{conversation.id}:{_sound_ts(message.get('thread_ts')) or ts}"
    is_reply = thread != item
    text = get_str(message, "text") if context.keep_text else None
    visibility: Visibility = "direct" if conversation.privacy == "direct" else "members"
    return Act(
        author.account.id,
        "reply" if is_reply else "post",
        epoch_microseconds(ts),
        target=_thread_opener(message, context) if is_reply else None,
        item=item,
        parent=thread if is_reply else None,
        thread=thread,
        channel=conversation.name,
        text=to_text(text, context.directory.names) if text else None,
        visibility=visibility,
        edited=isinstance(message.get("edited"), dict),
        note=author.note,
        file=context.file,
        line=context.line,
    )


def _thread_opener(reply: Fields, context: MessageContext) -> str | None:
    opener = context.thread_app or get_str(reply, "parent_user_id") or get_str(get_object(reply, "root"), "user")
    # Slackbot stands in for the author of a deleted message. If Slackbot did open the thread, the record finds that through `parent`.
    return None if opener == SLACKBOT else opener


def _mentions(act: Act, message: Fields) -> list[tuple[Act, Account]]:
    # A person for whom an app acts is not addressed by it either.
    left_out = (act.actor, act.target, message.get("user"))
    return [
        (act._replace(kind="mention", target=person, text=None), make_account(person, name))
        for person, name in find_mentions(message).items()
        if person not in left_out
    ]


def _direct_messages(act: Act, members: tuple[str, ...], sender: object) -> list[Act]:
    # Mentions give no acts here: a member is reached by the message itself, and nobody else ever sees it.
    # If an app acts for a person, the message is not to that person either.
    others = [member for member in members if member not in (act.actor, sender)]
    first = act._replace(kind="message", target=others[0] if others else None)
    return [first, *(first._replace(target=member, text=None) for member in others[1:])]


def _reactions(act: Act, message: Fields, notes: list[str]) -> Iterator[Act]:
    """The reactions to a message. Adds a note for each that cannot be read."""
    reactions = message.get("reactions")
    if not reactions:
        return
    for entry in reactions if isinstance(reactions, list) else [reactions]:
        reaction: Fields = entry if isinstance(entry, dict) else {}
        name, users, count = get_str(reaction, "name"), reaction.get("users"), reaction.get("count")
        if name is None or not isinstance(users, list):
            notes.append(ODD_REACTION)
            continue
        # The skin tone of a hand is dropped: it is private, and the reaction is the same.
        label = name.partition("::skin-tone-")[0]
        note = SHORT_LIST if isinstance(count, int) and count > len(users) else None
        given = act._replace(kind="react", precision="none", target=act.actor, parent=None, text=None, edited=False)
        for user in dict.fromkeys(user for user in users if isinstance(user, str) and user):
            yield given._replace(actor=user, label=label, note=note)


def _sound_ts(ts: object) -> str | None:
    return ts if isinstance(ts, str) and TS.fullmatch(ts) else None
