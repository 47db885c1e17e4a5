"""Secrets planted in the fields that a source declares sensitive, in a copy of its fixture: JSON, JSON lines, XML rows, mail, CSV.

A declared field is a name ("tz"), a name inside an object ("profile.email"), a beginning of names ("baseRef*"), a file
("integration_logs.json"), or for mail a header or one of `MAIL_PARTS`. Each has secrets of its own, a word and a number, so that a leak
names its field.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

UNMAPPED = "columns that are mapped to no field"
"""What a table drops; it declares no names, because the columns are the user's."""

_SEPARATOR = re.compile(rb"^From .*\n(?=[A-Za-z-]+: )", re.MULTILINE)
_ROW = re.compile(rb"<row\b[^>]*?(?=\s*/>)")


@dataclass
class Secret:
    """The secrets of one declared field, and how often they were planted."""

    declared: str
    word: str
    number: int
    planted: int = 0

    def next(self) -> str | int:
        """The word and the number by turns."""
        self.planted += 1
        return self.word if self.planted % 2 else self.number


@dataclass
class Planter:
    """Plants one secret for each declared field into the files of a folder."""

    declared: Sequence[str]
    secrets: list[Secret] = field(init=False)

    def __post_init__(self) -> None:
        self.secrets = [
            Secret(declared, f"planted{number:02}zqx", 7_310_450_000_000_019 + number * 1_000_003)
            for number, declared in enumerate(self.declared)
        ]

    def plant(self, folder: Path) -> None:
        """Plant in every file of a folder."""
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            path.write_bytes(self._planted(path.read_bytes()))
        for secret in self.secrets:
            if secret.declared.endswith(".json"):
                content = {"type": "message", "ts": "1709280000.000100", "user": secret.next(), "text": secret.word, "id": secret.word}
                (folder / secret.declared).write_text(json.dumps([content]))

    def leaks(self, text: str) -> list[str]:
        """The declared fields whose secrets a text holds."""
        return [secret.declared for secret in self.secrets if secret.word in text or str(secret.number) in text]

    def _planted(self, data: bytes) -> bytes:
        start = data.lstrip(b"\xef\xbb\xbf \r\n")[:1]
        if start in (b"[", b"{"):
            return b"\n".join(json.dumps(self._in_json(value, "")).encode() for value in json_values(data.decode("utf-8-sig")))
        if start == b"<":
            return _ROW.sub(self._in_row, data)
        if data.startswith(b"From "):
            return self._in_mailbox(data)
        return self._in_table(data) if b"," in data.partition(b"\n")[0] else data

    def _in_json(self, value: object, parent: str) -> object:
        if isinstance(value, list):
            return [self._in_json(each, parent) for each in value]
        if not isinstance(value, dict):
            return value
        planted = {key: self._in_json(each, key) for key, each in value.items()}
        for secret in self.secrets:
            container, _, name = secret.declared.rpartition(".")
            if name == "json" or (container and container != parent):
                continue
            start = name.removesuffix("*")
            keys = [key for key in value if key == name or (start != name and key.startswith(start))]
            for key in keys:
                planted[key] = _replaced(value[key], secret)
            if start != name or not keys:
                planted[start + "planted" if start != name else name] = secret.next()
        return planted

    def _in_row(self, match: re.Match[bytes]) -> bytes:
        row = match[0]
        for secret in self.secrets:
            name = secret.declared.encode()
            row = re.sub(rb"\s" + name + rb'="[^"]*"', b"", row) + b' %s="%s"' % (name, str(secret.next()).encode())
        return row

    def _in_mailbox(self, data: bytes) -> bytes:
        starts = [match.start() for match in _SEPARATOR.finditer(data)]
        messages = [data[start:end] for start, end in zip(starts, [*starts[1:], len(data)], strict=True)]
        planted = []
        for message in messages:
            line, _, rest = message.partition(b"\n")
            head, _, body = rest.partition(b"\n\n")
            for secret in self.secrets:
                head, body = MAIL_PARTS.get(secret.declared, _add_header)(head, body, secret)
            planted.append(line + b"\n" + head + b"\n\n" + body)
        return data[: starts[0]] + b"".join(planted)

    def _in_table(self, data: bytes) -> bytes:
        rows = list(csv.reader(io.StringIO(data.decode())))
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        for secret in self.secrets:
            for number, row in enumerate(rows):
                row.append(str(secret.next()) if number else "internal note")
        writer.writerows(rows)
        return out.getvalue().encode()


def json_values(text: str) -> Iterator[object]:
    """The JSON values of a text, one after another."""
    decoder, position = json.JSONDecoder(), 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        value, position = decoder.raw_decode(text, position)
        yield value


def _replaced(value: object, secret: Secret) -> object:
    """A value of the same shape, with secrets in place of words and numbers."""
    if isinstance(value, list):
        return [_replaced(each, secret) for each in value] or [secret.next()]
    if isinstance(value, dict):
        return {key: _replaced(each, secret) for key, each in value.items()}
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        secret.planted += 1
        return secret.number
    return secret.word if secret.next() else None


def _add_header(head: bytes, body: bytes, secret: Secret) -> tuple[bytes, bytes]:
    word, number = secret.word.encode(), str(secret.number).encode()
    secret.planted += 1
    return b"%s: %s Person <%s@%s.example>, %s\n" % (secret.declared.encode(), word, number, word, word) + head, body


def _add_traces(head: bytes, body: bytes, secret: Secret) -> tuple[bytes, bytes]:
    word, number = secret.word.encode(), str(secret.number).encode()
    secret.planted += 1
    received = b"Received: from %s.example (%s [192.0.2.9]) by %s.example with SMTP id %s; Wed, 1 May 2024 12:00:00 +0000\n"
    traces = b"X-Originating-IP: [%s]\nX-Mailer: %s\nX-Spam-Report: %s\nDKIM-Signature: v=1; d=%s.example\nUser-Agent: %s\n"
    return received % (word, number, word, number) + traces % (number, word, number, word, word) + head, body


def _add_signature(head: bytes, body: bytes, secret: Secret) -> tuple[bytes, bytes]:
    if b"multipart/" in head or b"base64" in head or b"text/html" in head:
        return head, body
    secret.planted += 1
    return head, body.rstrip(b"\n") + b"\n-- \n%s\nphone %d\n\n" % (secret.word.encode(), secret.number)


def _add_attachment(head: bytes, body: bytes, secret: Secret) -> tuple[bytes, bytes]:
    if b"content-" in head.lower() or b"mime-version" in head.lower():
        return head, body
    secret.planted += 1
    word = secret.word.encode()
    attachment = b"Content-Type: text/plain; name=%s.txt\nContent-Disposition: attachment; filename=%s.txt\n\n%s %d\n" % (
        word, word, word, secret.number,
    )  # fmt: skip
    mime = b'\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="cut"'
    parts = b"--cut\nContent-Type: text/plain; charset=utf-8\n\n" + body + b"--cut\n" + attachment + b"--cut--\n\n"
    return head + mime, parts


MAIL_PARTS = cast(
    dict[str, Callable[[bytes, bytes, Secret], tuple[bytes, bytes]]],
    {"Received and other traces of machines": _add_traces, "signatures": _add_signature, "attachments": _add_attachment},
)
"""What mail declares beside headers."""
