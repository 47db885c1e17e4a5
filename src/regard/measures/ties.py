"""Ties: who acts toward whom, how long since, and is it still alive?

BG/BB on active bins for each ordered pair, with a prior fitted on all pairs of the record (see kernels/bgbb.py). Only bins count, so a
thousand messages in one bin are one. The fit sees distinct states, not pairs, and its answers come back as a join.
"""

from __future__ import annotations

import numpy as np

from regard.engines.base import Arrays, Fit, Step, Values
from regard.measures.base import Column, Measure
from regard.measures.kernels import bgbb

PAIR_BINS = Step(
    "pair_bins",
    """
    SELECT actor, target, CAST(($until_us - 1 - epoch_us(time)) // $bin_us AS INTEGER) AS age, CAST(count(*) AS BIGINT) AS acts,
        min(time) AS first, max(time) AS last
    FROM toward GROUP BY actor, target, age
    """,
)
"""The age of a bin counts back from the moment looked from: 0 is the last whole bin before it."""

PAIRS = Step(
    "pairs",
    """
    SELECT actor, target, CAST(sum(acts) AS BIGINT) AS acts, CAST(count(*) AS INTEGER) AS bins, max(age) AS first_age, min(age) AS last_age,
        min(first) AS first, max(last) AS last,
        CAST(count(*) FILTER (age >= $window_bins) AS INTEGER) AS bins_before, min(age) FILTER (age >= $window_bins) AS last_age_before
    FROM pair_bins GROUP BY actor, target
    """,
)

STATES = """
    SELECT x, t, n, CAST(sum(pairs) AS BIGINT) AS pairs FROM (
        SELECT bins - 1 AS x, first_age - last_age AS t, first_age AS n, count(*) AS pairs FROM pairs GROUP BY ALL
        UNION ALL
        SELECT bins_before - 1, first_age - last_age_before, first_age - $window_bins, 0 FROM pairs WHERE bins_before > 0 GROUP BY ALL)
    GROUP BY x, t, n ORDER BY x, t, n
"""
"""Distinct states now, with their pairs; and those of a window ago, which are not fitted a second time (0 pairs)."""


def _alive(states: Arrays, values: Values) -> Arrays:
    x, t, n, pairs = (np.asarray(states[name], dtype=np.float64) for name in ("x", "t", "n", "pairs"))
    seen = pairs > 0
    grid = bgbb.fit(x[seen], t[seen], n[seen], pairs[seen])
    p_alive, p_again = bgbb.predict(grid, x, t, n, int(str(values["window_bins"])))
    whole = {name: np.asarray(states[name], dtype=np.int32) for name in ("x", "t", "n")}
    return {**whole, "p_alive": np.round(p_alive, 9), "p_again": np.round(p_again, 9)}


TIES = Measure(
    name="ties",
    question="Who acts toward whom, how long since, and is the tie still alive?",
    row="one ordered pair: actor acted toward target at least once",
    columns=(
        Column("actor", "person", "who acts"),
        Column("target", "person", "toward whom"),
        Column("acts", "acts", "how often"),
        Column("bins", "bins", "in how many different bins"),
        Column("first", "time, UTC", "the first act"),
        Column("last", "time, UTC", "the last act"),
        Column("p_alive", "0 to 1", "the chance that actor is still able to act toward target"),
        Column("p_again", "0 to 1", "the chance that actor acts toward target within the next window"),
        Column("p_alive_before", "0 to 1", "p_alive as it stood one window ago; missing for a tie younger than that"),
        Column("two_way", "yes or no", "whether target ever acted toward actor"),
        Column("acts_back", "acts", "how often target acted toward actor"),
        Column("gap_bins", "bins", "the usual distance between active bins; missing for a tie of one bin"),
        Column("silent_bins", "bins", "bins since the last act"),
    ),
    parts=(
        PAIR_BINS,
        PAIRS,
        Fit("alive", STATES, _alive),
        Step(
            "ties",
            """
            SELECT p.actor, p.target, p.acts, p.bins, p.first, p.last, s.p_alive, s.p_again, b.p_alive AS p_alive_before,
                r.actor IS NOT NULL AS two_way, coalesce(r.acts, 0) AS acts_back,
                CASE WHEN p.bins > 1 THEN CAST(p.first_age - p.last_age AS DOUBLE) / (p.bins - 1) END AS gap_bins,
                p.last_age AS silent_bins
            FROM pairs p
                JOIN alive s ON s.x = p.bins - 1 AND s.t = p.first_age - p.last_age AND s.n = p.first_age
                LEFT JOIN alive b ON p.bins_before > 0 AND b.x = p.bins_before - 1 AND b.t = p.first_age - p.last_age_before
                    AND b.n = p.first_age - $window_bins
                LEFT JOIN pairs r ON r.actor = p.target AND r.target = p.actor
            """,
        ),
    ),
    cannot="what was said outside this record, or whether silence is distance or a holiday",
    source="Fader, Hardie, Shang 2010 (BG/BB)",
    dropped=("pair_bins", "alive"),
)
