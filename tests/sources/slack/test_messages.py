"""The acts of one Slack message, one test a trap: ids, replies, mentions, reactions, authors, text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.record.schema import KINDS, Account
from regard.sources.base import Options, Parsed
from regard.sources.formats.bundle import Bundle
from regard.sources.slack import messages
from regard.sources.slack import source as slack
from regard.sources.slack.layout import Conversation
from regard.sources.slack.messages import to_acts
from regard.sources.slack.mrkdwn import find_mentions, to_text
from regard.sources.slack.users import NewAccounts, profile_name

from .exports import ADA, BOB, CLEO, CONTEXT, DATA, GENERAL, TS, accounts, acts, acts_of, bundle, general, message, notes, rows


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
        ({"profile": {"bot_id": "B01"}}, "bot", None),
        ({"deleted": True, "is_admin": "yes"}, "person", None),
    ],
)
def test_flags(tmp_path: Path, flags: dict[str, object], kind: str, role: str | None) -> None:
    account = accounts(bundle(tmp_path, {"users.json": [{"id": ADA, "name": "ada", **flags}], "a/2024-03-01.json": []}))[ADA]
    assert (account.name, account.actor_type, account.role) == ("ada", kind, role)


@pytest.mark.parametrize(
    ("name", "real", "kind"),
    [("jenkins", "", "bot"), ("buildbot", "Build Bot", "bot"), ("travis-ci", "Travis CI", "bot"), ("jenkins", "Ann Jenkins", "person")],
)
def test_known_apps_that_are_listed_as_people(tmp_path: Path, name: str, real: str, kind: str) -> None:
    user = {"id": ADA, "name": name, "is_bot": False, "profile": {"real_name": real}}
    files: dict[str, object] = {"users.json": [user], "channels.json": GENERAL, "general/2024-03-01.json": [message(bot_id="B01")]}
    found = accounts(bundle(tmp_path, files))
    assert found[ADA].actor_type == kind
    assert ("B01" in found) == (kind == "person")  # a bot's own messages have both ids


def test_a_bot_message_of_an_unlisted_user_is_a_bots(tmp_path: Path) -> None:
    assert accounts(general(tmp_path, message(subtype="bot_message")))[ADA].actor_type == "bot"


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


def test_odd_messages_are_skipped_and_counted(tmp_path: Path) -> None:
    odd: list[object] = [None, 7, "text", [], {}, {"type": "event"}, message(type=["message"]), message(subtype={})]
    source = general(
        tmp_path, *odd, message(ts="1709280001.000000", reactions=["x", {"name": "ok"}, {"users": [BOB]}]), message(reactions={"a": 1})
    )
    assert rows(acts(source)) == [(ADA, "post", None, "C00000001:1709280001.000000"), (ADA, "post", None, f"C00000001:{TS}")]
    assert notes(source) == {messages.NO_MESSAGE: 7, messages.BAD_TS: 1, messages.ODD_REACTION: 4}


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
