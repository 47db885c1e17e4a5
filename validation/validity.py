"""Is it true? Every public record that is there, tried by the protocol of `regard backtest`, and one page of what was found.

    python validation/validity.py --data FOLDER [-o docs] [--coefficients TABLE.json] [--sets collegemsg,mapnik] [--draws 2000]
        [--attackers 3]

Writes validity.md and the pictures in validity/. A set is judged by coefficients that the other sets taught: they are learned first, as by
`freeze.py --each`, and written to TABLE.json and its neighbours, or taken from there where they are. A set that is not in the folder is
named and left out.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from platform import python_version

import attacked
import failures
import levels
import pair_figures
import pairs
import people
import real_rank
import trust
from freeze import windows, write
from sets import SETS, without
from tables import Part, listed, starred
from tried import Tried, tried

import regard
from regard.evaluation.attack import run
from regard.evaluation.bootstrap import Plan
from regard.record.record import Record

SEED = 1
MADE_BY = ("regard", "duckdb", "numpy", "scipy", "scikit-network")
CITES = (
    "Panzarasa, Opsahl, Carley 2009 (collegemsg); Nurek, Michalski 2020 (manufacturing); KONECT (digg-reply); De Domenico and others "
    "2013 (higgs); Stack Exchange data dump, CC BY-SA; Zubiaga and others 2016 (rumoureval2017)"
)


@dataclass(frozen=True)
class Asked:
    """What is to be tried, and how."""

    data: Path
    names: Sequence[str]
    table: Path
    plan: Plan
    attackers: int


def main() -> None:
    """Try everything, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sets", default="", help="some of them; else all")
    parser.add_argument("--coefficients", type=Path, help="TABLE.json: taken where it is, else learned and written there")
    parser.add_argument("--draws", type=int, default=2_000)
    parser.add_argument("--attackers", type=int, default=3, help="in each set; 0 leaves the attacks out, which take most of the time")
    parser.add_argument("-o", "--output", type=Path, default=Path("docs"))
    given = parser.parse_args()
    names = [part.strip() for part in given.sets.split(",") if part.strip()] or [*SETS]
    with tempfile.TemporaryDirectory() as folder:
        asked = Asked(given.data, names, given.coefficients or Path(folder) / "table.json", Plan(given.draws, SEED), given.attackers)
        page(tried_all(asked), given.output)


def tried_all(asked: Asked) -> list[Part]:
    """Every part of the page, in order. Each record is read once."""
    plan = asked.plan
    with ExitStack() as stack:
        records = {
            name: stack.enter_context(regard.read(asked.data / place, text=False))
            for name, place in SETS.items()
            if (asked.data / place).exists()
        }
        if not asked.table.exists():
            learn(records, asked.table)
        sets = [_tried(name, records[name], asked) for name in asked.names if name in records]
        told = [pair_figures.told(one) for one in sets]
        ranks = real_rank.found(sets, records, asked.data, asked.table, plan)
        _say("weighing")
        weighed = trust.found(asked.data, plan)
        _say("attacking")
        raids = attacked.attacks(sets, records, run.Plan(asked.attackers, SEED))
    skipped = [name for name in asked.names if name not in records]
    return [
        head(sets, told, skipped, plan),
        failures.section(sets, told, raids, weighed, plan),
        people.section(sets, plan),
        pairs.section(sets, told, plan),
        levels.section(sets, plan),
        real_rank.section(ranks),
        attacked.section(sets, raids),
        trust.section(sets, weighed, plan),
        provenance(asked, sets),
    ]


def learn(records: dict[str, Record], table: Path) -> None:
    """Coefficients of all sets, and of all but each."""
    table.parent.mkdir(parents=True, exist_ok=True)
    lessons = {}
    for name, record in records.items():
        _say(f"learning from {name}")
        lessons[name] = list(windows(record))
    for left_out in lessons:
        write(table.with_name(without(table.name, left_out)), {name: found for name, found in lessons.items() if name != left_out})
    write(table, lessons)


def _tried(name: str, record: Record, asked: Asked) -> Tried:
    _say(f"trying {name}")
    return tried(name, record, asked.plan, asked.table.with_name(without(asked.table.name, name)))


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def head(sets: Sequence[Tried], told: Sequence[pair_figures.Told], skipped: Sequence[str], plan: Plan) -> Part:
    """What this is, and what came out, in short."""
    some = [one for one in sets if one.cuts]
    ahead = "; ".join(f"{starred(people.mean_ahead(some, name, plan))} over {people.LABELS[name]}" for name in people.AGAINST)
    words = {word: [one.name for one in sets if one.found.verdict.word == word] for word in ("kept", "same", "rank", "too little")}
    lines = [
        "# Is it true?",
        "",
        "Every claim of Regard rests on people kept: how many people will act toward someone *again* in the next window. Here it is "
        f"tried on {len(sets)} public records: each is looked at from moments of its past, and what came after is counted "
        "([protocol](backtest.md)). Every set is judged by coefficients that the other sets taught. This page is written by a program "
        "from the figures, what failed included. Ranges hold 95 %, where nothing else is said; * marks differences clear of 0.",
        "",
        f"- **Who keeps people?** Rank correlation with those who came back, kept's less rank's, mean over {len(some)} sets: {ahead}.",
        f"- **By set**: better than rank on {listed(words['kept'])}; rank does as well on {listed(words['same'])}; rank does better on "
        f"{listed(words['rank'])}; too little to tell on {listed(words['too little'])}.",
        f"- **Which pairs act again?** {pairs.in_short(sets, told, plan)}",
        f"- **Are as many kept as was said?** {levels.in_short(sets)}",
    ]
    return Part([*lines, *([f"- Not in the data folder: {listed(skipped)}."] if skipped else [])])


def provenance(asked: Asked, sets: Sequence[Tried]) -> Part:
    """How the page was made."""
    versions = ", ".join(f"{name} {version(name)}" for name in MADE_BY)
    fewer = [f"{one.name} {one.plan.draws:,}" for one in sets if one.plan.draws < asked.plan.draws]
    large = f" (large sets fewer: {listed(fewer)})" if fewer else ""
    lines = [
        "## How this page was made",
        "",
        "    make validate DATA=folder",
        "",
        f"Seed {SEED}; {asked.plan.draws:,} draws of people{large}, {pair_figures.MOST_DRAWS} at most for pairs; ranges hold 95 %.",
        f"{versions}; Python {python_version()}. The records lie in the folder as their publishers gave them; where each is expected: "
        "`validation/sets.py`.",
        "",
        f"Sources: {CITES}.",
    ]
    return Part(lines)


def page(parts: Sequence[Part], folder: Path) -> None:
    """Write the page and its pictures."""
    (folder / "validity").mkdir(parents=True, exist_ok=True)
    (folder / "validity.md").write_text("\n\n".join("\n".join(part.lines) for part in parts if part.lines) + "\n", encoding="utf-8")
    for name, drawn in [item for part in parts for item in part.pictures.items()]:
        (folder / "validity" / f"{name}.svg").write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main()
