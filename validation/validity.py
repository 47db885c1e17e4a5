"""Is it true? Evaluate every public record by the protocol of `regard backtest`, and write one page of results.

    python validation/validity.py --data FOLDER [-o docs] [--coefficients TABLE.json] [--sets collegemsg,mapnik] [--draws 2000]
        [--attackers 3]

Writes validity.md and the pictures in validity/. Each set is judged with coefficients that were learned from the other sets. The script
learns them first, as `freeze.py --each` does, and writes them to TABLE.json and its neighbours. If TABLE.json exists, it reads them from
there. The page names the sets that are not in the folder.
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

import attack_figures
import failures
import levels
import pair_figures
import pairs
import people
import real_rank
import trust
from freeze import find_windows, write_table
from set_results import SetResult, evaluate_set
from sets import SETS, table_without
from tables import Part, listed, starred

import regard
from regard.evaluation.attack import run
from regard.evaluation.bootstrap import Resampling
from regard.record.record import Record

SEED = 1
MADE_BY = ("regard", "duckdb", "numpy", "scipy", "scikit-network")
CITES = (
    "Panzarasa, Opsahl, Carley 2009 (collegemsg); Nurek, Michalski 2020 (manufacturing); KONECT (digg-reply); De Domenico and others "
    "2013 (higgs); Stack Exchange data dump, CC BY-SA; Zubiaga and others 2016 (rumoureval2017)"
)


@dataclass(frozen=True)
class Options:
    """The settings of one page."""

    data: Path
    names: Sequence[str]
    """The sets to evaluate."""
    table: Path
    """The table of coefficients."""
    resampling: Resampling
    attackers: int
    """Attackers in each set."""


def main() -> None:
    """Evaluate all sets, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sets", default="", help="some of them; else all")
    parser.add_argument("--coefficients", type=Path, help="TABLE.json: taken where it is, else learned and written there")
    parser.add_argument("--draws", type=int, default=2_000)
    parser.add_argument("--attackers", type=int, default=3, help="in each set; 0 leaves the attacks out, which take most of the time")
    parser.add_argument("-o", "--output", type=Path, default=Path("docs"))
    arguments = parser.parse_args()
    names = [name.strip() for name in arguments.sets.split(",") if name.strip()] or [*SETS]
    with tempfile.TemporaryDirectory() as folder:
        table = arguments.coefficients or Path(folder) / "table.json"
        options = Options(arguments.data, names, table, Resampling(arguments.draws, SEED), arguments.attackers)
        write_page(build_parts(options), arguments.output)


def build_parts(options: Options) -> list[Part]:
    """All parts of the page, in order. Each record is read once."""
    resampling = options.resampling
    with ExitStack() as stack:
        records = {
            name: stack.enter_context(regard.read(options.data / path, text=False))
            for name, path in SETS.items()
            if (options.data / path).exists()
        }
        if not options.table.exists():
            learn(records, options.table)
        sets = [_evaluate(name, records[name], options) for name in options.names if name in records]
        figures = [pair_figures.measure_pairs(result) for result in sets]
        ranks = real_rank.compare_ranks(sets, records, options.data, options.table, resampling)
        _report("weighing")
        trusted = trust.evaluate_trust(options.data, resampling)
        _report("attacking")
        attacks = attack_figures.attack_sets(sets, records, run.Plan(options.attackers, SEED))
    skipped = [name for name in options.names if name not in records]
    return [
        head(sets, figures, skipped, resampling),
        failures.section(sets, figures, attacks, trusted, resampling),
        people.section(sets, resampling),
        pairs.section(sets, figures, resampling),
        levels.section(sets, resampling),
        real_rank.section(ranks),
        attack_figures.section(sets, attacks),
        trust.section(sets, trusted, resampling),
        provenance(options, sets),
    ]


def learn(records: dict[str, Record], table: Path) -> None:
    """Learn the coefficients from all sets, and from all sets but each one, and write the tables."""
    table.parent.mkdir(parents=True, exist_ok=True)
    windows = {}
    for name, record in records.items():
        _report(f"learning from {name}")
        windows[name] = list(find_windows(record))
    for left_out in windows:
        write_table(
            table.with_name(table_without(table.name, left_out)), {name: some for name, some in windows.items() if name != left_out}
        )
    write_table(table, windows)


def _evaluate(name: str, record: Record, options: Options) -> SetResult:
    _report(f"trying {name}")
    return evaluate_set(name, record, options.resampling, options.table.with_name(table_without(options.table.name, name)))


def _report(stage: str) -> None:
    print(stage, file=sys.stderr, flush=True)


def head(sets: Sequence[SetResult], figures: Sequence[pair_figures.PairFigures], skipped: Sequence[str], resampling: Resampling) -> Part:
    """What the page is about, and the results in short."""
    some = [result for result in sets if result.snapshots]
    ahead = "; ".join(f"{starred(people.mean_ahead(some, name, resampling))} over {people.LABELS[name]}" for name in people.AGAINST)
    by_verdict = {
        word: [result.name for result in sets if result.backtest.verdict.word == word] for word in ("kept", "same", "rank", "too little")
    }
    lines = [
        "# Is it true?",
        "",
        "Every claim of Regard rests on people kept: how many people will act toward someone *again* in the next window. Here it is "
        f"tried on {len(sets)} public records: each is looked at from moments of its past, and what came after is counted "
        "([protocol](backtest.md)). Every set is judged by coefficients that the other sets taught. This page is written by a program "
        "from the figures, what failed included. Ranges hold 95 %, where nothing else is said; * marks differences clear of 0.",
        "",
        f"- **Who keeps people?** Rank correlation with those who came back, kept's less rank's, mean over {len(some)} sets: {ahead}.",
        f"- **By set**: better than rank on {listed(by_verdict['kept'])}; rank does as well on {listed(by_verdict['same'])}; rank does "
        f"better on {listed(by_verdict['rank'])}; too little to tell on {listed(by_verdict['too little'])}.",
        f"- **Which pairs act again?** {pairs.in_short(sets, figures, resampling)}",
        f"- **Are as many kept as was said?** {levels.in_short(sets)}",
        "- **Are the questions without an answer open ones?** Judged by a reader, the bar missed: [questions](questions.md).",
    ]
    return Part([*lines, *([f"- Not in the data folder: {listed(skipped)}."] if skipped else [])])


def provenance(options: Options, sets: Sequence[SetResult]) -> Part:
    """How the page was made."""
    versions = ", ".join(f"{name} {version(name)}" for name in MADE_BY)
    fewer = [f"{result.name} {result.resampling.draws:,}" for result in sets if result.resampling.draws < options.resampling.draws]
    large = f" (large sets fewer: {listed(fewer)})" if fewer else ""
    lines = [
        "## How this page was made",
        "",
        "    make validate DATA=folder",
        "",
        f"Seed {SEED}; {options.resampling.draws:,} draws of people{large}, {pair_figures.MAX_DRAWS} at most for pairs; ranges hold 95 %.",
        f"{versions}; Python {python_version()}. The records lie in the folder as their publishers gave them; where each is expected: "
        "`validation/sets.py`.",
        "",
        f"Sources: {CITES}.",
    ]
    return Part(lines)


def write_page(parts: Sequence[Part], folder: Path) -> None:
    """Write the page and its pictures."""
    (folder / "validity").mkdir(parents=True, exist_ok=True)
    (folder / "validity.md").write_text("\n\n".join("\n".join(part.lines) for part in parts if part.lines) + "\n", encoding="utf-8")
    for name, svg in [item for part in parts for item in part.pictures.items()]:
        (folder / "validity" / f"{name}.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
