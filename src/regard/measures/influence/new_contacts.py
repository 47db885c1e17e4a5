"""Drawn: how many people will act toward someone for the first time in the next window?

Gamma-Poisson: first contacts come at a rate of v's own, gamma among people; those of earlier windows count half for each window. With n
first contacts so decayed, e the decayed bins since v was first seen and s those decayed twice, v has seen n e / s contacts in e² / s bins
for certain, and new_contacts(v) = (a + n e / s) / (b + e² / s) bins of a window. a and b follow
from the community's own mean and variance.

People are known by first contacts, so these come thicker before than after: the rates of a window ago are held against the window since,
and half of what they were off by is taken off, the other half being what other communities' were.

It stands beside `kept` and is never added to it: their sum ranked people worse than kept alone on every community tried.
"""

from __future__ import annotations

from regard.engines.base import Step
from regard.measures.base import Column, Measure
from regard.measures.influence.intervals import intermediates, with_prediction_interval

LEVEL, WINDOWS = -0.7, 1.0
"""Log of the factor between first contacts that came and what the rates of before said, as WINDOWS windows of other communities tell it."""
FEW = 8.0
SPREAD = 0.4
"""Squared relative error beyond chance: attention comes in bursts. With it the 90 % range held 91 % of 1,821 people of whom more than three
were expected, in 26 windows of nine communities, and 94 % of all; without it, 70 % of the former."""


def _seen(bins: str) -> str:
    """SQL for who was known so many bins ago: first contacts decayed since (n), bins decayed once (e) and twice (s)."""
    # e and s are geometric sums over the bins since somebody was first seen, weights halving (quartering) with each window.
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
                SELECT target, sum(CAST(round(1e9 * power(0.5, CAST(first_age - {bins} AS DOUBLE) / $window_bins)) AS BIGINT))
                        FILTER (first_age >= {bins}) AS n,
                    count(*) FILTER (first_age < $window_bins) AS fresh, count(*) FILTER (last_age < $window_bins) AS recent
                FROM pairs GROUP BY target) c ON c.target = p.person
            WHERE p.age >= {bins}) known
    """


def _rates(seen: str) -> str:
    """SQL for the mean and the shape of the rates: n has mean r e and variance r s + r² e² / a for a gamma with mean r and shape a."""
    return f"""
        SELECT rate, least(1e6, greatest(0.05, rate * rate / greatest(extra, 1e-12))) AS shape
        FROM (
            SELECT m.rate, sum(CAST(round(1e6 * (power(d.n - m.rate * d.e, 2) - m.rate * d.s)) AS BIGINT)) / 1e6
                / greatest(1e-9, sum(CAST(round(1e6 * d.e * d.e) AS BIGINT)) / 1e6) AS extra
            FROM {seen} d CROSS JOIN (
                SELECT CAST(sum(CAST(round(1e6 * n) AS BIGINT)) AS DOUBLE) / sum(CAST(round(1e6 * e) AS BIGINT)) AS rate FROM {seen}) m
            GROUP BY m.rate) moments
    """


def _expected(seen: str, rates: str) -> str:
    """SQL for everybody's expected number, the level not looked at, and the contacts that it rests on."""
    return f"""
        SELECT s.person, s.fresh, s.recent, r.shape + s.n * s.e / s.s AS weight,
            $window_bins * (r.shape + s.n * s.e / s.s) / (r.shape / r.rate + s.e * s.e / s.s) AS mean
        FROM {seen} s CROSS JOIN {rates} r
    """


FACTOR = f"""
    SELECT exp(({WINDOWS} * {LEVEL} + coalesce(ln((came + {FEW}) / (said + {FEW})), 0)) / ({WINDOWS} + seen)) AS factor
    FROM (SELECT least(1, count(*)) AS seen, sum(fresh) AS came, sum(CAST(round(1e6 * mean) AS BIGINT)) / 1e6 AS said
          FROM ({_expected("new_contacts_before", "new_contacts_rates_before")}) b) last_window
"""
NEW_CONTACTS = Measure(
    name="new_contacts",
    question="How many people will act toward someone for the first time in the next window?",
    row="one person who acted toward others, or toward whom others did",
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
            "new_contacts_ranged",
            f"""
            SELECT person, mean, mean + mean * mean / weight + {SPREAD} * mean * mean AS variance, fresh, recent
            FROM (
                SELECT e.person, f.factor * e.mean AS mean, e.weight, e.fresh, e.recent
                FROM ({_expected("new_contacts_seen", "new_contacts_rates")}) e CROSS JOIN new_contacts_factor f)
            """,
        ),
        Step("new_contacts", "SELECT person, round(mean, 9) AS new_contacts, low, high, fresh, recent FROM new_contacts_ranged"),
    ),
    needs=("ties",),
    cannot="whether they will come back; people who do not act in this record yet at all, beyond the rate of the past",
    source="Gamma-Poisson: Greenwood, Yule 1920",
    dropped=(
        "new_contacts_seen",
        "new_contacts_rates",
        "new_contacts_before",
        "new_contacts_rates_before",
        "new_contacts_factor",
        *intermediates("new_contacts_ranged"),
    ),
)
