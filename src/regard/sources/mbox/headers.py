"""The header fields of a message (RFC 5322), unfolded and decoded.

Archives break the standard: header values hold raw 8-bit bytes, and an archiver may have turned the `@` of an id into " at ". The
standard library's parser is not used: for such fields it gives a `Header` object or an exception, and it takes longer than all other
work on a message together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Final
from urllib.parse import unquote

from regard.sources.mbox.decoding import CONTROLS, decode, decode_words, to_one_line

_NAMES = (
    "from", "reply-to", "x-mailman-original-from", "x-original-from", "x-google-original-from", "x-original-sender", "author",
    "x-github-sender", "date", "subject", "message-id", "in-reply-to", "references",
    "list-id", "list-post", "x-google-groups", "auto-submitted", "precedence", "x-gm-thrid",
    "content-type", "content-transfer-encoding", "content-disposition",
)  # fmt: skip
WANTED: Final = {name.encode(): name for name in _NAMES}
"""The fields that are read. All others are dropped: To, Cc, Received, and whatever else names people, machines and places."""

MAX_VALUE: Final = 4_000
"""Bytes of a field's value that are looked at. Lists of message ids have no limit, since long threads make them long."""

_BRACKETED = re.compile(r"<([^<>]+)>")
_PARAMETERS = {name: re.compile(rf';\s?{name}\*?\s?=\s?(?:"([^"]*)"|([^\s;]+))', re.IGNORECASE) for name in ("charset", "boundary")}
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#64|#x40|#43|#x2b);", re.IGNORECASE)
_ESCAPED = re.compile(r"%(?:2[1-9ABDEF]|3[ACDEF]|40|5[EF]|60|7[BCDE])", re.IGNORECASE)
"""Characters that ids hold and addresses of pages escape."""
_ALONE = re.compile(r"(?=\D{0,100}\d)[A-Za-z0-9][\w.$+=/-]{0,250}", re.ASCII)
"""A field of one word with a digit in it: an id that lost its brackets, and has no `@`."""
_BETWEEN_IDS = re.compile(r"[\s<>()\",;]+")


@dataclass(frozen=True, slots=True)
class Headers:
    """The wanted header fields of a message or of a MIME part. If a field comes twice, the first counts; of Message-ID, all are kept.

    >>> Headers({"subject": b"=?utf-8?q?Caf=C3=A9?="}).text("subject")
    'Café'
    """

    values: Mapping[str, bytes]
    """Name of a field in small letters -> its value, unfolded."""

    def raw(self, name: str) -> bytes:
        """The bytes of a field's value, unfolded; empty if there is no such field."""
        return self.values.get(name, b"")

    def plain(self, name: str) -> str:
        """A field's value with its encoded words left as they are. Addresses must be split in this form, before they are decoded."""
        value = self.values.get(name)
        return decode(value[:MAX_VALUE]) if value is not None else ""

    def text(self, name: str) -> str:
        """A field's value as a person reads it, in one line."""
        return to_one_line(decode_words(self.plain(name)))

    def ids(self, name: str) -> list[str]:
        """The message ids in a field, in their order."""
        value = self.values.get(name)
        return parse_message_ids(decode(value)) if value else []

    def own_ids(self) -> list[str]:
        """The message's own id, and after it others that it bears too.

        public-inbox gives a message whose id is another's a second Message-ID, and keeps the first. The last is the one of its own.

        >>> read_headers(b"Message-ID: <used@x.org>\\nMessage-ID: <new@x.org>\\n").own_ids()
        ['new@x.org', 'used@x.org']
        """
        fields = self.raw("message-id").split(b"\n")
        return list(dict.fromkeys(ids[0] for field in reversed(fields) if (ids := parse_message_ids(decode(field)))))

    def channel(self) -> str | None:
        """The list's id (RFC 2919), or its address at Google. The tag in a subject cannot replace it, because people change subjects.

        >>> Headers({"list-id": b"People who talk <Talk.example.org>"}).channel()
        'talk.example.org'
        """
        inside = self.plain("list-id").lower().rpartition("<")[2].partition(">")[0].strip()
        if inside and " " not in inside:
            return inside
        groups = _BETWEEN_IDS.split(self.plain("x-google-groups").lower())
        return next((group for group in groups if group), None)

    def parameter(self, name: str) -> str:
        """The parameter `name` (charset or boundary) of Content-Type; empty if it has none."""
        match = _PARAMETERS[name].search(self.plain("content-type"))
        return (match[1] or match[2] or "") if match else ""


def read_headers(section: bytes) -> Headers:
    """The wanted fields of a header section: the bytes before a message's first empty line. Lines of another form are skipped.

    >>> read_headers(b"Subject: one\\n two\\nTo: somebody@example.org\\n").values
    {'subject': b'one two'}
    """
    unfolded = section.replace(b"\0", b"").replace(b"\r\n", b"\n").replace(b"\n ", b" ").replace(b"\n\t", b" ")
    values: dict[str, bytes] = {}
    for line in unfolded.split(b"\n"):
        name, _, value = line.partition(b":")
        key = WANTED.get(name.rstrip().lower())
        if key is not None and key not in values:
            values[key] = b" ".join(value.split())
        elif key == "message-id":
            values[key] += b"\n" + b" ".join(value.split())
    return Headers(values)


def parse_message_ids(value: str) -> list[str]:
    """The message ids in a header's value: the text in each pair of angle brackets, or otherwise the words with an `@`.

    In-Reply-To may hold several ids, or prose with an id in it. Archivers mask the `@`, and some programs fold a long id or escape it: as
    part of an address (`%2B`), of a page (`&lt;`), or as an encoded word.

    >>> parse_message_ids('<1@example.org> (Ann\\'s message of "Mon") <2.x at example.org>'), parse_message_ids("3@example.org")
    (['1@example.org', '2.x@example.org'], ['3@example.org'])
    """
    if "=?" in value:
        value = decode_words(value)
    if "&" in value:
        value = _ENTITY.sub(lambda match: unescape(match[0]), value)
    if "%" in value and "<" not in value:
        value = _unescape(value)
    ids = ["".join(inside.replace(" at ", "@").split()) for inside in _BRACKETED.findall(value)]
    if not ids and (alone := _ALONE.fullmatch(value)):
        ids = [alone[0]]
    elif not ids:
        words = _BETWEEN_IDS.split(value)
        is_masked = len(words) == 3 and words[1] == "at"
        ids = ["@".join(words[::2])] if is_masked else [word for word in words if "@" in word[1:-1]]
    ids = [_unescape(id) if "%" in id else id for id in ids]
    return [id if id.isprintable() else CONTROLS.sub("", id) for id in ids if id]


def _unescape(value: str) -> str:
    return _ESCAPED.sub(lambda match: unquote(match[0]), value)
