"""A table's file is read itself, whatever it and its folders are called, and however damaged it is."""

from __future__ import annotations

import gzip
import random
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from regard.engines.duckdb.connection import connect
from regard.engines.duckdb.errors import rows_error
from regard.engines.duckdb.statements import execute
from regard.errors import InputError, Malformed, OutOfMemory, RegardError, UsageError
from regard.sources.formats.bundle import Bundle

from .logs import ANN_BO, TWO, Log

CASES = Path(__file__).parents[1] / "cases"
ENDINGS = {
    "csv": TWO.encode(),
    "tsv": TWO.replace(",", "\t").encode(),
    "txt": TWO.replace(",", "  ").encode(),
    "csv.gz": gzip.compress(TWO.encode()),
    "jsonl": b'{"from": "ann", "to": "bo", "time": "2024-03-01"}\n{"from": "bo", "to": "ann", "time": "2024-03-01"}\n',
    "json": b'[{"from": "ann", "to": "bo", "time": "2024-03-01"}, {"from": "bo", "to": "ann", "time": "2024-03-01"}]',
}


def parquet(sql: str, folder: Path) -> bytes:
    """The bytes of a Parquet file of a query's rows."""
    with closing(connect()) as connection:
        execute(connection, f"COPY ({sql}) TO '{folder}/made.parquet' (FORMAT parquet)")
    return (folder / "made.parquet").read_bytes()


@pytest.mark.parametrize("ending", [*ENDINGS, "parquet"])
@pytest.mark.parametrize("stem", ["log[1]", "l*?", "**"])
@pytest.mark.parametrize("place", [".", "a[b]c", "from=evil/time=2020-01-01"])
def test_no_name_reads_another_file_or_overrides_a_cell(log: Log, tmp_path: Path, place: str, stem: str, ending: str) -> None:
    folder = tmp_path / place
    folder.mkdir(parents=True, exist_ok=True)
    rows = "SELECT 'ann' AS \"from\", 'bo' AS \"to\", DATE '2024-03-01' AS time UNION ALL SELECT 'bo', 'ann', DATE '2024-03-01'"
    data = ENDINGS.get(ending) or parquet(rows, tmp_path)
    for name in (f"log1.{ending}", f"lo.{ending}"):
        (folder / name).write_bytes(TWO.replace("ann", "SECRET").encode())
    (folder / f"{stem}.{ending}").write_bytes(data)
    assert log.rows(Bundle.of(folder / f"{stem}.{ending}"), "actor, target, time") == ANN_BO


@pytest.mark.long
def test_damaged_parquet_is_told_whatever_the_reader_raises(log: Log) -> None:
    made = log.parquet("SELECT 'ann' || i % 9 AS actor, 'bo' AS target, TIMESTAMP '2024-01-01' + to_seconds(i) AS time FROM range(99) t(i)")
    path, chance = log.folder / "log.parquet", random.Random(4)
    sound, told = path.read_bytes(), list[str]()
    for _ in range(60):
        damaged = bytearray(sound)
        damaged[chance.randrange(4, len(damaged) - 4)] = chance.randrange(256)
        path.write_bytes(damaged)
        try:
            log.rows(made)
        except RegardError as error:
            told.append(str(error))
    assert len(told) > 10
    assert all(words.startswith("log.parquet:") for words in told)


@pytest.mark.parametrize("error", [duckdb.Error, duckdb.InternalException, duckdb.BinderException, duckdb.HTTPException])
def test_every_error_of_the_engine_is_translated(error: type[duckdb.Error]) -> None:
    told = rows_error(error("a secret"), "a.csv")
    assert isinstance(told, Malformed)
    assert "secret" not in str(told)


def test_a_lack_of_memory_or_disk_is_no_fault_of_the_file() -> None:
    assert isinstance(rows_error(duckdb.OutOfMemoryException("could not allocate"), "a.csv"), OutOfMemory)
    assert type(rows_error(duckdb.IOException("No space left on device"), "a.csv")) is InputError


def test_a_table_in_which_nobody_acts_toward_anybody_is_no_success(log: Log) -> None:
    cases = Bundle.of(CASES / "K09-nobody-toward-whom" / "in")
    with pytest.raises(UsageError, match=r"no row says toward whom.*--map.*replied_to_id"):
        log.rows(cases)
    posts = "id,from,time\n1,ann,2024-03-01\n2,bo,2024-03-01\n"
    with pytest.raises(UsageError, match="--map kind=post"):
        log.rows(posts)
    assert log.rows(posts, "actor, kind", kind="post") == [("ann", "post"), ("bo", "post")]
    folder = log.folder / "both"
    folder.mkdir()
    (folder / "posts.csv").write_text(posts)
    (folder / "replies.csv").write_text("from,parent,time\nbo,1,2024-03-02\n")
    assert log.rows(Bundle.of(folder)) == [("ann", None), ("bo", None), ("bo", "ann")]
