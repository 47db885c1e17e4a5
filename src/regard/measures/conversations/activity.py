"""Activity and value: do more people act, and do more of them talk with each other? The two lines may part.

Activity is the number of distinct people who act in a period. Value is the number of pairs of people who act toward each other, both ways,
within the period, and the number of openings that were answered.
"""

from __future__ import annotations

from regard.engines.base import Step
from regard.measures.base import Column, Measure

PERIOD = (
    "CASE WHEN $until_us - $start_us < 17280000000000 THEN 'week' "
    "WHEN $until_us - $start_us < 315360000000000 THEN 'month' ELSE 'quarter' END"
)
"""SQL for the length of a period: weeks for a record under 200 days, months for one under 10 years, quarters beyond."""

ACTIVITY = Measure(
    name="activity",
    question="Do more people act, and do more of them talk with each other?",
    row="one week, month or quarter that holds an act",
    key=("period",),
    columns=(
        Column("period", "date", "its first day"),
        Column("people", "people", "who acted toward others or posted"),
        Column("acts", "acts", "acts toward others and posts"),
        Column("two_way", "pairs", "pairs of people who acted toward each other, both ways, within it"),
        Column("openings", "acts", "openings of the period"),
        Column("answered", "acts", "those of them that were ever answered"),
        Column("whole", "yes or no", "whether the record covers it to its end"),
    ),
    parts=(
        Step(
            "period_pairs",
            f"""
            SELECT date_trunc({PERIOD}, time) AS period, least(actor, target) AS low, greatest(actor, target) AS high,
                count(*) AS acts, bool_or(actor < target) AND bool_or(actor > target) AS two_way,
                bool_or(actor < target) AS low_acts, bool_or(actor > target) AS high_acts
            FROM interactions GROUP BY ALL
            """,
        ),
        Step(
            "period_posts",
            f"SELECT date_trunc({PERIOD}, time) AS period, actor, count(*) AS acts FROM posts WHERE time IS NOT NULL GROUP BY ALL",
        ),
        Step(
            "activity",
            f"""
            WITH active AS (
                SELECT period, low AS person FROM period_pairs WHERE low_acts UNION SELECT period, high FROM period_pairs WHERE high_acts
                UNION SELECT period, actor FROM period_posts),
            people AS (SELECT period, count(*) AS people FROM active GROUP BY period),
            pairs AS (SELECT period, sum(acts) AS acts, count(*) FILTER (two_way) AS two_way FROM period_pairs GROUP BY period),
            posted AS (SELECT period, sum(acts) AS acts FROM period_posts GROUP BY period),
            opened AS (
                SELECT date_trunc({PERIOD}, time) AS period, count(*) AS openings, count(*) FILTER (answered_after IS NOT NULL) AS answered
                FROM openings WHERE time IS NOT NULL AND NOT with_post GROUP BY ALL)
            SELECT CAST(w.period AS DATE) AS period, w.people, CAST(coalesce(p.acts, 0) + coalesce(s.acts, 0) AS BIGINT) AS acts,
                coalesce(p.two_way, 0) AS two_way, coalesce(o.openings, 0) AS openings, coalesce(o.answered, 0) AS answered,
                epoch_us(CASE {PERIOD} WHEN 'week' THEN w.period + INTERVAL 7 DAY WHEN 'month' THEN w.period + INTERVAL 1 MONTH
                    ELSE w.period + INTERVAL 3 MONTH END) <= $until_us AS whole
            FROM people w LEFT JOIN pairs p ON p.period = w.period LEFT JOIN posted s ON s.period = w.period
                LEFT JOIN opened o ON o.period = w.period
            """,
        ),
    ),
    needs=("openings",),
    cannot="reading without acting",
    dropped=("period_pairs", "period_posts"),
)
