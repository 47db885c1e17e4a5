"""A full disk at each step: what an error says was not kept was not, what was committed is there, and somebody can still be forgotten.

Most tests forbid this process to let a file grow beyond a size (RLIMIT_FSIZE). The system refuses the same writes as on a full disk, with
another error (EFBIG for ENOSPC); Regard treats both alike. The slow test fills a small file system of its own, where mounting is allowed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from regard.engines.duckdb.errors import is_full
from regard.engines.duckdb.statements import execute
from regard.errors import InputError
from regard.record import record as record_module
from regard.record.dataset import Dataset
from regard.record.dataset_extend import extend
from regard.record.dataset_files import write
from regard.record.ingest import InputInfo
from regard.record.record import Record
from regard.record.schema import Act, Batch
from regard.record.storage import SLACK, keep_room, log_of, reading

from ..cases import mostly_long

resource = pytest.importorskip("resource")

NOON = 1_709_294_400_000_000
CHAT = InputInfo("chat", "an export")
Contents = tuple[int, int, int]


def acts(first: int, last: int) -> Batch:
    """Acts with words that can't be made much smaller."""
    return Batch(
        [Act(f"u{n % 9}", "post", NOON + n, item=f"{n * n * 7919}", text=f"{(n * 2654435761) ** 3:x} to u7") for n in range(first, last)]
    )


def contents(path: Path) -> Contents:
    """How much is there: acts, people, and accounts u7."""
    with reading(path) as connection:
        people = "(SELECT count(DISTINCT person) FROM accounts)"
        sql = f"SELECT (SELECT count(*) FROM acts), {people}, (SELECT count(*) FROM accounts WHERE id = 'u7')"
        return tuple(execute(connection, sql)[0])  # type: ignore[return-value]


@contextlib.contextmanager
def at_most(size: int) -> Iterator[None]:
    """No file may become larger than this."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def error_of(do: Callable[[Path], object], path: Path) -> str:
    """What is said if it fails; nothing if it doesn't. Other errors than that of a full disk pass."""
    try:
        do(path)
    except InputError as error:
        if any(
            words in str(error) for words in ("disk is full; nothing was changed", "disk is full; nobody", "nothing of this input was kept")
        ):
            return str(error)
        raise
    return ""


OPERATIONS: dict[str, tuple[Callable[[Path], object], Contents]] = {
    "extend": (lambda path: Record(path).append(CHAT, [acts(3000, 6000)]), (6000, 9, 1)),
    "extend a little": (lambda path: Record(path).append(CHAT, [acts(3000, 3001)]), (3001, 9, 1)),
    "merge": (lambda path: Record(path).merge("u1", "u2"), (3000, 8, 1)),
    "mark a bot": (lambda path: Record(path).mark_bot("u1"), (3000, 9, 1)),
    "forget": (lambda path: Record(path).forget("u7"), (2667, 8, 0)),
}
BEFORE = (3000, 9, 1)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "c.regard"
    Record.at(path).append(CHAT, [acts(0, 3000)])
    return path


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("beyond", mostly_long([-1, 0, 4096, 70_000, 262_144, 300_000], 2))
def test_it_is_as_before_or_as_after_and_the_error_says_which(operation: str, beyond: int, template: Path, tmp_path: Path) -> None:
    """`beyond` is by how many bytes a file may be larger than the record is; -1 allows a file of a few bytes only."""
    do, after = OPERATIONS[operation]
    path = tmp_path / "c.regard"
    shutil.copy(template, path)
    with at_most(64 if beyond < 0 else path.stat().st_size + beyond):
        told = error_of(do, path)
    assert contents(path) == (BEFORE if told else after), told
    in_use = contents(path)
    # With room again, whatever is done next finds the same, and leaves one file.
    assert Record.open(path).merge("u3", "u4").ids == ("u3", "u4")
    assert contents(path) == (in_use[0], in_use[1] - 1, in_use[2])
    if in_use[2]:
        Record.open(path).forget("u7")
    assert contents(path)[2] == 0
    assert [file.name for file in tmp_path.iterdir()] == ["c.regard"]


def test_what_was_committed_before_the_disk_was_full_is_kept_and_said_so(template: Path, tmp_path: Path) -> None:
    path = tmp_path / "c.regard"
    shutil.copy(template, path)
    with at_most(path.stat().st_size):
        assert Record(path).merge("u1", "u2").ids == ("u1", "u2")
        assert log_of(path).exists(), "the disk was full at the checkpoint, or this test shows nothing"
        assert contents(path) == (3000, 8, 1)
        assert Record(path).merge("u3", "u4").ids == ("u3", "u4")
        with pytest.raises(InputError, match="the disk is full; nothing was changed"):
            Record(path).forget("u7")
        assert contents(path) == (3000, 7, 1)
    Record(path).forget("u7")
    assert contents(path) == (2667, 6, 0)


@pytest.mark.parametrize("size", [64, 4096, 20_000])
def test_a_dataset_stays_as_it_was(size: int, template: Path, tmp_path: Path) -> None:
    write(template, tmp_path / "d")
    before = {file: file.read_bytes() for file in (tmp_path / "d").rglob("*") if file.is_file()}
    with at_most(size), pytest.raises(InputError):
        Dataset.open(tmp_path / "d").forget("u7")
    assert {file: file.read_bytes() for file in (tmp_path / "d").rglob("*") if file.is_file()} == before
    assert [file.name for file in tmp_path.iterdir()] == ["d"]


@pytest.mark.parametrize("size", [0, 64, 5000, 100_000])
def test_no_record_is_made_where_there_is_no_room(size: int, tmp_path: Path) -> None:
    with at_most(size), pytest.raises(InputError):
        Record.at(tmp_path / "c.regard")
    assert list(tmp_path.iterdir()) == []


def test_room_to_forget_is_kept(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "c.regard"
    shutil.copy(template, path)
    usage = shutil.disk_usage(tmp_path)
    for free, kept in ((path.stat().st_size, False), (path.stat().st_size + 2 * SLACK, True)):
        monkeypatch.setattr("shutil.disk_usage", lambda _, free=free: usage._replace(free=free))
        if kept:
            keep_room(path)
            assert Record(path).append(CHAT, [acts(3000, 3100)]).added == 100
        else:
            with pytest.raises(InputError, match=r"nothing of this input was kept\. Regard keeps room for a second copy"):
                Record(path).append(CHAT, [acts(3000, 3100)])
            assert contents(path) == BEFORE
            assert Record(path).merge("u1", "u2").ids == ("u1", "u2"), "a small change is made all the same"
            with Record.temporary() as record:
                assert record.append(CHAT, [acts(0, 10)]).added == 10


def test_a_dataset_keeps_room_to_forget_too(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old dataset goes before somebody is forgotten, so what it takes counts as free."""
    write(template, tmp_path / "d")
    taken = sum(file.stat().st_size for file in (tmp_path / "d").rglob("*") if file.is_file())
    usage = shutil.disk_usage(tmp_path)
    for free, refused in ((taken - 1, True), (taken + SLACK, False)):
        monkeypatch.setattr("shutil.disk_usage", lambda _, free=free: usage._replace(free=free))
        with pytest.raises(InputError, match="nobody could be removed") if refused else contextlib.nullcontext():
            write(template, tmp_path / "new", room=True)
        assert (tmp_path / "new").exists() is not refused
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=SLACK + 1000))
    with extend(tmp_path / "d", room=True) as record:
        record.merge("u1", "u2")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=0))
    Dataset.open(tmp_path / "d").forget("u7")


def test_both_errors_mean_the_same() -> None:
    assert is_full(duckdb.IOException("IO Error: Could not write file: No space left on device"))
    assert is_full(duckdb.FatalException("Failed to create checkpoint because of error: File too large"))
    assert not is_full(duckdb.IOException("Could not read enough bytes"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 6 MB."""
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", os.fspath(tmp_path)], check=False, capture_output=True)
    if mounted.returncode:
        pytest.skip("mounting is not allowed here")
    yield tmp_path
    subprocess.run(["umount", os.fspath(tmp_path)], check=True)


@pytest.mark.slow
@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("free", [0, 4096, 40_960, 262_144, 524_288])
def test_on_a_full_disk(operation: str, free: int, template: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_module, "keep_room", lambda _: None)  # which would refuse all of them before anything is written
    do, after = OPERATIONS[operation]
    path, ballast = small_disk / "c.regard", small_disk / "ballast"
    shutil.copy(template, path)
    ballast.write_bytes(bytes(max(shutil.disk_usage(small_disk).free - free, 0)))
    told = error_of(do, path)
    assert contents(path) == (BEFORE if told else after), told
    ballast.unlink()
    if contents(path)[2]:
        Record.open(path).forget("u7")
    assert contents(path)[2] == 0
    assert [file.name for file in small_disk.iterdir()] == ["c.regard"]
