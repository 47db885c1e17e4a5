"""The files of a Slack export: its lists, its conversations and their day files, and their JSON.

A workspace's owner or admin gets the zip from the settings ("Import/export data"). At its top are `users.json` (`org_users.json` for an
Enterprise Grid), `channels.json` for public channels and, if private talk was exported too, `groups.json`, `mpims.json` and `dms.json`.
Each conversation has a folder (named after the channel; direct messages by their id) of `YYYY-MM-DD.json` files: arrays of messages.
A Grid has the same again under `teams/<workspace>/`. Sources: Slack's help page "How to read Slack data exports", and real exports.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Final, Literal, NamedTuple

import orjson

from regard.errors import Malformed
from regard.sources.formats.bundle import Bundle
from regard.sources.formats.json_fields import Fields, get_objects, get_str, storable

Privacy = Literal["public", "private", "direct"]
"""Who may read: the whole workspace, invited members, or only the people addressed."""

USER_LISTS: Final = ("org_users.json", "users.json")
LISTS: Final[dict[str, Privacy]] = {"channels.json": "public", "groups.json": "private", "mpims.json": "direct", "dms.json": "direct"}
FROM_OPEN_TO_CLOSED: Final[tuple[Privacy, ...]] = ("public", "private", "direct")

# No deeper: exports that come with attachments hold people's own files below, under any name.
WORKSPACE: Final = r"(?:teams/[^/]+/)?"
DAY: Final = re.compile(rf"(?:({WORKSPACE}[^/]+)/)?\d{{4}}-\d\d-\d\d\.json", re.ASCII)
LIST: Final = re.compile(rf"({WORKSPACE})({'|'.join(map(re.escape, (*LISTS, *USER_LISTS)))})")
CANVAS: Final = re.compile(r"FC[:_]")
"""Folders of comments on a canvas. The colon is an underscore if the file system forbids colons."""
DIRECT: Final = re.compile(r"mpdm-.*|D[A-Z0-9]{8,}")


class Conversation(NamedTuple):
    """A channel, private group or direct conversation, and its day files in order."""

    id: str
    name: str
    privacy: Privacy
    members: tuple[str, ...] = ()
    listed: bool = True
    """False if no list names the folder: nobody can tell then who may read it."""
    days: tuple[str, ...] = ()


def read_array(bundle: Bundle, name: str) -> list[object]:
    """The JSON array in a file, its strings free of NUL and lone surrogates. Raises Malformed for anything else."""
    data = bundle.read_bytes(name)
    value = _decode(data, name)
    if not isinstance(value, list):
        raise Malformed(name, "a JSON array", f"it holds one {type(value).__name__}")
    with suppress(TypeError):  # an integer beyond 64 bits
        bundle.n_repeated_keys += max(0, _n_keys(data) - _n_keys(orjson.dumps(value)))
    return value


def is_canvas(conversation: Conversation) -> bool:
    """Whether a folder holds the comments on a canvas."""
    return bool(CANVAS.match(conversation.name))


def list_files(bundle: Bundle) -> list[tuple[str, str]]:
    """(workspace folder, file) of all lists. The folder is "" for those at the top, "teams/<workspace>/" for the others of a Grid."""
    return [(match[1], match[2]) for name in bundle.names if (match := LIST.fullmatch(name))]


def day_files(bundle: Bundle) -> Iterator[tuple[str, str]]:
    """(folder, name) of all day files, by folder and day. The folder is "" if the input is one channel's own folder."""
    return iter(sorted((match[1] or "", name) for name in bundle.names if (match := DAY.fullmatch(name))))


def conversations(bundle: Bundle) -> list[Conversation]:
    """All conversations that have day files, by folder, with who may read them. Raises Malformed for a broken list."""
    listed = _listed(bundle)
    folders: dict[str, list[str]] = {}
    for folder, name in day_files(bundle):
        folders.setdefault(folder, []).append(name)
    return [
        _conversation(folder or bundle.title.removesuffix(".zip"), listed)._replace(days=tuple(days)) for folder, days in folders.items()
    ]


def _conversation(folder: str, listed: Mapping[str, Conversation]) -> Conversation:
    # A channel that the workspaces of a Grid share is in a list at the top, and its folder may be in a workspace.
    name = folder.rpartition("/")[2]
    known = listed.get(folder) or listed.get(name)
    if known is not None:
        return known
    if DIRECT.fullmatch(name):
        return Conversation(folder, name, "direct", listed=False)
    return Conversation(folder, name, "private" if listed else "public", listed=False)


def _listed(bundle: Bundle) -> dict[str, Conversation]:
    """Folder -> conversation. Privacy follows from the file that lists a conversation, not from the letter of its id (C, G, D)."""
    listed: dict[str, Conversation] = {}
    for workspace, file in list_files(bundle):
        if file not in LISTS:
            continue
        for entry in get_objects(read_array(bundle, workspace + file)):
            conversation = _listed_conversation(entry, LISTS[file])
            if conversation is None:
                continue
            for name in (conversation.id, conversation.name):
                folder = workspace + unicodedata.normalize("NFC", name)
                same = (listed.get(folder, conversation), conversation)
                listed[folder] = max(same, key=lambda each: FROM_OPEN_TO_CLOSED.index(each.privacy))
    return listed


def _listed_conversation(entry: Fields, privacy: Privacy) -> Conversation | None:
    id, name, members = get_str(entry, "id"), get_str(entry, "name"), entry.get("members")
    if entry.get("is_im") is True or entry.get("is_mpim") is True:
        privacy = "direct"
    elif entry.get("is_private") is True and privacy == "public":
        privacy = "private"
    if id is None and name is None:
        return None
    people = tuple(dict.fromkeys(each for each in members if isinstance(each, str) and each)) if isinstance(members, list) else ()
    return Conversation(id or name or "", name or id or "", privacy, people)


def _n_keys(data: bytes) -> int:
    """The keys in JSON text: only they have a colon behind the closing quote. An object in memory holds each of its keys once."""
    return data.count(b'":') - data.count(b'\\":')


def _decode(data: bytes, name: str) -> object:
    if b"\\u0000" not in data:
        try:
            return orjson.loads(data)  # of a key that an object holds twice, the last value: as everywhere
        except orjson.JSONDecodeError:
            pass  # A BOM, NaN, a lone surrogate, a bare control character, or a broken file: the lenient reader below decides.
    try:
        return storable(json.loads(data, strict=False))
    except json.JSONDecodeError as error:
        raise Malformed(name, "a JSON array", f"it is cut short or broken ({error.msg})", line=error.lineno) from None
    except UnicodeDecodeError:
        raise Malformed(name, "text in UTF-8", "it holds other bytes") from None
    except (ValueError, RecursionError):
        raise Malformed(name, "a JSON array", "it is nested too deeply or holds a number without end") from None
