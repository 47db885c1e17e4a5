"""SybilRank as relations; see kernels/sybilrank.py."""

from __future__ import annotations

from regard.engines.base import Loop, Step
from regard.measures.kernels.sybilrank import DIGITS, NEAR
from regard.measures.relational.fixed_point import UNIT, moved

BEGIN = f"""
    SELECT person, ties, CASE WHEN elder THEN CAST(round({UNIT}e0 / elders) AS BIGINT) ELSE 0 END AS share
    FROM near_people CROSS JOIN (SELECT count(*) FILTER (elder) AS elders FROM near_people)
"""

ROUND = f"""
    SELECT person, CAST(sum(ties) AS BIGINT) AS ties, CAST(sum(share) AS BIGINT) AS share
    FROM (
        SELECT person, ties, share // 2 AS share FROM near_walk
        UNION ALL
        SELECT r.other, 0, {moved("0.5e0 / w.ties", "w.share")} FROM near_walk w JOIN near_read r ON r.person = w.person WHERE w.share > 0)
    GROUP BY person
"""

NEAREST = f"""
    SELECT person FROM near_walk CROSS JOIN (SELECT sum(ties) AS every FROM near_walk)
    WHERE round(share / {UNIT}e0 / ties * every, {DIGITS}) >= {NEAR}
"""

NEAR_SQL = (
    Step("near_people", "SELECT person, count(*) AS ties, bool_or(elder) AS elder FROM near_read GROUP BY person"),
    Step("near_walk", BEGIN),
    # As many rounds as the logarithm of the number of people says: 2 to the power of 64 people there are not.
    Loop((Step("near_walk", ROUND),), "SELECT power(2, $round) >= count(*) FROM near_walk", 64),
    Step("near", NEAREST),
)
"""Reads `person`, `other`, `elder`; each tie both ways."""
