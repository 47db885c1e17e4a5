"""New contacts: how many people will act toward someone for the first time in the next window?

The model is Gamma-Poisson. First contacts come at a rate of v's own, and the rates of all people have a gamma distribution. First contacts
and bins of earlier windows count half for each window of age. n is the decayed number of first contacts, e is the decayed number of bins
since v was first seen, and s is the number of these bins decayed twice. So v has certainly had n e / s contacts in e² / s bins, and
new_contacts(v) = (a + n e / s) / (b + e² / s) for each bin of a window. a and b follow from the community's own mean and variance.

People are known by their first contacts, so more of these come before than after. The rates of a window ago are therefore compared with
the window since. The correction is the mean, in logarithms, of that error and of the error in other communities.

The number stands beside `kept` and is never added to it: on every community tried their sum ranked people worse than `kept` alone.
"""

from __future__ import annotations

from regard.engines.base import Step
from regard.engines.sql import billionths
from regard.measures.base import Column, Measure
from regard.measures.influence.intervals import intermediates, with_prediction_interval
from regard.measures.sql import millionths

PRIOR_LOG_FACTOR, PRIOR_WINDOWS = -0.7, 1.0
"""The logarithm of actual / expected first contacts in other communities. It weighs as much as PRIOR_WINDOWS windows of this record."""
SMOOTHING = 8.0
"""First contacts that are added to both numbers of that ratio."""
SPREAD = 0.4
"""Squared relative error beyond chance, because attention comes in bursts.

In 26 windows of nine communities there were 1,821 people of whom more than three were expected. With the spread, the 90 % interval held
91 % of these and 94 % of all people. Without it, the interval held 70 % of the 1,821."""


def _seen(bins: str) -> str:
    """SQL for the people known so many bins ago: first contacts decayed since (n), bins decayed once (e) and twice (s)."""
    # e and s are geometric sums over the bins since somebody was first seen. Weights are halved (n, e) or quartered (s) with each window.
    decayed = billionths(f"power(0.5, CAST(first_age - {bins} AS DOUBLE) / $window_bins)")
    return f"""
        SELECT person, CAST(coalesce(n, 0) AS DOUBLE) / 1e9 AS n, fresh, recent,
            (1 - power(0.5, (age + 1.0) / $window_bins)) / (1 - power(0.5, 1.0 / $window_bins)) AS e,
            (1 - power(0.25, (age + 1.0) / $window_bins)) / (1 - power(0.25, 1.0 / $window_bins)) AS s
        FROM (
            SELECT p.person, p.age - {bins} AS age, c.n, coalesce(c.fresh, 0) AS fresh, coalesce(c.recent, 0) AS recent
            FROM (
                SELECT person, max(age) AS age
                FROM (SELECT actor AS person, first_age AS age FROM pairs UNION ALL SELECT target, first_age FROM pairs) GROUP BY person) p
            LEFT JOIN (
                SELECT target, sum({decayed}) FILTER (first_age >= {bins}) AS n,
                    count(*) FILTER (first_age < $window_bins) AS fresh, count(*) FILTER (last_age < $window_bins) AS recent
                FROM pairs GROUP BY target) c ON c.target = p.person
            WHERE p.age >= {bins}) known
    """


def _rates(seen: str) -> str:
    """SQL for the mean and the shape of the rates.

    For a gamma distribution with mean r and shape a, n has mean r e and variance r s + r² e² / a.
    """
    return f"""
        SELECT rate, least(1e6, greatest(0.05, rate * rate / greatest(extra, 1e-12))) AS shape
        FROM (
            SELECT m.rate, sum({millionths("power(d.n - m.rate * d.e, 2) - m.rate * d.s")}) / 1e6
                / greatest(1e-9, sum({millionths("d.e * d.e")}) / 1e6) AS extra
            FROM {seen} d CROSS JOIN (
                SELECT CAST(sum({millionths("n")}) AS DOUBLE) / sum({millionths("e")}) AS rate FROM {seen}) m
            GROUP BY m.rate) moments
    """


def _expected(seen: str, rates: str) -> str:
    """SQL for everybody's expected number before the factor, and for the number of contacts that it rests on."""
    return f"""
        SELECT s.person, s.fresh, s.recent, r.shape + s.n * s.e / s.s AS weight,
            $window_bins * (r.shape + s.n * s.e / s.s) / (r.shape / r.rate + s.e * s.e / s.s) AS mean
        FROM {seen} s CROSS JOIN {rates} r
    """


FACTOR = f"""
    SELECT exp(({PRIOR_WINDOWS} * {PRIOR_LOG_FACTOR} + coalesce(ln((actual + {SMOOTHING}) / (expected + {SMOOTHING})), 0))
        / ({PRIOR_WINDOWS} + windows)) AS factor
    FROM (SELECT least(1, count(*)) AS windows, sum(fresh) AS actual, sum({millionths("mean")}) / 1e6 AS expected
          FROM ({_expected("new_contacts_before", "new_contacts_rates_before")}) b) last_window
"""
"""SQL for the factor by which all expected numbers are multiplied: the error of the last window and that of other communities."""

NEW_CONTACTS = Measure(
    name="new_contacts",
    question="How many people will act toward someone for the first time in the next window?",
    row="one person who acted toward others, or toward whom others did",
    key=("person",),
    columns=(
        Column("person", "person", "toward whom"),
        Column("new_contacts", "people", "expected number of people who act toward them for the first time in the next window"),
        Column("low", "people", "90 % range, lower end"),
        Column("high", "people", "90 % range, upper end"),
        Column("fresh", "people", "those who did so in the last window"),
        Column("recent", "people", "all who acted toward them in the last window, new and old"),
    ),
    parts=(
        Step("new_contacts_seen", _seen("0")),
        Step("new_contacts_rates", _rates("new_contacts_seen")),
        Step("new_contacts_before", _seen("$window_bins")),
        Step("new_contacts_rates_before", _rates("new_contacts_before")),
        Step("new_contacts_factor", FACTOR),
        *with_prediction_interval(
            "new_contacts_interval",
            f"""
            SELECT person, mean, mean + mean * mean / weight + {SPREAD} * mean * mean AS variance, fresh, recent
            FROM (
                SELECT e.person, f.factor * e.mean AS mean, e.weight, e.fresh, e.recent
                FROM ({_expected("new_contacts_seen", "new_contacts_rates")}) e CROSS JOIN new_contacts_factor f)
            """,
        ),
        Step("new_contacts", "SELECT person, round(mean, 9) AS new_contacts, low, high, fresh, recent FROM new_contacts_interval"),
    ),
    needs=("pairs",),
    cannot="whether they will come back; people who do not act in this record yet at all, beyond the rate of the past",
    source="Gamma-Poisson: Greenwood, Yule 1920",
    dropped=(
        "new_contacts_seen",
        "new_contacts_rates",
        "new_contacts_before",
        "new_contacts_rates_before",
        "new_contacts_factor",
        *intermediates("new_contacts_interval"),
    ),
)
