"""Rhythm: how long is a bin, how long a window, how soon do people answer here?

Formula: the bin is the median gap between acts of the same ordered pair, snapped to 1, 7 or 28 days, or to 6 hours where the whole
record is shorter than 30 days. It is made longer until the record has under 1,000 bins, and fitted to a window that the user sets. The
window is the smaller of 28, 84 or 364 days (2 days for bins of hours) and a fifth of the record's span, in whole bins, doubled until the
last window holds 150 acts or covers half the record. The answer time is the 90th percentile of the time from an act to the other's next
act back, between an hour and a window. A record without acts between people has the span of its posts, and two days for an answer.

The choice of the bin hardly matters: four times larger or smaller moved rank correlations by less than .006 on seven communities.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from regard.engines.base import Engine, Values
from regard.errors import UsageError
from regard.measures.base import MICRO_DAY

BURST_DAYS = 30
BINS: tuple[tuple[float, float], ...] = ((0.25, 2), (1, 28), (7, 84), (28, 364))
"""Bin and the longest window that goes with it, in days."""
ENOUGH_ACTS = 150
MOST_BINS = 1_000
MOST_CHOSEN_BINS = 100_000
"""Bins that a user may cut the record into: an hour each for eleven years."""
SHORTEST_DAYS, LONGEST_DAYS = 1 / 1440, 36_500
SAMPLE_ACTS = 1_000_000


@dataclass(frozen=True)
class Timescale:
    """The clockwork of one study. All times in microseconds since 1970 UTC; `until_us` itself is no longer in."""

    start_us: int
    until_us: int
    bin_us: int
    window_us: int
    answer_us: int
    acts: int
    chosen: bool = False
    """Whether the user set the bin or the window."""

    @property
    def window_bins(self) -> int:
        """Bins in a window."""
        return max(1, round(self.window_us / self.bin_us))

    @property
    def asked_us(self) -> int:
        """How far back an ask can lie and still wait for an answer: a window, but no more than 12 weeks."""
        return min(self.window_us, 84 * MICRO_DAY)

    @property
    def values(self) -> Values:
        """What steps may bind."""
        return {
            "start_us": self.start_us, "until_us": self.until_us, "bin_us": self.bin_us, "window_us": self.window_us,
            "answer_us": self.answer_us, "asked_us": self.asked_us, "window_bins": self.window_bins,
        }  # fmt: skip


def derive(engine: Engine, until_us: int, *, bin_days: float | None = None, window_days: float | None = None) -> Timescale:
    """The timescale of the acts in relation `toward`, all of them before `until_us`; raises UsageError for lengths that can't be."""
    first, acts = engine.rows("SELECT epoch_us(coalesce(min(time), (SELECT min(time) FROM posts))), count(*) FROM interactions")[0]
    start_us = int(str(first)) if first is not None else until_us - MICRO_DAY
    span = max(until_us - start_us, 1)
    count = int(str(acts))
    bin_us = _chosen("bin", bin_days) if bin_days is not None else _bin(engine, span, count)
    if window_days is None:
        window_us = _window(engine, until_us, span, bin_us)
    else:
        bin_us, window_us = _fitted(bin_us, _chosen("window", window_days), movable=bin_days is None)
    if span / bin_us > MOST_CHOSEN_BINS:
        raise UsageError(f"bins of {bin_us / MICRO_DAY:g} days cut the record into more than {MOST_CHOSEN_BINS:,}; take longer ones")
    chosen = bin_days is not None or window_days is not None
    return Timescale(start_us, until_us, bin_us, window_us, _answer(engine, count, window_us), count, chosen)


def _chosen(what: str, days: float) -> int:
    if not SHORTEST_DAYS <= days <= LONGEST_DAYS:
        raise UsageError(f"a {what} is between a minute and {LONGEST_DAYS:,} days long; found {days:g} days")
    return round(days * MICRO_DAY)


def _fitted(bin_us: int, window_us: int, *, movable: bool) -> tuple[int, int]:
    """A bin and a window that is a whole number of bins: a bin that was derived gives way, one that the user set does not."""
    if movable:
        bin_us = round(window_us / max(1, round(window_us / bin_us)))
    if window_us < bin_us:
        raise UsageError(f"a window of {window_us / MICRO_DAY:g} days is shorter than a bin of {bin_us / MICRO_DAY:g}")
    return bin_us, round(window_us / bin_us) * bin_us


def _sampled(acts: int) -> str:
    """A condition that keeps whole pairs, about SAMPLE_ACTS acts of them, the same ones each time."""
    share = max(1, acts // SAMPLE_ACTS)
    return f"(CAST(least(actor, target) AS BIGINT) * 7919 + greatest(actor, target)) % {share} = 0"


def _bin(engine: Engine, span: int, acts: int) -> int:
    if span < BURST_DAYS * MICRO_DAY:
        return _coarse_enough(BINS[0][0], span)
    gap = engine.rows(
        f"""SELECT median(epoch_us(time) - epoch_us(before)) FROM (
                SELECT time, lag(time) OVER (PARTITION BY actor, target ORDER BY time) AS before FROM interactions WHERE {_sampled(acts)})
            WHERE before IS NOT NULL"""
    )[0][0]
    days = (float(str(gap)) if gap is not None else 7.0 * MICRO_DAY) / MICRO_DAY
    # Nearest on a scale of ratios: between 1 and 7 the border is their geometric mean.
    fit = next((small for (small, _), (large, _) in pairwise(BINS[1:]) if days < (small * large) ** 0.5), BINS[-1][0])
    return _coarse_enough(fit, span)


def _coarse_enough(days: float, span: int) -> int:
    coarser = [length for length, _ in BINS if length >= days] + [84, 364]
    return next((round(length * MICRO_DAY) for length in coarser if span / (length * MICRO_DAY) < MOST_BINS), 364 * MICRO_DAY)


def _window(engine: Engine, until_us: int, span: int, bin_us: int) -> int:
    longest = next((longest for length, longest in reversed(BINS) if bin_us >= length * MICRO_DAY), BINS[0][1])
    bins = max(1, int(min(longest * MICRO_DAY, span / 5) // bin_us))
    while bins * bin_us * 2 < span:
        seen = engine.rows("SELECT count(*) FROM interactions WHERE time >= make_timestamp($since)", {"since": until_us - bins * bin_us})
        if int(str(seen[0][0])) >= ENOUGH_ACTS:
            break
        bins *= 2
    return bins * bin_us


def _answer(engine: Engine, acts: int, window_us: int) -> int:
    found = engine.rows(
        f"""SELECT quantile_cont(epoch_us(next_time) - epoch_us(time), 0.9) FROM (
                SELECT time, actor, lead(time) OVER pair AS next_time, lead(actor) OVER pair AS next_actor FROM interactions
                WHERE {_sampled(acts)} AND kind IN ('reply', 'mention', 'message')
                WINDOW pair AS (PARTITION BY least(actor, target), greatest(actor, target) ORDER BY time, actor))
            WHERE next_actor <> actor AND epoch_us(next_time) - epoch_us(time) <= $window_us""",
        {"window_us": window_us},
    )[0][0]
    hour = MICRO_DAY // 24
    usual = round(float(str(found))) if found is not None else 2 * MICRO_DAY
    return max(hour, min(usual, window_us))
