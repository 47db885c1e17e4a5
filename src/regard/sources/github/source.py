"""GitHub: all issues and pull requests of a repository, as `archive-repo` writes them. Working groups of the IETF keep such archives.

`archive.json` is one object: `repo`, and the arrays `labels`, `issues` and `pulls`, each thread with its comments and reviews. The tool
(https://github.com/MikeBishop/archive-repo) asks GitHub's GraphQL interface and keeps its names. `threads.py` has the acts of a thread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from regard.record.schema import Batch
from regard.sources.base import CERTAIN, LIKELY, Options, Parsed, Recognition, Source
from regard.sources.batch_builder import batches
from regard.sources.formats.bundle import Bundle
from regard.sources.formats.json_stream import members
from regard.sources.github.accounts import NewAccounts
from regard.sources.github.threads import ThreadContext, to_acts

THREADS: Final = ("issues", "pulls")
"""Keys of the archive whose arrays hold threads."""
OTHER_FILES: Final = "files that are no archive of a repository left out"

HEAD: Final = 64 << 10
"""Bytes of a file that are looked at to recognise it."""
MAX_FILES: Final = 200
"""Files that are looked at to recognise an input."""
_MAGIC: Final = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"magic"\s*:\s*"(?:E!vIA5L86J2I|B8n2c@e8kvfx)"')
_REPO: Final = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{.*?"repo"\s*:\s*"[\w.-]+/[\w.-]+"', re.DOTALL)
_THREADS: Final = re.compile(rb'"(?:issues|pulls)"\s*:\s*\[')
_AUTHOR: Final = re.compile(rb'"authorAssociation"\s*:')


def recognise(bundle: Bundle) -> Recognition | None:
    """Recognise an archive of a repository by the first bytes of one of the files."""
    for name in islice(bundle.names, MAX_FILES):
        if (recognition := _recognise_file(name, bundle.head(name, HEAD))) is not None:
            return recognition
    return None


def _recognise_file(name: str, head: bytes) -> Recognition | None:
    if _MAGIC.match(head):
        return Recognition(CERTAIN, f"{name} begins with the mark of archive-repo")
    if _REPO.match(head) and _THREADS.search(head) and _AUTHOR.search(head):
        return Recognition(LIKELY, f"{name} names a repository and holds issues or pull requests with their authors")
    return None


def read(bundle: Bundle, options: Options) -> Iterator[Batch]:
    """The threads of all archives. Raises Malformed (file, line) and Unsafe as `json_stream.members` does."""
    yield from batches(_records(bundle, options))


def _records(bundle: Bundle, options: Options) -> Iterator[Parsed]:
    new_accounts = NewAccounts()
    for name in bundle.names:
        if _recognise_file(name, bundle.head(name, HEAD)) is None:
            yield Parsed(notes=[OTHER_FILES])
            continue
        repo = ""
        for key, (line, value) in members(bundle, name):
            if key == "repo" and isinstance(value, str):
                repo = value
            elif key in THREADS:
                record = to_acts(value, ThreadContext(name, line, repo, options.text))
                yield record._replace(accounts=new_accounts.among(record.accounts))


GITHUB: Final = Source(
    name="github",
    title="GitHub archive",
    about=(
        "The issues and pull requests of a repository as the tool archive-repo writes them (archive.json), with comments, reviews and "
        "comments on lines. Working groups of the IETF keep one beside their drafts."
    ),
    recognise=recognise,
    read=read,
    to_acts=to_acts,
    sensitive=("assignees", "mergedBy", "commit", "mergeCommit", "headRepository", "headRefName", "headRefOid", "baseRef*"),
    missing=(
        "which comment a comment answers (all are to whoever opened the thread), reactions, who read or watches, followers and stars, "
        "deleted comments and earlier wordings; roles are as of the day of the archive"
    ),
    renames=True,
)
