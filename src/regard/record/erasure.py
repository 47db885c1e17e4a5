"""Erasure: removes a person for good. `erased_again` keeps them removed when the same export is read again.

Of an erased person only fingerprints remain: hashes, with the record's own secret, of their ids and of the ids of what they wrote. A
fingerprint recognises an account or an item when an export brings it back. It tells nothing else.

Which tables and columns there are is asked of the schema. A column that no list here names is taken to hold both words and ids, so that
what a later version adds is never left out.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import duckdb

from regard.base.drafts import draft, keep_mode, real
from regard.engines.base import Value
from regard.engines.duckdb.connection import change_setting, connect, forbid_files
from regard.engines.duckdb.objects import columns_of
from regard.engines.duckdb.statements import execute, quote_identifier, quote_literal
from regard.errors import InputError, RecordBusy, UsageError
from regard.record.erased_ids import fingerprint, items_of, make_item_tokens, make_token_lists, salt_of
from regard.record.identities import Person, find, load
from regard.record.redact import names_in, patterns, redacted
from regard.record.storage import TABLES, check_objects, log_of, translated, writing
from regard.record.work_folders import clear_work

KEPT: Final = frozenset({
    "meta.key", "meta.value", "forgotten.digest", "inputs.source", "inputs.digest", "inputs.view", "inputs.missing",
    "accounts.source", "accounts.id", "accounts.name", "accounts.key",
})  # fmt: skip
"""Columns of text that stay: what Regard itself says, and the ids and names of others."""
WORDS: Final = frozenset({
    "inputs.title", "notes.note", "accounts.title", "accounts.role",
    "acts.channel", "acts.text", "acts.label", "acts.lang", "acts.weight_note", "acts.file",
})  # fmt: skip
"""Columns of words: names and ids are blotted out of them. A whole value is no id."""
IDS: Final = frozenset({"acts.item", "acts.parent_item", "acts.thread_root", "acts.ancestors", "acts.other_ids"})
"""Columns of ids of items: tokens replace those that give the person away."""
LISTS: Final = frozenset({"acts.ancestors", "acts.other_ids"})
"""Columns of several ids, one a line."""
SAME_ITEM: Final = "acts.other_ids"
"""Other ids of the same item. One that is an erased person's makes the list false: it goes."""
ACCOUNTS: Final = ("account", "actor", "target")
"""Columns of these names hold numbers of accounts, in any table. A row with an erased account goes."""


@dataclass(frozen=True)
class Forgotten(Person):
    """A person who was removed."""

    left: tuple[str, ...] = ()
    """What Regard knows of and could not remove: a sentence each."""


def forget(path: Path, who: str | Person) -> Forgotten:
    """Remove a person for good: their acts, words, names and ids, and the acts of others toward them.

    Their full names and ids are also taken out of others' words, titles and channels (see `redact`). The ids of what they wrote are
    replaced, so that threads which they began stay threads. The file is written anew, because a database keeps deleted bytes in its pages.
    What studies kept of the record in work folders goes too. If the program is killed, the file is the old record or the new one.

    Raises UnknownName, UsageError if the name fits several people or the record has changed since `who` was found, InputError if there is
    no room for the new file.
    """
    try:
        with closing(connect()) as connection, translated(path), draft(real(path)) as fresh:
            _attach_alone(connection, path)
            person = _find(connection, who)
            execute(connection, f"ATTACH {quote_literal(os.fspath(fresh))} AS fresh")
            # One transaction that goes into the file at once, and not by way of a log: a disk that is nearly full has no room for both.
            change_setting(connection, "checkpoint_threshold", "0B")
            forbid_files(connection)
            connection.begin()
            execute(connection, "COPY FROM DATABASE old TO fresh (SCHEMA)")
            _copy_without(connection, person.person)
            connection.commit()
            execute(connection, "CHECKPOINT fresh")
            execute(connection, "DETACH fresh")
            other_names = real(path).stat().st_nlink - 1
            clear_work(path)  # before the record changes: whoever is killed in between is asked for again
            _put_in_place(connection, fresh, real(path))
    except OSError as error:
        raise InputError(f"{path}: nobody was removed ({error.strerror or error})") from error
    linked = [f"{path}: {other_names} more of its names on this disk (hard links) keep the old file with all that it held"]
    return Forgotten(person.person, person.name, person.ids, (*(linked if other_names else ()), *clear_work(path)))


def _attach_alone(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Attach the record when all of it is in one file. A log beside the file would outlive it, and would not fit the new file."""
    for _ in range(3):
        with writing(path, in_one_file=True):
            pass
        execute(connection, f"ATTACH {quote_literal(os.fspath(real(path)))} AS old (READ_ONLY)")
        if not log_of(path).exists():
            check_objects(path, partial(execute, connection), "old")
            return
        execute(connection, "DETACH old")
    raise RecordBusy(f"{path}: another program writes into this record; try again when it has done")


def _put_in_place(connection: duckdb.DuckDBPyConnection, fresh: Path, path: Path) -> None:
    keep_mode(path, fresh)
    # The old file is still held here, so that no program begins to write into a file that is about to be replaced.
    with suppress(PermissionError):
        fresh.replace(path)
    execute(connection, "DETACH old")
    if fresh.exists():  # Windows does not replace an open file
        fresh.replace(path)


def _find(connection: duckdb.DuckDBPyConnection, who: str | Person) -> Person:
    ask = partial(execute, connection)
    if isinstance(who, str):
        return find(ask, who, tables="old.")
    person = load(ask, who.person, tables="old.")
    if person.ids != who.ids:
        raise UsageError(f"{who.name!r}: the record has changed since they were looked up; say again who is meant")
    return person


def _copy_without(connection: duckdb.DuckDBPyConnection, person: int) -> None:
    """Copy all tables of the record `old` to `fresh`, without a person."""
    values: dict[str, Value] = {"p": person, "salt": salt_of(connection, "old.")}
    execute(connection, "CREATE TEMP TABLE erased AS SELECT account, source, id, name, key FROM old.accounts WHERE person = $p", values)
    tables = columns_of(TABLES)
    for table, columns in tables.items():
        execute(connection, f"CREATE TEMP VIEW {_source(table)} AS {_with_source(table, columns)}")
    theirs = items_of(_source("acts"), "s, {}", "actor IN (SELECT account FROM erased)")
    all_ids = " UNION ".join(_ids(table, column) for table, columns in tables.items() for column in _text(table, columns, KEPT | WORDS))
    make_item_tokens(connection, all_ids, f"(source, id) IN ({theirs})", "false", values)
    others = "SELECT text FROM old.acts WHERE actor NOT IN (SELECT account FROM erased)"
    words = patterns(connection, others, names_in(connection, "SELECT id, name FROM erased"))
    for table, columns in tables.items():
        _copy(connection, table, columns, words)
    execute(
        connection,
        f"""INSERT OR IGNORE INTO fresh.forgotten SELECT {fingerprint("account")} FROM erased
            UNION SELECT {fingerprint("key", id_="key")} FROM erased WHERE key IS NOT NULL
            UNION SELECT {fingerprint("item")} FROM item_tokens WHERE theirs
            UNION SELECT {fingerprint("named")} FROM item_tokens WHERE NOT theirs""",
        values,
    )


def _copy(connection: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str], words: Sequence[str]) -> None:
    in_words = _text(table, columns, KEPT | IDS)
    blotted, bound = redacted([f"t.{quote_identifier(column)}" for column in in_words], words)
    new = dict(zip(in_words, blotted, strict=True))
    joins = []
    for number, column in enumerate(_text(table, columns, KEPT | WORDS)):
        name = quote_identifier(column)
        if f"{table}.{column}" in LISTS:
            make_token_lists(
                connection, f"lists_{number}", f"SELECT s AS source, r, {name} AS ids FROM {_source(table)} WHERE {name} IS NOT NULL"
            )
            joins.append(f"LEFT JOIN lists_{number} i{number} USING (r)")
            ids = f"CASE WHEN NOT i{number}.theirs THEN i{number}.ids END" if f"{table}.{column}" == SAME_ITEM else f"i{number}.ids"
            new[column] = f"CASE WHEN i{number}.r IS NULL THEN t.{name} ELSE {ids} END"
        else:
            joins.append(f"LEFT JOIN item_tokens i{number} ON i{number}.source IS NOT DISTINCT FROM t.s AND i{number}.id = t.{name}")
            new[column] = f"coalesce(i{number}.token, {new.get(column, f't.{name}')})"
    gone = [f"(t.{name} IS NULL OR t.{name} NOT IN (SELECT account FROM erased))" for name in ACCOUNTS if name in columns]
    if table == "acts":
        answered = "SELECT source, id FROM item_tokens WHERE theirs"
        gone.append(f"NOT (t.kind = 'reply' AND t.target IS NULL AND t.parent_item IS NOT NULL AND (t.s, t.parent_item) IN ({answered}))")
    selected = ", ".join(f"{new.get(column, f't.{quote_identifier(column)}')} AS {quote_identifier(column)}" for column in columns)
    execute(
        connection,
        f"""INSERT INTO fresh.{quote_identifier(table)} SELECT {selected} FROM {_source(table)} t {" ".join(joins)}
            WHERE {" AND ".join(gone) or "true"} ORDER BY r""",
        bound,
    )


def _text(table: str, columns: Mapping[str, str], without: frozenset[str]) -> list[str]:
    return [column for column, type_ in columns.items() if type_ == "VARCHAR" and f"{table}.{column}" not in without]


def _source(table: str) -> str:
    return quote_identifier(f"all_{table}")


def _with_source(table: str, columns: Mapping[str, str]) -> str:
    """SQL for a table's rows, each with the source `s` that it is of, if it is of one, and with its place `r`."""
    name = f"old.{quote_identifier(table)}"
    if "source" in columns:
        return f"SELECT *, source AS s, rowid AS r FROM {name}"
    if "input" in columns:
        return f"SELECT t.*, i.source AS s, t.rowid AS r FROM {name} t LEFT JOIN old.inputs i USING (input)"
    return f"SELECT *, NULL::VARCHAR AS s, rowid AS r FROM {name}"


def _ids(table: str, column: str) -> str:
    name = quote_identifier(column)
    id_ = f"unnest(string_split({name}, chr(10)))" if f"{table}.{column}" in LISTS else name
    return f"SELECT s AS source, {id_} AS id FROM {_source(table)}"
