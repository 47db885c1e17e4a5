"""Ties: who acts toward whom, how long since, is it still alive, and will it carry on?

Whether a tie is alive is told by BG/BB on active bins for each ordered pair, with a prior fitted on all pairs of the record (see
kernels/alive_model.py). Only bins count, so a thousand messages in one bin are one. The chance that it carries on is learned from more (see
`again`). Both fits see distinct states or a bounded sample, not pairs, and their answers come back as a join and a column.
"""

from __future__ import annotations

import numpy as np

from regard.engines.base import Arrays, ArrayStep, Step, Values
from regard.measures.base import Column, Measure
from regard.measures.kernels import alive_model
from regard.measures.pairs.features import pairs_joined
from regard.measures.pairs.return_model import CASES, LEVELS, MODEL
from regard.measures.pairs.scoring import ACTORS, TARGETS, chance, pair_features
from regard.measures.pairs.snapshots import ACTIVE_BINS, NOW, PAIR_BINS, PAST, WINDOW_AGO, Landmark

FAN_BINS = 3
"""Different bins of the next window in which a true fan comes back."""


def _states(relation: str) -> str:
    """Distinct states now, with their number; and those of moments before, which are not fitted a second time (0)."""

    def at(origin: Landmark, count: str) -> str:
        return f"SELECT bins - 1, first_age - last_age, first_age, {count} FROM {relation}{origin.suffix} GROUP BY ALL"

    now = "SELECT bins - 1 AS x, first_age - last_age AS t, first_age AS n, count(*) AS pairs"
    parts = [f"{now} FROM {relation} GROUP BY ALL", *(at(origin, "0") for origin in PAST)]
    return f"SELECT x, t, n, CAST(sum(pairs) AS BIGINT) AS pairs FROM ({' UNION ALL '.join(parts)}) GROUP BY x, t, n"


def _alive(states: Arrays, values: Values) -> Arrays:
    x, t, n, pairs = (np.asarray(states[name], dtype=np.float64) for name in ("x", "t", "n", "pairs"))
    seen = pairs > 0
    grid = alive_model.fit(x[seen], t[seen], n[seen], pairs[seen])
    predicted = alive_model.predict(grid, x, t, n, int(str(values["window_bins"])), at_least=FAN_BINS)
    whole = {name: np.asarray(states[name], dtype=np.int32) for name in ("x", "t", "n")}
    return {
        **whole, "p_alive": np.round(predicted.p_alive, 9), "p_return": np.round(predicted.p_return, 9),
        "p_return_3": np.round(predicted.p_return_at_least, 9),
    }  # fmt: skip


TIES = Measure(
    name="ties",
    question="Who acts toward whom, how long since, and will it carry on?",
    row="one ordered pair: actor acted toward target at least once",
    columns=(
        Column("actor", "person", "who acts"),
        Column("target", "person", "toward whom"),
        Column("acts", "acts", "how often"),
        Column("bins", "bins", "in how many different bins"),
        Column("first", "time, UTC", "the first act"),
        Column("last", "time, UTC", "the last act"),
        Column("p_alive", "0 to 1", "the chance that actor is still able to act toward target"),
        Column("p_return", "0 to 1", "the chance that actor acts toward target within the next window"),
        Column("p_return_alive", "0 to 1", "the same as BG/BB alone says it, from nothing but the pair's active bins"),
        Column("p_fan", "0 to 1", f"the chance that actor acts toward target in {FAN_BINS} or more different bins of the next window"),
        Column("p_alive_before", "0 to 1", "p_alive as it stood one window ago; missing for a tie younger than that"),
        Column("two_way", "yes or no", "whether target ever acted toward actor"),
        Column("acts_back", "acts", "how often target acted toward actor"),
        Column("gap_bins", "bins", "the usual distance between active bins; missing for a tie of one bin"),
        Column("silent_bins", "bins", "bins since the last act"),
    ),
    parts=(
        PAIR_BINS,
        ACTIVE_BINS,
        *(step for origin in (NOW, *PAST) for step in origin.steps),
        ArrayStep("alive", _states("pairs"), _alive),
        ArrayStep("active", _states("senders"), _alive),
        *CASES,
        LEVELS,
        MODEL,
        ACTORS,
        TARGETS,
        Step(
            "ties",
            f"""
            SELECT f.actor, f.target, f.total AS acts, f.active_bins AS bins, f.first, f.last, f.p_alive,
                round({chance()}, 9) AS p_return, f.p_return_alive,
                round({chance()} * CASE WHEN f.p_return_alive > 0 THEN f.p_return_3 / f.p_return_alive ELSE 0 END, 9) AS p_fan,
                o.p_alive AS p_alive_before, f.both AS two_way, f.total_back AS acts_back, f.gap_bins, f.silent_bins
            FROM (
                SELECT p.actor, p.target, p.acts AS total, p.bins AS active_bins, p.first, p.last, a.p_alive, a.p_return AS p_return_alive,
                    a.p_return_3, r.actor IS NOT NULL AS both, coalesce(r.acts, 0) AS total_back,
                    CASE WHEN p.bins > 1 THEN CAST(p.first_age - p.last_age AS DOUBLE) / (p.bins - 1) END AS gap_bins,
                    p.last_age AS silent_bins, u.terms AS actor_terms, v.terms AS target_terms,
                    {", ".join(f"{sql} AS {name}" for name, sql in pair_features().items())}
                FROM {pairs_joined(NOW)} JOIN actor_terms u ON u.person = p.actor JOIN target_terms v ON v.person = p.target) f
            CROSS JOIN pair_model m
            LEFT JOIN (
                SELECT p.actor, p.target, s.p_alive FROM pairs{WINDOW_AGO.suffix} p
                    JOIN alive s ON s.x = p.bins - 1 AND s.t = p.first_age - p.last_age AND s.n = p.first_age) o
                ON o.actor = f.actor AND o.target = f.target
            """,
        ),
    ),
    cannot="what was said outside this record, or whether silence is distance or a holiday",
    source="Fader, Hardie, Shang 2010 (BG/BB)",
    dropped=(
        "pair_bins", "active_bins", "alive", "active", "past_levels", "senders", "receivers", "actor_terms", "target_terms",
        *(step.name for step in CASES), *(name for origin in PAST for name in origin.relations),
    ),
)  # fmt: skip
