"""A person removed for good: acts, words, names, ids, bytes; and what others keep."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from regard.engines.duckdb.statements import execute
from regard.errors import UnknownName, UsageError
from regard.record.ingest import InputInfo
from regard.record.record import Record
from regard.record.schema import Account, Act, Batch
from regard.record.storage import reading

Look = Callable[[Path], dict[str, list[tuple[object, ...]]]]

NOON = 1_709_294_400_000_000
GONE = "did:plc:gone4711"
TREE = f"at://{GONE}/post/1"

ACCOUNTS = [Account(GONE, "Ottilie Quist"), Account("bob", "Bob", title="assistant to Ottilie Quist"), Account("cleo", "Cleo")]
ACTS = [
    Act(GONE, "post", NOON, item=TREE, thread=TREE, text="a secret of mine", channel="general"),
    Act("bob", "reply", NOON + 1, item="b1", parent=TREE, text="I hear you, Ottilie Quist"),
    Act("cleo", "reply", NOON + 2, item="c1", parent="b1", text="as @ottilie quist said"),
    Act("cleo", "mention", NOON + 2, GONE, item="c1"),
    Act("cleo", "reply", NOON + 3, item="c2", parent=f"at://{GONE}/post/9", ancestors=f"at://{GONE}/post/8\nb1", text="well"),
    Act("bob", "reply", NOON + 4, item="b2", parent=f"at://{GONE}/post/7", text="to one that the export lacks"),
    Act("bob", "react", None, GONE, item=TREE, label="wave", precision="none"),
    Act(GONE, "react", None, "bob", item="b1", label="pray", precision="none"),
    Act("bob", "post", NOON + 5, item="b3", text="Quist is a place", channel="dm-ottilie quist", file="dm/Ottilie Quist.json"),
]
CHAT = InputInfo("chat", "what Ottilie Quist exported")
TRACES = (GONE, "gone4711", "ttilie Quist", "ttilie quist", "secret of mine")


def traces(folder: Path) -> list[tuple[str, str]]:
    """What is left of the person in the bytes of the files of a folder."""
    return [(path.name, trace) for path in sorted(folder.iterdir()) for trace in TRACES if trace.encode() in path.read_bytes()]


@pytest.fixture
def community(tmp_path: Path) -> Record:
    record = Record.at(tmp_path / "community.regard")
    record.append(CHAT, [Batch(ACTS, ACCOUNTS)])
    return record


def texts(record: Record) -> dict[str, str]:
    with reading(record.path) as connection:
        return {str(item): str(text) for item, text in execute(connection, "SELECT item, text FROM acts WHERE text IS NOT NULL")}


def test_nothing_of_them_is_left_in_the_file_or_beside_it(community: Record) -> None:
    assert len(traces(community.path.parent)) > 3
    community.forget("Ottilie Quist")
    assert traces(community.path.parent) == []
    assert [path.name for path in community.path.parent.iterdir()] == ["community.regard"]
    with pytest.raises(UnknownName):
        community.person(GONE)


def test_what_others_did_among_themselves_stays(community: Record) -> None:
    community.forget(GONE)
    assert texts(community) == {"c1": "as @[removed] said", "c2": "well", "b3": "Quist is a place"}
    with reading(community.path) as connection:
        assert execute(connection, "SELECT DISTINCT kind FROM acts ORDER BY 1") == [("post",), ("reply",)]
        assert execute(connection, "SELECT title FROM accounts WHERE id = 'bob'") == [("assistant to [removed]",)]
        assert execute(connection, "SELECT title FROM inputs") == [("what [removed] exported",)]
        assert execute(connection, "SELECT channel, file FROM acts WHERE item = 'b3'") == [("dm-[removed]", "dm/[removed].json")]


def test_a_thread_that_they_began_stays_one_thread(community: Record) -> None:
    community.forget(GONE)
    with reading(community.path) as connection:
        roots = execute(connection, "SELECT DISTINCT thread_root FROM acts WHERE item IN ('c1', 'c2')")
        assert len(roots) == 1
        assert str(roots[0][0]).startswith("removed-")
        parents = execute(connection, "SELECT parent_item LIKE 'removed-%', ancestors LIKE 'removed-%\nb1' FROM acts WHERE item = 'c2'")
        assert parents == [(True, True)]


def test_reading_the_same_again_does_not_bring_them_back(community: Record, look: Look) -> None:
    community.forget(GONE)
    before = look(community.path)
    appended = community.append(CHAT, [Batch(ACTS, ACCOUNTS)])
    assert appended.added == 0
    assert look(community.path) == before
    assert traces(community.path.parent) == []


def test_a_later_export_does_not_bring_them_back(community: Record) -> None:
    community.forget(GONE)
    later = [
        Act(GONE, "post", NOON + 9, item=f"at://{GONE}/post/2", text="a secret of mine"),
        Act("bob", "reply", NOON + 10, item="b9", parent=f"at://{GONE}/post/2", text="me too"),
        Act("bob", "reply", NOON + 11, item="b10", parent=TREE, text="answers what is not in this export"),
        Act("cleo", "reply", NOON + 12, item="c9", parent="c1", thread=TREE, text="Ottilie Quist is gone"),
        Act("cleo", "message", NOON + 13, GONE, item="c10", text="hello?"),
        Act("cleo", "react", None, None, item=TREE, label="sad", precision="none"),
    ]
    appended = community.append(InputInfo("chat", "later"), [Batch(later[:3], ACCOUNTS), Batch(later[3:])])
    assert appended.added == 1
    assert texts(community)["c9"] == "[removed] is gone"
    assert traces(community.path.parent) == []
    with reading(community.path) as connection:
        assert execute(connection, "SELECT count(DISTINCT thread_root) FROM acts WHERE item IN ('c1', 'c9')") == [(1,)]


def test_the_same_id_on_another_platform_is_somebody_else(community: Record) -> None:
    community.forget(GONE)
    community.append(InputInfo("forum", "a dump"), [Batch([Act(GONE, "post", NOON, item="1")])])
    assert community.person(GONE).ids == (GONE,)


def test_all_identities_of_a_merged_person_go(community: Record) -> None:
    community.append(
        InputInfo("forum", "a dump"), [Batch([Act("otti", "post", NOON, item="1", text="words of mine")], [Account("otti", "O.")])]
    )
    community.merge("forum:otti", GONE)
    removed = community.forget("otti")
    assert set(removed.ids) == {GONE, "otti"}
    assert b"words of mine" not in community.path.read_bytes()
    again = community.append(
        InputInfo("forum", "a dump again"), [Batch([Act("otti", "post", NOON, item="1"), Act("x", "post", NOON, item="2")])]
    )
    assert again.added == 1
    assert community.counts().people == 3


def test_who_is_merged_with_them_by_name_only_stays(community: Record) -> None:
    community.append(CHAT, [Batch([Act("zed", "post", NOON, item="z")], [Account("zed", "Ottilie Quist")])])
    with pytest.raises(UsageError, match="fits 2 people"):
        community.forget("Ottilie Quist")
    community.forget(GONE)
    assert community.person("Ottilie Quist").ids == ("zed",)


def test_a_person_whose_id_is_another_persons_on_another_platform(community: Record) -> None:
    community.append(InputInfo("forum", "a dump"), [Batch([Act("bob", "post", NOON, item="1")], [Account("bob", "Bob of the forum")])])
    community.forget(community.person("Bob of the forum"))
    assert community.person("bob").name == "Bob"


def test_two_people_can_be_forgotten_one_after_the_other(community: Record) -> None:
    community.forget(GONE)
    community.forget("bob")
    assert community.append(CHAT, [Batch([*ACTS, Act("cleo", "post", NOON, item="new")], ACCOUNTS)]).added == 1
    with reading(community.path) as connection:
        assert execute(connection, "SELECT id FROM accounts") == [("cleo",)]


def test_new_accounts_after_forgetting_get_numbers_of_their_own(community: Record) -> None:
    community.forget("cleo")
    community.append(CHAT, [Batch([Act("dan", "message", NOON, "bob", item="d")])])
    with reading(community.path) as connection:
        numbers = execute(connection, "SELECT account FROM accounts")
    assert len(numbers) == len(set(numbers)) == 3


def test_forgetting_somebody_unknown_leaves_the_file_as_it_was(community: Record) -> None:
    before = community.path.read_bytes()
    with pytest.raises(UnknownName):
        community.forget("nobody of that name")
    assert community.path.read_bytes() == before
    assert [path.name for path in community.path.parent.iterdir()] == ["community.regard"]


def test_a_stumble_midway_leaves_the_file_as_it_was(community: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    before = community.path.read_bytes()

    def stumble(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("regard.record.erasure._copy_without", stumble)
    with pytest.raises(RuntimeError):
        community.forget(GONE)
    assert community.path.read_bytes() == before
    assert [path.name for path in community.path.parent.iterdir()] == ["community.regard"]


def test_fingerprints_need_the_records_own_secret(community: Record, tmp_path: Path) -> None:
    other = Record.at(tmp_path / "other.regard")
    other.append(CHAT, [Batch(ACTS, ACCOUNTS)])
    digests = []
    for record in (community, other):
        record.forget(GONE)
        with reading(record.path) as connection:
            digests.append(set(execute(connection, "FROM forgotten")))
    assert len(digests[0]) == len(digests[1]) > 0
    assert not digests[0] & digests[1]


def test_other_ids_of_what_they_wrote_go_too(tmp_path: Path) -> None:
    acts = [
        Act(GONE, "post", NOON, item="new@gone.example", other_ids="used@gone.example", text="hi"),
        Act("bob", "post", NOON + 1, item="b1", other_ids="b0"),
        Act("bob", "post", NOON + 2, item="b2", other_ids="new@gone.example"),
        Act("cleo", "reply", NOON + 3, item="c1", parent="used@gone.example", ancestors="b0\nused@gone.example"),
        Act("cleo", "reply", NOON + 4, item="c2", parent="b0", ancestors="used@gone.example"),
    ]
    record = Record.at(tmp_path / "community.regard")
    record.append(CHAT, [Batch(acts, ACCOUNTS)])
    record.forget(GONE)
    kept = "SELECT item, other_ids FROM acts ORDER BY item"
    with reading(record.path) as connection:
        assert execute(connection, kept) == [("b1", "b0"), ("b2", None), ("c2", None)]
    assert b"gone.example" not in record.path.read_bytes()
    # Read again, and in an archive that holds a reply to the other id only.
    record.append(CHAT, [Batch(acts, ACCOUNTS)])
    record.append(CHAT, [Batch([acts[3]._replace(item="c3"), Act("cleo", "post", NOON + 9, item="c4")])])
    with reading(record.path) as connection:
        assert execute(connection, kept) == [("b1", "b0"), ("b2", None), ("c2", None), ("c4", None)]
    assert b"gone.example" not in record.path.read_bytes()
