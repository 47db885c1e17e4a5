"""Mail addresses as archives show them (RFC 5322, section 3.4).

Archives mask addresses ("ann at example.org"), and programs change their case. An address is compared without its mask and in small
letters. A mask that can't be undone (`masks.py`) is no address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from regard.sources.mbox.decoding import decode_words, to_one_line
from regard.sources.mbox.masks import is_mask, undo_rewriting, unspell

MAX_NAME: Final = 200
"""Characters of a display name that are kept."""
MAX_ADDRESS: Final = 320
"""Characters of an address (RFC 3696): 64, `@`, and 255. A longer one is no address."""

NOBODY: Final = frozenset({"bogus@does.not.exist.com"})
"""The address that Mailman's archiver writes for a message without a sender. Mostly that is the rest of a message cut in two."""

_QUOTED_NAME = re.compile(r'\s?"((?:[^"\\]|\\.)*)"')
_IN_ANGLES = re.compile(r"<([^<>]{3,400})>")
_AT = r"(?:at|\(at\)|\[at\]|\(a\))"
_BARE = re.compile(rf"(\S{{1,320}}(?: {_AT} \S{{1,255}})?)(?: \((.*)\)?)?", re.IGNORECASE)
_MASK = re.compile(rf" {_AT} |\((?:at|a)\)|\[at\]", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]+@[^\s@<>(),;:\"\\]+")
_BETWEEN_COMMAS = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*")+')


class Address(NamedTuple):
    """An address in small letters and without its mask, and the display name beside it."""

    id: str
    name: str | None = None


@lru_cache(maxsize=8_192)
def parse_address(value: str) -> Address | None:
    """The first address in a header such as From; None if there is none.

    >>> parse_address("Ann at example.org (Ann \\"Annie\\" Lee)"), parse_address('"Lee, Ann" <ANN@Example.org>')
    (Address(id='ann@example.org', name='Ann "Annie" Lee'), Address(id='ann@example.org', name='Lee, Ann'))
    >>> parse_address("somebody") is None
    True
    """
    address = _parse(value)
    # Some programs put all of the header, with the address, into an encoded word.
    return _parse(to_one_line(decode_words(value))) if address is None and "=?" in value else address


@lru_cache(maxsize=8_192)
def masked_name(value: str) -> str | None:
    """The display name beside the first masked address in a header, empty if there is none; None if no address is masked.

    >>> masked_name("Ann Lee <address@hidden>"), masked_name("joh...@gmail.com (John)"), masked_name("xxxx@xxxx"), masked_name("a@x.org")
    ('Ann Lee', 'John', '', None)
    """
    return next((name or "" for shown, name in _shown_addresses(value) if is_mask(shown)), None)


def _parse(value: str) -> Address | None:
    return next((Address(id, name) for shown, name in _shown_addresses(unspell(value)) if (id := _normalise(shown))), None)


def _shown_addresses(value: str) -> Iterator[tuple[str, str | None]]:
    """What stands in the places of addresses, and the display name beside each."""
    quoted = _QUOTED_NAME.match(value)
    rest = value[quoted.end() :] if quoted else value
    for angles in _IN_ANGLES.finditer(rest):
        yield angles[1], _display_name(quoted[1] if quoted else rest[: angles.start()])
    if quoted is None and (bare := _BARE.match(value.strip())):
        yield bare[1], _display_name((bare[2] or "").removesuffix(")"))


def _normalise(shown: str) -> str | None:
    """The address in small letters, unmasked; None if the text is none, or a mask that can't be undone."""
    address = shown if "@" in shown else _MASK.sub("@", shown, count=1)
    address = address.strip(" ,;'\"").lower().removeprefix("mailto:").rstrip(".")
    if is_mask(shown) or is_mask(address):
        return None
    address = undo_rewriting(address)
    return address if len(address) <= MAX_ADDRESS and address not in NOBODY and _ADDRESS.fullmatch(address) else None


def _display_name(shown: str) -> str | None:
    name = re.sub(r"\\(.)", r"\1", shown) if "\\" in shown else shown
    return to_one_line(decode_words(name)).strip(" \"'")[:MAX_NAME] or None


def parse_addresses(value: str) -> Iterator[Address]:
    """All addresses in a header such as Reply-To."""
    for part in _BETWEEN_COMMAS.findall(value):
        if address := parse_address(" ".join(part.split())):
            yield address
