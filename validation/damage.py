"""Damages to the bytes of one file: what cuts, clumsy tools and hostile hands do to an export. Each is a function of a generator.

`damaged` is the door: it draws one that fits the file's form (JSON, XML, mail, rows), or one that fits any bytes.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable
from random import Random
from typing import Final, TypeAlias

Damage: TypeAlias = Callable[[Random, bytes], bytes]

TEXTS: Final = (
    "", " ", "\0", "a\0b", "\ud800", "\udfff\ud800", "\u202ecod.exe", "\ufeff", "\u2028", "\x1b[31m", "a\nb", "From a b", "'; DROP--",
    "\\", '"',
    "<script>", "&lt;", "🧵" * 40, "e\u0301" * 9, "null", "NaN", "1e999", "-1", "0", "00", "1" * 5000, "9" * 19, "1.7e308", "1709280000.",
    ".5",
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:60Z", "2024-02-30", "2024-02-29T24:00:00+99:99", "-4000-01-01", "१७०९२८००००",
    "1709280000.000121",
    "1" * 10 + "." + "9" * 6, "253402300800", "Mon, 99 Foo 99999 99:99:99 +9999", "Mon, 1 Apr 2024 12:00:00 -99999999999", "../../etc",
    "C:\\a", "U",
)  # fmt: skip
"""Values that mean something to a parser, a database, a terminal or a calendar."""
VALUES: Final[tuple[object, ...]] = (
    *TEXTS, None, True, False, 0, -1, 1.5, 2**63, -(2**63) - 1, 10**30, 10**400, 1e308, [], {}, [[]], [None], [{}], {"": None}, {"id": []},
    {"a": {}},
)  # fmt: skip
RAW: Final = (
    "1e999",
    "-1e999",
    "NaN",
    "-Infinity",
    "1" * 5000,
    '"\\ud800"',
    '"\\ud83d\\ude00\\udc00"',
    '"\\u0000"',
    "tru",
    "'a'",
    "01",
    "{,}",
    "",
    "//",
)
"""The same, as JSON spells them or should not."""
HUGE: Final = 10_000_000
"""Characters of the names and lines that are longer than any format has: 1 damage in 400 has one."""
DEEP: Final = 100_000

_ATTRIBUTE = re.compile(rb'(\w+)="([^"]*)"')
_FIELD = re.compile(rb"(?m)^([A-Za-z][A-Za-z-]*):(.*(?:\n[ \t].*)*)$")
_MAIL: Final = (
    "=?utf-8?B?////?=", "=?utf-8?B?A?=", "=?nowhere?Q?=ff?=", "=?utf-16?Q?=d8?=", "=?idna?Q?a?=", "=?hex?B?YQ==?=",
    "=?utf-8?Q?=00=0a=ed=a0=80?=",
    "=?\0?Q?a?=", "multipart/mixed", 'multipart/mixed; boundary=""', "multipart/mixed; boundary*0*=x''%ff", "text/plain; charset=idna",
    "text/plain; charset=undefined", 'text/plain; charset="\0"', "text/plain; charset=zip", "message/rfc822", "uuencode", "base64",
    "x-unknown",
    "(" * 3000, "<" * 3000, '"' * 3001, "a@b," * 3000, "<a@b> " * 3000, "@" * 3000, "Fri, 31 Feb 2024 00:00:00 GMT", "1 Jan 1900 00:00 XYZ",
)  # fmt: skip
_NAMES: Final = (
    b"From", b"Date", b"Message-ID", b"References", b"In-Reply-To", b"Subject", b"Content-Type", b"Content-Transfer-Encoding", b"Reply-To",
    b"Content-Disposition", b"List-Id", b"Auto-Submitted",
)  # fmt: skip


def damaged(random: Random, data: bytes) -> bytes:
    """The bytes after a damage that fits them."""
    start = data.lstrip(b"\xef\xbb\xbf \r\n")[:5]
    own: tuple[Damage, ...] = (in_cells,)
    if start[:1] in (b"[", b"{"):
        own = (in_json, in_json, in_json_spelling)
    elif start[:1] == b"<":
        own = (in_attributes, in_attributes, in_elements)
    elif start == b"From ":
        own = (in_fields, in_fields, in_body)
    return random.choice(own if random.random() < 0.6 else ANY_BYTES)(random, data)


def odd_text(random: Random) -> str:
    """One of `TEXTS`, rarely a huge one."""
    return "x" * HUGE if random.random() < 0.0025 else random.choice(TEXTS)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _span(random: Random, data: bytes, most: int = 60) -> tuple[int, int]:
    begin = random.randint(0, len(data))
    return begin, min(len(data), begin + random.randint(0, most))


def flip(random: Random, data: bytes) -> bytes:
    """A few bits changed."""
    changed = bytearray(data)
    for _ in range(random.randint(1, 4) if data else 0):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def cut(random: Random, data: bytes) -> bytes:
    """The end missing, at any byte or at a boundary of the format."""
    boundaries = [match.start() for match in re.finditer(rb'[\n{}\[\]<>",: ]', data)] or [0]
    end = random.choice(boundaries) if random.random() < 0.7 else random.randint(0, len(data))
    return data[: end + random.randint(0, 1)]


def replace_bytes(random: Random, data: bytes) -> bytes:
    """A few bytes missing, or odd ones in their place."""
    begin, end = _span(random, data)
    other = (
        _encoded(odd_text(random)),
        random.randbytes(random.randint(1, 6)),
        b"",
        b"\n",
        b"\r",
        b"\xff\xfe",
        b"]]]",
        b"}",
        b"<",
        b">",
        b"&#0;",
    )
    return data[:begin] + random.choice(other) + data[end:]


def repeat_bytes(random: Random, data: bytes) -> bytes:
    """A stretch of bytes again, elsewhere."""
    (begin, end), place = _span(random, data, 400), random.randint(0, len(data))
    return data[:place] + data[begin:end] * random.choice((1, 1, 2, 50)) + data[place:]


def change_lines(random: Random, data: bytes) -> bytes:
    """A line twice, missing, elsewhere, or cut."""
    lines = data.splitlines(keepends=True) or [b""]
    at, to = random.randrange(len(lines)), random.randrange(len(lines))
    line = lines.pop(at) if random.random() < 0.6 else lines[at]
    if random.random() < 0.6:
        lines.insert(to, line[: random.randint(0, len(line))] if random.random() < 0.3 else line)
    return b"".join(lines)


def encode_anew(random: Random, data: bytes) -> bytes:
    """The whole file with other line ends, another encoding, a byte order mark, or twice."""
    text = data.decode("utf-8", "replace")
    return random.choice(
        (
            lambda: data.replace(b"\n", b"\r\n"), lambda: data.replace(b"\n", b"\r"), lambda: codecs.BOM_UTF8 + data,
            lambda: text.encode("utf-16"),
            lambda: text.encode("utf-32"), lambda: text.encode("utf-16-be"), lambda: data + data, lambda: data.replace(b"\n", b""),
            lambda: data.upper(),
            lambda: b"\n" * 5000 + data, lambda: data + b"\0" * 100, lambda: data.replace(b" ", b"\xa0"), lambda: b"",
        )
    )()  # fmt: skip


def in_json(random: Random, data: bytes) -> bytes:
    """A value of another type, a key twice, missing or odd, or what JSON has no word for."""
    lines = data.split(b"\n")
    at = next((n for n in random.sample(range(len(lines)), min(3, len(lines))) if lines[n].startswith(b"{")), None)
    try:
        document: object = json.loads(data if at is None else lines[at])
    except (ValueError, RecursionError):
        return replace_bytes(random, data)
    raw = random.choice((*RAW, "[" * DEEP + "]" * DEEP, '{"a":' * DEEP, "[" * 900 + "]" * 900) if random.random() < 0.1 else RAW)
    document, twice = _changed(random, document)
    try:
        text = json.dumps(document, ensure_ascii=random.random() < 0.5).replace('"@raw"', raw).replace('"@twice"', json.dumps(twice))
    except RecursionError:  # damaged before, to be deeper than what can be written
        return replace_bytes(random, data)
    return _encoded(text) if at is None else b"\n".join((*lines[:at], _encoded(text), *lines[at + 1 :]))


def _changed(random: Random, document: object) -> tuple[object, str]:
    """The document with one value changed, and the key for which "@twice" stands."""
    holders: list[dict[str, object] | list[object]] = []
    pending = [{"": document}] if not isinstance(document, dict | list) else [document]
    while pending:
        node = pending.pop()
        children = list(node.values() if isinstance(node, dict) else node)
        holders += [node] * len(children)
        pending += [child for child in children if isinstance(child, dict | list)]
    if not holders:
        return random.choice(VALUES), ""
    holder = random.choice(holders)
    new = random.choice((random.choice(VALUES), odd_text(random), "@raw", random.choice(list(_values(random.choice(holders))))))
    key: str | int = random.choice(list(holder)) if isinstance(holder, dict) else random.randrange(len(holder))
    if isinstance(holder, list):
        holder[int(key)] = [new, holder[int(key)]] if random.random() < 0.1 else new
    elif (kind := random.random()) < 0.1:
        del holder[str(key)]
    elif kind < 0.2:
        holder["@twice"] = new
    elif kind < 0.25:
        holder[odd_text(random)] = holder.pop(str(key))
    else:
        holder[str(key)] = new
    return document, str(key)


def _values(node: dict[str, object] | list[object]) -> list[object]:
    return [json.loads(json.dumps(value)) for value in (node.values() if isinstance(node, dict) else node)]


def in_json_spelling(random: Random, data: bytes) -> bytes:
    """One token of the text in another spelling."""
    tokens = list(re.finditer(rb'"[^"]*"|-?\d[\d.]*|true|false|null|[\[\]{},:]', data))
    if not tokens:
        return data
    token = random.choice(tokens)
    return data[: token.start()] + random.choice((*RAW, "null", "[]", "{}", '""', "," , "]",
    "7")).encode() + data[token.end() :]  # fmt: skip


def in_attributes(random: Random, data: bytes) -> bytes:
    """An attribute of an XML row with an odd value, twice, or missing."""
    attributes = list(_ATTRIBUTE.finditer(data))
    if not attributes:
        return data
    found = random.choice(attributes)
    value = random.choice(
        (_encoded(odd_text(random)), b"&#0;", b"&#xD800;", b"&lol;", b"&#x110000;", b"&amp;#0;", random.choice(attributes)[2])
    )
    new = random.choice(
        (found[1] + b'="' + value + b'"', found[0] + b" " + found[0], b"", b"a" * 70_000 + b'="1"', found[1] + b"='" + found[2] + b"'")
    )
    return data[: found.start()] + new + data[found.end() :]


def in_elements(random: Random, data: bytes) -> bytes:
    """An element, an entity, a document type or a deep nest that no dump has."""
    hostile = (
        b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>', b'<!DOCTYPE l SYSTEM "file:///etc/passwd">', b"<!-- - -->",
        b"<?xml?>", b"<row/>",
        b"<![CDATA[ <row/> ]]>", b"<a>" * DEEP, b"<row>" * 50, b"</row>", b"<row " + b" ".join(b'a%d="1"' % n for n in range(2000)) + b"/>",
        b'<?xml version="1.0" encoding="utf-7"?>', b"</posts>", b"<posts>", b"<row xmlns:a='b' a:Id='1'/>",
    )  # fmt: skip
    place = random.choice([match.start() for match in re.finditer(rb"<|>|\Z", data)])
    return data[:place] + random.choice(hostile) + data[place:]


def in_fields(random: Random, data: bytes) -> bytes:
    """A header field of a mail with an odd value, twice, missing, or one more."""
    fields = list(_FIELD.finditer(data))
    if not fields:
        return data
    found = random.choice(fields)
    value = _encoded(random.choice((odd_text(random), random.choice(_MAIL), random.choice(_MAIL) + odd_text(random))))
    field = random.choice((found[1], random.choice(_NAMES))) + b": " + value
    new = random.choice((field, found[0] + b"\n" + field, b"", found[0] + b"\n " + value, found[1] + found[2]))
    return data[: found.start()] + new + data[found.end() :]


def in_body(random: Random, data: bytes) -> bytes:
    """Lines in a mail that look like something else: separators, quotes, parts of a message."""
    lines = (
        b"From a@b.org Mon Apr  1 12:00:00 2024", b"From a Mon Apr  1 12:00:00 2024\n" * 400, b"From \n" * 400, b">" * 5000,
        b"> > >" * 400, b"--\n" * 400,
        b"--x\nContent-Type: multipart/mixed; boundary=y\n\n--y\n" * 300, b"Content-Type: multipart/mixed; boundary=x",
        b"-----Original Message-----",
        b"On x, y wrote:\n" * 300, b"begin 644 a\n\xff", b"=\n" * 300, b"\n\nFrom: a@b\nDate: x\n\n",
        b"From a@b.org 2024-01-01\nFrom: a@b.org\nDate: x\n",
    )  # fmt: skip
    place = random.choice([match.start() for match in re.finditer(rb"\n|\Z", data)])
    return data[:place] + b"\n" * random.randint(1, 2) + random.choice(lines) + data[place:]


def in_cells(random: Random, data: bytes) -> bytes:
    """A cell of a row with an odd value, one more, missing, or open quotes."""
    cells = list(re.finditer(rb"[^,;\t\n\r |]+", data))
    if not cells:
        return data
    cell = random.choice(cells)
    odd = _encoded(odd_text(random))
    new = random.choice(
        (odd, b'"' + odd + b'"', b'"' + cell[0], cell[0] + b",", cell[0] + b'""', b"", random.choice(cells)[0], b"#" + cell[0], b"\r")
    )
    return data[: cell.start()] + new + data[cell.end() :]


ANY_BYTES: Final[tuple[Damage, ...]] = (
    flip,
    flip,
    cut,
    cut,
    replace_bytes,
    replace_bytes,
    repeat_bytes,
    change_lines,
    change_lines,
    encode_anew,
)
