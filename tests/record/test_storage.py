"""The record's file: foreign, newer, damaged, busy and unwritable files are refused in words and left as they are."""

from __future__ import annotations

import contextlib
import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from regard.engines.duckdb.connection import connect
from regard.engines.duckdb.errors import file_error
from regard.engines.duckdb.statements import execute
from regard.errors import DamagedRecord, InputError, NewerRecord, NotARecord, RecordBusy, RecordError
from regard.record.ingest import InputInfo
from regard.record.record import Record
from regard.record.schema import Act, Batch
from regard.record.storage import FORMAT, create, reading, writing
from regard.studies.study import Study

from ..cases import mostly_long

NOON = 1_709_294_400_000_000
CHAT = InputInfo("chat", "an export")
ONE = Batch([Act("ann", "post", NOON, item="1", text="a word of mine")])


def many(start: int = 0) -> Batch:
    """Acts enough for several blocks of the file."""
    return Batch([Act(f"u{n % 97}", "post", NOON + n, item=f"{n * n}", text=f"{n * n * n} words") for n in range(start, start + 20_000)])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    Record.at(tmp_path / "community.regard").append(CHAT, [ONE])
    return tmp_path / "community.regard"


@pytest.fixture(scope="module")
def several_blocks(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a record of several blocks."""
    record = Record.at(tmp_path_factory.mktemp("large") / "community.regard")
    for batch in (ONE, many()):
        record.append(CHAT, [batch])
    return record.path.read_bytes()


@contextlib.contextmanager
def unchanged(path: Path) -> Iterator[None]:
    """Holds a file to its bytes, and its folder to what lies in it."""
    before, beside = path.read_bytes(), sorted(path.parent.iterdir())
    yield
    assert path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == beside


def sqlite(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE acts (actor TEXT)")
    connection.close()


def duck(path: Path, *statements: str) -> None:
    connection = duckdb.connect(os.fspath(path))
    for statement in statements:
        connection.execute(statement).fetchall()
    connection.close()


FOREIGN: dict[str, Callable[[Path], object]] = {
    "SQLite": sqlite,
    "text": lambda path: path.write_text("ann,bo\n" * 1000),
    "random bytes": lambda path: path.write_bytes(random.Random(1).randbytes(50_000)),
    "empty": lambda path: path.write_bytes(b""),
    "short": lambda path: path.write_bytes(b"abc"),
    "a database": lambda path: duck(path, "CREATE TABLE t (a INTEGER)"),
    "a database with a table of that name": lambda path: duck(path, "CREATE TABLE meta (a INTEGER)", "CREATE TABLE acts (a INTEGER)"),
    "a database much like it": lambda path: duck(
        path, "CREATE TABLE meta (key VARCHAR, value VARCHAR)", "CREATE TABLE accounts (account INTEGER, person INTEGER)",
        "CREATE TABLE acts (time TIMESTAMP, actor INTEGER, target INTEGER, kind VARCHAR)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_foreign_file_is_refused_and_left_as_it_is(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a file"
    FOREIGN[kind](path)
    with unchanged(path):
        with pytest.raises(NotARecord, match=r"left as it (is|was)"):
            Record.open(path)
        with pytest.raises(NotARecord):
            Record.at(path)
        with pytest.raises(NotARecord):
            Record(path).append(CHAT, [ONE])
        with pytest.raises(NotARecord):
            Record(path).forget("ann")


def test_a_folder_is_no_record(tmp_path: Path) -> None:
    with pytest.raises(NotARecord):
        Record.at(tmp_path)


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such record"):
        Record.open(tmp_path / "none.regard")
    assert list(tmp_path.iterdir()) == []


def test_a_record_of_a_later_version_is_refused_and_left_as_it_is(path: Path) -> None:
    duck(path, f"UPDATE meta SET value = '{FORMAT + 1}' WHERE key = 'format'")
    with unchanged(path):
        with pytest.raises(NewerRecord, match=rf"format {FORMAT + 1}, this one knows {FORMAT}\); upgrade Regard"):
            Record.open(path)
        with pytest.raises(NewerRecord):
            Record(path).append(CHAT, [ONE])


def hold_together(path: Path) -> None:
    """Use a record in every way."""
    record = Record.open(path)
    record.counts()
    with reading(path) as connection:
        execute(connection, "SELECT count(*), max(hash(COLUMNS(*)))  FROM acts")
    with Study(record):
        pass
    record.append(CHAT, [many(20_000)])


@pytest.mark.parametrize("seed", mostly_long(range(12), 3))
def test_a_record_cut_short_is_told_or_whole(tmp_path: Path, several_blocks: bytes, seed: int) -> None:
    path, data = tmp_path / "community.regard", several_blocks
    lengths = [13, 100, 4096, 8192, 12_288, 12_289, len(data) // 2]
    path.write_bytes(data[: lengths[seed] if seed < len(lengths) else random.Random(seed).randrange(len(data))])
    cut = path.read_bytes()
    try:
        hold_together(path)
    except (DamagedRecord, NotARecord) as error:
        assert str(path) in str(error)  # noqa: PT017  (it may hold: the last block can be one that is not in use)
        assert path.read_bytes() == cut
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("seed", mostly_long(range(12), 3))
def test_a_record_with_flipped_bytes_is_told_or_sound(tmp_path: Path, several_blocks: bytes, seed: int) -> None:
    path = tmp_path / "community.regard"
    path.write_bytes(several_blocks)
    with reading(path) as connection:
        contents = execute(connection, "SELECT sum(hash(COLUMNS(*))) FROM acts")
    data = bytearray(path.read_bytes())
    at = [9, 20, 4100, 8200, 12_300][seed] if seed < 5 else random.Random(seed).randrange(len(data))
    data[at] ^= 0xFF
    path.write_bytes(data)
    try:
        with reading(path) as connection:
            assert execute(connection, "SELECT sum(hash(COLUMNS(*))) FROM acts") == contents
        hold_together(path)
    except (DamagedRecord, NotARecord) as error:
        assert "word" not in str(error)  # noqa: PT017  (it may be sound: not every byte is in use)
        assert path.read_bytes() == bytes(data)


def held(path: Path, how: str) -> subprocess.Popen[str]:
    """Another program that has the record open."""
    program = f"import duckdb, sys; c = duckdb.connect({os.fspath(path)!r}, read_only={how == 'reads'}); print('open', flush=True); input()"
    other = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "open\n"
    return other


@pytest.mark.parametrize("how", ["reads", "writes"])
def test_a_record_that_another_program_has_open(path: Path, how: str) -> None:
    with held(path, how) as other:
        with unchanged(path):
            with pytest.raises(RecordBusy, match="another program has this record open"):
                Record(path).append(CHAT, [ONE])
            with pytest.raises(RecordBusy):
                Record(path).forget("ann")
            if how == "writes":
                with pytest.raises(RecordBusy):
                    Record.open(path)
                with pytest.raises(RecordBusy):
                    Study(Record(path))
            else:
                assert Record.open(path).counts().acts == 1
        other.communicate("")
    assert Record(path).append(CHAT, [Batch([Act("bob", "post", NOON, item="2")])]).added == 1


def test_a_record_that_this_program_studies_is_not_written(path: Path) -> None:
    with Study(Record.open(path)), pytest.raises(RecordBusy, match="this one has a study of it open"):
        Record(path).append(CHAT, [ONE])
    assert Record(path).append(CHAT, [ONE]).added == 0


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder in which nobody may write")
def test_a_folder_in_which_no_file_can_be_made() -> None:
    with pytest.raises(InputError, match="no record can be made there"):
        Record.at("/proc/self/community.regard")


def test_a_file_where_a_folder_should_be(path: Path) -> None:
    with unchanged(path), pytest.raises(InputError, match="no record can be made there"):
        Record.at(path / "inside.regard")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_record_that_may_not_be_read_or_written(path: Path) -> None:
    path.chmod(0o400)
    path.parent.chmod(0o500)
    try:
        with pytest.raises(RecordError):
            Record(path).append(CHAT, [ONE])
        path.chmod(0)
        with pytest.raises(InputError, match="may not be read"):
            Record.open(path)
    finally:
        path.parent.chmod(0o700)


@pytest.mark.parametrize(
    ("message", "meant"),
    [
        ('Cannot open file "/a/version/lock.regard": Permission denied', "may not be opened or changed"),
        ('Cannot open file "a.regard": Read-only file system', "may not be opened or changed"),
        ('Could not write to file "a.regard": No space left on device', "the disk is full; nothing was changed"),
        ("Trying to read a database file with version number 999, but we can only read version 64", "written by a later version"),
        ("Could not read enough bytes", "damaged"),
    ],
)
def test_an_error_about_a_file_is_translated(message: str, meant: str) -> None:
    error = file_error(duckdb.IOException(f"IO Error: {message}"), Path("a.regard"))
    assert isinstance(error, InputError)
    assert meant in str(error)


def test_an_error_about_a_value_is_no_fault_of_the_file() -> None:
    assert file_error(duckdb.ConversionException("Could not convert string 'x' to INT32"), Path("a.regard")) is None


def test_each_record_has_a_secret_of_its_own(tmp_path: Path) -> None:
    secrets = []
    for name in ("a", "b"):
        with reading(Record.at(tmp_path / name).path) as connection:
            secrets.append(str(execute(connection, "SELECT value FROM meta WHERE key = 'salt'")[0][0]))
    assert len(set(secrets)) == 2
    assert all(len(secret) == 32 for secret in secrets)


def test_a_record_made_in_the_meantime_is_never_replaced(path: Path) -> None:
    with unchanged(path):
        create(path)
    assert Record.open(path).counts().acts == 1


def test_a_log_whose_record_was_taken_away_does_not_spoil_the_next(path: Path) -> None:
    other = path.parent / "other.regard"
    program = f"""
import duckdb, os
c = duckdb.connect({os.fspath(other)!r})
c.execute("PRAGMA disable_checkpoint_on_shutdown")
c.execute("CREATE TABLE t AS SELECT range AS n FROM range(1000)")
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", program], check=True)
    left = other.with_name("other.regard.wal")
    assert left.exists()
    left.rename(path.with_name("new.regard.wal"))
    assert Record.at(path.with_name("new.regard")).append(CHAT, [ONE]).added == 1


def test_a_record_in_a_new_folder_with_a_strange_name(tmp_path: Path) -> None:
    path = tmp_path / "it's [a] *new* folder" / "ü 'q' [1]*.regard"
    record = Record.at(path)
    record.append(CHAT, [ONE])
    record.forget("ann")
    assert Record.open(path).counts().acts == 0
    assert list(path.parent.iterdir()) == [path]


def test_what_killed_programs_left_is_tidied_up_and_nothing_else(path: Path) -> None:
    spilled = path.parent / f"{path.name}.tmp"
    spilled.mkdir()
    left = [
        path.parent / f".{path.name}.0a1b2c3d.new",
        path.parent / f".{path.name}.0a1b2c3d.new.wal",
        spilled / "duckdb_temp_storage-0.tmp",
    ]
    other = [path.parent / name for name in (f".{path.name}.swp", f"{path.name}.tmp.bak", ".other.regard.0a1b2c3d.new")]
    for file in (*left, *other):
        file.write_bytes(b"x")
    with writing(path):
        pass
    assert [file.exists() for file in left] == [False] * 3
    assert [file.exists() for file in other] == [True] * 3


def test_a_temporary_record_goes_when_it_is_closed_or_no_longer_held() -> None:
    with Record.temporary() as record:
        folder = record.path.parent
        assert record.path.exists()
    assert not folder.exists()
    record = Record.temporary()
    folder = record.path.parent
    del record
    assert not folder.exists()


def test_a_temporary_record_goes_with_the_program() -> None:
    program = "from regard.record.record import Record; r = Record.temporary(); print(r.path.parent.parent); raise SystemExit(3)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert not Path(done.stdout.strip()).exists()


def test_a_named_record_stays(path: Path) -> None:
    with Record.open(path):
        pass
    assert path.exists()


def test_the_engine_never_fetches_anything() -> None:
    connection = connect()
    with pytest.raises(duckdb.Error):
        connection.execute("SELECT * FROM read_csv('https://example.invalid/a.csv')").fetchall()
    connection.close()
