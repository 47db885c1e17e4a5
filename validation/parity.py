"""Do both engines give the same results? Every measure of complete records, on DuckDB and on Spark, row by row.

    python validation/parity.py RECORD-OR-EXPORT ... [--demo] [--master local[2]] [--map actor=...,target=...]

Prints a table: the number of rows, of whole numbers, texts and times that differ (there should be none), and the largest difference of
floats, as a share of their size and in units of the ninth decimal, to which chances are rounded. Exits with 1 if a float differs by more
than 1e-9 of its size and by more than one such unit, or if anything else differs. Needs the extra `spark` and Java 17.
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
from typing import NamedTuple

import duckdb

from regard.engines.duckdb.statements import fetch
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
from regard.studies.settings import Settings
from regard.studies.study import Study

FLOATS = ("DOUBLE", "FLOAT", "DECIMAL")
NEAR = 1e-9
"""The largest difference of floats as a share of their size, and as an absolute number the last decimal of chances."""


@dataclass(frozen=True)
class Comparison:
    """One measure on both engines."""

    measure: str
    rows: int
    different: int
    """Rows with different values other than floats, and rows that only one engine has."""
    relative: float
    """The largest difference of floats, as a share of their size."""
    units: float
    """The largest difference of floats in billionths."""
    far: int
    """Floats that differ by more than 1e-9 of their size and by more than a billionth."""


class _Sums(NamedTuple):
    rows: int
    different: int
    relative: float | None
    units: float | None
    far: int | None


def compare(name: str, first: Path, second: Path) -> Comparison:
    """Compare two files with the rows of a measure."""
    with duckdb.connect() as connection:
        for table, path in (("first", first), ("second", second)):
            connection.execute(
                f"CREATE TABLE {table} AS SELECT row_number() OVER () AS nth, * FROM read_parquet($path)", {"path": str(path)}
            )
        kinds = [(str(row[0]), str(row[1])) for row in connection.execute("DESCRIBE first").fetchall() if row[0] != "nth"]
        exact = [column for column, kind in kinds if not kind.startswith(FLOATS)]
        floats = [column for column, kind in kinds if kind.startswith(FLOATS)]
        differ = " OR ".join([f'a."{column}" IS DISTINCT FROM b."{column}"' for column in exact] or ["false"])
        gaps = [f'abs(CAST(a."{column}" AS DOUBLE) - CAST(b."{column}" AS DOUBLE))' for column in floats]
        sizes = [f'greatest(abs(CAST(a."{column}" AS DOUBLE)), abs(CAST(b."{column}" AS DOUBLE)), 1e-300)' for column in floats]
        missing = [f'(a."{column}" IS NULL) <> (b."{column}" IS NULL)' for column in floats]
        shares = [f"coalesce({gap} / {size}, 0)" for gap, size in zip(gaps, sizes, strict=True)] or ["0.0"]
        units = [f"coalesce({gap} / {NEAR}, 0)" for gap in gaps] or ["0.0"]
        far = [f"(coalesce({gap} > {NEAR} * {size} AND {gap} > {NEAR} * 1.001, false))::INT" for gap, size in zip(gaps, sizes, strict=True)]
        (sums,) = fetch(
            connection,
            _Sums,
            f"""SELECT count(*), count(*) FILTER (a.nth IS NULL OR b.nth IS NULL OR {differ} OR {" OR ".join(missing or ["false"])}),
                    max(greatest({", ".join(shares)})), max(greatest({", ".join(units)})), sum({" + ".join(far or ["0"])})
                FROM first a FULL JOIN second b ON b.nth = a.nth""",
        )
    return Comparison(name, sums.rows, sums.different, sums.relative or 0, sums.units or 0, sums.far or 0)


@contextmanager
def demo() -> Iterator[Record]:
    """The community of `regard demo`."""
    community = simulate()
    with Record.temporary() as record:
        record.append(InputInfo("demo", "made up"), [Batch(community.acts, community.accounts)])
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


def compare_engines(title: str, record: Record, master: str) -> bool:
    """Print a line for each measure of a record. Returns whether both engines give the same results."""
    same = True
    with Dataset.temporary(record) as dataset, tempfile.TemporaryDirectory() as folder:
        spark = Settings(engine="spark", master=master)
        with Study(record) as on_duckdb, Study(dataset, spark) as on_spark:
            for name in MEASURES:
                first, second = Path(folder) / f"{name}-duckdb.parquet", Path(folder) / f"{name}-spark.parquet"
                began = time.perf_counter()
                on_spark.measure(name).write(second)
                took = time.perf_counter() - began
                on_duckdb.measure(name).write(first)
                comparison = compare(name, first, second)
                same &= comparison.different == 0 and comparison.far == 0
                far = f"{comparison.relative:.1e} | {comparison.units:.2f} | {comparison.far}"
                print(f"| {title} | {name} | {comparison.rows:,} | {comparison.different} | {far} | {took:.0f} |", flush=True)
    return same


def main() -> int:
    """Compare the engines on every record. Returns 1 if they differ."""
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
    same = True
    if arguments.demo:
        with demo() as record:
            same &= compare_engines("demo", record, arguments.master)
    for path in arguments.paths:
        with read(path, options) as record:
            same &= compare_engines(path.stem, record, arguments.master)
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
