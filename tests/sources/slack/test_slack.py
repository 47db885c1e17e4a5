"""The Slack export: a small invented workspace counted by hand, and how an export is recognised."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from regard.record.schema import Account, Act
from regard.sources import batch_builder
from regard.sources.base import Options
from regard.sources.formats.bundle import Bundle
from regard.sources.slack import messages
from regard.sources.slack import source as slack
from regard.sources.slack.source import SLACK

from .exports import ADA, BOB, CLEO, DATA, GENERAL, TS, accounts, acts, bundle, general, message, notes, rows

# The workspace in data/slack, counted by hand.


def test_the_public_channels_row_by_row() -> None:
    first, second, third, wave = (f"C00000001:{ts}" for ts in (TS, "1709280060.000200", "1709280120.000300", "1709280140.000500"))
    help_ = "C00000002:17092800"
    assert rows(acts(Bundle.of(DATA))) == [
        (ADA, "post", None, first),
        (ADA, "mention", BOB, first),
        (BOB, "react", ADA, first),
        (CLEO, "react", ADA, first),
        (ADA, "react", ADA, first),
        (BOB, "reply", ADA, second),
        (BOB, "mention", CLEO, second),
        (CLEO, "reply", ADA, third),
        (CLEO, "post", None, wave),
        (CLEO, "reply", None, "C00000001:1709366400.000100"),
        ("BFEED0001", "post", None, help_ + "00.000121"),
        ("UBUILD004", "post", None, help_ + "01.000100"),
        ("BPOLL0001", "post", None, help_ + "02.000100"),
        (BOB, "reply", "BPOLL0001", help_ + "03.000100"),
        (BOB, "post", None, help_ + "04.000100"),
        (BOB, "mention", ADA, help_ + "04.000100"),
        ("UGUEST005", "post", None, help_ + "05.000100"),
        ("UGUEST005", "mention", BOB, help_ + "05.000100"),
    ]


def test_a_reply_knows_its_place() -> None:
    reply = next(act for act in acts(Bundle.of(DATA)) if act.item == "C00000001:1709280060.000200")
    assert reply == Act(
        BOB,
        "reply",
        1_709_280_060_000_200,
        target=ADA,
        item="C00000001:1709280060.000200",
        parent=f"C00000001:{TS}",
        thread=f"C00000001:{TS}",
        channel="general",
        text="@Ada done, ask @cleo",
        edited=True,
        file="general/2024-03-01.json",
        line=2,
    )


def test_who_is_who() -> None:
    assert accounts(Bundle.of(DATA)) == {
        ADA: Account(ADA, "Ada", "person", title="Gardener", role="owner"),
        BOB: Account(BOB, "Bob Lark", "person"),  # deleted, and still one person
        CLEO: Account(CLEO, "cleo", "person", role="guest"),
        "UBUILD004": Account("UBUILD004", "Builder", "bot"),
        "USLACKBOT": Account("USLACKBOT", "Slackbot", "system"),
        "BFEED0001": Account("BFEED0001", "News feed", "bot"),
        "BPOLL0001": Account("BPOLL0001", "Poll", "bot"),
        "UGUEST005": Account("UGUEST005", "Dee Guest", "person"),
    }


def test_no_address_or_number_comes_in() -> None:
    everything = repr([*slack.read(Bundle.of(DATA), Options(private=True))])
    assert "example.org/f" in everything  # a link in a text is the text's
    assert "@example.org" not in everything
    assert "555" not in everything


def test_what_is_left_out_is_counted() -> None:
    assert notes(Bundle.of(DATA)) == {
        "private conversations left out": 3,
        "joins, leaves and other notices": 1,
        "deleted messages": 1,
    }


def test_private_talk_comes_only_when_asked_for() -> None:
    public, everything = acts(Bundle.of(DATA)), acts(Bundle.of(DATA), Options(private=True))
    assert {act.channel for act in public} == {"general", "help"}
    private = [act for act in everything if act not in public]
    assert rows(private) == [
        (BOB, "message", ADA, f"D00000001:{TS}"),
        (ADA, "react", BOB, f"D00000001:{TS}"),
        (ADA, "post", None, f"G00000003:{TS}"),
        (ADA, "message", BOB, f"G00000004:{TS}"),
        (ADA, "message", CLEO, f"G00000004:{TS}"),
        (BOB, "message", ADA, "G00000004:1709280001.000121"),
        (BOB, "message", CLEO, "G00000004:1709280001.000121"),
    ]
    assert [act.visibility for act in private] == ["direct", "direct", "members", "direct", "direct", "direct", "direct"]
    assert [act.text for act in private] == ["psst @Ada", None, "budget", "lunch?", None, "yes", None]


def test_without_text_the_ties_stay() -> None:
    silent = acts(Bundle.of(DATA), Options(text=False))
    assert all(act.text is None for act in silent)
    assert rows(silent) == rows(acts(Bundle.of(DATA)))


def test_zip_and_folder_read_alike(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "whatever.zip", "w") as archive:
        for path in DATA.rglob("*.json"):
            archive.write(path, f"My workspace Slack export/{path.relative_to(DATA).as_posix()}")
    zipped = Bundle.of(tmp_path / "whatever.zip")
    assert SLACK.recognise(zipped)
    assert acts(zipped) == acts(Bundle.of(DATA))


# Recognising, and the way of the data.


def test_an_export_is_recognised_by_what_it_holds() -> None:
    assert SLACK.recognise(Bundle.of(DATA))


def test_quiet_first_days_do_not_hide_an_export(tmp_path: Path) -> None:
    assert SLACK.recognise(bundle(tmp_path, {"a/2024-01-01.json": [], "a/2024-01-02.json": [message()]}))


def test_listings_alone_are_recognised(tmp_path: Path) -> None:
    assert SLACK.recognise(bundle(tmp_path, {"channels.json": GENERAL, "readme.txt": b"x"}))


@pytest.mark.parametrize(
    "files",
    [
        {"a.json": {"guild": {"id": "1"}, "channel": {"id": "2"}, "messages": [{"id": "3", "type": "Default"}]}},
        {"import.jsonl": b'{"type": "version", "version": 1}\n{"type": "channel", "channel": {"team": "t", "name": "c"}}\n'},
        {"users.json": [{"id": 1, "name": "someone"}], "channels.json": [{"id": "general", "members": 3}]},
        {"users.json": {"users": [{"id": "U00000001", "team_id": "T1"}]}},
        {"diary/2024-03-01.json": [{"text": "dear diary"}], "diary/2024-03-02.json": b"\xff\xfe\x00"},
        {"diary/2024-03-01.json": {"type": "message", "ts": TS}},
        {"realm.json": {}, "messages-000001.json": {"zerver_message": []}},
        {"readme.txt": b"2024-03-01.json"},
    ],
)
def test_other_folders_are_not_claimed(tmp_path: Path, files: dict[str, object]) -> None:
    assert not SLACK.recognise(bundle(tmp_path, files))


def test_long_days_come_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_builder, "BATCH_ACTS", 3)
    source = general(tmp_path, None, *(message(ts=f"17092800{n:02}.000100") for n in range(8)))
    batches = list(slack.read(source, Options()))
    assert [batch.notes for batch in batches] == [((messages.NO_MESSAGE, 1),), (), ()]
    assert [len(batch.acts) for batch in batches] == [3, 3, 2]
    assert [len(batch.accounts) for batch in batches] == [1, 0, 0]


def test_an_empty_export_has_no_acts(tmp_path: Path) -> None:
    assert acts(general(tmp_path)) == []
