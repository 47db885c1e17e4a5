"""Learn the shipped coefficients of the return model from the public sets.

    python validation/freeze.py --data FOLDER -o src/regard/measures/pairs/pretrained.json
    python validation/freeze.py --data FOLDER -o table.json --each      # to judge them on collegemsg

Each set is looked at from four moments of its past; at each, the windows after the landmarks before it give the training cases, as in any
study. A set counts by the evidence it holds, up to MOST cases, so that none outshouts the others; every window of a set has an intercept
of its own.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sets import SETS, without

import regard
from regard.base.text import utc_datetime
from regard.measures.kernels import logistic
from regard.measures.pairs.features import expressions
from regard.measures.pairs.pair_model import PAIR_MODEL
from regard.measures.pairs.pretrained import FORMAT
from regard.measures.pairs.return_model import RETURN_MODEL
from regard.measures.pairs.snapshots import NOW, PAST
from regard.record.record import Record
from regard.studies.study import Settings, Study

SHARES = (0.5, 0.65, 0.8, 1.0)
"""Shares of a set's acts after which it is looked at."""
MOST = 4_000.0
LEAST_RETURNS = 3
RIDGE = 1.0
WINDOW = 5_000
"""Cases of one window at most."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Window:
    """One window of one set: features (cases, features), centred, and who came back."""

    x: Floats
    came: Floats


def windows(record: Record) -> Iterator[Window]:
    """All windows of a set from which something may be learned."""
    with Study(record) as whole:
        times = np.asarray(whole.engine.arrays("SELECT epoch_us(time) AS t FROM interactions ORDER BY t")["t"], dtype=np.int64)
    for share in SHARES:
        until = int(times[min(times.size - 1, round(share * times.size))])
        with Study(record, Settings(until=utc_datetime(until))) as study:
            study.make(["pairs"])
            for part in PAIR_MODEL.parts:
                if part is not RETURN_MODEL:
                    study.engine.run(part, study.timescale.values)
            cases = study.engine.arrays(RETURN_MODEL.reads, study.timescale.values)
        x = np.stack([np.asarray(cases[name], dtype=np.float64) for name in expressions(NOW)], axis=1)
        landmark, came = (np.asarray(cases[name], dtype=np.float64) for name in ("landmark", "returned"))
        for past in PAST:
            here = np.flatnonzero(landmark == past.number)
            here = here[:: max(1, here.size // WINDOW)]
            if LEAST_RETURNS <= came[here].sum() < here.size:
                yield Window(x[here] - x[here].mean(axis=0), came[here])


def learn(sets: dict[str, list[Window]]) -> tuple[Floats, Floats]:
    """Scale and slope of each feature."""
    parts, weights = [], []
    for found in sets.values():
        cases = sum(window.came.size for window in found)
        evidence = 3 * sum(min(window.came.sum(), window.came.size - window.came.sum()) for window in found)
        parts += found
        weights += [np.full(window.came.size, min(MOST, evidence) / cases) for window in found]
    x, came, weight = np.vstack([part.x for part in parts]), np.concatenate([part.came for part in parts]), np.concatenate(weights)
    scale = np.sqrt(np.average(x**2, axis=0, weights=weight))
    own = np.eye(len(parts))[np.repeat(np.arange(len(parts)), [part.came.size for part in parts])]
    precision = np.concatenate([np.full(len(parts), 1e-3), np.full(scale.size, RIDGE)])
    found_ = logistic.fit(np.hstack([own, x / scale]), came, weight, np.zeros(precision.size), precision, np.zeros(came.size))
    return scale, found_[len(parts) :]


def main() -> None:
    """Learn from all sets that are there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--each", action="store_true", help="also one table without each of the sets, named as sets.py says")
    parser.add_argument("-o", "--output", type=Path, required=True)
    asked = parser.parse_args()
    sets: dict[str, list[Window]] = {}
    for name, place in SETS.items():
        if (asked.data / place).exists():
            with regard.read(asked.data / place) as record:
                sets[name] = list(windows(record))
            returns = sum(int(window.came.sum()) for window in sets[name])
            print(f"{name}: {len(sets[name])} windows, {sum(w.came.size for w in sets[name]):,} pairs, {returns:,} returns", flush=True)
    write(asked.output, sets)
    for name in sets if asked.each else ():
        write(asked.output.with_name(without(asked.output.name, name)), {n: found for n, found in sets.items() if n != name})


def write(place: Path, sets: dict[str, list[Window]]) -> None:
    """The table as it is shipped."""
    scale, slope = learn(sets)
    windows_, pairs = sum(map(len, sets.values())), sum(window.came.size for found in sets.values() for window in found)
    provenance = f"{pairs:,} pairs in {windows_} windows of {len(sets)} public records: {', '.join(sets)}; by validation/freeze.py"
    rows = [
        {"name": name, "scale": round(float(s), 6), "slope": round(float(b), 6)}
        for name, s, b in zip(expressions(NOW), scale, slope, strict=True)
    ]
    place.write_text(json.dumps({"format": FORMAT, "provenance": provenance, "features": rows}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
