"""The acts of one row of a Stack Exchange dump.

- A question is a `post`; an answer and a comment are each a `reply`. A comment that names @Name is to the post's owner all the same, and
  a `mention` of the one participant of that post (its last editor among them) whom the name fits.
- An accepted answer is a `thank` of the asker; only Votes.xml knows its day. A bounty that a person gave is one too.
- Favourites had names until October 2022 and are a `react`. Up and down votes have no names and are no acts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from regard.record.schema import Account, Act
from regard.sources.base import MAX_TEXT, Parsed
from regard.sources.formats.html import html_to_text
from regard.sources.stackexchange.fields import (
    COMMUNITY,
    Row,
    at_names,
    comment_ids,
    display_name,
    is_post,
    parse_id,
    parse_time,
    post_ids,
    tags_to_text,
    unlisted_account,
)
from regard.sources.stackexchange.site import RowContext, Table
from regard.sources.stackexchange.votes import vote_acts

NO_USER_ID: Final = "users without a usable id"
OTHER_POST: Final = "posts that are neither question nor answer"
NO_POST_ID: Final = "posts without a usable id"
NO_OWNER: Final = "posts without an owner"
NO_COMMENT_ID: Final = "comments without a usable id"
NO_AUTHOR: Final = "comments without an author"
NO_MATCH: Final = "comments whose @name fits no one person there"
NO_TIME: Final = "times that cannot be read"

_REPUTATION = re.compile(r"-?[0-9]{1,15}")


def to_acts(raw: object, context: RowContext) -> Parsed:
    """The acts and accounts of one row, given as its attributes (name -> text); a note for a row that cannot be used.

    Users.xml describes the users, so the accounts of other rows are only those that it does not have: Community and the deleted.

    >>> row = {"Id": "7", "PostTypeId": "2", "ParentId": "4", "OwnerUserId": "12", "Body": "<p>Yes.</p>"}
    >>> [(act.actor, act.kind, act.parent, act.text) for act in to_acts(row, RowContext("posts", "Posts.xml", 3)).acts]
    [('12', 'reply', 'p4', 'Yes.')]
    """
    return _PARSERS[context.table](raw if isinstance(raw, dict) else {}, context)


def _user(row: Row, _context: RowContext) -> Parsed:
    id, user = row.get("Id", ""), parse_id(row.get("Id"))
    if user is None and id != COMMUNITY:
        return Parsed(notes=[NO_USER_ID])
    reputation = row.get("Reputation", "")
    points = float(reputation) if _REPUTATION.fullmatch(reputation) else None
    return Parsed(accounts=[Account(id, display_name(row) or None, None if user else "system", points=points)])


def _post(row: Row, context: RowContext) -> Parsed:
    ids = post_ids(row)
    if ids is None:
        return Parsed(notes=[NO_POST_ID if is_post(row) else OTHER_POST])
    if ids.owner is None:
        return Parsed(notes=[NO_OWNER])
    is_question = row["PostTypeId"] == "1"
    when = parse_time(row.get("CreationDate"))
    act = Act(
        ids.owner,
        "post" if is_question else "reply",
        when.time,
        item=f"p{ids.id}",
        parent=None if is_question else f"p{ids.question}",
        thread=f"p{ids.question}",
        text=_text(row) if context.keep_text else None,
        label=tags_to_text(row.get("Tags")) if is_question else None,
        precision=when.precision,
        visibility="public",
        edited="LastEditDate" in row,
        note="community wiki" if "CommunityOwnedDate" in row else None,
        file=context.file,
        line=context.line,
    )
    return Parsed([act], _accounts(ids.owner), [] if when.time is not None else [NO_TIME])


def _text(row: Row) -> str | None:
    title, body = row.get("Title", "").strip(), html_to_text(row.get("Body", ""))
    return "\n".join(part for part in (title, body) if part)[:MAX_TEXT] or None


def _comment(row: Row, context: RowContext) -> Parsed:
    ids = comment_ids(row)
    if ids is None:
        return Parsed(notes=[NO_COMMENT_ID])
    if ids.author is None:
        return Parsed(notes=[NO_AUTHOR])
    when, text = parse_time(row.get("CreationDate")), row.get("Text", "")
    act = Act(
        ids.author,
        "reply",
        when.time,
        item=f"c{ids.id}",
        parent=f"p{ids.post}",
        text=text[:MAX_TEXT] or None if context.keep_text else None,
        precision=when.precision,
        visibility="public",
        file=context.file,
        line=context.line,
    )
    acts, notes = [act], [] if when.time is not None else [NO_TIME]
    if "@" in text and context.site.has_post(ids.post):
        people = [context.site.match_name(ids.post, ids.author, names) for names in at_names(text)]
        known = [person for person in people if person is not None]
        if text.startswith("@") and not known:
            notes.append(NO_MATCH)
        # A comment is to the owner of its post anyway. A name of that person is a form of address and no further tie.
        # The site lets a comment name one further person. A word of code, such as @Override, fits nobody there.
        others = [person for person in known if person != context.site.owner(ids.post)]
        acts += [act._replace(kind="mention", target=person, text=None) for person in others[:1]]
    return Parsed(acts, _accounts(ids.author), notes)


def _accounts(person: str) -> list[Account]:
    account = unlisted_account(person)
    return [] if account is None else [account]


_PARSERS: Final[Mapping[Table, Callable[[Row, RowContext], Parsed]]] = {
    "users": _user,
    "posts": _post,
    "comments": _comment,
    "votes": vote_acts,
}
