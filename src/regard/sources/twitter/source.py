"""Tweets as Twitter's API 1.1 wrote them: one JSON object a tweet, in a file each, in arrays or one a line.

Collections for research have this form: streams, searches, and trees of conversations, in which each thread has a folder with
`source-tweet/ID.json`, `replies/ID.json` and `structure.json`, the tree of ids. Object: Twitter's "Tweet data dictionary", standard v1.1.

- A tweet is a `post`, one with `in_reply_to_status_id` a `reply`; where that is missing, `structure.json` may tell what is answered.
- A retweet is a `share` and nothing else; what it repeats is no tweet of this input. "RT @name" at the beginning is one made by hand.
- A quote is a `share` besides the tweet's own post or reply. People named are mentioned, but for whom the tweet answers or shares.
- Followers are those of the latest tweet of an account: each tweet brings the count of its day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from regard.record.schema import Account, Act, Batch
from regard.sources.base import Options, Source
from regard.sources.batch_builder import BatchBuilder
from regard.sources.formats.bundle import Bundle
from regard.sources.formats.json_fields import Fields, get_int, get_object, get_str
from regard.sources.formats.json_stream import values
from regard.sources.stackexchange.fields import MAX_TEXT
from regard.sources.twitter.fields import Named, by_hand, hashtags, identity, moment, named, words

NO_TWEET: Final = "entries that are no tweets"
DELETED: Final = "notices that a tweet was deleted"
NO_TIME: Final = "times that cannot be read"
OTHER_FILES: Final = "files that hold no tweets left out"

STRUCTURE: Final = "structure.json"
HEAD: Final = 64 << 10
MOST_FILES: Final = 200
_JSON: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]")
_TIME: Final = re.compile(rb'"created_at"\s*:\s*"[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d [+-]\d{4} \d{4}"')
_USER: Final = re.compile(rb'"user"\s*:\s*\{')
_TEXT: Final = re.compile(rb'"(?:full_)?text"\s*:\s*"')


@dataclass
class Reader(BatchBuilder):
    """Turns raw tweets into acts, and keeps count of what it leaves out."""

    keep_text: bool = True
    _seen: dict[str, int] = field(default_factory=dict)
    """Account -> the time of the latest tweet that told of it; before all times where it was only named."""

    def acts(self, raw: object, parent: str | None, file: str, line: int) -> list[Act]:
        """The acts of one tweet, the one that bears its words first; none, and a note, for what is no tweet.

        `parent` is what it answers by the tree that it stands in, if it does.
        """
        tweet: Fields = raw if isinstance(raw, dict) else {}
        user = get_object(tweet, "user")
        item, author = identity(tweet, "id"), identity(user, "id")
        if item is None or author is None:
            self.notes[DELETED if "delete" in tweet else NO_TWEET] += 1
            return []
        when = moment(tweet.get("created_at"))
        if when.time is None:
            self.notes[NO_TIME] += 1
        self._meet(author, user, when.time)
        told = Act(
            author,
            "post",
            when.time,
            item=item,
            lang=_language(tweet),
            precision=when.precision,
            visibility="followers" if user.get("protected") is True else "public",
            file=file,
            line=line,
        )
        return self._shared(told, tweet) or self._said(told, tweet, parent)

    def _shared(self, told: Act, tweet: Fields) -> list[Act]:
        """The one act of a retweet; nothing for any other tweet."""
        original = get_object(tweet, "retweeted_status")
        if original:
            owner = self._owner(original, told.time)
        elif tweet.get("in_reply_to_status_id") is None:
            again = by_hand(words(tweet), named(tweet))
            owner = None if again is None else self._name(again)
        else:
            owner = None
        if not original and owner is None:
            return []
        return [told._replace(kind="share", target=owner, thread=told.item, text=self._text(tweet), label="retweet")]

    def _said(self, told: Act, tweet: Fields, parent: str | None) -> list[Act]:
        answered = identity(tweet, "in_reply_to_status_id") or parent
        target = identity(tweet, "in_reply_to_user_id") if answered else None
        if target is not None:
            self._name(Named(target, get_str(tweet, "in_reply_to_screen_name")))
        first = told._replace(
            kind="reply" if answered else "post",
            target=target,
            parent=answered,
            thread=None if answered else told.item,
            text=self._text(tweet),
            label=hashtags(tweet) if self.keep_text else None,
        )
        acts = [first]
        quoted = get_object(tweet, "quoted_status")
        owner = self._owner(quoted, told.time) if quoted else None
        row = first._replace(text=None, label=None)
        if owner is not None:
            acts.append(row._replace(kind="share", target=owner, parent=None, label="quote"))
        for one in named(tweet):
            # Whom a tweet answers or quotes it addresses by that.
            if one.id not in (told.actor, target, owner):
                acts.append(row._replace(kind="mention", target=self._name(one)))
        return acts

    def _text(self, tweet: Fields) -> str | None:
        return words(tweet)[:MAX_TEXT] or None if self.keep_text else None

    def _owner(self, tweet: Fields, time: int | None) -> str | None:
        """Who wrote a tweet inside another one, which tells of that account as of its own time."""
        owner = identity(get_object(tweet, "user"), "id")
        if owner is not None:
            self._meet(owner, get_object(tweet, "user"), time)
        return owner

    def _meet(self, id: str, user: Fields, time: int | None) -> None:
        known, now = self._seen.get(id), -1 if time is None else time
        if known is None or known <= now:
            self._seen[id] = now
            role = "verified" if user.get("verified") is True else None
            followers = get_int(user, "followers_count")
            told = followers if followers is not None and followers >= 0 else None
            self.fresh.append(Account(id, get_str(user, "screen_name"), followers=told, role=role))

    def _name(self, one: Named) -> str:
        if one.id not in self._seen:
            self._seen[one.id] = -(2**63)
            self.fresh.append(Account(one.id, one.name))
        return one.id


class Trees:
    """What answers what by the `structure.json` of a thread's folder; the last one is remembered."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self._name, self._parents = "", dict[str, str]()

    def parent(self, file: str, item: object) -> str | None:
        """The tweet that a file's tweet answers by its thread's tree. Raises Malformed where that is no JSON."""
        folder = file.rpartition("/")[0].rpartition("/")[0]
        name = f"{folder}/{STRUCTURE}" if folder else STRUCTURE
        if name != self._name:
            self._name, self._parents = name, self._read(name) if name in self.bundle.entries else {}
        return self._parents.get(item) if isinstance(item, str) else None

    def _read(self, name: str) -> dict[str, str]:
        found: dict[str, str] = {}
        todo = [value for _, value in values(self.bundle, name)]
        while todo:
            tree = todo.pop()
            for parent, below in tree.items() if isinstance(tree, dict) else ():
                todo.append(below)
                found.update(dict.fromkeys(below, parent) if isinstance(below, dict) else {})
        return found


def recognise(bundle: Bundle) -> bool:
    """Whether one of the files begins with a tweet of API 1.1."""
    return any(_holds_tweets(bundle.head(name, HEAD)) for name in islice(bundle.names, MOST_FILES))


def read(bundle: Bundle, options: Options) -> Iterator[Batch]:
    """The tweets of all files. Raises Malformed (file, line) and Unsafe as `json_stream.values` does."""
    reader = Reader(options.text)
    yield from reader.batches(_messages(bundle, reader))


def _messages(bundle: Bundle, reader: Reader) -> Iterator[list[Act]]:
    trees = Trees(bundle)
    for name in bundle.names:
        if not _holds_tweets(bundle.head(name, HEAD)):
            reader.notes[OTHER_FILES] += not name.endswith(STRUCTURE)
            continue
        for line, value in values(bundle, name):
            answers = isinstance(value, dict) and value.get("in_reply_to_status_id") is not None
            parent = None if answers or not isinstance(value, dict) else trees.parent(name, value.get("id_str"))
            yield reader.acts(value, parent, name, line)


def _holds_tweets(head: bytes) -> bool:
    return bool(_JSON.match(head) and _TIME.search(head) and _USER.search(head) and _TEXT.search(head))


def _language(tweet: Fields) -> str | None:
    told = get_str(tweet, "lang")
    return None if told == "und" else told


TWITTER: Final = Source(
    name="twitter",
    title="Tweets (API 1.1)",
    about=(
        "Tweets as Twitter's API 1.1 gave them, in JSON files or JSON lines: collections for research, streams, and trees of conversations "
        "with structure.json. Not the archive that a person downloads of their own account."
    ),
    recognise=recognise,
    read=read,
    sensitive=(
        *("coordinates", "geo", "place", "source", "extended_entities", "user.location", "user.description", "user.url", "user.time_zone"),
        *("user.utc_offset", "user.profile_*", "user.created_at", "user.lang"),
    ),
    missing=(
        "who liked a tweet and who follows whom (only how many), tweets outside the collection, deleted ones and accounts; a collection "
        "was chosen by somebody, often for tweets that were shared much"
    ),
)
