"""Adds an input to a record: numbers its people, drops acts that are there already, and finds whom replies answer.

All of one input is one transaction. The work is done on relations inside DuckDB, so that memory stays flat whatever the size of the input.
Only one batch of acts at a time passes through Python.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import duckdb

from regard.base.progress import NO_PROGRESS, Progress
from regard.engines.duckdb.statements import execute, fetch, fetch_scalar
from regard.record.deduplicate import drop_repeats, settle_authors
from regard.record.ids import number_acts, number_people
from regard.record.redact import redact
from regard.record.reply_targets import find_late_targets, find_targets
from regard.record.schema import Batch, SqlBatch, View
from regard.record.staging import file_errors, stage


@dataclass(frozen=True)
class InputInfo:
    """Where an input comes from, for the record's list of inputs."""

    source: str
    title: str
    view: View = "whole"
    missing: str = ""
    own_ids: bool = True
    """Whether the platform gives ids to what people write."""
    renames: bool = False
    """Whether its people may change the names that are their ids (see `renames`)."""
    digest: str | None = None
    made_up: bool = False
    files: tuple[Path, ...] = ()
    """Files and folders that the SQL of its batches reads. It may read nothing else, temporary files apart."""


@dataclass(frozen=True)
class IngestResult:
    """What became of one input."""

    read: int
    """Acts with an actor that the source gave."""
    added: int
    """Acts that the record did not have yet."""
    replies: int
    unresolved: int
    """Replies among the added acts whose parent the record does not hold."""
    notes: tuple[tuple[str, int], ...]


class AddedCounts(NamedTuple):
    """How many acts, replies, and replies without a target an input adds."""

    added: int
    replies: int
    unresolved: int


def ingest(
    connection: duckdb.DuckDBPyConnection,
    info: InputInfo,
    batches: Iterable[Batch | SqlBatch],
    now_us: int,
    progress: Progress = NO_PROGRESS,
) -> IngestResult:
    """Add all batches of one input inside the connection's open transaction.

    `now_us` is the reader's clock in microseconds since 1970. No act can be later: one that claims to be comes from a wrong clock.
    """
    notes: Counter[str] = Counter()
    sql_batches = stage(connection, batches, notes)
    with file_errors(sql_batches):
        progress.stage("numbering people")
        erased_names = number_people(connection, info.source, notes, by_items=info.renames)
        progress.stage("numbering acts")
        n_read = number_acts(connection, info.source, now_us, notes)
    progress.stage("finding whom replies answer")
    find_targets(connection, info.source)
    progress.stage("looking for acts that are there already")
    if info.own_ids:
        settle_authors(connection, info.source, notes)
    drop_repeats(connection, info.source, notes, own_ids=info.own_ids)
    if erased_names:
        title, values = redact("$title", erased_names)
        info = replace(info, title=fetch_scalar(connection, str, f"SELECT {title}", {"title": info.title, **values}))
    progress.stage("keeping the acts")
    number = fetch_scalar(connection, int, "SELECT coalesce(max(input) + 1, 0) FROM inputs")
    counts = _insert(connection, info, number, n_read, notes)
    find_late_targets(connection, info.source, number)
    for table in ("staged_acts", "staged_accounts", "numbered"):
        execute(connection, f"DROP TABLE {table}")
    execute(connection, "DROP VIEW staged")
    return IngestResult(n_read, *counts, tuple(sorted(notes.items())))


def _insert(connection: duckdb.DuckDBPyConnection, info: InputInfo, number: int, n_read: int, notes: Counter[str]) -> AddedCounts:
    """Insert `numbered` and the input itself into the record. A file that was read before and adds nothing leaves no trace."""
    sql = "SELECT count(*), count(*) FILTER (kind = 'reply'), count(*) FILTER (kind = 'reply' AND target IS NULL) FROM numbered"
    counts = fetch(connection, AddedCounts, sql)[0]
    if not counts.added and info.digest is not None and _was_read(connection, info.source, info.digest):
        return AddedCounts(0, 0, 0)
    execute(
        connection,
        "INSERT INTO inputs VALUES ($input, $source, $title, $digest, $view, $missing, $read, $added, $made_up)",
        {
            "input": number, "source": info.source, "title": info.title, "digest": info.digest, "view": info.view,
            "missing": info.missing, "read": n_read, "added": counts.added, "made_up": info.made_up,
        },
    )  # fmt: skip
    for note, count in sorted(notes.items()):
        execute(connection, "INSERT INTO notes VALUES ($input, $note, $count)", {"input": number, "note": note, "count": count})
    execute(connection, "INSERT INTO acts BY NAME SELECT *, $input::INTEGER AS input FROM numbered", {"input": number})
    return counts


def _was_read(connection: duckdb.DuckDBPyConnection, source: str, digest: str) -> bool:
    sql = "SELECT 1 FROM inputs WHERE source = $source AND digest = $digest"
    return bool(execute(connection, sql, {"source": source, "digest": digest}))
