"""Part of the page: rank as platforms and organisations give it, compared with the people who return.

Three of Spearman's rank correlations over active people, mean over the origins, with ranges over draws of people: the rank with kept, the
rank with the people who really returned, and kept with these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from hierarchy import people_below, read_managers, steps_below
from numpy.typing import NDArray
from set_results import SetResult, evaluate_set
from tables import Part, clear_sign, starred, table, with_range
from uncertainty import range_of

import regard
from regard.evaluation.backtest.results import Range
from regard.evaluation.backtest.snapshot import Snapshot
from regard.evaluation.bootstrap import Correlations, Resampling, Sample, bootstrap
from regard.evaluation.graph_baselines import POSITIONS
from regard.measures.influence.evidence import ENOUGH_KEPT
from regard.record.record import Record
from regard.studies.study import Study

Floats = NDArray[np.float64]

TWEETS = "twitter-rumoureval2017/rumoureval-data.tar.gz"
REPORTS_TO = "manufacturing-email/reportsto.csv"
SELECTED = (
    "The threads were chosen because they were widely shared, so that whose followers counted most is in the choice, and they are of "
    "nine different events: nothing may be concluded for Twitter. Counts are as of each one's latest tweet."
)
DUMP_DAY = "Reputation is as of the day of the dump: it counts votes given after the moment looked from, so that it may know the future."
MAIN_SITE = DUMP_DAY + " On a meta site it is that of the main site, and says little of what is done here."
TRUST = "The trust level is as of the day of the export, and Discourse gives it for reading and posting, not for being answered."
CHAIN = (
    "Who reports to whom is as it stood once, and mails to a manager come by duty: that people come back to managers is no proof that "
    "they would without the title."
)


@dataclass(frozen=True)
class RealRank:
    """One rank in one set."""

    set: str
    rank: str
    people: int
    came_back: int
    """Those of them to whom somebody came back in the window after some origin."""
    with_kept: Range
    """Spearman of the rank with kept."""
    with_returned: Range
    """Spearman of the rank with the people who returned."""
    kept_with_returned: Range
    kept_ahead: Range
    """The last less the one before."""
    caveat: str

    @property
    def shows(self) -> str:
        """The result, in a sentence."""
        if self.came_back < ENOUGH_KEPT:
            return (
                f"Among {self.people:,} active people somebody came back to {self.came_back}: too few to tell whether {self.rank} goes "
                f"with keeping people ({with_range(self.with_returned)})."
            )
        which = {1: "rises with", -1: "falls with", 0: "is not clearly tied to"}[clear_sign(self.with_returned)]
        better = {1: "kept tells it better", -1: "kept tells it worse", 0: "kept does not tell it clearly better or worse"}[
            clear_sign(self.kept_ahead)
        ]
        return (
            f"Among {self.people:,} active people {self.rank} {which} the number of those who come back "
            f"({with_range(self.with_returned)}), and {better} ({starred(self.kept_ahead)})."
        )


class Case(NamedTuple):
    """A rank in a set. `values_of` gives it for the people of a snapshot, NaN for a person without the rank."""

    set: str
    rank: str
    caveat: str
    snapshots: Sequence[Snapshot]
    values_of: Callable[[Snapshot], Floats]


def compare(case: Case, resampling: Resampling) -> RealRank | None:
    """Compare a rank with the people who returned; None if no active person has the rank."""
    samples = []
    for snapshot in case.snapshots:
        values = case.values_of(snapshot)
        some = snapshot.active & np.isfinite(values)
        kept, returned = snapshot.scores["kept"][some], snapshot.targets["returned"][some]
        samples.append(Sample(snapshot.positions[some], {"rank": values[some], "kept": kept}, {"kept": kept, "returned": returned}))
    correlations = Correlations(samples, ("rank", "kept"), ("kept", "returned"))
    if not correlations.people:
        return None
    observed, drawn = correlations.observed(), bootstrap(correlations, resampling)
    came_back = np.unique(np.concatenate([sample.positions[sample.targets["returned"] > 0] for sample in samples])).size
    return RealRank(
        case.set,
        case.rank,
        correlations.people,
        came_back,
        range_of(observed[0, 0], drawn[0, 0]),
        range_of(observed[0, 1], drawn[0, 1]),
        range_of(observed[1, 1], drawn[1, 1]),
        range_of(observed[1, 1] - observed[0, 1], drawn[1, 1] - drawn[0, 1]),
        case.caveat,
    )


def compare_ranks(
    sets: Sequence[SetResult], records: Mapping[str, Record], data: Path, coefficients: Path, resampling: Resampling
) -> list[RealRank]:
    """Compare every rank that the data contain."""
    by_name = {rank.name: rank.snapshots for rank in sets}
    cases = (*_followers(data / TWEETS, coefficients, resampling), *_platforms(by_name), *_hierarchy(by_name, records, data / REPORTS_TO))
    return [rank for case in cases if (rank := compare(case, resampling))]


def _followers(tweets: Path, coefficients: Path, resampling: Resampling) -> Iterator[Case]:
    if tweets.exists():
        with regard.read(tweets, text=False) as record:
            # No table of coefficients was learned from these threads.
            snapshots = evaluate_set("rumoureval2017", record, resampling, coefficients).snapshots
        yield Case("rumoureval2017", "the number of followers", SELECTED, snapshots, _score("followers"))


def _platforms(snapshots: Mapping[str, Sequence[Snapshot]]) -> Iterator[Case]:
    for name, rank, caveat, score in (
        ("SE quantum", "reputation", DUMP_DAY, "points"),
        ("SE french-meta", "reputation", MAIN_SITE, "points"),
        ("delvingbitcoin", "the trust level", TRUST, "trust_level"),
    ):
        if name in snapshots:
            yield Case(name, rank, caveat, snapshots[name], _score(score))


def _hierarchy(snapshots: Mapping[str, Sequence[Snapshot]], records: Mapping[str, Record], reports: Path) -> Iterator[Case]:
    name = "manufacturing"
    if name not in snapshots or not reports.exists():
        return
    managers, ids = read_managers(reports), ids_of(records[name])
    steps, below = steps_below(managers), people_below(managers)
    for rank, values in (
        ("the level in the hierarchy", {person: -count for person, count in steps.items()}),
        ("the number of people below someone in the hierarchy", below),
        ("being anybody's manager", {person: int(count > 0) for person, count in below.items()}),
    ):
        yield Case(name, rank, CHAIN, snapshots[name], _by_position(np.array([values.get(person, np.nan) for person in ids])))


def _score(name: str) -> Callable[[Snapshot], Floats]:
    return lambda snapshot: snapshot.scores.get(name, np.full(snapshot.positions.size, np.nan))


def _by_position(values: Floats) -> Callable[[Snapshot], Floats]:
    return lambda snapshot: values[snapshot.positions]


def ids_of(record: Record) -> list[str]:
    """Everybody's id, in the order of their positions."""
    with Study(record) as study:
        study.engine.run(POSITIONS, study.timescale.values)
        sql = "SELECT p.id FROM positions s JOIN people p ON p.person = s.person ORDER BY s.position"
        return [str(row[0]) for row in study.engine.rows(sql)]


def section(ranks: Sequence[RealRank]) -> Part:
    """The part about real rank."""
    rows = [
        [
            rank.set,
            rank.rank,
            f"{rank.people:,} ({rank.came_back:,})",
            with_range(rank.with_kept),
            with_range(rank.with_returned),
            with_range(rank.kept_with_returned),
            starred(rank.kept_ahead),
        ]
        for rank in ranks
    ]
    columns = [
        "set",
        "rank",
        "people (somebody came back)",
        "with kept as said",
        "with who came back",
        "kept with who came back",
        "kept ahead by",
    ]
    lines = [
        "## Rank as it is given",
        "",
        "Followers, reputation, trust level, the chain of command: Spearman's rank correlation, over active people who have the rank, "
        "with kept as it was said and with the people who came back.",
        *table(columns, rows),
        "",
        *(f"- **{rank.set}, {rank.rank}**: {rank.shows} {rank.caveat}" for rank in ranks),
    ]
    return Part(lines)
