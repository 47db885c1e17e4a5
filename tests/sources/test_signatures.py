"""Formats that are not read yet are named, and no signature takes an input from a source."""

from __future__ import annotations

import json
from pathlib import Path
from time import process_time

import pytest

from regard.errors import Unrecognised
from regard.record.record import Record
from regard.sources.base import Options
from regard.sources.catalogue import BUILT_IN, recognised
from regard.sources.formats.bundle import Bundle
from regard.sources.signatures import SIGNATURES, is_no_table, look_alike
from regard.studies.read import inputs_of, read_into

DATA = Path(__file__).parent / "data"
AS2 = "https://www.w3.org/ns/activitystreams"
API = "https://api.github.com/repos/a/b"


def text(value: object) -> str:
    return json.dumps(value, indent=1)


INPUTS: dict[str, tuple[str, dict[str, str]]] = {
    "discord": ("Discord", {"general.json": text({"guild": {"id": "1"}, "channel": {"id": "2", "categoryId": "3"}, "messages": []})}),
    "discord csv": ("Discord", {"g.csv": 'AuthorID,Author,Date,Content,Attachments,Reactions\n"1","ann","2024-01-01","hi","",""\n'}),
    "telegram": ("Telegram", {"result.json": text({"messages": [{"type": "message", "date_unixtime": "1700000000", "from": "Ann"}]})}),
    "old telegram": ("Telegram", {"result.json": text({"type": "private_supergroup", "messages": [{"id": 1, "from_id": 77}]})}),
    "mastodon": ("a Mastodon account", {"outbox.json": text({"@context": AS2, "orderedItems": []}), "actor.json": text({"@context": AS2})}),
    "x": ("X (Twitter)", {"data/tweets.js": "window.YTD.tweets.part0 = [ ]"}),
    "jetstream": ("Bluesky", {"e.jsonl": '{"did": "did:plc:abc", "commit": {"collection": "app.bsky.feed.like"}}\n'}),
    "zulip": ("Zulip", {"realm.json": text({"zerver_realm": []}), "messages-000001.json": text({"zerver_message": []})}),
    "mattermost": ("Mattermost", {"import.jsonl": '{"type":"version","version":1}\n{"type":"post","post":{"user":"ann"}}\n'}),
    "rocketchat": ("Rocket.Chat", {"page.json": text({"messages": [{"_id": "1", "rid": "r", "msg": "hi", "u": {"_id": "7"}}]})}),
    "rocketchat dump": ("Rocket.Chat", {"dump/rocketchat_message.bson": "-"}),
    "teams": ("Teams", {"m.json": text([{"CreatedDateTime": "2025-09-25", "ReplyToId": None, "Body": {"ContentType": "html"}}])}),
    "graph": ("Teams", {"m.json": text({"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#chats", "value": []})}),
    "twarc": ("X's API", {"t.jsonl": json.dumps({"data": [{"id": "1", "author_id": "7", "conversation_id": "1"}], "__twarc": {}}) + "\n"}),
    "toots": ("Mastodon's API", {"s.json": text([{"in_reply_to_account_id": None, "account": {"id": "5"}, "reblog": None}])}),
    "gitlab": ("GitLab", {"i.json": text([{"iid": 1, "author": {"id": 1}, "web_url": "https://gitlab.com/o/r/-/issues/1"}])}),
    "jira": ("Jira", {"j.json": text({"expand": "names", "issues": [{"key": "A-1", "fields": {"comment": {}}}]})}),
    "matrix": ("Matrix", {"export.json": text({"messages": [{"sender": "@ann:x.org", "origin_server_ts": 1432735824653}]})}),
    "reddit": ("Reddit", {"posts.json": text({"kind": "Listing", "data": {"name": "t3_a", "subreddit": "bread"}})}),
    "signal": ("Signal", {"chat.txt": "[2019-12-24, 12:23] Jane Doe: Hello John!\n"}),
    "whatsapp ios": ("WhatsApp", {"_chat.txt": "\u200e[24.12.19, 12:23:45] Jane Doe: Hello\n"}),
    "whatsapp android": ("WhatsApp", {"chat.txt": "12/24/2019, 1:23\u202fPM - Jane Doe: Hello\n"}),
    "messenger": ("Messenger", {"message_1.json": text({"messages": [{"sender_name": "Ann", "timestamp_ms": 1600000000000}]})}),
    "irc": ("IRC", {"bread.log": "--- Log opened\n12:34 <ann> hello\n12:35 <@bo> hi\n"}),
    "hyperkitty": ("HyperKitty", {"e.json": text({"url": "https://x.org/hyperkitty/api/list/dev@x.org/email/A/"})}),
    "public-inbox": ("public-inbox", {"git/0.git/HEAD": "ref: refs/heads/master\n", "all.git/HEAD": "ref: x\n"}),
    "maildir": ("Maildir", {"cur/1700000000.M1P2.host:2,S": "From: ann@x.org\n\nhi\n", "new/1700000001.M1P2.host": "-"}),
    "activitystreams": ("ActivityStreams", {"a.json": text({"@context": AS2, "type": "Create", "actor": "http://x.org/ann"})}),
    "announce": (
        "ActivityStreams",
        {"a.json": json.dumps({"type": "Announce", "actor": "https://x.org/ann", "published": "2022-12-03", "object": "https://y.org/1"})},
    ),
    "gexf": ("GEXF", {"net.gexf": '<?xml version="1.0"?>\n<gexf version="1.2"><graph/></gexf>'}),
    "graphml": ("GraphML", {"net.xml": '<?xml version="1.0"?>\n<graphml><graph/></graphml>'}),
    "git log": ("git", {"log.txt": f"commit {'0a' * 20}\nAuthor: Ann <ann@x.org>\nDate: now\n"}),
    "git export": ("git", {"export": "blob\nmark :1\ndata 3\nhi\n"}),
    "bare git": ("git", {"HEAD": "ref: x\n", "objects/pack/a.pack": "PACK", "refs/heads/main": "0a\n"}),
    "github events": ("GitHub", {"e.json": text([{"type": "WatchEvent", "actor": {"login": "ann"}, "repo": {"name": "a/b"}}])}),
    "github timeline": ("GitHub", {"t.json": text([{"event": "labeled", "actor": {"login": "ann"}, "url": API, "node_id": "M"}] * 2)}),
}
"""A word of the name, and the files of an input, by format."""


def put(folder: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", INPUTS)
def test_a_format_that_is_not_read_yet_is_named(name: str, tmp_path: Path) -> None:
    word, files = INPUTS[name]
    with pytest.raises(Unrecognised, match=r"this looks like [^;]*" + word.replace("(", r"\(").replace(")", r"\)") + "[^;]*; not read yet"):
        recognised(Bundle.of(put(tmp_path / "in", files)))


def test_the_repository_of_a_bluesky_account_is_named(tmp_path: Path) -> None:
    (tmp_path / "repo.car").write_bytes(b":\xa2eroots\x81\xd8*X%\x00\x01q\x12 ")
    with pytest.raises(Unrecognised, match="a Bluesky account"):
        recognised(Bundle.of(tmp_path / "repo.car"))


@pytest.mark.parametrize("source", BUILT_IN, ids=lambda source: source.name)
def test_no_signature_takes_an_input_that_a_source_reads(source: object) -> None:
    folder = DATA / source.name  # type: ignore[attr-defined]
    assert not is_no_table(Bundle.of(folder))
    assert recognised(Bundle.of(folder)).source is source


def test_what_the_table_reads_with_ties_is_still_a_table(tmp_path: Path) -> None:
    row = {"id": "b", "name": "t1_b", "author": "bo", "parent_id": "t1_a", "subreddit": "bread", "created_utc": 1702000100}
    (tmp_path / "RC.ndjson").write_text(json.dumps(row) + "\n")
    assert recognised(Bundle.of(tmp_path / "RC.ndjson")).source.name == "table"


def test_a_stray_file_does_not_keep_tables_from_being_read(tmp_path: Path) -> None:
    files = {
        "a.gexf": INPUTS["gexf"][1]["net.gexf"],
        "log.csv": "from,to,time\nann,bo,2024-01-01\n",
        "chat.txt": "[2019-12-24, 12:23] A: b\n",
    }
    assert recognised(Bundle.of(put(tmp_path, files))).source.name == "table"


def test_whoever_maps_the_columns_reads_it_all_the_same(tmp_path: Path) -> None:
    path = put(tmp_path, INPUTS["announce"][1]) / "a.json"
    options = Options(mapping={"actor": "actor", "target": "object", "time": "published"})
    with Record.temporary() as record:
        results = [result for _, result in read_into(record, inputs_of([path], options=options), options)]
        assert [result.read for result in results if result] == [1]


@pytest.mark.parametrize(
    "content", ["\n" * 60_000, " " * 60_000, "[" * 60_000, '{"guild" ' * 7_000, "12:00 " * 10_000, "<!--" * 16_000, "1/1/1" * 12_000]
)
def test_hostile_bytes_cost_little(content: str, tmp_path: Path) -> None:
    (tmp_path / "x").write_text(content)
    begin = process_time()
    look_alike(Bundle.of(tmp_path / "x"))
    assert process_time() - begin < 1


def test_names_have_articles_and_marks() -> None:
    for signature in SIGNATURES:
        assert signature.names or signature.marks
