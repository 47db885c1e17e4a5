"""Who wrote a message: addresses as archives show them, lists that put themselves in the sender's place, automata.

A person is known by the address, lower-cased: archives mask it ("ann at example.org") and programs change its case. A display name is
never used to join two addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from regard.record.schema import Account
from regard.sources.mbox.headers import Headers, decode_words, one_line

LONGEST_NAME = 200
LONGEST_ADDRESS = 320
"""RFC 3696: 64 characters, `@`, and 255."""

NOBODY = frozenset({"bogus@does.not.exist.com"})
"""What Mailman's archiver writes where a message has no sender: mostly the rest of a message that was cut in two."""

_QUOTED = re.compile(r'\s?"((?:[^"\\]|\\.)*)"')
_ANGLE = re.compile(r"<([^<>]{3,400})>")
_AT = r"(?:at|\(at\)|\[at\]|\(a\))"
_BARE = re.compile(rf"(\S{{1,320}}(?: {_AT} \S{{1,255}})?)(?: \((.*)\)?)?", re.IGNORECASE)
_MASK = re.compile(rf" {_AT} |\((?:at|a)\)|\[at\]", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]+@[^\s@<>(),;:\"\\]+")
_BETWEEN = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*")+')
_VIA = re.compile(r"['\"]?(.+?)['\"]? via (.+)", re.IGNORECASE)

_AUTOMATON = re.compile(
    r"(?:.*[-_.+])?(?:no-?reply|do-?not-?reply)(?:[-_.+].*)?"
    r"|(?:mailer-daemon|postmaster|bounces?|syzbot|patchwork|bugzilla|buildbot|jenkins|gerrit|jira|notifications?)(?:[-+].*)?"
    r"|(?:.*[-_.])?bot\d*(?:\+.*)?"
)
_AUTOMATON_NAME = re.compile(
    r"\[bot\]|\b(?:test|build|ci) (?:ro)?bot\b|\bvia (?:github|gitlab|gerrit|bugzilla|jira)$|\(jira\)$", re.IGNORECASE
)


class Address(NamedTuple):
    """An address, lower-cased and without its mask, and the name shown with it."""

    id: str
    name: str | None = None


class Author(NamedTuple):
    """Who wrote a message."""

    id: str
    name: str | None
    veiled: bool = False
    """The list hides the address and only the name is told; the id is made of it."""


@lru_cache(maxsize=8_192)
def address(value: str) -> Address | None:
    """The (first) address in a header such as From.

    >>> address("Ann at example.org (Ann \\"Annie\\" Lee)"), address('"Lee, Ann" <ANN@Example.org>')
    (Address(id='ann@example.org', name='Ann "Annie" Lee'), Address(id='ann@example.org', name='Lee, Ann'))
    >>> address("somebody") is None
    True
    """
    found = _address(value)
    # Some programs encode the whole header, the address with it.
    return _address(one_line(decode_words(value))) if found is None and "=?" in value else found


def _address(value: str) -> Address | None:
    quoted = _QUOTED.match(value)
    rest = value[quoted.end() :] if quoted else value
    for angle in _ANGLE.finditer(rest):
        if who := _clean(angle[1]):
            return Address(who, _name(quoted[1] if quoted else rest[: angle.start()]))
    if quoted is None and (bare := _BARE.match(value.strip())) and (who := _clean(bare[1])):
        return Address(who, _name((bare[2] or "").removesuffix(")")))
    return None


def _clean(shown: str) -> str | None:
    plain = shown if "@" in shown else _MASK.sub("@", shown, count=1)
    plain = plain.strip(" ,;'\"").lower().removeprefix("mailto:").rstrip(".")
    return plain if len(plain) <= LONGEST_ADDRESS and plain not in NOBODY and _ADDRESS.fullmatch(plain) else None


def _name(shown: str) -> str | None:
    plain = re.sub(r"\\(.)", r"\1", shown) if "\\" in shown else shown
    return one_line(decode_words(plain)).strip(" \"'")[:LONGEST_NAME] or None


def addresses(value: str) -> Iterator[Address]:
    """All addresses in a header such as Reply-To."""
    for piece in _BETWEEN.findall(value):
        if found := address(" ".join(piece.split())):
            yield found


def author(headers: Headers) -> Author | None:
    """Who wrote the message; None where no address is to be found.

    A list may put its own address in the place of the sender's (so that DMARC lets the message pass): "Ann Lee via talk". The real one
    then stands in X-Mailman-Original-From, X-Original-From or Reply-To; otherwise the name on that list is all that is known.

    >>> author(Headers({"from": b"Ann Lee via talk <talk@example.org>", "reply-to": b"ann@example.com"}))
    Author(id='ann@example.com', name='Ann Lee', veiled=False)
    """
    shown = address(headers.plain("from"))
    if shown is None:
        return None
    via = _VIA.fullmatch(shown.name) if shown.name and " via " in shown.name.lower() else None
    if via is None or not _is_list(shown.id, via[2], headers):
        return Author(*shown)
    name = via[1].strip()
    for header in ("x-mailman-original-from", "x-original-from", "reply-to"):
        for found in addresses(headers.plain(header)):
            if found.id != shown.id and not _is_list(found.id, "", headers):
                return Author(found.id, name)
    return Author(f"{name.lower()} via {shown.id}", name, veiled=True)


def _is_list(who: str, called: str, headers: Headers) -> bool:
    local, _, domain = who.partition("@")
    own = f"<{local}.{domain}>" in headers.plain("list-id").lower() or f"mailto:{who}>" in headers.plain("list-post").lower()
    return own or local == called.lower()


def is_automaton(who: str, name: str | None) -> bool:
    """Whether an address or name is that of a program.

    GitHub's private addresses (12345+login@users.noreply.github.com) are people's: only what stands before the `@` counts.

    >>> is_automaton("syzbot+1f2e@example.org", None), is_automaton("talbot@example.org", "Ann Talbot")
    (True, False)
    """
    return bool(_AUTOMATON.fullmatch(who.partition("@")[0]) or (name and _AUTOMATON_NAME.search(name)))


class _Seen:
    """What one reading knows of a sender."""

    __slots__ = ("automatic", "bot", "fresh", "mails", "name")

    def __init__(self) -> None:
        self.name: str | None = None
        self.mails = self.automatic = 0
        self.bot = False
        self.fresh = True


class People:
    """The accounts of one reading: each is told once, and again if a name turns up later or if it proves to be a program.

    A single automatic message (an absence, a cron job) makes no program of a person: more than half of an address's messages must be
    marked as automatic.
    """

    def __init__(self) -> None:
        self._seen: dict[str, _Seen] = {}
        self._fresh: list[str] = []

    def saw(self, who: str, name: str | None, *, mails: int = 1, automatic: bool = False) -> None:
        """Count a message by `who`, or with `mails` 0 a mention of them."""
        seen = self._seen.get(who)
        if seen is None:
            seen = self._seen[who] = _Seen()
            self._fresh.append(who)
        if seen.name is None and name is not None:
            seen.name = name
            seen.bot = seen.bot or is_automaton(who, name)
            if not seen.fresh:
                seen.fresh = True
                self._fresh.append(who)
        seen.mails += mails
        seen.automatic += automatic

    def fresh(self) -> list[Account]:
        """Accounts first seen or first named since the last call."""
        told = [Account(who, self._seen[who].name, "bot" if self._is_bot(who) else None) for who in self._fresh]
        for who in self._fresh:
            self._seen[who].fresh = False
        self._fresh = []
        return told

    def automata(self) -> list[Account]:
        """At the end of a reading: the addresses most of whose messages were marked as automatic."""
        return [Account(who, seen.name, "bot") for who, seen in self._seen.items() if 2 * seen.automatic > seen.mails]

    def _is_bot(self, who: str) -> bool:
        return self._seen[who].bot or is_automaton(who, None)
