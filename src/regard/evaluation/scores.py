"""Scores: what a person, or a pair, is told by before the window. Regard's own, and all that they are held against.

A score is one line: a name and the SQL that gives `person` and `score` from measures of the past. Who is missing there scores 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

By = Literal["regard", "part", "rank", "told"]
"""Whose it is: Regard's own; a part of it, shown to tell what the rest adds; rank, which it must beat; told by the platform as of the
day of the export, so that it may know the future: shown, and never picked as the best rival."""


@dataclass(frozen=True)
class Score:
    """One number a person."""

    name: str
    label: str
    sql: str
    by: By = "rank"
    needs: tuple[str, ...] = ("pairs",)
    """Measures that the SQL reads."""


@dataclass(frozen=True)
class PairScore:
    """One number for each pair that ever acted: SQL that gives `actor`, `target`, `score`."""

    name: str
    label: str
    sql: str
    chance: bool = False
    """Whether it is a chance to act again, and not only an order."""


REGARD = (
    Score("kept", "kept", "SELECT person, kept AS score FROM kept", by="regard", needs=("kept",)),
    Score(
        "alive_model",
        "alive model alone",
        "SELECT target AS person, sum(CAST(round(p_return_alive * 1e9) AS BIGINT)) / 1e9 AS score FROM ties GROUP BY target",
        by="part",
        needs=("ties",),
    ),
    Score(
        "kept_vouched", "kept, vouched for", "SELECT person, kept_vouched AS score FROM vouched_kept", by="part", needs=("vouched_kept",)
    ),
    Score("fans", "true fans", "SELECT person, fans AS score FROM fans", by="part", needs=("fans",)),
    Score("new_contacts", "new contacts", "SELECT person, new_contacts AS score FROM new_contacts", by="part", needs=("new_contacts",)),
    Score("excess", "excess over baseline", "SELECT person, excess AS score FROM excess", by="part", needs=("excess",)),
)
"""What Regard says. The first is the one that is tried; the others stand beside it."""


def halved(windows: str = "1") -> str:
    """SQL that adds up acts which count half after so many windows; as whole numbers, so that the sum is the same in any order."""
    return f"sum(CAST(round(exp((epoch_us(time) - $until_us) * 0.6931471805599453 / ($window_us * {windows})) * 1e9) AS BIGINT))"


PAIRS = (
    PairScore("p_return", "p_return", "SELECT actor, target, p_return AS score FROM ties", chance=True),
    PairScore("alive_model", "alive model alone", "SELECT actor, target, p_return_alive AS score FROM ties", chance=True),
    PairScore("acts", "acts", "SELECT actor, target, acts AS score FROM ties"),
    PairScore("decayed", "decayed acts", f"SELECT actor, target, {halved()} AS score FROM interactions GROUP BY actor, target"),
    PairScore("last", "last act", "SELECT actor, target, epoch_us(last) AS score FROM ties"),
)
"""What is said of pairs; the first is the one that is tried."""
