"""SybilRank as relations; see kernels/sybilrank.py."""

from __future__ import annotations

from regard.engines.base import Loop, Step
from regard.measures.kernels.sybilrank import ACCEPTED_SHARE, DECIMALS
from regard.measures.relational.fixed_point import UNIT, moved_mass

START = f"""
    SELECT person, ties, CASE WHEN elder THEN CAST(round({UNIT}e0 / elders) AS BIGINT) ELSE 0 END AS share
    FROM sybilrank_people CROSS JOIN (SELECT count(*) FILTER (elder) AS elders FROM sybilrank_people)
"""

ROUND = f"""
    SELECT person, CAST(sum(ties) AS BIGINT) AS ties, CAST(sum(share) AS BIGINT) AS share
    FROM (
        SELECT person, ties, share // 2 AS share FROM sybilrank_walk
        UNION ALL
        SELECT r.other, 0, {moved_mass("0.5e0 / w.ties", "w.share")}
        FROM sybilrank_walk w JOIN sybilrank_read r ON r.person = w.person WHERE w.share > 0)
    GROUP BY person
"""

ACCEPTED = f"""
    SELECT person FROM sybilrank_walk CROSS JOIN (SELECT sum(ties) AS all_ties FROM sybilrank_walk)
    WHERE round(share / {UNIT}e0 / ties * all_ties, {DECIMALS}) >= {ACCEPTED_SHARE}
"""

SYBILRANK_SQL = (
    Step("sybilrank_people", "SELECT person, count(*) AS ties, bool_or(elder) AS elder FROM sybilrank_read GROUP BY person"),
    Step("sybilrank_walk", START),
    # The number of rounds is the logarithm of the number of people to base 2. There are never 2 to the power of 64 people.
    Loop((Step("sybilrank_walk", ROUND),), "SELECT power(2, $round) >= count(*) FROM sybilrank_walk", 64),
    Step("sybilrank", ACCEPTED),
)
"""Makes the relation `sybilrank` (`person`) of the relation `sybilrank_read` (`person`, `other`, `elder`), which has each tie both ways."""
