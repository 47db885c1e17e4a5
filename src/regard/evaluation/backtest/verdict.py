"""The verdict in words, by a rule that was written before the figures were seen.

1. Fewer than 30 people (mean over the origins) to whom somebody came back in the window before: too little to tell. Between 30 and 60 the
   evidence is called thin.
2. The rivals are distinct people ever, decayed acts in, recent people and decayed people. The verdict rests on Spearman's rank correlation
   with the people who returned, mean over the origins, kept less rival, with its 95 % range over draws of people.
3. If one of the ranges lies wholly below zero, or the range of kept less the rank which was best on the other half of the people: a rank
   does better here.
4. If all lie wholly above zero: kept tells better than rank who keeps people.
5. Otherwise, if no range that contains zero reaches beyond .1 either way, kept is ahead of those below its range, and not shown against the
   others. A wider range decides nothing: too little to tell.
"""

from __future__ import annotations

from collections.abc import Sequence

from regard.evaluation.backtest.results import OriginResult, Range, ScoreMean, Verdict, Word
from regard.measures.influence.evidence import ENOUGH_KEPT

PLENTY_KEPT = 60
AS_WELL = 0.1
"""Two scores do equally well if their rank correlations differ by no more than this."""

SENTENCES: dict[Word, str] = {
    "kept": "Kept tells better than rank who keeps people here",
    "same": "Kept is not clearly ahead of every rank here",
    "rank": "A rank does better here",
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
    wide = "the ranges are wide; " if word == "too little" else ""
    doubt = f" The evidence is thin: {int(evidence)} people had somebody come back in the window before." if thin else ""
    return Verdict(word, f"{SENTENCES[word]}: {wide}{_against(rivals, best_elsewhere)}.{doubt}", evidence, thin)


def _against(rivals: Sequence[ScoreMean], best_elsewhere: Range) -> str:
    """Which rivals kept is ahead of, against which that is not shown, and which are ahead of it."""
    behind = [_named(score) for score in rivals if _is_below_zero(score.ahead.returned)]
    ahead = [_named(score) for score in rivals if (low := score.ahead.returned.low) is not None and low > 0]
    undecided = [named for score in rivals if (named := _named(score)) not in (*behind, *ahead)]
    if _is_below_zero(best_elsewhere):
        behind.append(f"the rank that does best on the other half of the people ({best_elsewhere.text})")
    parts = (("ahead of", ahead), ("not shown against", undecided), ("behind", behind))
    return "; ".join(f"{words} {', '.join(names)}" for words, names in parts if names)


def _named(score: ScoreMean) -> str:
    return f"{score.label} ({score.ahead.returned.text})"


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
