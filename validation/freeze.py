"""Learn the shipped coefficients of the return model from the public sets.

    python validation/freeze.py --data FOLDER -o src/regard/measures/pairs/pretrained.json
    python validation/freeze.py --data FOLDER -o table.json --each      # to judge them on collegemsg

Each set is studied from four moments of its past. At each moment the cases are those that the return model learns from in any study. The
weight of a set grows with its evidence, up to MAX_WEIGHT cases, so that no set outweighs the others. Every window of a set has an intercept
of its own.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sets import SETS, table_without

import regard
from regard.base.text import utc_datetime
from regard.measures.kernels import logistic
from regard.measures.pairs.features import expressions
from regard.measures.pairs.pair_model import PAIR_MODEL
from regard.measures.pairs.pretrained import FORMAT
from regard.measures.pairs.return_model import RETURN_MODEL
from regard.measures.pairs.snapshots import NOW, PAST
from regard.record.record import Record
from regard.studies.settings import Settings
from regard.studies.study import Study

SHARES = (0.5, 0.65, 0.8, 1.0)
"""Shares of a set's acts that lie before each moment."""
MAX_WEIGHT = 4_000.0
"""The most weight of a set, in cases."""
MIN_RETURNS = 3
"""A window with fewer returns is left out."""
RIDGE = 1.0
MAX_CASES = 5_000
"""About how many cases of one window are used at most."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Window:
    """One window of one set."""

    features: Floats
    """(cases, features), centred."""
    returned: Floats
    """(cases,): 1 for a pair that acted again, 0 otherwise."""


def find_windows(record: Record) -> Iterator[Window]:
    """All windows of a set that have enough returns."""
    with Study(record) as study:
        times = np.asarray(study.engine.arrays("SELECT epoch_us(time) AS t FROM interactions ORDER BY t")["t"], dtype=np.int64)
    for share in SHARES:
        until = int(times[min(times.size - 1, round(share * times.size))])
        with Study(record, Settings(until=utc_datetime(until))) as study:
            study.make(["pairs"])
            for part in takewhile(lambda part: part is not RETURN_MODEL, PAIR_MODEL.parts):
                study.engine.run(part, study.timescale.values)
            # In the order of their values, so that the same records give the same table.
            cases = study.engine.arrays(f"SELECT * FROM ({RETURN_MODEL.reads}) ORDER BY ALL", study.timescale.values)
        features = np.stack([np.asarray(cases[name], dtype=np.float64) for name in expressions(NOW)], axis=1)
        landmark, returned = (np.asarray(cases[name], dtype=np.float64) for name in ("landmark", "returned"))
        for past in PAST:
            rows = np.flatnonzero(landmark == past.number)
            rows = rows[:: max(1, rows.size // MAX_CASES)]
            if MIN_RETURNS <= returned[rows].sum() < rows.size:
                yield Window(features[rows] - features[rows].mean(axis=0), returned[rows])


def learn(sets: dict[str, list[Window]]) -> tuple[Floats, Floats]:
    """Scale and slope of each feature: (features,) each."""
    windows: list[Window] = []
    weights = []
    for some in sets.values():
        cases = sum(window.returned.size for window in some)
        evidence = 3 * sum(min(window.returned.sum(), window.returned.size - window.returned.sum()) for window in some)
        windows += some
        weights += [np.full(window.returned.size, min(MAX_WEIGHT, evidence) / cases) for window in some]
    features, returned = np.vstack([window.features for window in windows]), np.concatenate([window.returned for window in windows])
    weight = np.concatenate(weights)
    scale = np.sqrt(np.average(features**2, axis=0, weights=weight))
    intercepts = np.eye(len(windows))[np.repeat(np.arange(len(windows)), [window.returned.size for window in windows])]
    precision = np.concatenate([np.full(len(windows), 1e-3), np.full(scale.size, RIDGE)])
    columns = np.hstack([intercepts, features / scale])
    slopes = logistic.fit(columns, returned, weight, np.zeros(precision.size), precision, np.zeros(returned.size))
    return scale, slopes[len(windows) :]


def main() -> None:
    """Learn from all sets that are in the data folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--each", action="store_true", help="also one table without each of the sets, named as sets.py says")
    parser.add_argument("-o", "--output", type=Path, required=True)
    arguments = parser.parse_args()
    sets: dict[str, list[Window]] = {}
    for name, path in SETS.items():
        if (arguments.data / path).exists():
            with regard.read(arguments.data / path) as record:
                sets[name] = list(find_windows(record))
            returns = sum(int(window.returned.sum()) for window in sets[name])
            print(f"{name}: {len(sets[name])} windows, {sum(w.returned.size for w in sets[name]):,} pairs, {returns:,} returns", flush=True)
    write_table(arguments.output, sets)
    for name in sets if arguments.each else ():
        write_table(
            arguments.output.with_name(table_without(arguments.output.name, name)), {n: some for n, some in sets.items() if n != name}
        )


def write_table(path: Path, sets: dict[str, list[Window]]) -> None:
    """Learn from the sets, and write the table in the form in which it is shipped."""
    scale, slope = learn(sets)
    n_windows, pairs = sum(map(len, sets.values())), sum(window.returned.size for some in sets.values() for window in some)
    provenance = f"{pairs:,} pairs in {n_windows} windows of {len(sets)} public records: {', '.join(sets)}; by validation/freeze.py"
    rows = [
        {"name": name, "scale": round(float(s), 6), "slope": round(float(b), 6)}
        for name, s, b in zip(expressions(NOW), scale, slope, strict=True)
    ]
    path.write_text(json.dumps({"format": FORMAT, "provenance": provenance, "features": rows}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
