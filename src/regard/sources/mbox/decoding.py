"""Bytes of mail to text: charsets, encoded words (RFC 2047) and base64, as archives hold them.

Archives break the standards: raw 8-bit bytes in headers, charsets that do not exist, encoded words inside quotes or cut within a
character, base64 that is cut or followed by plain text. No function of this module raises on any input.
"""

from __future__ import annotations

import binascii
import re
from encodings.aliases import aliases
from functools import lru_cache
from typing import Final

# Codecs that are not charsets, and one (punycode) whose time grows with the square of its input.
_NOT_CHARSETS = {"base64_codec", "bz2_codec", "hex_codec", "mbcs", "quopri_codec", "rot_13", "uu_codec", "zlib_codec", "punycode", "idna"}
_CHARSETS = frozenset(aliases.values()) - _NOT_CHARSETS | {"koi8_u", "koi8_t", "cp720", "cp737", "cp874", "utf_8_sig"}

_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
CONTROLS: Final = re.compile("[\x00-\x1f\x7f-\x9f]+")
"""Runs of control characters (C0, DEL, C1)."""
_SURROGATES = re.compile("[\ud800-\udfff]")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


def decode(data: bytes, charset: str = "") -> str:
    """The text of bytes whose charset may be wrong, unknown or missing.

    The named charset is tried first, and taken if all bytes fit it. UTF-8 comes second: bytes seldom fit it by accident. Last comes the
    named charset again, with a replacement for each byte that does not fit, or Latin-1, which fits any bytes, if no charset is known.

    >>> decode(b"caf\\xe9", "unknown-8bit"), decode(b"caf\\xc3\\xa9", "us-ascii")
    ('café', 'café')
    """
    codec = _codec(charset) if charset else None
    if codec is None and data.isascii():
        return data.decode("ascii").replace("\0", "")
    for attempt in (codec, "utf_8") if codec else ("utf_8",):
        try:
            return make_storable(data.decode(attempt))
        except UnicodeError:
            continue
    return make_storable(data.decode(codec, "replace") if codec else data.decode("latin_1"))


@lru_cache(maxsize=256)
def _codec(charset: str) -> str | None:
    """Python's name of a charset. None if it has none, and for ASCII, because mail in other charsets is often labelled as ASCII."""
    name = re.sub(r"[^a-z0-9]+", "_", charset[:40].lower()).strip("_")
    codec = aliases.get(name, name)
    return codec if codec in _CHARSETS and codec != "ascii" else None


def make_storable(text: str) -> str:
    """The text without what a database cannot hold: NUL is removed, and a lone surrogate, which UTF-7 lets through, is replaced."""
    if "\0" in text:
        text = text.replace("\0", "")
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def to_one_line(text: str) -> str:
    """The text in one line: control characters and runs of blanks become one blank."""
    return " ".join(CONTROLS.sub(" ", text).split())


def decode_words(value: str) -> str:
    """A header's value with its encoded words (RFC 2047) decoded.

    The bytes of adjacent words of one charset are joined before they are decoded, because many programs cut a character between two words.

    >>> decode_words("=?utf-8?b?w4U=?= =?utf-8?q?sa_=C3?= =?utf-8?q?=85?= (=?x-none?q?p=E5?=)")
    'Åsa Å (på)'
    """
    if "=?" not in value:
        return value
    text: list[str] = []
    charset, data, end = "", b"", 0
    for word in _ENCODED_WORD.finditer(value):
        gap, word_charset = value[end : word.start()], word[1].partition("*")[0].lower()
        is_apart = end == 0 or bool(gap.strip())
        if is_apart or word_charset != charset:
            text.append(decode(data, charset))
            data = b""
        if is_apart:
            text.append(gap)
        charset, data, end = word_charset, data + _word_bytes(word), word.end()
    return "".join([*text, decode(data, charset), value[end:]])


def _word_bytes(word: re.Match[str]) -> bytes:
    data = word[3].encode("utf-8", "replace")
    return decode_base64(data) if word[2] in "bB" else binascii.a2b_qp(data, header=True)


def decode_base64(data: bytes) -> bytes:
    """The bytes behind base64 that may be cut, broken into lines, or followed by a list's footer in plain text.

    >>> decode_base64(b"aGVs\\nbG8=\\n___\\nfooter"), decode_base64(b"aGVsb")
    (b'hello', b'hel')
    """
    digits = _NOT_BASE64.sub(b"", data.partition(b"=")[0])
    if len(digits) % 4 == 1:
        digits = digits[:-1]
    return binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))
