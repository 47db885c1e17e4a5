"""Who wrote a message, and the accounts that a reading has met."""

from __future__ import annotations

import pytest

from regard.record.schema import Account
from regard.sources.mbox.headers import Headers
from regard.sources.mbox.senders import KnownAccounts, Sender, find_sender, is_program

MUNGED = b"Ann Lee via Talk <talk@example.org>"


@pytest.mark.parametrize(
    "headers",
    [
        {"reply-to": b"ann@x.org"},
        {"reply-to": b"Talk <talk@example.org>, Ann <ann@x.org>"},
        {"x-mailman-original-from": b"Ann <ann@x.org>", "reply-to": b"other@x.org"},
        {"x-original-from": b"ann@x.org"},
        {"reply-to": b"Ann <ann@x.org>", "list-post": b"<mailto:talk@example.org>"},
    ],
)
def test_the_sender_behind_a_list(headers: dict[str, bytes]) -> None:
    assert find_sender(Headers({"from": MUNGED, "list-id": b"<talk.example.org>", **headers})) == Sender("ann@x.org", "Ann Lee")


def test_a_list_is_known_by_its_id_its_address_or_its_name() -> None:
    named = b"'Ann Lee' via The Talkers <talk@example.org>"
    for header, value in (("list-id", b"<talk.example.org>"), ("list-post", b"<mailto:talk@example.org>")):
        assert find_sender(Headers({"from": named, "reply-to": b"ann@x.org", header: value})) == Sender("ann@x.org", "Ann Lee")
    assert find_sender(Headers({"from": MUNGED, "reply-to": b"ann@x.org"})) == Sender("ann@x.org", "Ann Lee")
    # Not a list: somebody who writes through another service keeps the address.
    assert find_sender(Headers({"from": named, "reply-to": b"ann@x.org"})) == Sender("talk@example.org", "'Ann Lee' via The Talkers"[1:])


def test_reply_to_counts_only_where_the_list_hides_the_sender() -> None:
    headers = {"from": b"Ann <ann@x.org>", "reply-to": b"talk@example.org", "list-id": b"<talk.example.org>"}
    assert find_sender(Headers(headers)) == Sender("ann@x.org", "Ann")


def test_a_list_that_hides_the_address_altogether() -> None:
    headers = {"from": MUNGED, "reply-to": b"Talk <talk@example.org>"}
    assert find_sender(Headers(headers)) == Sender("ann lee via talk@example.org", "Ann Lee", is_hidden=True)


RELAYED = [
    (b"Ann Lee via B4 Relay <devnull+ann.x.org@kernel.org>", {"x-original-from": b"Ann Lee <ann@x.org>", "reply-to": b"ann@x.org"}),
    (b"Ann Lee via B4 Relay <devnull+ann.x.org@kernel.org>", {"reply-to": b"ann@x.org"}),
    (
        b"Ann Lee <talk-bounces@lists.example.org>",
        {"reply-to": b"Talk <talk@lists.example.org>, ann@x.org", "list-id": b"<talk.lists.example.org>"},
    ),
    (b"Ann Lee <talk@lists.example.org>", {"reply-to": b"ann@x.org", "list-id": b"<talk.lists.example.org>"}),
    (b"'Ann Lee' via birds <birds@googlegroups.com>", {"x-original-from": b"Ann Lee <ann@x.org>", "reply-to": b"birds@googlegroups.com"}),
    (b'"Ann Lee" <dmarc-noreply@freelists.org> (Redacted sender "ann" for DMARC)', {"reply-to": b"ann@x.org"}),
    (b"Ann Lee <address@hidden>", {"x-mailman-original-from": b"ann@x.org"}),
    (b"Ann Lee <noreply@relay.example>", {"x-original-from": b"Ann Lee <ann@x.org>"}),
    (b"Ann Lee via talk <talk@x.org>", {"author": b"Ann Lee <ann@x.org>", "reply-to": b"other@x.org"}),
    (b"Ann Lee via talk <talk@x.org>", {"x-original-sender": b"ann@x.org"}),
    (b"Ann Lee <talk@x.org>", {"x-google-original-from": b"Ann Lee <ann@x.org>"}),
    (b"Ann Lee via groups.io <ann=x.org@groups.io>", {}),
    (b"Ann Lee <SRS0=a1b2=Z9=x.org=ann@relay.example>", {}),
    (b"\"Ann Lee 'ann@x.org' via talk\" <talk@x.org>", {}),
]


@pytest.mark.parametrize(("shown", "headers"), RELAYED)
def test_the_author_whom_other_headers_name(shown: bytes, headers: dict[str, bytes]) -> None:
    assert find_sender(Headers({"from": shown, **headers})) == Sender("ann@x.org", "Ann Lee")


def test_a_list_shows_the_address_in_place_of_a_name() -> None:
    assert find_sender(Headers({"from": b"'ann@x.org' via talk <talk@x.org>"})) == Sender("ann@x.org", None)


def test_what_people_write_on_github_is_theirs() -> None:
    def sender(name: str, login: str) -> Sender | None:
        return find_sender(Headers({"from": f"{name} <notifications@github.com>".encode(), "x-github-sender": login.encode()}))

    assert sender("Ann Lee", "Ann") == Sender("ann via notifications@github.com", "Ann Lee", is_hidden=True)
    bot = sender("Codecov", "codecov")
    assert bot is not None
    assert (is_program(bot.id, bot.name), is_program("ann via notifications@github.com", "Ann Lee")) == (True, False)


def test_where_bounces_go_says_nothing_of_who_wrote() -> None:
    sender = find_sender(Headers({"from": b"List <talk-return-7-bea=y.org@x.org>"}))
    assert sender == Sender("talk-return-7-bea=y.org@x.org", "List")


def test_a_relay_that_hides_the_author_altogether() -> None:
    relay = "devnull+ann.x.org@kernel.org"
    assert find_sender(Headers({"from": f"Ann Lee via B4 Relay <{relay}>".encode()})) == Sender(f"ann lee via {relay}", "Ann Lee", True)
    bounces = find_sender(Headers({"from": b"Ann Lee <talk-bounces@x.org>", "reply-to": b"talk-bounces@x.org"}))
    assert bounces == Sender("ann lee via talk-bounces@x.org", "Ann Lee", is_hidden=True)


def test_a_list_that_writes_under_its_own_name() -> None:
    headers = {"from": b"Talk <talk@example.org>", "list-id": b"<talk.example.org>", "reply-to": b"talk@example.org"}
    assert find_sender(Headers(headers)) == Sender("talk@example.org", "Talk")


def test_a_masked_sender_is_a_name_within_the_list() -> None:
    def sender(name: str, list_id: str) -> Sender | None:
        return find_sender(Headers({"from": f"{name} <address@hidden>".encode(), "list-id": list_id.encode()}))

    ann = sender("Ann Lee", "<talk.example.org>")
    assert ann == Sender("ann lee (masked) in talk.example.org", "Ann Lee", is_masked=True)
    assert ann == find_sender(Headers({"from": b"Ann Lee <an...@gmail.com>", "list-id": b"<talk.example.org>"}))
    assert len({ann, sender("Bea", "<talk.example.org>"), sender("Ann Lee", "<other.example.org>"), sender("Ann Lee", "")}) == 4
    assert sender("", "<talk.example.org>") is None


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("noreply@x.org", None),
        ("no-reply+7@x.org", None),
        ("list-no-reply@x.org", None),
        ("donotreply@x.org", None),
        ("mailer-daemon@x.org", None),
        ("syzbot+1f2e@x.org", None),
        ("patchwork-bot+net@x.org", None),
        ("tip-bot2@x.org", None),
        ("notifications@x.org", None),
        ("lkp@x.org", "kernel test robot"),
        ("git@x.org", "Ann Lee via GitHub"),
        ("jira@x.org", None),
        ("x@x.org", "Ann (Jira)"),
        ("x@x.org", "dependabot[bot]"),
    ],
)
def test_automata(address: str, name: str | None) -> None:
    assert is_program(address, name)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("ann@noreply.example.org", None),
        ("12345+ann@users.noreply.github.com", "Ann"),
        ("talbot@x.org", "Talbot"),
        ("abbot2@x.org", None),
        ("bot-fan@x.org", "Bot Fan"),
        ("ann@bot.example.org", "Ann"),
        ("postman@x.org", None),
    ],
)
def test_people_are_no_automata(address: str, name: str | None) -> None:
    assert not is_program(address, name)


def add(accounts: KnownAccounts, *added: Account) -> list[Account]:
    """Count a message of each account. Gives the accounts that are new."""
    return [account for account in added if accounts.add(account)]


def test_accounts_are_told_when_they_are_new_or_get_a_name() -> None:
    accounts = KnownAccounts()
    assert add(accounts, Account("a@x"), Account("b@x", "Bea")) == [Account("a@x"), Account("b@x", "Bea")]
    assert add(accounts, Account("a@x", "Ann"), Account("a@x", "Other"), Account("b@x", "Other")) == [Account("a@x", "Ann")]
    assert add(accounts, Account("a@x", "Ann"), Account("b@x", "Bea")) == []


def test_more_than_half_of_an_automatons_messages_are_automatic() -> None:
    accounts = KnownAccounts()
    for automatic in (True, True, False):
        accounts.add(Account("cron@x"), automatic=automatic)
    for automatic in (True, False):
        accounts.add(Account("ann@x", "Ann"), automatic=automatic)
    accounts.add(Account("named@x"), messages=0)
    assert accounts.programs() == [Account("cron@x", None, "bot")]


def test_the_sender_of_a_message_comes_first_and_has_sent_it() -> None:
    accounts = KnownAccounts()
    assert accounts.add_message([], automatic=True) == []
    for _ in range(2):
        accounts.add_message([Account("cron@x"), Account("ann@x", "Ann")], automatic=True)
    assert accounts.add_message([Account("ann@x", "Ann"), Account("bea@x")], automatic=False) == [Account("bea@x")]
    assert accounts.programs() == [Account("cron@x", None, "bot")]
