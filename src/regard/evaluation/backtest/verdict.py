"""The verdict in words, by a rule that is written down before the figures are seen.

1. Fewer than 30 people (mean over the origins) to whom somebody came back in the window before: too little to tell. From 30 to 60 the
   evidence is called thin.
2. The rivals are distinct people ever, decayed acts in and recent people. What counts is Spearman with the people kept, mean over the
   origins, kept minus rival, with its 95 % range over draws of people.
3. Any of the three ranges wholly below zero, or that of kept minus the rank which was best on the other half of the people: rank does
   better here.
4. All three wholly above zero: kept tells better than rank who comes back.
5. Else, where no range that holds zero reaches beyond .1 either way: rank does as well here. A wider one says nothing: too little to tell.
"""

from __future__ import annotations

from collections.abc import Sequence

from regard.evaluation.backtest.results import OriginResult, Range, ScoreMean, Verdict, Word
from regard.measures.influence.evidence import ENOUGH_KEPT

PLENTY_KEPT = 60
AS_WELL = 0.1
"""Differences in rank correlation beyond which two scores would not do equally well."""

SAID: dict[Word, str] = {
    "kept": "Kept tells better than rank who comes back",
    "same": "Rank does as well here",
    "rank": "Rank does better here",
    "too little": "Too little to tell",
}


def verdict(acts: int, origins: Sequence[OriginResult], scores: Sequence[ScoreMean], elsewhere: Range) -> Verdict:
    """What may be said of a record with so many acts between people, of what was found at the origins.

    `elsewhere` is kept minus the rank that was best on the other half of the people.
    """
    if not acts:
        return _nothing("nobody here acts toward anybody else at a known time")
    if not origins:
        return _nothing("no window after a moment of the past lies whole inside the record")
    evidence = sum(origin.evidence for origin in origins) / len(origins)
    if evidence < ENOUGH_KEPT:
        return _nothing(f"{int(evidence)} people had somebody come back in the window before, and {ENOUGH_KEPT} are needed", evidence)
    if not any(origin.came_back for origin in origins):
        return _nothing("nobody came back to anybody in the windows after", evidence)
    rivals = [score for score in scores if score.rival]
    word = _word([score.ahead.kept for score in rivals], elsewhere)
    thin = evidence < PLENTY_KEPT
    wide = "the ranges are wide, " if word == "too little" else ""
    against = "; ".join(f"{score.ahead.kept.told} over {score.label}" for score in rivals)
    if _below(elsewhere):
        against += f"; {elsewhere.told} over the rank that does best on the other half of the people"
    doubt = f" The evidence is thin: {int(evidence)} people had somebody come back in the window before." if thin else ""
    return Verdict(word, f"{SAID[word]}: {wide}{against}.{doubt}", evidence, thin)


def _nothing(why: str, evidence: float = 0.0) -> Verdict:
    return Verdict("too little", f"{SAID['too little']}: {why}.", evidence, False)


def _below(found: Range) -> bool:
    return found.high is not None and found.high < 0


def _word(ahead: Sequence[Range], elsewhere: Range) -> Word:
    ranges = [(found.low, found.high) for found in ahead if found.low is not None and found.high is not None]
    if len(ranges) < len(ahead):
        return "too little"
    if _below(elsewhere) or any(_below(found) for found in ahead):
        return "rank"
    if all(low > 0 for low, _ in ranges):
        return "kept"
    open_ranges = [(low, high) for low, high in ranges if low <= 0]
    return "same" if all(low >= -AS_WELL and high <= AS_WELL for low, high in open_ranges) else "too little"
