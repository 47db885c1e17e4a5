"""The people of a Slack export, and the author of a message.

`users.json` lists the workspace's people and bots. Others appear in messages only: guests of a shared channel with a `user_profile`,
apps with their `bot_id`, removed people with their bare id. Names come from the profile. E-mail and phone are never read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from regard.record.schema import Account, ActorType
from regard.sources.formats.bundle import Bundle
from regard.sources.formats.json_fields import Fields, get_object, get_objects, get_str
from regard.sources.known_apps import is_slack_app
from regard.sources.slack.layout import USER_LISTS, Conversation, list_files, read_array

SLACKBOT: Final = "USLACKBOT"
APP_FOR_PERSON: Final = "app acting for a person"


class Author(NamedTuple):
    """The author of a message."""

    account: Account
    note: str | None = None


@dataclass(frozen=True)
class Directory:
    """The people, bots and channels that the lists of an export name."""

    accounts: tuple[Account, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    """Id -> name of people and of the channels that are read, for texts. Names that only messages give are not here: the text kept
    of one message would then depend on the messages read before it."""
    bots: frozenset[str] = frozenset()

    def with_channels(self, conversations: Iterable[Conversation]) -> Directory:
        """The directory with the names of these conversations."""
        return replace(self, names={each.id: each.name for each in reversed(list(conversations))} | dict(self.names))


def read_directory(bundle: Bundle) -> Directory:
    """The people and bots of all user lists, of equal ids the first. Raises Malformed for a broken list."""
    accounts: dict[str, Account] = {}
    bots: set[str] = set()
    for workspace, file in list_files(bundle):
        for user in get_objects(read_array(bundle, workspace + file)) if file in USER_LISTS else ():
            id = get_str(user, "id")
            if id is None or id in accounts:
                continue
            accounts[id] = _listed_account(id, user)
            if accounts[id].actor_type == "bot":
                bots.add(id)
    names = {id: account.name for id, account in accounts.items() if account.name is not None}
    return Directory(tuple(accounts.values()), names, frozenset(bots))


def find_author(message: Fields, directory: Directory) -> Author | None:
    """The author of a message; None if the message names none.

    A bot of the user lists has a user id too, and its messages carry both ids: they are one account, the user's. A person's id beside a
    `bot_id` is an app that acts for that person. Old integrations have neither id, only a `username`.
    """
    # Old comments on files: whatever user the message has, its words are the comment's.
    user = get_str(get_object(message, "comment"), "user") if message.get("subtype") == "file_comment" else None
    user = user or get_str(message, "user")
    bot = get_str(message, "bot_id")
    if user is not None and bot is None and message.get("subtype") == "bot_message":
        return Author(make_account(user, actor_type="bot"))
    if user is not None and (bot is None or user in directory.bots or user == SLACKBOT):
        if user in directory.names:
            return Author(make_account(user))
        profile = get_object(message, "user_profile")
        return Author(make_account(user, profile_name(profile), "person" if profile else None))
    name = get_str(message, "username") or get_str(get_object(message, "bot_profile"), "name")
    if bot is None and name is not None:
        bot = f"bot:{name}"
    if bot is None:
        return None
    return Author(make_account(bot, _without_domain(name), "bot"), APP_FOR_PERSON if user else None)


def make_account(id: str, name: str | None = None, actor_type: ActorType | None = None) -> Account:
    """The account of an id that a message names; Slackbot is the system's."""
    return Account(id, name, "system" if id == SLACKBOT else actor_type)


def profile_name(profile: Fields) -> str | None:
    """The name that a profile shows.

    >>> profile_name({"display_name": "", "real_name": "Ada Byron", "name": "ada"})
    'Ada Byron'
    """
    names = (get_str(profile, key) for key in ("display_name", "real_name", "name"))
    return _without_domain(next((name for name in names if name), None))


class NewAccounts:
    """Drops accounts that were handed over before. An account is handed over once, and once more when its name turns up later.

    >>> new = NewAccounts()
    >>> new.among([Account("U1"), Account("U1"), Account("U1", "Una")]), new.among([Account("U1"), Account("U1", "Una again")])
    ([Account(id='U1', name=None, actor_type=None, followers=None, points=None, title=None, role=None, key=None), \
Account(id='U1', name='Una', actor_type=None, followers=None, points=None, title=None, role=None, key=None)], [])
    """

    def __init__(self) -> None:
        self._has_name: dict[str, bool] = {}

    def among(self, accounts: Iterable[Account]) -> list[Account]:
        """Those that are new, or have a name for the first time."""
        new = []
        for account in accounts:
            had_name = self._has_name.get(account.id)
            if had_name is None or (account.name is not None and not had_name):
                self._has_name[account.id] = account.name is not None
                new.append(account)
        return new


def _listed_account(id: str, user: Fields) -> Account:
    profile = get_object(user, "profile")
    name = profile_name(profile) or _without_domain(get_str(user, "real_name") or get_str(user, "name"))
    # Old exports do not mark an app that acts as a user.
    is_marked = user.get("is_bot") is True or user.get("is_workflow_bot") is True or get_str(profile, "bot_id") is not None
    is_bot = is_marked or is_slack_app(name, get_str(user, "name"), get_str(profile, "real_name"))
    # A deleted account keeps its id and still stands for one person.
    return make_account(id, name, "bot" if is_bot else "person")._replace(title=get_str(profile, "title"), role=_role(user))


def _role(user: Fields) -> str | None:
    if user.get("is_primary_owner") is True or user.get("is_owner") is True:
        return "owner"
    if user.get("is_admin") is True:
        return "admin"
    return "guest" if user.get("is_restricted") is True or user.get("is_ultra_restricted") is True else None


def _without_domain(name: str | None) -> str | None:
    # Some people's name is their e-mail address: the part before the @ names them well enough.
    before, _, after = (name or "").partition("@")
    is_address = before and "." in after and "@" not in after and len((name or "").split()) == 1
    return before if is_address else name
