"""Is anything lost when Regard is killed, or left behind that the next command doesn't remove?

    python validation/kills.py [--kills 300] [--acts 30000] [--seed N]

Makes exports, a record and a dataset. Then, for each operation (read, extend, merge, forget, a dataset extended, somebody forgotten in a
dataset, work kept in a folder): starts it on a copy, kills it (SIGKILL) at a random moment of the time that it takes undisturbed, and
looks. What is there must be what was there before, or a state that the operation goes through: an input is there whole or not at all.
Then the same command is run to its end. It must end with what an undisturbed run gives, row by row in the stored order. Beside the data
there must be no other file, nor any among the temporary files.

Each command is run in a process that is forked from this one, which has loaded the program before: kills hit work and not imports.
"""

from __future__ import annotations

import argparse
import atexit
import contextlib
import hashlib
import json
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from regard.engines.duckdb.engine import DuckDBEngine
from regard.errors import InputError
from regard.record.dataset import open_record
from regard.studies import open as studies_open  # noqa: F401  (loaded before the forks, as is all that follows)
from regard.studies import report as studies_report  # noqa: F401
from regard.studies.engine import check_tables
from regard.surfaces.cli import run

TABLES = ("inputs", "notes", "accounts", "acts", "forgotten")
FORK = multiprocessing.get_context("fork")
State = tuple[str, ...]


def make_inputs(folder: Path, rng: random.Random, acts: int) -> list[Path]:
    """Make a table, a Slack export and a mailing list of so many acts each, or about as many."""
    rows = [f"p{rng.randrange(900)},p{rng.randrange(900)},{1_600_000_000 + rng.randrange(10**8)}" for _ in range(acts)]
    (folder / "one.csv").write_text("from,to,time\n" + "\n".join(rows) + "\n")
    slack = folder / "slack" / "general"
    slack.mkdir(parents=True)
    (slack.parent / "users.json").write_text(json.dumps([{"id": f"U{n:04}", "name": f"n{n}"} for n in range(300)]))
    (slack.parent / "channels.json").write_text(json.dumps([{"id": "C1", "name": "general"}]))
    for day in range(max(acts // 2_700, 1)):
        begin = 1_700_000_000 + day * 86_400
        messages = [
            {"type": "message", "user": f"U{rng.randrange(300):04}", "ts": f"{begin + n}.{n:06}", "text": f"word {n}?"}
            | ({"thread_ts": f"{begin + n - n % 7}.{n - n % 7:06}"} if n % 7 else {})
            for n in range(900)
        ]
        date = time.strftime("%Y-%m-%d", time.gmtime(begin))
        (slack / f"{date}.json").write_text(json.dumps(messages))
    mail = folder / "mail" / "2020-April.txt"
    mail.parent.mkdir()
    mail.write_text(
        "".join(
            f"From p{n % 90} at example.org  Mon Apr  6 07:06:{n % 60:02} 2020\nFrom: p{n % 90} at example.org (P {n % 90})\n"
            f"Date: Mon, 06 Apr 2020 07:06:{n % 60:02} +0000\nSubject: s\nMessage-ID: <{n}@x>\n"
            + (f"References: <{n - 1 - n % 3}@x>\n" if n > 3 else "")
            + f"\nwords {n}\n\n"
            for n in range(acts // 10)
        )
    )
    return [folder / "one.csv", slack.parent, mail.parent]


@dataclass(frozen=True)
class Operation:
    """A command that is killed, on a copy of what lies in a folder; `{}` in its arguments stands for that folder."""

    name: str
    begins_with: str
    """The copy's name: a record, a dataset, or nothing."""
    arguments: tuple[str, ...]
    result: str = ""
    """The file or folder that is compared, if it is not the one that it began with."""
    steps: tuple[tuple[str, ...], ...] = ()
    """Commands that lead to the states between, each from the beginning."""

    @property
    def compared(self) -> str:
        return self.result or self.begins_with


def operations(inputs: list[Path]) -> list[Operation]:
    """What is killed."""
    names = [os.fspath(path) for path in inputs]
    into, dataset = ("--into", "{}/c.regard", "-q"), ("--into", "{}/d", "-q")
    return [
        Operation("read", "", ("read", *names, *into), "c.regard", tuple(("read", *names[:n], *into) for n in range(1, len(names)))),
        Operation("extend", "c.regard", ("read", *names, *into), steps=tuple(("read", *names[:n], *into) for n in range(1, len(names)))),
        Operation("merge", "c.regard", ("people", "merge", "{}/c.regard", "p1", "p2")),
        Operation("forget", "c.regard", ("people", "forget", "{}/c.regard", "p3", "--yes")),
        Operation("dataset", "d", ("read", *names, *dataset)),
        Operation("forget in a dataset", "d", ("people", "forget", "{}/d", "p3", "--yes")),
        Operation("work", "c.regard", ("table", "{}/c.regard", "ties", "--work", "{}/w", "-o", "{}/ties.csv", "-q"), "ties.csv"),
    ]  # fmt: skip


def quiet_run(arguments: list[str]) -> int:
    """Run a command without a word."""
    with open(os.devnull, "w") as nothing:
        os.dup2(nothing.fileno(), 1)
        os.dup2(nothing.fileno(), 2)
    return run(arguments)


def in_child(work: Callable[..., object], *arguments: object) -> object:
    """What a function gives in a process of its own, so that this one never has threads of DuckDB."""
    receiver, sender = FORK.Pipe(duplex=False)
    child = FORK.Process(target=_send, args=(sender, work, arguments))
    child.start()
    sender.close()
    try:
        return receiver.recv()
    except EOFError:
        return "died"
    finally:
        child.join()


def _send(sender: Connection, work: Callable[..., object], arguments: tuple[object, ...]) -> None:
    try:
        sender.send(work(*arguments))
    except BaseException as error:  # noqa: BLE001  (told by the parent)
        sender.send(f"{type(error).__name__}: {error}")
    finally:
        atexit._run_exitfuncs()  # a forked process ends without them


def state(path: Path) -> State:
    """What is at a path: nothing, the bytes of a table, or all rows of a record or dataset in their stored order, as digests."""
    if path.suffix == ".csv":
        return (hashlib.md5(path.read_bytes()).hexdigest(),) if path.exists() else ("nothing",)
    try:
        record = open_record(path)
    except InputError:
        if path.exists():
            raise
        return ("nothing",)
    with contextlib.closing(DuckDBEngine()) as engine:
        engine.attach(record.path, "record")
        check_tables(record, engine)
        digests = []
        for table in TABLES:
            rows = f"(FROM record.{table} t ORDER BY {'rowid' if table == 'acts' else 'ALL'})"
            digests += engine.rows(f"SELECT '{table}', count(*), md5(coalesce(string_agg(CAST(t AS VARCHAR), chr(10)), '')) FROM {rows} t")
    return tuple(" ".join(map(str, digest)) for digest in digests)


class Campaign:
    """The templates, the states that each operation goes through undisturbed, and how long it takes."""

    def __init__(self, folder: Path, rng: random.Random, acts: int) -> None:
        self.rng, self.templates, self.place, self.temporary = rng, folder / "templates", folder / "place", folder / "temporary"
        for made in (self.templates, self.place, self.temporary, folder / "inputs"):
            made.mkdir()
        tempfile.tempdir = os.fspath(self.temporary)
        inputs = make_inputs(folder / "inputs", rng, acts)
        people = folder / "inputs" / "begin.csv"
        people.write_text("from,to,time\n" + "".join(f"p{n % 97},p{n * 7 % 97},{1_500_000_000 + 3_600 * n}\n" for n in range(acts // 3)))
        for into in ("c.regard", "d/"):
            self.done(["read", os.fspath(people), "--into", f"{self.templates}/{into}", "-q"])
        self.operations = operations(inputs)
        self.states: dict[str, list[State]] = {}
        self.seconds: dict[str, float] = {}

    def begin(self, operation: Operation) -> None:
        """Put a fresh copy in place."""
        shutil.rmtree(self.place)
        self.place.mkdir()
        if operation.begins_with == "d":
            shutil.copytree(self.templates / "d", self.place / "d")
        elif operation.begins_with:
            shutil.copy(self.templates / operation.begins_with, self.place)

    def done(self, arguments: Sequence[str]) -> int:
        """Run a command to its end."""
        code = in_child(quiet_run, [part.format(self.place) for part in arguments])
        if not isinstance(code, int):
            raise SystemExit(f"{arguments}: {code}")
        return code

    def state(self, operation: Operation) -> State:
        """What the operation's result is now."""
        found = in_child(state, self.place / operation.compared)
        return found if isinstance(found, tuple) else (str(found),)

    def learn(self, operation: Operation) -> None:
        """Run an operation undisturbed: what is there before, between and afterwards, and for how long it runs."""
        self.begin(operation)
        states = [self.state(operation)]
        for arguments in (*operation.steps, operation.arguments):
            self.begin(operation)
            began = time.perf_counter()
            if self.done(arguments):
                raise SystemExit(f"{operation.name} fails undisturbed")
            self.seconds[operation.name] = time.perf_counter() - began
            states.append(self.state(operation))
        self.states[operation.name] = states

    def kill(self, operation: Operation) -> tuple[int, list[str]]:
        """Kill an operation once and complete it. Returns which of the states was found, and what is wrong."""
        self.begin(operation)
        child = FORK.Process(target=quiet_run, args=([part.format(self.place) for part in operation.arguments],))
        child.start()
        time.sleep(self.rng.random() * self.seconds[operation.name])
        child.kill()
        child.join()
        states, wrong = self.states[operation.name], list[str]()
        found = self.state(operation)
        if not operation.begins_with and all(" 0 " in digest for digest in found):
            found = states[0]  # a record is made before anything is read into it
        if found not in states:
            wrong.append(f"LOST: {found}")
        self.done(operation.arguments)
        if self.state(operation) != states[-1]:
            wrong.append("NOT COMPLETED by the same command")
        expected = {operation.begins_with, operation.compared, "w" if operation.name == "work" else ""} - {""}
        left = {file.name for file in self.place.iterdir()} - expected - {".c.regard.work"}
        left |= {file.name for file in self.temporary.iterdir()}
        if left:
            wrong.append(f"LEFT BEHIND: {', '.join(sorted(left))}")
            for file in self.temporary.iterdir():
                shutil.rmtree(file)
        return states.index(found) if found in states else -1, wrong


def main() -> int:
    """Kill, look, complete, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--acts", type=int, default=30_000)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="kills-of-regard-"))
    print(f"seed {arguments.seed}")
    before, faults, n_kills = tempfile.tempdir, 0, 0
    try:
        campaign = Campaign(folder, random.Random(arguments.seed), arguments.acts)
        for number, operation in enumerate(campaign.operations):
            campaign.learn(operation)
            found = Counter[int]()
            for _ in range(arguments.kills // len(campaign.operations) + (number < arguments.kills % len(campaign.operations))):
                index, wrong = campaign.kill(operation)
                found[index] += 1
                faults += len(wrong)
                for sentence in wrong:
                    print(f"{operation.name}: {sentence}", flush=True)
            n_kills += found.total()
            last, total = len(campaign.states[operation.name]) - 1, found.total()
            print(
                f"{operation.name}: {total} kills in {campaign.seconds[operation.name]:.1f} s of work: {found[0]} left it as before, "
                f"{total - found[0] - found[last] - found[-1]} between two inputs, {found[last]} as after, {found[-1]} lost",
                flush=True,
            )
    finally:
        tempfile.tempdir = before
        shutil.rmtree(folder)
    print(f"{n_kills} kills, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
