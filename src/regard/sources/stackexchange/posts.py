"""What is remembered of posts: owner, question, accepted answer, last editor and commenters, as arrays of four-byte integers."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from regard.sources.stackexchange.people import IdPositions

MAX_COMMENTERS = 100
"""Newest comments of a post whose authors an @name is compared with. More are a hostile file, or a talk that was moved to chat."""


class Posts:
    """What is remembered of each post, by its position. People are codes; 0 means none in every array."""

    def __init__(self) -> None:
        self._positions = IdPositions()
        self._owners = array("i")
        self._questions = array("i")
        self._accepted = array("i")
        self._editors = array("i")
        # The comments of a post are a chain, newest first: the author of each, and the number of the one before it, counted from 1.
        self._newest = array("i")
        self._authors = array("i")
        self._before = array("i")

    def add(self, id: int, owner: int, question: int = 0, accepted: int = 0, editor: int = 0) -> None:
        """Remember a question (its `question` is 0) or an answer."""
        self._positions.add(id)
        self._owners.append(owner)
        self._questions.append(question)
        self._accepted.append(accepted)
        self._editors.append(editor)
        self._newest.append(0)

    def find(self, id: int | None) -> int:
        """The position of a post; -1 if it is not in the dump."""
        return -1 if id is None else self._positions.find(id)

    def owner(self, position: int) -> int:
        """The code of the person who wrote a post."""
        return self._owners[position]

    def question(self, position: int) -> int:
        """The id of the question that an answer answers; 0 for a question."""
        return self._questions[position]

    def find_accepting(self, answer: int | None) -> int:
        """The position of the question whose accepted answer this is; -1 if there is none, or if its acceptance has been dated."""
        position = self.find(answer)
        question = self.find(self._questions[position]) if position >= 0 else -1
        return question if question >= 0 and self._accepted[question] == answer else -1

    def mark_dated(self, question: int) -> None:
        """Forget the accepted answer of the question at a position: a vote has given the day of its acceptance."""
        self._accepted[question] = 0

    def undated(self) -> Iterator[tuple[int, int]]:
        """Position and accepted answer of each question whose acceptance no vote has dated."""
        return ((question, answer) for question, answer in enumerate(self._accepted) if answer)

    def add_comment(self, position: int, author: int) -> None:
        """Remember who commented on a post."""
        self._authors.append(author)
        self._before.append(self._newest[position])
        self._newest[position] = len(self._authors)

    def participants(self, position: int) -> set[int]:
        """The owner of a post, its last editor, and the authors of its newest comments."""
        people = {self._owners[position]}
        if self._editors[position]:
            people.add(self._editors[position])
        comment = self._newest[position]
        for _ in range(MAX_COMMENTERS):
            if not comment:
                break
            people.add(self._authors[comment - 1])
            comment = self._before[comment - 1]
        return people
