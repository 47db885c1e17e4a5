"""The author's own words in a message, and the thanks in its trailers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.sources.mbox.addresses import Address
from regard.sources.mbox.quoting import Thanks, find_thanks, own_words

QUOTE = "> Is it open?\n>\n> > It was.\n"


@pytest.mark.parametrize(
    "above",
    [
        "",
        "On Mon, Apr 1, 2024 at 8:00 AM, Ann Lee <ann@example.org> wrote:",
        "On Mon, Apr 1, 2024 at 8:00 AM, Ann Lee\n<ann@example.org> wrote:",
        "On Mon, Apr 1, 2024 at 8:00 AM,\nAnn Lee of the Gardeners'\nSociety <ann at example.org> wrote:\n",
        "Ann Lee wrote:",
        "Ann Lee <ann at example.org>, [20240401 - 09:33:55]",
        "Ann Lee <ann at example.org> writes:\n\n",
        "2024/4/1 Ann Lee <ann at example.org>:",
        "2024-04-01 11:06 GMT+02:00 Ann Lee\n<ann at example.org>:",
        "Am Montag, 1. April 2024 schrieb Ann Lee:",
        "Am 01.04.24 um 08:00 schrieb Ann:",
        "Le 1 avr. 2024 à 08:00, Ann Lee a écrit :",
        "Le 01/04/2024 08:00, Ann Lee a ?crit :",
        "El lun, 1 abr 2024, Ann Lee (<ann@example.org>) escribió:",
        "1 апреля 2024 г., 08:00 пользователь Ann написал:",
        "Quoting Ann Lee <ann@example.org>:",
    ],
)
def test_quotes_go_with_the_lines_that_announce_them(above: str) -> None:
    assert own_words(f"Hello,\n\n{above}\n{QUOTE}\nIt is.") == "Hello,\n\nIt is."


def test_own_words_above_a_quote_stay() -> None:
    assert own_words(f"In my opinion he wrote well.\nLook at this:\n{QUOTE}Yes.") == "In my opinion he wrote well.\nLook at this:\nYes."


def test_a_dated_announcement_goes_wherever_it_stands() -> None:
    assert own_words("Am Fri, 13 Jul 2007 schrieb Ann:\n\nHello.") == "Hello."
    assert own_words("On this he wrote:\n\nHello.") == "On this he wrote:\n\nHello."


def test_a_masked_line_of_ones_own_is_no_quote() -> None:
    assert own_words(">From here on it is mine.\n> quoted\n>From there on it is hers.\n\nMine.") == "From here on it is mine.\n\nMine."


@pytest.mark.parametrize(
    "end",
    [
        "-- \nAnn Lee\nphone 555",
        "--\nAnn Lee\nphone 555",
        "--\nAnn Lee\n> " + "quoted\n" * 20,
        "-------------- next part --------------\nAn HTML attachment was scrubbed...",
        "_______________________________________________\nTalk mailing list\nTalk@example.org",
        "  _____  \n\nFrom: Bea",
        "-----Original Message-----\nFrom: Bea\nhers",
        "-----Ursprüngliche Nachricht-----\nhers",
        "---------- Forwarded message ----------\nhers",
        "-----BEGIN PGP SIGNATURE-----\nabc",
        "From: Bea <bea@example.org>\nSent: Monday\nTo: Ann\n\nhers",
        "Date: Mon, 1 Apr 2024\nFrom: Bea <bea@example.org>\n\nhers",
    ],
)
def test_what_ends_a_text(end: str) -> None:
    assert own_words("Mine.\n\n" + end) == "Mine."


@pytest.mark.parametrize(
    "text",
    [
        "a\n--\n" + "line\n" * 11 + "end",  # a ruler
        "a\n---\nb",
        "a\n----- Results -----\nb",
        "_emphasis_\n__init__",
        "From: there to here",
        "From: Bea <bea@example.org>\nDate: Mon\n\npatch by Bea",
        "Date: unknown",
    ],
)
def test_what_ends_none(text: str) -> None:
    assert own_words(text) == text


def test_a_signed_message() -> None:
    text = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nMine.\n-----BEGIN PGP SIGNATURE-----\nabc\n-----END PGP SIGNATURE-----\n"
    assert own_words(text) == "Mine."


def test_gaps_are_closed() -> None:
    assert own_words(f"\n\na\n\n{QUOTE}\n\n\nb\n\n") == "a\n\nb"


@given(st.text(st.sampled_from("ab:\n >-_1")))
def test_a_text_that_is_all_quote_leaves_nothing(text: str) -> None:
    assert own_words("\n".join("> " + line for line in text.split("\n"))) == ""


@given(st.lists(st.sampled_from(["", "a", "b:", "> q", " > q", ">From x", "-- ", "--", "On 1 a wrote:", "From: a", "Date: b", "c d"])))
def test_words_are_lines_of_the_text_and_never_quotes(lines: list[str]) -> None:
    words = own_words("\n".join(lines))
    assert set(words.split("\n")) <= {*lines, "From x", ""}
    assert not any(line.startswith((">", " >")) for line in words.split("\n"))


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("Reported-by: Ann Lee <ann@example.org>", "Reported-by"),
        ("reported-By: Ann Lee <ANN at example.org>", "Reported-by"),
        ("    Helped-by: Ann Lee <ann@example.org> (on the list)", "Helped-by"),
        ("Suggested-by: ann@example.org (Ann Lee)", "Suggested-by"),
        ("Reported-and-tested-by: Ann Lee <ann@example.org>", "Reported-by"),
    ],
)
def test_trailers_that_thank(line: str, label: str) -> None:
    assert find_thanks(f"Fix.\n\n{line}\nSigned-off-by: B <b@example.org>") == [Thanks(label, Address("ann@example.org", "Ann Lee"))]


@pytest.mark.parametrize(
    "line",
    [
        "Reviewed-by: A <a@x.org>",
        "Tested-by: A <a@x.org>",
        "Acked-by: A <a@x.org>",
        "I was helped-by: A <a@x.org>",
        "+Reported-by: A <a@x.org>",
        "Reported-by:",
    ],
)
def test_trailers_that_do_not(line: str) -> None:
    assert find_thanks(line) == []


def test_a_trailer_may_tell_only_a_name() -> None:
    assert find_thanks("Reported-by: Ann Lee\nHelped-by: Bea <bea@x.org>") == [
        Thanks("Reported-by", None),
        Thanks("Helped-by", Address("bea@x.org", "Bea")),
    ]
