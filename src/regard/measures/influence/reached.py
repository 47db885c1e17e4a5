"""Reached: how many people did someone ever get to? This is rank, not influence.

reached(v) is the larger of two counts: the distinct people who ever acted toward v or followed v in this record, and the followers that
the platform reports.

Words and reactions are told apart: `by_words` are those who ever replied to v, mentioned, messaged or thanked them, and `by_reactions` are
those who acted toward v and never did so by words, but only reacted to v or shared what v wrote.
"""

from __future__ import annotations

from regard.engines.base import Step
from regard.measures.base import Column, Measure
from regard.record.queries import ACTS_BETWEEN_PEOPLE

REACHED = Measure(
    name="reached",
    question="How many people did someone ever get to?",
    row="one person whom anybody ever acted toward, followed, or whose followers the platform tells",
    key=("person",),
    columns=(
        Column("person", "person", "toward whom"),
        Column("reached", "people", "the larger of `people` and `followers`"),
        Column("people", "people", "distinct people who ever acted toward them or followed them in this record"),
        Column("by_words", "people", "those of `people` who ever did so by words: a reply, mention, message or thanks"),
        Column("by_reactions", "people", "those of `people` who only ever reacted or shared"),
        Column("recent", "people", "distinct people who acted toward them in the last window"),
        Column("recent_by_words", "people", "those of `recent` who did so by words within it"),
        Column("followers", "people", "as the platform tells; missing where it tells nothing"),
        Column("recent_per_100", "people in 100", "recent for each 100 reached"),
    ),
    parts=(
        Step(
            "audience",
            f"""
            SELECT target AS person, actor, words > 0 AS by_words, last_age < $window_bins AS recent,
                coalesce(words_age, $window_bins) < $window_bins AS recent_by_words FROM pairs
            UNION
            SELECT b.person, a.person, CAST(NULL AS BOOLEAN), false, false FROM {ACTS_BETWEEN_PEOPLE}
            WHERE e.kind = 'follow' AND a.person <> b.person AND a.actor_type = 'person'
                AND (e.time IS NULL OR e.time < make_timestamp($until_us))
            """,
        ),
        Step(
            "reached",
            """
            WITH counted AS (
                SELECT person, CAST(count(DISTINCT actor) AS BIGINT) AS people, count(*) FILTER (by_words) AS by_words,
                    count(*) FILTER (NOT by_words) AS by_reactions, count(*) FILTER (recent) AS recent,
                    count(*) FILTER (recent_by_words) AS recent_by_words
                FROM audience GROUP BY person)
            SELECT p.person, greatest(coalesce(c.people, 0), coalesce(p.followers, 0)) AS reached, coalesce(c.people, 0) AS people,
                coalesce(c.by_words, 0) AS by_words, coalesce(c.by_reactions, 0) AS by_reactions,
                coalesce(c.recent, 0) AS recent, coalesce(c.recent_by_words, 0) AS recent_by_words, p.followers,
                round(100.0 * coalesce(c.recent, 0) / greatest(coalesce(c.people, 0), coalesce(p.followers, 0)), 6) AS recent_per_100
            FROM people p LEFT JOIN counted c ON c.person = p.person
            WHERE greatest(coalesce(c.people, 0), coalesce(p.followers, 0)) > 0
            """,
        ),
    ),
    needs=("pairs",),
    cannot="who merely saw something; whether followers are people",
    dropped=("audience",),
)
