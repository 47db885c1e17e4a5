"""Unanswered: which questions of the last window (12 weeks at most) got no answer?"""

from __future__ import annotations

from regard.engines.base import Step
from regard.measures.base import Column, Measure
from regard.record.queries import ACTS_BY_PEOPLE

UNANSWERED = Measure(
    name="unanswered",
    question="Who asked and got no answer?",
    row="one ask of the last window, 12 weeks at most, without any answer",
    key=("person", "time", "target", "item"),
    columns=(
        Column("person", "person", "who asked"),
        Column("time", "time, UTC", "since when they wait"),
        Column("target", "person", "whom they asked; missing where they asked everybody"),
        Column("item", "id", "the post; missing for a message to one person"),
        Column("act", "row", "the post's row in the record; missing for a message to one person"),
        Column("with_post", "yes or no", "whether it is a mention in a post of theirs, which is an opening of its own"),
        Column("newcomer", "yes or no", "whether their first act of all came at most 30 days (or a window, where that is shorter) before"),
        Column("before", "acts", "their earlier openings that were answered; a post and the mentions in it are one"),
    ),
    parts=(
        Step(
            "first_acts",
            f"SELECT a.person, min(e.time) AS first FROM {ACTS_BY_PEOPLE} WHERE e.time < make_timestamp($until_us) GROUP BY a.person",
        ),
        Step(
            "unanswered",
            """
            WITH counted AS (
                SELECT *, count(CASE WHEN answered_after IS NOT NULL AND NOT with_post THEN 1 END) OVER (
                    PARTITION BY person ORDER BY epoch_us(time) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
                FROM openings WHERE person IN (SELECT person FROM openings WHERE answered_after IS NULL AND question))
            SELECT c.person, c.time, c.target, c.item, c.act, c.with_post,
                epoch_us(c.time) - epoch_us(a.first) <= least($window_us, 2592000000000) AS newcomer, c.before
            FROM counted c JOIN first_acts a ON a.person = c.person
            WHERE c.answered_after IS NULL AND c.question AND c.time >= make_timestamp($until_us - $unanswered_us)
            """,
        ),
    ),
    needs=("openings",),
    cannot="answers given elsewhere; asks without a question mark; what needs no answer",
    dropped=("first_acts",),
)
