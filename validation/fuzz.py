"""Damages small whole inputs of a source and reads them, many times in one process: each is read, or told by an error of Regard.

    make fuzz SOURCE=slack RUNS=20000 SEED=1
    python validation/fuzz.py slack --runs 20000 [--seed N] [--first K] [--whole] [--keep FOLDER]

A run fails if anything but a `RegardError` is raised, if an act is not as the schema says, if it takes over 10 s of a processor or 120 s in
all, or if memory grows more than 500 MB beyond what the process had at its start. With `--whole` the input goes into a record that holds
something already: the record must then open and hold what it held. The smallest input of each kind of failure is kept in a folder, with its
run and its traceback.
`--seed S --first K --runs 1` is run K of seed S alone.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType
from typing import Final, TypeAlias
from unittest.mock import patch

import duckdb
from damaged_inputs import damaged_input, lay, whole_inputs

from regard.engines.duckdb.connection import SETTINGS, connect
from regard.engines.duckdb.statements import execute
from regard.errors import RegardError
from regard.record.record import Record
from regard.record.schema import ACTOR_TYPES, CLOCKS, KINDS, PRECISIONS, VISIBILITIES, Account, Act, SqlBatch
from regard.record.staging import file_errors
from regard.record.storage import reading
from regard.sources.base import Options, Source
from regard.sources.catalogue import BUILT_IN, named
from regard.sources.formats.bundle import Bundle
from regard.sources.table import source as table_source
from regard.studies.read import Input, inputs_of, read_into

MOST_SECONDS, MOST_WAIT, MOST_BYTES = 10.0, 120.0, 500 << 20
OPTIONS: Final = (Options(), Options(private=True), Options(text=False))
Reader: TypeAlias = Callable[[Source, Path, Options], None]


class TooLongError(Exception):
    """A run was stopped because it took too long."""


class UnsoundError(Exception):
    """What was read is not as it should be."""


def read_alone(connection: duckdb.DuckDBPyConnection) -> Reader:
    """Reads an input through the source alone; the rows of a table through a connection."""

    def read(source: Source, path: Path, options: Options) -> None:
        bundle = Bundle.of(path)
        source.recognise(bundle)
        for batch in source.read(bundle, options):
            if isinstance(batch, SqlBatch):
                with file_errors([batch]):
                    execute(connection, f"SELECT sum(hash(batch)) FROM ({batch.sql}) batch")
                continue
            for act in batch.acts:
                _require_sound(act)
            for account in batch.accounts:
                _require_sound_account(account)
        bundle.release()

    return read


def _require_sound(act: Act) -> None:
    words = zip((act.kind, act.precision, act.clock, act.visibility), (KINDS, PRECISIONS, CLOCKS, VISIBILITIES), strict=True)
    is_one_of_each = all(word in known for word, known in words)
    is_timed = act.precision == "none" if act.time is None else type(act.time) is int
    if not (
        is_one_of_each
        and is_timed
        and act.actor
        and act.target != ""
        and _are_texts(act.actor, *act[3:12], act.note, act.file, act.other_ids)
    ):
        raise UnsoundError(f"an act is not as the schema says: {str(act)[:1000]}")


def _require_sound_account(account: Account) -> None:
    is_known = account.actor_type in (None, *ACTOR_TYPES)
    if not (is_known and account.id and _are_texts(account.id, account.name, account.title, account.role, account.key)):
        raise UnsoundError(f"an account is not as the schema says: {str(account)[:1000]}")


def _are_texts(*values: object) -> bool:
    return all(value is None or type(value) is str for value in values)


def read_whole(folder: Path, source: Source) -> Reader:
    """Reads an input into a copy of a record that holds whole inputs of the source, and looks whether all of that is still there."""
    start, path = folder / "start.regard", folder / "kept.regard"
    (folder / "start.csv").write_text("from,to,time\nkim,lee,2024-01-01\nlee,kim,2024-01-02\n")
    for name, content in whole_inputs(source.name)[0].items():
        (folder / "start" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "start" / name).write_bytes(content)
    inputs = inputs_of([folder / "start.csv"]) + inputs_of([folder / "start"], source.name)
    assert all(result and result.added for _, result in read_into(Record.at(start), inputs, Options()))
    before = _rows(start)

    def read(source: Source, input_path: Path, options: Options) -> None:
        shutil.copyfile(start, path)
        with suppress(RegardError):  # not recognised: the user may say what it is
            inputs_of([input_path])
        error: RegardError | None = None
        try:
            for _ in read_into(Record(path), [Input(Bundle.of(input_path), source)], options):
                pass
        except RegardError as told:
            error = told
        after = _rows(path)
        if (after != before) if error else not before <= after:
            raise UnsoundError(f"the record lost {before - after} and gained {len(after - before)} rows after {error!r}"[:3000])
        if error:
            raise error

    return read


def _rows(path: Path) -> set[str]:
    """What a record holds. A target may be found later, and the name of an account may change."""
    with reading(path) as connection:
        acts = execute(connection, "SELECT a.* EXCLUDE (target, thread_root) FROM acts a")
        targets = execute(connection, "SELECT rowid, target FROM acts WHERE target IS NOT NULL")
        people = execute(connection, "SELECT account, source, id, person FROM accounts")
        inputs = execute(connection, "FROM inputs")
    return {f"{kind} {row}" for kind, rows in enumerate((acts, targets, people, inputs)) for row in rows}


@dataclass
class Tally:
    """What the runs gave."""

    keep: Path
    outcomes: Counter[str] = field(default_factory=Counter)
    failures: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Kind of failure -> how often, and bytes of the smallest input."""
    seconds: tuple[float, str] = (0.0, "")
    """The longest run, and which it was."""
    memory: tuple[int, str] = (0, "")
    """Bytes: the most beyond the start, and in which run."""

    def fail(self, run: str, path: Path, error: BaseException) -> None:
        """Count a failure, and keep its input if it is the smallest of its kind."""
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/regard/" in frame.filename]
        place = f"{Path(frames[-1].filename).stem}.{frames[-1].name}" if frames else ""
        kind = f"{type(error).__name__} {place}".strip()
        size = sum(each.stat().st_size for each in (path.rglob("*") if path.is_dir() else [path]) if each.is_file())
        times, smallest = self.failures.get(kind, (0, size + 1))
        self.failures[kind] = times + 1, min(smallest, size)
        self.outcomes[f"FAILED {kind}"] += 1
        if size < smallest:
            folder = self.keep / kind.replace(" ", "-")
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            (shutil.copytree if path.is_dir() else shutil.copy)(path, folder / path.name)
            (folder / "why.txt").write_text(f"{run}\n{''.join(traceback.format_exception(error))}"[-20_000:], errors="replace")


def run_once(source: Source, seed: int, number: int, read: Reader, folder: Path, tally: Tally, base: int) -> None:
    """One run: make the input, read it, tell what came of it."""
    random = Random(f"{source.name} {seed} {number}")
    path = lay(random, damaged_input(random, source.name, [each.name for each in BUILT_IN]), folder)
    options = random.choice(OPTIONS)
    _forget_peak()
    begin = time.process_time()
    run = f"seed {seed}, run {number}{options.fingerprint()}"
    try:
        with _alarm():
            read(source, path, options)
        tally.outcomes["read"] += 1
    except RegardError as error:
        tally.outcomes[type(error).__name__] += 1
    except Exception as error:  # noqa: BLE001  (to find those is what runs are for)
        tally.fail(run, path, error)
    seconds, grown = time.process_time() - begin, _peak() - base
    tally.seconds, tally.memory = max(tally.seconds, (seconds, run)), max(tally.memory, (grown, run))
    if seconds > MOST_SECONDS or grown > MOST_BYTES:
        tally.fail(run, path, (TooLongError if seconds > MOST_SECONDS else MemoryError)(f"{seconds:.1f} s, {grown >> 20} MB"))


@contextmanager
def _alarm() -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooLongError("stopped")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, MOST_WAIT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _peak() -> int:
    """Most bytes of memory that this process held since the peak was forgotten; Linux only."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) << 10


def fuzz(source: Source, runs: int, seed: int, first: int, keep: Path, *, whole: bool) -> Tally:
    """All runs of a source."""
    tally = Tally(keep)
    memory = Path("/dev/shm")  # a disk would take most of the time
    with (
        tempfile.TemporaryDirectory(prefix="regard-fuzz-", dir=memory if memory.is_dir() else None) as name,
        closing(connect()) as connection,
        # Making a database for each table would take most of the time.
        patch.object(table_source, "connect", connection.cursor),
    ):
        folder, base, begin = Path(name), 0, time.perf_counter()
        read = read_whole(folder, source) if whole else read_alone(connection)
        for number in range(first, first + runs):
            work = folder / "run"
            work.mkdir()
            if number == first:
                read(source, lay(Random(3), whole_inputs(source.name)[0], work), Options())
                _forget_peak()
                base = _peak()
                shutil.rmtree(work)
                work.mkdir()
            run_once(source, seed, number, read, work, tally, base)
            shutil.rmtree(work)
            if (number + 1 - first) % 500 == 0 or number + 1 == first + runs:
                per_run = 1000 * (time.perf_counter() - begin) / (number + 1 - first)
                n_failed = sum(times for times, _ in tally.failures.values())
                print(
                    f"{source.name} {number + 1 - first:,} of {runs:,}: {per_run:.1f} ms a run, {n_failed} failed",
                    file=sys.stderr,
                    flush=True,
                )
    return tally


def main() -> int:
    """Run and print what came of it. Returns 1 if a run failed."""
    parser = argparse.ArgumentParser(description="Damage inputs of a source and read them.")
    parser.add_argument("source", choices=[source.name for source in BUILT_IN])
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 10**6)
    parser.add_argument("--first", type=int, default=0, help="number of the first run")
    parser.add_argument("--whole", action="store_true", help="through a record that holds something already")
    parser.add_argument("--keep", type=Path, help="folder for failing inputs (default: a temporary one)")
    arguments = parser.parse_args()
    SETTINGS["threads"] = 1  # starting more for each small input takes longer than reading it
    keep = arguments.keep or Path(tempfile.mkdtemp(prefix="regard-fuzz-kept-"))
    print(f"{arguments.source}: seed {arguments.seed}, runs {arguments.first} to {arguments.first + arguments.runs - 1}", flush=True)
    tally = fuzz(named(arguments.source), arguments.runs, arguments.seed, arguments.first, keep, whole=arguments.whole)
    for outcome, times in sorted(tally.outcomes.items()):
        print(f"  {times:>7,}  {outcome}")
    for kind, (times, size) in sorted(tally.failures.items()):
        print(f"FAILED {kind}: {times} times; the smallest input has {size:,} bytes, in {keep}")
    (seconds, longest), (memory, largest) = tally.seconds, tally.memory
    print(f"  longest {seconds:.2f} s ({longest}), most memory {memory >> 20} MB beyond the start ({largest})")
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main())
