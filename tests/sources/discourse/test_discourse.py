"""Discourse: a small invented forum counted by hand, one test a trap, and hostile inputs."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from regard.engines.duckdb.statements import execute
from regard.errors import Malformed
from regard.record.record import Record
from regard.record.schema import KINDS, Account, Act
from regard.record.storage import reading
from regard.sources.base import Options, Parsed
from regard.sources.catalogue import recognised
from regard.sources.discourse import posts
from regard.sources.discourse import source as discourse
from regard.sources.discourse.cooked import Cooked, Quote, parse_cooked
from regard.sources.discourse.posts import MessageContext, to_acts
from regard.sources.formats.bundle import Bundle
from regard.studies.read import inputs_of, read_into

DATA = Path(__file__).parents[1] / "data" / "discourse"
NOON = 1_709_294_400_000_000


def post(**fields: object) -> dict[str, object]:
    """A reply of Bob's in topic 7, with the fields given."""
    usual: dict[str, object] = {"id": 12, "topic_id": 7, "post_number": 2, "reply_to_post_number": None, "username": "Bob", "user_id": 2}
    return usual | {"created_at": "2024-03-01T12:00:00.000Z", "cooked": "<p>yes</p>", "post_type": 1} | fields


def parse(raw: object) -> Parsed:
    return to_acts(raw, MessageContext("a.json", 1))


def of(folder: Path, *contents: object) -> Bundle:
    for number, content in enumerate(contents):
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        (folder / f"{number}.json").write_bytes(data)
    return Bundle.of(folder)


def acts(source: Bundle, options: Options = Options()) -> list[Act]:  # noqa: B008  (frozen)
    return [act for batch in discourse.read(source, options) for act in batch.acts]


def accounts(source: Bundle) -> dict[str, Account]:
    return {account.id: account for batch in discourse.read(source, Options()) for account in batch.accounts}


def notes(source: Bundle, options: Options = Options()) -> dict[str, int]:  # noqa: B008  (frozen)
    return dict(sum((Counter(dict(batch.notes)) for batch in discourse.read(source, options)), Counter()))


def rows(acts: list[Act]) -> list[tuple[str, str, str | None, str | None, str | None]]:
    return [(act.actor, act.kind, act.target, act.item, act.parent) for act in acts]


# The forum in data/discourse, counted by hand.


def test_the_forum_row_by_row() -> None:
    assert rows(acts(Bundle.of(DATA))) == [
        # posts.json, newest first
        ("dan", "reply", None, "58/4", "58/1"),
        ("dan", "share", "ada", "58/4", None),
        ("dan", "reply", None, "58/2", "58/1"),
        ("cleo", "post", None, "58/1", None),
        # t/57.json
        ("ada", "post", None, "57/1", None),
        ("bob", "reply", None, "57/2", "57/1"),
        ("cleo", "reply", "bob", "57/3", "57/2"),
        ("cleo", "mention", "dan", "57/3", "57/2"),
        ("discobot", "reply", None, "57/6", "57/1"),
        # who opened topic 58 is known at the end only; topic 57 says who accepted
        ("cleo", "thank", "dan", "58/2", None),
        ("mod", "thank", "bob", "57/2", None),
    ]


def test_what_was_left_out_is_told() -> None:
    assert notes(Bundle.of(DATA)) == {
        discourse.OTHER_FILES: 1,
        posts.REMOVED: 1,
        posts.LIKES: 6,
        discourse.NOT_HELD: 2,
        posts.NOTICE: 1,
        posts.PRIVATE: 3,
    }


def test_private_talk_is_read_when_asked_for() -> None:
    private = [act for act in acts(Bundle.of(DATA), Options(private=True)) if act.item in ("57/5", "60/1", "60/2")]
    assert [(act.kind, act.item, act.visibility) for act in private] == [
        ("post", "60/1", "direct"),
        ("reply", "60/2", "direct"),
        ("reply", "57/5", "members"),
    ]
    assert posts.PRIVATE not in notes(Bundle.of(DATA), Options(private=True))


def test_who_is_who() -> None:
    assert accounts(Bundle.of(DATA)) == {
        "ada": Account("ada", "Ada Byron", role="admin", key="1"),
        "bob": Account("bob", "Bob", role="trust level 1", key="2"),
        "cleo": Account("cleo", "Cleo", role="trust level 0", key="3"),
        "dan": Account("dan", "Dan", role="moderator", key="4"),
        "discobot": Account("discobot", "discobot", "bot", role="trust level 4"),
    }


def test_words_times_and_threads() -> None:
    by_item = {act.item: act for act in acts(Bundle.of(DATA)) if act.kind in ("post", "reply")}
    assert by_item["57/1"].text == "Bread\nHow do I keep bread fresh & soft?"
    assert by_item["57/3"].text == "Linen? @Dan and @bob know better."
    assert {act.thread for act in by_item.values()} == {"57/1", "58/1"}
    assert by_item["57/1"].edited
    assert not by_item["57/2"].edited
    assert (by_item["57/2"].time, by_item["57/2"].precision) == (NOON - 3_600_000_000 + 500_000, "ms")
    assert {act.channel for act in by_item.values()} == {"category 5", "category 6"}


def test_in_the_record_a_reply_to_the_topic_is_to_its_opener(record: Record) -> None:
    ((_, result),) = list(read_into(record, inputs_of([DATA]), Options()))
    assert result is not None
    assert (result.added, result.replies, result.unresolved) == (11, 5, 0)


# One test a trap.


def test_the_same_topic_in_later_pages_finds_its_posts(tmp_path: Path, record: Record) -> None:
    pages = [{"latest_posts": [post(post_number=3, reply_to_post_number=2, username="Cleo")]}, {"latest_posts": [post()]}]
    for number, page in enumerate(pages):
        (tmp_path / f"{number}.json").write_text(json.dumps(page))
        results = [result for _, result in read_into(record, inputs_of([tmp_path / f"{number}.json"]), Options()) if result]
        assert [result.added for result in results] == [1]
    with reading(record.path) as connection:
        sql = "SELECT b.id FROM acts JOIN accounts a ON a.account = actor LEFT JOIN accounts b ON b.account = target WHERE a.id = 'cleo'"
        assert execute(connection, sql) == [("bob",)]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress, zstd.compress])
def test_lines_are_read_plain_and_packed(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(post(post_number=number)) for number in (1, 2, 3)).encode()
    (tmp_path / "x").write_bytes(pack(lines))
    bundle = Bundle.of(tmp_path / "x")
    assert recognised(bundle).source.name == "discourse"
    assert [(act.item, act.line) for act in acts(bundle)] == [("7/1", 1), ("7/2", 2), ("7/3", 3)]


@pytest.mark.parametrize(
    "content",
    [
        post(),
        [post()],
        {"latest_posts": [post()]},
        {"post_stream": {"posts": [post(topic_id=None)]}, "id": 7},
        [{"post_stream": {"posts": [post()]}, "id": 7}],
    ],
)
def test_every_way_of_laying_posts_out(content: object, tmp_path: Path) -> None:
    bundle = of(tmp_path, content)
    assert discourse.recognise(bundle)
    assert rows(acts(bundle)) == [("bob", "reply", None, "7/2", "7/1")]


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({"post_type": 2, "action_code": "split_topic"}, posts.NOTICE),
        ({"post_type": 2, "user_id": -1, "username": "system"}, posts.NOTICE),
        ({"post_type": 3}, posts.NOTICE),
        ({"post_type": 4}, posts.PRIVATE),
        ({"hidden": True}, posts.REMOVED),
        ({"user_deleted": True}, posts.REMOVED),
        ({"deleted_at": "2024-03-02T12:00:00.000Z"}, posts.REMOVED),
        ({"username": None}, posts.NO_AUTHOR),
        ({"post_number": None}, posts.NO_POST),
        ({"post_number": True}, posts.NO_POST),
        ({"topic_id": "7"}, posts.NO_POST),
        ({"topic_id": 10**40}, posts.NO_POST),
    ],
)
def test_what_is_not_read_is_counted(fields: dict[str, object], note: str) -> None:
    parsed = parse(post(**fields))
    assert (list(parsed.acts), list(parsed.notes), list(parsed.counts), list(parsed.accounts)) == ([], [note], [], [])


def test_a_post_highlighted_as_the_staffs_is_somebodys_words() -> None:
    (act,) = parse(post(post_type=2, moderator=True)).acts
    assert (act.actor, act.kind, act.text, act.parent) == ("bob", "reply", "yes", "7/1")


def test_a_post_read_again_after_a_rename_is_one_post_of_one_person(tmp_path: Path, record: Record) -> None:
    answer = post(post_number=3, username="Cleo", user_id=3, cooked='<a class="mention" href="/u/robert">@Robert</a>')
    of(tmp_path, [post()], [post(username="Robert"), answer])
    (result,) = [result for _, result in read_into(record, inputs_of([tmp_path]), Options())]
    assert result is not None
    assert (result.added, record.counts().people) == (3, 2)
    with reading(record.path) as connection:
        people = execute(connection, "SELECT id, name FROM accounts ORDER BY id")
        assert people == [("bob", "Robert"), ("cleo", "Cleo"), ("robert", None)]
        assert execute(connection, "SELECT count(*) FROM acts WHERE kind = 'mention' AND target = 0") == [(1,)]
    assert record.person("Robert").ids == ("bob", "robert")


def test_a_private_topic_is_left_out_by_its_kind(tmp_path: Path) -> None:
    topic = {"post_stream": {"posts": [post(actions_summary=[{"id": 2, "count": 3}])]}, "id": 7, "archetype": "private_message"}
    assert acts(of(tmp_path, topic)) == []
    assert notes(of(tmp_path, topic)) == {posts.PRIVATE: 1}


def test_a_post_that_quotes_whom_it_answers_or_itself_shares_nothing() -> None:
    def quoting(user: str, number: int) -> str:
        return f'<aside class="quote" data-username="{user}" data-post="{number}" data-topic="7"><blockquote>x</blockquote></aside>'

    def kinds(html: str, **fields: object) -> list[tuple[str, str | None]]:
        return [(act.kind, act.target) for act in parse(post(cooked=html, **fields)).acts[1:]]

    assert kinds(quoting("Ada", 1)) == []
    assert kinds(quoting("Ada", 1), post_number=5, reply_to_post_number=4) == [("share", "ada")]
    assert kinds(quoting("Ada", 3), reply_to_post_number=4, reply_to_user={"username": "ada"}) == []
    assert kinds(quoting("Bob", 3)) == []
    assert kinds(quoting("Eve", 3) * 2 + '<a class="mention" href="/u/eve">@eve</a>') == [("share", "eve")]


@pytest.mark.parametrize(
    ("html", "mentions"),
    [
        ('<a class="mention" href="/forum/u/ann_b">@ann_b</a>', ("ann_b",)),
        ('<a class="mention" href="/users/Ann">@Ann</a>', ("ann",)),
        ('<a class="mention" href="/u/%E7%8C%AB">@猫</a>', ("猫",)),
        ('<span class="mention">@all</span> <a class="mention-group" href="/groups/staff">@staff</a>', ()),
        ('<blockquote><a class="mention" href="/u/ann">@ann</a></blockquote>', ()),
        ('<aside class="onebox"><aside></aside><a class="mention" href="/u/ann">@ann</a></aside>', ()),
    ],
)
def test_who_is_mentioned(html: str, mentions: tuple[str, ...]) -> None:
    assert parse_cooked(html).mentions == mentions


def test_quotes_inside_quotes_are_others() -> None:
    inner = '<aside class="quote" data-username="Cleo" data-post="1" data-topic="7"><blockquote>c</blockquote></aside>'
    outer = f'<p>a</p><aside class="quote" data-username="Bob"><blockquote>{inner}b</blockquote></aside><p>d</p>'
    assert parse_cooked(outer) == Cooked("ad", (), (Quote("bob", None),))
    assert parse_cooked("<aside class='quote'>never closed").text == ""


def test_an_accepted_answer_without_an_opener_is_told(tmp_path: Path) -> None:
    assert notes(of(tmp_path, post(accepted_answer=True))) == {posts.NO_OPENER: 1}
    thanked = acts(of(tmp_path, [post(accepted_answer=True), post(post_number=1, username="Ada", user_id=1)]))[-1]
    assert (thanked.actor, thanked.kind, thanked.target, thanked.precision) == ("ada", "thank", "bob", "none")
    assert thanked.time == NOON


@pytest.mark.parametrize(
    ("fields", "kind", "role"),
    [
        ({"user_id": -1, "admin": True, "moderator": True}, "system", "admin"),
        ({"user_id": -2, "moderator": True}, "bot", "moderator"),
        ({"user_id": None}, None, None),
        ({"trust_level": 3}, None, "trust level 3"),
    ],
)
def test_roles_and_robots(fields: dict[str, object], kind: str | None, role: str | None) -> None:
    (account,) = parse(post(**fields)).accounts
    assert (account.actor_type, account.role) == (kind, role)


def test_a_broken_line_is_told_by_number(tmp_path: Path) -> None:
    bundle = of(tmp_path, json.dumps(post()).encode() + b'\n{"id": 5, "post_num')
    with pytest.raises(Malformed, match=r"0\.json, line 2: expected JSON"):
        acts(bundle)


ODD = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=2) | st.just({"username": "x"})
KEYS = tuple(post(actions_summary=1, reply_to_user=1, name=1, accepted_answer=1, topic_title=1, category_id=1, version=1, hidden=1))


@given(st.dictionaries(st.sampled_from(KEYS), ODD))
def test_whatever_the_fields_hold_nothing_breaks(fields: dict[str, object]) -> None:
    for act in parse(post(**fields)).acts:
        assert act.kind in KINDS
        assert act.actor


@pytest.mark.parametrize(
    "html", ["<aside" * 30_000, "<aside>" * 30_000, '<a class="mention" href="/u/' * 7_000, "/u/" * 60_000, '<aside data-post="' * 10_000]
)
def test_hostile_html_costs_little(html: str) -> None:
    began = process_time()
    parse_cooked('<aside><a class="mention"' + html)
    assert process_time() - began < 1


@given(st.text('<>aside/blockquote "=&#;data-username', max_size=80))
def test_whatever_the_html_holds_nothing_breaks(html: str) -> None:
    assert isinstance(parse_cooked(html).text, str)
