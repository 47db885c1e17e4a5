"""Single values of a tweet as Twitter's API 1.1 wrote it: ids, times, words, the people it names."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Final, NamedTuple

from regard.sources.formats.json_fields import Fields, get_object, get_objects, get_str
from regard.sources.formats.timestamps import instant
from regard.sources.stackexchange.fields import Moment

_CLASSIC: Final = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d) (\d{4})", re.ASCII)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ID: Final = re.compile(r"[1-9]\d{0,19}", re.ASCII)
_BY_HAND: Final = re.compile(r"RT @(\w{1,20})\b", re.ASCII)


class Named(NamedTuple):
    """Somebody whom a tweet names."""

    id: str
    name: str | None


def identity(fields: Fields, key: str) -> str | None:
    """The id under a key, from its text form where there is one: other programs take the number for a float and lose its last digits.

    >>> identity({"id": 500303431928922113}, "id"), identity({"id": 5e17, "id_str": "500303431928922113"}, "id"), identity({"id": -1}, "id")
    ('500303431928922113', '500303431928922113', None)
    """
    told, number = fields.get(f"{key}_str"), fields.get(key)
    text = told if isinstance(told, str) else number if isinstance(number, str) else str(number) if type(number) is int else ""
    return text if _ID.fullmatch(text) else None


def moment(text: object) -> Moment:
    """The time of a tweet, to the second; also that of interfaces which write ISO 8601.

    >>> moment("Fri Aug 15 15:30:08 +0000 2014") == moment("2014-08-15T15:30:08Z")
    True
    """
    found = _CLASSIC.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return instant(text)
    month, day, hour, minute, second, sign, zone_hours, zone_minutes, year = found.groups()
    try:
        days = date(int(year), _MONTHS.index(month) + 1, int(day)).toordinal() - 719_163
    except ValueError:
        return instant(None)
    zone = (int(zone_hours) * 3600 + int(zone_minutes) * 60) * (-1 if sign == "+" else 1)
    return Moment((days * 86_400 + int(hour) * 3600 + int(minute) * 60 + int(second) + zone) * 1_000_000, "s")


def words(tweet: Fields) -> str:
    """All of a tweet's words: those of more than 140 signs stand apart from the cut ones.

    >>> words({"text": "cut of\u2026", "extended_tweet": {"full_text": "all of it &amp; more"}})
    'all of it & more'
    """
    text = get_str(get_object(tweet, "extended_tweet"), "full_text") or get_str(tweet, "full_text") or get_str(tweet, "text") or ""
    return unescape(text) if "&" in text else text


def entities(tweet: Fields) -> Fields:
    """What Twitter found in all of a tweet's words: people, hashtags, addresses."""
    return get_object(get_object(tweet, "extended_tweet"), "entities") or get_object(tweet, "entities")


def named(tweet: Fields) -> list[Named]:
    """The people whom a tweet names, each once; names that nobody has (any more) are left out.

    >>> named({"entities": {"user_mentions": [{"id_str": "7", "screen_name": "ann"}, {"id": -1, "screen_name": "gone"}]}})
    [Named(id='7', name='ann')]
    """
    found: dict[str, str | None] = {}
    for one in get_objects(entities(tweet).get("user_mentions")):
        id = identity(one, "id")
        if id is not None:
            found.setdefault(id, get_str(one, "screen_name"))
    return [Named(id, name) for id, name in found.items()]


def hashtags(tweet: Fields) -> str | None:
    """A tweet's hashtags, apart by spaces.

    >>> hashtags({"entities": {"hashtags": [{"text": "bread"}, {"text": "oven"}]}})
    'bread oven'
    """
    return " ".join(filter(None, (get_str(one, "text") for one in get_objects(entities(tweet).get("hashtags"))))) or None


def by_hand(text: str, people: list[Named]) -> Named | None:
    """Whom a tweet repeats that begins with "RT @name", as people did before there was a button for it.

    >>> by_hand("RT @Ann: bread", [Named("7", "ann")])
    Named(id='7', name='ann')
    """
    found = _BY_HAND.match(text)
    return next((one for one in people if found and one.name and one.name.lower() == found[1].lower()), None)
