"""The Stack Exchange data dump: all public questions, answers, comments and votes of one site.

A user takes it from "Data dump access" in the settings of a profile on the site (until 2024 from archive.org), as `SITE.7z`, unpacks it
with `7z x`, and has a folder of XML files. Posts.xml, Comments.xml, Users.xml and Votes.xml are read, all or some; the others
(edits, badges, links, tags) are not opened. Columns: https://meta.stackexchange.com/q/2677.

- A question is a `post`, an answer and a comment a `reply`. A comment that begins with @Name is to the post's owner all the same,
  and a `mention` of the one person there whom the name fits.
- An accepted answer is a `thank` of the asker; only Votes.xml knows the day. A bounty that somebody gave is one too; where time ran
  out, the site gives half of it by itself, and nobody has thanked anybody.
- Favourites had names until October 2022 and are a `react`. Up and down votes have none, and are no acts.

What reading remembers, and what it costs, is told in `stackexchange_memory`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import PurePosixPath
from typing import Final

from regard.errors import InputError
from regard.record.schema import Account, Act, Batch
from regard.sources.base import BATCH_ACTS, Options, Source
from regard.sources.formats.bundle import Bundle
from regard.sources.formats.xml_rows import pieces
from regard.sources.stackexchange.fields import MAX_NAME, MAX_TEXT, Moment, addressed, moment, number, plain, tags
from regard.sources.stackexchange.index import NOBODY, People, Posts
from regard.sources.stackexchange.votes import Votes

MISSING: Final = {
    "users": "no Users.xml: names and reputation not known, @names not resolved",
    "posts": "no Posts.xml: no questions, answers and thanks; whom a comment answers not known",
    "comments": "no Comments.xml: comments not known",
    "votes": "no Votes.xml: days of accepted answers, bounties and favourites not known",
}
FEW: Final = 16
"""Files with names of their own, one of which may be a part of a dump: more are another thing."""

BATCH_PIECES: Final = 64
"""Pieces of a file a batch, 16 MB of XML: fewer than `BATCH_ACTS` where posts are long."""

_NAMED = re.compile(r"(posts|comments|users|votes)\.xml(?:\.(?:gz|bz2|xz|zst))?", re.IGNORECASE)
_ROOT = re.compile(rb"<(posts|comments|users|votes)>\s*<row\s")
_POINTS = re.compile(r"-?[0-9]{1,15}")
_SEVEN = b"7z\xbc\xaf\x27\x1c"


def recognise(bundle: Bundle) -> bool:
    """Whether one of the files is a dump's, by what it begins with, or all are 7z archives, which `read` says how to unpack."""
    return any(_root(bundle, name) == kind for kind, name in _found(bundle)) or _is_packed(bundle)


def read(bundle: Bundle, options: Options) -> Iterator[Batch]:
    """People first, then posts, comments, thanks and favourites, each in the order of its file.

    Raises InputError for a 7z archive and for several sites at once, Malformed (file and line) and Unsafe as `xml_rows.pieces` does.
    """
    if _is_packed(bundle):
        raise InputError(f"{bundle.title}: a 7z archive, which Regard does not open; unpack it first with: 7z x {bundle.names[0]}")
    yield from _Site(bundle, options).batches()


def _found(bundle: Bundle) -> list[tuple[str, str]]:
    found = [(match[1].lower(), name) for name in bundle.names if (match := _NAMED.fullmatch(PurePosixPath(name).name))]
    if found or len(bundle.names) > FEW:
        return found
    return [(root, name) for name in bundle.names if ".xml" in name.lower() and (root := _root(bundle, name))]


def _root(bundle: Bundle, name: str) -> str:
    root = _ROOT.search(bundle.head(name))
    return root[1].decode() if root else ""


def _is_packed(bundle: Bundle) -> bool:
    names = bundle.names
    return bool(names) and all(name.lower().endswith(".7z") and bundle.head(name, 6) == _SEVEN for name in names)


def _one_site(bundle: Bundle) -> dict[str, str]:
    found = _found(bundle)
    files = dict(found)
    if len(files) < len(found) or len({PurePosixPath(name).parent for name in files.values()}) > 1:
        some = ", ".join(name for _, name in found[:4])
        raise InputError(f"{bundle.title}: holds files of more than one Stack Exchange site ({some} ...); read one site at a time")
    return files


class _Site:
    """One site being read: what is remembered, and the batch that fills."""

    def __init__(self, bundle: Bundle, options: Options) -> None:
        self.bundle, self.keep_text = bundle, options.text
        self.files = _one_site(bundle)
        self.notes: Counter[str] = Counter()
        self.people, self.posts = People(), Posts()
        self.votes = Votes(self.people, self.posts, self.notes)
        self.acts: list[Act] = []
        self.accounts: list[Account] = []

    def batches(self) -> Iterator[Batch]:
        steps = {"users": self._user, "posts": self._post, "comments": self._comment, "votes": self._vote}
        for kind, step in steps.items():
            if kind in self.files:
                yield from self._file(kind, step)
            else:
                self.notes[MISSING[kind]] = 1
        for act in chain(self.votes.bounties(self.files.get("votes", "")), self.votes.undated(self.files.get("posts", ""))):
            self.acts.append(act)
            yield from self._batch(BATCH_ACTS)
        yield from self._batch(1)
        yield Batch(notes=list(self.notes.items()))

    def _file(self, kind: str, step: Callable[[int, dict[str, str], str], None]) -> Iterator[Batch]:
        name = self.files[kind]
        for count, rows in enumerate(pieces(self.bundle, name, kind), start=1):
            for line, fields in rows:
                step(line, fields, name)
            yield from self._batch(1 if count % BATCH_PIECES == 0 else BATCH_ACTS)

    def _batch(self, least: int) -> Iterator[Batch]:
        if self.people.fresh:
            self.accounts += self.people.fresh
            self.people.fresh.clear()
        if len(self.acts) + len(self.accounts) >= least:
            yield Batch(self.acts, self.accounts)
            self.acts, self.accounts = [], []

    def _when(self, fields: dict[str, str]) -> Moment:
        when = moment(fields.get("CreationDate"))
        if when.time is None:
            self.notes["times that cannot be read"] += 1
        return when

    def _user(self, _line: int, fields: dict[str, str], _file: str) -> None:
        id, user = fields.get("Id", ""), number(fields.get("Id"))
        if user is None and id != "-1":
            self.notes["users without a usable id"] += 1
            return
        name = fields.get("DisplayName", "")[:MAX_NAME].strip()
        if user and name:
            self.people.learn(user, name)
        points = fields.get("Reputation", "")
        known = float(points) if _POINTS.fullmatch(points) else None
        if known is not None:
            self.notes["reputation is as of the dump day"] = 1
        self.accounts.append(Account(id, name or None, None if user else "system", points=known))

    def _post(self, line: int, fields: dict[str, str], file: str) -> None:
        kind, id, parent = fields.get("PostTypeId"), number(fields.get("Id")), number(fields.get("ParentId"))
        if kind not in ("1", "2"):
            self.notes["posts that are neither question nor answer"] += 1
            return
        question = id if kind == "1" else parent
        if id is None or question is None:
            self.notes["posts without a usable id"] += 1
            return
        owner = self.people.code(fields.get("OwnerUserId"), fields.get("OwnerDisplayName"))
        self.posts.add(id, owner, 0 if kind == "1" else question, number(fields.get("AcceptedAnswerId")) or 0)
        if owner == NOBODY:
            self.notes["posts without an owner"] += 1
            return
        when = self._when(fields)
        self.acts.append(
            Act(
                self.people.id(owner),
                "post" if kind == "1" else "reply",
                when.time,
                item=f"p{id}",
                parent=None if kind == "1" else f"p{question}",
                thread=f"p{question}",
                text=_words(fields) if self.keep_text else None,
                label=tags(fields.get("Tags")) if kind == "1" else None,
                precision=when.precision,
                visibility="public",
                edited="LastEditDate" in fields,
                note="community wiki" if "CommunityOwnedDate" in fields else None,
                file=file,
                line=line,
            )
        )

    def _comment(self, line: int, fields: dict[str, str], file: str) -> None:
        id, post = number(fields.get("Id")), number(fields.get("PostId"))
        if id is None or post is None:
            self.notes["comments without a usable id"] += 1
            return
        author = self.people.code(fields.get("UserId"), fields.get("UserDisplayName"))
        if author == NOBODY:
            self.notes["comments without an author"] += 1
            return
        when, text = self._when(fields), fields.get("Text", "")
        act = Act(
            self.people.id(author),
            "reply",
            when.time,
            item=f"c{id}",
            parent=f"p{post}",
            text=text[:MAX_TEXT] or None if self.keep_text else None,
            precision=when.precision,
            visibility="public",
            file=file,
            line=line,
        )
        self.acts.append(act)
        place = self.posts.place(post)
        if place >= 0:
            if text.startswith("@"):
                self._mention(act, text, place, author)
            self.posts.comment(place, author)

    def _mention(self, act: Act, text: str, place: int, author: int) -> None:
        meant = self.people.meant(addressed(text), self.posts.voices(place) - {author, NOBODY})
        if meant == NOBODY:
            self.notes["comments whose @name fits no one person there"] += 1
        # The owner is whom the comment answers anyway: naming that person is an address, no further tie.
        elif meant != self.posts.owner[place]:
            self.acts.append(act._replace(kind="mention", target=self.people.id(meant), text=None))

    def _vote(self, line: int, fields: dict[str, str], file: str) -> None:
        act = self.votes.act(line, fields, file)
        if act is not None:
            self.acts.append(act)


def _words(fields: dict[str, str]) -> str | None:
    parts = (fields.get("Title", "").strip(), plain(fields.get("Body", "")))
    return "\n".join(part for part in parts if part)[:MAX_TEXT] or None


STACKEXCHANGE: Final = Source(
    name="stackexchange",
    title="Stack Exchange data dump",
    about="All public questions, answers, comments and accepted answers of a site, from 'Data dump access' in the settings of a profile "
    "there. Unpack the .7z first; give the folder, a zip of it, or the XML files.",
    recognise=recognise,
    read=read,
    sensitive=("EmailHash", "Location", "AboutMe", "WebsiteUrl", "ProfileImageUrl", "AccountId", "LastAccessDate", "Age"),
    missing="who voted up or down, followers, what was deleted, the time of day of votes; reputation is as of the dump day",
)
