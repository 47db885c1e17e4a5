"""Which column of a table is which field of an act: by the names of the columns, or as the user says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from regard.errors import UnknownName, UsageError
from regard.record.schema import KINDS, Kind

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
        "created_utc", "created", "published", "when", "t",
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

SEPARATOR = "separator"
"""In a mapping: the key for the sign between several targets in one cell."""

Form = Literal["delimited", "blanks", "lines", "array", "parquet"]


@dataclass(frozen=True)
class Layout:
    """The form of one file's rows, and which columns to read."""

    columns: tuple[str, ...]
    """All columns of the file, in its order."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Field of an act -> column."""
    nested: frozenset[str] = frozenset()
    """Columns of objects, which are nobody's id: no field is guessed to be one of them."""
    form: Form = "delimited"
    """Cells between delimiters or runs of blanks, JSON objects (one a line, or in an array), or Parquet."""
    delimiter: str = ","
    header: bool = True
    comment: str = ""
    """The sign that begins a comment line below the first row; empty if there are none."""
    skip: int = 0
    """Lines before the first row or the header."""
    n_above: int = 0
    """Those of them that are neither blank nor comments: a title, or the line in which a spreadsheet names its delimiter."""
    constant_kind: Kind | None = None
    separator: str = ""
    """The sign between several targets in one cell; empty if a cell is one target."""

    @property
    def usable(self) -> bool:
        """Whether there are columns for who acts, and toward whom or what."""
        return "actor" in self.fields and ("target" in self.fields or "parent" in self.fields or "item" in self.fields)


def normalize_name(name: str) -> str:
    """A column's name as words joined by `_`: "Event Date", "eventDate" and "event-date" are one name.

    >>> normalize_name("eventDate"), normalize_name(" Reply To ")
    ('event_date', 'reply_to')
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip().lstrip("\ufeff"))
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")


def guess_fields(columns: Sequence[str]) -> dict[str, str]:
    """Field -> column by the columns' names.

    >>> guess_fields(["Sender", "Recipient", "EventDate"])
    {'actor': 'Sender', 'target': 'Recipient', 'time': 'EventDate'}
    """
    names: dict[str, str] = {}
    for column in columns:
        names.setdefault(normalize_name(column), column)
    fields: dict[str, str] = {}
    for name, synonyms in SYNONYMS.items():
        candidates = [names[word] for word in synonyms if word in names and names[word] not in fields.values()]
        if candidates:
            fields[name] = candidates[0]
    return fields


def apply_mapping(layout: Layout, mapping: Mapping[str, str]) -> Layout:
    """The layout with its fields as guessed, and as the user's mapping says. In a mapping `kind` may name a kind instead of a column.

    Raises UnknownName for a field or column that does not exist.
    """
    columns = layout.columns
    fields = {**guess_fields([column for column in columns if column not in layout.nested]), **layout.fields}
    constant, separator = layout.constant_kind, layout.separator
    for name, column in mapping.items():
        if name == SEPARATOR:
            separator = column
        elif name not in FIELDS:
            raise UnknownName("field of an act", name, (*FIELDS, SEPARATOR))
        elif column in columns:
            fields = {f: c for f, c in fields.items() if c != column or f == name} | {name: column}
        elif name == "kind" and column in KINDS:
            constant = KIND_WORDS[column]
            fields.pop("kind", None)
        else:
            raise UnknownName("column", column, columns)
    return replace(layout, fields=fields, constant_kind=constant, separator=separator)


def make_distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Names of columns that the engine can tell apart: it ignores case.

    >>> make_distinct(["to", "To", "", "to"])
    ('to', 'To_2', 'c3', 'to_3')
    """
    taken: set[str] = set()
    unique_names = []
    for number, name in enumerate(names, 1):
        base = name.strip().lstrip("\ufeff").replace("\0", "") or f"c{number}"
        unique, copy = base, 1
        while unique.casefold() in taken:
            copy += 1
            unique = f"{base}_{copy}"
        taken.add(unique.casefold())
        unique_names.append(unique)
    return tuple(unique_names)


def require_usable(layout: Layout | None, file: str, mapping: Mapping[str, str]) -> Layout:
    """The layout if it is usable. Raises UsageError, which lists the columns and says how to map them, if it is not."""
    if layout is not None and layout.usable:
        return layout
    columns = "none that could be told apart"
    if layout is not None:
        columns = ", ".join(f"{column} (objects)" if column in layout.nested else column for column in layout.columns[:20])
    given = " with that mapping" if mapping else ""
    raise UsageError(
        f"{file}: can't tell who acts toward whom{given}. Columns found: {columns}. "
        "Say it with: --map actor=COLUMN,target=COLUMN,time=COLUMN"
    )
