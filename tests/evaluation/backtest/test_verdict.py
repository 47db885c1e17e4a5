"""The written rule for the verdict, case by case."""

from __future__ import annotations

import pytest

from regard.evaluation.backtest.results import Range, Word, signed
from regard.evaluation.backtest.verdict import decide

from ..results import mean, origin, rivals

PICKED = Range(0.02, -0.01, 0.05)
BETTER, EVEN, WIDE, WORSE = (0.01, 0.05), (-0.02, 0.04), (-0.15, 0.2), (-0.06, -0.01)


@pytest.mark.parametrize(
    ("ahead", "word"),
    [
        ((BETTER, BETTER, BETTER), "kept"),
        ((BETTER, EVEN, BETTER), "same"),
        ((EVEN, EVEN, EVEN), "same"),
        ((BETTER, WIDE, EVEN), "too little"),
        ((BETTER, WORSE, BETTER), "rank"),
        ((WORSE, WIDE, EVEN), "rank"),
        (((0.0, 0.05), BETTER, BETTER), "same"),
        (((0.2, 0.9), BETTER, (0.05, 0.4)), "kept"),  # a wide range decides if it is clear of zero
    ],
)
def test_the_word_follows_from_the_three_ranges(ahead: tuple[tuple[float, float], ...], word: Word) -> None:
    result = decide(9_000, [origin(), origin()], rivals(*ahead), PICKED)
    assert result.word == word
    assert result.sentence.count("[") == 3
    for label, (low, high) in zip(("distinct people ever", "decayed acts in", "recent people"), ahead, strict=True):
        words = "ahead of" if low > 0 else "behind" if high < 0 else "not shown against"
        (part,) = [part for part in result.sentence.split(";") if f"{label} (" in part]
        assert words in part


@pytest.mark.parametrize(
    ("evidence", "word", "thin"), [(29, "too little", False), (30, "kept", True), (59, "kept", True), (60, "kept", False)]
)
def test_the_gate_is_thirty_people_and_better_sixty(evidence: int, word: Word, thin: bool) -> None:
    result = decide(9_000, [origin(evidence)], rivals(BETTER, BETTER, BETTER), PICKED)
    assert (result.word, result.thin, result.evidence) == (word, thin, evidence)
    assert ("thin" in result.sentence) is thin


def test_the_gate_is_of_the_mean_over_origins_and_never_rounded_up() -> None:
    result = decide(9_000, [origin(29), origin(30)], rivals(BETTER, BETTER, BETTER), PICKED)
    assert result.word == "too little"
    assert "29 people" in result.sentence


def test_a_rank_picked_elsewhere_that_does_better_does_better() -> None:
    result = decide(9_000, [origin()], rivals(BETTER, EVEN, BETTER), Range(-0.04, -0.06, -0.02))
    assert result.word == "rank"
    assert "behind the rank that does best on the other half of the people (−.040 [−.060, −.020])" in result.sentence


def test_only_rivals_count() -> None:
    beaten = mean("pagerank", "PageRank", 0.9, Range(-0.3, -0.4, -0.2))
    assert decide(9_000, [origin()], (*rivals(BETTER, BETTER, BETTER), beaten), PICKED).word == "kept"


def test_what_cannot_be_tried_is_too_little_and_says_why() -> None:
    assert "acts toward anybody" in decide(0, [], (), PICKED).sentence
    assert "whole inside the record" in decide(50, [], (), PICKED).sentence
    assert "nobody came back" in decide(9_000, [origin(80, 0)], rivals(BETTER, BETTER, BETTER), PICKED).sentence
    unknown = mean("recent", "recent people", None, Range(None, None, None), rival=True)
    assert decide(9_000, [origin()], (*rivals(BETTER, BETTER, BETTER)[:2], unknown), PICKED).word == "too little"


def test_a_difference_in_words() -> None:
    assert Range(0.04, None, None).text == "+.040"
    assert signed(-0.0004) == ".000"
    assert signed(1.0) == "+1.000"
