"""Single values of a tweet as Twitter's API 1.1 wrote it: ids, times, text, and the users that it mentions."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Final, NamedTuple

from regard.sources.formats.json_fields import Fields, get_object, get_objects, get_str
from regard.sources.formats.timestamps import NEVER, Moment, parse_iso

_CLASSIC: Final = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d) (\d{4})", re.ASCII)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_EPOCH: Final = date(1970, 1, 1).toordinal()
_ID: Final = re.compile(r"[1-9]\d{0,19}", re.ASCII)
_MANUAL_RETWEET: Final = re.compile(r"RT @(\w{1,20})\b", re.ASCII)


class MentionedUser(NamedTuple):
    """A user whom a tweet mentions."""

    id: str
    screen_name: str | None


def get_id(fields: Fields, key: str) -> str | None:
    """The id under a key, taken from its text form if there is one: other programs read the number as a float and lose its last digits.

    >>> get_id({"id": 500303431928922113}, "id"), get_id({"id": 5e17, "id_str": "500303431928922113"}, "id"), get_id({"id": -1}, "id")
    ('500303431928922113', '500303431928922113', None)
    """
    text, number = fields.get(f"{key}_str"), fields.get(key)
    if not isinstance(text, str):
        text = number if isinstance(number, str) else str(number) if type(number) is int else ""
    return text if _ID.fullmatch(text) else None


def parse_time(text: object) -> Moment:
    """The time of a tweet, to the second. Times in ISO 8601, which other interfaces write, are read too.

    >>> parse_time("Fri Aug 15 15:30:08 +0000 2014") == parse_time("2014-08-15T15:30:08Z")
    True
    """
    classic = _CLASSIC.fullmatch(text) if isinstance(text, str) else None
    if classic is None:
        return parse_iso(text)
    month, day, hour, minute, second, sign, zone_hours, zone_minutes, year = classic.groups()
    try:
        days = date(int(year), _MONTHS.index(month) + 1, int(day)).toordinal() - _EPOCH
    except ValueError:
        return NEVER
    to_utc = (int(zone_hours) * 3600 + int(zone_minutes) * 60) * (-1 if sign == "+" else 1)
    return Moment((days * 86_400 + int(hour) * 3600 + int(minute) * 60 + int(second) + to_utc) * 1_000_000, "s")


def full_text(tweet: Fields) -> str:
    """All text of a tweet. If it has more than 140 characters, `text` is cut and the full text is in another field.

    >>> full_text({"text": "cut of\u2026", "extended_tweet": {"full_text": "all of it &amp; more"}})
    'all of it & more'
    """
    text = get_str(get_object(tweet, "extended_tweet"), "full_text") or get_str(tweet, "full_text") or get_str(tweet, "text") or ""
    return unescape(text) if "&" in text else text


def entities(tweet: Fields) -> Fields:
    """What Twitter recognised in the full text of a tweet: users, hashtags, addresses."""
    return get_object(get_object(tweet, "extended_tweet"), "entities") or get_object(tweet, "entities")


def mentioned_users(tweet: Fields) -> list[MentionedUser]:
    """The users whom a tweet mentions, each once. Names that no user has (any more) are left out.

    >>> mentioned_users({"entities": {"user_mentions": [{"id_str": "7", "screen_name": "ann"}, {"id": -1, "screen_name": "gone"}]}})
    [MentionedUser(id='7', screen_name='ann')]
    """
    names: dict[str, str | None] = {}
    for mention in get_objects(entities(tweet).get("user_mentions")):
        id = get_id(mention, "id")
        if id is not None:
            names.setdefault(id, get_str(mention, "screen_name"))
    return [MentionedUser(id, name) for id, name in names.items()]


def hashtags(tweet: Fields) -> str | None:
    """A tweet's hashtags, separated by spaces.

    >>> hashtags({"entities": {"hashtags": [{"text": "bread"}, {"text": "oven"}]}})
    'bread oven'
    """
    return " ".join(filter(None, (get_str(tag, "text") for tag in get_objects(entities(tweet).get("hashtags"))))) or None


def manually_retweeted(text: str, users: list[MentionedUser]) -> MentionedUser | None:
    """The author of what a tweet repeats if its text begins with "RT @name", as people wrote before there was a button for it.

    >>> manually_retweeted("RT @Ann: bread", [MentionedUser("7", "ann")])
    MentionedUser(id='7', screen_name='ann')
    """
    match = _MANUAL_RETWEET.match(text)
    return next((user for user in users if match and user.screen_name and user.screen_name.lower() == match[1].lower()), None)
