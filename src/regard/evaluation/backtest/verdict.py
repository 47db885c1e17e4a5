"""The verdict in words, by a rule that was written before the figures were seen.

1. Fewer than 30 people (mean over the origins) to whom somebody came back in the window before: too little to tell. Between 30 and 60 the
   evidence is called thin.
2. The rivals are distinct people ever, decayed acts in and recent people. The verdict rests on Spearman's rank correlation with the people
   who returned, mean over the origins, kept less rival, with its 95 % range over draws of people.
3. If one of the three ranges lies wholly below zero, or the range of kept less the rank which was best on the other half of the people:
   rank does better here.
4. If all three lie wholly above zero: kept tells better than rank who comes back.
5. Otherwise, if no range that contains zero reaches beyond .1 either way: rank does as well here. A wider range decides nothing: too little
   to tell.
"""

from __future__ import annotations

from collections.abc import Sequence

from regard.evaluation.backtest.results import OriginResult, Range, ScoreMean, Verdict, Word
from regard.measures.influence.evidence import ENOUGH_KEPT

PLENTY_KEPT = 60
AS_WELL = 0.1
"""Two scores do equally well if their rank correlations differ by no more than this."""

SENTENCES: dict[Word, str] = {
    "kept": "Kept tells better than rank who comes back",
    "same": "Rank does as well here",
    "rank": "Rank does better here",
    "too little": "Too little to tell",
}


def decide(acts: int, origins: Sequence[OriginResult], scores: Sequence[ScoreMean], best_elsewhere: Range) -> Verdict:
    """What may be said of a record with so many acts between people.

    `best_elsewhere` is kept less the rank that was best on the other half of the people.
    """
    if not acts:
        return _too_little("nobody here acts toward anybody else at a known time")
    if not origins:
        return _too_little("no window after a moment of the past lies whole inside the record")
    evidence = sum(origin.evidence for origin in origins) / len(origins)
    if evidence < ENOUGH_KEPT:
        return _too_little(f"{int(evidence)} people had somebody come back in the window before, and {ENOUGH_KEPT} are needed", evidence)
    if not any(origin.came_back for origin in origins):
        return _too_little("nobody came back to anybody in the windows after", evidence)
    rivals = [score for score in scores if score.rival]
    word = _word([score.ahead.returned for score in rivals], best_elsewhere)
    thin = evidence < PLENTY_KEPT
    wide = "the ranges are wide, " if word == "too little" else ""
    against = "; ".join(f"{score.ahead.returned.text} over {score.label}" for score in rivals)
    if _is_below_zero(best_elsewhere):
        against += f"; {best_elsewhere.text} over the rank that does best on the other half of the people"
    doubt = f" The evidence is thin: {int(evidence)} people had somebody come back in the window before." if thin else ""
    return Verdict(word, f"{SENTENCES[word]}: {wide}{against}.{doubt}", evidence, thin)


def _too_little(why: str, evidence: float = 0.0) -> Verdict:
    return Verdict("too little", f"{SENTENCES['too little']}: {why}.", evidence, False)


def _is_below_zero(difference: Range) -> bool:
    return difference.high is not None and difference.high < 0


def _word(ahead: Sequence[Range], best_elsewhere: Range) -> Word:
    ranges = [(difference.low, difference.high) for difference in ahead if difference.low is not None and difference.high is not None]
    if len(ranges) < len(ahead):
        return "too little"
    if _is_below_zero(best_elsewhere) or any(_is_below_zero(difference) for difference in ahead):
        return "rank"
    if all(low > 0 for low, _ in ranges):
        return "kept"
    undecided = [(low, high) for low, high in ranges if low <= 0]
    return "same" if all(low >= -AS_WELL and high <= AS_WELL for low, high in undecided) else "too little"
