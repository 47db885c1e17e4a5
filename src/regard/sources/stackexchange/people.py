"""People as integers, and their display names: what @names are compared with."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable

from regard.sources.stackexchange.fields import fold_name, parse_id

NOBODY = 0
"""The integer for no person."""


class IdPositions:
    """Positions 0, 1, 2 ... of ids, in the order in which they are added. Four bytes an id, since a dump is sorted by id.

    An id out of order costs a dict entry.

    >>> posts = IdPositions()
    >>> [posts.add(id) for id in (4, 9, 7)], posts.find(7), posts.find(9), posts.find(5)
    ([0, 1, 2], 2, 1, -1)
    """

    def __init__(self) -> None:
        self._ids = array("i")
        self._out_of_order: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, id: int) -> int:
        """The next position. If an id is added twice, `find` gives its first position."""
        position = len(self._ids)
        last = self._ids[-1] if position else 0
        if id <= last:
            self._out_of_order.setdefault(id, position)
        # An id out of order leaves the last id in its position again, so that the array stays sorted. Of equal ids bisect finds the first.
        self._ids.append(max(id, last))
        return position

    def find(self, id: int) -> int:
        """The position of an id, or -1."""
        position = bisect_left(self._ids, id)
        if position < len(self._ids) and self._ids[position] == id:
            return position
        return self._out_of_order.get(id, -1)


class People:
    """People as integers (codes): a user's own number, and a negative number for any other id (Community, the deleted)."""

    def __init__(self) -> None:
        self._others: dict[str, int] = {}
        self._other_ids: list[str] = []
        self._named = IdPositions()
        # The folded names of all users one after another in UTF-8, and where each ends.
        self._names = bytearray()
        self._ends = array("q")

    def add(self, id: str) -> bool:
        """Give a code to an id that is no usual user id. Gives whether the id is new."""
        if id in self._others:
            return False
        self._other_ids.append(id)
        self._others[id] = -len(self._other_ids)
        return True

    def code(self, id: str | None) -> int:
        """The code of a person; `NOBODY` for None and for an id without a code."""
        if id is None:
            return NOBODY
        number = parse_id(id)
        return self._others.get(id, NOBODY) if number is None else number

    def id(self, code: int) -> str | None:
        """The id of the person with a code; None for `NOBODY`."""
        if code == NOBODY:
            return None
        return str(code) if code > 0 else self._other_ids[-code - 1]

    def add_name(self, user: int, name: str) -> None:
        """Remember a user's display name."""
        self._named.add(user)
        self._names += fold_name(name).encode()
        self._ends.append(len(self._names))

    def folded_name(self, code: int) -> bytes:
        """The folded display name of a person, in UTF-8; empty if it is not known."""
        if code < 0:
            return fold_name(self._other_ids[-code - 1].removeprefix("name:")).encode()
        position = self._named.find(code)
        if position < 0:
            return b""
        return bytes(self._names[self._ends[position - 1] if position else 0 : self._ends[position]])

    def match(self, names: Iterable[str], codes: Iterable[int]) -> int:
        """The one person among `codes` whom an @name fits, or `NOBODY`. `names` are the readings of the @name, likeliest first.

        A reading fits display names that begin with it. If it fits several, it means the one whose complete name it is.
        """
        folded = [(code, self.folded_name(code)) for code in codes]
        for name in names:
            prefix = name.encode()
            fitting = [(code, other) for code, other in folded if other.startswith(prefix)]
            if len(fitting) > 1:
                fitting = [(code, other) for code, other in fitting if other == prefix]
                return fitting[0][0] if len(fitting) == 1 else NOBODY
            if fitting:
                return fitting[0][0]
        return NOBODY
