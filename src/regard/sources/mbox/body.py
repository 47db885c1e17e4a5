"""The words of a message: its readable part found and decoded.

MIME (RFC 2045, 2046) is walked with a list, never by recursion, and only as far as honest mail goes: a message may be built of thousands
of parts inside each other to exhaust its reader. Attachments and forwarded messages are never decoded.
"""

from __future__ import annotations

import binascii
import html
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from regard.sources.mbox.headers import Headers, decode, from_base64, read_headers
from regard.sources.mbox.split import split_head

LONGEST_PART: Final = 1 << 20
"""Bytes of a readable part that are looked at: own words may follow a long quote."""
DEEPEST: Final = 10
MOST_PARTS: Final = 100

_DIGEST_SUBJECT = re.compile(r"(?!re:).{1,200}\bDigest, Vol \d+, Issue \d+", re.IGNORECASE)
_TAG = re.compile(r"<(?:(/?)([a-zA-Z][a-zA-Z0-9]*)|[!?])")
_END_OF = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "title")}
_BREAKS = frozenset({"br", "p", "div", "tr", "li", "ul", "ol", "pre", "h1", "h2", "h3", "h4", "table", "blockquote"})
_SPACES = re.compile(r"[^\S\n]+")
_BREAK = re.compile(r"[ \n]*\n[ \n]*")


class Part(NamedTuple):
    """A message or a part of one."""

    headers: Headers
    body: bytes
    depth: int = 0

    @property
    def kind(self) -> str:
        """The type, such as text/plain; empty where none is told, which means text/plain as well."""
        return self.headers.plain("content-type").partition(";")[0].strip().lower()


class Reading(NamedTuple):
    """What a body turned out to be."""

    text: str
    digest: bool = False
    """A bundle of other people's messages under the list's name."""


def read_body(headers: Headers, body: bytes) -> Reading:
    """The first readable part of a message: plain text, else HTML without its tags; empty where there is neither.

    >>> read_body(Headers({"content-type": b"text/html"}), b"<p>Fish &amp; chips<br>please").text
    'Fish & chips\\nplease'
    """
    whole, page = Part(headers, body), None
    if b"igest, Vol" in headers.raw("subject") and _DIGEST_SUBJECT.match(headers.plain("subject")):
        return Reading("", digest=True)
    for part in _leaves(whole) if headers.raw("content-type") else (whole,):
        kind = part.kind
        if kind == "multipart/digest":
            return Reading("", digest=True)
        if kind in ("", "text/plain") or "/" not in kind:
            return Reading(_decoded(part))
        if kind == "text/html" and page is None:
            page = part
    return Reading(_without_tags(_decoded(page)) if page else "")


def _leaves(message: Part) -> Iterator[Part]:
    """The parts that hold no parts, and digests, in their order, without attachments."""
    todo: list[Iterator[Part]] = [iter([message])]
    for _ in range(MOST_PARTS):
        while todo and (part := next(todo[-1], None)) is None:
            todo.pop()
        if not todo or part is None:
            return
        if part.kind.startswith("multipart/") and part.kind != "multipart/digest":
            if part.depth < DEEPEST:
                todo.append(_parts(part))
        elif not part.headers.plain("content-disposition").lower().startswith("attachment"):
            yield part


def _parts(whole: Part) -> Iterator[Part]:
    """The parts between the boundary lines; the whole as text where no boundary is to be found."""
    boundary = whole.headers.parameter("boundary").encode("utf-8", "replace")
    begin = -1
    for start, end, last in _marks(whole.body, b"--" + boundary) if boundary else ():
        if begin >= 0:
            yield _part(whole.body[begin:start], whole.depth + 1)
        begin = end
        if last:
            return
    if begin >= 0:
        yield _part(whole.body[begin:], whole.depth + 1)
    else:
        # Pipermail keeps a message's Content-Type in some versions and its first part only.
        yield Part(Headers({}), whole.body, whole.depth + 1)


def _marks(body: bytes, mark: bytes) -> Iterator[tuple[int, int, bool]]:
    """Start and end of each boundary line, and whether it closes the last part."""
    at = body.find(mark)
    while at >= 0:
        end = body.find(b"\n", at) + 1 or len(body)
        # The boundary of an inner part may begin with the outer one.
        rest = body[at + len(mark) : min(end, at + len(mark) + 100)].strip()
        if (at == 0 or body[at - 1 : at] == b"\n") and rest in (b"", b"--"):
            yield at, end, rest == b"--"
        at = body.find(mark, end)


def _part(data: bytes, depth: int) -> Part:
    head, body = split_head(data)
    return Part(read_headers(head), body, depth)


def _decoded(part: Part) -> str:
    data = part.body[:LONGEST_PART]
    coding = part.headers.plain("content-transfer-encoding").lower()
    if coding == "base64":
        data = from_base64(data)
    elif coding == "quoted-printable":
        data = binascii.a2b_qp(data)
    text = decode(data, part.headers.parameter("charset"))
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _without_tags(page: str) -> str:
    r"""The words of an HTML page outside scripts, styles and quotes.

    Not by html.parser: it needs half a minute for 256 KB of unclosed comments. Here every search goes forward, and one that fails is
    the last.

    >>> _without_tags("<style>p {}</style><p>1 &lt; 2<blockquote>hers</blockquote>mine")
    '1 < 2\nmine'
    """
    out: list[str] = []
    quotes = end = 0
    while tag := _TAG.search(page, end):
        if not quotes:
            out.append(page[end : tag.start()].replace("\n", " "))
        name, closing = (tag[2] or "").lower(), bool(tag[1])
        end = _after(page, tag)
        if name in _END_OF and not closing:
            last = _END_OF[name].search(page, end)
            end = last.start() if last else len(page)
        elif name == "blockquote":
            quotes = max(0, quotes + (-1 if closing else 1))
        if name in _BREAKS:
            out.append("\n")
    if not quotes:
        out.append(page[end:].replace("\n", " "))
    return _BREAK.sub("\n", _SPACES.sub(" ", html.unescape("".join(out)))).strip()


def _after(page: str, tag: re.Match[str]) -> int:
    """Where a tag or comment ends; the end of the page where it does not."""
    mark = "-->" if page.startswith("<!--", tag.start()) else ">"
    close = page.find(mark, tag.end())
    return close + len(mark) if close >= 0 else len(page)
