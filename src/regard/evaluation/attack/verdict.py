"""The verdict on an attack, by a rule made before the figures."""

from __future__ import annotations

from collections.abc import Sequence

from regard.evaluation.attack.results import Raid, Verdict, Word

MOST_BOUGHT = 0.05
"""People that accounts winning one-off replies may buy."""
MOST_MOVED = 3
"""By how many points of 100 among all active people such an attacker may rise, in whole points as they are told."""


def verdict(raids: Sequence[Raid], active: int, *, gate: bool) -> Verdict:
    """Dear, cheap, or too few people to tell."""
    if not raids:
        return Verdict(
            "too little", f"Too little to tell: {active} people were active in the last window, and nobody stands in their middle."
        )
    largest = max((one for one in raids if one.mode == "one-off"), key=lambda one: one.accounts)
    moved = moves(largest)
    word: Word = "dear" if largest.vouched.mean <= MOST_BOUGHT and round(100 * moved) <= MOST_MOVED else "cheap"
    reached = next(one for one in largest.standings if one.name == "people_ever")
    told = (
        f"{largest.accounts:,} accounts that win one-off replies buy {largest.vouched.mean:.2f} people and move their owner by "
        f"{100 * moved:+.0f} points of 100 among active people; in distinct people reached they stand at {100 * reached.after.mean:.0f}."
    )
    twice = [one.price.mean for one in raids if one.mode == "twice" and one.price is not None and one.accounts == largest.accounts]
    told += f" An honest person won to reply twice buys {twice[0]:.2f} people." if twice else ""
    told += "" if gate else " Hardly any pair repeats here, so that acting once counts, and one-off replies carry weight."
    return Verdict(word, ("Buying is dear here. " if word == "dear" else "Influence can be bought here. ") + told)


def moves(raid: Raid) -> float:
    """By how much the attacker rises among active people, by kept_vouched."""
    standing = next(one for one in raid.standings if one.name == "kept_vouched")
    return standing.after.mean - standing.before.mean
