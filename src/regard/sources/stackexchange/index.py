"""What reading a Stack Exchange dump has to remember, as compactly as Python can.

Comments, votes and accepted answers name posts only by number, so owners must be known when they come by. All of it is arrays of
four-byte integers: 20 bytes a post, 8 a comment, and 12 a user with the bytes of the display name. The largest site (60 million posts,
90 million comments, 25 million users) takes about 2.5 GB, one of 100,000 posts about 5 MB. A deleted person, of whom only the name is
left, costs a dict entry. No text of a post or comment is kept.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable

from regard.record.schema import Account
from regard.sources.stackexchange.fields import MAX_NAME, fold, number

NOBODY = 0
LOOK_BACK = 100
"""Newest comments of a post whose authors an @name is compared with. More than this is a hostile file, or a talk moved to chat."""

_ODD_ID = re.compile(r"-?[0-9]{1,18}")


class Numbering:
    """Places 0, 1, 2 ... for ids as they come, found again by id. A dump is sorted by id; what is not costs a dict entry.

    >>> posts = Numbering()
    >>> [posts.add(id) for id in (4, 9, 7)], posts.find(7), posts.find(9), posts.find(5)
    ([0, 1, 2], 2, 1, -1)
    """

    def __init__(self) -> None:
        self.ids = array("i")
        self.late: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, id: int) -> int:
        """A new place; of equal ids the first keeps the name."""
        place = len(self.ids)
        last = self.ids[-1] if place else 0
        if id <= last:
            self.late.setdefault(id, place)
        # A late id's place is filled with the last id again: bisect finds the first of equals, which is the true one.
        self.ids.append(max(id, last))
        return place

    def find(self, id: int) -> int:
        """The place of an id, or -1."""
        place = bisect_left(self.ids, id)
        if place < len(self.ids) and self.ids[place] == id:
            return place
        return self.late.get(id, -1)


class People:
    """People as integers: a user's own number, and negative ones for all whose id is not such a number.

    Those are Community (-1), and the deleted, of whom only the display name is left. Equal names fall together, and nobody can know
    whether they were one person: their id begins with "name:" and never meets a user's.
    """

    def __init__(self) -> None:
        self.others: dict[str, int] = {}
        self.other_ids: list[str] = []
        self.fresh: list[Account] = []
        """Accounts met for the first time outside Users.xml; whoever reads takes them out."""
        self._numbers = Numbering()
        self._ends = array("q")
        self._names = bytearray()

    def code(self, user: str | None, name: str | None) -> int:
        """The integer of a row's owner; `NOBODY` where it tells none."""
        if user:
            known = number(user)
            if known is not None:
                return known
            if _ODD_ID.fullmatch(user):
                return self._other(Account(user, None, "system" if user == "-1" else None))
        name = name[:MAX_NAME].strip() if name else ""
        return self._other(Account(f"name:{name}", name, "deleted")) if name else NOBODY

    def id(self, code: int) -> str:
        """The id of the person behind an integer other than `NOBODY`."""
        return str(code) if code > 0 else self.other_ids[-code - 1]

    def learn(self, user: int, name: str) -> None:
        """Remember a user's display name for @names."""
        self._numbers.add(user)
        self._names += fold(name).encode()
        self._ends.append(len(self._names))

    def called(self, code: int) -> bytes:
        """The folded display name, empty where it is not known."""
        if code < 0:
            return fold(self.other_ids[-code - 1].removeprefix("name:")).encode()
        place = self._numbers.find(code)
        if place < 0:
            return b""
        return bytes(self._names[self._ends[place - 1] if place else 0 : self._ends[place]])

    def meant(self, forms: Iterable[str], among: Iterable[int]) -> int:
        """The one person among some whom an @name fits, or `NOBODY`.

        It fits names that begin with it. Where it fits several and is the whole name of just one, that one is meant.
        """
        names = [(code, self.called(code)) for code in among]
        for form in forms:
            start = form.encode()
            fits = [(code, name) for code, name in names if name.startswith(start)]
            if len(fits) > 1:
                fits = [(code, name) for code, name in fits if name == start]
                return fits[0][0] if len(fits) == 1 else NOBODY
            if fits:
                return fits[0][0]
        return NOBODY

    def _other(self, account: Account) -> int:
        known = self.others.get(account.id)
        if known is None:
            self.other_ids.append(account.id)
            known = self.others[account.id] = -len(self.other_ids)
            self.fresh.append(account)
        return known


class Posts:
    """Owner, question, accepted answer and commenters of each post. 0 stands for none in every array."""

    def __init__(self) -> None:
        self.numbers = Numbering()
        self.owner = array("i")
        self.parent = array("i")
        self.accepted = array("i")
        self._latest = array("i")
        # Comments of a post as a chain, newest first: who wrote it, and where the one before it stands, counted from 1.
        self._who = array("i")
        self._before = array("i")

    def add(self, id: int, owner: int, parent: int = 0, accepted: int = 0) -> None:
        """Remember a question (no parent) or an answer."""
        self.numbers.add(id)
        self.owner.append(owner)
        self.parent.append(parent)
        self.accepted.append(accepted)
        self._latest.append(0)

    def place(self, id: int | None) -> int:
        """Where a post stands in the arrays; -1 for one that is not in the dump."""
        return -1 if id is None else self.numbers.find(id)

    def comment(self, place: int, author: int) -> None:
        """Remember who commented."""
        self._who.append(author)
        self._before.append(self._latest[place])
        self._latest[place] = len(self._who)

    def voices(self, place: int) -> set[int]:
        """The post's owner and who commented on it so far."""
        found = {self.owner[place]}
        link = self._latest[place]
        for _ in range(LOOK_BACK):
            if not link:
                break
            found.add(self._who[link - 1])
            link = self._before[link - 1]
        return found
