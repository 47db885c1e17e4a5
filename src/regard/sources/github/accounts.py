"""Accounts on GitHub: bots, the account of the deleted, and how a person belongs to a repository."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from regard.record.schema import Account, ActorType
from regard.sources.formats.json_fields import Fields, get_object, get_str
from regard.sources.known_apps import is_github_app

ROLES: Final = ("first timer", "first time contributor", "contributor", "collaborator", "member", "owner")
"""How a person belongs to a repository (`authorAssociation`), the closest last. NONE and MANNEQUIN (a person not yet known) are no role."""

GHOST: Final = "ghost"
"""GitHub's own account, which it shows in place of each deleted one."""

_ROLE_OF: Final = {role.upper().replace(" ", "_"): role for role in ROLES}


def find_author(fields: Fields) -> Account | None:
    """The author of a thread, comment or review. `ghost` if the author is deleted, None if the archive has no field for the author."""
    if "author" not in fields:
        return None
    login = get_str(fields, "author") or get_str(get_object(fields, "author"), "login") or GHOST
    id = login.lower()
    return Account(id, login, _actor_type(id), role=_ROLE_OF.get(get_str(fields, "authorAssociation") or ""))


def _actor_type(id: str) -> ActorType | None:
    if id == GHOST:
        return "deleted"
    return "bot" if is_github_app(id) else None


class NewAccounts:
    """Which accounts the record does not have yet. An account is new again if it comes with a closer role."""

    def __init__(self) -> None:
        self._roles: dict[str, int] = {}

    def among(self, accounts: Iterable[Account]) -> list[Account]:
        """The new accounts among some, in their order. They are known from then on."""
        return [account for account in accounts if self._is_new(account)]

    def _is_new(self, account: Account) -> bool:
        role = ROLES.index(account.role) if account.role is not None else -1
        is_new = self._roles.get(account.id, -2) < role
        if is_new:
            self._roles[account.id] = role
        return is_new
