"""The relations that all measures start from. They hold what had happened by the moment of the study.

An interaction is an act between two different people at a known time. Neither of them is a bot or a system.
"""

from __future__ import annotations

from regard.engines.base import Step
from regard.measures.questions import post_asks, reply_asks
from regard.record.queries import ACTS_BETWEEN_PEOPLE, ACTS_BY_PEOPLE, IS_INTERACTION

IS_QUESTION = f"CASE WHEN kind = 'post' THEN {post_asks('text')} ELSE {reply_asks('text')} END"
"""SQL for whether an act with a text asks something."""

PEOPLE = Step(
    "people",
    """
    SELECT person, coalesce(min(name) FILTER (account = person), min(name), min(id)) AS name, min(id) AS id,
        bool_and(actor_type = 'person') AS human, min(CAST(actor_type AS VARCHAR)) AS actor_type,
        max(followers) AS followers, max(points) AS points, max(title) AS title, max(role) AS role
    FROM record.accounts GROUP BY person
    """,
)
"""One row for each person in the record, bots and systems included."""

QUESTIONS = Step(
    "questions",
    # Only one of the rows of a message holds its text. This says of all of them whether the text is a question.
    f"SELECT item, bool_or({IS_QUESTION}) AS question FROM record.acts WHERE text IS NOT NULL AND item IS NOT NULL GROUP BY item",
)
"""One row for each message that has a text and an id."""

QUESTIONS_WITHOUT_ITEM = Step(
    "questions_without_item",
    f"SELECT rowid AS act, {IS_QUESTION} AS question FROM record.acts WHERE text IS NOT NULL AND item IS NULL",
)
"""One row for each act that has a text and belongs to no message, as in tables without ids."""

JOIN_QUESTIONS = "LEFT JOIN questions q ON q.item = e.item LEFT JOIN questions_without_item l ON l.act = e.rowid"
QUESTION = "coalesce(q.question, l.question, true) AS question"
"""An act without any text counts as a question."""

INTERACTIONS = Step(
    "interactions",
    f"""
    SELECT a.person AS actor, b.person AS target, e.time, e.kind, {QUESTION}
    FROM {ACTS_BETWEEN_PEOPLE} {JOIN_QUESTIONS}
    WHERE e.time < make_timestamp($until_us) AND a.person <> b.person AND a.actor_type = 'person' AND b.actor_type = 'person'
        AND e.{IS_INTERACTION}
    """,
)
"""One row for each interaction."""

POSTS = Step(
    "posts",
    f"""
    SELECT a.person AS actor, e.time, e.item, coalesce(e.thread_root, e.item) AS thread, e.channel, e.rowid AS act, {QUESTION}
    FROM {ACTS_BY_PEOPLE} {JOIN_QUESTIONS}
    WHERE e.kind = 'post' AND e.time < make_timestamp($until_us) AND a.actor_type = 'person'
    """,
)
"""One row for each post of a person at a known time."""

LATER_POSTS = Step(
    "later_posts",
    # A table may call every message of a thread a post, but only the first one opens the thread. Threads whose only post is their root
    # are left out: they have no later posts.
    """
    SELECT act FROM (
        SELECT act, row_number() OVER (PARTITION BY thread ORDER BY time, actor, item, act) AS nth FROM posts
        WHERE thread IN (SELECT thread FROM posts WHERE item IS NULL OR item <> thread))
    WHERE nth > 1
    """,
)
"""The posts that don't open their thread."""

BASE = (PEOPLE, QUESTIONS, QUESTIONS_WITHOUT_ITEM, INTERACTIONS, POSTS, LATER_POSTS)
