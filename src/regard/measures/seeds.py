"""Seeds: from whom does trust start here?

No score that treats all alike can tell a farm of fake accounts from a community (Cheng and Friedman 2005): a walk that vouches for people
must start from some of them. Who says nothing gets these, from the past only:

- A tie is long when both acted toward the other in at least three bins; it became so when the later one did for the third time.
- Elders are the first people here who had two long ties, both in the first half of the record; 2 √n of them, n people having had any then.
- Seeds are the elders, and of each elder the first ten people with whom they had a long tie.

Seniority is what outsiders can't make: a thousand accounts that talk among themselves for two years have all the long ties they like,
and none of it counts where the community had its own elders before. A seed costs a long tie with an elder who has fewer than ten; only
who is an elder, or had been there before the elders, gets more. Younger seeds would give rank correlations up to .01 higher and could
be made at will.

Where fewer than 15 of 100 pairs of the first half ever repeat there is no such thing as a long tie, and where fewer than three people
would be elders there are not enough: everybody who acted in the first half is a seed then.
"""

from __future__ import annotations

from regard.engines.base import Step
from regard.measures.base import Column, Measure

ENOUGH_ELDERS = 3
FIRST = 10

MIDDLE = Step(
    "middle",
    # One act in a hundred may have a clock that was wrong. Acts that come later can't move the beginning but by their number.
    "SELECT make_timestamp((epoch_us(quantile_disc(time, 0.01)) + $until_us) // 2) AS time FROM toward",
)

GATE = Step(
    "gate",
    """
    SELECT 100 * count(*) FILTER (t.bins > 1) >= 15 * count(*) AND count(*) > 0 AS repeats
    FROM ties t, middle m WHERE t.first < m.time
    """,
)

LONG_TIES = Step(
    "long_ties",
    """
    WITH both_ways AS (
        SELECT t.actor, t.target FROM ties t JOIN ties b ON b.actor = t.target AND b.target = t.actor WHERE t.bins >= 3 AND b.bins >= 3),
    active AS (
        SELECT e.actor, e.target, ($until_us - 1 - epoch_us(e.time)) // $bin_us AS age, min(e.time) AS time
        FROM toward e JOIN both_ways b ON b.actor = e.actor AND b.target = e.target GROUP BY ALL),
    third AS (
        SELECT actor, target, time FROM (
            SELECT *, row_number() OVER (PARTITION BY actor, target ORDER BY age DESC) AS nth FROM active) counted
        WHERE nth = 3)
    SELECT a.actor AS person, a.target AS other, greatest(a.time, b.time) AS since
    FROM third a JOIN third b ON b.actor = a.target AND b.target = a.actor
    """,
)

ELDERS = Step(
    "elders",
    """
    WITH early AS (
        SELECT l.person, l.since, row_number() OVER (PARTITION BY l.person ORDER BY l.since) AS nth
        FROM long_ties l, middle m WHERE l.since < m.time),
    placed AS (SELECT person, since, rank() OVER (ORDER BY since) AS place FROM early WHERE nth = 2)
    SELECT person, since FROM placed WHERE place <= ceil(2 * sqrt((SELECT count(DISTINCT person) FROM early)))
    """,
)

SEEDS = Measure(
    name="seeds",
    question="From whom does trust start here?",
    row="one person from whom the walk of `vouched` starts",
    columns=(
        Column("person", "person", "the seed"),
        Column(
            "why", "text", "chosen: by you; elder; with an elder: had a long tie with one; early: acted in the first half of the record"
        ),
        Column("since", "time, UTC", "when the long tie was one that made it a seed; missing for chosen and early ones"),
    ),
    parts=(
        MIDDLE,
        GATE,
        LONG_TIES,
        ELDERS,
        Step(
            "seeds",
            f"""
            WITH enough AS (
                SELECT repeats AND (SELECT count(*) FROM elders) >= {ENOUGH_ELDERS} AND (SELECT count(*) FROM chosen_seeds) = 0 AS elders
                FROM gate),
            first_ones AS (
                SELECT l.other AS person, l.since, rank() OVER (PARTITION BY l.person ORDER BY l.since) AS place
                FROM long_ties l JOIN elders e ON e.person = l.person)
            SELECT person, 'chosen' AS why, CAST(NULL AS TIMESTAMP) AS since FROM chosen_seeds
            UNION ALL
            SELECT e.person, 'elder', e.since FROM elders e, enough n WHERE n.elders
            UNION ALL
            SELECT f.person, 'with an elder', min(f.since) FROM first_ones f, enough n
            WHERE n.elders AND f.place <= {FIRST} AND f.person NOT IN (SELECT person FROM elders) GROUP BY f.person
            UNION ALL
            SELECT DISTINCT t.actor, 'early', CAST(NULL AS TIMESTAMP) FROM ties t, middle m, enough n
            WHERE NOT n.elders AND t.first < m.time AND NOT EXISTS (SELECT 1 FROM chosen_seeds)
            """,
        ),
    ),
    needs=("ties",),
    cannot="whether they deserve it: look at them, and name your own with --seed where you know better",
    source="Cheng, Friedman 2005",
    dropped=("middle", "gate", "long_ties", "elders"),
)
