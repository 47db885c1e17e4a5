"""The votes of a Stack Exchange dump that name people: accepted answers, bounties, favourites.

Votes.xml is read last, when the owner of every post is known. Its types: 1 the asker accepts this answer, 2 and 3 up and down (no names,
so no acts), 5 favourite, 8 a bounty is set on this question, 9 a bounty ends at this post. All other types belong to moderators and
reviewers.
"""

from __future__ import annotations

from typing import Final

from regard.record.schema import Act
from regard.sources.base import Parsed
from regard.sources.formats.timestamps import NEVER, Moment
from regard.sources.stackexchange.fields import Row, parse_day, parse_id, person_id, unlisted_account
from regard.sources.stackexchange.site import ACCEPTED, BOUNTY_ENDED, BOUNTY_SET, FAVOURITE, Acceptance, RowContext, bounty_amount

UP_DOWN: Final = "up and down votes, which have no names"
NOT_ACCEPTED: Final = "acceptances that no question tells of"
NO_NAME: Final = "favourites without a name"
NO_AWARD: Final = "bounties that ended without an award"
UNKNOWN_BOUNTY: Final = "bounties whose sender or answer is not known"
HALVED: Final = "bounties halved and given by the site"
UNKNOWN_THANK: Final = "thanks whose sender or answer is not known"

_NO_NAMES: Final = Parsed(notes=(UP_DOWN,))
_NOTHING: Final = Parsed()


def vote_acts(row: Row, context: RowContext) -> Parsed:
    """The acts of one row of Votes.xml. For a bounty that has ended, the context must know all bounties that were set."""
    vote = row.get("VoteTypeId")
    if vote in ("2", "3"):
        return _NO_NAMES
    if vote == ACCEPTED:
        return _accepted(row, context)
    if vote == FAVOURITE:
        return _favourite(row, context)
    if vote == BOUNTY_SET:
        return _with_account(person_id(row.get("UserId"), None), _NOTHING)
    if vote == BOUNTY_ENDED:
        return _bounty(row, context)
    return _NOTHING


def undated_thank(acceptance: Acceptance, context: RowContext) -> Parsed:
    """The thank for an accepted answer whose vote is not among the votes, so that its day is not known."""
    return _thank(acceptance.asker, acceptance.answer, NEVER, "accepted", context)


def _accepted(row: Row, context: RowContext) -> Parsed:
    acceptance = context.site.acceptance(parse_id(row.get("PostId")))
    if acceptance is None:
        return Parsed(notes=[NOT_ACCEPTED])
    return _thank(acceptance.asker, acceptance.answer, parse_day(row.get("CreationDate")), "accepted", context)


def _favourite(row: Row, context: RowContext) -> Parsed:
    actor, post = person_id(row.get("UserId"), None), parse_id(row.get("PostId"))
    if actor is None or post is None:
        return _with_account(actor, Parsed(notes=[NO_NAME]))
    owner = context.site.owner(post)
    when = parse_day(row.get("CreationDate"))
    act = Act(
        actor,
        "react",
        when.time,
        target=owner,
        item=f"p{post}",
        # If this input does not hold the post, the record may.
        parent=f"p{post}" if owner is None else None,
        label="favourite",
        precision=when.precision,
        visibility="public",
        file=context.file,
        line=context.line,
    )
    return _with_account(actor, Parsed([act]))


def _bounty(row: Row, context: RowContext) -> Parsed:
    """The thank for a bounty that a person gave.

    If nobody chooses an answer, the site gives half of the bounty to the best new answer after a week. Then nobody has thanked anybody.
    """
    named, post, amount = person_id(row.get("UserId"), None), parse_id(row.get("PostId")), bounty_amount(row)
    offers = context.site.offers(post)
    senders = {offer.sender for offer in offers}
    sender = named or (senders.pop() if len(senders) == 1 else None)
    if context.site.is_question(post):
        result = Parsed(notes=[NO_AWARD])
    elif sender is None:
        result = Parsed(notes=[UNKNOWN_BOUNTY])
    elif offers and amount and all(amount != offer.amount for offer in offers):
        result = Parsed(notes=[HALVED])
    else:
        result = _thank(sender, post, parse_day(row.get("CreationDate")), "bounty", context)
    return _with_account(named, result)


def _thank(sender: str | None, answer: int | None, when: Moment, label: str, context: RowContext) -> Parsed:
    helper = context.site.owner(answer)
    if sender is None or helper is None:
        return Parsed(notes=[UNKNOWN_THANK])
    act = Act(
        sender,
        "thank",
        when.time,
        target=helper,
        item=f"p{answer}",
        thread=f"p{context.site.thread(answer)}",
        label=label,
        precision=when.precision,
        visibility="public",
        file=context.file,
        line=context.line,
    )
    return Parsed([act])


def _with_account(person: str | None, parsed: Parsed) -> Parsed:
    """The same, with the account of a person whom no row of Users.xml describes."""
    account = None if person is None else unlisted_account(person)
    return parsed if account is None else parsed._replace(accounts=[account])
