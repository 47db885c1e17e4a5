"""Does a killed read leave a valid record, and does the same command complete it?

    python validation/kills.py [--kills 20] [--seed N]

Makes two tables, a Slack export and a mailing list. Starts `regard read` on all of them and kills it (SIGKILL) at a random moment. Checks
that the record opens and counts, or does not exist yet. Starts the same command again, until as many kills are done, and then lets it end.
Compares all tables of the result, except the record's own secret, with those of an undisturbed read, row by row in their stored order.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from regard.engines.duckdb.statements import execute
from regard.engines.rows import Row
from regard.record.storage import check, reading

TABLES = ("inputs", "notes", "accounts", "acts", "forgotten")


def make_inputs(folder: Path, rng: random.Random) -> list[Path]:
    """Make four inputs that together take a few seconds to read."""
    tables = []
    for name in ("one", "two"):
        rows = [f"p{rng.randrange(4000)},p{rng.randrange(4000)},{1_600_000_000 + rng.randrange(10**8)}" for _ in range(250_000)]
        path = folder / name / f"{name}.csv"
        path.parent.mkdir()
        path.write_text("from,to,time\n" + "\n".join(rows) + "\n")
        tables.append(path)
    slack = folder / "slack" / "general"
    slack.mkdir(parents=True)
    (slack.parent / "users.json").write_text(json.dumps([{"id": f"U{n:04}", "name": f"n{n}"} for n in range(300)]))
    (slack.parent / "channels.json").write_text(json.dumps([{"id": "C1", "name": "general"}]))
    for day in range(60):
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
            for n in range(20_000)
        )
    )
    return [*tables, slack.parent, mail.parent]


def command(inputs: list[Path], record: Path) -> list[str]:
    """The command that is killed."""
    return [sys.executable, "-m", "regard", "read", *map(str, inputs), "--into", str(record), "-q"]


def tables(record: Path) -> dict[str, list[Row]]:
    """All rows of all tables in their stored order."""
    with reading(record) as connection:
        return {name: execute(connection, f"SELECT * FROM {name} ORDER BY rowid") for name in TABLES}


def main() -> int:
    """Kill, check, complete, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    folder = Path(tempfile.mkdtemp(prefix="regard-kills-"))
    try:
        inputs = make_inputs(folder, rng)
        calm, killed = folder / "calm.regard", folder / "killed.regard"
        began = time.perf_counter()
        subprocess.run(command(inputs, calm), check=True, capture_output=True)
        seconds = time.perf_counter() - began
        print(f"seed {arguments.seed}; an undisturbed read takes {seconds:.1f} s")
        for number in range(1, arguments.kills + 1):
            # A complete record is deleted, so that each kill hits a read that has something to do.
            if killed.exists() and len(tables(killed)["inputs"]) == len(inputs):
                killed.unlink()
            wait = rng.random() * seconds
            with subprocess.Popen(command(inputs, killed), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
                time.sleep(wait)
                process.kill()
                process.communicate()
            state = "no record yet"
            if killed.exists():
                check(killed)
                rows = tables(killed)
                state = f"valid: {len(rows['inputs'])} of {len(inputs)} inputs, {len(rows['acts']):,} acts"
            print(f"kill {number:2} after {wait:4.1f} s: {state}")
        subprocess.run(command(inputs, killed), check=True, capture_output=True)
        equal = tables(killed) == tables(calm)
        left = sorted(path.name for path in folder.iterdir() if "regard" in path.name and path not in (calm, killed))
        print(f"completed: tables {'equal, row by row' if equal else 'DIFFERENT'}; files left behind: {', '.join(left) or 'none'}")
        return 0 if equal and not left else 1
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
