"""Scores: Regard's measures as one number for each person or pair, computed from the past of a record alone.

A score is a name and the SQL that gives `person` and `score`. A person who is missing from its rows scores 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from regard.engines.sql import billionths, exact_sum


class By(StrEnum):
    """Where a score comes from. The values are the words that JSON shows."""

    REGARD = "regard"
    """The measure that is tested."""
    PART = "part"
    """A part of that measure or another measure of Regard. It shows what the rest adds."""
    RANK = "rank"
    """A kind of rank, which the measure must beat."""
    PLATFORM = "told"
    """A number that the platform gives as of the day of the export. It may know the future: it is shown and never picked as best rank."""


@dataclass(frozen=True)
class Score:
    """One number for each person: SQL that gives `person`, `score`."""

    name: str
    label: str
    sql: str
    by: By = By.RANK
    needs: tuple[str, ...] = ("pairs",)
    """Measures that the SQL reads."""


@dataclass(frozen=True)
class PairScore:
    """One number for each pair that ever acted: SQL that gives `actor`, `target`, `score`."""

    name: str
    label: str
    sql: str
    is_chance: bool = False
    """Whether the number is the chance to act again. Otherwise it only orders the pairs."""


REGARD = (
    Score("kept", "kept", "SELECT person, kept AS score FROM kept", By.REGARD, needs=("kept",)),
    Score(
        "alive_model",
        "alive model alone",
        f"SELECT target AS person, {exact_sum('p_return_alive')} AS score FROM ties GROUP BY target",
        By.PART,
        needs=("ties",),
    ),
    Score("kept_by_words", "kept, in words", "SELECT person, by_words AS score FROM kept", By.PART, needs=("kept",)),
    Score("kept_vouched", "kept, vouched for", "SELECT person, kept_vouched AS score FROM vouched_kept", By.PART, needs=("vouched_kept",)),
    Score("fans", "true fans", "SELECT person, fans AS score FROM fans", By.PART, needs=("fans",)),
    Score("new_contacts", "new contacts", "SELECT person, new_contacts AS score FROM new_contacts", By.PART, needs=("new_contacts",)),
    Score("excess", "excess over baseline", "SELECT person, excess AS score FROM excess", By.PART, needs=("excess",)),
)
"""Regard's scores of people. The first is the one that is tested; the others are shown beside it."""


def decayed_count(windows: str = "1", time: str = "time") -> str:
    """SQL that counts rows, each with a weight that halves with every so many windows since its time.

    The weights are billionths, as whole numbers, so that the sum does not depend on the order of the rows.
    """
    return f"sum({billionths(f'exp((epoch_us({time}) - $until_us) * 0.6931471805599453 / ($window_us * {windows}))')})"


PAIRS = (
    PairScore("p_return", "p_return", "SELECT actor, target, p_return AS score FROM ties", is_chance=True),
    PairScore("alive_model", "alive model alone", "SELECT actor, target, p_return_alive AS score FROM ties", is_chance=True),
    PairScore("acts", "acts", "SELECT actor, target, acts AS score FROM ties"),
    PairScore("decayed", "decayed acts", f"SELECT actor, target, {decayed_count()} AS score FROM interactions GROUP BY actor, target"),
    PairScore("last", "last act", "SELECT actor, target, epoch_us(last) AS score FROM ties"),
)
"""Scores of pairs. The first is the one that is tested."""
