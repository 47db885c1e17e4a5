"""Append an input to a record: number its people, drop what is there already, find whom replies answer.

All of one input is one transaction. The steps run on relations inside the engine, so that memory stays flat whatever the input's
size; only a batch of acts at a time passes through Python.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import duckdb
import numpy as np
from numpy.typing import NDArray

from regard.base.progress import NO_PROGRESS, Progress
from regard.engines.duckdb.errors import ROW_ERRORS, rows_error
from regard.engines.duckdb.statements import execute
from regard.record.deduplicate import drop_repeats
from regard.record.ids import number_acts, number_people
from regard.record.redact import redact
from regard.record.reply_targets import find_late_targets, find_targets
from regard.record.schema import Account, Act, Batch, SqlBatch, View

TEXTS = (
    "actor", "kind", "target", "item", "parent", "ancestors", "thread", "channel", "text", "label", "lang",
    "precision", "clock", "visibility", "note", "file",
)  # fmt: skip
STAGED = (
    "actor VARCHAR, kind VARCHAR, target VARCHAR, item VARCHAR, parent VARCHAR, ancestors VARCHAR, thread VARCHAR, channel VARCHAR, "
    "text VARCHAR, label VARCHAR, lang VARCHAR, precision VARCHAR, clock VARCHAR, visibility VARCHAR, note VARCHAR, file VARCHAR, "
    "time TIMESTAMP, edited BOOLEAN, line BIGINT"
)
NO_TIME = -(2**63)
FIRST_TIME, LAST_TIME = -62_135_596_800_000_000, 253_402_300_799_999_999  # the years 1 to 9999: what calendars can show


@dataclass(frozen=True)
class InputInfo:
    """Where an input comes from, for the record's list of inputs."""

    source: str
    title: str
    view: View = "whole"
    missing: str = ""
    own_ids: bool = True
    digest: str | None = None
    made_up: bool = False


@dataclass(frozen=True)
class IngestResult:
    """What became of one input."""

    read: int
    """Acts of somebody that the source gave."""
    added: int
    """Acts that the record did not have yet."""
    replies: int
    unresolved: int
    """Replies among the added whose parent the record does not hold."""
    notes: tuple[tuple[str, int], ...]


def ingest(
    connection: duckdb.DuckDBPyConnection,
    origin: InputInfo,
    pieces: Iterable[Batch | SqlBatch],
    now_us: int,
    progress: Progress = NO_PROGRESS,
) -> IngestResult:
    """Append all pieces of one input inside the connection's open transaction.

    `now_us` is the reader's clock in microseconds: no act can be later, and one that says so has a wrong clock.
    """
    notes: Counter[str] = Counter()
    scans = _stage(connection, pieces, notes)
    with _scan_errors(scans):
        progress.stage("numbering people")
        gone = number_people(connection, origin.source)
        progress.stage("numbering acts")
        read = number_acts(connection, origin.source, now_us, notes)
    progress.stage("finding whom replies answer")
    find_targets(connection, origin.source)
    progress.stage("looking for acts that are there already")
    drop_repeats(connection, origin.source, notes, own_ids=origin.own_ids)
    if gone:
        title, values = redact("$title", gone)
        origin = replace(origin, title=str(execute(connection, f"SELECT {title}", {"title": origin.title, **values})[0][0]))
    progress.stage("keeping the acts")
    number = int(str(execute(connection, "SELECT coalesce(max(input) + 1, 0) FROM inputs")[0][0]))
    added, replies, unresolved = _insert(connection, origin, number, read, notes)
    find_late_targets(connection, origin.source, number)
    for table in ("staged_acts", "staged_accounts", "numbered"):
        execute(connection, f"DROP TABLE {table}")
    execute(connection, "DROP VIEW staged")
    return IngestResult(read, added, replies, unresolved, tuple(sorted(notes.items())))


def _stage(connection: duckdb.DuckDBPyConnection, pieces: Iterable[Batch | SqlBatch], notes: Counter[str]) -> list[SqlBatch]:
    """Make `staged`, all acts of the input as the source gave them: batches as a table, scans as they lie in their files."""
    execute(connection, f"CREATE OR REPLACE TEMP TABLE staged_acts ({STAGED})")
    execute(
        connection,
        "CREATE OR REPLACE TEMP TABLE staged_accounts (id VARCHAR, name VARCHAR, actor_type VARCHAR, followers BIGINT, points DOUBLE,"
        " title VARCHAR, role VARCHAR)",
    )
    scans = []
    for piece in pieces:
        for note, count in piece.notes:
            notes[note] += count
        if isinstance(piece, SqlBatch):
            scans.append(piece)
            continue
        if piece.acts:
            _insert_arrays(connection, "staged_acts", _act_columns(piece.acts))
        if piece.accounts:
            _insert_arrays(connection, "staged_accounts", _account_columns(piece.accounts))
    with _scan_errors(scans):
        parts = ["FROM staged_acts", *(f"({scan.sql})" for scan in scans)]
        execute(connection, f"CREATE OR REPLACE TEMP VIEW staged AS {' UNION ALL BY NAME '.join(parts)}")
    return scans


@contextmanager
def _scan_errors(scans: Sequence[SqlBatch]) -> Iterator[None]:
    """An engine's complaint about a file that it reads by itself, with the file's name and without the row that it quotes."""
    try:
        yield
    except ROW_ERRORS as error:
        if not scans:
            raise
        raise rows_error(error, ", ".join(scan.file for scan in scans)) from error


def _insert_arrays(connection: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, NDArray[np.generic]]) -> None:
    if table == "staged_acts":
        kept = "* EXCLUDE (time_us), make_timestamp(nullif(time_us, -9223372036854775808)) AS time"
    else:
        # A platform that says "many" or counts to 10^30 says nothing.
        points = "CASE WHEN isfinite(TRY_CAST(points AS DOUBLE)) THEN TRY_CAST(points AS DOUBLE) END"
        kept = f"* REPLACE (TRY_CAST(followers AS BIGINT) AS followers, {points} AS points)"
    connection.register("batch", dict(columns))
    try:
        execute(connection, f"INSERT INTO {table} BY NAME SELECT {kept} FROM batch")
    finally:
        connection.unregister("batch")


def _act_columns(acts: Iterable[Act]) -> dict[str, NDArray[np.generic]]:
    columns = dict(zip(Act._fields, zip(*acts, strict=True), strict=True))
    found: dict[str, NDArray[np.generic]] = {name: _texts(columns[name]) for name in TEXTS}
    times = [t if t is not None and FIRST_TIME <= t <= LAST_TIME else NO_TIME for t in columns["time"]]
    found["time_us"] = np.array(times, dtype=np.int64)
    found["edited"] = np.array(columns["edited"], dtype=bool)
    lines = [-1 if line is None else line for line in columns["line"]]
    found["line"] = np.ma.masked_less(np.array(lines, dtype=np.int64), 0)
    return found


def _account_columns(accounts: Iterable[Account]) -> dict[str, NDArray[np.generic]]:
    columns = dict(zip(Account._fields, zip(*accounts, strict=True), strict=True))
    return {name: _texts([None if v is None else str(v) for v in column]) for name, column in columns.items()}


def _texts(column: Sequence[str | None]) -> NDArray[np.generic]:
    """A column of text; a lone surrogate, which JSON can say and UTF-8 cannot, becomes a question mark."""
    try:
        "".join(filter(None, column)).encode()
    except (UnicodeEncodeError, TypeError):
        column = [None if v is None else str(v).encode("utf-8", "replace").decode() for v in column]
    return np.array(column, dtype=object)


def _insert(connection: duckdb.DuckDBPyConnection, origin: InputInfo, number: int, read: int, notes: Counter[str]) -> tuple[int, int, int]:
    added, replies, unresolved = (
        int(str(n))
        for n in execute(
            connection,
            "SELECT count(*), count(*) FILTER (kind = 'reply'), count(*) FILTER (kind = 'reply' AND target IS NULL) FROM numbered",
        )[0]
    )
    repeated = origin.digest is not None and bool(
        execute(
            connection,
            "SELECT 1 FROM inputs WHERE source = $source AND digest = $digest",
            {"source": origin.source, "digest": origin.digest},
        )
    )
    if repeated and not added:
        return 0, 0, 0
    execute(
        connection,
        "INSERT INTO inputs VALUES ($input, $source, $title, $digest, $view, $missing, $read, $added, $made_up)",
        {
            "input": number, "source": origin.source, "title": origin.title, "digest": origin.digest, "view": origin.view,
            "missing": origin.missing, "read": read, "added": added, "made_up": origin.made_up,
        },
    )  # fmt: skip
    for note, count in sorted(notes.items()):
        execute(connection, "INSERT INTO notes VALUES ($input, $note, $count)", {"input": number, "note": note, "count": count})
    execute(connection, "INSERT INTO acts BY NAME SELECT *, $input::INTEGER AS input FROM numbered", {"input": number})
    return added, replies, unresolved
