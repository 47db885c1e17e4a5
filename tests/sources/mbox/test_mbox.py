"""Mailing lists: a small invented archive counted by hand, one test a trap, and hostile inputs."""

from __future__ import annotations

import gzip
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.errors import Malformed
from regard.record.schema import Account, Act
from regard.sources.base import Options
from regard.sources.formats.bundle import Bundle
from regard.sources.mbox import source as mbox
from regard.sources.mbox.context import DATE_OF_DELIVERY, NO_ZONE, links
from regard.sources.mbox.headers import Headers
from regard.sources.mbox.source import MBOX, Reader, in_order, recognise
from regard.sources.mbox.split import Message

DATA = Path(__file__).parents[1] / "data" / "mbox"
NOON = 1_711_972_800_000_000
"""2024-04-01 12:00:00 UTC, the usual moment of the messages below."""
YEAR = 365 * 86_400 * 1_000_000


def mail(body: str = "Hello.", *, envelope: str = "From ann@example.org  Mon Apr  1 12:00:00 2024", **headers: str | None) -> bytes:
    """A message behind its line; a header with an underscore for each hyphen, None to leave out a usual one."""
    usual = {"From": "Ann <ann@example.org>", "Date": "Mon, 1 Apr 2024 12:00:00 +0000", "Subject": "Tea", "Message_ID": "<1@example.org>"}
    told = [f"{name.replace('_', '-')}: {value}" for name, value in {**usual, **headers}.items() if value is not None]
    return "\n".join([envelope, *told, "", body, "", ""]).encode("utf-8", "surrogatepass")


def place(folder: Path, *messages: bytes, name: str = "list.mbox") -> Bundle:
    (folder / name).write_bytes(b"".join(messages))
    return Bundle.of(folder / name)


def acts(bundle: Bundle, options: Options = Options()) -> list[Act]:  # noqa: B008  (frozen)
    return [act for batch in mbox.read(bundle, options) for act in batch.acts]


def accounts(bundle: Bundle) -> dict[str, Account]:
    """As the record takes them: what a later account tells wins, None changes nothing."""
    found: dict[str, Account] = {}
    for batch in mbox.read(bundle, Options()):
        for new in batch.accounts:
            old = found.get(new.id, Account(new.id))
            found[new.id] = old._replace(name=new.name or old.name, actor_type=new.actor_type or old.actor_type)
    return found


def notes(bundle: Bundle, options: Options = Options()) -> dict[str, int]:  # noqa: B008  (frozen)
    return dict(sum((Counter(dict(batch.notes)) for batch in mbox.read(bundle, options)), Counter()))


def one(folder: Path, message: bytes, options: Options = Options()) -> Act:  # noqa: B008  (frozen)
    [act] = acts(place(folder, message), options)
    return act


# Counted by hand.


def test_months_of_pipermail() -> None:
    bundle = Bundle.of(DATA / "pipermail")
    found = acts(bundle)
    assert [(act.actor, act.kind, act.item, act.parent, act.file, act.line) for act in found] == [
        ("bea@garden.example", "post", "compost@garden.example", None, "2024-March.txt", 1),
        ("ann@garden.example", "post", "key-1@garden.example", None, "2024-April.txt", 1),
        ("bea@garden.example", "reply", "key-2@garden.example", "key-1@garden.example", "2024-April.txt", 14),
        ("cem@orchard.example", "reply", "key-3@orchard.example", "key-2@garden.example", "2024-April.txt", 33),
    ]
    assert [act.thread for act in found] == ["compost@garden.example"] + ["key-1@garden.example"] * 3
    assert [act.ancestors for act in found] == [None, None, None, "key-1@garden.example"]
    assert {act.target for act in found} == {None}
    assert found[1].time == NOON - 4 * 3_600_000_000
    assert {(act.precision, act.clock, act.note) for act in found} == {("s", "client", None)}
    assert notes(bundle) == {mbox.NO_AUTHOR: 1, mbox.NO_MAILBOX: 1}
    assert accounts(bundle) == {
        "ann@garden.example": Account("ann@garden.example", "Ann Lee"),
        "bea@garden.example": Account("bea@garden.example", "Bea Öz"),
        "cem@orchard.example": Account("cem@orchard.example", "Cem"),
    }


def test_words_of_pipermail() -> None:
    assert [act.text for act in acts(Bundle.of(DATA / "pipermail"))] == [
        "[plot] Compost\nThere are two cartloads at the gate.",
        "[plot] Who has the key of the shed?\nIt is not on its nail.\n\nFrom what I remember Bea had it last, but I may be wrong.",
        "I hung it back on Friday.",
        "My fault, it was in my coat. Sorry!",
    ]


def test_list_with_all_headers() -> None:
    bundle = Bundle.of(DATA / "list.mbox")
    found = acts(bundle)
    assert [(act.actor, act.kind, act.target, act.parent, act.label) for act in found] == [
        ("dee@code.example", "post", None, None, None),
        ("eli@fox.example", "reply", None, "stop@code.example", None),
        ("eli@fox.example", "thank", "dee@code.example", None, "Reported-by"),
        ("syzbot+1f2e@robots.example", "post", None, None, None),
        ("dee@code.example", "reply", None, "fix@fox.example", None),
    ]
    assert {act.channel for act in found} == {"talk.lists.code.example"}
    assert [act.text for act in found[:1]] == ["Å clock that stops\nIt stops at noon."]
    assert found[2].item == found[1].item == "fix@fox.example"
    assert found[2].text is None
    assert (found[4].clock, found[4].note) == ("server", DATE_OF_DELIVERY)
    assert notes(bundle) == {mbox.NAMELESS: 1, mbox.ABSENCE: 1, mbox.DIGEST: 1, mbox.DELIVERED: 1, mbox.NO_ID: 1}
    assert accounts(bundle) == {
        "dee@code.example": Account("dee@code.example", "Dée (home)"),
        "eli@fox.example": Account("eli@fox.example", "Eli Fox"),
        "syzbot+1f2e@robots.example": Account("syzbot+1f2e@robots.example", "syzbot", "bot"),
    }


def test_nothing_sensitive_is_kept() -> None:
    told = repr(list(mbox.read(Bundle.of(DATA), Options())))
    for secret in ("else@code.example", "Somebody Else", "192.0.2.7", "phone 555", "555 0100", "AAAA"):
        assert secret not in told


def test_no_text_on_request() -> None:
    with_text, without = acts(Bundle.of(DATA)), acts(Bundle.of(DATA), Options(text=False))
    assert [act._replace(text=None) for act in with_text] == without


# Ids, threads, parents.


def test_references_before_in_reply_to(tmp_path: Path) -> None:
    act = one(tmp_path, mail(References="<a@x> <b@x>\n\t<c@x>", In_Reply_To="<d@x> <c@x>"))
    assert (act.kind, act.parent, act.ancestors, act.thread) == ("reply", "c@x", "b@x\na@x\nd@x", "a@x")


def test_in_reply_to_alone_leaves_the_thread_to_the_record(tmp_path: Path) -> None:
    act = one(tmp_path, mail(In_Reply_To="Your message of Monday <a@x>"))
    assert (act.kind, act.parent, act.ancestors, act.thread) == ("reply", "a@x", None, None)


def test_in_reply_to_may_be_prose(tmp_path: Path) -> None:
    act = one(tmp_path, mail(In_Reply_To="your message of Monday"))
    assert (act.kind, act.parent, act.thread) == ("reply", None, None)


@pytest.mark.parametrize("headers", [{"In_Reply_To": ""}, {"In_Reply_To": "<>"}, {"References": "<1@example.org>"}])
def test_what_answers_nothing_is_a_post(tmp_path: Path, headers: dict[str, str]) -> None:
    act = one(tmp_path, mail(**headers))
    assert (act.kind, act.parent, act.thread) == ("post", None, "1@example.org")


def test_a_subject_is_no_thread(tmp_path: Path) -> None:
    assert one(tmp_path, mail(Subject="Re: Tea")).kind == "post"


def test_long_threads_keep_the_nearest_ancestors(tmp_path: Path) -> None:
    act = one(tmp_path, mail(References=" ".join(f"<{n}@x>" for n in range(100))))
    assert act.ancestors is not None
    assert (act.parent, act.thread, act.ancestors.split("\n")) == ("99@x", "0@x", [f"{n}@x" for n in range(98, 66, -1)])


@pytest.mark.parametrize("told", [None, "", "<>"])
def test_a_missing_id_is_made_of_sender_date_and_subject(tmp_path: Path, told: str | None) -> None:
    first, again, other = acts(
        place(tmp_path, mail(Message_ID=told), mail("Other words.", Message_ID=told), mail(Message_ID=told, Subject="x"))
    )
    assert first.item is not None
    assert first.item.startswith("sha256:")
    assert len(first.item) == 7 + 32
    assert first.item == again.item == first.thread
    assert other.item != first.item


def test_one_id_in_two_lists_is_one_item(tmp_path: Path) -> None:
    found = acts(place(tmp_path, mail(List_Id="<a.example.org>"), mail(List_Id="<b.example.org>")))
    assert [act.item for act in found] == ["1@example.org"] * 2


def test_a_message_id_keeps_its_case(tmp_path: Path) -> None:
    assert one(tmp_path, mail(Message_ID="<AbC@Example.ORG>")).item == "AbC@Example.ORG"


@pytest.mark.parametrize(
    ("told", "channel"),
    [
        ("Talk <Talk.example.org>", "talk.example.org"),
        ("talk.example.org", "talk.example.org"),
        ("The talk", None),
        ("<a b>", None),
        ("<>", None),
        (None, None),
    ],
)
def test_channel_is_the_lists_id(tmp_path: Path, told: str | None, channel: str | None) -> None:
    assert one(tmp_path, mail(List_Id=told, Subject="[other] Tea")).channel == channel


# Time.


@pytest.mark.parametrize("told", [None, "", "yesterday", "Mon, 31 Feb 2024 12:00:00 +0000", "Mon, 1 Apr 1970 12:00:00 +0000"])
def test_delivery_stands_in_for_a_date_that_is_none(tmp_path: Path, told: str | None) -> None:
    act = one(tmp_path, mail(Date=told))
    assert (act.time, act.clock, act.precision, act.note) == (NOON, "server", "s", DATE_OF_DELIVERY)


@pytest.mark.parametrize(
    ("told", "taken"),
    [
        ("Sun, 2 Apr 2023 12:00:00 +0000", NOON - YEAR),  # 365 days before (2024 has a leap day)
        ("Sat, 1 Apr 2023 11:00:00 +0000", NOON),
        ("Wed, 2 Apr 2025 12:00:00 +0000", NOON + YEAR + YEAR // 365),
        ("Wed, 2 Apr 2025 12:00:01 +0000", NOON),
        ("Fri, 6 Feb 2036 06:28:16 +0000", NOON),
    ],
)
def test_a_date_more_than_366_days_from_delivery_is_absurd(tmp_path: Path, told: str, taken: int) -> None:
    act = one(tmp_path, mail(Date=told))
    assert (act.time, act.clock) == (taken, "server" if taken == NOON else "client")


@pytest.mark.parametrize("sender", ["-", "MAILER-DAEMON", "nobody", "mboxrd@z"])
def test_the_day_a_mailbox_was_made_is_no_delivery(tmp_path: Path, sender: str) -> None:
    envelope = f"From {sender} Thu Jan  1 00:00:00 2020"
    assert one(tmp_path, mail(envelope=envelope)).time == NOON
    lost = one(tmp_path, mail(envelope=envelope, Date=None))
    assert (lost.time, lost.precision) == (None, "none")


def test_public_inbox_dates_all_its_lines_1970(tmp_path: Path) -> None:
    assert one(tmp_path, mail(envelope="From list@example.org Thu Jan  1 00:00:00 1970")).time == NOON


def test_a_clock_without_a_zone_is_marked(tmp_path: Path) -> None:
    assert one(tmp_path, mail(Date="Mon, 1 Apr 2024 12:00:00")).note == NO_ZONE
    assert one(tmp_path, mail(Date="Mon, 1 Apr 2024 12:00:00 -0000")).note is None


# Splitting, as it shows in acts; the rest is in test_mail_split.


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_a_byte_order_mark_and_empty_lines_at_the_start(tmp_path: Path, compress: type[bytes]) -> None:
    act = one(tmp_path, compress(b"\xef\xbb\xbf\n\n" + mail()))
    assert (act.item, act.line) == ("1@example.org", 3)


def test_windows_line_ends(tmp_path: Path) -> None:
    text = mail("One.\n\n> quoted\n\nTwo.", References="<a@x>\n <b@x>") + mail(Message_ID="<2@x>")
    found = acts(place(tmp_path, text.replace(b"\n", b"\r\n")))
    assert [(act.item, act.parent, act.text) for act in found] == [
        ("1@example.org", "b@x", "One.\n\nTwo."),
        ("2@x", None, "Tea\nHello."),
    ]


# People.


def test_a_message_without_an_address_is_counted_and_left_out(tmp_path: Path) -> None:
    bundle = place(tmp_path, mail(From=None), mail(From=""), mail(From="Ann"), mail())
    assert len(acts(bundle)) == 1
    assert notes(bundle) == {mbox.NO_AUTHOR: 3}


def test_an_absence_makes_no_bot_of_a_person(tmp_path: Path) -> None:
    away = mail(Auto_Submitted="auto-replied")
    cron = mail(Auto_Submitted="auto-generated", Message_ID="<2@x>")
    bundle = place(tmp_path, mail(), away, away, away, cron)
    assert accounts(bundle)["ann@example.org"].actor_type is None
    assert notes(bundle) == {mbox.ABSENCE: 3}


def test_an_address_whose_messages_are_automatic_is_a_bot(tmp_path: Path) -> None:
    bundle = place(tmp_path, mail(Auto_Submitted="auto-generated"), mail(Auto_Submitted="no"), mail(Auto_Submitted="auto-notified; x"))
    assert accounts(bundle)["ann@example.org"].actor_type == "bot"


def test_a_list_that_tells_only_names_keeps_people_apart(tmp_path: Path) -> None:
    munged = [mail(From=f"talk at lists.example.org ({name} via talk)") for name in ("Ann Lee", "Bea Öz")]
    bundle = place(tmp_path, *munged)
    assert [act.actor for act in acts(bundle)] == ["ann lee via talk@lists.example.org", "bea öz via talk@lists.example.org"]
    assert notes(bundle) == {mbox.VEILED: 2}


def test_thanks_go_to_others_and_once(tmp_path: Path) -> None:
    trailers = "Reported-by: Bea <bea@x.org>\nHelped-by: B. <BEA@x.org>\nSuggested-by: Ann <ann@example.org>\n> Helped-by: C <c@x.org>"
    found = acts(place(tmp_path, mail(f"Fixed.\n\n{trailers}", In_Reply_To="<0@x>", List_Id="<l.example.org>")))
    assert [(act.kind, act.target, act.label, act.item, act.channel) for act in found] == [
        ("reply", None, None, "1@example.org", "l.example.org"),
        ("thank", "bea@x.org", "Reported-by", "1@example.org", "l.example.org"),
    ]
    assert found[1].parent is None
    assert found[1].time == NOON


def test_mail_of_a_persons_own_mailbox_is_private(tmp_path: Path) -> None:
    bundle = place(tmp_path, mail(X_GM_THRID="17"), mail(X_GM_THRID="18", List_Id="<l.example.org>", Message_ID="<2@x>"))
    assert [(act.item, act.visibility) for act in acts(bundle)] == [("2@x", "members")]
    assert notes(bundle) == {mbox.PRIVATE: 1}
    told = acts(bundle, Options(private=True))
    assert [act.visibility for act in told] == ["direct", "members"]


# Files.


def test_months_come_by_the_calendar() -> None:
    names = ["b/2006-April.txt", "2006-December.txt.gz", "2006-May.txt.gz", "2005-June.txt", "a.mbox", "2007q1.txt"]
    assert in_order(names) == ["2005-June.txt", "2006-May.txt.gz", "2006-December.txt.gz", "2007q1.txt", "a.mbox", "b/2006-April.txt"]


def test_a_zip_and_several_files(tmp_path: Path) -> None:
    for name in ("one.mbox", "two.mbox"):
        (tmp_path / name).write_bytes(mail(Message_ID=f"<{name}>"))
    with zipfile.ZipFile(tmp_path / "both.zip", "w") as archive:
        archive.write(tmp_path / "one.mbox", "Takeout/one.mbox")
        archive.writestr("Takeout/two.mbox.gz", gzip.compress((tmp_path / "two.mbox").read_bytes()))
    several = Bundle.of(tmp_path / "one.mbox", tmp_path / "two.mbox")
    assert [act.item for act in acts(several)] == ["one.mbox", "two.mbox"]
    assert [act.item for act in acts(Bundle.of(tmp_path / "both.zip"))] == ["one.mbox", "two.mbox"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"From here on it is prose.\nSubject: x\n",
        b"From ann@example.org  Mon Apr  1 12:00:00 2024\n\nno headers\n",
        b'{"From ": 1}',
        b"\x00\xff\xfeFrom ann@example.org  Mon Apr  1 12:00:00 2024\n",
        b"From " + b"0123456789" * 4 + b" Mon Sep 17 00:00:00 2001\nFrom: Ann <ann@example.org>\n",
        b"From " + b" " * 10_000,
        b"PK\x03\x04 no zip",
        gzip.compress(mail(), mtime=0)[:40],
    ],
)
def test_other_files_are_not_recognised(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "list.mbox").write_bytes(data)
    assert not recognise(Bundle.of(tmp_path / "folder"))


def test_a_mailbox_is_recognised_among_pictures(tmp_path: Path) -> None:
    for number in range(50):
        (tmp_path / f"{number}.jpg").write_bytes(b"\xff\xd8\xff")
    assert not recognise(Bundle.of(tmp_path))
    place(tmp_path, mail(), name="zoo.mbox")
    assert recognise(Bundle.of(tmp_path))


@given(st.binary(max_size=200))
def test_recognise_and_read_hold_on_any_bytes(data: bytes) -> None:
    message = Message(1, b"Mon Apr  1 12:00:00 2024", data, data)
    for act in Reader().acts(message, "f"):
        assert act.actor
        repr(act).encode("utf-8")


def test_an_empty_month_is_sound_and_a_broken_one_is_not(tmp_path: Path) -> None:
    place(tmp_path, mail(), name="2024-April.txt")
    (tmp_path / "2024-May.txt").write_bytes(b"")
    (tmp_path / "2024-June.txt.gz").write_bytes(gzip.compress(b""))
    assert len(acts(Bundle.of(tmp_path))) == 1
    assert notes(Bundle.of(tmp_path)) == {}
    (tmp_path / "2024-June.txt.gz").write_bytes(gzip.compress(mail() * 50)[:-20])
    with pytest.raises(Malformed, match="2024-June"):
        acts(Bundle.of(tmp_path))


def test_a_file_that_is_no_mailbox_is_malformed(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="expected a mailbox"):
        acts(place(tmp_path, b"a,b\n1,2\n"))


# Hostile.


@pytest.mark.parametrize("header", ["From", "Date", "Subject", "Message_ID", "References", "List_Id", "Content_Type", "Reply_To"])
@pytest.mark.parametrize("value", ["\udcff\udc00\udc80", "=?x?y?z?=", "=?utf-8?b?*?=", "\x00\x07", "<" * 5_000, '"' * 5_001, "9" * 5_000])
def test_odd_headers_harm_nothing(tmp_path: Path, header: str, value: str) -> None:
    for act in acts(place(tmp_path, mail(**{header: value}))):
        written = repr(act).encode("utf-8")
        assert b"\\x00" not in written


def test_lone_surrogates_and_nul_are_taken_out(tmp_path: Path) -> None:
    body = "a\0b +2AA- c"
    act = one(tmp_path, mail(body, Content_Type="text/plain; charset=utf-7"))
    assert act.text is not None
    assert "\0" not in act.text
    act.text.encode("utf-8")


def test_long_words_are_cut(tmp_path: Path) -> None:
    act = one(tmp_path, mail("word " * 10_000, In_Reply_To="<0@x>"))
    assert act.text is not None
    assert len(act.text) == 20_000


def test_batches_are_bounded_by_acts_and_by_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = place(tmp_path, *(mail(Message_ID=f"<{n}@x>") for n in range(10)))
    monkeypatch.setattr(mbox, "BATCH_ACTS", 4)
    assert [len(batch.acts) for batch in mbox.read(bundle, Options())] == [4, 4, 2]
    monkeypatch.setattr(mbox, "BATCH_CHARACTERS", 25)  # "Tea\nHello." are ten
    assert [len(batch.acts) for batch in mbox.read(bundle, Options())] == [3, 3, 3, 1]


def test_each_account_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mbox, "BATCH_ACTS", 1)
    bundle = place(tmp_path, mail(From="ann@example.org"), mail(), mail(), mail(From="A. <ann@example.org>"))
    told = [account for batch in mbox.read(bundle, Options()) for account in batch.accounts]
    assert told == [Account("ann@example.org"), Account("ann@example.org", "Ann")]


def test_a_message_of_many_megabytes_is_read_in_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regard.sources.mbox.split.LONGEST_MESSAGE", 1 << 20)
    long = mail("First words.\n" + ("x" * 70 + "\n") * 60_000)
    bundle = place(tmp_path, long, mail(Message_ID="<2@x>"))
    first, second = acts(bundle)
    assert first.text is not None
    assert first.text.startswith("Tea\nFirst words.")
    assert (second.item, second.line) == ("2@x", long.count(b"\n") + 1)
    assert notes(bundle) == {mbox.CUT: 1}


def test_the_source_tells_what_it_is() -> None:
    assert (MBOX.name, MBOX.view, MBOX.own_ids) == ("mbox", "whole", True)
    assert MBOX.recognise(Bundle.of(DATA))


def test_links_of_a_message_that_names_itself() -> None:
    assert links(Headers({"references": b"<1@x> <2@x>"}), "2@x").candidates == ["1@x"]
