"""One rule for comparing two counts in words: more, fewer, about the same, no clear change, or too few to compare."""

from __future__ import annotations

from math import exp, log, sqrt
from typing import NamedTuple

from regard.findings.intervals import Z

TOO_FEW = 20
"""Two counts that are both smaller are not compared."""
SAME = 0.1
"""Two counts are about the same if the range of the change lies within this share either way."""


class Change(NamedTuple):
    """How much larger the second count is, as a share of the first, with its 90 % range; all three None if there are too few to compare."""

    share: float | None
    low: float | None
    high: float | None
    words: str


def compare(before: int, after: int) -> Change:
    """The change from one count of things to a later one, which vary as counts of independent things do.

    >>> compare(6, 15).words, compare(100, 160).words
    ('too few to compare (6, then 15)', 'more (100, then 160; +30 % to +97 %)')
    >>> compare(1000, 1010).words, compare(50, 55).words
    ('about the same (1,000, then 1,010; −6 % to +9 %)', 'no clear change (50, then 55; −20 % to +51 %)')
    """
    if max(before, after) < TOO_FEW:
        return Change(None, None, None, f"too few to compare ({before:,}, then {after:,})")
    # Half a case is added to each count, so that none is a wholly unlikely number. The ratio of two Poisson counts, by its logarithm.
    middle, spread = log((after + 0.5) / (before + 0.5)), Z * sqrt(1 / (after + 0.5) + 1 / (before + 0.5))
    low, high = exp(middle - spread) - 1, exp(middle + spread) - 1
    words = "more" if low > 0 else "fewer" if high < 0 else "about the same" if low >= -SAME and high <= SAME else "no clear change"
    return Change(exp(middle) - 1, low, high, f"{words} ({before:,}, then {after:,}; {_signed(low)} to {_signed(high)})")


def _signed(share: float) -> str:
    """A change in hundredths, with its sign."""
    return f"{share:+.0%}".replace("-", "−").replace("%", " %")
