"""Some seventy inputs that are broken, hostile or odd, with the exit code and the message of `regard read` for each.

    python validation/bad_inputs.py            # a Markdown table

Each is read into a record that has some acts already. After an error the record must be unchanged; after a success it must have at least
the rows that it had.
"""

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bad_input_cases import CASES, FINE, SECRET, Bad, file

from regard.engines.duckdb.statements import execute
from regard.engines.rows import Row
from regard.record.storage import reading
from regard.surfaces.cli import run


@dataclass(frozen=True)
class Outcome:
    """The result of one case."""

    case: Bad
    code: int
    message: str
    lost: bool
    """Whether the record lost anything."""

    @property
    def sound(self) -> bool:
        """Whether code, message and record are as they should be."""
        return self.code == self.case.code and self.case.words in self.message and not self.lost and SECRET not in self.message


def rows(record: Path) -> list[Row]:
    """The acts and accounts of a record."""
    with reading(record) as connection:
        acts = execute(connection, "SELECT time, actor, target, kind, item, text FROM acts ORDER BY rowid")
        return acts + execute(connection, "SELECT account, source, id, name FROM accounts ORDER BY account")


def run_case(case: Bad, folder: Path) -> Outcome:
    """Read one case into a record that has some acts already."""
    record = folder / "kept.regard"
    start = file("start.csv", "from,to,time\nkim,lee,2024-01-01\nlee,kim,2024-01-02\n")(folder)
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        assert run(["read", str(start), "--into", str(record), "-q"]) == FINE
        before = rows(record)
        output.truncate(0)
        target = case.make(folder)
        if case.name.startswith("a record"):
            code = run(["report", str(target), "-o", str(folder / "o.html"), "-q"])
        else:
            code = run(["read", str(target), "--into", str(record), "-q"])
    after = rows(record)
    lost = after != before if code else not set(map(repr, before)) <= set(map(repr, after))
    return Outcome(case, code, output.getvalue().replace(str(folder), "").strip("\0 \n"), lost)


def outcomes() -> Iterator[Outcome]:
    """All cases, each in a folder of its own."""
    for case in CASES:
        with tempfile.TemporaryDirectory(prefix="regard-bad-") as folder:
            yield run_case(case, Path(folder))


def main() -> int:
    """Print the table. Returns 1 if a result is not as it should be."""
    wrong = 0
    print("| input | exit code | what is said | record |\n|---|---|---|---|")
    for outcome in outcomes():
        wrong += not outcome.sound
        message = " ".join(outcome.message.split())[:320].replace("|", "\\|")
        state = f"{'LOST' if outcome.lost else 'whole'}{'' if outcome.sound else ' WRONG'}"
        print(f"| {outcome.case.name} | {outcome.code} | {message} | {state} |", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
