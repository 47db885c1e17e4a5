"""Markdown: tables, and figures with their ranges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from regard.evaluation.backtest.results import Range

NOTHING = "–"


@dataclass(frozen=True)
class Part:
    """A part of the page: its lines, and its pictures by the name of their file."""

    lines: Sequence[str]
    pictures: Mapping[str, str] = field(default_factory=dict)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table; without a row nothing.

    >>> table(["set", "n"], [["one", "3"]])
    ['', '| set | n |', '|---|---|', '| one | 3 |']
    """
    body = [f"| {' | '.join(row)} |" for row in rows]
    return ["", f"| {' | '.join(columns)} |", "|---" * len(columns) + "|", *body] if body else []


def picture(name: str, words: str) -> list[str]:
    """A picture of the page, with what it shows in words."""
    return ["", f"![{words}](validity/{name}.svg)"]


def figure(value: float | None, digits: int = 2) -> str:
    """A number, or a dash."""
    return NOTHING if value is None else f"{value:.{digits}f}".replace("-", "−")


def ranged(found: Range, digits: int = 2) -> str:
    """A number with its range.

    >>> ranged(Range(0.8, 0.75, 0.9)), ranged(Range(None, None, None))
    ('0.80 [0.75, 0.90]', '–')
    """
    if found.estimate is None or found.low is None:
        return figure(found.estimate, digits)
    return f"{figure(found.estimate, digits)} [{figure(found.low, digits)}, {figure(found.high, digits)}]"


def percent(found: Range) -> str:
    """A share with its range.

    >>> percent(Range(0.932, 0.9, 0.951))
    '93 % [90, 95]'
    """
    if found.estimate is None or found.low is None or found.high is None:
        return NOTHING
    return f"{found.estimate:.0%} [{found.low:.0%}, {found.high:.0%}]".replace("%", " %", 1).replace("%,", ",").replace("%]", "]")


def clear(found: Range) -> int:
    """1 where a difference lies wholly above 0, -1 wholly below, else 0.

    >>> clear(Range(0.1, 0.05, 0.2)), clear(Range(-0.1, -0.2, -0.05)), clear(Range(0.1, -0.1, 0.2))
    (1, -1, 0)
    """
    if found.low is None or found.high is None:
        return 0
    return int(found.low > 0) - int(found.high < 0)


def starred(found: Range) -> str:
    """A difference with its range, and * where it is clear of 0."""
    return found.told + ("*" if clear(found) else "")


def span(values: Sequence[float]) -> str:
    """From the least to the most.

    >>> span([3, 1200]), span([4, 4]), span([])
    ('3–1,200', '4', '–')
    """
    if not values:
        return NOTHING
    low, high = (f"{value:,g}" if value < 1000 else f"{value:,.0f}" for value in (min(values), max(values)))
    return low if low == high else f"{low}–{high}"


def listed(names: Sequence[str]) -> str:
    """Names in a sentence.

    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part) if names else "none"
