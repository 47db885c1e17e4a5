"""Waiting: who asked in the last window (12 weeks at most) and got no answer?"""

from __future__ import annotations

from regard.engines.base import Step
from regard.measures.base import Column, Measure

WAITING = Measure(
    name="waiting",
    question="Who asked and got no answer?",
    row="one ask of the last window, 12 weeks at most, without any answer",
    columns=(
        Column("person", "person", "who asked"),
        Column("time", "time, UTC", "since when they wait"),
        Column("target", "person", "whom they asked; missing where they asked everybody"),
        Column("item", "id", "the post; missing for a message to one person"),
        Column("with_post", "yes or no", "whether it is a mention in a post of theirs, which is an opening of its own"),
        Column("newcomer", "yes or no", "whether their first act of all came at most 30 days (or a window) before"),
        Column("before", "acts", "their earlier openings that were answered"),
    ),
    parts=(
        Step(
            "arrivals",
            """
            SELECT a.person, min(e.time) AS first FROM record.acts e JOIN record.accounts a ON a.account = e.actor
            WHERE e.time < make_timestamp($until_us) GROUP BY a.person
            """,
        ),
        Step(
            "waiting",
            """
            SELECT o.person, o.time, o.target, o.item, o.act, o.with_post,
                epoch_us(o.time) - epoch_us(a.first) <= least($window_us, 2592000000000) AS newcomer, coalesce(h.answered, 0) AS before
            FROM openings o JOIN arrivals a ON a.person = o.person
                LEFT JOIN (SELECT person, count(*) AS answered FROM openings WHERE answered_after IS NOT NULL GROUP BY person) h
                    ON h.person = o.person
            WHERE o.answered_after IS NULL AND o.asks AND o.time >= make_timestamp($until_us - $asked_us)
            """,
        ),
    ),
    needs=("openings",),
    cannot="answers given elsewhere; asks without a question mark; what needs no answer",
    dropped=("arrivals",),
)
