"""How a Slack export lies on disk: its listings, its conversations and their day files, its JSON.

A workspace's owner or admin gets the zip from the settings ("Import/export data"). At its top lie `users.json` (`org_users.json` for an
Enterprise Grid), `channels.json` for public channels and, where private talk was exported too, `groups.json`, `mpims.json` and `dms.json`.
Each conversation has a folder (named as the channel; direct messages by their id) of `YYYY-MM-DD.json` files: arrays of messages.
A Grid has the same again under `teams/<workspace>/`. Sources: Slack's help page "How to read Slack data exports", and real exports.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final, Literal, NamedTuple

import orjson

from regard.errors import Malformed
from regard.sources.formats.bundle import Bundle
from regard.sources.formats.json_fields import Fields, get_objects, get_str, storable

Privacy = Literal["public", "private", "direct"]
"""Who may read: all of the workspace, invited members, or only those who are addressed."""

USER_LISTS: Final = ("org_users.json", "users.json")
LISTS: Final[dict[str, Privacy]] = {"channels.json": "public", "groups.json": "private", "mpims.json": "direct", "dms.json": "direct"}
STRICTER: Final[tuple[Privacy, ...]] = ("public", "private", "direct")

# No deeper: exports that bring attachments along hold people's own files below, under any name.
WORKSPACE: Final = r"(?:teams/[^/]+/)?"
DAY: Final = re.compile(rf"(?:({WORKSPACE}[^/]+)/)?\d{{4}}-\d\d-\d\d\.json", re.ASCII)
LIST: Final = re.compile(rf"({WORKSPACE})({'|'.join(map(re.escape, (*LISTS, *USER_LISTS)))})")
CANVAS: Final = re.compile(r"FC[:_]")
"""Folders of comments on a canvas; the colon is an underscore where a file system forbids it."""
DIRECT: Final = re.compile(r"mpdm-.*|D[A-Z0-9]{8,}")


class Conversation(NamedTuple):
    """A channel, private group or direct conversation, and its day files in order."""

    id: str
    name: str
    privacy: Privacy
    members: tuple[str, ...] = ()
    listed: bool = True
    """False where no listing names the folder: nobody can tell then who was meant to read it."""
    days: tuple[str, ...] = ()


def array(bundle: Bundle, name: str) -> list[object]:
    """The JSON array in a file, its strings free of NUL and lone surrogates. Raises Malformed for anything else."""
    value = _decoded(bundle.whole(name), name)
    if not isinstance(value, list):
        raise Malformed(name, "a JSON array", f"it holds one {type(value).__name__}")
    return value


def is_canvas(conversation: Conversation) -> bool:
    """Whether a folder holds the comments on a canvas."""
    return bool(CANVAS.match(conversation.name))


def listings(bundle: Bundle) -> list[tuple[str, str]]:
    """(workspace folder, file) of all listings: the top's has the folder "", a Grid's others "teams/<workspace>/"."""
    return [(found[1], found[2]) for name in bundle.names if (found := LIST.fullmatch(name))]


def day_files(bundle: Bundle) -> Iterator[tuple[str, str]]:
    """(folder, name) of all day files, by folder and day; the folder is "" where the input is one channel's own folder."""
    return iter(sorted((found[1] or "", name) for name in bundle.names if (found := DAY.fullmatch(name))))


def conversations(bundle: Bundle) -> list[Conversation]:
    """All conversations that have day files, by folder, with who may read them. Raises Malformed for a broken listing."""
    listed = _listed(bundle)
    folders: dict[str, list[str]] = {}
    for folder, name in day_files(bundle):
        folders.setdefault(folder, []).append(name)
    return [
        _conversation(folder or bundle.title.removesuffix(".zip"), listed)._replace(days=tuple(days)) for folder, days in folders.items()
    ]


def _conversation(folder: str, listed: Mapping[str, Conversation]) -> Conversation:
    # A channel shared by a Grid's workspaces is listed at the top, its folder may be a workspace's.
    short = folder.rpartition("/")[2]
    known = listed.get(folder) or listed.get(short)
    if known is not None:
        return known
    if DIRECT.fullmatch(short):
        return Conversation(folder, short, "direct", listed=False)
    return Conversation(folder, short, "private" if listed else "public", listed=False)


def _listed(bundle: Bundle) -> dict[str, Conversation]:
    """Conversations by folder. An id's letter (C, G, D) does not tell privacy; the file that lists it does."""
    found: dict[str, Conversation] = {}
    for workspace, file in listings(bundle):
        if file not in LISTS:
            continue
        for entry in get_objects(array(bundle, workspace + file)):
            conversation = _entry(entry, LISTS[file])
            if conversation is None:
                continue
            for name in (conversation.id, conversation.name):
                folder = workspace + unicodedata.normalize("NFC", name)
                found[folder] = max(found.get(folder, conversation), conversation, key=lambda each: STRICTER.index(each.privacy))
    return found


def _entry(entry: Fields, privacy: Privacy) -> Conversation | None:
    id, name, members = get_str(entry, "id"), get_str(entry, "name"), entry.get("members")
    if entry.get("is_im") is True or entry.get("is_mpim") is True:
        privacy = "direct"
    elif entry.get("is_private") is True and privacy == "public":
        privacy = "private"
    if id is None and name is None:
        return None
    people = tuple(dict.fromkeys(each for each in members if isinstance(each, str) and each)) if isinstance(members, list) else ()
    return Conversation(id or name or "", name or id or "", privacy, people)


def _decoded(data: bytes, name: str) -> object:
    if b"\\u0000" not in data:
        try:
            return orjson.loads(data)
        except orjson.JSONDecodeError:
            pass  # A BOM, NaN, a lone surrogate, a bare control character, or truly broken: the lenient reader tells which.
    try:
        return storable(json.loads(data, strict=False))
    except json.JSONDecodeError as error:
        raise Malformed(name, "a JSON array", f"it is cut short or broken ({error.msg})", line=error.lineno) from None
    except UnicodeDecodeError:
        raise Malformed(name, "text in UTF-8", "it holds other bytes") from None
    except (ValueError, RecursionError):
        raise Malformed(name, "a JSON array", "it is nested too deeply or holds a number without end") from None
