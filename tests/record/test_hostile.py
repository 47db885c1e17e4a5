"""A record or a dataset that a stranger made: nothing of theirs runs here, and the file stays as it is."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from regard.engines.base import Step
from regard.engines.duckdb import cached
from regard.engines.duckdb.connection import connect, forbid_files
from regard.engines.duckdb.objects import expected, objects
from regard.engines.duckdb.statements import execute
from regard.errors import DamagedRecord, NotARecord, StepFailed
from regard.record.dataset import Dataset
from regard.record.dataset_extend import extend
from regard.record.dataset_files import write
from regard.record.dataset_manifest import write_manifest
from regard.record.ingest import InputInfo
from regard.record.record import Record
from regard.record.schema import Act, Batch
from regard.record.storage import TABLES, reading, writing
from regard.studies.settings import Settings
from regard.studies.study import Study

from ..cases import mostly_long

NOON = 1_709_294_400_000_000
DAY = 86_400_000_000
ACTS = [Act(f"u{n % 5}", "reply", NOON + n * DAY, f"u{(n + 1) % 5}", item=str(n), text="w") for n in range(60)]
SECRET = "what only the reader of the record has"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A record, and beside it a file of the reader's."""
    Record.at(tmp_path / "given" / "c.regard").append(InputInfo("chat", "an export"), [Batch(ACTS)])
    (tmp_path / "mine.txt").write_text(SECRET)
    return tmp_path / "given" / "c.regard"


def change(path: Path, *statements: str) -> None:
    """Change a database as a stranger can."""
    connection = duckdb.connect(os.fspath(path))
    for statement in statements:
        connection.execute(statement.replace("MINE", os.fspath(path.parent.parent / "mine.txt"))).fetchall()
    connection.close()


STRANGE = {
    "a view in place of a table": (
        "ALTER TABLE inputs RENAME TO hidden",
        "CREATE VIEW inputs AS SELECT * REPLACE ((SELECT content FROM read_text('MINE')) AS title) FROM hidden",
    ),
    "one more view": ("CREATE VIEW people AS FROM read_text('MINE')",),
    "a view in place of the table that says the format": (
        "ALTER TABLE meta RENAME TO hidden",
        "CREATE VIEW meta AS SELECT 'format' AS key, (SELECT content FROM read_text('MINE')) AS value",
    ),
    "a macro called as a function": ("CREATE MACRO coalesce(a, b) AS (SELECT content FROM read_text('MINE'))",),
    "a table macro": ("CREATE MACRO acts_of(a) AS TABLE FROM acts",),
    "one more table": ("CREATE TABLE extra (a INTEGER)",),
    "a table in another schema": ("CREATE SCHEMA other", "CREATE TABLE other.acts AS FROM acts"),
    "an empty schema": ("CREATE SCHEMA other",),
    "one more column": ("ALTER TABLE notes ADD COLUMN extra VARCHAR",),
    "a column of another type": ("ALTER TABLE notes ALTER note TYPE STRUCT(a VARCHAR) USING {'a': note}",),
    "a column of a type that reads": ("ALTER TABLE notes ALTER count TYPE VARCHAR",),
    "a default": ("ALTER TABLE notes ALTER note SET DEFAULT concat('a', 'b')",),
    "a generated column": (
        "DROP TABLE notes",
        "CREATE TABLE notes (input INTEGER NOT NULL, note VARCHAR GENERATED ALWAYS AS (concat('a', input)), count BIGINT NOT NULL)",
    ),
    "a check": (
        "DROP TABLE notes",
        "CREATE TABLE notes (input INTEGER NOT NULL CHECK (input > 0), note VARCHAR NOT NULL, count BIGINT NOT NULL)",
    ),
    "a missing constraint": ("DROP TABLE notes", "CREATE TABLE notes (input INTEGER, note VARCHAR NOT NULL, count BIGINT NOT NULL)"),
    "a sequence": ("CREATE SEQUENCE s",),
    "an index": ("CREATE INDEX i ON acts (item)",),
    "one more type": ("CREATE TYPE mood AS ENUM ('a')",),
    "an enumeration with other values": ("DROP TYPE time_source", "CREATE TYPE time_source AS ENUM ('server', 'client')"),
}  # fmt: skip

USES: dict[str, Callable[[Path], object]] = {
    "opened": Record.open,
    "made": Record.at,
    "counted": lambda path: Record(path).counts(),
    "studied": lambda path: Study(Record(path)),
    "studied with work": lambda path: Study(Record(path), Settings(work=path.parent.parent / "work")),
    "extended": lambda path: Record(path).append(InputInfo("chat", "more"), [Batch([Act("a", "post", NOON)])]),
    "searched": lambda path: Record(path).person("u1"),
    "forgotten in": lambda path: Record(path).forget("u1"),
    "merged in": lambda path: Record(path).merge("u1", "u2"),
    "written as a dataset": lambda path: write(path, path.parent.parent / "dataset"),
}


@pytest.mark.parametrize("kind", mostly_long(STRANGE, 4))
def test_what_ours_never_holds_is_refused(kind: str, path: Path) -> None:
    change(path, *STRANGE[kind])
    before = path.read_bytes()
    for use in USES.values():
        with pytest.raises(NotARecord, match=r"left as it (is|was)") as told:
            use(path)
        assert SECRET not in str(told.value)
    assert path.read_bytes() == before
    assert {file.name for file in path.parent.iterdir()} == {path.name}


def test_every_kind_of_object_is_looked_for() -> None:
    """Each kind that DuckDB lists and that holds SQL, or that a file can hold, is among those that are compared."""
    connection = duckdb.connect()
    connection.execute("CREATE TABLE t (a INTEGER); CREATE VIEW v AS FROM t; CREATE MACRO m(a) AS a; CREATE SEQUENCE s").fetchall()
    connection.execute("CREATE INDEX i ON t (a); CREATE TYPE e AS ENUM ('a'); CREATE SCHEMA o; CREATE TYPE alias AS INTEGER").fetchall()
    found = objects(lambda sql, values: connection.execute(sql, values).fetchall(), "memory")
    assert sorted((item.what, item.name) for item in found) == [
        ("index", "main.i"), ("macro", "main.m"), ("schema", "o"), ("sequence", "main.s"), ("table", "main.t"), ("type", "main.alias"),
        ("type", "main.e"), ("view", "main.v"),
    ]  # fmt: skip
    listed = connection.execute(
        "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_name LIKE 'duckdb\\_%s' ESCAPE '\\'"
    ).fetchall()
    of_a_file = {name for (name,) in listed} & {
        f"duckdb_{kind}s" for kind in ("table", "view", "macro", "sequence", "trigger", "type", "schema")
    }
    assert of_a_file == {f"duckdb_{kind}s" for kind in ("table", "view", "sequence", "trigger", "type", "schema")}, "a new kind of object?"
    assert {item.what for item in expected(TABLES)} == {"table", "type"}


def test_a_connection_to_a_record_opens_no_other_file(path: Path) -> None:
    mine = path.parent.parent / "mine.txt"
    statements = (
        f"FROM read_text('{mine}')", f"COPY (SELECT 1) TO '{mine}'", f"ATTACH '{mine.with_name('new')}' AS n", "SET threads = 1",
        "SET enable_external_access = true", "RESET enable_external_access", "SET lock_configuration = false", "INSTALL httpfs",
        f"CREATE OR REPLACE TEMP TABLE t AS FROM read_csv('{mine}')", f"FROM '{mine}'", f"EXPORT DATABASE '{mine.parent}/e'",
    )  # fmt: skip
    for open_ in (reading, writing):
        for statement in statements:
            with pytest.raises(duckdb.Error), open_(path) as connection:
                connection.execute(statement).fetchall()
        with open_(path) as connection:
            assert execute(connection, "SELECT count(*) FROM acts") == [(60,)]
    assert mine.read_text() == SECRET


def test_a_study_opens_no_other_file(path: Path, tmp_path: Path) -> None:
    write(path, tmp_path / "d")
    for record in (Record(path), Dataset.open(tmp_path / "d")):
        with Study(record) as study:
            with pytest.raises(duckdb.Error, match="disabled by configuration"):
                study.engine.rows(f"FROM read_text('{tmp_path / 'mine.txt'}')")
            study.kept.write(tmp_path / "kept.csv")
            assert len(study.kept.rows()) == 5
    assert (tmp_path / "kept.csv").read_text().startswith("person,kept")


def test_what_is_allowed_can_be_read_whatever_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "it's [a] d*r"
    folder.mkdir()
    (folder / "a.csv").write_text("n\n1\n")
    (tmp_path / "b.csv").write_text("n\n1\n")
    (tmp_path / "link").symlink_to(folder)
    connection = connect()
    forbid_files(connection, [tmp_path / "link", folder])
    pattern = f"{tmp_path}/it's [[]a] d[*]r/*.csv".replace("'", "''")
    assert execute(connection, f"FROM read_csv('{pattern}')") == [(1,)]
    assert execute(connection, f"FROM read_csv('{tmp_path}/link/a.csv')") == [(1,)]
    for outside in ("b.csv", "link/../b.csv"):
        with pytest.raises(duckdb.Error):
            execute(connection, f"FROM read_csv('{tmp_path}/{outside}')")
    connection.close()


@pytest.mark.parametrize("statement", ["CREATE VIEW ties AS FROM read_text('MINE')", "CREATE MACRO sum(a) AS 1"])
def test_a_work_folder_with_anything_that_runs_is_refused(statement: str, path: Path, tmp_path: Path) -> None:
    with Study(Record(path), Settings(work=tmp_path / "work")) as study:
        study.make(["kept"])
    change(tmp_path / "work" / cached.FILE, "DROP TABLE IF EXISTS ties", statement.replace("MINE", os.fspath(tmp_path / "mine.txt")))
    with pytest.raises(NotARecord, match=r"left as it (is|was)"):
        Study(Record(path), Settings(work=tmp_path / "work"))


def rewrite(folder: Path, table: str, sql: str) -> None:
    """Write a table of a dataset as a stranger can; sizes in the manifest follow."""
    (part,) = (folder / table).rglob("*.parquet")
    part.rename(folder / "old")
    duckdb.execute(f"COPY ({sql.replace('OLD', repr(os.fspath(folder / 'old')))}) TO '{part}' (FORMAT parquet)").fetchall()
    (folder / "old").unlink()
    write_manifest(folder)


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELECT *, 1 AS extra FROM read_parquet(OLD)", "extra"),
        ("SELECT * EXCLUDE (name) FROM read_parquet(OLD)", "name"),
        ("SELECT * REPLACE ({'a': name} AS name) FROM read_parquet(OLD)", "name"),
        ("SELECT * REPLACE ('x' AS account) FROM read_parquet(OLD)", "account"),
    ],
)
def test_a_dataset_with_other_columns_is_refused(sql: str, told: str, path: Path, tmp_path: Path) -> None:
    write(path, tmp_path / "d")
    rewrite(tmp_path / "d", "accounts", sql)
    with pytest.raises(NotARecord, match=rf"accounts.*{told}"):
        Study(Dataset.open(tmp_path / "d"))
    with pytest.raises(NotARecord, match=rf"accounts.*{told}"), extend(tmp_path / "d"):
        pytest.fail("nothing is read into it")


def test_a_step_that_fails_in_a_strangers_record_does_not_show_files(path: Path) -> None:
    with Study(Record(path)) as study, pytest.raises(StepFailed, match="disabled by configuration") as told:
        study.engine.run(Step("s", f"SELECT * FROM read_text('{path.parent.parent / 'mine.txt'}')"), {})
    assert SECRET not in str(told.value)


@pytest.mark.parametrize("statement", ["DELETE FROM meta WHERE key = 'salt'", "UPDATE meta SET value = '' WHERE key = 'salt'"])
def test_a_record_without_a_secret_is_refused(statement: str, path: Path) -> None:
    """Everybody could read its fingerprints, and take the noise from an organisation's figures."""
    write(path, path.parent / "dataset")
    change(path, statement)
    for use in USES.values():
        with pytest.raises(NotARecord, match="a secret of its own"):
            use(path)
    meta = path.parent / "dataset" / "meta" / "part-0.parquet"
    duckdb.execute(f"COPY (FROM '{meta}' WHERE key <> 'salt') TO '{meta}' (FORMAT parquet)").fetchall()
    write_manifest(path.parent / "dataset")
    with pytest.raises(NotARecord, match="a secret of its own"):
        Study(Dataset.open(path.parent / "dataset"))


@pytest.mark.parametrize("time", ["-infinity", "infinity", "0044-03-15 (BC) 12:00:00", "10000-01-01"])
def test_a_time_that_no_calendar_shows_is_said_in_words(time: str, path: Path) -> None:
    change(path, f"UPDATE acts SET time = TIMESTAMP '{time}' WHERE rowid = 7")
    with pytest.raises(DamagedRecord, match="years 1 to 9999"):
        Study(Record(path))
