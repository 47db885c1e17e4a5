"""The headers of a message: found, unfolded, decoded (RFC 5322, RFC 2047).

Written for archives as they are, not as the standards want them: raw 8-bit bytes, charsets that do not exist, encoded words inside
quotes or cut in the middle of a character, ids whose `@` an archiver turned into " at ". The standard library's parser is not used on
purpose: it answers such headers with a `Header` object or an exception, and takes longer than the whole of the rest.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_tz
from encodings.aliases import aliases
from functools import lru_cache
from typing import Final, NamedTuple

_NAMES = (
    "from", "reply-to", "x-mailman-original-from", "x-original-from", "date", "subject", "message-id", "in-reply-to", "references",
    "list-id", "list-post", "auto-submitted", "precedence", "x-gm-thrid",
    "content-type", "content-transfer-encoding", "content-disposition",
)  # fmt: skip
WANTED: Final = {name.encode(): name for name in _NAMES}
"""All others are dropped unread: To, Cc, Received and what else names people, machines and places."""

LONGEST_VALUE: Final = 4_000
"""Characters of a header that are looked at, but for the lists of ids, which long threads make longer."""

# Codecs that are no charsets, and one (punycode) whose time grows with the square of its input.
_NO_CHARSETS = {"base64_codec", "bz2_codec", "hex_codec", "mbcs", "quopri_codec", "rot_13", "uu_codec", "zlib_codec", "punycode", "idna"}
_CHARSETS = frozenset(aliases.values()) - _NO_CHARSETS | {"koi8_u", "koi8_t", "cp720", "cp737", "cp874", "utf_8_sig"}

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_BRACKETED = re.compile(r"<([^<>]+)>")
_PARAMETERS = {name: re.compile(rf';\s?{name}\*?\s?=\s?(?:"([^"]*)"|([^\s;]+))', re.IGNORECASE) for name in ("charset", "boundary")}
_BETWEEN_IDS = re.compile(r"[\s<>()\",;]+")


@dataclass(frozen=True, slots=True)
class Headers:
    """The wanted headers of one message or part, by their names in small letters; of a header that comes twice, the first.

    >>> Headers({"subject": b"=?utf-8?q?Caf=C3=A9?="}).text("subject")
    'Café'
    """

    values: Mapping[str, bytes]

    def raw(self, name: str) -> bytes:
        """The bytes of a header with its folds taken out; empty where there is none."""
        return self.values.get(name, b"")

    def plain(self, name: str) -> str:
        """A header as characters, its encoded words left as they are: addresses are taken apart before they are decoded."""
        value = self.values.get(name)
        return decode(value[:LONGEST_VALUE]) if value is not None else ""

    def text(self, name: str) -> str:
        """A header as a person reads it, in one line."""
        return one_line(decode_words(self.plain(name)))

    def ids(self, name: str) -> list[str]:
        """The message ids in a header, in its order."""
        value = self.values.get(name)
        return message_ids(decode(value)) if value else []

    def parameter(self, name: str) -> str:
        """The parameter `name` of Content-Type (charset or boundary); empty where there is none."""
        found = _PARAMETERS[name].search(self.plain("content-type"))
        return (found[1] or found[2] or "") if found else ""


def read_headers(block: bytes) -> Headers:
    """The wanted headers in the bytes above a message's first empty line. Lines that are no headers are passed over.

    >>> read_headers(b"Subject: one\\n two\\nTo: somebody@example.org\\n").values
    {'subject': b'one two'}
    """
    unfolded = block.replace(b"\0", b"").replace(b"\r\n", b"\n").replace(b"\n ", b" ").replace(b"\n\t", b" ")
    found: dict[str, bytes] = {}
    for line in unfolded.split(b"\n"):
        name, _, value = line.partition(b":")
        key = WANTED.get(name.rstrip().lower())
        if key is not None and key not in found:
            found[key] = b" ".join(value.split())
    return Headers(found)


def decode(data: bytes, charset: str = "") -> str:
    """Characters of bytes whose charset may be wrong, unknown or missing; never raises.

    The charset is taken at its word if the bytes agree. Then UTF-8 is tried, which is hardly ever right by accident, then
    the charset again with what does not fit replaced, or Latin-1, in which everything fits.

    >>> decode(b"caf\\xe9", "unknown-8bit"), decode(b"caf\\xc3\\xa9", "us-ascii")
    ('café', 'café')
    """
    codec = _codec(charset) if charset else None
    if codec is None and data.isascii():
        return data.decode("ascii").replace("\0", "")
    for attempt in (codec, "utf_8") if codec else ("utf_8",):
        try:
            return sound(data.decode(attempt))
        except UnicodeError:
            continue
    return sound(data.decode(codec, "replace") if codec else data.decode("latin_1"))


@lru_cache(maxsize=256)
def _codec(charset: str) -> str | None:
    """Python's name of a charset; None where it has none, and for ASCII, as which many another charset is announced."""
    name = re.sub(r"[^a-z0-9]+", "_", charset[:40].lower()).strip("_")
    codec = aliases.get(name, name)
    return codec if codec in _CHARSETS and codec != "ascii" else None


def sound(text: str) -> str:
    """The text without what a record cannot hold: NUL, and half characters, which UTF-7 lets through."""
    if "\0" in text:
        text = text.replace("\0", "")
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def one_line(text: str) -> str:
    """The text in one line, without control characters."""
    return " ".join(_CONTROLS.sub(" ", text).split())


def decode_words(value: str) -> str:
    """The value with its encoded words (RFC 2047) decoded.

    Words of one charset that stand side by side are joined as bytes first: many programs cut a character in two between them.

    >>> decode_words("=?utf-8?b?w4U=?= =?utf-8?q?sa_=C3?= =?utf-8?q?=85?= (=?x-none?q?p=E5?=)")
    'Åsa Å (på)'
    """
    if "=?" not in value:
        return value
    out: list[str] = []
    charset, waiting, end = "", b"", 0
    for word in _WORD.finditer(value):
        gap, name = value[end : word.start()], word[1].partition("*")[0].lower()
        apart = end == 0 or bool(gap.strip())
        if apart or name != charset:
            out.append(decode(waiting, charset))
            waiting = b""
        if apart:
            out.append(gap)
        charset, waiting, end = name, waiting + _word_bytes(word), word.end()
    return "".join([*out, decode(waiting, charset), value[end:]])


def _word_bytes(word: re.Match[str]) -> bytes:
    data = word[3].encode("utf-8", "replace")
    return from_base64(data) if word[2] in "bB" else binascii.a2b_qp(data, header=True)


def from_base64(data: bytes) -> bytes:
    """The bytes behind base64 that may be cut, broken into lines, or followed by a list's footer in plain text.

    >>> from_base64(b"aGVs\\nbG8=\\n___\\nfooter"), from_base64(b"aGVsb")
    (b'hello', b'hel')
    """
    digits = _NOT_BASE64.sub(b"", data.partition(b"=")[0])
    if len(digits) % 4 == 1:
        digits = digits[:-1]
    return binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))


def message_ids(value: str) -> list[str]:
    """Message ids in a header's value: what stands in angle brackets, else words with an `@`.

    In-Reply-To may hold several ids, or prose with an id in it. Archivers mask the `@`, and some programs fold a long id.

    >>> message_ids('<1@example.org> (Ann\\'s message of "Mon") <2.x at example.org>'), message_ids("3@example.org")
    (['1@example.org', '2.x@example.org'], ['3@example.org'])
    """
    found = ["".join(inside.replace(" at ", "@").split()) for inside in _BRACKETED.findall(value)]
    if not found:
        words = _BETWEEN_IDS.split(value)
        masked = len(words) == 3 and words[1] == "at"
        found = ["@".join(words[::2])] if masked else [word for word in words if "@" in word[1:-1]]
    return [each if each.isprintable() else _CONTROLS.sub("", each) for each in found if each]


class Moment(NamedTuple):
    """A point in time as a header tells it."""

    time: int
    """Microseconds since 1970-01-01 UTC."""
    zoned: bool
    """False: the header names no zone that is known, and the clock is read as UTC."""


_MONTHS = {"Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6, "Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10, "Nov": 11, "Dec": 12}
_MONTH = "|".join(_MONTHS)
_USUAL = re.compile(rf"(?:[A-Z][a-z]{{2}}, ?)?(\d{{1,2}}) ({_MONTH}) (\d{{4}}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)(?: \(.*)?", re.ASCII)
_ASCTIME = re.compile(rf"[A-Z][a-z]{{2}} ({_MONTH})  ?(\d{{1,2}}) (\d\d):(\d\d):(\d\d) (\d{{4}})", re.ASCII)
_ZONE = re.compile(r"(?:\s|:\d\d)[+-]\d{4}\b|[\s\d](?:UTC?|GMT|Z|[ECMP][SD]T|A[SD]T)\b", re.ASCII)
_EPOCH = date(1970, 1, 1).toordinal()
_FURTHEST_ZONE = 15 * 3600


def moment(value: str) -> Moment | None:
    """The moment in a Date header or at the end of a From_ line; None where it is none, or before 1971, or after 2100.

    >>> moment("Mon, 3 Apr 2006 07:06:09 +0200"), moment("Mon Apr  3 05:06:09 2006")
    (Moment(time=1144040769000000, zoned=True), Moment(time=1144040769000000, zoned=False))
    """
    value = value[:200]
    if asctime := _ASCTIME.fullmatch(value):
        name, day, hour, minute, second, year = asctime.groups()
        return _moment((int(year), _MONTHS[name], int(day), int(hour), int(minute), int(second)), None)
    if usual := _USUAL.fullmatch(value):
        day, month, year, hour, minute, second, sign, zone_hours, zone_minutes = usual.groups()
        east = (int(zone_hours) * 60 + int(zone_minutes)) * 60
        parts = (int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second))
        return _moment(parts, -east if sign == "-" else east)
    try:
        parsed = parsedate_tz(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if parsed is None:
        return None
    # parsedate_tz says 0 both for UTC and for a zone it does not know.
    return _moment(parsed[:6], parsed[9] if _ZONE.search(value.upper()) else None)


def _moment(parts: tuple[int, int, int, int, int, int], east: int | None) -> Moment | None:
    year, month, day, hour, minute, second = parts
    if not (1971 <= year <= 2100 and 0 <= hour < 24 and 0 <= minute < 60 and 0 <= second <= 60):
        return None
    try:
        days = date(year, month, day).toordinal() - _EPOCH
    except ValueError:
        return None
    zoned = east is not None and abs(east) <= _FURTHEST_ZONE
    # A leap second would become the next minute's first.
    seconds = days * 86_400 + hour * 3600 + minute * 60 + min(second, 59) - (east or 0) * zoned
    return Moment(seconds * 1_000_000, zoned)
