"""Which column of a table is which field of an act: by header, by preset, or by what the columns hold."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from regard.errors import UnknownName, UsageError
from regard.events.schema import KINDS, Kind

FIELDS = ("actor", "target", "time", "kind", "item", "parent", "thread", "channel", "text", "label", "lang")

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "actor": (
        "actor", "from", "sender", "source", "src", "author", "speaker", "user", "from_user", "from_id", "user_id", "username", "author_id",
        "sender_id", "rater", "who", "u",
    ),
    "target": (
        "target", "to", "recipient", "receiver", "dst", "dest", "destination", "to_user", "to_id", "target_id", "recipient_id",
        "reply_to_user", "reply_to_user_id", "in_reply_to_user_id", "ratee", "whom", "v",
    ),
    "time": (
        "time", "timestamp", "datetime", "date", "created_at", "eventdate", "event_date", "unixtime", "unix_time", "ts", "sent", "sent_at",
        "created", "published", "when", "t",
    ),
    "kind": ("kind", "type", "action", "event", "event_type", "interaction", "verb"),
    "item": ("item", "item_id", "id", "message_id", "post_id", "tweet_id", "uri"),
    "parent": ("parent", "parent_item", "parent_id", "reply_to", "in_reply_to", "in_reply_to_id", "in_reply_to_status_id"),
    "thread": ("thread", "thread_root", "thread_id", "conversation_id", "conversation", "topic_id", "root"),
    "channel": ("channel", "channel_name", "room", "group", "forum", "subreddit", "list", "board"),
    "text": ("text", "body", "content", "message"),
    "label": ("label", "reaction", "emoji", "rating", "weight"),
    "lang": ("lang", "language"),
}  # fmt: skip

KIND_WORDS: Mapping[str, Kind] = {
    **{kind: kind for kind in KINDS},
    "rt": "share", "retweet": "share", "repost": "share", "boost": "share", "reblog": "share", "announce": "share", "quote": "share",
    "forward": "share", "mt": "mention", "re": "reply", "comment": "reply", "answer": "reply", "like": "react", "favourite": "react",
    "favorite": "react", "reaction": "react", "star": "react", "upvote": "react", "rating": "react", "tweet": "post", "topic": "post",
    "question": "post", "submission": "post", "status": "post", "dm": "message", "mail": "message", "email": "message", "chat": "message",
    "thanks": "thank", "accept": "thank", "accepted": "thank", "subscribe": "follow", "unsubscribe": "unfollow",
}  # fmt: skip

PRESETS: Mapping[str, tuple[str, ...]] = {
    "snap": ("actor", "target", "time", "kind"),
    "konect": ("actor", "target", "label", "time"),
    "edges": ("actor", "target"),
}
"""Layouts without a header, by position. SNAP: `src dst unixtime [kind]`. KONECT: `src dst weight unixtime`, after `%` lines."""


@dataclass(frozen=True)
class Layout:
    """How the rows of one file lie, and which columns to read."""

    columns: tuple[str, ...]
    """All columns of the file, in its order."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Field of an act -> column."""
    delimiter: str = ","
    header: bool = True
    comment: str = ""
    skip: int = 0
    """Comment lines before the first row."""
    constant_kind: Kind | None = None

    @property
    def usable(self) -> bool:
        """Whether it says who, and toward whom or what."""
        return "actor" in self.fields and ("target" in self.fields or "parent" in self.fields or "item" in self.fields)


def plain(name: str) -> str:
    """A header as words joined by `_`: "Event Date", "eventDate" and "event-date" are one name.

    >>> plain("eventDate"), plain(" Reply To ")
    ('event_date', 'reply_to')
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip().lstrip("\ufeff"))
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")


def guess(columns: Sequence[str]) -> dict[str, str]:
    """Field -> column by the headers' names.

    >>> guess(["Sender", "Recipient", "EventDate"])
    {'actor': 'Sender', 'target': 'Recipient', 'time': 'EventDate'}
    """
    names: dict[str, str] = {}
    for column in columns:
        names.setdefault(plain(column), column)
    found: dict[str, str] = {}
    for name, synonyms in SYNONYMS.items():
        fit = next((names[word] for word in synonyms if word in names and names[word] not in found.values()), None)
        if fit is not None:
            found[name] = fit
    return found


def mapped(columns: Sequence[str], mapping: Mapping[str, str]) -> tuple[dict[str, str], Kind | None]:
    """The guess, overruled by what the user says; `kind` may name a kind instead of a column. Raises UsageError."""
    for name in mapping:
        if name not in FIELDS:
            raise UnknownName("field of an act", name, FIELDS)
    fields, constant = guess(columns), None
    for name, column in mapping.items():
        if column in columns:
            fields = {f: c for f, c in fields.items() if c != column or f == name} | {name: column}
        elif name == "kind" and column in KINDS:
            constant = KIND_WORDS[column]
            fields.pop("kind", None)
        else:
            raise UnknownName("column", column, columns)
    return fields, constant


def delimited(head: str, mapping: Mapping[str, str], preset: str | None) -> Layout | None:
    """The layout of a text table by its first lines; None where they are no table."""
    if preset is not None and preset not in PRESETS:
        raise UnknownName("preset", preset, PRESETS)
    lines = head.splitlines()[:200]
    comment = next((line[0] for line in lines if line[:1] in "#%" and line), "")
    skip = 0
    while skip < len(lines) and (not lines[skip].strip() or (comment and lines[skip].startswith(comment))):
        skip += 1
    rows = [line for line in lines[skip:] if line.strip()]
    if not rows:
        return None
    delimiter = _delimiter(rows)
    if delimiter is None:
        return None
    cells = list(csv.reader(rows, delimiter=delimiter))
    width = len(cells[0])
    if preset is None and (set(mapping.values()) & set(cells[0]) or _is_header(cells[0])):
        columns = _distinct(cells[0])
        fields, kind = mapped(columns, mapping)
        return Layout(columns, fields, delimiter, True, comment if skip else "", skip, kind)
    columns = tuple(f"c{number}" for number in range(1, width + 1))
    order = PRESETS[preset] if preset else _positions([row for row in cells if len(row) == width], comment)
    if order is None:
        return None
    fields = dict(zip(order, columns, strict=False))
    overruled, kind = mapped(columns, mapping)
    return Layout(columns, fields | overruled, delimiter, False, comment, skip, kind)


def _delimiter(rows: Sequence[str]) -> str | None:
    """The sign that cuts the first rows into equally many cells, the most of them."""
    best: tuple[int, str] | None = None
    for sign in ("\t", ";", ",", "|", " "):
        widths = {len(row) for row in csv.reader(rows[:50], delimiter=sign)}
        if len(widths) == 1 and (width := widths.pop()) > 1 and (best is None or width > best[0]):
            best = width, sign
    if best is not None:
        return best[1]
    # Quoted cells may hold line ends, cut at the end of the head: then the header line alone decides.
    counts = {sign: rows[0].count(sign) for sign in ("\t", ";", ",", "|")}
    sign = max(counts, key=lambda key: counts[key])
    return sign if counts[sign] and _is_header(rows[0].split(sign)) else None


def _is_header(cells: Sequence[str]) -> bool:
    known = {word for words in SYNONYMS.values() for word in words}
    return sum(plain(cell) in known for cell in cells) >= 2


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    found = []
    for number, name in enumerate(names, 1):
        base = name.strip().lstrip("\ufeff") or f"c{number}"
        seen[base] = seen.get(base, 0) + 1
        found.append(base if seen[base] == 1 else f"{base}_{seen[base]}")
    return tuple(found)


def _positions(rows: Sequence[Sequence[str]], comment: str) -> tuple[str, ...] | None:
    """What the columns of a file without a header are, by what they hold."""
    width = len(rows[0])
    clocks = [number for number in range(2, width) if all(_is_clock(row[number]) for row in rows)]
    if width == 2:
        return PRESETS["edges"]
    if 2 in clocks and width in (3, 4):
        return PRESETS["snap"]
    if width == 4 and 3 in clocks:
        return PRESETS["konect"]
    if width == 3 and comment == "%":
        return ("actor", "target", "label")
    return None


def _is_clock(cell: str) -> bool:
    """Whether a cell is seconds (or milli-, microseconds) since 1970, from 1973 on, or an ISO date."""
    return bool(re.fullmatch(r"\d{9,16}(\.\d+)?|\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?", cell.strip()))


def need(layout: Layout | None, file: str, mapping: Mapping[str, str]) -> Layout:
    """The layout, or a UsageError that tells which columns there are and how to map them."""
    if layout is not None and layout.usable:
        return layout
    columns = ", ".join(layout.columns[:20]) if layout else "none that could be told"
    given = " with that mapping" if mapping else ""
    raise UsageError(
        f"{file}: can't tell who acts toward whom{given}. Columns found: {columns}. "
        "Say it with: --map actor=COLUMN,target=COLUMN,time=COLUMN"
    )
