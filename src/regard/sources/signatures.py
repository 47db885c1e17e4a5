"""Signatures of formats that no source reads yet, so that an error can name what an input is.

The table is asked only about an input that no source recognises, or that only the table would take: a signature never takes an input from a
source. A format that gets a source leaves the table. Shapes: exporters' code and published files of November 2026.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from regard.sources.formats.bundle import Bundle

HEAD: Final = 64 << 10
"""Bytes of a file that are looked at."""
MAX_FILES: Final = 16
"""Files that are looked into."""
MAX_NAMES: Final = 10_000
"""Names of files that are looked at."""


@dataclass(frozen=True)
class Signature:
    """The mark of one format."""

    name: str
    """With its article, for people: "a Telegram export"."""
    names: tuple[str, ...] = ()
    """Patterns of names of files (with folders), each of which one file of the input must have."""
    marks: tuple[bytes, ...] = ()
    """Patterns, all of which must be in the first bytes of one file."""
    is_readable_as_table: bool = False
    """The table reads this format with its ties, so that the name is only for inputs that the table does not take."""

    def fits(self, names: Sequence[str], heads: Iterable[bytes]) -> bool:
        """Whether an input with these names and first bytes of files has this mark."""
        named = all(any(re.search(pattern, name) for name in names) for pattern in self.names)
        return named and (not self.marks or any(all(re.search(mark, head) for mark in self.marks) for head in heads))


def _json(*marks: bytes) -> tuple[bytes, ...]:
    return (rb"\A(?:\xef\xbb\xbf)?\s*[\[{]", *marks)


_MESSAGE_LINE: Final = rb"(?:\[{when}\]|{when} -) \S"
_CHAT_DATE: Final = rb"\d{1,4}[./-]\d{1,2}[./-]\d{1,4},? \d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:[\s\xa0\xc2\xe2\x80\xaf]*[apAP]\.?\s?[mM]\.?)?"
_MARKS_OF_DIRECTION: Final = rb"(?:\xef\xbb\xbf|\xe2\x80[\x8e\x8f])*"
_IRC_CLOCK: Final = rb"\[?(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d(?::\d\d)?\]?"
_IRC_LINE: Final = _IRC_CLOCK + rb"\s+(?:<[ @+%&~]?[^\s>]{1,32}>|\*|-!-|\*\*\*|-->|<--|---) "

SIGNATURES: Final = (
    Signature("a Discord export (DiscordChatExporter)", marks=_json(rb'"guild"\s*:\s*\{', rb'"channel"\s*:\s*\{', rb'"categoryId"')),
    Signature("a Discord export (DiscordChatExporter)", marks=(rb'\A(?:\xef\xbb\xbf)?"?AuthorID"?,"?Author"?,"?Date"?,"?Content"?,',)),
    Signature("a Telegram export", marks=_json(rb'"type"\s*:\s*"(?:message|service)"', rb'"date_unixtime"\s*:\s*"\d')),
    Signature("a Telegram export", marks=_json(rb'"from_id"\s*:', rb'"type"\s*:\s*"(?:personal_chat|(?:private|public)_(?:super)?group)"')),
    Signature(
        "the archive of a Mastodon account", names=(r"(^|/)outbox\.json$", r"(^|/)actor\.json$"), marks=_json(rb'"orderedItems"\s*:')
    ),
    Signature("statuses of Mastodon's API", marks=_json(rb'"in_reply_to_account_id"\s*:', rb'"reblogs_count"\s*:|"reblog"\s*:')),
    Signature("pages of X's API (twarc)", marks=_json(rb'"data"\s*:\s*[\[{]', rb'"author_id"\s*:', rb'"__twarc"|"conversation_id"\s*:')),
    Signature("an archive of X (Twitter)", marks=(rb"\A(?:\xef\xbb\xbf)?\s*window\.YTD\.\w+\.part\d+\s*=",)),
    Signature("the repository of a Bluesky account (CAR)", marks=(rb"(?s)\A.{1,3}\xa2eroots",)),
    Signature("events or posts of Bluesky", marks=_json(rb'"(?:at://)?did:(?:plc|web):', rb'"app\.bsky\.|"uri"\s*:\s*"at://|"handle"\s*:')),
    Signature("a Zulip export", marks=_json(rb'"zerver_(?:message|realm|userprofile)"\s*:')),
    Signature("a Mattermost bulk export", marks=(rb'\A\s*\{\s*"type"\s*:\s*"version"\s*,\s*"version"\s*:\s*\d',)),
    Signature("a Mattermost bulk export", marks=_json(rb'\A\s*\{\s*"type"\s*:\s*"(?:direct_)?post"\s*,\s*"(?:direct_)?post"\s*:\s*\{')),
    Signature("a Rocket.Chat export", marks=_json(rb'"rid"\s*:\s*"', rb'"msg"\s*:\s*"', rb'"u"\s*:\s*\{\s*"_id"\s*:')),
    Signature("a Rocket.Chat export", names=(r"(^|/)rocketchat_message\.bson$",)),
    Signature("a Microsoft Teams export", marks=_json(rb'"[Cc]reatedDateTime"\s*:', rb'"[Rr]eplyToId"\s*:', rb'"[Cc]ontentType"\s*:')),
    Signature("a Microsoft Teams export", marks=_json(rb'graph\.microsoft\.com/[^"]{0,40}\$metadata#')),
    Signature("JSON of GitLab's API", marks=_json(rb'"iid"\s*:\s*\d', rb"/-/(?:issues|merge_requests)/\d")),
    Signature("JSON of Jira's API", marks=_json(rb'"expand"\s*:\s*"', rb'"issues"\s*:\s*\[', rb'"fields"\s*:\s*\{')),
    Signature(
        "a Viva Engage (Yammer) export",
        names=(r"(^|/)Messages\.csv$",),
        marks=(rb"\breplied_to_id\b", rb"\bin_private_conversation\b"),
        is_readable_as_table=True,
    ),
    Signature("a Matrix export", marks=_json(rb'"origin_server_ts"\s*:\s*\d', rb'"sender"\s*:\s*"@[^"]+:')),
    Signature(
        "a Reddit dump", marks=_json(rb'"parent_id"\s*:\s*"t[13]_|"name"\s*:\s*"t[13]_', rb'"subreddit"\s*:'), is_readable_as_table=True
    ),
    Signature("a Signal chat", marks=(rb"\A\[\d{4}-\d\d-\d\d, \d\d:\d\d\] [^:\n]{1,80}: ",)),
    Signature("a WhatsApp chat", marks=(rb"\A" + _MARKS_OF_DIRECTION + _MESSAGE_LINE.replace(b"{when}", _CHAT_DATE),)),
    Signature("an export of Messenger or Instagram", marks=_json(rb'"sender_name"\s*:', rb'"timestamp_ms"\s*:\s*\d')),
    Signature("an export of Messenger or Instagram", marks=_json(rb'"senderName"\s*:', rb'"threadName"\s*:')),
    Signature("an IRC log", marks=(rb"\A(?:---[^\n]*\n|[ \t\r]*\n){0,5}" + _IRC_LINE + rb"[^\n]*\n" + _IRC_LINE,)),
    Signature("mail as HyperKitty's interface gives it", marks=_json(rb"/(?:hyperkitty|archives)/api/list/[^/\"]+/")),
    Signature("a public-inbox", names=(r"(^|/)git/\d+\.git/HEAD$",)),
    Signature("a Maildir", names=(r"(^|/)(?:cur|new)/[^/]+[:;!]2,[A-Za-z]*$",)),
    Signature("a git repository", names=(r"(^|/)HEAD$", r"(^|/)objects/(?:pack/|[0-9a-f]{2}/)", r"(^|/)(?:refs/|packed-refs$)")),
    Signature("the history of a git repository", marks=(rb"\Acommit [0-9a-f]{40}\b[^\n]*\n(?:Merge: [^\n]*\n)?Author: ",)),
    Signature("the history of a git repository", marks=(rb"\A(?:feature done\n)?(?:blob\nmark :\d|reset refs/)",)),
    Signature("a network in GEXF", marks=(rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<gexf\b",)),
    Signature("a network in GraphML", marks=(rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<graphml\b",)),
    Signature(
        "events of GitHub (its API, GH Archive)", marks=_json(rb'"type"\s*:\s*"[A-Z]\w+Event"', rb'"actor"\s*:\s*\{', rb'"repo"\s*:')
    ),
    Signature("JSON of GitHub's API", marks=_json(rb'"https://api\.github\.com/(?:repos|users)/', rb'"(?:node_id|gravatar_id)"\s*:')),
    Signature("ActivityStreams (Mastodon and others)", marks=_json(rb'"https?://www\.w3\.org/ns/activitystreams"', rb'"type"\s*:')),
    Signature(
        "ActivityStreams (Mastodon and others)",
        marks=_json(rb'"type"\s*:\s*"(?:Announce|Create|Like|Follow|Undo)"', rb'"actor"\s*:\s*"https?://', rb'"object"\s*:'),
    ),
)
"""The formats, of which the first that fits is named."""


def look_alike(bundle: Bundle) -> Signature | None:
    """The format of which an input has the mark; None if it has none."""
    names, heads = bundle.names[:MAX_NAMES], _heads(bundle)
    return next((signature for signature in SIGNATURES if signature.fits(names, heads)), None)


def is_no_table(bundle: Bundle) -> bool:
    """Whether every file of an input has the mark of a format whose rows, read as a table, would give no ties.

    One such file beside tables does not keep the tables from being read.
    """
    names, heads = bundle.names[:MAX_NAMES], [head for head in _heads(bundle) if head]
    others = [signature for signature in SIGNATURES if signature.marks and not signature.is_readable_as_table]
    return bool(heads) and all(any(signature.fits(names, [head]) for signature in others) for head in heads)


def _heads(bundle: Bundle) -> list[bytes]:
    return [bundle.head(name, HEAD) for name in islice(bundle.names, MAX_FILES)]
