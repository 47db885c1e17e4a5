"""Tweets of API 1.1: a small invented collection counted by hand, one test a trap, and hostile inputs."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.engines.duckdb.statements import execute
from regard.errors import Malformed
from regard.record.record import Record
from regard.record.schema import KINDS, Account, Act
from regard.record.storage import reading
from regard.sources.base import LIKELY, Options, Parsed, Recognition
from regard.sources.catalogue import recognised
from regard.sources.formats.bundle import Bundle
from regard.sources.twitter import source as twitter
from regard.sources.twitter import tweets
from regard.sources.twitter.fields import full_text, get_id, parse_time
from regard.sources.twitter.tweets import TweetContext, to_acts
from regard.studies.read import inputs_of, read_into

DATA = Path(__file__).parents[1] / "data" / "twitter"
ANN, BOB, CLEO, DAN = "11", "12", "13", "14"
TEN = 1_709_373_600_000_000
"""Ten o'clock on 2 March 2024, UTC."""


def tweet(**fields: object) -> dict[str, object]:
    """Bob's tweet 50, with the fields given."""
    usual: dict[str, object] = {"id": 50, "id_str": "50", "created_at": "Sat Mar 02 10:00:00 +0000 2024", "text": "bread"}
    return usual | {"user": {"id_str": "12", "screen_name": "bob", "followers_count": 35}} | fields


def naming(*people: tuple[str, str]) -> dict[str, object]:
    return {"user_mentions": [{"id_str": id, "screen_name": name} for id, name in people]}


def parse(raw: object) -> Parsed:
    return to_acts(raw, TweetContext("a.json", 1))


def acts(source: Bundle, options: Options = Options()) -> list[Act]:  # noqa: B008  (frozen)
    return [act for batch in twitter.read(source, options) for act in batch.acts]


def merged(accounts: list[Account]) -> dict[str, Account]:
    """What a record keeps of accounts: the last value of each field."""
    kept: dict[str, Account] = {}
    for new in accounts:
        values = {name: value for name, value in new._asdict().items() if value is not None}
        kept[new.id] = kept.get(new.id, new)._replace(**values)
    return kept


def rows(acts: Sequence[Act]) -> list[tuple[str, str, str | None, str | None, str | None]]:
    return [(act.actor, act.kind, act.target, act.item, act.parent) for act in acts]


# The collection in data/twitter, counted by hand.


def test_the_collection_row_by_row() -> None:
    assert rows(acts(Bundle.of(DATA))) == [
        (BOB, "reply", ANN, "1002", "1001"),
        (BOB, "mention", CLEO, "1002", "1001"),
        (CLEO, "reply", None, "1003", "1002"),  # by structure.json
        (ANN, "post", None, "1001", None),
        (DAN, "share", ANN, "2001", None),
        (BOB, "post", None, "2002", None),
        (BOB, "share", ANN, "2002", None),
        (BOB, "mention", DAN, "2002", None),
        (CLEO, "post", None, "2003", None),
        (CLEO, "mention", DAN, "2003", None),
        (BOB, "share", CLEO, "2004", None),
        (DAN, "post", None, "2005", None),
        (DAN, "mention", BOB, "2005", None),
    ]


def test_what_was_left_out_is_told() -> None:
    counted = sum((Counter(dict(batch.notes)) for batch in twitter.read(Bundle.of(DATA), Options())), Counter())
    assert counted == {twitter.OTHER_FILES: 1, tweets.DELETED: 1, tweets.NO_TWEET: 1}


def test_followers_are_those_of_the_latest_tweet_whatever_the_order() -> None:
    emitted = [account for batch in twitter.read(Bundle.of(DATA), Options()) for account in batch.accounts]
    assert merged(emitted) == {
        ANN: Account(ANN, "ann", followers=63_020, role="verified"),  # as the quote of 3 March shows her
        BOB: Account(BOB, "bob", followers=40),  # 30 on 1 March comes after it in the file
        CLEO: Account(CLEO, "cleo", followers=6),
        DAN: Account(DAN, "dan", followers=120),
    }


def test_words_times_and_labels() -> None:
    by_kind = {(act.item, act.kind): act for act in acts(Bundle.of(DATA))}
    source, quote, long = by_kind["1001", "post"], by_kind["2002", "share"], by_kind["2003", "post"]
    assert (source.text, source.label, source.lang) == ("Who bakes rye & wheat? #bread", "bread", "en")
    assert (source.time, source.precision, source.visibility) == (TEN, "s", "public")
    assert (quote.text, quote.label) == (None, "quote")
    assert (long.text, long.lang) == ("A long one that is cut off no more, is it, @dan?", None)
    assert {act.label for act in acts(Bundle.of(DATA), Options(text=False))} == {None, "quote", "retweet"}


def test_in_the_record_the_trees_answer_is_to_whom_it_answers(record: Record) -> None:
    ((_, appended),) = list(read_into(record, inputs_of([DATA]), Options()))
    assert appended is not None
    assert (appended.added, appended.replies, appended.unresolved) == (13, 2, 0)
    with reading(record.path) as connection:
        sql = "SELECT b.name, thread_root FROM acts JOIN accounts b ON b.account = target WHERE item = '1003'"
        assert execute(connection, sql) == [("bob", "1001")]


# One test a trap.


def test_lines_in_one_packed_file(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(tweet(id_str=str(number))) for number in (50, 51, 52))
    (tmp_path / "stream").write_bytes(gzip.compress(lines.encode()))
    bundle = Bundle.of(tmp_path / "stream")
    assert recognised(bundle).source.name == "twitter"
    assert [(act.item, act.line) for act in acts(bundle)] == [("50", 1), ("51", 2), ("52", 3)]


def test_tweets_are_recognised_with_a_reason() -> None:
    reason = "bread/1001/replies/1002.json holds texts with a user and a time as Twitter's API 1.1 writes it"
    assert twitter.recognise(Bundle.of(DATA)) == Recognition(LIKELY, reason)


def test_the_archive_of_ones_own_account_is_another_thing(tmp_path: Path) -> None:
    own = {key: value for key, value in tweet(full_text="bread").items() if key != "user"}
    for content in (json.dumps([{"tweet": own}]), "window.YTD.tweets.part0 = " + json.dumps([{"tweet": tweet()}])):
        (tmp_path / "tweets.js").write_text(content)
        assert not twitter.recognise(Bundle.of(tmp_path / "tweets.js"))


def test_an_answer_in_a_thread_is_no_retweet() -> None:
    parsed = parse(tweet(text="RT @Ann: rye?", in_reply_to_status_id=49, in_reply_to_user_id=11, entities=naming((ANN, "ann"))))
    assert rows(parsed.acts) == [(BOB, "reply", ANN, "50", "49")]


def test_a_retweet_of_a_quote_quotes_nobody() -> None:
    inner = tweet(id_str="40", user={"id_str": ANN}, quoted_status=tweet(id_str="30", user={"id_str": CLEO}))
    parsed = parse(tweet(retweeted_status=inner, quoted_status=inner["quoted_status"], entities=naming((ANN, "ann"), (CLEO, "cleo"))))
    assert rows(parsed.acts) == [(BOB, "share", ANN, "50", None)]


def test_a_quote_in_an_answer_of_whom_it_answers_is_both() -> None:
    quoted = tweet(id_str="40", user={"id_str": ANN})
    parsed = parse(tweet(in_reply_to_status_id_str="39", in_reply_to_user_id_str=ANN, quoted_status=quoted))
    assert [(act.kind, act.target) for act in parsed.acts] == [("reply", ANN), ("share", ANN)]


def test_a_tweet_to_somebody_that_answers_no_tweet_is_a_mention() -> None:
    parsed = parse(tweet(in_reply_to_user_id=11, entities=naming((ANN, "ann"))))
    assert [(act.kind, act.target) for act in parsed.acts] == [("post", None), ("mention", ANN)]


def test_the_tree_is_asked_where_the_tweet_does_not_tell(tmp_path: Path) -> None:
    for name, content in {
        "t/7/reactions/50.json": tweet(),
        "t/7/reactions/51.json": tweet(id_str="51", in_reply_to_status_id=44),
        "t/7/structure.json": {"40": {"50": {"51": []}}},
        "t/8/reactions/52.json": tweet(id_str="52"),
        "t/8/structure.json": [],
        "t/9/reactions/53.json": tweet(id_str="53"),
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(json.dumps(content))
    assert [(act.item, act.kind, act.parent) for act in acts(Bundle.of(tmp_path))] == [
        ("50", "reply", "40"),
        ("51", "reply", "44"),
        ("52", "post", None),
        ("53", "post", None),
    ]


@pytest.mark.parametrize("raw", [None, [], {}, {"id": 5}, tweet(id_str=None, id=0.5), tweet(user=None), tweet(user={"id": "x"})])
def test_what_is_no_tweet_is_counted(raw: object) -> None:
    parsed = parse(raw)
    assert (list(parsed.acts), Counter(parsed.notes), list(parsed.accounts)) == ([], Counter({tweets.NO_TWEET: 1}), [])


@pytest.mark.parametrize(
    ("fields", "id"),
    [
        ({"id": 500303431928922113}, "500303431928922113"),
        ({"id": 5.003034319289221e17, "id_str": "500303431928922113"}, "500303431928922113"),
        ({"id": "7"}, "7"),
        ({"id": True}, None),
        ({"id": 5e17}, None),
        ({"id_str": "7\n"}, None),
        ({"id": 10**25}, None),
    ],
)
def test_ids_keep_all_their_digits(fields: dict[str, object], id: str | None) -> None:
    assert get_id(fields, "id") == id


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("Sat Mar 02 10:00:00 +0000 2024", TEN),
        ("Sat Mar 02 11:30:00 +0130 2024", TEN),
        ("2024-03-02T10:00:00.000Z", TEN),
        ("Sat Mar 32 10:00:00 +0000 2024", None),
        ("Sat Mär 02 10:00:00 +0000 2024", None),
        ("", None),
        (7, None),
    ],
)
def test_times_of_tweets(text: object, time: int | None) -> None:
    assert parse_time(text).time == time


def test_a_protected_accounts_tweets_are_for_its_followers() -> None:
    assert parse(tweet(user={"id": 12, "protected": True})).acts[0].visibility == "followers"


@pytest.mark.parametrize("followers", [-1, None, "many", True, 2**70])
def test_followers_that_are_no_count_are_not_known(followers: object) -> None:
    assert parse(tweet(user={"id": 12, "followers_count": followers})).accounts == [Account("12")]


def test_an_account_is_given_when_it_is_new_or_described_by_a_later_tweet() -> None:
    described = tweet(entities=naming((ANN, "ann")))
    context = TweetContext("a.json", 1)
    both = [Account(BOB, "bob", followers=35), Account(ANN, "ann")]
    assert to_acts(described, context).accounts == both
    assert to_acts(described, context._replace(described={BOB: TEN, ANN: tweets.ONLY_NAMED})).accounts == both[:1]
    assert to_acts(described, context._replace(described={BOB: TEN + 1})).accounts == both[1:]


def test_full_text_and_escapes_once() -> None:
    assert full_text({"full_text": "&amp;lt;", "text": "cut"}) == "&lt;"
    assert full_text({}) == ""


def test_a_tweet_cut_short_is_told_by_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(tweet()) + "\n" + json.dumps(tweet())[:-20])
    with pytest.raises(Malformed, match=r"a\.jsonl, line 2: expected JSON"):
        acts(Bundle.of(tmp_path / "a.jsonl"))


ODD = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=2) | st.just({"user": {"id": 3}})
KEYS = (*tweet(), "retweeted_status", "quoted_status", "entities", "extended_tweet", "in_reply_to_status_id", "in_reply_to_user_id", "lang")


@given(st.dictionaries(st.sampled_from(KEYS), ODD))
def test_whatever_the_fields_hold_nothing_breaks(fields: dict[str, object]) -> None:
    for act in parse(tweet(**fields)).acts:
        assert act.kind in KINDS
        assert act.actor
