"""Again: what the chance that somebody comes back is learned from, and how far a whole record was off before.

The chance of a pair is that of BG/BB, corrected by a logistic regression on what else is known of the pair and its two people
(`features`). Its slopes start from those that other communities taught (frozen.json) and move by what this record's own past shows: looked
from 1, 1.5, 2 and 3 windows ago, who came back in the window after? There is no border between the two: the prior weighs as much as PRIOR
cases in doubt in every feature, so a record with few returns keeps it and one with thousands leaves it.

The level is not learned from features. The sum of all chances is that of BG/BB times a factor: a quarter (in logarithms) of what it was
off by in the last window is carried on, and a quarter of what the last window held above those before it is lost again, since a burst
passes. More of growth and decline is hardly told by the past (r = .15), so the spread says how far single people's counts, and the
community's as a whole, were off in the windows before.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regard.engines.base import Arrays, ArrayStep, Step, Values
from regard.measures.kernels import logistic
from regard.measures.pairs.features import columns, joined
from regard.measures.pairs.pretrained import pretrained
from regard.measures.pairs.snapshots import NOW, PAST, Landmark

Floats = NDArray[np.float64]

SAMPLE = 30_000
"""Pairs a moment that are learned from at most: whole pairs, the same ones each time."""
PRIOR = 30.0
OVERLAP = 1.5
"""A window is seen by so many of the moments on average: their cases count that much less."""
CARRIED, LOST = 0.25, 0.25
"""How much is carried on of the last window's logarithm of came / said, and is lost of its growth over the mean window before.

On ten communities, at 29 moments, the sum was off by a mean of .28 in logarithms, .35 with neither; .20 and .21 without the one burst."""
FEW = 8.0
"""People added to both before a ratio is taken: below a few dozen it says little."""
SPREAD, LEVEL_SPREAD, WINDOWS = 0.2, 0.12, 2.0
"""Squared relative errors, beyond chance, of one person's count and of the community's, as WINDOWS windows of other communities say."""
WIDEST = 4.0
"""Most of these that is believed of a window: beyond it the 95th percentile of a count comes down to its mean."""
MANY = 30
"""People with somebody expected back, from whom on a window tells the spread in full."""

# How far off were the counts of people of whom one or more were expected back? In whole millionths, the same in any order.
PAST_LEVEL = """
    SELECT {number} AS origin, CAST(coalesce(sum(p), 0) AS DOUBLE) / 1e9 AS expected, CAST(coalesce(sum(came), 0) AS DOUBLE) AS came,
        CAST(coalesce(sum(CAST(round(1e6 * (power(came - mean, 2) - v / 1e12)) AS BIGINT)) FILTER (mean > 1), 0) AS DOUBLE) / 1e6 AS excess,
        CAST(coalesce(sum(CAST(round(1e6 * mean * mean) AS BIGINT)) FILTER (mean > 1), 0) AS DOUBLE) / 1e6 AS square,
        count(*) FILTER (mean > 1) AS people
    FROM (
        SELECT h.target, sum(h.p) AS p, sum(h.p) / 1e9 AS mean, sum(h.p // 1000 * (1000000 - h.p // 1000)) AS v, count(f.actor) AS came
        FROM (
            SELECT p.actor, p.target, CAST(round(a.p_return * 1e9) AS BIGINT) AS p FROM pairs{suffix} p
                JOIN alive a ON a.x = p.bins - 1 AND a.t = p.first_age - p.last_age AND a.n = p.first_age) h
        LEFT JOIN returned{suffix} f ON f.actor = h.actor AND f.target = h.target
        GROUP BY h.target) person
"""

RETURNED = "SELECT DISTINCT actor, target FROM pair_bins WHERE age < {bins} AND age >= {bins} - $window_bins"

# Active bins of all pairs in the last window, and in the mean one before it; the same where there was none.
GROWTH = """
    SELECT latest, CASE WHEN before > 0 THEN earlier * $window_bins / before ELSE latest END AS earlier
    FROM (
        SELECT CAST(sum(recent) AS DOUBLE) AS latest, CAST(sum(bins - recent) AS DOUBLE) AS earlier,
            max(first_age) + 1 - $window_bins AS before
        FROM pairs)
"""

# Relations of their own: the engine then knows how few they are, and looks the others up by them.
SAMPLED = """
    SELECT * FROM pairs{suffix} WHERE (CAST(actor AS BIGINT) * 7919 + CAST(target AS BIGINT) * 104729) % 1000003
        % (SELECT greatest(1, count(*) // {sample}) FROM pairs{suffix}) = 0
"""

LESSONS = "SELECT {number} AS origin, p.actor, p.target, a.p_return AS p_return_alive, {came} AS came, {columns} FROM {joined}"
CAME = "CASE WHEN f.actor IS NULL THEN 0.0 ELSE 1.0 END"


def _past_level(origin: Landmark) -> str:
    return PAST_LEVEL.format(number=origin.number, suffix=origin.suffix)


def _lessons(origin: Landmark) -> str:
    parts = {"number": origin.number, "columns": columns(origin), "joined": joined(origin, f"sampled{origin.suffix}")}
    if origin is NOW:
        return LESSONS.format(came="0.0", **parts)
    return LESSONS.format(came=CAME, **parts) + f" LEFT JOIN returned{origin.suffix} f ON f.actor = p.actor AND f.target = p.target"


def _learned(lessons: Arrays, values: Values) -> Arrays:
    """One row: the slopes and the intercept for features as they come, the two spreads, and what they were learned from."""
    table = pretrained(str(values.get("coefficients") or ""))
    x = np.stack([np.asarray(lessons[name], dtype=np.float64) for name in table.names], axis=1) / table.scale
    origin, came, said = (np.asarray(lessons[name], dtype=np.float64) for name in ("origin", "came", "p_return_alive"))
    slope, taught = _slopes(x, came, said, origin, table.slope)
    now = origin == NOW.number
    level = _level(lessons)
    slope = np.round(slope, 6)
    add = logistic.intercept(x[now] @ slope, float(said[now].sum()) * np.exp(level)) if now.any() else 0.0
    spread, level_spread = _spreads(lessons)
    found = {f"b_{name}": value for name, value in zip(table.names, slope / table.scale, strict=True)}
    found |= {"intercept": round(add, 6), "level": level, "spread": spread, "level_spread": level_spread, "taught": taught}
    return {name: np.array([value], dtype=np.float64) for name, value in found.items()}


def _slopes(x: Floats, came: Floats, said: Floats, origin: Floats, prior: Floats) -> tuple[Floats, float]:
    """Slopes for centred features, and how many returns they were learned from."""
    parts, offsets = [], []
    for number in (past.number for past in PAST):
        here = np.flatnonzero(origin == number)
        if came[here].sum() > 0:
            centred = x[here] - x[here].mean(axis=0)
            parts.append((here, centred))
            offsets.append(np.full(here.size, logistic.intercept(centred @ prior, float(said[here].sum()))))
    if not parts:
        return prior, 0.0
    rows = np.concatenate([here for here, _ in parts])
    design = np.hstack([np.ones((rows.size, 1)), np.vstack([centred for _, centred in parts])])
    weight = np.full(rows.size, 1 / OVERLAP)
    precision = np.concatenate([[1.0], np.full(prior.size, PRIOR)])
    found = logistic.fit(design, came[rows], weight, np.concatenate([[0.0], prior]), precision, np.concatenate(offsets))
    return found[1:], float(came[rows].sum())


def _windows(lessons: Arrays) -> list[dict[str, float]]:
    """What whole windows held: those that do not overlap, the latest first."""
    origin = np.asarray(lessons["origin"], dtype=np.float64)
    names = ("expected", "actual", "excess", "square", "people")
    firsts = [np.flatnonzero(origin == past.number)[:1] for past in PAST if past.suffix != "_half"]
    return [{name: float(np.asarray(lessons[name], dtype=np.float64)[first[0]]) for name in names} for first in firsts if first.size]


def _log_ratio(more: float, less: float) -> float:
    return float(np.log((more + FEW) / (less + FEW)))


def _off(window: dict[str, float]) -> float:
    return _log_ratio(window["actual"], window["expected"])


def _level(lessons: Arrays) -> float:
    """The log of the factor on BG/BB's sum for the window to come."""
    off = [_off(window) for window in _windows(lessons)[:1]]
    grown = [_log_ratio(float(lessons["latest"][0]), float(lessons["earlier"][0]))] if len(lessons["latest"]) else []
    return round(CARRIED * sum(off) - LOST * max(0.0, sum(grown)), 6)


def _spreads(lessons: Arrays) -> tuple[float, float]:
    """Squared relative errors beyond chance: of one person's count, and of the community's sum."""
    windows = _windows(lessons)
    tells = [min(1.0, window["people"] / MANY) for window in windows]
    excess = [min(WIDEST, max(0.0, window["excess"] / max(window["square"], 1e-9))) for window in windows]
    person = (WINDOWS * SPREAD + sum(t * e for t, e in zip(tells, excess, strict=True))) / (WINDOWS + sum(tells))
    whole = (WINDOWS * LEVEL_SPREAD + sum(_off(window) ** 2 for window in windows)) / (WINDOWS + len(windows))
    return round(person, 6), round(whole, 6)


CASES = (
    *(Step(f"returned{origin.suffix}", RETURNED.format(bins=origin.bins)) for origin in PAST),
    *(Step(f"sampled{origin.suffix}", SAMPLED.format(sample=SAMPLE, suffix=origin.suffix)) for origin in (NOW, *PAST)),
)
"""Who came back in the window after each moment, and the pairs that are learned from."""

LEVELS = Step("past_levels", " UNION ALL ".join(_past_level(origin) for origin in PAST))

MODEL = ArrayStep(
    "pair_model",
    f"""
    SELECT l.*, p.expected, p.came AS actual, p.excess, p.square, p.people, n.latest, n.earlier
    FROM ({" UNION ALL ".join(_lessons(origin) for origin in (NOW, *PAST))}) l LEFT JOIN past_levels p ON p.origin = l.origin
        CROSS JOIN ({GROWTH}) n
    """,
    _learned,
)
"""One row: what a chance is made of."""
