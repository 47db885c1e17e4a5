"""Slack: the export of a workspace, a zip or its unpacked folder.

`layout` knows the files, `users` the people, `messages` what one message says. This module reads them in order, and remembers what one
message cannot know of others: the accounts handed over, the ids of a day, the apps that opened threads.

The day in a file's name is the workspace's own, not UTC. Deletions leave nothing. Exports from before 2017 have no threads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from regard.record.schema import Batch
from regard.sources.base import CERTAIN, LIKELY, Options, Parsed, Recognition, Source
from regard.sources.batch_builder import batches
from regard.sources.formats.bundle import Bundle
from regard.sources.slack.layout import Conversation, conversations, day_files, is_canvas, list_files, read_array
from regard.sources.slack.messages import MessageContext, opens_thread_for_person, to_acts
from regard.sources.slack.users import Directory, NewAccounts, read_directory

REPEATED: Final = "messages repeated within a day file"
PRIVATE: Final = "private conversations left out"
UNLISTED: Final = "conversations in no listing left out (they may be private)"
CANVAS: Final = "conversations about canvases left out"

HEAD: Final = 1 << 16
"""Bytes of a file that are looked at to recognise it."""
ARRAY: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[\s*\{")
MESSAGE: Final = re.compile(rb'"type"\s*:\s*"message"')
STAMP: Final = re.compile(rb'"ts"\s*:\s*"\d{9,11}\.\d{6}"')
LISTED_ID: Final = re.compile(rb'"id"\s*:\s*"[UWCGD][A-Z0-9]{7,}"')
LISTED_KEY: Final = re.compile(rb'"(?:team_id|is_bot|creator|is_archived|members)"\s*:')


def recognise(bundle: Bundle) -> Recognition | None:
    """By what the first day files hold, or else the lists. Names alone prove nothing."""
    for _, name in islice(day_files(bundle), 12):
        if _holds(bundle.head(name, HEAD), MESSAGE, STAMP):
            return Recognition(CERTAIN, f"{name} holds messages with the timestamps that are Slack's ids")
    for workspace, file in list_files(bundle):
        if _holds(bundle.head(workspace + file, HEAD), LISTED_ID, LISTED_KEY):
            return Recognition(LIKELY, f"{workspace}{file} lists Slack's ids")
    return None


def read(bundle: Bundle, options: Options) -> Iterator[Batch]:
    """The acts of all conversations, folder by folder, day by day. Raises Malformed for a list or day file that is no JSON array."""
    yield from batches(_records(bundle, options))


def _records(bundle: Bundle, options: Options) -> Iterator[Parsed]:
    directory = read_directory(bundle)
    new_accounts = NewAccounts()
    yield Parsed(accounts=new_accounts.among(directory.accounts))
    chosen: list[Conversation] = []
    for conversation in conversations(bundle):
        reason = _reason_to_leave_out(conversation, options)
        if reason is None:
            chosen.append(conversation)
        else:
            yield Parsed(notes=[reason])
    for record in _messages(bundle, chosen, directory.with_channels(chosen), options):
        yield record._replace(accounts=new_accounts.among(record.accounts))


def _reason_to_leave_out(conversation: Conversation, options: Options) -> str | None:
    if is_canvas(conversation):
        return CANVAS
    if options.private or conversation.privacy == "public":
        return None
    return PRIVATE if conversation.listed or conversation.privacy == "direct" else UNLISTED


def _messages(bundle: Bundle, chosen: Iterable[Conversation], directory: Directory, options: Options) -> Iterator[Parsed]:
    thread_apps: dict[str, str] = {}
    for conversation in chosen:
        for file in conversation.days:
            context = MessageContext(conversation, file, 0, directory, options.text)
            yield from _day(bundle, context, thread_apps)


def _day(bundle: Bundle, context: MessageContext, thread_apps: dict[str, str]) -> Iterator[Parsed]:
    """The messages of one day file. `thread_apps` is thread -> the app that opened it in a person's name, of all days so far."""
    items: set[str] = set()
    for line, message in enumerate(read_array(bundle, context.file), start=1):
        thread = f"{context.conversation.id}:{message.get('thread_ts')}" if thread_apps and isinstance(message, dict) else ""
        record = to_acts(message, context._replace(line=line, thread_app=thread_apps.get(thread)))
        if record.acts:
            first = record.acts[0]
            if first.thread is not None and opens_thread_for_person(first, message):
                thread_apps[first.thread] = first.actor
            # A reply that is shown in the channel too has one `ts`, and some exports hold it twice.
            item = first.item or ""
            if item in items:
                record = record._replace(acts=(), notes=[*record.notes, REPEATED])
            items.add(item)
        yield record


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
    to_acts=to_acts,
    sensitive=(
        *("profile.email", "profile.phone", "profile.skype", "profile.image_*", "profile.fields", "profile.status_text"),
        *("tz", "files", "attachments", "integration_logs.json", "canvases.json", "content_flags.json"),
    ),
    missing=(
        "who read what, when a reaction was given, deleted messages and earlier wordings, who follows whom; private conversations where "
        "the export leaves them out"
    ),
    private_notes=((PRIVATE, "conversations"), (UNLISTED, "conversations")),
)
