"""Unanswered: which questions of the last window (12 weeks at most) got no answer, and did nothing else meet them?"""

from __future__ import annotations

from regard.engines.base import Step
from regard.measures.base import Column, Measure
from regard.record.queries import ACTS_BY_PEOPLE

UNANSWERED = Measure(
    name="unanswered",
    question="Who asked and got no answer?",
    row="one question of the last window, 12 weeks at most, that nothing met",
    key=("person", "time", "target", "item"),
    columns=(
        Column("person", "person", "who asked"),
        Column("time", "time, UTC", "since when they wait"),
        Column("target", "person", "whom they asked; missing where they asked everybody"),
        Column("item", "id", "the post or reply; missing for a message to one person"),
        Column("act", "row", "its row in the record; missing for a message to one person"),
        Column("with_post", "yes or no", "whether it is a mention in a post or reply of theirs, which is a question of its own"),
        Column("newcomer", "yes or no", "whether their first act of all came at most 30 days (or a window, where that is shorter) before"),
        Column("before", "acts", "their earlier openings that were answered; a post and the mentions in it are one"),
        Column("seen_by", "people", "other people who reacted to it"),
        Column("advert", "yes or no", "whether it looks like advertising: nobody ever dealt with its sender, and its words speak for it"),
    ),
    parts=(
        Step(
            "first_acts",
            f"""
            SELECT a.person, min(e.time) AS first FROM {ACTS_BY_PEOPLE}
            WHERE e.time < make_timestamp($until_us) AND a.person IN (SELECT person FROM asked) GROUP BY a.person
            """,
        ),
        Step(
            "seen",
            f"""
            SELECT e.item, count(DISTINCT a.person) AS people FROM {ACTS_BY_PEOPLE} JOIN asked q ON q.item = e.item
            WHERE e.kind = 'react' AND a.actor_type = 'person' AND a.person <> q.person
                AND (e.time IS NULL OR e.time < make_timestamp($until_us))
            GROUP BY e.item
            """,
        ),
        Step(
            "unanswered",
            """
            WITH answered_before AS (
                SELECT q.person, q.time, count(o.time) AS openings
                FROM (SELECT DISTINCT person, time FROM asked) q
                LEFT JOIN openings o ON o.person = q.person AND o.time < q.time AND o.answered_after IS NOT NULL AND NOT o.with_post
                GROUP BY q.person, q.time)
            SELECT q.person, q.time, q.target, q.item, q.act, q.with_post,
                epoch_us(q.time) - epoch_us(f.first) <= least($window_us, 2592000000000) AS newcomer,
                b.openings AS before, coalesce(s.people, 0) AS seen_by, coalesce(d.advert, false) AS advert
            FROM asked q JOIN first_acts f ON f.person = q.person JOIN answered_before b ON b.person = q.person AND b.time = q.time
            LEFT JOIN seen s ON s.item = q.item LEFT JOIN adverts d ON d.act = q.act
            WHERE q.met IS NULL
            """,
        ),
    ),
    needs=("asked", "adverts"),
    cannot="answers given elsewhere; questions without a question mark; what needs no answer",
    dropped=("first_acts", "seen"),
)
