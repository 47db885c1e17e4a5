"""Help: who answers whom, is thanked for it, and do they come back?

It is counted from structure alone, so it works in any language. answered: threads that the other person opened and the helper replied in.
thanked: acts of kind `thank` (an accepted answer, an explicit marker), and reactions of thanks. came back: the person who was helped acts
toward the helper again, more than a bin after the first answer. The text of messages is never read for it.
"""

from __future__ import annotations

from regard.engines.base import Step
from regard.measures.base import Column, Measure
from regard.measures.sql import beta_interval
from regard.record.queries import ACTS_BETWEEN_PEOPLE, ACTS_BY_PEOPLE

SIGNS = tuple(hands + tone for hands in "🙏🙌" for tone in ("", *"🏻🏼🏽🏾🏿"))
THANKS = ("pray", "raised_hands", "taco", "thank_you", "thanks", "thankyou", "bow", "folded_hands", "accepted", "bounty", *SIGNS)
"""Reactions that mean thanks, by name or sign. Hearts and thumbs mean that somebody likes something, not thanks."""

LOW, HIGH = beta_interval("mean", "people + 2.0")

HELP = Measure(
    name="help",
    question="Who helps whom, is thanked for it, and do they come back?",
    row="one helper and one person helped",
    key=("helper", "helped"),
    columns=(
        Column("helper", "person", "who answered"),
        Column("helped", "person", "who had asked"),
        Column("answered", "threads", "threads that helped opened and helper answered in"),
        Column("thanked", "acts", "thanks of helped to helper"),
        Column("came_back", "yes or no", "whether helped acted toward helper more than a bin after the first answer"),
    ),
    parts=(
        Step(
            "answers",
            f"""
            SELECT a.person AS helper, p.actor AS helped, CAST(count(DISTINCT p.thread) AS BIGINT) AS answered, min(e.time) AS first
            FROM {ACTS_BY_PEOPLE} JOIN posts p ON p.thread = coalesce(e.thread_root, e.parent_item)
            WHERE e.kind = 'reply' AND a.person <> p.actor AND a.actor_type = 'person' AND e.time < make_timestamp($until_us)
                AND NOT EXISTS (SELECT 1 FROM later_posts l WHERE l.act = p.act)
            GROUP BY a.person, p.actor
            """,
        ),
        Step(
            "thanks",
            f"""
            SELECT b.person AS helper, a.person AS helped, CAST(count(*) AS BIGINT) AS thanked
            FROM {ACTS_BETWEEN_PEOPLE}
            WHERE (e.kind = 'thank' OR (e.kind = 'react' AND lower(e.label) IN ({", ".join(f"'{word}'" for word in THANKS)})))
                AND a.person <> b.person AND a.actor_type = 'person' AND b.actor_type = 'person'
                AND (e.time IS NULL OR e.time < make_timestamp($until_us))
            GROUP BY b.person, a.person
            """,
        ),
        Step(
            "help",
            """
            SELECT coalesce(w.helper, t.helper) AS helper, coalesce(w.helped, t.helped) AS helped, coalesce(w.answered, 0) AS answered,
                coalesce(t.thanked, 0) AS thanked,
                coalesce(epoch_us(g.last) - epoch_us(w.first) > $bin_us, false) AS came_back
            FROM answers w FULL JOIN thanks t ON t.helper = w.helper AND t.helped = w.helped
                LEFT JOIN pairs g ON g.actor = coalesce(w.helped, t.helped) AND g.target = coalesce(w.helper, t.helper)
            """,
        ),
    ),
    needs=("pairs",),
    cannot="whether the answer was right; help given in private",
    dropped=("answers", "thanks"),
)

HELPERS = Measure(
    name="helpers",
    question="How many people did someone help, and how often were they thanked?",
    row="one person who answered or was thanked",
    key=("person",),
    columns=(
        Column("person", "person", "who helped"),
        Column("people", "people", "distinct people whose threads they answered in"),
        Column("answered", "threads", "threads of others they answered in"),
        Column("thanked", "people", "distinct people who thanked them"),
        Column("came_back", "people", "people who acted toward them again later"),
        Column(
            "thanked_share",
            "0 to 1",
            "share of the people helped who say thanks: the mean of Beta(1 + t, 1 + people - t), t of them having said it",
        ),
        Column("low", "0 to 1", "90 % range, lower end"),
        Column("high", "0 to 1", "90 % range, upper end"),
    ),
    parts=(
        Step(
            "helpers",
            f"""
            WITH counted AS (
                SELECT helper AS person, count(*) FILTER (answered > 0) AS people, CAST(sum(answered) AS BIGINT) AS answered,
                    count(*) FILTER (thanked > 0) AS thanked, count(*) FILTER (thanked > 0 AND answered > 0) AS both_ways,
                    count(*) FILTER (came_back) AS came_back
                FROM help GROUP BY helper),
            beta AS (SELECT *, (1.0 + both_ways) / (2.0 + people) AS mean FROM counted)
            SELECT person, people, answered, thanked, came_back, round(mean, 9) AS thanked_share, {LOW} AS low, {HIGH} AS high
            FROM beta
            """,
        ),
    ),
    needs=("help",),
    cannot="whether the answers were right",
)
