"""What foretells later conversation: all interactions, or words alone?

    python validation/words.py --data FOLDER --coefficients TABLE.json     # of freeze.py --each: learned from the other sets

On the sets that hold words, and reactions or shares too, at the origins of `regard backtest`: `kept` over all interactions, its part by
those who ever wrote (`by_words`), and `kept` of a study that sees words only, with the same bin and window. Each is correlated with the
people who come back at all, and with those who come back in words. Prints a Markdown table. Ranges hold 95 % over draws of people.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sets import SETS, table_without
from uncertainty import draws_for, range_of

import regard
from regard.engines.base import Step
from regard.evaluation.backtest.snapshot import take_snapshot
from regard.evaluation.bootstrap import Correlations, Resampling, Sample, bootstrap
from regard.evaluation.origins import Extent, find_extent
from regard.evaluation.scores import REGARD, Score
from regard.measures.base import MICRO_DAY, Catalogue
from regard.measures.base_relations import BASE, INTERACTIONS
from regard.measures.catalogue import MEASURES
from regard.record.queries import BY_WORDS
from regard.record.record import Record
from regard.studies.settings import Settings
from regard.studies.study import Study

Floats = NDArray[np.float64]

MIXED = ("higgs", "SE quantum", "SE french-meta", "delvingbitcoin", "10academy")
"""The sets that hold both kinds, in a record long enough for a backtest."""
NAMES = ("kept", "kept_by_words", "words_alone")
TARGETS = ("returned", "wrote")
WORDS_ALONE = Catalogue(
    tuple(Step("interactions", f"SELECT * FROM ({part.sql}) WHERE {BY_WORDS}") if part is INTERACTIONS else part for part in BASE), MEASURES
)
"""The measures, started from words only."""


def sample_at(record: Record, settings: Settings) -> Sample:
    """Active people at an origin, with the three scores and the two targets."""
    with Study(record, settings) as study:
        scores: list[Score] = [score for score in REGARD if score.name in NAMES]
        snapshot, scale = take_snapshot(study, scores), study.timescale
    same = replace(settings, bin_days=scale.bin_us / MICRO_DAY, window_days=scale.window_us / MICRO_DAY)
    with Study(record, same, catalogue=WORDS_ALONE) as study:
        words = take_snapshot(study, scores[:1])
    alone = np.zeros(snapshot.positions.size)
    alone[np.searchsorted(snapshot.positions, words.positions)] = words.scores["kept"]
    all_scores = {**snapshot.scores, "words_alone": alone}
    return Sample(
        snapshot.positions[snapshot.active],
        {name: all_scores[name][snapshot.active] for name in NAMES},
        {name: snapshot.targets[name][snapshot.active] for name in TARGETS},
    )


def correlate(record: Record, coefficients: Path | None, draws: int) -> tuple[Floats, Floats]:
    """Rank correlations of the scores with the targets, means over the origins: (scores, targets), and in draws of people."""
    extent = find_extent(record)
    origins = [at for at in extent.origins if _holds_window(record, at, extent)]
    samples = [sample_at(record, Settings(at, coefficients=coefficients)) for at in origins]
    correlations = Correlations(samples, NAMES, TARGETS)
    return correlations.observed(), bootstrap(correlations, Resampling(draws_for(correlations.people, draws), 1))


def _holds_window(record: Record, at: datetime, extent: Extent) -> bool:
    with Study(record, Settings(at)) as study:
        return extent.contains_window(study.timescale)


def row(name: str, observed: Floats, drawn: Floats) -> str:
    """A row of the table: `kept` on both targets, and how far the other two scores are ahead of it."""
    ahead = [range_of(observed[i, j] - observed[0, j], drawn[i, j] - drawn[0, j]).text for j in range(len(TARGETS)) for i in (1, 2)]
    return f"| {name} | {observed[0, 0]:.3f} | {ahead[0]} | {ahead[1]} | {observed[0, 1]:.3f} | {ahead[2]} | {ahead[3]} |"


def mean(results: Mapping[str, tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """Means over sets, each counting alike."""
    draws = min(drawn.shape[2] for _, drawn in results.values())
    observed, drawn = zip(*results.values(), strict=True)
    return np.mean(observed, axis=0), np.mean([each[:, :, :draws] for each in drawn], axis=0)


def main() -> None:
    """Print the table of all sets that are in the data folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--coefficients", type=Path)
    parser.add_argument("--draws", type=int, default=2_000)
    arguments = parser.parse_args()
    print("| set | kept, come back | those who wrote | words alone | kept, come back in words | those who wrote | words alone |")
    print("|---|---|---|---|---|---|---|")
    results: dict[str, tuple[Floats, Floats]] = {}
    for name in MIXED:
        if not (arguments.data / SETS[name]).exists():
            continue
        table = arguments.coefficients and arguments.coefficients.with_name(table_without(arguments.coefficients.name, name))
        with regard.read(arguments.data / SETS[name]) as record:
            results[name] = correlate(record, table, arguments.draws)
        print(row(name, *results[name]), flush=True)
    if results:
        print(row(f"mean of {len(results)}", *mean(results)))


if __name__ == "__main__":
    main()
