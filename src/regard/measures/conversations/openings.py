"""Openings: who began something with others, and was it answered?

An opening is an act after silence. It is a post that starts a thread, or a message or mention to a person with whom nothing passed either
way for longer than the community's answer time. It is answered when somebody else replies in its thread, or when the person addressed acts
back, however late. Reactions are no answers. A record without a single reply can't show which posts were answered, so there only messages
and mentions are openings. The last word of a conversation is no opening, so "thanks!" never counts as unanswered.
"""

from __future__ import annotations

from regard.engines.base import Step
from regard.measures.base import Column, Measure
from regard.record.queries import ACTS_BY_PEOPLE

TALK = "kind IN ('reply', 'mention', 'message')"

OPENINGS = Measure(
    name="openings",
    question="Who began something with others, and was it answered?",
    row="one opening",
    key=("person", "time", "target", "item"),
    columns=(
        Column("person", "person", "who opened"),
        Column("time", "time, UTC", "when"),
        Column("target", "person", "to whom; missing for a post to everybody"),
        Column("item", "id", "the post; missing for an opening to one person"),
        Column("act", "row", "the post's row in the record; missing for an opening to one person"),
        Column("question", "yes or no", "whether its words hold a question mark, or the record holds none of its words"),
        Column("with_post", "yes or no", "whether it is a mention in a post of theirs, which is an opening of its own"),
        Column("answered_after", "microseconds", "time to the first answer; missing where none came"),
        Column("in_time", "yes or no", "whether the answer came within the community's answer time; missing where that is not over yet"),
    ),
    parts=(
        Step(
            "answered_posts",
            f"""
            SELECT p.act, min(e.time) AS answered
            FROM {ACTS_BY_PEOPLE} JOIN posts p ON p.thread = coalesce(e.thread_root, e.parent_item) AND p.time <= e.time
            WHERE e.kind = 'reply' AND e.time < make_timestamp($until_us) AND a.actor_type = 'person' AND a.person <> p.actor
                AND NOT EXISTS (SELECT 1 FROM later_posts l WHERE l.act = p.act)
            GROUP BY p.act
            """,
        ),
        Step(
            "addressed",
            # The talk of two people is read in the order of time. Of acts at the same moment, those of the smaller person number come
            # first; among these, replies come first, then mentions, then questions.
            f"""
            SELECT actor, CASE WHEN actor = low THEN high ELSE low END AS target, time, kind, question,
                CASE WHEN actor = low THEN high_next ELSE low_next END AS answered
            FROM (
                SELECT least(actor, target) AS low, greatest(actor, target) AS high, actor, time, kind, question,
                    lag(time) OVER pair AS before,
                    min(CASE WHEN actor < target THEN time END) OVER (pair ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS low_next,
                    min(CASE WHEN actor > target THEN time END) OVER (pair ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS high_next
                FROM interactions WHERE {TALK}
                WINDOW pair AS (
                    PARTITION BY least(actor, target), greatest(actor, target)
                    ORDER BY time, actor, kind <> 'reply', kind <> 'mention', question DESC))
            WHERE kind IN ('message', 'mention') AND (before IS NULL OR epoch_us(time) - epoch_us(before) > $answer_us)
            """,
        ),
        Step(
            "openings",
            """
            WITH posted AS (
                SELECT p.actor AS person, p.time, CAST(NULL AS INTEGER) AS target, p.item, p.act, p.question, false AS with_post, r.answered
                FROM posts p LEFT JOIN answered_posts r ON r.act = p.act
                WHERE EXISTS (SELECT 1 FROM record.acts WHERE kind = 'reply' AND time < make_timestamp($until_us))
                    AND NOT EXISTS (SELECT 1 FROM later_posts l WHERE l.act = p.act)),
            opened AS (
                SELECT * FROM posted
                UNION ALL
                SELECT x.actor, x.time, x.target, NULL, NULL, x.question, p.person IS NOT NULL, x.answered
                FROM addressed x LEFT JOIN (SELECT DISTINCT person, time FROM posted) p
                    ON x.kind = 'mention' AND p.person = x.actor AND p.time = x.time)
            SELECT person, time, target, item, act, question, with_post, epoch_us(answered) - epoch_us(time) AS answered_after,
                CASE WHEN epoch_us(time) + $answer_us < $until_us
                    THEN coalesce(epoch_us(answered) - epoch_us(time) <= $answer_us, false) END AS in_time
            FROM opened
            """,
        ),
    ),
    cannot="answers given elsewhere, or in a channel without saying to what",
    dropped=("answered_posts", "addressed"),
    table=False,
)
