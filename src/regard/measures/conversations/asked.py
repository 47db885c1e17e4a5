"""Asked: the questions of the last window without an answer in their own thread, and whether something else met them.

Three kinds of act ask: a post that opens a thread, a message or mention to a person after silence (both are openings), and a reply in a
thread after which nobody answered. A reply is answered when another person answers it, writes beside it to the same message, or when the
person it is put to writes in the thread again.

Something else meets a question (`met`):

- `done`: somebody marked it as done by a reaction, accepted an answer, or the platform shows its thread as closed.
- `own words`: the asker closed it in so many words, in the thread or, where people chat without threads, within a day in the channel.
- `beside`: another person wrote within a day in the same thread, where replies form chains, or in the same channel, where people chat and
  threads are hardly used. In a chat the next words count for a week if they bring no address and ask nothing, or if they name the asker.
  This is inferred.
"""

from __future__ import annotations

from regard.engines.base import Step
from regard.measures.base import MICRO_DAY, Column, Measure
from regard.measures.base_relations import JOIN_QUESTIONS
from regard.measures.questions import closes
from regard.record.queries import ACTS_BY_PEOPLE

DONE = (
    "white_check_mark", "heavy_check_mark", "ballot_box_with_check", "check", "checked", "check_mark", "done", "solved", "resolved",
    "answered", "closed", "✅", "✔", "✔️", "☑", "☑️",
)  # fmt: skip
"""Reactions that mark something as done, by name or sign."""
WEEK_US = 7 * MICRO_DAY
"""How long words in a chat still count as an answer."""
QUICK_US = MICRO_DAY // 96
"""A quarter of an hour. Where a quarter of the posts follow each other sooner, people chat."""

ASKED = Measure(
    name="asked",
    question="Which questions got no answer in their own thread, and did something else meet them?",
    row="one question of the last window (12 weeks at most) without an answer in its thread",
    key=("person", "time", "target", "item"),
    columns=(
        Column("person", "person", "who asked"),
        Column("time", "time, UTC", "when"),
        Column("target", "person", "to whom; missing for everybody"),
        Column("item", "id", "the post or reply; missing for a message or mention to one person"),
        Column("act", "row", "its row in the record; missing for a message or mention to one person"),
        Column("with_post", "yes or no", "whether it is a mention in a post or reply of theirs, which is a question of its own"),
        Column("met", "text", "what met it instead: done, own words, or beside; missing where nothing did"),
        Column("met_after", "microseconds", "time to the other person's words in the channel; missing unless met beside"),
    ),
    parts=(
        Step(
            "replies",
            # What a reply without words asks is not known.
            f"""
            SELECT a.person AS actor, b.person AS target, e.time, e.item, e.parent_item AS parent,
                coalesce(e.thread_root, e.parent_item) AS thread, e.rowid AS act, coalesce(q.question, l.question) AS question,
                {closes("e.text")} AS closing
            FROM {ACTS_BY_PEOPLE} LEFT JOIN record.accounts b ON b.account = e.target {JOIN_QUESTIONS}
            WHERE e.kind = 'reply' AND e.time < make_timestamp($until_us) AND a.actor_type = 'person'
            """,
        ),
        Step(
            "last_words",
            # The replies that ask, in the window. `others` is whether another person wrote beside it afterwards, to the same message.
            """
            SELECT * FROM (
                SELECT actor, target, time, item, thread, act, question, bool_or(closing) OVER later AS own,
                    coalesce(min(actor) OVER later <> actor OR max(actor) OVER later <> actor, false) AS others,
                    min(CASE WHEN turn THEN time END) OVER (PARTITION BY thread ORDER BY time, act
                        ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS next_other
                FROM (SELECT *, lag(actor) OVER (PARTITION BY thread ORDER BY time, act) <> actor AS turn FROM replies)
                WINDOW later AS (PARTITION BY thread, parent ORDER BY time, act ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING))
            WHERE question AND NOT others AND time >= make_timestamp($until_us - $unanswered_us)
            """,
        ),
        Step(
            "chains",
            # Whether replies have replies to replies here. Where they never do, the answers to a reply stand beside it in any case.
            """
            SELECT a.act FROM replies a JOIN replies b ON b.item = a.parent JOIN replies c ON c.item = b.parent LIMIT 1
            """,
        ),
        Step(
            "thread_questions",
            """
            SELECT w.actor AS person, w.time, CASE WHEN w.target <> w.actor THEN w.target END AS target, w.item, w.act,
                coalesce(w.own, false) OR coalesce(c.own, false) AS own,
                CASE WHEN EXISTS (SELECT 1 FROM chains) THEN w.next_other END AS next_other
            FROM last_words w
            LEFT JOIN (SELECT r.parent, bool_or(r.actor <> w.actor) AS others, bool_or(r.actor = w.actor AND r.closing) AS own
                FROM replies r JOIN last_words w ON w.item = r.parent GROUP BY r.parent) c ON c.parent = w.item
            LEFT JOIN (SELECT thread, actor, max(time) AS last FROM replies GROUP BY thread, actor) t
                ON t.thread = w.thread AND t.actor = w.target AND t.actor <> w.actor
            WHERE NOT coalesce(c.others, false) AND (t.last IS NULL OR t.last < w.time)
            """,
        ),
        Step(
            "chats",
            # Channels in which people chat, and in which fewer than half of the posts have a reply.
            f"""
            SELECT channel FROM (
                SELECT channel, replied, epoch_us(time) - epoch_us(lag(time) OVER (PARTITION BY channel ORDER BY time, act)) AS gap
                FROM (SELECT p.channel, p.time, p.act, r.thread IS NOT NULL AS replied
                    FROM posts p LEFT JOIN (SELECT DISTINCT thread FROM replies) r ON r.thread = p.thread WHERE p.channel IS NOT NULL))
            GROUP BY channel
            HAVING 2 * count(*) FILTER (replied) < count(*) AND quantile_disc(gap, 0.25) <= {QUICK_US}
            """,
        ),
        Step(
            "called",
            # When the asker was next named by another person in the chat.
            f"""
            SELECT p.act, min(e.time) AS called FROM posts p JOIN record.acts e ON e.channel = p.channel
                AND e.kind = 'mention' AND e.time > p.time AND epoch_us(e.time) <= epoch_us(p.time) + {WEEK_US}
            JOIN record.accounts a ON a.account = e.actor JOIN record.accounts b ON b.account = e.target
            WHERE p.question AND b.person = p.actor AND a.person <> p.actor AND p.channel IN (SELECT channel FROM chats)
                AND e.time < make_timestamp($until_us)
            GROUP BY p.act
            """,
        ),
        Step(
            "beside",
            # The next words of another person in a chat. After a day they answer only if they bring no address and ask nothing.
            f"""
            SELECT act, least(CASE WHEN epoch_us(next_other) - epoch_us(time) <= {MICRO_DAY} OR next_other = next_words THEN next_other END,
                called) AS next_other, own
            FROM (
                SELECT act, time, question, called,
                    min(CASE WHEN turn THEN time END) OVER later AS next_other,
                    min(CASE WHEN turn AND plain AND NOT question THEN time END) OVER later AS next_words,
                    bool_or(closing) OVER (PARTITION BY channel, actor ORDER BY epoch_us(time)
                        RANGE BETWEEN 1 FOLLOWING AND {MICRO_DAY} FOLLOWING) AS own
                FROM (
                    SELECT p.act, p.actor, p.time, p.channel, p.question, {closes("e.text")} AS closing, c.called,
                        NOT regexp_matches(coalesce(e.text, ''), '://') AS plain,
                        lag(p.actor) OVER (PARTITION BY p.channel ORDER BY p.time, p.act) <> p.actor AS turn
                    FROM posts p JOIN record.acts e ON e.rowid = p.act LEFT JOIN called c ON c.act = p.act
                    WHERE p.channel IN (SELECT channel FROM chats))
                WINDOW later AS (PARTITION BY channel ORDER BY time, act ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING))
            WHERE question
            """,
        ),
        Step(
            "marked_done",
            f"""
            SELECT DISTINCT CASE WHEN kind = 'thank' THEN thread_root ELSE item END AS item FROM record.acts
            WHERE (kind = 'thank' AND label = 'accepted'
                    OR kind = 'react' AND lower(label) IN ({", ".join(f"'{label}'" for label in DONE)}))
                AND (time IS NULL OR time < make_timestamp($until_us))
            """,
        ),
        Step(
            "asked",
            f"""
            WITH raised AS (
                SELECT o.person, o.time, o.target, o.item, o.act, o.with_post OR t.person IS NOT NULL AS with_post, false AS own,
                    CAST(NULL AS TIMESTAMP) AS next_other, false AS in_chat
                FROM openings o
                LEFT JOIN (SELECT DISTINCT actor, time FROM replies WHERE question IS NOT NULL) r
                    ON o.act IS NULL AND r.actor = o.person AND r.time = o.time
                LEFT JOIN (SELECT DISTINCT person, time FROM thread_questions) t ON r.actor = t.person AND r.time = t.time
                WHERE o.answered_after IS NULL AND o.question AND (r.actor IS NULL OR t.person IS NOT NULL)
                UNION ALL
                SELECT person, time, target, item, act, false, own, next_other, false FROM thread_questions
                UNION ALL
                SELECT p.actor, p.time, NULL, p.item, p.act, false, false, NULL, true FROM posts p JOIN record.acts e ON e.rowid = p.act
                WHERE e.text IS NOT NULL AND p.question AND p.channel IN (SELECT channel FROM chats)
                    AND NOT EXISTS (SELECT 1 FROM openings o WHERE o.act = p.act)),
            messages AS (
                SELECT r.person, r.time, r.target, r.item, r.act, r.with_post, r.in_chat,
                    epoch_us(coalesce(r.next_other, b.next_other)) - epoch_us(r.time) AS met_after,
                    CASE WHEN d.item IS NOT NULL OR c.thread_root IS NOT NULL THEN 'done'
                        WHEN r.own OR coalesce(w.own, false) OR coalesce(b.own, false) THEN 'own words'
                        WHEN epoch_us(r.next_other) - epoch_us(r.time) <= {MICRO_DAY} THEN 'beside'
                        WHEN epoch_us(b.next_other) - epoch_us(r.time) <= {WEEK_US} THEN 'beside' END AS met
                FROM raised r LEFT JOIN record.acts e ON e.rowid = r.act
                LEFT JOIN marked_done d ON d.item = r.item
                LEFT JOIN (SELECT DISTINCT thread_root FROM record.acts WHERE weight_note = 'closed') c ON c.thread_root = e.thread_root
                LEFT JOIN (SELECT thread, actor, bool_or(closing) AS own FROM replies GROUP BY thread, actor) w
                    ON e.kind = 'post' AND w.thread = coalesce(e.thread_root, e.item) AND w.actor = r.person
                LEFT JOIN beside b ON b.act = r.act
                WHERE r.time >= make_timestamp($until_us - $unanswered_us)),
            of_messages AS (
                SELECT person, time, max(met) AS met, min(met_after) AS met_after, bool_or(in_chat) AS in_chat
                FROM messages WHERE act IS NOT NULL GROUP BY person, time)
            SELECT m.person, m.time, m.target, m.item, m.act, m.with_post OR coalesce(o.in_chat, false) AS with_post,
                coalesce(m.met, o.met) AS met,
                CASE WHEN coalesce(m.met, o.met) = 'beside' THEN coalesce(m.met_after, o.met_after) END AS met_after
            FROM messages m LEFT JOIN of_messages o
                ON m.act IS NULL AND o.person = m.person AND o.time = m.time AND (m.with_post OR o.in_chat)
            """,
        ),
    ),
    needs=("openings",),
    cannot="answers given elsewhere; questions without a question mark",
    dropped=("replies", "last_words", "chains", "thread_questions", "chats", "called", "beside", "marked_done"),
    table=False,
)
