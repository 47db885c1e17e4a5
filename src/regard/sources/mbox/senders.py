"""The sender of a message, and the accounts that a reading has met.

The address identifies a sender. A display name never joins two addresses. Some lists put their own address in place of the sender's,
some archives mask addresses, and some senders are programs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from regard.record.schema import Account
from regard.sources.known_apps import is_github_app
from regard.sources.mbox.addresses import Address, masked_name, parse_address, parse_addresses
from regard.sources.mbox.headers import Headers

ORIGINAL_SENDER: Final = ("x-mailman-original-from", "x-original-from", "x-google-original-from")
"""Fields that hold the sender's own address, which a list has replaced in From, the most reliable first."""
IF_REPLACED: Final = (*ORIGINAL_SENDER, "author", "x-original-sender", "reply-to")
"""Those and the fields that do so only if From holds the address of a list or relay."""

_VIA = re.compile(r"['\"]?(.+?)['\"]? via (.+)", re.IGNORECASE)

_ADDRESS_AS_NAME = re.compile(r"(?:(.*?)\s+)?['\"(]?([^\s'\"()<>]+@[^\s'\"()<>]+)['\")]?")
GITHUB: Final = "notifications@github.com"
"""The one address from which GitHub sends what all its people write. X-GitHub-Sender names who it was."""

_RELAY = re.compile(r"devnull\+.*|dmarc-?no-?reply(?:\+.*)?|.+-bounces?(?:\+.*)?|bounces?\+.*")
"""Local parts of addresses under which lists and relays send what others wrote."""
_FOR_DMARC = re.compile(r"\s*\((?:redacted )?sender .*", re.IGNORECASE)

_PROGRAM = re.compile(
    r"(?:.*[-_.+])?(?:no-?reply|do-?not-?reply)(?:[-_.+].*)?"
    r"|(?:mailer-daemon|postmaster|bounces?|syzbot|patchwork|bugzilla|buildbot|jenkins|gerrit|jira|notifications?)(?:[-+].*)?"
    r"|(?:.*[-_.])?bot\d*(?:\+.*)?"
)
_PROGRAM_NAME = re.compile(
    r"\[bot\]|\b(?:test|build|ci) (?:ro)?bot\b|\bvia (?:github|gitlab|gerrit|bugzilla|jira)$|\(jira\)$", re.IGNORECASE
)


class Sender(NamedTuple):
    """Who wrote a message."""

    id: str
    name: str | None
    is_hidden: bool = False
    """True if the list hides the address. The id then consists of the name and the list's address."""
    is_masked: bool = False
    """True if the archive masks the address. The id then consists of the name and the list."""


def find_sender(headers: Headers) -> Sender | None:
    """Who wrote the message; None if From holds no address, or a masked one without a name.

    A list or relay may replace the sender's address with its own, so that DMARC lets the message pass: "Ann Lee via talk". Then the
    sender's own address is in X-Mailman-Original-From, X-Original-From or Reply-To. If it is in none of them, only the name is known.

    >>> find_sender(Headers({"from": b"Ann Lee via talk <talk@example.org>", "reply-to": b"ann@example.com"}))
    Sender(id='ann@example.com', name='Ann Lee', is_hidden=False, is_masked=False)
    >>> find_sender(Headers({"from": b"Ann Lee <address@hidden>", "list-id": b"<talk.example.org>"}))
    Sender(id='ann lee (masked) in talk.example.org', name='Ann Lee', is_hidden=False, is_masked=True)
    """
    shown = parse_address(headers.plain("from"))
    if shown is None:
        return _behind_mask(headers)
    via = _VIA.fullmatch(shown.name) if shown.name and " via " in shown.name.lower() else None
    is_via = via is not None and (_is_list(shown.id, via[2], headers) or _is_relay(shown.id))
    name = via[1].strip() if is_via and via is not None else shown.name
    stands_for_another = is_via or _is_relay(shown.id)
    fields = IF_REPLACED if stands_for_another or _is_list(shown.id, "", headers) else ORIGINAL_SENDER
    if stands_for_another and name:
        name = _FOR_DMARC.sub("", name) or None
    if original := _original_sender(headers, fields, shown.id):
        return Sender(original.id, (name or original.name) if stands_for_another else (original.name or name))
    if shown.id == GITHUB and (login := headers.plain("x-github-sender")):
        return Sender(f"{login.lower()} via {shown.id}", shown.name, is_hidden=True)
    if stands_for_another and name:
        # "'ann@x.org' via talk": without a name, a list shows the address in its place.
        own = _ADDRESS_AS_NAME.fullmatch(name)
        if own and (address := parse_address(own[2])) and not _is_list(address.id, "", headers) and not _is_relay(address.id):
            return Sender(address.id, own[1] or None)
        return Sender(f"{name.lower()} via {shown.id}", name, is_hidden=True)
    is_undone = via is not None and shown.id not in headers.plain("from").lower()
    return Sender(shown.id, via[1].strip() if is_undone and via is not None else shown.name)


def _behind_mask(headers: Headers) -> Sender | None:
    name = masked_name(headers.plain("from"))
    if name is None:
        return None
    via = _VIA.fullmatch(name)
    name = via[1].strip() if via else name
    if original := _original_sender(headers, IF_REPLACED, ""):
        return Sender(original.id, name or original.name)
    return Sender(f"{name.lower()} (masked) in {headers.channel() or 'the archive'}", name, is_masked=True) if name else None


def _original_sender(headers: Headers, fields: Sequence[str], shown: str) -> Address | None:
    """The first address in fields that name the sender, apart from the address shown and those of lists and relays."""
    addresses = (address for field in fields for address in parse_addresses(headers.plain(field)))
    return next((each for each in addresses if each.id != shown and not _is_list(each.id, "", headers) and not _is_relay(each.id)), None)


def _is_relay(address: str) -> bool:
    return _RELAY.fullmatch(address.partition("@")[0]) is not None


def _is_list(address: str, list_name: str, headers: Headers) -> bool:
    """Whether an address is the list's own, by List-Id, by List-Post, or because its local part is the list's name."""
    local, _, domain = address.partition("@")
    is_own = f"<{local}.{domain}>" in headers.plain("list-id").lower() or f"mailto:{address}>" in headers.plain("list-post").lower()
    return is_own or local == list_name.lower() or address in headers.plain("x-google-groups").lower().split()


@lru_cache(maxsize=8_192)
def is_program(address: str, name: str | None) -> bool:
    """Whether an address or display name is that of a program.

    Only the part before the `@` counts, because the private addresses of GitHub (12345+login@users.noreply.github.com) belong to people.

    >>> is_program("syzbot+1f2e@example.org", None), is_program("talbot@example.org", "Ann Talbot")
    (True, False)
    """
    login = address.removesuffix(f" via {GITHUB}")
    is_app = login != address and is_github_app(login)
    return is_app or bool(_PROGRAM.fullmatch(address.partition("@")[0]) or (name and _PROGRAM_NAME.search(name)))


def to_account(id: str, name: str | None) -> Account:
    """The account of a sender or receiver, marked as a bot if its address or name is that of a program.

    >>> to_account("jira@example.org", None)
    Account(id='jira@example.org', name=None, actor_type='bot', followers=None, points=None, title=None, role=None, key=None)
    """
    return Account(id, name, "bot" if is_program(id, name) else None)


@dataclass(slots=True)
class _Tally:
    name: str | None
    messages: int = 0
    automatic: int = 0


class KnownAccounts:
    """The accounts that a reading has met, with the number of messages that each has sent.

    An account is new when it is met first, and again when its name turns up later. A single automatic message (from a cron job) does not
    make a person a program: an address is that of a program if more than half of its messages are marked as automatic.
    """

    def __init__(self) -> None:
        self._tallies: dict[str, _Tally] = {}

    def add(self, account: Account, *, messages: int = 1, automatic: bool = False) -> bool:
        """Count messages that an account has sent (0 if a message only names it). Gives whether the account is new."""
        tally = self._tallies.get(account.id)
        is_new = tally is None or (tally.name is None and account.name is not None)
        if tally is None:
            tally = self._tallies[account.id] = _Tally(account.name)
        elif is_new:
            tally.name = account.name
        tally.messages += messages
        tally.automatic += automatic
        return is_new

    def add_message(self, accounts: Sequence[Account], *, automatic: bool) -> list[Account]:
        """Count one message: its sender comes first among its accounts, and it only names the others. Gives the new accounts."""
        if not accounts:
            return []
        sender, *named = accounts
        new = [sender] if self.add(sender, automatic=automatic) else []
        return new + [account for account in named if self.add(account, messages=0)]

    def programs(self) -> list[Account]:
        """The addresses most of whose messages were marked as automatic. Complete only at the end of a reading."""
        return [Account(id, tally.name, "bot") for id, tally in self._tallies.items() if 2 * tally.automatic > tally.messages]
