"""Fields of JSON that other programs wrote: any field may be missing, or have a value of another type than it should."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

Fields = Mapping[str, object]
"""A JSON object. The type of each value has to be checked."""

_SURROGATES: Final = re.compile("[\ud800-\udfff]")


def get_str(fields: Fields, key: str) -> str | None:
    """The text of a field; None if it is missing, empty or no text.

    >>> get_str({"user": "U1", "bot_id": None, "name": 5}, "user"), get_str({"name": 5}, "name")
    ('U1', None)
    """
    value = fields.get(key)
    return value if isinstance(value, str) and value else None


def get_int(fields: Fields, key: str) -> int | None:
    """The integer of a field, from -2^63 to below 2^63; None for anything else, also for true and false.

    >>> get_int({"post_number": 2, "hidden": True, "score": 0.2}, "post_number"), get_int({"hidden": True}, "hidden")
    (2, None)
    """
    value = fields.get(key)
    return value if type(value) is int and -(2**63) <= value < 2**63 else None


def get_objects(value: object) -> Iterator[dict[str, object]]:
    """The JSON objects in a list; none if the value is no list."""
    return (each for each in value if isinstance(each, dict)) if isinstance(value, list) else iter(())


def get_object(fields: Fields, key: str) -> Fields:
    """The JSON object in a field; an empty one if there is none."""
    value = fields.get(key)
    return value if isinstance(value, dict) else {}


def storable(value: object) -> object:
    """The value with its strings free of NUL and lone surrogates, which JSON can hold and a database cannot."""
    if isinstance(value, str):
        return _SURROGATES.sub("\ufffd", value.replace("\0", ""))
    if isinstance(value, list):
        return [storable(each) for each in value]
    if isinstance(value, dict):
        return {storable(key): storable(each) for key, each in value.items()}
    return value
