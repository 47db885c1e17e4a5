"""How far off are the counts of people who come back to one person, beyond chance?

A count is off by chance, because the community grows or fades (`level_spread`), and because the one person does. The last is learned from
the past: at landmarks 1, 2 and 3 windows ago the return model scores the pairs known then, so that their chances add up to the returns that
there were. Of each person with more than three expected, the squared relative error less that of chance is one witness of the spread. It
weighs as much as it can tell: most where many were expected, and chance is small. With coefficients from all public sets but the one
judged, the 90 % range of kept held 91 % of 1,360 people with more than three kept, and 87 to 95 % on each of the four sets with a hundred.
"""

from __future__ import annotations

import numpy as np

from regard.engines.base import Arrays, ArrayStep, Step, Values
from regard.engines.sql import billionths
from regard.measures.pairs.features import joined
from regard.measures.pairs.return_model import RETURN_MODEL
from regard.measures.pairs.scoring import past_probability
from regard.measures.pairs.snapshots import APART, Landmark
from regard.measures.sql import millionths

MOST_PAIRS = 200_000
"""About how many pairs of one landmark are scored at most. People are chosen by their numbers, with all pairs toward them."""
LEAST_EXPECTED = 3
"""Of how many returns more than these must be expected of a person who is a witness. Below, ranges hardly depend on the spread."""
PRIOR_SPREAD, PRIOR_PEOPLE = 0.1, 20.0
"""The squared relative error of one person's count in other communities, and the number of people of full weight that it stands for.

It was .04 in the mail of a factory, .08 in direct messages, .11 on a Slack, .58 in a burst on Twitter and up to .05 on four smaller sets.
With any PRIOR_PEOPLE from 5 to 40 the 90 % range held 90 to 92 % of all people with more than three kept."""
MOST_SPREAD = 4.0
"""A spread counts at most this much. Above it the 95th percentile of a count falls to its mean."""


def judged(landmark: Landmark) -> Step:
    """The pairs toward the people who may be witnesses: more than LEAST_EXPECTED ever acted toward them."""
    people = f"SELECT person, people FROM receivers{landmark.suffix} WHERE people > {LEAST_EXPECTED}"
    return Step(
        f"judged{landmark.suffix}",
        f"""
        SELECT p.* FROM pairs{landmark.suffix} p JOIN ({people}) w ON w.person = p.target
        WHERE CAST(p.target AS BIGINT) * 104729 % 1000003
            % (SELECT greatest(1, CAST(coalesce(sum(people), 0) AS BIGINT) // {MOST_PAIRS}) FROM ({people})) = 0
        """,
    )


def _counts(landmark: Landmark) -> str:
    """SQL for the counts of people at a landmark: what was expected, its variance by chance, and how many returned."""
    return f"""
        SELECT h.target, sum(h.p) / 1e9 AS mean, sum(h.p // 1000 * (1000000 - h.p // 1000)) / 1e12 AS chance, count(f.actor) AS returned
        FROM (
            SELECT p.actor, p.target, {billionths(past_probability(landmark))} AS p
            FROM {joined(landmark, f"judged{landmark.suffix}")} CROSS JOIN {RETURN_MODEL.name} m) h
        LEFT JOIN returned{landmark.suffix} f ON f.actor = h.actor AND f.target = h.target
        GROUP BY h.target
    """


# The weight is the squared share of the spread in the whole expected error, as the prior has it. The sums are of whole millionths, so that
# they do not depend on the order of the rows.
ERRORS_SQL = f"""
    SELECT CAST(coalesce(sum({millionths("weight")}), 0) AS DOUBLE) / 1e6 AS weight,
        CAST(coalesce(sum({millionths("weight * excess")}), 0) AS DOUBLE) / 1e6 AS excess
    FROM (
        SELECT power({PRIOR_SPREAD} * mean * mean / (chance + {PRIOR_SPREAD} * mean * mean), 2) AS weight,
            (power(returned - mean, 2) - chance) / (mean * mean) AS excess
        FROM ({" UNION ALL ".join(map(_counts, APART))}) counts WHERE mean > {LEAST_EXPECTED}) errors
"""


def _with_spread(rows: Arrays, _: Values) -> Arrays:
    """The row of `pair_model`: that of the return model, with the spread in place of the intercepts and errors of the past."""
    weight, excess, level_spread = (float(np.asarray(rows[name], dtype=np.float64)[0]) for name in ("weight", "excess", "level_spread"))
    person = max(0.0, (PRIOR_PEOPLE * PRIOR_SPREAD + excess) / (PRIOR_PEOPLE + weight))
    left = {"weight", "excess", *(f"intercept{past.suffix}" for past in APART)}
    spread = np.array([round(min(MOST_SPREAD, person + level_spread), 6)], dtype=np.float64)
    return {name: column for name, column in rows.items() if name not in left} | {"spread": spread}


JUDGED = tuple(map(judged, APART))
PAST_ERRORS = Step("past_errors", ERRORS_SQL)
"""One row: the weights of all witnesses, and their weighted errors beyond chance."""
SPREAD = ArrayStep("pair_model", f"SELECT m.*, e.weight, e.excess FROM {RETURN_MODEL.name} m CROSS JOIN {PAST_ERRORS.name} e", _with_spread)
