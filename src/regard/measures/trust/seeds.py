"""Seeds: from whom does trust start here?

No score that treats all alike can tell a farm of fake accounts from a community (Cheng and Friedman 2005): a walk that vouches for people
must start from some of them. Who says nothing gets these, from the past only:

- Early is what was in the first half of the record, and before the last window.
- Elders are the first people here who acted back and forth with two others; 2 √n of them, n people having done so with anybody early.
- Seeds are those near the elders: reached by a short walk along early two-way ties (SybilRank, see kernels/sybilrank.py).

What outsiders can't make is seniority: a thousand accounts that talk among themselves have all the two-way ties they like, and if they
came in the second half none of it counts. If they came in the first half, after the elders, what counts is how many two-way ties they had
with others by then: one or two seeds for each at most. A farm as old as the elders is what remains; who knows better names seeds.

Where fewer than 15 of 100 pairs begun early ever repeat hardly anybody talks with anybody, and where fewer than three people would be
elders there are not enough: everybody who acted early is a seed then.
"""

from __future__ import annotations

import numpy as np

from regard.engines.base import Arrays, ArrayStep, Step, Values
from regard.measures.base import Column, Measure
from regard.measures.kernels.sybilrank import accepted
from regard.measures.relational.sybilrank import SYBILRANK_SQL

ENOUGH_ELDERS = 3

EARLY = Step(
    "early",
    # One act in a hundred may have a clock that was wrong. Acts that come later can't move the beginning but by their number.
    """
    SELECT make_timestamp(least((quantile_disc(epoch_us(time), 0.01) + $until_us) // 2, $until_us - $window_us)) AS ends
    FROM interactions
    """,
)

GATE = Step(
    "gate",
    """
    SELECT 100 * count(*) FILTER (t.bins > 1) >= 15 * count(*) AND count(*) > 0 AS repeats
    FROM ties t, early e WHERE t.first < e.ends
    """,
)

ELDERS = Step(
    "elders",
    """
    WITH numbered AS (SELECT person, since, row_number() OVER (PARTITION BY person ORDER BY since) AS nth FROM early_ties),
    placed AS (SELECT person, since, rank() OVER (ORDER BY since) AS place FROM numbered WHERE nth = 2)
    SELECT person, since FROM placed WHERE place <= ceil(2 * sqrt((SELECT count(DISTINCT person) FROM early_ties)))
    """,
)


def _near(ties: Arrays, _: Values) -> Arrays:
    people, at = np.unique(np.asarray(ties["person"], dtype=np.int64), return_inverse=True)
    other = np.searchsorted(people, np.asarray(ties["other"], dtype=np.int64))
    trusted = np.unique(at[np.asarray(ties["elder"], dtype=np.bool_)])
    return {"person": people[accepted(at, other, people.size, trusted)].astype(np.int32)}


SEEDS = Measure(
    name="seeds",
    question="From whom does trust start here?",
    row="one person from whom the walk of `vouched` starts",
    columns=(
        Column("person", "person", "the seed"),
        Column("why", "text", "chosen: by you; elder; near: to the elders; early: one of all who acted early, where there are no elders"),
        Column("since", "time, UTC", "when an elder had two-way ties with two others; missing for everybody else"),
    ),
    parts=(
        EARLY,
        GATE,
        Step(
            "early_ties",
            """
            SELECT t.actor AS person, t.target AS other, greatest(t.first, b.first) AS since
            FROM ties t JOIN ties b ON b.actor = t.target AND b.target = t.actor, early e WHERE t.first < e.ends AND b.first < e.ends
            """,
        ),
        ELDERS,
        ArrayStep(
            "sybilrank",
            """
            SELECT t.person, t.other, e.person IS NOT NULL AS elder FROM early_ties t LEFT JOIN elders e ON e.person = t.person
            """,
            _near,
            SYBILRANK_SQL,
        ),
        Step(
            "seeds",
            f"""
            WITH enough AS (
                SELECT repeats AND (SELECT count(*) FROM elders) >= {ENOUGH_ELDERS} AND (SELECT count(*) FROM chosen_seeds) = 0 AS elders
                FROM gate)
            SELECT person, 'chosen' AS why, CAST(NULL AS TIMESTAMP) AS since FROM chosen_seeds
            UNION ALL
            SELECT n.person, CASE WHEN e.person IS NULL THEN 'near' ELSE 'elder' END, e.since
            FROM sybilrank n LEFT JOIN elders e ON e.person = n.person, enough g WHERE g.elders
            UNION ALL
            SELECT DISTINCT t.actor, 'early', CAST(NULL AS TIMESTAMP) FROM ties t, early e, enough g
            WHERE NOT g.elders AND t.first < e.ends AND NOT EXISTS (SELECT 1 FROM chosen_seeds)
            """,
        ),
    ),
    needs=("ties",),
    cannot="whether they deserve it: look at them, and name your own with --seed where you know better",
    source="Cheng, Friedman 2005; Cao, Sirivianos, Yang, Pregueiro 2012",
    dropped=("early", "gate", "early_ties", "elders", "sybilrank"),
)
