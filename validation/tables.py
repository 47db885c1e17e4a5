"""Markdown: tables, and figures with their ranges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from regard.evaluation.backtest.results import Range

DASH = "–"


@dataclass(frozen=True)
class Part:
    """A part of the page: its lines, and its pictures as SVG by the name of their file."""

    lines: Sequence[str]
    pictures: Mapping[str, str] = field(default_factory=dict)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table; no line if there is no row.

    >>> table(["set", "n"], [["one", "3"]])
    ['', '| set | n |', '|---|---|', '| one | 3 |']
    """
    body = [f"| {' | '.join(row)} |" for row in rows]
    return ["", f"| {' | '.join(columns)} |", "|---" * len(columns) + "|", *body] if body else []


def picture(name: str, description: str) -> list[str]:
    """The lines that show a picture of the page, with a description in words."""
    return ["", f"![{description}](validity/{name}.svg)"]


def figure(value: float | None, digits: int = 2) -> str:
    """A number, or a dash for None."""
    return DASH if value is None else f"{value:.{digits}f}".replace("-", "−")


def with_range(value: Range, digits: int = 2) -> str:
    """A number with its range.

    >>> with_range(Range(0.8, 0.75, 0.9)), with_range(Range(None, None, None))
    ('0.80 [0.75, 0.90]', '–')
    """
    if value.estimate is None or value.low is None:
        return figure(value.estimate, digits)
    return f"{figure(value.estimate, digits)} [{figure(value.low, digits)}, {figure(value.high, digits)}]"


def percent(value: Range) -> str:
    """A share with its range, in hundredths.

    >>> percent(Range(0.932, 0.9, 0.951))
    '93 % [90, 95]'
    """
    if value.estimate is None or value.low is None or value.high is None:
        return DASH
    return f"{value.estimate:.0%} [{value.low:.0%}, {value.high:.0%}]".replace("%", " %", 1).replace("%,", ",").replace("%]", "]")


def clear_sign(value: Range) -> int:
    """1 if a difference lies wholly above 0, -1 if it lies wholly below, 0 otherwise.

    >>> clear_sign(Range(0.1, 0.05, 0.2)), clear_sign(Range(-0.1, -0.2, -0.05)), clear_sign(Range(0.1, -0.1, 0.2))
    (1, -1, 0)
    """
    if value.low is None or value.high is None:
        return 0
    return int(value.low > 0) - int(value.high < 0)


def starred(value: Range) -> str:
    """A difference with its range, and * if the range does not contain 0."""
    return value.text + ("*" if clear_sign(value) else "")


def span(values: Sequence[float]) -> str:
    """The smallest and the largest value.

    >>> span([3, 1200]), span([4, 4]), span([])
    ('3–1,200', '4', '–')
    """
    if not values:
        return DASH
    low, high = (f"{value:,g}" if value < 1000 else f"{value:,.0f}" for value in (min(values), max(values)))
    return low if low == high else f"{low}–{high}"


def listed(names: Sequence[str]) -> str:
    """Names as part of a sentence.

    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part) if names else "none"
