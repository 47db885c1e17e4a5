"""Do both engines say the same? Every measure of whole records, on DuckDB and on Spark, row by row.

    python validation/parity.py RECORD-OR-EXPORT ... [--demo] [--master local[2]] [--map actor=...,target=...]

Prints a table: rows, whole numbers, words and times that differ (there should be none), and how far floats are apart, as a share of their
size and in units of the ninth decimal, to which chances are kept. Exits with 1 where anything differs by more than 1e-9 of its size and by
more than one such unit. Needs the extra `spark` and Java 17.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from regard.measures.catalogue import MEASURES
from regard.record.dataset import Dataset
from regard.record.ingest import InputInfo
from regard.record.record import Record
from regard.record.schema import Batch
from regard.record.storage import looks_like
from regard.simulate.community import simulate
from regard.sources.base import Options
from regard.studies.parse import parse_map
from regard.studies.read import inputs_of, read_into
from regard.studies.study import Settings, Study

FLOATS = ("DOUBLE", "FLOAT", "DECIMAL")
NEAR = 1e-9
"""Of their size; and as an absolute number, the last decimal of chances."""


@dataclass(frozen=True)
class Compared:
    """One measure on both engines."""

    measure: str
    rows: int
    different: int
    """Values other than floats that are not the same, and rows that only one has."""
    apart: float
    """The largest difference of floats, as a share of their size."""
    units: float
    """The largest difference of floats in billionths."""
    far: int
    """Floats further apart than 1e-9 of their size and than a billionth."""


def compared(name: str, mine: Path, theirs: Path) -> Compared:
    """Two files with the rows of a measure, held against each other."""
    with duckdb.connect() as connection:
        for place, path in (("mine", mine), ("theirs", theirs)):
            connection.execute(
                f"CREATE TABLE {place} AS SELECT row_number() OVER () AS place, * FROM read_parquet($path)", {"path": str(path)}
            )
        kinds = [(str(row[0]), str(row[1])) for row in connection.execute("DESCRIBE mine").fetchall() if row[0] != "place"]
        exact = [column for column, kind in kinds if not kind.startswith(FLOATS)]
        floats = [column for column, kind in kinds if kind.startswith(FLOATS)]
        differ = " OR ".join([f'm."{column}" IS DISTINCT FROM t."{column}"' for column in exact] or ["false"])
        gaps = [f'abs(CAST(m."{column}" AS DOUBLE) - CAST(t."{column}" AS DOUBLE))' for column in floats]
        sizes = [f'greatest(abs(CAST(m."{column}" AS DOUBLE)), abs(CAST(t."{column}" AS DOUBLE)), 1e-300)' for column in floats]
        missing = [f'(m."{column}" IS NULL) <> (t."{column}" IS NULL)' for column in floats]
        shares = [f"coalesce({gap} / {size}, 0)" for gap, size in zip(gaps, sizes, strict=True)] or ["0.0"]
        units = [f"coalesce({gap} / {NEAR}, 0)" for gap in gaps] or ["0.0"]
        far = [f"(coalesce({gap} > {NEAR} * {size} AND {gap} > {NEAR} * 1.001, false))::INT" for gap, size in zip(gaps, sizes, strict=True)]
        row = connection.execute(
            f"""SELECT count(*), count(*) FILTER (m.place IS NULL OR t.place IS NULL OR {differ} OR {" OR ".join(missing or ["false"])}),
                    max(greatest({", ".join(shares)})), max(greatest({", ".join(units)})), sum({" + ".join(far or ["0"])})
                FROM mine m FULL JOIN theirs t ON t.place = m.place"""
        ).fetchall()[0]
    return Compared(name, int(row[0]), int(row[1]), float(row[2] or 0), float(row[3] or 0), int(row[4] or 0))


@contextmanager
def demo() -> Iterator[Record]:
    """The community of `regard demo`."""
    made = simulate()
    with Record.temporary() as record:
        record.append(InputInfo("demo", "made up"), [Batch(made.acts, made.accounts)])
        yield record


@contextmanager
def read(path: Path, options: Options) -> Iterator[Record]:
    """A record, or an export read into one."""
    if looks_like(path):
        yield Record.open(path)
        return
    with Record.temporary() as record:
        for _ in read_into(record, inputs_of([path]), options):
            pass
        yield record


def tried(title: str, record: Record, master: str) -> bool:
    """Print a line for each measure of a record; whether both engines say the same."""
    fine = True
    with Dataset.temporary(record) as dataset, tempfile.TemporaryDirectory() as folder:
        spark = Settings(engine="spark", master=master)
        with Study(record) as one, Study(dataset, spark) as other:
            for name in MEASURES:
                mine, theirs = Path(folder) / f"{name}-mine.parquet", Path(folder) / f"{name}-theirs.parquet"
                began = time.perf_counter()
                other.measure(name).write(theirs)
                took = time.perf_counter() - began
                one.measure(name).write(mine)
                found = compared(name, mine, theirs)
                fine &= found.different == 0 and found.far == 0
                far = f"{found.apart:.1e} | {found.units:.2f} | {found.far}"
                print(f"| {title} | {name} | {found.rows:,} | {found.different} | {far} | {took:.0f} |", flush=True)
    return fine


def main() -> int:
    """Try every record; 1 where the engines differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--master", default="local[2]")
    parser.add_argument("--preset")
    parser.add_argument("--map")
    arguments = parser.parse_args()
    options = Options(mapping=parse_map(arguments.map), preset=arguments.preset)
    print("| record | measure | rows | not the same | floats apart | in billionths | too far | Spark, s |")
    print("|---|---|---|---|---|---|---|---|")
    fine = True
    if arguments.demo:
        with demo() as record:
            fine &= tried("demo", record, arguments.master)
    for path in arguments.paths:
        with read(path, options) as record:
            fine &= tried(path.stem, record, arguments.master)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
