"""Do two checkouts of Regard give the same tables and golden files? Compares every table measure of the public sets byte for byte.

    python validation/same_tables.py --before FOLDER --after FOLDER --data FOLDER [--sets mapnik,houston] [--renamed FILE.json]

Each checkout runs with its own `.venv/bin/python`, or with this interpreter if it has none, and imports its own `src`. Measures, columns
and words of golden files may have another name afterwards if `renamed.json` lists it. All else must be the same: the names of the tables,
the order of columns and rows, every value. Prints the first difference of each table and exits with 1 if there is any. A table or golden
file that only the second checkout has is named, and is no difference.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from sets import SETS

GOLDENS = Path("tests/surfaces/golden")
LONGEST = 400
"""Bytes of a line that are shown."""

Names = Mapping[str, str]
"""New names by old names."""


@dataclass(frozen=True)
class Renamed:
    """What has another name in the second checkout."""

    measures: Names
    columns: Mapping[str, Names]
    """By the new name of the measure. A column of people stands for its `_id` and `_name` too."""
    goldens: Mapping[str, Names]
    """Words, by the file they stand in."""

    @classmethod
    def read(cls, path: Path) -> Renamed:
        """The list in a JSON file."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Difference:
    """The first line that differs: its number from 1 and its text on both sides, None where a file has ended."""

    line: int
    before: bytes | None
    after: bytes | None

    def __str__(self) -> str:
        return f"line {self.line}\n    before: {_shown(self.before)}\n    after:  {_shown(self.after)}"


def _shown(line: bytes | None) -> str:
    return "(the end)" if line is None else line[:LONGEST].decode(errors="replace").rstrip("\n")


def table_difference(before: Path, after: Path, columns: Names) -> Difference | None:
    """The first difference of two CSV files, once the columns in the head of the first have their new names."""
    with before.open("rb") as old, after.open("rb") as new:
        head = rename_columns(old.readline().decode(), columns).encode()
        return _first_difference(iter([head, *old]), iter(new))


def rename_columns(head: str, columns: Names) -> str:
    """The head of a CSV file with the new names of columns.

    >>> rename_columns("giver,acts,giver_id\\n", {"giver": "sender"})
    'sender,acts,sender_id\\n'
    """
    names = {old + end: new + end for old, new in columns.items() for end in ("", "_id", "_name")}
    return ",".join(names.get(name, name) for name in head.removesuffix("\n").split(",")) + head[len(head.removesuffix("\n")) :]


def golden_difference(before: Path, after: Path, words: Names) -> Difference | None:
    """The first difference of two golden files, once the words of the first are renamed.

    A longer word makes a column of a text table wider. So in a text file with renamed words a run of spaces counts as one space.
    """
    old, new = before.read_text(encoding="utf-8"), after.read_text(encoding="utf-8")
    if words:
        old = rename_words(old, words)
        if before.suffix == ".txt":
            old, new = (re.sub(" +", " ", text) for text in (old, new))
    return _first_difference(iter(old.encode().splitlines(True)), iter(new.encode().splitlines(True)))


def rename_words(text: str, words: Names) -> str:
    """A text with whole words renamed.

    >>> rename_words("p_again, p_again_too", {"p_again": "p_return"})
    'p_return, p_again_too'
    """
    return re.sub(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", lambda match: words[match[0]], text)


def _first_difference(before: Iterator[bytes], after: Iterator[bytes]) -> Difference | None:
    lines = enumerate(zip_longest(before, after), 1)
    return next((Difference(number, old, new) for number, (old, new) in lines if old != new), None)


def folder_differences(before: Path, after: Path, renamed: Renamed) -> Iterator[tuple[str, Difference | str]]:
    """Each table of the first folder that differs in the second, by its new name, and what differs."""
    for old in sorted(before.glob("*.csv")):
        name = renamed.measures.get(old.stem, old.stem)
        new = after / f"{name}.csv"
        difference = table_difference(old, new, renamed.columns.get(name, {})) if new.exists() else "missing afterwards"
        if difference is not None:
            yield name, difference


def goldens_differences(before: Path, after: Path, renamed: Renamed) -> Iterator[tuple[str, Difference | str]]:
    """The same of golden files."""
    for old in sorted(path for path in before.rglob("*") if path.is_file()):
        name = str(old.relative_to(before))
        new = after / name
        difference = golden_difference(old, new, renamed.goldens.get(name, {})) if new.exists() else "missing afterwards"
        if difference is not None:
            yield name, difference


def write(checkout: Path, data: Path, name: str, into: Path) -> None:
    """Write the tables of a set with a checkout, in a process of its own."""
    own = checkout / ".venv/bin/python"
    script = Path(__file__).with_name("write_tables.py")
    command = [own if own.exists() else sys.executable, script, "--checkout", checkout, "--data", data, "--set", name, "--into", into]
    into.mkdir()
    subprocess.run([str(part) for part in command], check=True, env={**os.environ, "PYTHONPATH": str((checkout / "src").resolve())})


def compare_set(name: str, arguments: argparse.Namespace, renamed: Renamed) -> bool:
    """Compare the tables of one set, print what differs; whether nothing does."""
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder) / "before", Path(folder) / "after"
        write(arguments.before, arguments.data, name, before)
        write(arguments.after, arguments.data, name, after)
        differences = [*folder_differences(before, after, renamed)]
        tables = {renamed.measures.get(path.stem, path.stem) for path in before.glob("*.csv")}
        added = {path.stem for path in after.glob("*.csv")} - tables
        size = sum(path.stat().st_size for path in before.glob("*.csv"))
    print(f"{name}: {len(tables)} tables of {size:,} bytes, {len(differences)} differ{_added(added)}", flush=True)
    return _report(name, differences)


def compare_goldens(arguments: argparse.Namespace, renamed: Renamed) -> bool:
    """Compare the golden files, print what differs; whether nothing does."""
    before, after = arguments.before / GOLDENS, arguments.after / GOLDENS
    differences = [*goldens_differences(before, after, renamed)]
    files, there = ({str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()} for root in (before, after))
    print(f"golden files: {len(files)}, {len(differences)} differ{_added(there - files)}", flush=True)
    return _report("golden files", differences)


def _added(names: set[str]) -> str:
    return f"; only afterwards: {', '.join(sorted(names))}" if names else ""


def _report(title: str, differences: list[tuple[str, Difference | str]]) -> bool:
    for name, difference in differences:
        print(f"  {title}, {name}: {difference}", flush=True)
    return not differences


def main() -> int:
    """Compare all; 1 if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", type=Path, required=True, help="a checkout of Regard")
    parser.add_argument("--after", type=Path, required=True, help="another")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sets", default="", help="some of them; else all that are in the folder")
    parser.add_argument("--renamed", type=Path, default=Path(__file__).with_name("renamed.json"))
    arguments = parser.parse_args()
    renamed = Renamed.read(arguments.renamed)
    names = [name.strip() for name in arguments.sets.split(",") if name.strip()] or [*SETS]
    missing = [name for name in names if not (arguments.data / SETS[name]).exists()]
    print(f"not in the folder: {', '.join(missing)}" if missing else "every set is in the folder", flush=True)
    results = [compare_goldens(arguments, renamed), *(compare_set(name, arguments, renamed) for name in names if name not in missing)]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
