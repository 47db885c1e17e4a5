"""What the reading of a dump remembers of one site, so that later rows can refer to it.

Comments, votes and accepted answers name posts only by number, so the owner of each post must be known when they are read. Everything is
kept in arrays of four-byte integers: 24 bytes a post, 8 a comment, and 12 a user besides the bytes of the display name. The largest site
(60 million posts, 90 million comments, 25 million users) takes about 2.7 GB, a site of 100,000 posts about 5 MB. A deleted person, of whom
only the name is left, costs a dict entry. No text of a post or comment is kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Literal, NamedTuple, TypeAlias

from regard.sources.stackexchange.fields import Row, comment_ids, display_name, parse_id, person_id, post_ids
from regard.sources.stackexchange.people import NOBODY, People
from regard.sources.stackexchange.posts import Posts

Table: TypeAlias = Literal["users", "posts", "comments", "votes"]
"""A file of the dump that is read, by the name of its root element."""

ACCEPTED, FAVOURITE, BOUNTY_SET, BOUNTY_ENDED = "1", "5", "8", "9"
"""Types of votes that name people."""


class Offer(NamedTuple):
    """A bounty that a person has set on a question."""

    sender: str
    amount: str


class Acceptance(NamedTuple):
    """The fact that a question has an accepted answer."""

    asker: str | None
    answer: int


class SiteIndex:
    """What the rows of one site have shown so far. `to_acts` only reads it; the reader adds each row after `to_acts`.

    >>> site = SiteIndex()
    >>> site.add("posts", {"Id": "4", "PostTypeId": "1", "OwnerUserId": "7"})
    >>> site.owner(4), site.owner(5), site.thread(4)
    ('7', None, 4)
    """

    def __init__(self) -> None:
        self._people, self._posts = People(), Posts()
        self._offers: defaultdict[int, set[Offer]] = defaultdict(set)

    def has_post(self, post: int | None) -> bool:
        """Whether a post is in the dump."""
        return self._posts.find(post) >= 0

    def owner(self, post: int | None) -> str | None:
        """The person who wrote a post; None if that is not known."""
        position = self._posts.find(post)
        return self._people.id(self._posts.owner(position)) if position >= 0 else None

    def thread(self, post: int | None) -> int | None:
        """The question of an answer; the post itself for any other."""
        position = self._posts.find(post)
        return (self._posts.question(position) if position >= 0 else 0) or post

    def is_question(self, post: int | None) -> bool:
        """Whether a post is in the dump and is a question."""
        position = self._posts.find(post)
        return position >= 0 and not self._posts.question(position)

    def match_name(self, post: int, author: str, names: Collection[str]) -> str | None:
        """The one other participant of a post whom an @name in a comment of `author` fits; None if it fits nobody, or several people.

        `names` are the readings of the @name, likeliest first. The post must be in the dump.
        """
        participants = self._posts.participants(self._posts.find(post)) - {self._people.code(author), NOBODY}
        return self._people.id(self._people.match(names, participants))

    def acceptance(self, answer: int | None) -> Acceptance | None:
        """The acceptance of an answer, until a vote has given its day; None if no question names the answer as accepted."""
        question = self._posts.find_accepting(answer)
        return None if question < 0 or answer is None else Acceptance(self._people.id(self._posts.owner(question)), answer)

    def undated_acceptances(self) -> Iterator[Acceptance]:
        """The acceptances whose day no vote has given."""
        for question, answer in self._posts.undated():
            yield Acceptance(self._people.id(self._posts.owner(question)), answer)

    def offers(self, post: int | None) -> Collection[Offer]:
        """The bounties set on the question of an answer. Complete only when all votes are added."""
        position = self._posts.find(post)
        return self._offers.get(self._posts.question(position), ()) if position >= 0 else ()

    def add_person(self, id: str) -> bool:
        """Remember a person whose id is no usual user id. Gives whether the id is new."""
        return self._people.add(id)

    def add(self, table: Table, row: Row) -> None:
        """Remember a row. Its people without a usual user id must be added before."""
        if table == "users":
            user, name = parse_id(row.get("Id")), display_name(row)
            if user is not None and name:
                self._people.add_name(user, name)
        elif table == "posts":
            self._add_post(row)
        elif table == "comments":
            ids = comment_ids(row)
            position = -1 if ids is None or ids.author is None else self._posts.find(ids.post)
            if ids is not None and position >= 0:
                self._posts.add_comment(position, self._people.code(ids.author))
        else:
            self._add_vote(row)

    def _add_post(self, row: Row) -> None:
        ids = post_ids(row)
        if ids is not None:
            question = 0 if row["PostTypeId"] == "1" else ids.question
            self._posts.add(ids.id, self._people.code(ids.owner), question, ids.accepted or 0, self._people.code(ids.editor))

    def _add_vote(self, row: Row) -> None:
        vote, post = row.get("VoteTypeId"), parse_id(row.get("PostId"))
        if vote == ACCEPTED:
            question = self._posts.find_accepting(post)
            if question >= 0:
                self._posts.mark_dated(question)
        elif vote == BOUNTY_SET:
            sender = person_id(row.get("UserId"), None)
            if sender is not None and post is not None:
                self._offers[post].add(Offer(sender, bounty_amount(row)))


def bounty_amount(row: Row) -> str:
    """The amount of a bounty as the dump writes it; empty if it writes none."""
    return row.get("BountyAmount", "")[:20]


class RowContext(NamedTuple):
    """What a row takes from outside itself."""

    table: Table
    file: str
    line: int | None
    keep_text: bool = True
    site: SiteIndex = SiteIndex()
    """What earlier rows have shown."""
