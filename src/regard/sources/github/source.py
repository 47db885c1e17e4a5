"""GitHub: all issues and pull requests of a repository as `archive-repo` writes them, which working groups of the IETF keep.

`archive.json` is one object: `repo`, and the arrays `labels`, `issues` and `pulls`, each thread with its comments and reviews. The tool
(https://github.com/MikeBishop/archive-repo) asks GitHub's GraphQL interface and keeps its names.

- An issue or pull request is a `post`; comments, reviews and comments on lines are each a `reply` to whoever opened it, since threads are
  flat and the archive does not tell which comment one on a line answers. People named outside code and quotes are mentioned.
- A review that says nothing itself and only holds comments on lines is no act besides them; one that approves or asks for changes is,
  with or without words. Merging, closing, labels and assigning are none.
- Comments have no id there: thread, author and time name them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, NamedTuple

from regard.record.schema import Account, Act, ActorType, Batch
from regard.sources.base import Options, Source
from regard.sources.batch_builder import BatchBuilder
from regard.sources.formats.bundle import Bundle
from regard.sources.formats.json_fields import Fields, get_int, get_object, get_objects, get_str
from regard.sources.formats.json_stream import members
from regard.sources.formats.timestamps import instant
from regard.sources.github.markdown import mentioned, words
from regard.sources.stackexchange.fields import MAX_TEXT

THREADS: Final = ("issues", "pulls")
JUDGED: Final = ("APPROVED", "CHANGES_REQUESTED", "DISMISSED")
"""States of a review that say something without words; a dismissed one had said it before."""
ROLES: Final = ("FIRST_TIMER", "FIRST_TIME_CONTRIBUTOR", "CONTRIBUTOR", "COLLABORATOR", "MEMBER", "OWNER")
"""How somebody belongs to a repository, the closest last. NONE and MANNEQUIN (someone yet unknown) say nothing."""

GHOST: Final = "ghost"
"""GitHub's own account in place of all that were deleted."""
ROBOTS: Final = frozenset(
    {
        *("allcontributors", "codecov", "codecov-commenter", "codecov-io", "coveralls", "dependabot", "dependabot-preview", "vercel"),
        *("github-actions", "greenkeeper", "imgbot", "k8s-ci-robot", "mergify", "netlify", "pre-commit-ci", "renovate", "snyk-bot"),
        *("sonarcloud", "stale"),
    }
)
"""GraphQL gives an app's login without the "[bot]" that it has elsewhere: the most frequent by name."""

NO_THREAD: Final = "entries that are neither issue nor pull request"
NO_AUTHOR: Final = "comments without an author (the archive tells none after a pull request's first hundred)"
NO_TIME: Final = "times that cannot be read"
HOLDER: Final = "reviews that only hold comments on lines, which are counted themselves"
UNSENT: Final = "reviews that were not sent"
OTHER_FILES: Final = "files that are no archive of a repository left out"

HEAD: Final = 64 << 10
MOST_FILES: Final = 200
_MAGIC: Final = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"magic"\s*:\s*"(?:E!vIA5L86J2I|B8n2c@e8kvfx)"')
_REPO: Final = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{.*?"repo"\s*:\s*"[\w.-]+/[\w.-]+"', re.DOTALL)
_THREADS: Final = re.compile(rb'"(?:issues|pulls)"\s*:\s*\[')
_AUTHOR: Final = re.compile(rb'"authorAssociation"\s*:')
_URL: Final = re.compile(r"https?://[^/]+/([^/]+/[^/]+)/(?:issues|pull)/")


class Thread(NamedTuple):
    """An issue or pull request: what its comments take from it."""

    id: str
    repo: str
    opener: str
    file: str
    line: int


@dataclass
class Reader(BatchBuilder):
    """Turns threads into acts, and keeps count of what it leaves out."""

    keep_text: bool = True
    _roles: dict[str, int] = field(default_factory=dict)
    """Account -> the place of its role in `ROLES`; -1 for none."""

    def acts(self, raw: object, repo: str, file: str, line: int) -> Iterator[Act]:
        """The acts of one thread, that which opens it first; none, and a note, for what is no thread."""
        fields: Fields = raw if isinstance(raw, dict) else {}
        number, author = get_int(fields, "number"), self._author(fields)
        if number is None or author is None:
            self.notes[NO_THREAD] += 1
            return
        url = _URL.match(get_str(fields, "url") or "")
        repo = repo or (url[1] if url else file)
        thread = Thread(f"{repo}#{number}", repo, author, file, line)
        body = "\n".join(filter(None, (get_str(fields, "title"), get_str(fields, "body"))))
        labels = fields.get("labels")
        names = ", ".join(name for name in labels if isinstance(name, str)) if isinstance(labels, list) else ""
        opened = self._told(thread, thread.id, author, fields, body)
        yield from self._with_mentions(opened._replace(kind="post", target=None, parent=None, label=names or None))
        seen: Counter[str] = Counter()
        for comment in get_objects(fields.get("comments")):
            yield from self._comment(thread, comment, seen)
        for review in get_objects(fields.get("reviews")):
            yield from self._review(thread, review, seen)

    def _comment(self, thread: Thread, comment: Fields, seen: Counter[str]) -> Iterator[Act]:
        author = self._author(comment)
        if author is None:
            self.notes[NO_AUTHOR] += 1
            return
        item = _unlike(f"{thread.id}/{author}@{comment.get('createdAt')}", seen)
        told = self._told(thread, item, author, comment, get_str(comment, "body") or "")
        edited = comment.get("updatedAt") not in (None, comment.get("createdAt"))
        yield from self._with_mentions(told._replace(edited=edited))

    def _review(self, thread: Thread, review: Fields, seen: Counter[str]) -> Iterator[Act]:
        author, state, body = self._author(review), get_str(review, "state"), get_str(review, "body")
        if author is None or state == "PENDING":
            self.notes[UNSENT if author else NO_AUTHOR] += 1
            return
        item = _unlike(get_str(review, "id") or f"{thread.id}/{author}@{review.get('createdAt')}", seen)
        if body or state in JUDGED:
            label = state.lower().replace("_", " ") if state in JUDGED else None
            yield from self._with_mentions(self._told(thread, item, author, review, body or "")._replace(label=label))
        else:
            self.notes[HOLDER] += 1
        for comment in get_objects(review.get("comments")):
            name = _unlike(f"{item}@{comment.get('createdAt')}", seen)
            yield from self._with_mentions(self._told(thread, name, author, comment, get_str(comment, "body") or ""))

    def _told(self, thread: Thread, item: str, author: str, fields: Fields, body: str) -> Act:
        when = instant(fields.get("createdAt"))
        if when.time is None:
            self.notes[NO_TIME] += 1
        return Act(
            author,
            "reply",
            when.time,
            target=thread.opener,
            item=item,
            parent=thread.id,
            thread=thread.id,
            channel=thread.repo,
            text=words(body) or None,
            precision=when.precision,
            visibility="public",
            file=thread.file,
            line=thread.line,
        )

    def _with_mentions(self, told: Act) -> Iterator[Act]:
        text, named = told.text, mentioned(told.text) if told.text else ()
        yield (
            told
            if text is None or (self.keep_text and len(text) <= MAX_TEXT)
            else told._replace(text=text[:MAX_TEXT] if self.keep_text else None)
        )
        for login in named:
            if login not in (told.actor, told.target):
                yield told._replace(kind="mention", target=login, text=None, label=None)

    def _author(self, fields: Fields) -> str | None:
        """The account of an author; that of the deleted ones where GitHub tells none, and None where the archive says nothing."""
        if "author" not in fields:
            return None
        login = get_str(fields, "author") or get_str(get_object(fields, "author"), "login") or GHOST
        id, role = login.lower(), get_str(fields, "authorAssociation")
        place = ROLES.index(role) if role in ROLES else -1
        if self._roles.get(id, -2) < place:
            self._roles[id] = place
            name = ROLES[place].lower().replace("_", " ") if place >= 0 else None
            self.fresh.append(Account(id, login, _kind(id), role=name))
        return id


def recognise(bundle: Bundle) -> bool:
    """Whether one of the files begins as an archive of a repository does."""
    return any(_is_archive(bundle.head(name, HEAD)) for name in islice(bundle.names, MOST_FILES))


def read(bundle: Bundle, options: Options) -> Iterator[Batch]:
    """The threads of all archives. Raises Malformed (file, line) and Unsafe as `json_stream.members` does."""
    reader = Reader(options.text)
    yield from reader.batches(_messages(bundle, reader))


def _messages(bundle: Bundle, reader: Reader) -> Iterator[list[Act]]:
    for name in bundle.names:
        if not _is_archive(bundle.head(name, HEAD)):
            reader.notes[OTHER_FILES] += 1
            continue
        repo = ""
        for key, (line, value) in members(bundle, name):
            if key == "repo" and isinstance(value, str):
                repo = value
            elif key in THREADS:
                yield list(reader.acts(value, repo, name, line))


def _is_archive(head: bytes) -> bool:
    return bool(_MAGIC.match(head) or (_REPO.match(head) and _THREADS.search(head) and _AUTHOR.search(head)))


def _unlike(name: str, seen: Counter[str]) -> str:
    """The name, with a number behind it from the second time on: two comments of one second are two."""
    seen[name] += 1
    return name if seen[name] == 1 else f"{name}/{seen[name]}"


def _kind(login: str) -> ActorType | None:
    if login == GHOST:
        return "deleted"
    return "bot" if login.endswith("[bot]") or login in ROBOTS else None


GITHUB: Final = Source(
    name="github",
    title="GitHub archive",
    about=(
        "The issues and pull requests of a repository as the tool archive-repo writes them (archive.json), with comments, reviews and "
        "comments on lines. Working groups of the IETF keep one beside their drafts."
    ),
    recognise=recognise,
    read=read,
    sensitive=("assignees", "mergedBy", "commit", "mergeCommit", "headRepository", "headRefName", "headRefOid", "baseRef*"),
    missing=(
        "which comment a comment answers (all are to whoever opened the thread), reactions, who read or watches, followers and stars, "
        "deleted comments and earlier wordings; roles are as of the day of the archive"
    ),
)
