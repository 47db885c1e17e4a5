"""Mailing lists: a small invented archive counted by hand, files of all kinds, and limits."""

from __future__ import annotations

import gzip
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.errors import Malformed
from regard.record.record import Record
from regard.record.schema import Account
from regard.sources import batch_builder
from regard.sources.base import CERTAIN, Options, Recognition
from regard.sources.formats.bundle import Bundle
from regard.sources.mbox import messages as mail
from regard.sources.mbox import source as mbox
from regard.sources.mbox.dates import DATE_OF_DELIVERY
from regard.sources.mbox.messages import Mail, MessageContext, to_acts
from regard.sources.mbox.source import MBOX, in_order, recognise
from regard.sources.mbox.split import Message
from regard.studies.read import inputs_of, read_into

from .mailboxes import DATA, NOON, accounts, acts, message, notes, write_mailbox

# Counted by hand.


def test_months_of_pipermail() -> None:
    bundle = Bundle.of(DATA / "pipermail")
    result = acts(bundle)
    assert [(act.actor, act.kind, act.item, act.parent, act.file, act.line) for act in result] == [
        ("bea@garden.example", "post", "compost@garden.example", None, "2024-March.txt", 1),
        ("ann@garden.example", "post", "key-1@garden.example", None, "2024-April.txt", 1),
        ("bea@garden.example", "reply", "key-2@garden.example", "key-1@garden.example", "2024-April.txt", 14),
        ("cem@orchard.example", "reply", "key-3@orchard.example", "key-2@garden.example", "2024-April.txt", 33),
    ]
    assert [act.thread for act in result] == ["compost@garden.example"] + ["key-1@garden.example"] * 3
    assert [act.ancestors for act in result] == [None, None, None, "key-1@garden.example"]
    assert {act.target for act in result} == {None}
    assert result[1].time == NOON - 4 * 3_600_000_000
    assert {(act.precision, act.clock, act.note) for act in result} == {("s", "client", None)}
    assert notes(bundle) == {mail.NO_AUTHOR: 1, mbox.NO_MAILBOX: 1}
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
    result = acts(bundle)
    assert [(act.actor, act.kind, act.target, act.parent, act.label) for act in result] == [
        ("dee@code.example", "post", None, None, None),
        ("eli@fox.example", "reply", None, "stop@code.example", None),
        ("eli@fox.example", "thank", "dee@code.example", None, "Reported-by"),
        ("syzbot+1f2e@robots.example", "post", None, None, None),
        ("dee@code.example", "reply", None, "fix@fox.example", None),
    ]
    assert {act.channel for act in result} == {"talk.lists.code.example"}
    assert [act.text for act in result[:1]] == ["Å clock that stops\nIt stops at noon."]
    assert result[2].item == result[1].item == "fix@fox.example"
    assert result[2].text is None
    assert (result[4].clock, result[4].note) == ("server", DATE_OF_DELIVERY)
    assert notes(bundle) == {mail.NO_ADDRESS: 1, mail.AUTOMATIC_REPLY: 1, mail.DIGEST: 1, mail.DELIVERED: 1, mail.NO_ID: 1}
    assert accounts(bundle) == {
        "dee@code.example": Account("dee@code.example", "Dée (home)"),
        "eli@fox.example": Account("eli@fox.example", "Eli Fox"),
        "syzbot+1f2e@robots.example": Account("syzbot+1f2e@robots.example", "syzbot", "bot"),
    }


def test_nothing_sensitive_is_kept() -> None:
    shown = repr(list(mbox.read(Bundle.of(DATA), Options())))
    for secret in ("else@code.example", "Somebody Else", "192.0.2.7", "phone 555", "555 0100", "AAAA"):
        assert secret not in shown


def test_no_text_on_request() -> None:
    with_text, without = acts(Bundle.of(DATA)), acts(Bundle.of(DATA), Options(text=False))
    assert [act._replace(text=None) for act in with_text] == without


# Files.


def test_months_come_by_the_calendar() -> None:
    names = ["b/2006-April.txt", "2006-December.txt.gz", "2006-May.txt.gz", "2005-June.txt", "a.mbox", "2007q1.txt"]
    assert in_order(names) == ["2005-June.txt", "2006-May.txt.gz", "2006-December.txt.gz", "2007q1.txt", "a.mbox", "b/2006-April.txt"]


def test_a_zip_and_several_files(tmp_path: Path) -> None:
    for name in ("one.mbox", "two.mbox"):
        (tmp_path / name).write_bytes(message(Message_ID=f"<{name}>"))
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
        gzip.compress(message(), mtime=0)[:40],
    ],
)
def test_other_files_are_not_recognised(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "list.mbox").write_bytes(data)
    assert not recognise(Bundle.of(tmp_path / "folder"))


def test_a_mailbox_is_recognised_with_a_reason() -> None:
    assert recognise(Bundle.of(DATA)) == Recognition(CERTAIN, "list.mbox begins with a From_ line and a mail header")


def test_a_mailbox_is_recognised_among_pictures(tmp_path: Path) -> None:
    for number in range(50):
        (tmp_path / f"{number}.jpg").write_bytes(b"\xff\xd8\xff")
    assert not recognise(Bundle.of(tmp_path))
    write_mailbox(tmp_path, message(), name="zoo.mbox")
    assert recognise(Bundle.of(tmp_path))


@given(st.binary(max_size=200))
def test_recognise_and_read_hold_on_any_bytes(data: bytes) -> None:
    raw = Message(1, b"Mon Apr  1 12:00:00 2024", data, data)
    for act in to_acts(Mail.of(raw), MessageContext("f", 1)).acts:
        assert act.actor
        repr(act).encode("utf-8")


def test_an_empty_month_is_sound_and_a_broken_one_is_not(tmp_path: Path) -> None:
    write_mailbox(tmp_path, message(), name="2024-April.txt")
    (tmp_path / "2024-May.txt").write_bytes(b"")
    (tmp_path / "2024-June.txt.gz").write_bytes(gzip.compress(b""))
    assert len(acts(Bundle.of(tmp_path))) == 1
    assert notes(Bundle.of(tmp_path)) == {}
    (tmp_path / "2024-June.txt.gz").write_bytes(gzip.compress(message() * 50)[:-20])
    with pytest.raises(Malformed, match="2024-June"):
        acts(Bundle.of(tmp_path))


def test_a_file_that_is_no_mailbox_is_malformed(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="expected a mailbox"):
        acts(write_mailbox(tmp_path, b"a,b\n1,2\n"))


CASES = Path(__file__).parents[1] / "cases"


def test_separators_of_unknown_forms(tmp_path: Path) -> None:
    bundle = Bundle.of(CASES / "K04-separators-swallowed" / "in.mbox")
    assert [act.actor for act in acts(bundle)] == ["ann@x.org", "bob@x.org", "cyd@x.org", "dee@x.org"]
    assert notes(bundle) == {}
    assert notes(write_mailbox(tmp_path, message("From ann@x.org 2024-01-02 10:00\nhello"))) == {mail.PASSED_OVER: 1}


def test_one_date_on_all_messages() -> None:
    bundle = Bundle.of(CASES / "K20-same-date-everywhere" / "in.mbox")
    assert [datetime.fromtimestamp((act.time or 0) / 1e6, UTC).isoformat()[:16] for act in acts(bundle)] == [
        "2003-06-02T10:00",
        "2003-06-03T11:00",
        "2003-07-09T09:00",
        "2003-08-01T09:00",
    ]
    assert notes(bundle) == {mail.ONE_DATE: 4}


def test_a_date_that_no_calendar_holds() -> None:
    bundle = Bundle.of(CASES / "S03-a-date-beyond-the-calendar" / "day.mbox")
    assert [(act.actor, act.clock, act.note) for act in acts(bundle)] == [("a@x.org", "server", DATE_OF_DELIVERY)]
    assert notes(bundle) == {mail.DELIVERED: 1}


def test_escaped_ids_find_their_parents(tmp_path: Path) -> None:
    inputs = inputs_of([CASES / "K17-escaped-ids" / "in.mbox"])
    with Record.at(tmp_path / "r.regard") as record:
        [(_, result)] = read_into(record, inputs, Options())
    assert result is not None
    assert (result.added, result.replies, result.unresolved) == (8, 4, 0)


def test_a_google_group_without_a_list_id() -> None:
    result = acts(Bundle.of(CASES / "K21-google-group-taken-for-own-mailbox" / "in.mbox"))
    assert [(act.actor, act.channel, act.visibility) for act in result] == [
        ("ann@x.org", "birds@googlegroups.com", "members"),
        ("bob@x.org", "birds@googlegroups.com", "members"),
    ]


# Limits.


def test_batches_are_bounded_by_acts_and_by_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = write_mailbox(tmp_path, *(message(Message_ID=f"<{n}@x>") for n in range(10)))
    monkeypatch.setattr(batch_builder, "BATCH_ACTS", 4)
    assert [len(batch.acts) for batch in mbox.read(bundle, Options())] == [4, 4, 2]
    monkeypatch.setattr(batch_builder, "BATCH_TEXT", 25)  # "Tea\nHello." are ten
    assert [len(batch.acts) for batch in mbox.read(bundle, Options())] == [3, 3, 3, 1]


def test_each_account_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_builder, "BATCH_ACTS", 1)
    bundle = write_mailbox(tmp_path, message(From="ann@example.org"), message(), message(), message(From="A. <ann@example.org>"))
    emitted = [account for batch in mbox.read(bundle, Options()) for account in batch.accounts]
    assert emitted == [Account("ann@example.org"), Account("ann@example.org", "Ann")]


def test_a_message_of_many_megabytes_is_read_in_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regard.sources.mbox.split.MAX_MESSAGE", 1 << 20)
    long = message("First words.\n" + ("x" * 70 + "\n") * 60_000)
    bundle = write_mailbox(tmp_path, long, message(Message_ID="<2@x>"))
    first, second = acts(bundle)
    assert first.text is not None
    assert first.text.startswith("Tea\nFirst words.")
    assert (second.item, second.line) == ("2@x", long.count(b"\n") + 1)
    assert notes(bundle) == {mail.TRUNCATED: 1}


def test_the_source_tells_what_it_is() -> None:
    assert (MBOX.name, MBOX.view, MBOX.own_ids) == ("mbox", "whole", True)
    assert MBOX.recognise(Bundle.of(DATA))
