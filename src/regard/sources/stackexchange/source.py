"""The Stack Exchange data dump: all public questions, answers, comments and votes of one site.

A user gets it from "Data dump access" in the settings of a profile on the site (until 2024 from archive.org) as `SITE.7z`, and unpacks it
with `7z x` to a folder of XML files. Posts.xml, Comments.xml, Users.xml and Votes.xml are read, all or some of them. The others (edits,
badges, links, tags) are not opened. Columns: https://meta.stackexchange.com/q/2677.

`rows.py` and `votes.py` have the acts of a row, `site.py` what the reading remembers and what that costs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import PurePosixPath
from typing import Final, cast

from regard.errors import InputError
from regard.record.schema import Batch
from regard.sources.base import CERTAIN, LIKELY, Options, Parsed, Recognition, Source
from regard.sources.batch_builder import batches
from regard.sources.formats.bundle import Bundle
from regard.sources.formats.xml_rows import Row, pieces
from regard.sources.stackexchange.rows import to_acts
from regard.sources.stackexchange.site import BOUNTY_ENDED, RowContext, SiteIndex, Table
from regard.sources.stackexchange.votes import undated_thank

MISSING: Final[dict[Table, str]] = {
    "users": "no Users.xml: names and reputation not known, @names not resolved",
    "posts": "no Posts.xml: no questions, answers and thanks; whom a comment answers not known",
    "comments": "no Comments.xml: comments not known",
    "votes": "no Votes.xml: days of accepted answers, bounties and favourites not known",
}
"""The files that are read, in this order, and the note for each that is missing."""
FORBIDDEN: Final = "characters that XML forbids, skipped"
REPUTATION: Final = "reputation is as of the dump day"

MAX_FILES: Final = 16
"""Files with names of their own, of which one may be a file of a dump. An input with more files is something else."""

_DUMP_NAME = re.compile(r"(posts|comments|users|votes)\.xml(?:\.(?:gz|bz2|xz|zst))?", re.IGNORECASE)
_ROOT = re.compile(rb"<(posts|comments|users|votes)>\s*<row\s")
_MAGIC_7Z = b"7z\xbc\xaf\x27\x1c"


def recognise(bundle: Bundle) -> Recognition | None:
    """Recognise a file of a dump by its first bytes. An input of 7z archives only is recognised too: `read` says how to unpack them."""
    for table, name in _dump_files(bundle):
        if _root(bundle, name) == table:
            return Recognition(CERTAIN, f"{name} has the rows of a Stack Exchange dump under <{table}>")
    return Recognition(LIKELY, "7z archives, in which Stack Exchange gives its dumps") if _is_7z(bundle) else None


def read(bundle: Bundle, options: Options) -> Iterator[Batch]:
    """Users first, then posts, comments, thanks and favourites, each in the order of its file.

    Raises InputError for a 7z archive and for several sites at once, Malformed (file and line) and Unsafe as `xml_rows.pieces` does.
    """
    if _is_7z(bundle):
        raise InputError(f"{bundle.title}: a 7z archive, which Regard does not open; unpack it first with: 7z x {bundle.names[0]}")
    yield from batches(_SiteReader(bundle, options).records())


def _dump_files(bundle: Bundle) -> list[tuple[Table, str]]:
    """Table and name of each file that is named like a file of a dump. If none is, a few files of any name are looked into."""
    named = [(cast(Table, match[1].lower()), name) for name in bundle.names if (match := _DUMP_NAME.fullmatch(PurePosixPath(name).name))]
    if named or len(bundle.names) > MAX_FILES:
        return named
    return [(root, name) for name in bundle.names if ".xml" in name.lower() and (root := _root(bundle, name))]


def _root(bundle: Bundle, name: str) -> Table | None:
    root = _ROOT.search(bundle.head(name))
    return cast(Table, root[1].decode()) if root else None


def _is_7z(bundle: Bundle) -> bool:
    names = bundle.names
    return bool(names) and all(name.lower().endswith(".7z") and bundle.head(name, 6) == _MAGIC_7Z for name in names)


def _files_of_site(bundle: Bundle) -> dict[Table, str]:
    """Table -> name of its file. Raises InputError if there are files of several sites."""
    names = _dump_files(bundle)
    files = dict(names)
    if len(files) < len(names) or len({PurePosixPath(name).parent for name in files.values()}) > 1:
        some = ", ".join(name for _, name in names[:4])
        raise InputError(f"{bundle.title}: holds files of more than one Stack Exchange site ({some} ...); read one site at a time")
    return files


class _SiteReader:
    """Reads the files of one site."""

    def __init__(self, bundle: Bundle, options: Options) -> None:
        self._bundle, self._keep_text = bundle, options.text
        self._files = _files_of_site(bundle)
        self._site = SiteIndex()
        self._ended_bounties: list[Row] = []
        self._n_forbidden = 0

    def records(self) -> Iterator[Parsed]:
        """The content of each row, then the bounties, then the accepted answers whose day is not known."""
        for table, note in MISSING.items():
            if table not in self._files:
                yield Parsed(notes=[note])
            elif table == "users":
                yield from self._users()
            else:
                yield from self._rows(table)
        yield Parsed(counts=[(FORBIDDEN, self._n_forbidden)])
        # Only now are all bounties known that were set.
        bounties = (to_acts(row, self._context("votes", line)) for line, row in self._ended_bounties)
        undated = (undated_thank(acceptance, self._context("posts", None)) for acceptance in self._site.undated_acceptances())
        yield from map(self._with_new_accounts, chain(bounties, undated))

    def _users(self) -> Iterator[Parsed]:
        has_reputation = False
        for line, row in self._file("users"):
            record = to_acts(row, self._context("users", line))
            self._site.add("users", row)
            has_reputation = has_reputation or any(account.points is not None for account in record.accounts)
            yield record
        if has_reputation:
            yield Parsed(notes=[REPUTATION])

    def _rows(self, table: Table) -> Iterator[Parsed]:
        file, keep_text, site = self._files[table], self._keep_text, self._site
        for line, row in self._file(table):
            if table == "votes" and row.get("VoteTypeId") == BOUNTY_ENDED:
                self._ended_bounties.append((line, row))
                continue
            record = to_acts(row, RowContext(table, file, line, keep_text, site))
            if record.accounts:
                record = self._with_new_accounts(record)
            site.add(table, row)
            yield record

    def _file(self, table: Table) -> Iterator[Row]:
        return chain.from_iterable(pieces(self._bundle, self._files[table], table, self._count_forbidden))

    def _count_forbidden(self, number: int) -> None:
        self._n_forbidden += number

    def _context(self, table: Table, line: int | None) -> RowContext:
        return RowContext(table, self._files.get(table, ""), line, self._keep_text, self._site)

    def _with_new_accounts(self, record: Parsed) -> Parsed:
        """The same without the accounts that the record has been given before."""
        return record._replace(accounts=[account for account in record.accounts if self._site.add_person(account.id)])


STACKEXCHANGE: Final = Source(
    name="stackexchange",
    title="Stack Exchange data dump",
    about="All public questions, answers, comments and accepted answers of a site, from 'Data dump access' in the settings of a profile "
    "there. Unpack the .7z first; give the folder, a zip of it, or the XML files.",
    recognise=recognise,
    read=read,
    to_acts=to_acts,
    sensitive=("EmailHash", "Location", "AboutMe", "WebsiteUrl", "ProfileImageUrl", "AccountId", "LastAccessDate", "Age"),
    missing="who voted up or down, followers, what was deleted, the time of day of votes; reputation is as of the dump day",
)
