"""Reads and removals that are killed or interrupted: the record stays sound, and the same command completes it."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from regard.base import tempdirs
from regard.record.ingest import InputInfo
from regard.record.record import Record
from regard.record.schema import Act, Batch
from regard.record.storage import check

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends signals")

SCRIPT = Path(__file__).parents[2] / "validation" / "kills.py"
START = 1_700_000_000


def script() -> ModuleType:
    """validation/kills.py, which kills and compares."""
    spec = importlib.util.spec_from_file_location("kills", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["kills"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def make_inputs(folder: Path, draw: random.Random, *, acts: int = 15_000) -> list[Path]:
    """JSON lines, a workspace's export and a compressed CSV."""
    rows = (
        {"id": f"a{n}", "from": f"u{n % 997}", "reply_to": f"a{draw.randrange(acts)}" if n % 3 else None, "time": START + n, "text": "w"}
        for n in range(acts)
    )
    (folder / "a.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    (folder / "c.csv.gz").write_bytes(
        gzip.compress(("from,to,time\n" + "".join(f"u{n % 991},u{n % 83},{START + n}\n" for n in range(acts))).encode())
    )
    channel = folder / "space" / "general"
    channel.mkdir(parents=True)
    (channel.parent / "channels.json").write_text(json.dumps([{"id": "C1", "name": "general", "members": []}]))
    (channel.parent / "users.json").write_text(json.dumps([{"id": f"U{n}", "name": f"u{n}"} for n in range(60)]))
    messages = [
        {"type": "message", "user": f"U{n % 60}", "text": f"hi <@U{n % 7}>", "ts": f"{START + n}.000100"}
        | ({"thread_ts": f"{START + n // 9 * 9}.000100"} if n % 9 else {})
        for n in range(acts // 3)
    ]
    (channel / "2023-11-14.json").write_text(json.dumps(messages))
    return [folder / "a.jsonl", channel.parent, folder / "c.csv.gz"]


def campaign(monkeypatch: pytest.MonkeyPatch, folder: Path, module: ModuleType, *options: str) -> int:
    """Run the script with its files in a folder of the test's."""
    monkeypatch.setenv("TMPDIR", os.fspath(folder))
    monkeypatch.setattr("tempfile.tempdir", os.fspath(folder))
    monkeypatch.setattr(sys, "argv", ["kills.py", *options])
    return int(module.main())


def left_behind(folder: Path) -> list[str]:
    """What killed programs left among temporary files, when the next program has had the time to see that they are old."""
    long_ago = time.time() - 2 * tempdirs.YOUNG_SECONDS
    for path in folder.iterdir():
        os.utime(path, (long_ago, long_ago))
    tempdirs.remove_leftovers()
    return [path.name for path in folder.iterdir()]


@pytest.mark.long
def test_a_kill_of_each_operation_costs_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert campaign(monkeypatch, tmp_path, script(), "--kills", "7", "--acts", "3000") == 0
    assert left_behind(tmp_path) == []


@pytest.mark.slow
def test_seventy_kills_cost_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert campaign(monkeypatch, tmp_path, script(), "--kills", "70") == 0
    assert left_behind(tmp_path) == []


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """A command line, as a person runs it."""
    return subprocess.Popen(
        [sys.executable, "-m", "regard", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": os.fspath(folder)},
    )  # fmt: skip


@pytest.mark.long
def test_ctrl_c_says_what_was_kept(tmp_path: Path) -> None:
    first, *_ = make_inputs(tmp_path, random.Random(1), acts=2_000)
    (tmp_path / "long.csv").write_text("from,to,time\n" + "".join(f"u{n % 9991},u{n % 9833},{START + n}\n" for n in range(1_500_000)))
    record = tmp_path / "community.regard"
    with start(tmp_path, "read", os.fspath(first), os.fspath(tmp_path / "long.csv"), "--into", os.fspath(record)) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("a.jsonl (table): 2,000 acts")
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        pressed = time.monotonic()
        _, errors = process.communicate()
        took = time.monotonic() - pressed
    assert process.returncode == 130
    assert "Kept: 1 of 2 inputs, 2,000 acts, 997 people known. The same command goes on from there." in errors
    assert took < 3
    assert Record.open(record).counts().inputs == 1
    with start(tmp_path, "read", os.fspath(first), os.fspath(tmp_path / "long.csv"), "--into", os.fspath(record)) as process:
        output, _ = process.communicate()
    assert process.returncode == 0
    assert "read before, byte for byte" in output
    assert Record.open(record).counts().acts == 1_502_000


def killings(tmp_path: Path, times: int, look: Callable[[Path], object]) -> None:
    """Kill removals of a person at random moments: the record is the old one or the new one."""
    seed = random.randrange(10**6)
    draw = random.Random(seed)
    acts = [Act(f"u{n % 50}", "post", START * 10**6 + n, item=str(n), text=f"{n} words to u7") for n in range(40_000)]
    template = tmp_path / "template.regard"
    Record.at(template).append(InputInfo("chat", "an export"), [Batch(acts[:20_000]), Batch(acts[20_000:])])
    path = tmp_path / "records" / "community.regard"
    path.parent.mkdir()
    for _ in range(times):
        path.write_bytes(template.read_bytes())
        with start(tmp_path, "people", "forget", os.fspath(path), "u7", "--yes") as process:
            time.sleep(draw.uniform(0.3, 1.3))
            process.kill()
            process.communicate()
        check(path)
        assert Record.open(path).counts().acts in (40_000, 39_200), f"seed {seed}"
        if Record.open(path).counts().acts == 40_000:
            assert look(path) == look(template), f"seed {seed}"
            Record.open(path).forget("u7")
        Record.open(path).append(InputInfo("chat", "an export again"), [Batch(acts[:100])])
        assert [file.name for file in path.parent.iterdir()] == [path.name], f"seed {seed}"
        assert b"words to u7" not in path.read_bytes()


@pytest.mark.long
def test_a_killed_removal_leaves_the_old_record_or_the_new_one(tmp_path: Path, look: Callable[[Path], object]) -> None:
    killings(tmp_path, 2, look)


@pytest.mark.slow
def test_many_killed_removals(tmp_path: Path, look: Callable[[Path], object]) -> None:
    killings(tmp_path, 20, look)
