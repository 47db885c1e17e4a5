"""Tweets as Twitter's API 1.1 wrote them: one JSON object a tweet, in a file each, in arrays or one a line.

Collections for research have this form: streams, searches, and trees of conversations. In such a tree each conversation has a folder with
`source-tweet/ID.json`, `replies/ID.json` and `structure.json`, the tree of ids. Fields: Twitter's "Tweet data dictionary", standard v1.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from regard.record.schema import Batch
from regard.sources.base import LIKELY, Options, Parsed, Recognition, Source
from regard.sources.batch_builder import batches
from regard.sources.formats.bundle import Bundle
from regard.sources.formats.json_stream import values
from regard.sources.twitter.trees import STRUCTURE, ReplyTrees
from regard.sources.twitter.tweets import ONLY_NAMED, TweetContext, described_accounts, to_acts

OTHER_FILES: Final = "files that hold no tweets left out"

HEAD: Final = 64 << 10
"""Bytes of a file that are looked at to recognise it."""
MAX_FILES: Final = 200
"""Files that are looked at to recognise an input."""
_JSON: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]")
_TIME: Final = re.compile(rb'"created_at"\s*:\s*"[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d [+-]\d{4} \d{4}"')
_USER: Final = re.compile(rb'"user"\s*:\s*\{')
_TEXT: Final = re.compile(rb'"(?:full_)?text"\s*:\s*"')


def recognise(bundle: Bundle) -> Recognition | None:
    """Recognise tweets of API 1.1 by the first bytes of one of the files."""
    for name in islice(bundle.names, MAX_FILES):
        if _holds_tweets(bundle.head(name, HEAD)):
            return Recognition(LIKELY, f"{name} holds texts with a user and a time as Twitter's API 1.1 writes it")
    return None


def _holds_tweets(head: bytes) -> bool:
    return bool(_JSON.match(head) and _TIME.search(head) and _USER.search(head) and _TEXT.search(head))


def read(bundle: Bundle, options: Options) -> Iterator[Batch]:
    """The tweets of all files. Raises Malformed (file, line) and Unsafe as `json_stream.values` does."""
    yield from batches(_records(bundle, options))


def _records(bundle: Bundle, options: Options) -> Iterator[Parsed]:
    trees = ReplyTrees(bundle)
    described: dict[str, int] = {}
    for name in bundle.names:
        if not _holds_tweets(bundle.head(name, HEAD)):
            if not name.endswith(STRUCTURE):
                yield Parsed(notes=[OTHER_FILES])
            continue
        for line, value in values(bundle, name):
            record = to_acts(value, TweetContext(name, line, options.text, _parent(value, name, trees), described))
            _remember(value, record, described)
            yield record


def _parent(value: object, file: str, trees: ReplyTrees) -> str | None:
    """The tweet that a tweet answers by its tree. None if the tweet itself names the one it answers."""
    if not isinstance(value, dict) or value.get("in_reply_to_status_id") is not None:
        return None
    return trees.parent(file, value.get("id_str"))


def _remember(value: object, record: Parsed, described: dict[str, int]) -> None:
    """Bring `described` (see `TweetContext`) up to date with one tweet and what it holds."""
    if record.acts:
        time = record.acts[0].time
        now = -1 if time is None else time
        for id in described_accounts(value, record.acts):
            described[id] = max(described.get(id, now), now)
        for account in record.accounts:
            described.setdefault(account.id, ONLY_NAMED)


TWITTER: Final = Source(
    name="twitter",
    title="Tweets (API 1.1)",
    about=(
        "Tweets as Twitter's API 1.1 gave them, in JSON files or JSON lines: collections for research, streams, and trees of conversations "
        "with structure.json. Not the archive that a person downloads of their own account."
    ),
    recognise=recognise,
    read=read,
    to_acts=to_acts,
    sensitive=(
        *("coordinates", "geo", "place", "source", "extended_entities", "user.location", "user.description", "user.url", "user.time_zone"),
        *("user.utc_offset", "user.profile_*", "user.created_at", "user.lang"),
    ),
    missing=(
        "who liked a tweet and who follows whom (only how many), tweets outside the collection, deleted ones and accounts; a collection "
        "was chosen by somebody, often for tweets that were shared much"
    ),
)
