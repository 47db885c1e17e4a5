"""GitHub archives: a small invented repository counted by hand, one test a trap, and hostile inputs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.errors import Malformed
from regard.record.record import Record
from regard.record.schema import KINDS, Account, Act
from regard.sources import batch_builder
from regard.sources.base import CERTAIN, LIKELY, Options, Parsed, Recognition
from regard.sources.formats.bundle import Bundle
from regard.sources.github import source as github
from regard.sources.github import threads
from regard.sources.github.accounts import find_author
from regard.sources.github.markdown import find_mentions, own_words
from regard.sources.github.threads import ThreadContext, to_acts
from regard.studies.read import inputs_of, read_into

DATA = Path(__file__).parents[1] / "data" / "github"
ARCHIVE = {"magic": "E!vIA5L86J2I", "timestamp": "2024-04-02T00:00:00+00:00", "repo": "a/b", "labels": [], "issues": [], "pulls": []}
NOON = 1_709_294_400_000_000


def issue(**fields: object) -> dict[str, object]:
    """Ann's issue 7, with the fields given."""
    usual: dict[str, object] = {
        "number": 7,
        "author": "Ann",
        "authorAssociation": "OWNER",
        "title": "Oven",
        "body": "Cold.",
        "comments": [],
    }
    return usual | {"createdAt": "2024-03-01T12:00:00Z", "url": "https://github.com/a/b/issues/7"} | fields


def comment(**fields: object) -> dict[str, object]:
    return {"author": "bob", "authorAssociation": "NONE", "body": "Yes", "createdAt": "2024-03-01T13:00:00Z"} | fields


def parse(raw: object, repo: str = "a/b") -> Parsed:
    return to_acts(raw, ThreadContext("archive.json", 1, repo))


def bundle_of(folder: Path, **parts: object) -> Bundle:
    (folder / "x.json").write_text(json.dumps(ARCHIVE | parts))
    return Bundle.of(folder / "x.json")


def acts(source: Bundle, options: Options = Options()) -> list[Act]:  # noqa: B008  (frozen)
    return [act for batch in github.read(source, options) for act in batch.acts]


def rows(acts: Sequence[Act]) -> list[tuple[str, str, str | None, str | None, str | None]]:
    return [(act.actor, act.kind, act.target, act.item, act.label) for act in acts]


# The repository in data/github, counted by hand.


def test_the_repository_row_by_row() -> None:
    first, second, third = "ann/bread#1", "ann/bread#2", "ann/bread#3"
    assert rows(acts(Bundle.of(DATA))) == [
        ("bob-b", "post", None, first, "bug, needs discussion"),
        ("ann", "reply", "bob-b", f"{first}@2024-03-01T11:00:00Z", None),
        ("ann", "mention", "cleo", f"{first}@2024-03-01T11:00:00Z", None),
        ("bob-b", "reply", "bob-b", f"{first}@2024-03-01T12:00:00Z", None),
        ("ghost", "reply", "bob-b", f"{first}@2024-03-01T13:00:00Z", None),
        ("dependabot", "reply", "bob-b", f"{first}@2024-03-01T14:00:00Z", None),
        ("ghost", "post", None, second, None),
        ("cleo", "reply", "ghost", f"{second}@2024-03-02T10:30:00Z", None),
        ("cleo", "reply", "ghost", f"{second}@2024-03-02T10:30:00Z/2", None),
        ("cleo", "post", None, third, None),
        ("ci[bot]", "reply", "cleo", f"{third}@2024-03-03T10:01:00Z", None),
        ("ann", "reply", "cleo", "R_1", "approved"),
        ("bob-b", "reply", "cleo", "R_2@2024-03-03T12:01:00Z", None),
        ("bob-b", "reply", "cleo", "R_2@2024-03-03T12:02:00Z", None),
        ("bob-b", "mention", "ann", "R_2@2024-03-03T12:02:00Z", None),
        ("dan", "reply", "cleo", "R_3", "changes requested"),
        ("dan", "reply", "cleo", "R_3@2024-03-03T13:00:00Z", None),
    ]


def test_what_was_left_out_is_told() -> None:
    counted = sum((Counter(dict(batch.notes)) for batch in github.read(Bundle.of(DATA), Options())), Counter())
    assert counted == {threads.NO_AUTHOR: 1, threads.NO_WORDS: 1, threads.PENDING: 1, github.OTHER_FILES: 1}


def test_who_is_who_by_the_closest_role() -> None:
    known = {account.id: account for batch in github.read(Bundle.of(DATA), Options()) for account in batch.accounts}
    assert known == {
        "ann": Account("ann", "ann", role="owner"),
        "bob-b": Account("bob-b", "Bob-B", role="contributor"),
        "cleo": Account("cleo", "cleo", role="contributor"),
        "dan": Account("dan", "dan", role="first time contributor"),
        "ghost": Account("ghost", "ghost", "deleted"),
        "dependabot": Account("dependabot", "dependabot", "bot"),
        "ci[bot]": Account("ci[bot]", "ci[bot]", "bot"),
    }


def test_words_times_and_edits() -> None:
    first, answer = acts(Bundle.of(DATA))[:2]
    assert first.text == "Crust too hard\nIt cracks.\n\n\nWhy?"
    assert (first.edited, first.channel, first.precision, first.time) == (False, "ann/bread", "s", NOON - 7_200_000_000)
    assert (answer.text, answer.edited) == ("Too hot. @cleo may know, or @bob-b.", True)
    assert {act.text for act in acts(Bundle.of(DATA), Options(text=False))} == {None}
    assert rows(acts(Bundle.of(DATA), Options(text=False))) == rows(acts(Bundle.of(DATA)))


def test_in_the_record_bots_and_the_deleted_are_marked(record: Record) -> None:
    ((_, appended),) = list(read_into(record, inputs_of([DATA]), Options()))
    assert appended is not None
    assert (appended.added, appended.replies, appended.unresolved) == (17, 12, 0)


# One test a trap.


def test_an_archive_of_issues_only_and_of_the_older_layout(tmp_path: Path) -> None:
    older = {"magic": "B8n2c@e8kvfx", "repo": "a/b", "issues": [issue()]}
    (tmp_path / "old.json").write_text(json.dumps(older))
    bundle = Bundle.of(tmp_path / "old.json")
    assert github.recognise(bundle)
    assert rows(acts(bundle)) == [("ann", "post", None, "a/b#7", None)]


@pytest.mark.parametrize(
    ("content", "known"),
    [
        ({"repo": "a/b", "issues": [issue()]}, True),
        ({"repo": "a/b", "pulls": [issue()]}, True),
        ({"repo": "a/b", "issues": ["x"]}, False),
        ({"issues": [issue()]}, False),
        ([ARCHIVE], False),
    ],
)
def test_an_archive_is_known_by_its_content(content: object, known: bool, tmp_path: Path) -> None:
    (tmp_path / "any.txt").write_text(json.dumps(content))
    assert (github.recognise(Bundle.of(tmp_path / "any.txt")) is not None) is known


def test_an_archive_is_recognised_with_a_reason(tmp_path: Path) -> None:
    assert github.recognise(Bundle.of(DATA)) == Recognition(CERTAIN, "archive.json begins with the mark of archive-repo")
    (tmp_path / "x.json").write_text(json.dumps({"repo": "a/b", "issues": [issue()]}))
    recognition = Recognition(LIKELY, "x.json names a repository and holds issues or pull requests with their authors")
    assert github.recognise(Bundle.of(tmp_path / "x.json")) == recognition


def test_a_repository_is_named_by_the_threads_address_where_the_archive_does_not_say() -> None:
    assert parse(issue(), "").acts[0].item == "a/b#7"
    assert parse(issue(url=None), "").acts[0].item == "archive.json#7"


@pytest.mark.parametrize("raw", [None, 7, [], {}, {"number": 7}, issue(number="7"), issue(number=True)])
def test_what_is_no_thread_is_counted(raw: object) -> None:
    parsed = parse(raw)
    assert (list(parsed.acts), Counter(parsed.notes)) == ([], Counter({threads.NO_THREAD: 1}))


def test_an_author_as_graphql_gives_it_is_the_same_author() -> None:
    assert parse(issue(author={"login": "Ann"})).acts == parse(issue()).acts


@pytest.mark.parametrize(
    ("state", "body", "label"),
    [("APPROVED", "", "approved"), ("DISMISSED", None, "dismissed"), ("COMMENTED", "Words", None), (None, "Words", None)],
)
def test_a_review_that_says_something_is_an_act(state: str | None, body: str | None, label: str | None) -> None:
    review: dict[str, object] = {
        "id": "R",
        "author": "bob",
        "state": state,
        "body": body,
        "createdAt": "2024-03-01T13:00:00Z",
        "comments": [],
    }
    assert rows(parse(issue(reviews=[review])).acts)[1:] == [("bob", "reply", "ann", "R", label)]


def test_a_time_that_cannot_be_read_is_told() -> None:
    parsed = parse(issue(createdAt="soon"))
    assert (parsed.acts[0].time, parsed.acts[0].precision, Counter(parsed.notes)) == (None, "none", Counter({threads.NO_TIME: 1}))


@pytest.mark.parametrize(
    ("body", "logins"),
    [
        ("@ann, @Bob-B! (@cleo)", ["ann", "bob-b", "cleo"]),
        ("```\n@ann\n```\n@bob", ["bob"]),
        ("~~~ts\n@ann\n", []),
        ("`@ann` ``@bob`` @cleo", ["cleo"]),
        ("ann@bob.org @types/node @a--b @-c /@d", []),
        ("@" + "a" * 40, []),
        ("@ann.", ["ann"]),
    ],
)
def test_who_is_mentioned(body: str, logins: list[str]) -> None:
    assert find_mentions(body) == logins


def test_quotes_and_hidden_parts_are_no_words_of_the_authors() -> None:
    assert own_words("> one\n>two\nthree <!-- four\n@five --> six\n   > seven") == "three  six"
    assert own_words("a > b") == "a > b"
    assert own_words("a <!-- never closed") == "a"


def test_a_file_that_breaks_off_is_told_by_line(tmp_path: Path) -> None:
    text = json.dumps(ARCHIVE | {"issues": [issue(), issue(number=8)]}, indent=1)
    (tmp_path / "x.json").write_text(text[: text.index('"number": 8') + 30])
    line = text[: text.index('"number": 8')].count("\n")
    with pytest.raises(Malformed, match=r"x\.json, line \d+: expected JSON") as error:
        acts(Bundle.of(tmp_path / "x.json"))
    assert line <= int(str(error.value).partition("line ")[2].partition(":")[0]) <= line + 3


def test_a_long_archive_is_read_thread_by_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = bundle_of(tmp_path, issues=[issue(number=number, body="words " * 200) for number in range(1, 4001)])
    monkeypatch.setattr(batch_builder, "BATCH_TEXT", 1)
    read: list[int] = []
    bundle.on_bytes = read.append
    batches = github.read(bundle, Options())
    assert len(next(batches).acts) == 1
    assert sum(read) <= 2 << 20 < bundle.packed
    assert sum(len(batch.acts) for batch in batches) == 3999
    assert sum(read) == bundle.packed


ODD = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=2) | st.just([{"author": 1}])


@given(st.dictionaries(st.sampled_from((*issue(), "reviews", "labels")), ODD), st.dictionaries(st.sampled_from(tuple(comment())), ODD))
def test_whatever_the_fields_hold_nothing_breaks(fields: dict[str, object], inside: dict[str, object]) -> None:
    for act in parse({**issue(comments=[comment(**inside)], reviews=[comment(state="APPROVED", **inside)]), **fields}).acts:
        assert act.kind in KINDS
        assert act.actor


@pytest.mark.parametrize("body", ["`" * 200_000, "`a" * 100_000, "<!--" * 50_000, "~~~\n" * 50_000, "> " * 100_000, "@a" * 100_000])
def test_hostile_markdown_costs_little(body: str) -> None:
    began = process_time()
    find_mentions(own_words(body + "@a"))
    assert process_time() - began < 1


@given(st.text("`~@a-b \n><!/.", max_size=60))
def test_whatever_the_markdown_holds_nothing_breaks(body: str) -> None:
    assert all(login == login.lower() for login in find_mentions(own_words(body)))


@pytest.mark.parametrize("login", ["Copilot", "copilot-pull-request-reviewer", "coderabbitai", "CLAassistant", "googlebot", "x[bot]"])
def test_apps_without_their_mark_are_bots(login: str) -> None:
    account = find_author({"author": login})
    assert account is not None
    assert account.actor_type == "bot"


@pytest.mark.parametrize(("state", "note"), [("OPEN", None), ("CLOSED", "closed"), ("MERGED", "closed"), (None, None), (7, None)])
def test_a_thread_that_was_closed_is_noted_at_its_post_alone(state: object, note: str | None) -> None:
    assert [act.note for act in parse(issue(state=state, comments=[comment()])).acts] == [note, None]
