"""The acts of one tweet.

- A tweet is a `post`; one with `in_reply_to_status_id` is a `reply`. If that field is empty, the tree of the conversation may name the
  tweet that is answered (`trees.py`).
- A retweet is a `share` and nothing else. The tweet that it repeats is no tweet of this input. "RT @name" at the beginning of a text is a
  retweet made by hand.
- A quote is a `share` besides the `post` or `reply` of the tweet itself. Mentioned users are mentioned, except those whom the tweet
  answers or quotes.
- Each tweet holds its author's number of followers on its own day. The number of the author's latest tweet is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from regard.record.schema import Account, Act
from regard.sources.base import MAX_TEXT, Parsed
from regard.sources.formats.json_fields import Fields, get_int, get_object, get_str
from regard.sources.twitter.fields import MentionedUser, full_text, get_id, hashtags, manually_retweeted, mentioned_users, parse_time

NO_TWEET: Final = "entries that are no tweets"
DELETED: Final = "notices that a tweet was deleted"
NO_TIME: Final = "times that cannot be read"

ONLY_NAMED: Final = -(2**63)
"""In place of a time: no tweet has described this account."""


class TweetContext(NamedTuple):
    """What a tweet takes from outside itself."""

    file: str
    line: int
    keep_text: bool = True
    parent: str | None = None
    """Id of the tweet that it answers, if only the tree of its conversation shows that."""
    described: Mapping[str, int] = MappingProxyType({})
    """Account -> time of the latest tweet that described it (with followers), or `ONLY_NAMED`. Accounts not in it are new."""


def to_acts(raw: object, context: TweetContext) -> Parsed:
    """The acts of one tweet, the act with its words first; no act but a note for anything that is no tweet.

    The accounts are those that are new, and those that an earlier tweet has described.

    >>> tweet = {"id": 50, "user": {"id": 12}, "text": "RT @ann: bread", "entities": {"user_mentions": [{"id": 11, "screen_name": "ann"}]}}
    >>> [(act.actor, act.kind, act.target) for act in to_acts(tweet, TweetContext("tweets.jsonl", 1)).acts]
    [('12', 'share', '11')]
    """
    tweet: Fields = raw if isinstance(raw, dict) else {}
    user = get_object(tweet, "user")
    item, author = get_id(tweet, "id"), get_id(user, "id")
    if item is None or author is None:
        return Parsed(notes=[DELETED if "delete" in tweet else NO_TWEET])
    when = parse_time(tweet.get("created_at"))
    accounts = _Accounts(context.described, when.time)
    accounts.describe(user)
    act = Act(
        author,
        "post",
        when.time,
        item=item,
        thread=item,
        text=full_text(tweet)[:MAX_TEXT] or None if context.keep_text else None,
        lang=_language(tweet),
        precision=when.precision,
        visibility="followers" if user.get("protected") is True else "public",
        file=context.file,
        line=context.line,
    )
    acts = _retweet(act, tweet, accounts) or _own_tweet(act, tweet, accounts, context)
    return Parsed(acts, accounts.new, [NO_TIME] if when.time is None else [])


def described_accounts(raw: object, acts: Sequence[Act]) -> set[str]:
    """Ids of the accounts that a tweet describes, given its acts: its author, and whom it retweets or quotes.

    A retweet made by hand only names the author of what it repeats.
    """
    is_retweet = isinstance(raw, dict) and bool(get_object(raw, "retweeted_status"))
    shared = {act.target for act in acts if act.kind == "share" and (is_retweet or act.label == "quote")}
    return {act.actor for act in acts} | {id for id in shared if id is not None}


class _Accounts:
    """The accounts of one tweet that is of time `time`."""

    def __init__(self, described: Mapping[str, int], time: int | None) -> None:
        self.new: list[Account] = []
        """Accounts that are new, or that an earlier tweet has described."""
        self._described, self._time = described, -1 if time is None else time
        self._of_tweet: set[str] = set()

    def describe(self, user: Fields) -> str | None:
        """Add an account with the values of a user object. Gives its id."""
        id = get_id(user, "id")
        if id is not None and self._described.get(id, self._time) <= self._time:
            followers = get_int(user, "followers_count")
            self.new.append(
                Account(
                    id,
                    get_str(user, "screen_name"),
                    followers=followers if followers is not None and followers >= 0 else None,
                    role="verified" if user.get("verified") is True else None,
                )
            )
            self._of_tweet.add(id)
        return id

    def name(self, user: MentionedUser) -> str:
        """Add an account of which only the name is known. Gives its id."""
        if user.id not in self._described and user.id not in self._of_tweet:
            self.new.append(Account(*user))
            self._of_tweet.add(user.id)
        return user.id


def _retweet(act: Act, tweet: Fields, accounts: _Accounts) -> list[Act]:
    """The one act of a retweet; nothing for any other tweet."""
    original = get_object(tweet, "retweeted_status")
    author = None
    if original:
        author = accounts.describe(get_object(original, "user"))
    elif tweet.get("in_reply_to_status_id") is None:
        user = manually_retweeted(full_text(tweet), mentioned_users(tweet))
        author = None if user is None else accounts.name(user)
    return [act._replace(kind="share", target=author, label="retweet")] if original or author is not None else []


def _own_tweet(act: Act, tweet: Fields, accounts: _Accounts, context: TweetContext) -> list[Act]:
    """A `post` or `reply`, a `share` of the tweet that it quotes, and its mentions."""
    parent = get_id(tweet, "in_reply_to_status_id") or context.parent
    target = get_id(tweet, "in_reply_to_user_id") if parent else None
    if target is not None:
        accounts.name(MentionedUser(target, get_str(tweet, "in_reply_to_screen_name")))
    first = act._replace(
        kind="reply" if parent else "post",
        target=target,
        parent=parent,
        thread=None if parent else act.item,
        label=hashtags(tweet) if context.keep_text else None,
    )
    acts, further = [first], first._replace(text=None, label=None)
    quoted = accounts.describe(get_object(get_object(tweet, "quoted_status"), "user"))
    if quoted is not None:
        acts.append(further._replace(kind="share", target=quoted, parent=None, label="quote"))
    for user in mentioned_users(tweet):
        if user.id not in (act.actor, target, quoted):
            acts.append(further._replace(kind="mention", target=accounts.name(user)))
    return acts


def _language(tweet: Fields) -> str | None:
    language = get_str(tweet, "lang")
    return None if language == "und" else language
