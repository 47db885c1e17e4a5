"""The readable part of a message's body (MIME: RFC 2045, 2046), decoded to text.

The tree of parts is walked with a list, not by recursion, and only as far as honest mail goes: a hostile message may hold thousands of
parts inside each other. Attachments and forwarded messages are never decoded.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from regard.sources.formats.html import html_to_text
from regard.sources.mbox.decoding import decode, decode_base64
from regard.sources.mbox.headers import Headers, read_headers
from regard.sources.mbox.split import split_header

MAX_PART: Final = 1 << 20
"""Bytes of a readable part that are decoded. It is this much because a person's own words may follow a long quote."""
MAX_DEPTH: Final = 10
"""Levels of parts inside parts."""
MAX_PARTS: Final = 100
"""Parts of a message that are looked at."""

_DIGEST_SUBJECT = re.compile(r"(?!re:).{1,200}\bDigest, Vol \d+, Issue \d+", re.IGNORECASE)


class Part(NamedTuple):
    """A message, or a part of one."""

    headers: Headers
    body: bytes
    depth: int = 0

    @property
    def media_type(self) -> str:
        """The media type, such as text/plain. Empty if none is stated, which means text/plain as well."""
        return self.headers.plain("content-type").partition(";")[0].strip().lower()


class ReadableBody(NamedTuple):
    """The text of a message."""

    text: str
    is_digest: bool = False
    """True for a bundle of other people's messages under the list's name. Its text is not read."""


def read_body(headers: Headers, body: bytes) -> ReadableBody:
    """The first plain text part of a message, or otherwise its first HTML part as text. The text is empty if there is neither.

    >>> read_body(Headers({"content-type": b"text/html"}), b"<p>Fish &amp; chips<br>please").text
    'Fish & chips\\nplease'
    """
    message, page = Part(headers, body), None
    if b"igest, Vol" in headers.raw("subject") and _DIGEST_SUBJECT.match(headers.plain("subject")):
        return ReadableBody("", is_digest=True)
    for part in _leaf_parts(message) if headers.raw("content-type") else (message,):
        media_type = part.media_type
        if media_type == "multipart/digest":
            return ReadableBody("", is_digest=True)
        if media_type in ("", "text/plain") or "/" not in media_type:
            return ReadableBody(_decode_part(part))
        if media_type == "text/html" and page is None:
            page = part
    return ReadableBody(html_to_text(_decode_part(page), reflow=True, longest=MAX_PART) if page else "")


def _leaf_parts(message: Part) -> Iterator[Part]:
    """The parts that hold no other parts, and digests, in their order, without attachments."""
    stack: list[Iterator[Part]] = [iter([message])]
    for _ in range(MAX_PARTS):
        while stack and (part := next(stack[-1], None)) is None:
            stack.pop()
        if not stack or part is None:
            return
        if part.media_type.startswith("multipart/") and part.media_type != "multipart/digest":
            if part.depth < MAX_DEPTH:
                stack.append(_subparts(part))
        elif not part.headers.plain("content-disposition").lower().startswith("attachment"):
            yield part


def _subparts(part: Part) -> Iterator[Part]:
    """The parts between the boundary lines of a multipart; all of its body as plain text if there is no boundary line."""
    boundary = part.headers.parameter("boundary").encode("utf-8", "replace")
    start = -1
    for line_start, line_end, is_closing in _boundary_lines(part.body, b"--" + boundary) if boundary else ():
        if start >= 0:
            yield _subpart(part.body[start:line_start], part.depth + 1)
        start = line_end
        if is_closing:
            return
    if start >= 0:
        yield _subpart(part.body[start:], part.depth + 1)
    else:
        # Some versions of Pipermail keep the Content-Type of a message but only the first of its parts.
        yield Part(Headers({}), part.body, part.depth + 1)


def _boundary_lines(body: bytes, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """Start and end of each boundary line, and whether it closes the last part."""
    position = body.find(boundary)
    while position >= 0:
        end = body.find(b"\n", position) + 1 or len(body)
        # The boundary of an inner part may begin with that of the outer part: nothing else may stand in the line.
        rest = body[position + len(boundary) : min(end, position + len(boundary) + 100)].strip()
        if (position == 0 or body[position - 1 : position] == b"\n") and rest in (b"", b"--"):
            yield position, end, rest == b"--"
        position = body.find(boundary, end)


def _subpart(data: bytes, depth: int) -> Part:
    header, body = split_header(data)
    return Part(read_headers(header), body, depth)


def _decode_part(part: Part) -> str:
    data = part.body[:MAX_PART]
    encoding = part.headers.plain("content-transfer-encoding").lower()
    if encoding == "base64":
        data = decode_base64(data)
    elif encoding == "quoted-printable":
        data = binascii.a2b_qp(data)
    text = decode(data, part.headers.parameter("charset"))
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
