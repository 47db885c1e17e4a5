"""Reading the same again, or what overlaps: nothing is added twice, and the order of reading does not matter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from regard.engines.duckdb.connection import connect
from regard.engines.duckdb.statements import execute
from regard.record.ingest import IngestResult, InputInfo, ingest
from regard.record.record import Record
from regard.record.schema import Account, Act, Batch
from regard.record.storage import TABLES

from ..strategies import examples

Look = Callable[[Path | duckdb.DuckDBPyConnection], dict[str, list[tuple[object, ...]]]]

NOON = 1_709_294_400_000_000
NOW = NOON + 10**15
CHAT = InputInfo("chat", "an export")
LOG = InputInfo("table", "a log", own_ids=False)


def again(record: Record, origin: InputInfo, acts: Sequence[Act]) -> IngestResult:
    return record.append(origin, [Batch(acts)])


def items(record: Record) -> list[tuple[object, ...]]:
    with closing(connect(str(record.path), read_only=True)) as connection:
        return execute(connection, "SELECT item, kind, label FROM acts ORDER BY item, kind, label")


# Platforms with ids of their own: the id names the act.


def test_the_same_input_twice_adds_nothing(record: Record, look: Look) -> None:
    acts = [
        Act("a", "post", NOON, item="1", text="hello"),
        Act("b", "reply", NOON + 1, item="2", parent="1"),
        Act("b", "mention", NOON + 1, "c", item="2"),
        Act("b", "mention", NOON + 1, "a", item="2"),  # addressing
        Act("c", "react", None, "a", item="1", label="wave", precision="none"),
        Act("c", "react", None, "a", item="1", label="pray", precision="none"),
        Act("c", "follow", None, "a", precision="none"),
    ]
    assert again(record, CHAT, acts).added == 6
    before = look(record.path)
    second = again(record, CHAT, acts)
    assert (second.read, second.added) == (7, 0)
    assert second.notes == (("acts the record had already", 6),)
    assert look(record.path) == before


def test_an_edited_message_stays_as_it_was_first_read(record: Record) -> None:
    again(record, CHAT, [Act("a", "post", NOON, item="1", text="first")])
    assert again(record, CHAT, [Act("a", "post", NOON, item="1", text="second", edited=True)]).added == 0


def test_an_input_that_holds_an_act_twice_gives_one(record: Record) -> None:
    assert again(record, CHAT, [Act("a", "post", NOON, item="1")] * 3).added == 1


def test_two_reactions_to_one_message_are_two(record: Record) -> None:
    acts = [Act("a", "react", None, "b", item="1", label=label, precision="none") for label in ("wave", "pray", "wave")]
    assert again(record, CHAT, acts).added == 2
    assert items(record) == [("1", "react", "pray"), ("1", "react", "wave")]


def test_a_reply_is_one_whether_the_export_names_whom_it_answers_or_not(record: Record) -> None:
    reply = Act("b", "reply", NOON, item="2", parent="1")
    again(record, CHAT, [reply])
    assert again(record, CHAT, [reply._replace(target="a"), Act("a", "post", NOON, item="1")]).added == 1


def test_what_has_no_item_may_happen_again(record: Record) -> None:
    acts = [Act("a", "follow", NOON, "b"), Act("a", "unfollow", NOON + 1, "b"), Act("a", "follow", NOON + 2, "b")]
    assert again(record, CHAT, acts).added == 3
    assert again(record, CHAT, acts).added == 0


def test_one_id_on_two_platforms_is_two_acts(record: Record) -> None:
    acts = [Act("a", "post", NOON, item="1")]
    assert [again(record, InputInfo(source, "x"), acts).added for source in ("chat", "forum", "chat")] == [1, 1, 0]


# Tables: equal rows are counted.


@pytest.mark.parametrize(("first", "second", "added"), [(3, 3, 0), (2, 5, 3), (5, 2, 0)])
def test_equal_rows_of_a_table_are_kept_as_often_as_in_the_fullest_reading(record: Record, first: int, second: int, added: int) -> None:
    row = Act("a", "message", NOON, "b")
    assert again(record, LOG, [row] * first).added == first
    assert again(record, LOG, [row] * second).added == added


def test_tables_of_one_input_that_overlap_are_not_added_up(record: Record) -> None:
    rows = [Act("a", "message", NOON + n, "b", file=file) for file, days in (("jan", (0, 1, 1)), ("feb", (1, 1, 1, 2))) for n in days]
    assert again(record, LOG, rows).added == 5  # one on day 0, three on day 1 as in the fuller of the two, one on day 2


def test_rows_that_differ_in_channel_or_label_are_different(record: Record) -> None:
    row = Act("a", "message", NOON, "b")
    assert again(record, LOG, [row, row._replace(channel="x"), row._replace(label="5"), row._replace(time=NOON + 1)]).added == 4


# In any order.


@dataclass(frozen=True)
class Reading:
    """Messages, and the inputs that hold them: each message lies in one input at least."""

    messages: list[list[Act]]
    inputs: list[list[int]]


PEOPLE = ("a", "b", "c", "d")


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    """Messages of a forum that answer earlier ones or ones that nobody has, cut into inputs that overlap."""
    size = draw(st.integers(1, 8))
    messages = []
    for number in range(size):
        above = [f"m{n}" for n in range(number)] + ["gone", "lost"]
        actor, item, moment = draw(st.sampled_from(PEOPLE)), f"m{number}", NOON + number
        thread = draw(st.sampled_from((None, None, "T")))
        if draw(st.booleans()):
            candidates = draw(st.lists(st.sampled_from(above), max_size=2))
            acts = [
                Act(
                    actor, "reply", moment, draw(st.sampled_from((None, None, "d"))), item, draw(st.sampled_from((*above, None))),
                    "\n".join(candidates) or None, thread,
                )
            ]  # fmt: skip
        else:
            acts = [Act(actor, "post", moment, item=item, thread=thread)]
        acts += [Act(actor, "mention", moment, person, item=item) for person in draw(st.lists(st.sampled_from(PEOPLE), max_size=2))]
        acts += [Act("d", "react", None, actor, item=item, label="wave", precision="none")] * draw(st.integers(0, 1))
        messages.append(acts)
    cuts = draw(st.lists(st.lists(st.integers(0, size - 1), unique=True, min_size=1), max_size=3))
    left = sorted(set(range(size)) - {number for cut in cuts for number in cut})
    inputs = [cut for cut in [*cuts, left] if cut]
    return Reading(messages, draw(st.permutations(inputs)))


def read(inputs: Sequence[Sequence[Act]], origin: InputInfo) -> duckdb.DuckDBPyConnection:
    connection = connect()
    connection.execute(TABLES + "INSERT INTO meta VALUES ('salt', 'x')").fetchall()
    for acts in inputs:
        ingest(connection, origin, [Batch(acts, [Account("a", "Ada")])], NOW)
    return connection


MENTIONED_BELOW = Reading(
    [
        [Act("a", "post", NOON, item="m0")],
        [Act("b", "post", NOON + 1, item="m1")],
        [Act("a", "reply", NOON + 2, item="m2", parent="m0", ancestors="m1"), Act("a", "mention", NOON + 2, "b", item="m2")],
    ],
    [[1, 2], [0]],
)
"""Whom the reply answers is b at first, whom it mentions too, and a when m0 has come: the mention is an act then."""


@examples(15)
@given(readings())
@example(MENTIONED_BELOW)
def test_overlapping_inputs_in_any_order_make_the_same_record(look: Look, reading: Reading) -> None:
    acts = [act for message in reading.messages for act in message]
    parts = [[act for number in numbers for act in reading.messages[number]] for numbers in reading.inputs]
    with closing(read([acts], CHAT)) as once, closing(read(parts, CHAT)) as piecewise:
        assert look(piecewise) == look(once)
        ingest(piecewise, CHAT, [Batch(acts)], NOW)
        assert look(piecewise) == look(once)


@examples(10)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc"), st.integers(0, 5)), min_size=1, max_size=12), st.data())
def test_overlapping_tables_in_any_order_make_the_same_record(look: Look, rows: list[tuple[str, str, int]], data: st.DataObject) -> None:
    log = [Act(actor, "message", NOON + moment, target) for actor, target, moment in sorted(rows, key=lambda row: row[2])]
    ends = [data.draw(st.tuples(st.integers(0, 5), st.integers(0, 5))) for _ in range(data.draw(st.integers(0, 3)))]
    spans = [(min(pair), max(pair)) for pair in ends]
    parts = [[act for act in log if act.time is not None and first <= act.time - NOON <= last] for first, last in spans]
    inputs = data.draw(st.permutations([*(part for part in parts if part), log]))
    with closing(read([log], LOG)) as once, closing(read(inputs, LOG)) as piecewise:
        assert look(piecewise) == look(once)
