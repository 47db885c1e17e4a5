"""Appending: who gets which number, which clocks are believed, what is noted, what an act keeps."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from regard.engines.duckdb.statements import execute
from regard.errors import Empty
from regard.record.ingest import InputInfo
from regard.record.record import Counts, Record
from regard.record.schema import Account, Act, Batch, SqlBatch
from regard.record.storage import reading

NOON = 1_709_294_400_000_000  # 2024-03-01 12:00 UTC
DAY = 86_400_000_000
CHAT = InputInfo("chat", "an export")


def rows(record: Record, sql: str) -> list[tuple[object, ...]]:
    with reading(record.path) as connection:
        return execute(connection, sql)


def test_accounts_are_numbered_by_id_and_new_ones_after_the_known(record: Record) -> None:
    record.append(CHAT, [Batch([Act("cleo", "message", NOON, "ada", item="1")])])
    record.append(CHAT, [Batch([Act("bob", "message", NOON, "cleo", item="2"), Act("aaa", "message", NOON, "bob", item="3")])])
    assert rows(record, "SELECT account, id, person FROM accounts ORDER BY account") == [
        (0, "ada", 0),
        (1, "cleo", 1),
        (2, "aaa", 2),
        (3, "bob", 3),
    ]


def test_one_id_on_two_platforms_is_two_accounts(record: Record) -> None:
    record.append(CHAT, [Batch([Act("7", "post", NOON, item="1")])])
    record.append(InputInfo("forum", "a dump"), [Batch([Act("7", "post", NOON, item="1")])])
    assert rows(record, "SELECT source, id FROM accounts ORDER BY account") == [("chat", "7"), ("forum", "7")]
    assert record.counts() == Counts(acts=2, accounts=2, people=2, inputs=2)


def test_an_act_keeps_all_that_it_says(record: Record) -> None:
    act = Act(
        "ada", "reply", NOON + 1, "bob", "m2", "m1", "m1\nm0", "t", "general", "hello", "wave", "en", "ms", "client", "direct", True,
        "list cut short", "a.json", 7,
    )  # fmt: skip
    record.append(CHAT, [Batch([act])])
    kept = rows(
        record,
        """SELECT time, time_precision, time_source, item, parent_item, ancestors, thread_root, channel, text, label, lang, visibility,
               edited, weight_note, target_found, thread_found, file, line FROM acts""",
    )
    assert kept == [
        (
            datetime(2024, 3, 1, 12, 0, 0, 1), "ms", "client", "m2", "m1", "m1\nm0", "t", "general", "hello", "wave", "en", "direct", True,
            "list cut short", False, False, "a.json", 7,
        )
    ]  # fmt: skip


def test_what_an_input_does_not_say_of_an_account_stays_as_it_was(record: Record) -> None:
    act = Act("ada", "post", NOON, item="1")
    record.append(CHAT, [Batch([act], [Account("ada", "Ada", "person", 10, 2.5, "Gardener", "owner")])])
    record.append(CHAT, [Batch([act._replace(item="2")], [Account("ada", followers=12), Account("ada", actor_type="bot")])])
    assert rows(record, "SELECT name, actor_type, followers, points, title, role FROM accounts") == [
        ("Ada", "bot", 12, 2.5, "Gardener", "owner")
    ]


@pytest.mark.parametrize(("given", "kept"), [("many", None), (10**30, None), ("12", 12), (float("nan"), None)])
def test_a_number_that_is_none_is_left_out(record: Record, given: object, kept: object) -> None:
    account = Account("ada", "Ada", followers=given, points=given)  # type: ignore[arg-type]
    record.append(CHAT, [Batch([Act("ada", "post", NOON, item="1")], [account])])
    assert rows(record, "SELECT followers FROM accounts") == [(kept,)]


def test_a_clock_ahead_of_the_readers_is_left_out_and_noted(record: Record) -> None:
    tomorrow = int(time.time() * 1e6) + 2 * DAY
    acts = [Act("a", "post", 4_070_908_800_000_000, item="in 2099"), Act("a", "post", tomorrow, item="2"), Act("a", "post", NOON, item="3")]
    appended = record.append(CHAT, [Batch(acts)])
    assert appended.added == 3
    assert appended.notes == (("clock ahead of the reader's: time left out", 2),)
    assert rows(record, "SELECT item, time IS NULL, time_precision FROM acts ORDER BY item") == [
        ("2", True, "none"),
        ("3", False, "us"),
        ("in 2099", True, "none"),
    ]


def test_single_acts_of_1970_come_from_an_empty_clock(record: Record) -> None:
    acts = [Act("a", "post", 0, item="1"), *(Act("a", "post", NOON + n, item=f"n{n}") for n in range(3))]
    appended = record.append(CHAT, [Batch(acts)])
    assert appended.notes == (("clock at 1970: time left out", 1),)
    assert rows(record, "SELECT item FROM acts WHERE time IS NULL") == [("1",)]


def test_a_log_whose_clock_begins_at_nought_keeps_its_times(record: Record) -> None:
    appended = record.append(CHAT, [Batch([Act("a", "post", n * DAY, item=str(n)) for n in range(5)])])
    assert appended.notes == ()
    assert rows(record, "SELECT max(time), count(time) FROM acts") == [(datetime(1970, 1, 5), 5)]


def test_times_that_no_calendar_shows_are_left_out_and_noted(record: Record) -> None:
    acts = [Act("a", "post", moment, item=str(moment)) for moment in (10**20, -(10**20), -62_135_596_800_000_001, None, NOON)]
    acts.append(Act("a", "react", None, "b", item="r", precision="none"))
    appended = record.append(CHAT, [Batch(acts)])
    assert appended.notes == (("acts without a time that can be read", 4),)  # that a reaction has no time is no fault
    assert rows(record, "SELECT count(*), count(time) FROM acts") == [(6, 1)]


def test_acts_of_nobody_are_left_out_and_noted(record: Record) -> None:
    appended = record.append(CHAT, [Batch([Act("", "post", NOON, item="1"), Act("a", "post", NOON, item="2")])])
    assert (appended.read, appended.added, appended.notes) == (1, 1, (("acts without an actor left out", 1),))


def test_an_empty_target_is_none(record: Record) -> None:
    record.append(CHAT, [Batch([Act("a", "message", NOON, "", item="1")])])
    assert rows(record, "SELECT target FROM acts") == [(None,)]
    assert record.counts().accounts == 1


@pytest.mark.parametrize("pieces", [[], [Batch()], [Batch([Act("", "post", NOON)])], [Batch(accounts=[Account("a", "A")])]])
def test_an_input_without_an_act_of_anybody_changes_nothing(record: Record, pieces: list[Batch]) -> None:
    with pytest.raises(Empty, match="an export: holds no act of anybody"):
        record.append(CHAT, pieces)
    assert record.counts() == Counts(0, 0, 0, 0)


def test_equal_notes_are_added_up_and_kept_with_the_input(record: Record) -> None:
    batch = Batch([Act("a", "post", NOON, item="1")], notes=[("private channels left out", 2)])
    appended = record.append(CHAT, [batch, Batch(notes=[("private channels left out", 1), ("a", 1)])])
    assert appended.notes == (("a", 1), ("private channels left out", 3))
    assert rows(record, "SELECT input, note, count FROM notes") == [(0, "a", 1), (0, "private channels left out", 3)]


def test_acts_to_oneself_are_kept(record: Record) -> None:
    record.append(CHAT, [Batch([Act("a", "react", NOON, "a", item="1")])])
    assert rows(record, "SELECT actor, target FROM acts") == [(0, 0)]


def test_text_that_utf8_cannot_say_does_not_stop_the_rest(record: Record) -> None:
    acts = [Act("a", "post", NOON, item="1", text="x\udfffy"), Act("b\ud800", "post", NOON, item="2", text="a\0b"), Act("c", "post", NOON)]
    record.append(CHAT, [Batch(acts, [Account("a", "A\ud800")])])
    assert rows(record, "SELECT text FROM acts ORDER BY item") == [("x?y",), ("a\0b",), (None,)]
    assert rows(record, "SELECT id, name FROM accounts ORDER BY id") == [("a", "A?"), ("b?", None), ("c", None)]


def test_one_text_among_thousands_of_acts_without_is_kept(record: Record) -> None:
    acts = [Act("a", "post", NOON, item=str(n), text="here" if n == 17_321 else None, line=n) for n in range(20_000)]
    record.append(CHAT, [Batch(acts)])
    assert rows(record, "SELECT item, line FROM acts WHERE text = 'here'") == [("17321", 17_321)]


def test_rows_that_the_engine_reads_get_the_defaults_of_an_act(record: Record) -> None:
    scan = SqlBatch("SELECT 'a' AS actor, 'post' AS kind, TIMESTAMP '2024-03-01' AS time, 'x' AS item", "a.parquet")
    record.append(CHAT, [scan, Batch([Act("b", "reply", NOON, item="y", parent="x")])])
    assert rows(record, "SELECT actor, target, time_precision, time_source, visibility, edited, target_found FROM acts ORDER BY item") == [
        (0, None, "us", "server", "members", False, False),
        (1, 0, "us", "server", "members", False, True),
    ]


def test_a_broken_input_leaves_the_record_as_it_was(record: Record, look: Callable[[Path], object]) -> None:
    record.append(CHAT, [Batch([Act("a", "post", NOON, item="1")])])
    before = look(record.path)

    def pieces() -> Iterator[Batch]:
        yield Batch([Act("b", "post", NOON, item="2")])
        raise RuntimeError("the reader stumbles")

    with pytest.raises(RuntimeError, match="stumbles"):
        record.append(CHAT, pieces())
    assert look(record.path) == before


@pytest.mark.long
def test_equal_inputs_make_equal_records_row_by_row() -> None:
    acts = [Act(f"p{n % 97}", "reply", NOON + n, item=f"i{n}", parent=f"i{n * 7919 % 24_000}") for n in range(24_000)]
    contents = []
    for _ in range(2):
        with Record.temporary() as record:
            record.append(CHAT, [Batch(acts[at : at + 8_000]) for at in range(0, 24_000, 8_000)])
            contents.append(rows(record, "SELECT * FROM acts ORDER BY rowid") + rows(record, "FROM accounts"))
    assert contents[0] == contents[1]
