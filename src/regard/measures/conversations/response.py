"""Response: when someone opens a conversation, how often does somebody answer?

share(v) = (s + 4 b) / (n + 4). n is the number of v's openings whose answer time is over, s is the number of those answered in time, and b
is the community's share. Four openings of the usual kind stand in for what is not known of v. The interval is that of a Beta distribution,
by its first two moments.
"""

from __future__ import annotations

from regard.engines.base import Step
from regard.measures.base import Column, Measure
from regard.measures.sql import beta_interval

LOW, HIGH = beta_interval("share", "openings + 4")

RESPONSE = Measure(
    name="response",
    question="When someone opens a conversation, how often does somebody answer?",
    row="one person with at least one opening whose answer time is over",
    key=("person",),
    columns=(
        Column("person", "person", "who opened"),
        Column("openings", "acts", "posts and first messages after silence"),
        Column("answered", "acts", "those answered within the community's answer time"),
        Column("share", "0 to 1", "share answered, drawn toward the community's where there are few"),
        Column("low", "0 to 1", "90 % range, lower end"),
        Column("high", "0 to 1", "90 % range, upper end"),
    ),
    parts=(
        Step(
            "response",
            f"""
            WITH base AS (
                SELECT (count(*) FILTER (in_time) + 0.5) / (count(*) + 1.0) AS b FROM openings WHERE in_time IS NOT NULL AND NOT with_post),
            counted AS (
                SELECT person, count(*) AS openings, count(*) FILTER (in_time) AS answered FROM openings
                WHERE in_time IS NOT NULL AND NOT with_post GROUP BY person),
            shrunk AS (
                SELECT person, openings, answered, (answered + 4 * b) / (openings + 4) AS share FROM counted CROSS JOIN base)
            SELECT person, openings, answered, round(share, 9) AS share, {LOW} AS low, {HIGH} AS high
            FROM shrunk
            """,
        ),
    ),
    needs=("openings",),
    cannot="whether the answer helped; who answers is mostly a matter of who is asked",
)
