"""Write every table of public sets as CSV, with the Regard that Python imports: `same_tables.py` starts it once for each checkout.

    python validation/write_tables.py --checkout FOLDER --data FOLDER --set NAME --into FOLDER

It uses nothing of Regard but what every version has: `read`, `study`, `Table.write` and the catalogue of measures. Each table is one file,
named after its measure; `people` is one more. Fails if Python imports Regard from outside the checkout.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from sets import SETS

import regard
from regard.measures.catalogue import MEASURES


def write_tables(paths: Sequence[Path], folder: Path) -> None:
    """Read one export, which may be several files, and write its tables into a folder, which must exist."""
    with regard.read(*paths) as record, regard.study(record) as study:
        study.people.write(folder / "people.csv")
        for measure in MEASURES.values():
            if measure.table:
                study.measure(measure.name).write(folder / f"{measure.name}.csv")


def main() -> None:
    """Write the tables of one set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkout", type=Path, required=True, help="the folder that Regard must come from")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--set", choices=[*SETS], required=True)
    parser.add_argument("--into", type=Path, required=True)
    arguments = parser.parse_args()
    imported = Path(regard.__file__).resolve()
    if not imported.is_relative_to(arguments.checkout.resolve()):
        raise SystemExit(f"{imported} is not in {arguments.checkout}")
    write_tables([arguments.data / SETS[arguments.set]], arguments.into)


if __name__ == "__main__":
    main()
