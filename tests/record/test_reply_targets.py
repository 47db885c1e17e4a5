"""The second pass: whom a reply answers, in which thread, whether its parent was read before, with it, or after it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest

from regard.engines.duckdb.statements import execute
from regard.record.ingest import InputInfo
from regard.record.record import Record
from regard.record.schema import Act, Batch
from regard.record.storage import reading

NOON = 1_709_294_400_000_000
CHAT = InputInfo("chat", "an export")

POST = Act("ann", "post", NOON, item="p")


def reply(item: str, parent: str | None, *above: str, actor: str = "bob", target: str | None = None, thread: str | None = None) -> Act:
    return Act(actor, "reply", NOON + 1, target, item, parent, "\n".join(above) or None, thread)


def read(record: Record, *acts: Act, origin: InputInfo = CHAT) -> int:
    """Read acts as one input; gives how many of the new replies answer something that the record does not hold."""
    return record.append(origin, [Batch(acts)]).unresolved


def answered(record: Record) -> dict[str, tuple[str | None, str | None]]:
    """Item -> whom it answers, and its thread, for replies."""
    sql = """SELECT item, (SELECT x.id FROM accounts x WHERE x.account = a.target), thread_root FROM acts a
             WHERE kind = 'reply' ORDER BY item"""
    with reading(record.path) as connection:
        return {str(row[0]): (word(row[1]), word(row[2])) for row in execute(connection, sql)}


def word(value: object) -> str | None:
    return None if value is None else str(value)


def test_a_reply_answers_the_author_of_its_parent(record: Record) -> None:
    assert read(record, reply("r", "p"), POST) == 0
    assert answered(record) == {"r": ("ann", "p")}


def test_the_nearest_item_above_that_is_known_is_taken(record: Record) -> None:
    middle = Act("cleo", "post", NOON, item="m")
    assert read(record, POST, middle, reply("1", "gone", "m", "p"), reply("2", None, "lost", "p"), reply("3", "gone", "lost")) == 1
    assert answered(record) == {"1": ("cleo", "m"), "2": ("ann", "p"), "3": (None, "gone")}


def test_the_ids_of_the_input_stay_as_they_are(record: Record) -> None:
    read(record, POST, reply("1", "gone", "p"))
    with reading(record.path) as connection:
        assert execute(connection, "SELECT parent_item, ancestors FROM acts WHERE item = '1'") == [("gone", "p")]


def test_an_id_that_looks_like_none_names_nobody(record: Record) -> None:
    assert read(record, POST, reply("1", "p", "", "\n")) == 0
    assert read(record, reply("2", "", "", "")) == 1


@pytest.mark.parametrize("length", [1, 2, 3, 9, 40])
def test_a_chain_of_replies_is_one_thread(record: Record, length: int) -> None:
    chain = [reply(f"r{n:02}", f"r{n - 1:02}" if n else "p", actor=f"u{n}") for n in range(length)]
    read(record, *reversed(chain), POST)
    assert set(answered(record).values()) == {("ann", "p"), *((f"u{n}", "p") for n in range(length - 1))}


def test_a_thread_that_the_parent_names_goes_on(record: Record) -> None:
    read(record, POST._replace(thread="T"), reply("1", "p"), reply("2", "1"), reply("3", "1", thread="S"), reply("4", "3"))
    assert {item: thread for item, (_, thread) in answered(record).items()} == {"1": "T", "2": "T", "3": "S", "4": "S"}


def test_replies_to_something_unknown_share_its_thread(record: Record) -> None:
    assert read(record, reply("1", "x"), reply("2", "x"), reply("3", "1", actor="cleo")) == 2
    assert answered(record) == {"1": (None, "x"), "2": (None, "x"), "3": ("bob", "x")}


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_parents_that_go_round_come_to_an_end(record: Record, size: int) -> None:
    ring = [reply(f"r{n}", f"r{(n + 1) % size}", actor=f"u{n}") for n in range(size)]
    read(record, *ring, POST, reply("z", "p"))
    targets = answered(record)
    assert targets["z"] == ("ann", "p")
    assert {thread for item, (_, thread) in targets.items() if item != "z"} <= {f"r{n}" for n in range(size)}
    # An item can't answer itself; in a larger ring everybody answers the next.
    assert [targets[f"r{n}"][0] for n in range(size)] == ([None] if size == 1 else [f"u{(n + 1) % size}" for n in range(size)])


def test_a_target_that_the_input_names_is_kept(record: Record) -> None:
    read(record, POST, reply("1", "p", target="dan"))
    assert answered(record) == {"1": ("dan", "p")}


def test_only_what_can_be_answered_is_a_parent(record: Record) -> None:
    assert read(record, Act("ann", "react", NOON, "bob", "p", label="wave"), reply("1", "p")) == 1


# Late: the parent comes with a later input.


def test_a_late_parent_gives_target_and_thread_to_all_below_it(record: Record) -> None:
    assert read(record, reply("2", "1", actor="cleo"), reply("3", "2", actor="dan")) == 1
    assert answered(record) == {"2": (None, "1"), "3": ("cleo", "1")}
    read(record, reply("1", "p"))
    assert answered(record) == {"1": (None, "p"), "2": ("bob", "p"), "3": ("cleo", "p")}
    read(record, POST._replace(thread="T"))
    assert answered(record) == {"1": ("ann", "T"), "2": ("bob", "T"), "3": ("cleo", "T")}


def test_a_nearer_late_item_takes_the_place_of_a_farther_one(record: Record) -> None:
    read(record, POST, reply("2", "gone", "1", "p", actor="cleo"))
    assert answered(record) == {"2": ("ann", "p")}
    read(record, reply("1", "p"))
    assert answered(record) == {"1": ("ann", "p"), "2": ("bob", "p")}


def test_a_late_parent_of_one_reply_leaves_other_threads_alone(record: Record) -> None:
    read(record, reply("1", "p"), reply("2", "q"), reply("3", "x", thread="p"))
    read(record, POST._replace(thread="T"))
    assert answered(record) == {"1": ("ann", "T"), "2": (None, "q"), "3": (None, "p")}


def test_a_late_parent_does_not_change_a_target_that_was_told(record: Record) -> None:
    read(record, reply("1", "p", target="dan"))
    read(record, POST)
    assert answered(record) == {"1": ("dan", "p")}


# Addressing.


def mentions(record: Record) -> Sequence[object]:
    with reading(record.path) as connection:
        sql = "SELECT x.id FROM acts a JOIN accounts x ON x.account = a.target WHERE kind = 'mention' ORDER BY 1"
        return [row[0] for row in execute(connection, sql)]


def test_a_mention_of_whom_one_answers_is_dropped_and_others_stay(record: Record) -> None:
    named = [Act("bob", "mention", NOON + 1, name, item="1") for name in ("ann", "cleo")]
    read(record, POST, reply("1", "p"), *named, Act("bob", "mention", NOON + 1, "ann", item="2"))
    assert mentions(record) == ["ann", "cleo"]


def test_a_mention_is_dropped_when_a_late_parent_shows_that_it_was_addressing(record: Record) -> None:
    read(record, reply("1", "p"), *(Act("bob", "mention", NOON + 1, name, item="1") for name in ("ann", "cleo")))
    assert mentions(record) == ["ann", "cleo"]
    read(record, POST)
    assert mentions(record) == ["cleo"]


def test_acts_without_a_time_address_too(record: Record) -> None:
    read(record, POST, reply("1", "p")._replace(time=None), Act("bob", "mention", None, "ann", item="1"))
    assert mentions(record) == []


# Several platforms.


def test_ids_of_one_platform_are_not_those_of_another(record: Record) -> None:
    assert read(record, POST) == 0
    assert read(record, reply("1", "p"), origin=InputInfo("forum", "a dump")) == 1
    assert read(record, Act("zoe", "post", NOON, item="p"), origin=InputInfo("forum", "the rest of it")) == 0
    assert answered(record) == {"1": ("zoe", "p")}
    assert read(record, reply("2", "p")) == 0
    assert answered(record) == {"1": ("zoe", "p"), "2": ("ann", "p")}


def test_a_late_post_of_one_platform_leaves_replies_of_another_alone(record: Record) -> None:
    read(record, reply("1", "p"))
    read(record, POST._replace(thread="T"), origin=InputInfo("forum", "a dump"))
    assert answered(record) == {"1": (None, "p")}


# Items with more ids than their own.

TWICE = Act("ann", "post", NOON, item="new", thread="new", other_ids="used\nolder")
BELOW = [
    reply("r1", "used", thread="used"),
    reply("r2", "r1", "used", actor="cleo", thread="used"),
    reply("r3", "r2", actor="dan"),
    reply("r4", "older", actor="dan"),
]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_an_item_is_found_by_any_of_its_ids_in_any_order(record: Record, order: tuple[int, ...]) -> None:
    parts = ([TWICE], BELOW[:2], BELOW[2:])
    for number in order:
        read(record, *parts[number])
    assert answered(record) == {"r1": ("ann", "new"), "r2": ("bob", "new"), "r3": ("cleo", "new"), "r4": ("ann", "new")}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_item_whose_own_id_it_is_comes_first(record: Record, order: tuple[int, ...]) -> None:
    parts = ([TWICE], [Act("eve", "post", NOON, item="used", thread="used")], BELOW[:1])
    for number in order:
        read(record, *parts[number])
    assert answered(record) == {"r1": ("eve", "used")}


def test_other_ids_of_one_platform_are_not_those_of_another(record: Record) -> None:
    read(record, TWICE, origin=InputInfo("mail", "an archive"))
    assert read(record, BELOW[0]) == 1
