"""Part of the page: rank as platforms and organisations give it, held against the people who are kept.

Spearman's rank correlations over active people, mean over the moments, with ranges over draws of people: of the rank with kept as it was
said, of the rank with the people who really came back, and of kept with these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from doubt import range_of
from hierarchy import people_below, reports_to, steps_below
from numpy.typing import NDArray
from tables import Part, clear, ranged, starred, table
from tried import Tried, tried

import regard
from regard.evaluation.backtest.results import Range
from regard.evaluation.backtest.snapshot import Cut
from regard.evaluation.bootstrap import Draws, Plan, Sample, bootstrap
from regard.evaluation.graph_baselines import PLACES
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
    """Of them, to whom somebody came back at some moment."""
    with_kept: Range
    with_came: Range
    kept_with_came: Range
    kept_ahead: Range
    caveat: str

    @property
    def shows(self) -> str:
        """What it shows, in a sentence."""
        if self.came_back < ENOUGH_KEPT:
            return (
                f"Among {self.people:,} active people somebody came back to {self.came_back}: too few to tell whether {self.rank} goes "
                f"with keeping people ({ranged(self.with_came)})."
            )
        which = {1: "rises with", -1: "falls with", 0: "is not clearly tied to"}[clear(self.with_came)]
        better = {1: "kept tells it better", -1: "kept tells it worse", 0: "kept does not tell it clearly better or worse"}[
            clear(self.kept_ahead)
        ]
        return (
            f"Among {self.people:,} active people {self.rank} {which} the number of those who come back ({ranged(self.with_came)}), and "
            f"{better} ({starred(self.kept_ahead)})."
        )


class Case(NamedTuple):
    """A rank in a set, told for each person of a cut or NaN."""

    set: str
    rank: str
    caveat: str
    cuts: Sequence[Cut]
    told: Callable[[Cut], Floats]


def held_against(case: Case, plan: Plan) -> RealRank | None:
    """What came, held against a rank; None where nobody active has one."""
    samples = []
    for cut in case.cuts:
        values = case.told(cut)
        some = cut.active & np.isfinite(values)
        kept, came = cut.scores["kept"][some], cut.targets["kept"][some]
        samples.append(Sample(cut.place[some], {"rank": values[some], "kept": kept}, {"said": kept, "came": came}))
    draws = Draws(samples, ("rank", "kept"), ("said", "came"))
    if not draws.people:
        return None
    here, drawn = draws.here(), bootstrap(draws, plan)
    came_back = np.unique(np.concatenate([one.place[one.targets["came"] > 0] for one in samples])).size
    return RealRank(
        case.set,
        case.rank,
        draws.people,
        came_back,
        range_of(here[0, 0], drawn[0, 0]),
        range_of(here[0, 1], drawn[0, 1]),
        range_of(here[1, 1], drawn[1, 1]),
        range_of(here[1, 1] - here[0, 1], drawn[1, 1] - drawn[0, 1]),
        case.caveat,
    )


def found(sets: Sequence[Tried], records: Mapping[str, Record], data: Path, coefficients: Path, plan: Plan) -> list[RealRank]:
    """Every real rank that the data tell of."""
    by_name = {one.name: one.cuts for one in sets}
    cases = (*_followers(data / TWEETS, coefficients, plan), *_platforms(by_name), *_hierarchy(by_name, records, data / REPORTS_TO))
    return [one for case in cases if (one := held_against(case, plan))]


def _followers(tweets: Path, coefficients: Path, plan: Plan) -> Iterator[Case]:
    if tweets.exists():
        with regard.read(tweets, text=False) as record:
            # No table has learned from these threads.
            cuts = tried("rumoureval2017", record, plan, coefficients).cuts
        yield Case("rumoureval2017", "the number of followers", SELECTED, cuts, _score("followers"))


def _platforms(cuts: Mapping[str, Sequence[Cut]]) -> Iterator[Case]:
    for name, rank, caveat, score in (
        ("SE quantum", "reputation", DUMP_DAY, "points"),
        ("SE french-meta", "reputation", MAIN_SITE, "points"),
        ("delvingbitcoin", "the trust level", TRUST, "trust_level"),
    ):
        if name in cuts:
            yield Case(name, rank, caveat, cuts[name], _score(score))


def _hierarchy(cuts: Mapping[str, Sequence[Cut]], records: Mapping[str, Record], reports: Path) -> Iterator[Case]:
    name = "manufacturing"
    if name not in cuts or not reports.exists():
        return
    above, ids = reports_to(reports), ids_of(records[name])
    steps, below = steps_below(above), people_below(above)
    for rank, values in (
        ("the level in the hierarchy", {person: -count for person, count in steps.items()}),
        ("the number of people below someone in the hierarchy", below),
        ("being anybody's manager", {person: int(count > 0) for person, count in below.items()}),
    ):
        yield Case(name, rank, CHAIN, cuts[name], _by_place(np.array([values.get(person, np.nan) for person in ids])))


def _score(name: str) -> Callable[[Cut], Floats]:
    return lambda cut: cut.scores.get(name, np.full(cut.place.size, np.nan))


def _by_place(values: Floats) -> Callable[[Cut], Floats]:
    return lambda cut: values[cut.place]


def ids_of(record: Record) -> list[str]:
    """Everybody's id, in the order of their places."""
    with Study(record) as study:
        study.engine.run(PLACES, study.timescale.values)
        return [str(row[0]) for row in study.engine.rows("SELECT p.id FROM places s JOIN people p ON p.person = s.person ORDER BY s.place")]


def section(ranks: Sequence[RealRank]) -> Part:
    """Real rank."""
    rows = [
        [
            one.set,
            one.rank,
            f"{one.people:,} ({one.came_back:,})",
            ranged(one.with_kept),
            ranged(one.with_came),
            ranged(one.kept_with_came),
            starred(one.kept_ahead),
        ]
        for one in ranks
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
        *(f"- **{one.set}, {one.rank}**: {one.shows} {one.caveat}" for one in ranks),
    ]
    return Part(lines)
