"""Openings: who began something with others, and was it answered?

An opening is an act after silence: a post that starts a thread, or a message or mention to a person with whom nothing passed either
way for longer than the community's answer time. It is answered when somebody else replies in its thread, or the person addressed acts
back. Reactions are no answers. A record without a single reply can't show which posts were answered: there only messages and mentions
are openings. The last word of a conversation is no opening, so nobody waits for an answer to "thanks!".
"""

from __future__ import annotations

from regard.engines.base import Step
from regard.measures.base import Column, Measure

TALK = "kind IN ('reply', 'mention', 'message')"

OPENINGS = Measure(
    name="openings",
    question="Who began something with others, and was it answered?",
    row="one opening",
    columns=(
        Column("person", "person", "who opened"),
        Column("time", "time, UTC", "when"),
        Column("target", "person", "to whom; missing for a post to everybody"),
        Column("item", "id", "the post; missing for an opening to one person"),
        Column("asks", "yes or no", "whether its words hold a question mark, or the record holds no words"),
        Column("with_post", "yes or no", "whether it is a mention in a post of theirs, which is an opening of its own"),
        Column("answered_after", "microseconds", "time to the first answer; missing where none came"),
        Column("in_time", "yes or no", "whether the answer came within the community's answer time; missing where that is not over yet"),
    ),
    parts=(
        Step(
            "replies",
            """
            SELECT coalesce(e.thread_root, e.parent_item) AS thread, a.person AS actor, min(e.time) AS time
            FROM record.acts e JOIN record.accounts a ON a.account = e.actor
            WHERE e.kind = 'reply' AND e.time < make_timestamp($until_us) AND a.actor_type = 'person' GROUP BY ALL
            """,
        ),
        Step(
            "turns",
            f"""
            SELECT least(actor, target) AS low, greatest(actor, target) AS high, actor, time, kind, asks,
                lag(time) OVER (PARTITION BY least(actor, target), greatest(actor, target) ORDER BY time, actor, kind) AS before
            FROM toward WHERE {TALK}
            """,
        ),
        Step(
            "exchanges",
            # A run of acts of two people without a silence; who spoke first, and when the other first spoke.
            """
            WITH marked AS (
                SELECT low, high, actor, time, kind, asks, sum(CASE WHEN before IS NULL OR epoch_us(time) - epoch_us(before) > $answer_us
                    THEN 1 ELSE 0 END) OVER (PARTITION BY low, high ORDER BY time, actor, kind ROWS UNBOUNDED PRECEDING) AS run
                FROM turns)
            SELECT low, high, min(time) AS time, arg_min(actor, time) AS opener, arg_min(kind, time) AS kind,
                arg_min(asks, time) AS asks,
                min(time) FILTER (actor = low) AS low_first, min(time) FILTER (actor = high) AS high_first
            FROM marked GROUP BY low, high, run
            """,
        ),
        Step(
            "openings",
            """
            WITH found AS (
                SELECT p.actor AS person, p.time, CAST(NULL AS INTEGER) AS target, p.item, p.act, p.asks, false AS with_post,
                    min(r.time) AS answered
                FROM posts p LEFT JOIN replies r ON r.thread = p.thread AND r.actor <> p.actor AND r.time >= p.time
                WHERE EXISTS (FROM replies) GROUP BY ALL
                UNION ALL
                SELECT x.opener, x.time, CASE WHEN x.opener = x.low THEN x.high ELSE x.low END, NULL, NULL, x.asks, p.actor IS NOT NULL,
                    CASE WHEN x.opener = x.low THEN x.high_first ELSE x.low_first END
                FROM exchanges x LEFT JOIN (SELECT DISTINCT actor, time FROM posts) p ON p.actor = x.opener AND p.time = x.time
                WHERE x.kind IN ('message', 'mention'))
            SELECT person, time, target, item, act, asks, with_post, epoch_us(answered) - epoch_us(time) AS answered_after,
                CASE WHEN epoch_us(answered) - epoch_us(time) <= $answer_us THEN true
                     WHEN answered IS NOT NULL OR epoch_us(time) + $answer_us <= $until_us THEN false END AS in_time
            FROM found
            """,
        ),
    ),
    cannot="answers given elsewhere, or in a channel without saying to what",
    dropped=("turns", "exchanges", "replies"),
    table=False,
)
