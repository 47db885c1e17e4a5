"""The format of a record's file, written out: records of earlier versions are opened and extended, and new ones have the same tables."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from regard.engines.duckdb.statements import execute
from regard.record.dataset_extend import extend
from regard.record.dataset_files import write
from regard.record.ingest import InputInfo
from regard.record.record import Counts, Record
from regard.record.schema import Account, Act, Batch
from regard.record.storage import reading, writing

NOON = 1_709_294_400_000_000

FORMAT_1 = """
CREATE TYPE kind AS ENUM ('post', 'reply', 'mention', 'message', 'share', 'react', 'thank', 'follow', 'unfollow', 'join');
CREATE TYPE time_precision AS ENUM ('us', 'ms', 's', 'min', 'day', 'none');
CREATE TYPE time_source AS ENUM ('server', 'client', 'localclock');
CREATE TYPE actor_type AS ENUM ('person', 'bot', 'system', 'deleted', 'group');
CREATE TYPE visibility AS ENUM ('public', 'unlisted', 'followers', 'members', 'direct');
CREATE TABLE meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL);
CREATE TABLE inputs (
    input INTEGER PRIMARY KEY, source VARCHAR NOT NULL, title VARCHAR NOT NULL, digest VARCHAR, view VARCHAR NOT NULL,
    missing VARCHAR NOT NULL, acts_read BIGINT NOT NULL, acts_added BIGINT NOT NULL, made_up BOOLEAN NOT NULL);
CREATE TABLE notes (input INTEGER NOT NULL, note VARCHAR NOT NULL, count BIGINT NOT NULL);
CREATE TABLE accounts (
    account INTEGER NOT NULL, source VARCHAR NOT NULL, id VARCHAR NOT NULL, name VARCHAR, actor_type actor_type NOT NULL,
    followers BIGINT, points DOUBLE, title VARCHAR, role VARCHAR, person INTEGER NOT NULL);
CREATE TABLE acts (
    time TIMESTAMP, time_precision time_precision NOT NULL, time_source time_source NOT NULL,
    actor INTEGER NOT NULL, target INTEGER, kind kind NOT NULL,
    item VARCHAR, parent_item VARCHAR, ancestors VARCHAR, thread_root VARCHAR, channel VARCHAR,
    text VARCHAR, label VARCHAR, lang VARCHAR, visibility visibility NOT NULL, edited BOOLEAN NOT NULL, weight_note VARCHAR,
    target_found BOOLEAN NOT NULL, thread_found BOOLEAN NOT NULL, input INTEGER NOT NULL, file VARCHAR, line BIGINT);
CREATE TABLE forgotten (digest VARCHAR PRIMARY KEY);
INSERT INTO meta VALUES ('format', '1'), ('salt', '00112233445566778899aabbccddeeff');
INSERT INTO inputs VALUES (0, 'chat', 'an export', NULL, 'whole', '', 2, 2, false);
INSERT INTO accounts VALUES (0, 'chat', 'ann', 'Ann', 'person', NULL, NULL, NULL, NULL, 0),
    (1, 'chat', 'bob', NULL, 'person', NULL, NULL, NULL, NULL, 1);
INSERT INTO acts VALUES
    ('2024-03-01 12:00:00', 'us', 'server', 0, NULL, 'post', 'p', NULL, NULL, 'p', NULL, 'How?', NULL, NULL, 'members', false, NULL,
        false, false, 0, NULL, NULL),
    ('2024-03-01 12:00:01', 'us', 'server', 1, NULL, 'reply', 'r', 'q', NULL, NULL, NULL, 'So.', NULL, NULL, 'members', false, NULL,
        false, false, 0, NULL, NULL);
"""
"""A record as the first version of Regard wrote it: a post of Ann, and a reply of Bob to an item that the record does not hold."""

COLUMNS = "SELECT table_name, column_name, data_type, is_nullable FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"


def old_record(path: Path) -> Record:
    """Make the record of FORMAT_1 at a path, and open it."""
    connection = duckdb.connect(os.fspath(path))
    connection.execute(FORMAT_1).fetchall()
    connection.close()
    return Record.open(path)


def test_an_old_record_is_opened_and_extended(tmp_path: Path) -> None:
    record = old_record(tmp_path / "old.regard")
    assert record.counts() == Counts(acts=2, accounts=2, people=2, inputs=1)
    post = Act("ann", "post", NOON, item="p", thread="p", text="How?")
    result = record.append(InputInfo("chat", "a later export"), [Batch([post, Act("cem", "post", NOON - 1, item="q", thread="q")])])
    assert (result.read, result.added) == (2, 1)
    with reading(record.path) as connection:
        assert execute(connection, "SELECT target, thread_root FROM acts WHERE item = 'r'") == [(2, "q")]
    assert record.merge("ann", "bob").ids == ("ann", "bob")
    assert record.forget("cem").name == "cem"
    assert record.counts() == Counts(acts=1, accounts=2, people=1, inputs=2)  # without the reply toward cem


def test_a_dataset_of_an_old_record_is_extended(tmp_path: Path) -> None:
    write(old_record(tmp_path / "old.regard").path, tmp_path / "data")
    twice = Act("cem", "post", NOON - 1, item="new", thread="new", other_ids="q")
    for batch in (Batch([twice], [Account("cem", key="7")]), Batch([Act("bob", "reply", NOON, item="s", parent="q")])):
        with extend(tmp_path / "data") as record:
            record.append(InputInfo("chat", "a later export"), [batch])
    with extend(tmp_path / "data") as record, reading(record.path) as connection:
        assert execute(connection, "SELECT item, target, thread_root, other_ids FROM acts ORDER BY item") == [
            ("new", None, "new", "q"),
            ("p", None, "p", None),
            ("r", 2, "new", None),
            ("s", 2, "new", None),
        ]
        assert execute(connection, "SELECT id, key FROM accounts ORDER BY id") == [("ann", None), ("bob", None), ("cem", "7")]


def test_a_record_that_was_written_to_has_the_tables_of_a_new_one(tmp_path: Path) -> None:
    records = (old_record(tmp_path / "old.regard"), Record.at(tmp_path / "new.regard"))
    with writing(records[0].path):
        pass
    columns = []
    for record in records:
        with reading(record.path) as connection:
            columns.append(execute(connection, COLUMNS))
    assert columns[0] == columns[1]
