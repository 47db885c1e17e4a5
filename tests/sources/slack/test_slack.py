"""The Slack export: a small invented workspace counted by hand, one test a trap, and hostile inputs."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.errors import InputError, Malformed
from regard.record.schema import KINDS, Account, Act
from regard.sources import batch_builder
from regard.sources.base import Options, Parsed
from regard.sources.formats.bundle import Bundle
from regard.sources.slack import messages
from regard.sources.slack import source as slack
from regard.sources.slack.layout import Conversation, conversations, read_array
from regard.sources.slack.messages import MessageContext, to_acts
from regard.sources.slack.mrkdwn import find_mentions, to_text
from regard.sources.slack.source import SLACK
from regard.sources.slack.users import NewAccounts, profile_name

DATA = Path(__file__).parents[1] / "data" / "slack"
ADA, BOB, CLEO = "UADA00001", "UBOB00002", "UCLEO0003"
TS = "1709280000.000121"
TIME = 1_709_280_000_000_121
GENERAL = [{"id": "C00000001", "name": "general", "members": []}]


def message(**fields: object) -> dict[str, object]:
    return {"type": "message", "user": ADA, "text": "hello", "ts": TS, **fields}


def bundle(folder: Path, files: dict[str, object]) -> Bundle:
    """An export of the files given: bytes as they are, all else as JSON."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return Bundle.of(folder)


def general(folder: Path, *messages: object) -> Bundle:
    return bundle(folder, {"channels.json": GENERAL, "general/2024-03-01.json": list(messages)})


def acts(source: Bundle, options: Options = Options()) -> list[Act]:  # noqa: B008  (frozen)
    return [act for batch in slack.read(source, options) for act in batch.acts]


def accounts(source: Bundle, options: Options = Options()) -> dict[str, Account]:  # noqa: B008  (frozen)
    return {account.id: account for batch in slack.read(source, options) for account in batch.accounts}


def notes(source: Bundle, options: Options = Options()) -> dict[str, int]:  # noqa: B008  (frozen)
    return dict(sum((Counter(dict(batch.notes)) for batch in slack.read(source, options)), Counter()))


def rows(acts: list[Act]) -> list[tuple[str, str, str | None, str | None]]:
    return [(act.actor, act.kind, act.target, act.item) for act in acts]


CONTEXT = MessageContext(Conversation("C00000001", "general", "public"), "general/2024-03-01.json", 1)


def acts_of(raw: object, context: MessageContext = CONTEXT) -> list[Act]:
    return list(to_acts(raw, context).acts)


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


# Traps of the format.


def test_ids_stay_text_and_time_is_exact() -> None:
    (post,) = acts_of(message(ts="1453237080.000121"))
    assert (post.item, post.time) == ("C00000001:1453237080.000121", 1_453_237_080_000_121)


@pytest.mark.parametrize(
    "ts", [1453237080.000121, "1e9", "", None, "-1.0", "12345678901234567890.1", "١٢٣.1", "1.0000000", " 1.0", ["1.0"]]
)
def test_an_unsound_timestamp_is_skipped_and_counted(ts: object) -> None:
    assert to_acts(message(ts=ts), CONTEXT) == Parsed(notes=[messages.BAD_TS])


@pytest.mark.parametrize("subtype", ["channel_join", "channel_topic", "huddle_thread", "reply_broadcast", "bot_add", "pinned_item"])
def test_notices_are_not_acts(subtype: str) -> None:
    notice = message(subtype=subtype, reactions=[{"name": "wave", "users": [BOB], "count": 1}])
    assert to_acts(notice, CONTEXT) == Parsed(notes=[messages.NOTICE])


def test_the_same_channel_from_two_exports_has_the_same_rows() -> None:
    before, after = message(), message(thread_ts=TS, reply_count=1)
    assert acts_of(before) == acts_of(after)


def test_a_broadcast_reply_written_twice_counts_once(tmp_path: Path) -> None:
    reply = message(subtype="thread_broadcast", thread_ts="1709270000.000100", parent_user_id=BOB)
    source = general(tmp_path, reply, message(thread_ts="1709270000.000100", parent_user_id=BOB))
    assert rows(acts(source)) == [(ADA, "reply", BOB, f"C00000001:{TS}")]
    assert notes(source) == {slack.REPEATED: 1}


def test_a_self_reply_stays_and_a_self_mention_goes() -> None:
    assert rows(acts_of(message(text=f"<@{ADA}> note to self", thread_ts="1709270000.000100", parent_user_id=ADA))) == [
        (ADA, "reply", ADA, f"C00000001:{TS}")
    ]


def test_a_person_named_in_text_and_blocks_is_mentioned_once() -> None:
    nested = {"type": "rich_text_list", "elements": [{"type": "rich_text_section", "elements": [{"type": "user", "user_id": CLEO}]}]}
    blocks = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "user", "user_id": BOB}]}, nested]}]
    assert list(find_mentions(message(text=f"<@{BOB}|bob> <@{BOB}>", blocks=blocks))) == [BOB, CLEO]


def test_people_are_named_in_the_order_of_reading() -> None:
    texts = [
        {"type": "rich_text_section", "elements": [{"type": "user", "user_id": id} for id in pair]} for pair in (("U1", "U2"), ("U3", "U4"))
    ]
    blocks = [{"type": "rich_text", "elements": texts}, {"type": "rich_text", "elements": [{"type": "user", "user_id": "U5"}]}]
    assert list(find_mentions(message(text="", blocks=blocks))) == ["U1", "U2", "U3", "U4", "U5"]


def test_words_and_place_belong_to_the_message_alone() -> None:
    reactions = [{"name": "ok", "users": [CLEO], "count": 1}]
    reply, mention, reaction = acts_of(message(text=f"<@{BOB}>", thread_ts="1709270000.000100", edited={"ts": TS}, reactions=reactions))
    assert (reply.text, mention.text, reaction.text) == (f"@{BOB}", None, None)
    assert (reply.parent, reaction.parent, reply.edited, reaction.edited) == ("C00000001:1709270000.000100", None, True, False)
    assert reply.thread == mention.thread == reaction.thread == "C00000001:1709270000.000100"


def test_a_reply_to_a_deleted_message_is_not_to_slackbot() -> None:
    (reply,) = acts_of(message(thread_ts="1709270000.000100", parent_user_id="USLACKBOT"))
    assert (reply.kind, reply.target, reply.parent) == ("reply", None, "C00000001:1709270000.000100")


def test_names_of_people_and_channels_are_written_out() -> None:
    assert acts(Bundle.of(DATA))[0].text == "@Bob Lark can you water #help & the ferns?"


@pytest.mark.parametrize("text", ["<!here>", "<!channel|@channel>", "<!everyone>", "<!subteam^S1|@team>", "&lt;@U1&gt;", "<#C1|u>", "@bob"])
def test_nobody_is_named(text: str) -> None:
    assert find_mentions(message(text=text)) == {}


def test_reactor_lists_may_be_short() -> None:
    reactions = [{"name": "tada", "users": [BOB, BOB], "count": 9}, {"name": "ok", "users": [BOB], "count": 1}]
    _, tada, ok = acts_of(message(reactions=reactions))
    assert (tada.label, tada.note, ok.label, ok.note) == ("tada", "reactor list truncated", "ok", None)
    assert (tada.time is not None, tada.precision, tada.text, tada.target) == (True, "none", None, ADA)


def test_the_colour_of_a_hand_is_not_kept() -> None:
    assert [act.label for act in acts(Bundle.of(DATA)) if act.kind == "react"] == ["pray", "pray", "thumbsup"]


def test_an_app_acting_for_a_person_is_a_bot() -> None:
    root = next(act for act in acts(Bundle.of(DATA)) if act.actor == "BPOLL0001")
    assert (root.kind, root.note) == ("post", "app acting for a person")


def test_old_integrations_have_a_name_only() -> None:
    parsed = to_acts({"type": "message", "subtype": "bot_message", "username": "deploys", "ts": TS}, CONTEXT)
    assert [act.actor for act in parsed.acts] == ["bot:deploys"]
    assert parsed.accounts == [Account("bot:deploys", "deploys", "bot")]


def test_a_message_without_an_author_is_counted() -> None:
    assert to_acts(message(user=None), CONTEXT) == Parsed(notes=[messages.NO_AUTHOR])


def test_slackbot_is_the_system_even_unlisted(tmp_path: Path) -> None:
    assert accounts(general(tmp_path, message(user="USLACKBOT", bot_id="B01")))["USLACKBOT"].actor_type == "system"


def test_of_an_id_alone_nobody_knows_what_it_is(tmp_path: Path) -> None:
    assert accounts(general(tmp_path, message())) == {ADA: Account(ADA)}


@pytest.mark.parametrize(
    ("name", "kept"), [("a.b@c.org", "a.b"), ("@a.b", "@a.b"), ("me @ c.org", "me @ c.org"), ("a@b", "a@b"), ("a@b.c@d", "a@b.c@d")]
)
def test_a_name_that_is_an_address(name: str, kept: str) -> None:
    assert profile_name({"real_name": name}) == kept


@pytest.mark.parametrize(
    ("flags", "kind", "role"),
    [
        ({"is_admin": True}, "person", "admin"),
        ({"is_primary_owner": True, "is_admin": True}, "person", "owner"),
        ({"is_ultra_restricted": True}, "person", "guest"),
        ({"is_workflow_bot": True}, "bot", None),
        ({"deleted": True, "is_admin": "yes"}, "person", None),
    ],
)
def test_flags(tmp_path: Path, flags: dict[str, object], kind: str, role: str | None) -> None:
    account = accounts(bundle(tmp_path, {"users.json": [{"id": ADA, "name": "ada", **flags}], "a/2024-03-01.json": []}))[ADA]
    assert (account.name, account.actor_type, account.role) == ("ada", kind, role)


def test_direct_messages_go_to_each_other_member_once(tmp_path: Path) -> None:
    files: dict[str, object] = {
        "dms.json": [{"id": "D00000001", "members": [ADA, BOB, BOB, None]}],
        "D00000001/2024-03-01.json": [message(), message(ts="1709280001.000100", bot_id="B01"), message(ts="1709280002.000100", user=CLEO)],
    }
    assert [(act.actor, act.target) for act in acts(bundle(tmp_path, files), Options(private=True))] == [
        (ADA, BOB),
        ("B01", BOB),  # for Ada, so not to her
        (CLEO, ADA),
        (CLEO, BOB),
    ]


def test_a_name_that_turns_up_later_is_handed_over_later() -> None:
    new = NewAccounts()
    named = [Account("U1"), Account("U1"), Account("U1", "Una"), Account("U1", "Una again"), Account("U1")]
    assert new.among(named) == [Account("U1"), Account("U1", "Una")]
    assert new.among(named) == []


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


# Words.


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("<@U1> and <@U2> and <@U3|cy>", "@Ada and @U2 and @cy"),
        ("<#C1> <#C2|new> <#C3|>", "#general #new #C3"),
        ("<!here> <!channel|@channel> <!subteam^S1|@team> <!date^1^{date}|1970>", "@here @channel @team 1970"),
        ("<https://a.org|the page> <https://a.org> <https://a.org|a.org>", "the page (https://a.org) https://a.org https://a.org"),
        ("<mailto:x@a.org|x@a.org> <tel:123|call>", "x@a.org call"),
        ("&amp;lt; &lt;b&gt; &quot; &amp;", "&lt; <b> &quot; &"),
        ("&lt;@U1&gt; 1 < 2 <> <unfinished", "<@U1> 1 < 2 <> <unfinished"),
    ],
)
def test_words(raw: str, read: str) -> None:
    assert to_text(raw, {"U1": "Ada", "C1": "general"}) == read


@given(st.text())
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    assert to_text(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"), {}) == text


# Hostile inputs.


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


def test_odd_messages_are_skipped_and_counted(tmp_path: Path) -> None:
    odd: list[object] = [None, 7, "text", [], {}, {"type": "event"}, message(type=["message"]), message(subtype={})]
    source = general(
        tmp_path, *odd, message(ts="1709280001.000000", reactions=["x", {"name": "ok"}, {"users": [BOB]}]), message(reactions={"a": 1})
    )
    assert rows(acts(source)) == [(ADA, "post", None, "C00000001:1709280001.000000"), (ADA, "post", None, f"C00000001:{TS}")]
    assert notes(source) == {messages.NO_MESSAGE: 7, messages.BAD_TS: 1, messages.ODD_REACTION: 4}


def test_odd_listings_are_passed_over(tmp_path: Path) -> None:
    files: dict[str, object] = {
        "users.json": [None, 5, {"id": 5}, {"id": "U1", "profile": "x", "name": ["y"], "is_bot": "yes"}, {"id": "U1", "name": "twice"}],
        "channels.json": [None, {}, {"id": None, "name": 4}, {"id": "C00000001", "name": "general", "members": "all"}],
        "general/2024-03-01.json": [message(user="U1")],
    }
    source = bundle(tmp_path, files)
    assert accounts(source) == {"U1": Account("U1", None, "person")}
    assert rows(acts(source)) == [("U1", "post", None, f"C00000001:{TS}")]


ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from([ADA, BOB, TS, f"<@{CLEO}> <", "message"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["user", "users", "type", "name", "elements", "user_id"]), inner)
    ),
    max_leaves=12,
)
FIELDS = [
    "type",
    "subtype",
    "user",
    "bot_id",
    "username",
    "text",
    "ts",
    "thread_ts",
    "parent_user_id",
    "root",
    "reactions",
    "edited",
    "blocks",
]
SOUND = {"subtype": "file_comment", "thread_ts": "1709270000.000100", "reactions": [{"name": "ok", "users": [BOB], "count": 1}]}


@given(
    st.dictionaries(st.sampled_from([*FIELDS, "comment", "user_profile", "bot_profile"]), ANY),
    st.booleans(),
    st.sampled_from(["public", "direct"]),
)
def test_any_message_gives_sound_acts_or_a_note(odd: dict[str, object], sound: bool, privacy: str) -> None:
    conversation = Conversation("C1", "c", "direct" if privacy == "direct" else "public", (ADA, BOB))
    parsed = to_acts({**message(), **(SOUND if sound else {}), **odd}, CONTEXT._replace(conversation=conversation))
    assert bool(parsed.acts) == (not parsed.notes or set(parsed.notes) == {messages.ODD_REACTION})
    known = {account.id for account in parsed.accounts}
    for act in parsed.acts:
        assert act.kind in KINDS
        assert isinstance(act.actor, str)
        assert act.actor in known
        assert act.target is None or act.target in known or act.target in conversation.members
        assert act.time is not None
        assert (act.kind == "react") == (act.precision == "none")
        assert act.item is not None
        assert act.text is None or isinstance(act.text, str)
        assert act.kind == "react" or act.actor != act.target or act.kind == "reply"


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


def test_the_members_and_days_of_a_conversation() -> None:
    by_id = {each.id: each for each in conversations(Bundle.of(DATA))}
    assert by_id["C00000001"].days == ("general/2024-03-01.json", "general/2024-03-02.json")
    assert by_id["D00000001"] == Conversation("D00000001", "D00000001", "direct", (ADA, BOB), True, ("D00000001/2024-03-01.json",))
    assert len(read_array(Bundle.of(DATA), "general/2024-03-01.json")) == 5
