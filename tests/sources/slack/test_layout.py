"""The files of a Slack export: days, folders, lists and who may read them; and broken ones."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.errors import InputError, Malformed
from regard.record.schema import Account
from regard.sources.base import Options
from regard.sources.formats.bundle import Bundle
from regard.sources.slack import source as slack
from regard.sources.slack.layout import Conversation, conversations, read_array
from regard.sources.slack.source import SLACK

from .exports import ADA, BOB, DATA, GENERAL, TIME, TS, accounts, acts, bundle, message, notes, rows


def test_the_day_in_a_file_name_is_not_believed(tmp_path: Path) -> None:
    source = bundle(tmp_path, {"channels.json": GENERAL, "general/2019-12-31.json": [message()]})
    assert [act.time for act in acts(source)] == [TIME]


def test_days_and_channels_come_in_order(tmp_path: Path) -> None:
    days = ["b/2024-01-02.json", "a-b/2024-01-01.json", "b/2024-01-01.json", "a/2024-01-01.json"]
    source = bundle(tmp_path, {day: [message()] for day in days})
    assert [act.file for act in acts(source)] == ["a/2024-01-01.json", "a-b/2024-01-01.json", "b/2024-01-01.json", "b/2024-01-02.json"]


def test_a_folder_in_no_listing_may_be_private(tmp_path: Path) -> None:
    source = bundle(tmp_path, {"channels.json": GENERAL, "secret/2024-03-01.json": [message()], "general/2024-03-01.json": [message()]})
    assert {act.channel for act in acts(source)} == {"general"}
    assert notes(source) == {slack.UNLISTED: 1}
    assert {act.channel for act in acts(source, Options(private=True))} == {"general", "secret"}


def test_without_listings_only_direct_talk_is_private(tmp_path: Path) -> None:
    source = bundle(tmp_path, {f"{folder}/2024-03-01.json": [message()] for folder in ("general", "D024BE7LR", "mpdm-a--b-1")})
    assert rows(acts(source)) == [(ADA, "post", None, f"general:{TS}")]
    assert notes(source) == {slack.PRIVATE: 2}
    unknown = [act for act in acts(source, Options(private=True)) if act.visibility == "direct"]
    assert rows(unknown) == [(ADA, "message", None, f"D024BE7LR:{TS}"), (ADA, "message", None, f"mpdm-a--b-1:{TS}")]


def test_the_listing_tells_privacy_not_the_letter(tmp_path: Path) -> None:
    listed: list[dict[str, object]] = [{"id": "G00000009", "name": "open"}, {"id": "C00000009", "name": "closed", "is_private": True}]
    listed += [{"id": "C00000008", "name": "few", "is_mpim": True, "is_private": True}, {"id": "C00000007", "is_im": True}]
    days = [f"{folder}/2024-03-01.json" for folder in ("open", "closed", "few", "C00000007")]
    source = bundle(tmp_path, {"channels.json": listed, **{day: [message()] for day in days}})
    assert {act.channel for act in acts(source)} == {"open"}
    visibility = {act.channel: act.visibility for act in acts(source, Options(private=True))}
    assert visibility == {"open": "members", "closed": "members", "few": "direct", "C00000007": "direct"}


def test_the_stricter_of_two_listings_holds(tmp_path: Path) -> None:
    files: dict[str, object] = {"channels.json": GENERAL, "groups.json": GENERAL, "general/2024-03-01.json": [message()]}
    assert acts(bundle(tmp_path, files)) == []


def test_a_channel_name_in_another_unicode_form(tmp_path: Path) -> None:
    files: dict[str, object] = {"channels.json": [{"id": "C00000005", "name": "cafe\u0301"}], "caf\u00e9/2024-03-01.json": [message()]}
    assert rows(acts(bundle(tmp_path, files))) == [(ADA, "post", None, f"C00000005:{TS}")]


def test_a_folder_may_be_named_by_the_id(tmp_path: Path) -> None:
    files: dict[str, object] = {"channels.json": [{"id": "C00000005", "name": ""}], "C00000005/2024-03-01.json": [message()]}
    assert rows(acts(bundle(tmp_path, files))) == [(ADA, "post", None, f"C00000005:{TS}")]


def test_an_export_of_several_workspaces(tmp_path: Path) -> None:
    files: dict[str, object] = {
        "org_users.json": [{"id": ADA, "name": "ada", "is_bot": False}],
        "channels.json": [{"id": "C00000008", "name": "shared"}],
        "teams/north/channels.json": GENERAL,
        "teams/north/users.json": [{"id": BOB, "name": "bob"}],
        "teams/north/general/2024-03-01.json": [message()],
        "teams/north/shared/2024-03-01.json": [message(user=BOB)],
        "teams/south/groups.json": [{"id": "G00000007", "name": "general"}],
        "teams/south/general/2024-03-01.json": [message()],
    }
    source = bundle(tmp_path, files)
    assert SLACK.recognise(source)
    assert rows(acts(source)) == [(ADA, "post", None, f"C00000001:{TS}"), (BOB, "post", None, f"C00000008:{TS}")]
    assert accounts(source).keys() == {ADA, BOB}
    assert notes(source) == {slack.PRIVATE: 1}


def test_other_files_are_not_opened(tmp_path: Path) -> None:
    files: dict[str, object] = {
        "channels.json": GENERAL,
        "general/2024-03-01.json": [message()],
        "general/tss.json": b"not JSON",
        "integration_logs.json": b"not JSON",
        "canvases.json": b"not JSON",
        "FC_F00000001_plan/2024-03-01.json": b"not JSON",
        "__uploads/F00000001/2024-03-01.json": b"not JSON",
    }
    source = bundle(tmp_path, files)
    assert len(acts(source, Options(private=True))) == 1
    assert notes(source, Options(private=True)) == {slack.CANVAS: 1}


def test_one_channels_own_folder(tmp_path: Path) -> None:
    source = bundle(tmp_path / "general", {"2024-03-01.json": [message()]})
    assert SLACK.recognise(source)
    assert rows(acts(source)) == [(ADA, "post", None, f"general:{TS}")]


def test_one_channel_in_an_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "general.zip", "w") as archive:
        archive.writestr("2024-03-01.json", json.dumps([message()]))
    assert rows(acts(Bundle.of(tmp_path / "general.zip"))) == [(ADA, "post", None, f"general:{TS}")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"ts": "1.0"}', "expected a JSON array, but it holds one dict"),
        (b"null", "expected a JSON array, but it holds one NoneType"),
        (b"", "line 1: expected a JSON array"),
        (b'[\n{"type": "message",\n', "line 3: expected a JSON array, but it is cut short or broken"),
        (b'["\xff"]', "expected text in UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[" + b"9" * 5_000 + b"]", "a number without end"),
    ],
)
@pytest.mark.parametrize("name", ["general/2024-03-01.json", "channels.json", "users.json"])
def test_a_broken_file_is_named(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    source = bundle(tmp_path, {"channels.json": GENERAL, "general/2024-03-01.json": [message()], name: content})
    SLACK.recognise(source)
    with pytest.raises(Malformed, match=says) as caught:
        acts(source)
    assert str(caught.value).startswith(name)


def test_what_the_strict_reader_refuses_is_still_read(tmp_path: Path) -> None:
    content = b'\xef\xbb\xbf[{"type": "message", "user": "U1", "ts": "1709280000.000121", "n": NaN, "text": "a\\ud800b\\u0000c\x00d\te"}]'
    source = bundle(tmp_path, {"general/2024-03-01.json": content})
    assert SLACK.recognise(source)
    assert [act.text for act in acts(source)] == ["a\ufffdbcd\te"]


def test_a_zip_cut_short_is_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "whole.zip", "w") as archive:
        archive.write(DATA / "channels.json", "channels.json")
    (tmp_path / "cut.zip").write_bytes((tmp_path / "whole.zip").read_bytes()[:-30])
    with pytest.raises(Malformed, match=r"cut\.zip"):
        Bundle.of(tmp_path / "cut.zip")


def test_odd_listings_are_passed_over(tmp_path: Path) -> None:
    files: dict[str, object] = {
        "users.json": [None, 5, {"id": 5}, {"id": "U1", "profile": "x", "name": ["y"], "is_bot": "yes"}, {"id": "U1", "name": "twice"}],
        "channels.json": [None, {}, {"id": None, "name": 4}, {"id": "C00000001", "name": "general", "members": "all"}],
        "general/2024-03-01.json": [message(user="U1")],
    }
    source = bundle(tmp_path, files)
    assert accounts(source) == {"U1": Account("U1", None, "person")}
    assert rows(acts(source)) == [("U1", "post", None, f"C00000001:{TS}")]


@given(st.binary(max_size=60), st.sampled_from(["channels.json", "users.json", "general/2024-03-01.json"]))
def test_no_bytes_break_the_reader(tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str) -> None:
    source = bundle(tmp_path_factory.mktemp("export"), {name: b"[" + content, "help/2024-03-02.json": [message()]})
    SLACK.recognise(source)
    location = name
    try:
        list(slack.read(source, Options(private=True)))
    except InputError as error:
        location = str(error)
    assert location.startswith(name)


@given(st.text(st.characters(min_codepoint=0, max_codepoint=0xFFFF, exclude_categories=[])))
def test_any_string_can_be_stored(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    (post,) = acts(bundle(tmp_path_factory.mktemp("export"), {"general/2024-03-01.json": [message(text="x" + text)]}))
    assert post.text is not None
    post.text.encode("utf-8")
    assert "\0" not in post.text


def test_the_members_and_days_of_a_conversation() -> None:
    by_id = {each.id: each for each in conversations(Bundle.of(DATA))}
    assert by_id["C00000001"].days == ("general/2024-03-01.json", "general/2024-03-02.json")
    assert by_id["D00000001"] == Conversation("D00000001", "D00000001", "direct", (ADA, BOB), True, ("D00000001/2024-03-01.json",))
    assert len(read_array(Bundle.of(DATA), "general/2024-03-01.json")) == 5
