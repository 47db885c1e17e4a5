"""Slack: the export of a workspace, a zip or its unpacked folder. `slack_folder` tells how it lies on disk, `slack_people` who is who.

A message that opens a thread or stands alone is a `post`; in a thread it is a `reply` to the one who opened it (Slack nests no deeper);
people named in it are mentioned; each name under a reaction is a `react`, at the time of its message with precision "none", for Slack
keeps no other. In direct conversations a message is a `message` to each other member.

Traps. `ts` is the id of a message within its conversation: as a float it would lose its last digits. The day in a file's name is the
workspace's own, not UTC. Edits keep the last wording only, deletions leave nothing. Exports from before 2017 have no threads.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, NamedTuple

from regard.record.schema import Act, Batch, Visibility, microseconds
from regard.sources.base import BATCH_ACTS, Options, Source
from regard.sources.formats.bundle import Bundle
from regard.sources.formats.json_fields import Fields, get_object, get_str
from regard.sources.slack.layout import Conversation, array, conversations, day_files, is_canvas, listings
from regard.sources.slack.users import APP_FOR_PERSON, SLACKBOT, Author, People, mentioned, words

TOLD: Final = frozenset({None, "thread_broadcast", "file_share", "file_comment", "me_message", "bot_message"})
"""Subtypes in which somebody says something. All others are notices of the system's (who joined, a new topic, a huddle); among them
`reply_broadcast`, which before 2018 announced in the channel a reply that stands in the export by itself."""

# Eleven digits reach the year 5138; a number in place of text has already lost its last digits and names no message.
TS: Final = re.compile(r"\d{1,11}(?:\.\d{1,6})?", re.ASCII)

NO_MESSAGE: Final = "entries that are not messages"
NOTICE: Final = "joins, leaves and other notices"
TOMBSTONE: Final = "deleted messages"
BAD_TS: Final = "messages without a sound timestamp"
NO_AUTHOR: Final = "messages without an author"
REPEATED: Final = "messages repeated within a day file"
ODD_REACTION: Final = "reactions that cannot be read"
PRIVATE: Final = "private conversations left out"
UNLISTED: Final = "conversations in no listing left out (they may be private)"
CANVAS: Final = "conversations about canvases left out"
SHORT_LIST: Final = "reactor list truncated"

HEAD: Final = 1 << 16
ARRAY: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[\s*\{")
MESSAGE: Final = re.compile(rb'"type"\s*:\s*"message"')
STAMP: Final = re.compile(rb'"ts"\s*:\s*"\d{9,11}\.\d{6}"')
LISTED_ID: Final = re.compile(rb'"id"\s*:\s*"[UWCGD][A-Z0-9]{7,}"')
LISTED_KEY: Final = re.compile(rb'"(?:team_id|is_bot|creator|is_archived|members)"\s*:')


class Place(NamedTuple):
    """Where a message stands: what it takes from outside itself."""

    conversation: Conversation
    file: str
    line: int


@dataclass
class Reader:
    """Turns raw messages into acts, and keeps count of what it leaves out."""

    people: People
    keep_text: bool = True
    notes: Counter[str] = field(default_factory=Counter)
    _app_threads: dict[str, str] = field(default_factory=dict)
    """Thread -> the app that opened it in somebody's name; `parent_user_id` of its replies tells the person."""

    def acts(self, message: object, place: Place) -> list[Act]:
        """The acts of one message, the one that bears its words first; none, and a note, for what is no message."""
        if not isinstance(message, dict):
            return self._skip(NO_MESSAGE)
        subtype = message.get("subtype")
        if message.get("type", "message") != "message" or not (subtype is None or isinstance(subtype, str)):
            return self._skip(NO_MESSAGE)
        if subtype not in TOLD:
            return self._skip(TOMBSTONE if subtype == "tombstone" else NOTICE)
        ts = _sound(message.get("ts"))
        if ts is None:
            return self._skip(BAD_TS)
        author = self.people.author(message)
        if author is None:
            return self._skip(NO_AUTHOR)
        told = self._told(message, ts, author, place)
        if told.visibility == "direct":
            return _direct(told, place.conversation.members, message.get("user")) + self._reactions(told, message)
        return self._with_mentions(told, message) + self._reactions(told, message)

    def _told(self, message: Fields, ts: str, author: Author, place: Place) -> Act:
        where = place.conversation
        item, thread = f"{where.id}:{ts}", f"{where.id}:{_sound(message.get('thread_ts')) or ts}"
        reply = thread != item
        if author.note == APP_FOR_PERSON and not reply and "thread_ts" in message:
            self._app_threads[thread] = author.id
        text = get_str(message, "text") if self.keep_text else None
        visibility: Visibility = "direct" if where.privacy == "direct" else "members"
        return Act(
            author.id,
            "reply" if reply else "post",
            microseconds(ts),
            target=self._opener(thread, message) if reply else None,
            item=item,
            parent=thread if reply else None,
            thread=thread,
            channel=where.name,
            text=words(text, self.people.names) if text else None,
            visibility=visibility,
            edited=isinstance(message.get("edited"), dict),
            note=author.note,
            file=place.file,
            line=place.line,
        )

    def _opener(self, thread: str, reply: Fields) -> str | None:
        opener = self._app_threads.get(thread) or get_str(reply, "parent_user_id") or get_str(get_object(reply, "root"), "user")
        # Slackbot stands in for the author of a deleted message. What it did say itself, the record finds through `parent`.
        if opener is None or opener == SLACKBOT:
            return None
        self.people.meet(opener)
        return opener

    def _with_mentions(self, told: Act, message: Fields) -> list[Act]:
        acts = [told]
        # Whoever an app acts for is not addressed by it either.
        left_out = (told.actor, told.target, message.get("user"))
        for person, name in mentioned(message).items():
            if person not in left_out:
                self.people.meet(person, name)
                acts.append(told._replace(kind="mention", target=person, text=None))
        return acts

    def _reactions(self, told: Act, message: Fields) -> list[Act]:
        reactions = message.get("reactions")
        if not reactions:
            return []
        acts = []
        for entry in reactions if isinstance(reactions, list) else [reactions]:
            reaction: Fields = entry if isinstance(entry, dict) else {}
            name, users, count = get_str(reaction, "name"), reaction.get("users"), reaction.get("count")
            if name is None or not isinstance(users, list):
                self.notes[ODD_REACTION] += 1
                continue
            # The colour of a hand is nobody's business, and no other reaction.
            label = name.partition("::skin-tone-")[0]
            note = SHORT_LIST if isinstance(count, int) and count > len(users) else None
            given = told._replace(kind="react", precision="none", target=told.actor, parent=None, text=None, edited=False)
            for user in dict.fromkeys(user for user in users if isinstance(user, str) and user):
                self.people.meet(user)
                acts.append(given._replace(actor=user, label=label, note=note))
        return acts

    def _skip(self, note: str) -> list[Act]:
        self.notes[note] += 1
        return []


def recognise(bundle: Bundle) -> bool:
    """Whether the first day files, or else the listings, hold what Slack writes; names alone say nothing."""
    days = (bundle.head(name, HEAD) for _, name in islice(day_files(bundle), 12))
    lists = (bundle.head(workspace + file, HEAD) for workspace, file in listings(bundle))
    return any(_holds(head, MESSAGE, STAMP) for head in days) or any(_holds(head, LISTED_ID, LISTED_KEY) for head in lists)


def read(bundle: Bundle, options: Options) -> Iterator[Batch]:
    """The acts of all conversations, folder by folder, day by day. Raises Malformed for a listing or day file that is no JSON array."""
    reader = Reader(People.of(bundle), options.text)
    chosen = _chosen(bundle, options, reader)
    acts: list[Act] = []
    for conversation in chosen:
        for file in conversation.days:
            for found in _day(bundle, file, conversation, reader):
                acts += found
                if len(acts) >= BATCH_ACTS:
                    yield _batch(acts, reader)
                    acts = []
    yield _batch(acts, reader)


def _chosen(bundle: Bundle, options: Options, reader: Reader) -> list[Conversation]:
    chosen = []
    for conversation in conversations(bundle):
        why_not = CANVAS if is_canvas(conversation) else None if options.private else _why_private(conversation)
        if why_not is None:
            chosen.append(conversation)
            reader.people.names.setdefault(conversation.id, conversation.name)
        else:
            reader.notes[why_not] += 1
    return chosen


def _why_private(conversation: Conversation) -> str | None:
    if conversation.privacy == "public":
        return None
    return PRIVATE if conversation.listed or conversation.privacy == "direct" else UNLISTED


def _day(bundle: Bundle, file: str, conversation: Conversation, reader: Reader) -> Iterator[list[Act]]:
    seen: set[str] = set()
    for line, message in enumerate(array(bundle, file), start=1):
        found = reader.acts(message, Place(conversation, file, line))
        # A reply also shown in the channel has one `ts`, and may have been written down twice.
        item = found[0].item if found else None
        if item is not None and item in seen:
            reader.notes[REPEATED] += 1
        elif item is not None:
            seen.add(item)
            yield found


def _batch(acts: list[Act], reader: Reader) -> Batch:
    batch = Batch(acts, reader.people.handed_over(), tuple(reader.notes.items()))
    reader.notes.clear()
    return batch


def _direct(told: Act, members: tuple[str, ...], sender: object) -> list[Act]:
    # Mentions give no rows: whoever is there is reached by the message itself, whoever is not will never see it.
    # Where an app acts for somebody, the message is not to them either.
    others = [member for member in members if member not in (told.actor, sender)]
    first = told._replace(kind="message", target=others[0] if others else None)
    return [first, *(first._replace(target=member, text=None) for member in others[1:])]


def _sound(ts: object) -> str | None:
    return ts if isinstance(ts, str) and TS.fullmatch(ts) else None


def _holds(head: bytes, *signs: re.Pattern[bytes]) -> bool:
    return ARRAY.match(head) is not None and all(sign.search(head) for sign in signs)


SLACK: Final = Source(
    name="slack",
    title="Slack export",
    about=(
        "A workspace's owner or admin makes it in Slack's settings, under import and export of data. It holds the public channels; "
        "private groups and direct messages only in exports of all conversations, and they are read only when asked for."
    ),
    recognise=recognise,
    read=read,
    sensitive=(
        *("profile.email", "profile.phone", "profile.skype", "profile.image_*", "profile.fields", "profile.status_text"),
        *("tz", "files", "attachments", "integration_logs.json", "canvases.json", "content_flags.json"),
    ),
    missing=(
        "who read what, when a reaction was given, deleted messages and earlier wordings, who follows whom; private conversations where "
        "the export leaves them out"
    ),
)
