"""What the votes of a Stack Exchange dump say about people: accepted answers, bounties, favourites.

Votes.xml is read last, when the owner of every post is known. Its types: 1 the asker accepts this answer, 2 and 3 up and down (no
names: no acts), 5 favourite, 8 a bounty is set on this question, 9 a bounty ends at this post; the others are a moderator's or
reviewer's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from regard.record.schema import Act
from regard.sources.stackexchange.fields import NEVER, Moment, day, number
from regard.sources.stackexchange.index import NOBODY, People, Posts


class Offer(NamedTuple):
    """A bounty set on a question."""

    sender: int
    amount: str


class Award(NamedTuple):
    """A bounty that ended at a post."""

    line: int
    post: int | None
    sender: int
    amount: str
    when: Moment


class Votes:
    """Votes of one site, one row after the other. Bounties wait for the end, when all that were set are known."""

    def __init__(self, people: People, posts: Posts, notes: Counter[str]) -> None:
        self.people, self.posts, self.notes = people, posts, notes
        self.offers: defaultdict[int, set[Offer]] = defaultdict(set)
        self.awards: list[Award] = []

    def act(self, line: int, fields: dict[str, str], file: str) -> Act | None:
        """The act a vote tells of at once, if any."""
        kind = fields.get("VoteTypeId")
        if kind in ("2", "3"):
            self.notes["up and down votes, which have no names"] += 1
        elif kind == "1":
            return self._accepted(line, fields, file)
        elif kind == "5":
            return self._favourite(line, fields, file)
        elif kind == "8":
            self._offer(fields)
        elif kind == "9":
            self._award(line, fields)
        return None

    def bounties(self, file: str) -> Iterator[Act]:
        """Thanks for the bounties that people gave."""
        for award in self.awards:
            place = self.posts.place(award.post)
            question = self.posts.parent[place] if place >= 0 else 0
            sender = self._giver(award, place, self.offers.get(question, set()))
            if sender != NOBODY:
                yield from self._thank(sender, award.post, award.when, "bounty", file, award.line)

    def undated(self, file: str) -> Iterator[Act]:
        """Thanks for accepted answers whose vote was not among the votes."""
        for question, answer in enumerate(self.posts.accepted):
            if answer:
                yield from self._thank(self.posts.owner[question], answer, NEVER, "accepted", file, None)

    def _accepted(self, line: int, fields: dict[str, str], file: str) -> Act | None:
        answer = number(fields.get("PostId"))
        place = self.posts.place(answer)
        question = self.posts.place(self.posts.parent[place]) if place >= 0 else -1
        if question < 0 or self.posts.accepted[question] != answer:
            self.notes["acceptances that no question tells of"] += 1
            return None
        self.posts.accepted[question] = 0  # done: what is left at the end has no day
        sender = self.posts.owner[question]
        return next(self._thank(sender, answer, day(fields.get("CreationDate")), "accepted", file, line), None)

    def _favourite(self, line: int, fields: dict[str, str], file: str) -> Act | None:
        actor, id = self.people.code(fields.get("UserId"), None), number(fields.get("PostId"))
        if actor == NOBODY or id is None:
            self.notes["favourites without a name"] += 1
            return None
        place = self.posts.place(id)
        owner = self.posts.owner[place] if place >= 0 else NOBODY
        when = day(fields.get("CreationDate"))
        return Act(
            self.people.id(actor),
            "react",
            when.time,
            target=None if owner == NOBODY else self.people.id(owner),
            item=f"p{id}",
            # Where this input does not hold the post, the record may.
            parent=f"p{id}" if owner == NOBODY else None,
            label="favourite",
            precision=when.precision,
            visibility="public",
            file=file,
            line=line,
        )

    def _offer(self, fields: dict[str, str]) -> None:
        sender, question = self.people.code(fields.get("UserId"), None), number(fields.get("PostId"))
        if sender != NOBODY and question is not None:
            self.offers[question].add(Offer(sender, fields.get("BountyAmount", "")[:20]))

    def _award(self, line: int, fields: dict[str, str]) -> None:
        sender = self.people.code(fields.get("UserId"), None)
        amount = fields.get("BountyAmount", "")[:20]
        self.awards.append(Award(line, number(fields.get("PostId")), sender, amount, day(fields.get("CreationDate"))))

    def _giver(self, award: Award, place: int, offers: set[Offer]) -> int:
        senders = {offer.sender for offer in offers}
        sender = award.sender or (senders.pop() if len(senders) == 1 else NOBODY)
        if place >= 0 and not self.posts.parent[place]:
            self.notes["bounties that ended without an award"] += 1
        elif sender == NOBODY:
            self.notes["bounties whose sender or answer is not known"] += 1
        elif offers and award.amount and all(award.amount != offer.amount for offer in offers):
            # Nobody chose: after a week the best new answer gets half by itself.
            self.notes["bounties halved and given by the site"] += 1
        else:
            return sender
        return NOBODY

    def _thank(self, sender: int, answer: int | None, when: Moment, label: str, file: str, line: int | None) -> Iterator[Act]:
        place = self.posts.place(answer)
        helper = self.posts.owner[place] if place >= 0 else NOBODY
        if NOBODY in (sender, helper):
            self.notes["thanks whose sender or answer is not known"] += 1
            return
        yield Act(
            self.people.id(sender),
            "thank",
            when.time,
            target=self.people.id(helper),
            item=f"p{answer}",
            thread=f"p{self.posts.parent[place] or answer}",
            label=label,
            precision=when.precision,
            visibility="public",
            file=file,
            line=line,
        )
