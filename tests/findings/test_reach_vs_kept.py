"""What rank hides: said only where the range of the difference says so, and never of too few."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from regard.engines.base import Engine
from regard.engines.duckdb.engine import DuckDBEngine
from regard.findings.disclosure import Disclosure
from regard.findings.section import Context, Finding
from regard.findings.sections.reach_vs_kept import REACH_VS_KEPT
from regard.measures.base import MICRO_DAY
from regard.measures.influence.evidence import ENOUGH_KEPT
from regard.measures.timescale import Timescale
from regard.record.schema import Act

from ..communities import act, community

TIMESCALE = Timescale(0, 100 * MICRO_DAY, MICRO_DAY, 28 * MICRO_DAY, MICRO_DAY, 1_000)
SHOWS_NOT = "A large audience does not show where people come back."
TOGETHER = "Here a large audience and people who return go together."
UNCLEAR = "The difference is too small to tell whether a large audience shows where people come back."
NEITHER = "A larger share of the people around these others returns."


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    new_engine = DuckDBEngine()
    yield new_engine
    new_engine.close()


def build(engine: Engine, timescale: Timescale) -> Finding:
    """The sentence of the section."""
    content = REACH_VS_KEPT.build(Context(engine, timescale, Disclosure(engine), None))
    return content.findings[0]


def finding_on(
    engine: DuckDBEngine,
    reached: Sequence[int],
    kept: Sequence[float],
    *,
    variance: float | None = None,
    level_spread: float = 0.0,
    evidence: int = ENOUGH_KEPT,
    fresh: int = 0,
    recent: int = 10,
    by_reactions: int = 0,
) -> Finding:
    """The finding on people with these numbers; all kept have the variance of chance if no other is given."""
    person = np.arange(len(reached), dtype=np.int32)
    each = np.asarray(kept, dtype=np.float64)
    engine.put("people", {"person": person, "human": np.ones(person.size, dtype=np.bool_)})
    reactions = np.full(person.size, by_reactions, dtype=np.int64)
    engine.put("reached", {"person": person, "reached": np.asarray(reached, dtype=np.int64), "by_reactions": reactions})
    engine.put("kept", {"person": person, "kept": each, "variance": each if variance is None else np.full(person.size, variance)})
    engine.put("pair_model", {"level_spread": np.array([level_spread])})
    engine.put("new_contacts", {"fresh": np.array([fresh], dtype=np.int64), "recent": np.array([recent], dtype=np.int64)})
    target = np.arange(evidence + 2, dtype=np.int32)
    # Two more had no tie a window ago, or nobody came back.
    before = np.where(target < evidence + 1, 0.5, np.nan)
    engine.put("ties_", {"target": target, "before": before, "silent_bins": np.where(target == evidence, 28, 27).astype(np.int32)})
    engine.rows(
        "CREATE OR REPLACE TEMP TABLE ties AS SELECT target, nullif(before, 'nan'::DOUBLE) AS p_alive_before, silent_bins FROM ties_"
    )
    return build(engine, TIMESCALE)


def apart(wide: float, close: float) -> tuple[list[int], list[float]]:
    """Three who reached 100 people each, three who reached 20, and 24 who are nobody's concern."""
    return [100] * 3 + [20] * 3 + [10] * 24, [wide] * 3 + [close] * 3 + [0.0] * 24


def test_reach_does_not_show_it_where_the_difference_is_clear(engine: DuckDBEngine) -> None:
    # Sums 6 and 30 with these variances: 24 is more than 1.6449 times the square root of 36.
    finding = finding_on(engine, *apart(2, 10))
    assert finding.sentence.endswith(SHOWS_NOT)
    assert (
        "The 3 people with the largest audiences (100 each, on average) are likely to hear again from about 2 (1 to 3) of"
        in finding.sentence
    )
    assert "3 others (20 each) are likely to hear again from about 10 (7 to 13)." in finding.sentence
    assert finding.basis == "people"
    assert finding.interval is not None
    assert (finding.interval.estimate, finding.interval.n) == (10, 3)
    assert (finding.interval.low, finding.interval.high) == pytest.approx((10 - 1.6449 * 30**0.5 / 3, 10 + 1.6449 * 30**0.5 / 3))


@pytest.mark.parametrize(("variance", "clear"), [(4.4, True), (4.5, False)])
def test_the_border_is_the_range_of_the_difference(engine: DuckDBEngine, variance: float, clear: bool) -> None:
    # Means 1 and 3.82, of variance v / 3 each: 2.82 = 1.6449 (2 v / 3)^½ at v = 4.41.
    finding = finding_on(engine, *apart(1, 3.82), variance=variance)
    assert (SHOWS_NOT in finding.sentence) is clear
    assert (NEITHER in finding.sentence) is not clear


@pytest.mark.parametrize(("level_spread", "clear"), [(0.0, True), (0.3, True), (0.37, False), (4.0, False)])
def test_a_community_that_may_grow_or_fade_as_a_whole_tells_less(engine: DuckDBEngine, level_spread: float, clear: bool) -> None:
    # Nobody's own chance, but all by the same factor: the difference is 0 only if that factor is; 1.6449 (.37)^½ is just above 1.
    finding = finding_on(engine, *apart(1, 10), variance=1e-6, level_spread=level_spread)
    assert (SHOWS_NOT in finding.sentence) is clear
    assert finding.interval is not None
    assert finding.interval.high == pytest.approx(10 + 1.6449 * 10 * level_spread**0.5, abs=1e-2)


def test_more_kept_by_the_widest_is_never_called_hidden(engine: DuckDBEngine) -> None:
    assert finding_on(engine, *apart(10, 2)).sentence.endswith(TOGETHER)
    assert finding_on(engine, *apart(10, 9)).sentence.endswith(NEITHER)  # of 20 reached 9, against 10 of 100


def test_a_lead_within_chance_is_not_called_together(engine: DuckDBEngine) -> None:
    reached, kept = [100] * 3 + [90] * 3 + [10] * 24, [1.0] * 3 + [1.1] * 3 + [0.0] * 24
    assert finding_on(engine, reached, kept).sentence.endswith(UNCLEAR)


@pytest.mark.parametrize("evidence", [0, ENOUGH_KEPT - 1])
def test_too_few_to_whom_somebody_came_back_are_not_compared(engine: DuckDBEngine, evidence: int) -> None:
    finding = finding_on(engine, *apart(2, 10), evidence=evidence)
    assert finding.sentence == (
        f"Too little to compare people: {evidence} people had somebody come back in the last 4 weeks, and 30 are needed."
    )
    assert finding.interval is None
    assert finding_on(engine, *apart(2, 10), evidence=ENOUGH_KEPT).interval is not None


@pytest.mark.parametrize(
    ("fresh", "recent", "words"),
    [
        (0, 0, None),
        (79, 100, None),
        (80, 100, "Of 100 relationships active in the last 4 weeks, 80 are"),
        (1_104, 1_200, "Of 1,200 relationships active in the last 4 weeks, 1,104 are"),
    ],
)
@pytest.mark.parametrize("evidence", [3, ENOUGH_KEPT])
def test_where_nearly_all_are_new_kept_says_little(engine: DuckDBEngine, fresh: int, recent: int, words: str | None, evidence: int) -> None:
    caveat = finding_on(engine, *apart(2, 10), fresh=fresh, recent=recent, evidence=evidence).caveat
    assert caveat.startswith("Both groups are chosen by the numbers compared") is (evidence == ENOUGH_KEPT)
    assert ("new_contacts" in caveat) is (words is not None)
    assert words is None or f"{words} new: who returns says little of such a community" in caveat


def test_who_is_new_is_counted_in_people_of_the_last_window() -> None:
    acts = [act(day, f"p{day}", "message", "hub") for day in range(100)] + [act(n, "ann", "message", "hub") for n in (50, 96, 97, 98)]
    with community(acts, until=100, bin_days=1, window_days=10) as study:
        for name in ("kept", "new_contacts", "reached"):
            study.measure(name)
        finding = build(study.engine, study.timescale)
        assert finding.caveat.startswith("Of 11 relationships active in the last 10 days, 10 are new: ")


def test_an_audience_that_only_reacted_is_told_so(engine: DuckDBEngine) -> None:
    sentence = finding_on(engine, *apart(2, 10), by_reactions=20).sentence
    assert "(100 each, on average; 20 of these only reacted or shared)" in sentence
    assert "others (20 each; all of these only reacted or shared) are likely to hear again" in sentence
    assert "reaction" not in finding_on(engine, *apart(2, 10)).sentence


def personal(acts: Sequence[Act], me: str) -> str:
    """The sentence that a personal report has on these acts."""
    with community(acts) as study:
        study.make(REACH_VS_KEPT.needs)
        disclosure = Disclosure(study.engine)
        return REACH_VS_KEPT.build(Context(study.engine, study.timescale, disclosure, study.person(me).person)).findings[0].sentence


def test_a_person_is_told_who_only_reacted_and_how_many_write_again() -> None:
    reacted = [act(day, f"p{day % 9}", "react", "ann") for day in range(80)]
    assert personal(reacted, "ann").startswith("9 people have written or reacted to you, all only by a reaction or share. About ")
    assert "write again" not in personal(reacted, "ann")
    wrote = [act(day + 0.1, f"q{day % 4}", "reply", "ann") for day in range(80)]
    both = personal([*reacted, *wrote], "ann")
    assert both.startswith("13 people have written or reacted to you, 9 of them only by a reaction or share. About ")
    assert both.endswith(" of those who wrote are likely to write again.")
    assert personal(wrote, "ann").endswith(" of them are likely to do so again in the next 8 weeks.")
    assert personal([act(1, "bea", "react", "ann")], "ann").startswith("1 person has written or reacted to you, only by a reaction or")
