"""The acts of one mail message, one test a trap: ids, threads, times, people, odd headers."""

from __future__ import annotations

import gzip
import itertools
from pathlib import Path

import pytest

from regard.engines.duckdb.statements import execute
from regard.record.record import Record
from regard.record.schema import Account
from regard.record.storage import reading
from regard.sources.base import Options, Parsed
from regard.sources.mbox import messages as mail
from regard.sources.mbox.dates import DATE_OF_DELIVERY, NO_ZONE
from regard.sources.mbox.headers import Headers
from regard.sources.mbox.messages import MessageContext, to_acts
from regard.sources.mbox.replies import reply_links
from regard.studies.read import inputs_of, read_into

from .mailboxes import NOON, YEAR, accounts, acts, message, notes, only_act, write_mailbox

# Ids, threads, parents.


def test_references_before_in_reply_to(tmp_path: Path) -> None:
    act = only_act(tmp_path, message(References="<a@x> <b@x>\n\t<c@x>", In_Reply_To="<d@x> <c@x>"))
    assert (act.kind, act.parent, act.ancestors, act.thread) == ("reply", "c@x", "b@x\na@x\nd@x", "a@x")


def test_in_reply_to_alone_leaves_the_thread_to_the_record(tmp_path: Path) -> None:
    act = only_act(tmp_path, message(In_Reply_To="Your message of Monday <a@x>"))
    assert (act.kind, act.parent, act.ancestors, act.thread) == ("reply", "a@x", None, None)


def test_in_reply_to_may_be_prose(tmp_path: Path) -> None:
    act = only_act(tmp_path, message(In_Reply_To="your message of Monday"))
    assert (act.kind, act.parent, act.thread) == ("reply", None, None)


@pytest.mark.parametrize("headers", [{"In_Reply_To": ""}, {"In_Reply_To": "<>"}, {"References": "<1@example.org>"}])
def test_what_answers_nothing_is_a_post(tmp_path: Path, headers: dict[str, str]) -> None:
    act = only_act(tmp_path, message(**headers))
    assert (act.kind, act.parent, act.thread) == ("post", None, "1@example.org")


def test_a_subject_is_no_thread(tmp_path: Path) -> None:
    assert only_act(tmp_path, message(Subject="Re: Tea")).kind == "post"


def test_long_threads_keep_the_nearest_ancestors(tmp_path: Path) -> None:
    act = only_act(tmp_path, message(References=" ".join(f"<{n}@x>" for n in range(100))))
    assert act.ancestors is not None
    assert (act.parent, act.thread, act.ancestors.split("\n")) == ("99@x", "0@x", [f"{n}@x" for n in range(98, 66, -1)])


@pytest.mark.parametrize("value", [None, "", "<>"])
def test_a_missing_id_is_made_of_sender_date_subject_and_words(tmp_path: Path, value: str | None) -> None:
    first, again, other, third = acts(
        write_mailbox(
            tmp_path,
            message(Message_ID=value),
            message("Hello.\n\n-- \nfooter", Message_ID=value),
            message("Other words.", Message_ID=value),
            message(Message_ID=value, Subject="x"),
        )
    )
    assert first.item is not None
    assert first.item.startswith("sha256:")
    assert len(first.item) == 7 + 32
    assert first.item == again.item == first.thread
    assert len({first.item, other.item, third.item}) == 3


def test_a_message_with_two_ids_tells_both(tmp_path: Path) -> None:
    twice = message(Message_ID="<used@x>\nMessage-ID: <new@x>")
    (act,) = acts(write_mailbox(tmp_path, twice))
    assert (act.item, act.other_ids) == ("new@x", "used@x")


@pytest.mark.parametrize("order", list(itertools.permutations(("twice.mbox", "used.mbox", "new.mbox"))))
@pytest.mark.parametrize("together", [True, False])
def test_a_message_with_two_ids_is_found_by_either(tmp_path: Path, record: Record, order: tuple[str, ...], together: bool) -> None:
    twice = message(From="ann@x.org", Message_ID="<used@x>\nMessage-ID: <new@x>")
    mails = {"twice.mbox": twice} | {
        f"{id}.mbox": message(From="bob@x.org", Message_ID=f"<{id}-reply@x>", References=f"<{id}@x>") for id in ("used", "new")
    }
    for name in order:
        write_mailbox(tmp_path, mails[name], name=name)
    paths = [tmp_path / name for name in order]
    for each in [paths] if together else [[path] for path in paths]:
        assert all(result is not None for _, result in read_into(record, inputs_of(each), Options()))
    with reading(record.path) as connection:
        found = execute(connection, "SELECT item, id, thread_root FROM acts LEFT JOIN accounts ON account = target ORDER BY item")
    assert found == [("new-reply@x", "ann@x.org", "new@x"), ("new@x", None, "new@x"), ("used-reply@x", "ann@x.org", "new@x")]


def test_one_id_in_two_lists_is_one_item(tmp_path: Path) -> None:
    result = acts(write_mailbox(tmp_path, message(List_Id="<a.example.org>"), message(List_Id="<b.example.org>")))
    assert [act.item for act in result] == ["1@example.org"] * 2


def test_a_message_id_keeps_its_case(tmp_path: Path) -> None:
    assert only_act(tmp_path, message(Message_ID="<AbC@Example.ORG>")).item == "AbC@Example.ORG"


@pytest.mark.parametrize(
    ("value", "channel"),
    [
        ("Talk <Talk.example.org>", "talk.example.org"),
        ("talk.example.org", "talk.example.org"),
        ("The talk", None),
        ("<a b>", None),
        ("<>", None),
        (None, None),
    ],
)
def test_channel_is_the_lists_id(tmp_path: Path, value: str | None, channel: str | None) -> None:
    assert only_act(tmp_path, message(List_Id=value, Subject="[other] Tea")).channel == channel


# Time.


@pytest.mark.parametrize("value", [None, "", "yesterday", "Mon, 31 Feb 2024 12:00:00 +0000", "Mon, 1 Apr 1970 12:00:00 +0000"])
def test_delivery_stands_in_for_a_date_that_is_none(tmp_path: Path, value: str | None) -> None:
    act = only_act(tmp_path, message(Date=value))
    assert (act.time, act.clock, act.precision, act.note) == (NOON, "server", "s", DATE_OF_DELIVERY)


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        ("Sun, 2 Apr 2023 12:00:00 +0000", NOON - YEAR),  # 365 days before (2024 has a leap day)
        ("Sat, 1 Apr 2023 11:00:00 +0000", NOON),
        ("Wed, 2 Apr 2025 12:00:00 +0000", NOON + YEAR + YEAR // 365),
        ("Wed, 2 Apr 2025 12:00:01 +0000", NOON),
        ("Fri, 6 Feb 2036 06:28:16 +0000", NOON),
    ],
)
def test_a_date_more_than_366_days_from_delivery_is_absurd(tmp_path: Path, value: str, taken: int) -> None:
    act = only_act(tmp_path, message(Date=value))
    assert (act.time, act.clock) == (taken, "server" if taken == NOON else "client")


@pytest.mark.parametrize("sender", ["-", "MAILER-DAEMON", "nobody", "mboxrd@z"])
def test_the_day_a_mailbox_was_made_is_no_delivery(tmp_path: Path, sender: str) -> None:
    envelope = f"From {sender} Thu Jan  1 00:00:00 2020"
    assert only_act(tmp_path, message(envelope=envelope)).time == NOON
    lost = only_act(tmp_path, message(envelope=envelope, Date=None))
    assert (lost.time, lost.precision) == (None, "none")


def test_public_inbox_dates_all_its_lines_1970(tmp_path: Path) -> None:
    assert only_act(tmp_path, message(envelope="From list@example.org Thu Jan  1 00:00:00 1970")).time == NOON


def test_a_clock_without_a_zone_is_marked(tmp_path: Path) -> None:
    assert only_act(tmp_path, message(Date="Mon, 1 Apr 2024 12:00:00")).note == NO_ZONE
    assert only_act(tmp_path, message(Date="Mon, 1 Apr 2024 12:00:00 -0000")).note is None


@pytest.mark.parametrize("zone", ["BST", "CST", "IST", "XYZT"])
def test_a_zone_that_is_not_known_is_not_guessed(tmp_path: Path, zone: str) -> None:
    date = f"Mon, 1 Apr 2024 10:00:00 {zone}"
    bundle = write_mailbox(tmp_path, message(Date=date))
    assert [(act.time, act.clock, act.precision, act.note) for act in acts(bundle)] == [(NOON, "server", "s", DATE_OF_DELIVERY)]
    assert notes(bundle) == {mail.UNKNOWN_ZONE: 1}
    for envelope in ("From - Mon Apr  1 12:00:00 2024", "From a@x Fri Apr  5 12:00:00 2024"):
        bundle = write_mailbox(tmp_path, message(Date=date, envelope=envelope))
        assert [(act.time, act.clock, act.precision) for act in acts(bundle)] == [(NOON - 7_200_000_000, "client", "day")]
        assert notes(bundle) == {mail.UNKNOWN_ZONE: 1}


def same_date(*days: int, id: str | None = None) -> list[bytes]:
    """Messages of one Date, delivered on these days of April 2024."""
    return [message(envelope=f"From a@x Mon Apr {day:2} 12:00:00 2024", Message_ID=id or f"<{n}@x>") for n, day in enumerate(days)]


def test_one_date_on_messages_of_different_days_is_that_of_a_conversion(tmp_path: Path) -> None:
    bundle = write_mailbox(tmp_path, message(Date="Sun, 31 Mar 2024 12:00:00 +0000", Message_ID="<a@x>"), *same_date(1, 2, 5, 5))
    day = 86_400_000_000
    assert [(act.time, act.clock) for act in acts(bundle)] == [
        (NOON - day, "client"),
        *((NOON + days * day, "server") for days in (0, 1, 4, 4)),
    ]
    assert notes(bundle) == {mail.ONE_DATE: 4}


@pytest.mark.parametrize("messages", [same_date(1, 2), same_date(1, 1, 1, 1), same_date(1, 2, 5, id="<same@x>")])
def test_one_date_may_also_be_chance(tmp_path: Path, messages: list[bytes]) -> None:
    bundle = write_mailbox(tmp_path, *messages)
    assert {(act.time, act.clock) for act in acts(bundle)} == {(NOON, "client")}
    assert notes(bundle) == {}


# Splitting, as it shows in acts; the rest is in test_split.


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_a_byte_order_mark_and_empty_lines_at_the_start(tmp_path: Path, compress: type[bytes]) -> None:
    act = only_act(tmp_path, compress(b"\xef\xbb\xbf\n\n" + message()))
    assert (act.item, act.line) == ("1@example.org", 3)


def test_windows_line_ends(tmp_path: Path) -> None:
    text = message("One.\n\n> quoted\n\nTwo.", References="<a@x>\n <b@x>") + message(Message_ID="<2@x>")
    result = acts(write_mailbox(tmp_path, text.replace(b"\n", b"\r\n")))
    assert [(act.item, act.parent, act.text) for act in result] == [
        ("1@example.org", "b@x", "One.\n\nTwo."),
        ("2@x", None, "Tea\nHello."),
    ]


# People.


def test_a_message_without_an_address_is_counted_and_left_out(tmp_path: Path) -> None:
    bundle = write_mailbox(tmp_path, message(From=None), message(From=""), message(From="Ann"), message())
    assert len(acts(bundle)) == 1
    assert notes(bundle) == {mail.NO_AUTHOR: 3}


def test_an_absence_makes_no_bot_of_a_person(tmp_path: Path) -> None:
    away = message(Auto_Submitted="auto-replied")
    cron = message(Auto_Submitted="auto-generated", Message_ID="<2@x>")
    bundle = write_mailbox(tmp_path, message(), away, away, away, cron)
    assert accounts(bundle)["ann@example.org"].actor_type is None
    assert notes(bundle) == {mail.AUTOMATIC_REPLY: 3}


def test_an_address_whose_messages_are_automatic_is_a_bot(tmp_path: Path) -> None:
    bundle = write_mailbox(
        tmp_path, message(Auto_Submitted="auto-generated"), message(Auto_Submitted="no"), message(Auto_Submitted="auto-notified; x")
    )
    assert accounts(bundle)["ann@example.org"].actor_type == "bot"


def test_a_list_that_tells_only_names_keeps_people_apart(tmp_path: Path) -> None:
    munged = [message(From=f"talk at lists.example.org ({name} via talk)") for name in ("Ann Lee", "Bea Öz")]
    bundle = write_mailbox(tmp_path, *munged)
    assert [act.actor for act in acts(bundle)] == ["ann lee via talk@lists.example.org", "bea öz via talk@lists.example.org"]
    assert notes(bundle) == {mail.HIDDEN_SENDER: 2}


def test_masked_senders_are_names_and_counted(tmp_path: Path) -> None:
    senders = ("Ann Lee <address@hidden>", "Bea <address@hidden>", "xxxx@xxxx", "Ann Lee <an...@x.org>")
    trailer = "Fixed.\n\nReported-by: Cem <address@hidden>"
    messages = [
        message(trailer if sender[:3] == "Bea" else "Hello.", From=sender, Message_ID=f"<{n}@x>") for n, sender in enumerate(senders)
    ]
    bundle = write_mailbox(tmp_path, *messages)
    ann, bea = "ann lee (masked) in the archive", "bea (masked) in the archive"
    assert [(act.actor, act.note) for act in acts(bundle)] == [(ann, mail.MASKED), (bea, mail.MASKED), (ann, mail.MASKED)]
    assert accounts(bundle) == {ann: Account(ann, "Ann Lee"), bea: Account(bea, "Bea")}
    assert notes(bundle) == {mail.MASKED_SENDER: 3, mail.MASKED_NOBODY: 1, mail.NO_ADDRESS: 1}


def test_thanks_go_to_others_and_once(tmp_path: Path) -> None:
    trailers = "Reported-by: Bea <bea@x.org>\nHelped-by: B. <BEA@x.org>\nSuggested-by: Ann <ann@example.org>\n> Helped-by: C <c@x.org>"
    result = acts(write_mailbox(tmp_path, message(f"Fixed.\n\n{trailers}", In_Reply_To="<0@x>", List_Id="<l.example.org>")))
    assert [(act.kind, act.target, act.label, act.item, act.channel) for act in result] == [
        ("reply", None, None, "1@example.org", "l.example.org"),
        ("thank", "bea@x.org", "Reported-by", "1@example.org", "l.example.org"),
    ]
    assert result[1].parent is None
    assert result[1].time == NOON


def test_mail_of_a_persons_own_mailbox_is_private(tmp_path: Path) -> None:
    bundle = write_mailbox(tmp_path, message(X_GM_THRID="17"), message(X_GM_THRID="18", List_Id="<l.example.org>", Message_ID="<2@x>"))
    assert [(act.item, act.visibility) for act in acts(bundle)] == [("2@x", "members")]
    assert notes(bundle) == {mail.PRIVATE: 1}
    both = acts(bundle, Options(private=True))
    assert [act.visibility for act in both] == ["direct", "members"]


def test_mail_of_a_google_group_is_no_private_mail(tmp_path: Path) -> None:
    act = only_act(tmp_path, message(X_GM_THRID="17", X_Google_Groups="Birds@googlegroups.com, b@googlegroups.com"))
    assert (act.channel, act.visibility) == ("birds@googlegroups.com", "members")


# Any input.


def test_a_message_gives_the_same_acts_outside_a_mailbox() -> None:
    content = message("Fixed.\n\nReported-by: Bea <bea@x.org>").partition(b"\n")[2]
    parsed = to_acts(content, MessageContext("inbox", 7))
    assert parsed == to_acts(content, MessageContext("inbox", 7))
    assert [(act.actor, act.kind, act.target, act.file, act.line) for act in parsed.acts] == [
        ("ann@example.org", "post", None, "inbox", 7),
        ("ann@example.org", "thank", "bea@x.org", "inbox", 7),
    ]
    assert parsed.accounts == [Account("ann@example.org", "Ann"), Account("bea@x.org", "Bea")]
    assert parsed.notes == []


@pytest.mark.parametrize("raw", [None, 7, "text", {}, b""])
def test_what_is_no_message_has_no_author(raw: object) -> None:
    assert to_acts(raw, MessageContext("f", 1)) == Parsed(notes=[mail.NO_AUTHOR])


@pytest.mark.parametrize("header", ["From", "Date", "Subject", "Message_ID", "References", "List_Id", "Content_Type", "Reply_To"])
@pytest.mark.parametrize("value", ["\udcff\udc00\udc80", "=?x?y?z?=", "=?utf-8?b?*?=", "\x00\x07", "<" * 5_000, '"' * 5_001, "9" * 5_000])
def test_odd_headers_harm_nothing(tmp_path: Path, header: str, value: str) -> None:
    for act in acts(write_mailbox(tmp_path, message(**{header: value}))):
        written = repr(act).encode("utf-8")
        assert b"\\x00" not in written


def test_lone_surrogates_and_nul_are_taken_out(tmp_path: Path) -> None:
    body = "a\0b +2AA- c"
    act = only_act(tmp_path, message(body, Content_Type="text/plain; charset=utf-7"))
    assert act.text is not None
    assert "\0" not in act.text
    act.text.encode("utf-8")


def test_long_words_are_cut(tmp_path: Path) -> None:
    act = only_act(tmp_path, message("word " * 10_000, In_Reply_To="<0@x>"))
    assert act.text is not None
    assert len(act.text) == 20_000


def test_links_of_a_message_that_names_itself() -> None:
    assert reply_links(Headers({"references": b"<1@x> <2@x>"}), "2@x").candidates == ["1@x"]
