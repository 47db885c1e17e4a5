"""Seeds: from whom does trust start here?

A score that treats all people alike can't tell a farm of fake accounts from a community (Cheng and Friedman 2005). So a walk that vouches
for people must start from some of them. Users may name them. Without names, these are the seeds, from the past only:

- The first half of the record counts, except for the last window.
- Elders are the first people who acted back and forth with two others. There are 2 √n of them; n is the number of people who acted back
  and forth with anybody in the first half.
- Seeds are the people near the elders: those that a short walk along two-way ties of the first half reaches (see kernels/sybilrank.py).

Outsiders can't make seniority. A thousand accounts that talk among themselves have as many two-way ties as they like. None of these ties
counts if the accounts came in the second half. If they came in the first half and after the elders, only the two-way ties count that they
had with other people by then: each such tie makes one or two of them seeds at most. A farm as old as the elders is not recognised. For such
a record it is better to name seeds.

If fewer than 15 of 100 pairs of the first half ever repeat, hardly anybody talks with anybody. Then, and also if there are fewer than three
elders, everybody who acted in the first half is a seed.
"""

from __future__ import annotations

import numpy as np

from regard.engines.base import Arrays, ArrayStep, Step, Values
from regard.measures.base import Column, Measure
from regard.measures.kernels.sybilrank import accepted
from regard.measures.relational.sybilrank import SYBILRANK_SQL

ENOUGH_ELDERS = 3

FIRST_HALF = Step(
    "first_half",
    # One act in a hundred may have a wrong clock. Later acts can move the beginning only by their number.
    """
    SELECT make_timestamp(least((quantile_disc(epoch_us(time), 0.01) + $until_us) // 2, $until_us - $window_us)) AS ends
    FROM interactions
    """,
)

HAS_REPEATS = Step(
    "has_repeats",
    """
    SELECT 100 * count(*) FILTER (p.bins > 1) >= 15 * count(*) AND count(*) > 0 AS repeats
    FROM pairs p, first_half h WHERE p.first < h.ends
    """,
)
"""Whether enough pairs act in more than one bin, so that acting once need not count as attention."""

ELDERS = Step(
    "elders",
    """
    WITH numbered AS (SELECT person, since, row_number() OVER (PARTITION BY person ORDER BY since) AS nth FROM early_ties),
    ranked AS (SELECT person, since, rank() OVER (ORDER BY since) AS seniority FROM numbered WHERE nth = 2)
    SELECT person, since FROM ranked WHERE seniority <= ceil(2 * sqrt((SELECT count(DISTINCT person) FROM early_ties)))
    """,
)


def _near(ties: Arrays, _: Values) -> Arrays:
    people, position = np.unique(np.asarray(ties["person"], dtype=np.int64), return_inverse=True)
    other = np.searchsorted(people, np.asarray(ties["other"], dtype=np.int64))
    elders = np.unique(position[np.asarray(ties["elder"], dtype=np.bool_)])
    return {"person": people[accepted(position, other, people.size, elders)].astype(np.int32)}


SEEDS = Measure(
    name="seeds",
    question="From whom does trust start here?",
    row="one person from whom the walk of `vouched` starts",
    key=("person",),
    columns=(
        Column("person", "person", "the seed"),
        Column("why", "text", "chosen: by you; elder; near: to the elders; early: one of all who acted early, where there are no elders"),
        Column("since", "time, UTC", "when an elder had two-way ties with two others; missing for everybody else"),
    ),
    parts=(
        FIRST_HALF,
        HAS_REPEATS,
        Step(
            "early_ties",
            """
            SELECT p.actor AS person, p.target AS other, greatest(p.first, b.first) AS since
            FROM pairs p JOIN pairs b ON b.actor = p.target AND b.target = p.actor, first_half h
            WHERE p.first < h.ends AND b.first < h.ends
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
            WITH start AS (
                SELECT repeats AND (SELECT count(*) FROM elders) >= {ENOUGH_ELDERS} AND (SELECT count(*) FROM chosen_seeds) = 0
                    AS from_elders
                FROM has_repeats)
            SELECT person, 'chosen' AS why, CAST(NULL AS TIMESTAMP) AS since FROM chosen_seeds
            UNION ALL
            SELECT n.person, CASE WHEN e.person IS NULL THEN 'near' ELSE 'elder' END, e.since
            FROM sybilrank n LEFT JOIN elders e ON e.person = n.person, start s WHERE s.from_elders
            UNION ALL
            SELECT DISTINCT p.actor, 'early', CAST(NULL AS TIMESTAMP) FROM pairs p, first_half h, start s
            WHERE NOT s.from_elders AND p.first < h.ends AND NOT EXISTS (SELECT 1 FROM chosen_seeds)
            """,
        ),
    ),
    needs=("pairs",),
    cannot="whether they deserve it: look at them, and name your own with --seed where you know better",
    source="Cheng, Friedman 2005; Cao, Sirivianos, Yang, Pregueiro 2012",
    dropped=("first_half", "has_repeats", "early_ties", "elders", "sybilrank"),
)
