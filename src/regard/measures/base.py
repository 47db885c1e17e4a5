"""What every measure promises, and the relations that all of them start from."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from regard.engines.base import ArrayStep, Step

MICRO_DAY = 86_400_000_000
BILLION = 1_000_000_000
"""Chances are kept to nine decimals and added up as whole numbers: a sum then is the same whatever the order of its rows."""


@dataclass(frozen=True)
class Column:
    """One column of a measure's relation: its name, its unit or range, and what a missing value means."""

    name: str
    unit: str
    about: str


@dataclass(frozen=True)
class Measure:
    """One question, answered by one relation, of the measure's name.

    `parts` are run in order; each makes a relation, the last the measure's own. They read the base relations (`people`, `toward`,
    `posts`, `later_posts`) and the measures in `needs`. Nothing is ever written back to the record.
    """

    name: str
    question: str
    row: str
    """What one row is."""
    columns: tuple[Column, ...]
    parts: tuple[Step | ArrayStep, ...]
    needs: tuple[str, ...] = ()
    cannot: str = ""
    """What it can't tell."""
    source: str = ""
    """The paper or the definition it follows."""
    dropped: tuple[str, ...] = ()
    """Relations made on the way that nobody else reads, dropped after the last part that does."""
    table: bool = True
    """Whether it is a table that a user may ask for, or only a step for others."""


def last_uses(parts: Sequence[Step | ArrayStep], names: Collection[str]) -> Iterator[tuple[Step | ArrayStep, list[str]]]:
    """The parts in their order, each with those of the relations `names` that no later one makes or reads.

    >>> one, two, three = Step("one", "SELECT 1 AS n"), Step("two", "FROM one"), Step("three", "FROM two")
    >>> [(part.name, gone) for part, gone in last_uses([one, two, three], ["one", "two"])]
    [('one', []), ('two', ['one']), ('three', ['two'])]
    """
    left, uses = set(names), list[list[str]]()
    for part in reversed(parts):
        # A word that only looks like a relation's name keeps it for longer than need be, and never for less.
        words = {part.name, *re.findall(r"\w+", part.sql if isinstance(part, Step) else part.reads)}
        uses.append(sorted(left & words))
        left -= words
    return zip(parts, reversed(uses), strict=True)


# Question marks: Latin, full-width, Arabic, doubled, Greek, Armenian; those inside addresses ask nothing.
ASKS = r"""regexp_matches(regexp_replace(text, 'https?://\S+', '', 'g'), '[?\x{FF1F}\x{061F}\x{2047}\x{2048}\x{037E}\x{055E}]')"""

BASE = (
    Step(
        "people",
        """
        SELECT person, coalesce(min(name) FILTER (account = person), min(name), min(id)) AS name, min(id) AS id,
            bool_and(actor_type = 'person') AS human, min(CAST(actor_type AS VARCHAR)) AS actor_type,
            max(followers) AS followers, max(points) AS points, max(title) AS title, max(role) AS role
        FROM record.accounts GROUP BY person
        """,
    ),
    Step(
        "questions",
        # The words of a message stand on one of its rows; this tells of all of them whether it asks something.
        f"SELECT item, bool_or({ASKS}) AS asks FROM record.acts WHERE text IS NOT NULL AND item IS NOT NULL GROUP BY item",
    ),
    Step(
        "lone_questions",
        # Words of rows that belong to no message, as in tables without ids.
        f"SELECT rowid AS act, {ASKS} AS asks FROM record.acts WHERE text IS NOT NULL AND item IS NULL",
    ),
    Step(
        "interactions",
        """
        SELECT a.person AS actor, b.person AS target, e.time, e.kind, coalesce(q.asks, l.asks, true) AS asks
        FROM record.acts e JOIN record.accounts a ON a.account = e.actor JOIN record.accounts b ON b.account = e.target
            LEFT JOIN questions q ON q.item = e.item LEFT JOIN lone_questions l ON l.act = e.rowid
        WHERE e.time < make_timestamp($until_us) AND a.person <> b.person AND a.actor_type = 'person' AND b.actor_type = 'person'
            AND e.kind IN ('reply', 'mention', 'message', 'share', 'react', 'thank')
        """,
    ),
    Step(
        "posts",
        """
        SELECT a.person AS actor, e.time, e.item, coalesce(e.thread_root, e.item) AS thread, e.channel, e.rowid AS act,
            coalesce(q.asks, l.asks, true) AS asks
        FROM record.acts e JOIN record.accounts a ON a.account = e.actor
            LEFT JOIN questions q ON q.item = e.item LEFT JOIN lone_questions l ON l.act = e.rowid
        WHERE e.kind = 'post' AND e.time < make_timestamp($until_us) AND a.actor_type = 'person'
        """,
    ),
    Step(
        "later_posts",
        # A table may call every message of a thread a post: only the first opens it. Where posts are their threads there is nothing to do.
        """
        SELECT act FROM (
            SELECT act, row_number() OVER (PARTITION BY thread ORDER BY time, actor, item, act) AS nth FROM posts
            WHERE thread IN (SELECT thread FROM posts WHERE item IS NULL OR item <> thread))
        WHERE nth > 1
        """,
    ),
)
"""Acts between different people who are neither bots nor systems, at a known time before the moment looked from; people; posts."""
