"""The verdict on an attack, by a rule that was written before the figures were seen."""

from __future__ import annotations

from collections.abc import Sequence

from regard.evaluation.attack.results import Raid, Verdict, Word

MOST_BOUGHT = 0.05
"""The most people that accounts with one-off replies may buy in a record where buying is called dear."""
MOST_MOVED = 3
"""The most that such an attacker may rise, in whole points of 100 among active people."""


def decide(raids: Sequence[Raid], active: int, *, gate: bool) -> Verdict:
    """Whether buying influence is dear or cheap, or there are too few people to tell.

    `active` is the number of people who were active in the last window. `gate`: whether attention given in a single bin carries nothing.
    """
    if not raids:
        return Verdict(
            "too little", f"Too little to tell: {active} people were active in the last window, and nobody stands in their middle."
        )
    largest = max((raid for raid in raids if raid.mode == "one-off"), key=lambda raid: raid.accounts)
    rise = rise_of(largest)
    word: Word = "dear" if largest.vouched.mean <= MOST_BOUGHT and round(100 * rise) <= MOST_MOVED else "cheap"
    reached = next(standing for standing in largest.standings if standing.name == "people_ever")
    figures = (
        f"{largest.accounts:,} accounts that win one-off replies buy {largest.vouched.mean:.2f} people and move their owner by "
        f"{100 * rise:+.0f} points of 100 among active people; in distinct people reached they stand at {100 * reached.after.mean:.0f}."
    )
    twice = [raid.price.mean for raid in raids if raid.mode == "twice" and raid.price is not None and raid.accounts == largest.accounts]
    figures += f" An honest person won to reply twice buys {twice[0]:.2f} people." if twice else ""
    figures += "" if gate else " Hardly any pair repeats here, so that acting once counts, and one-off replies carry weight."
    return Verdict(word, ("Buying is dear here. " if word == "dear" else "Influence can be bought here. ") + figures)


def rise_of(raid: Raid) -> float:
    """How far the attacker rises among active people by `kept_vouched`, as a share of 1."""
    standing = next(standing for standing in raid.standings if standing.name == "kept_vouched")
    return standing.after.mean - standing.before.mean
